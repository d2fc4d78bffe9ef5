"""Print the syntax tree of a source file.

`tree` prints a line per node: its field in the parent, its type, its place and, for leaves, its
text. `estree` prints the tree in the ESTree format as JSON, which tools of the JavaScript world
read; it covers JavaScript up to ECMAScript 2017.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from contracode.cli import options
from contracode.support.errors import InputError

if TYPE_CHECKING:
    from augment import Program
    from contracode.cli.sources import NamedSource

EXAMPLES = """\
examples:
  contracode ast app.js                     the tree as the rewriting engine sees it
  contracode ast app.ts --named             without punctuation and keywords
  contracode ast app.js --format estree     ESTree as JSON, with ranges and locations
  contracode ast - --format estree < app.js
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of the verb."""
    parser.add_argument("file", metavar="FILE", help="source file; - reads standard input")
    parser.add_argument(
        "--format",
        choices=("tree", "estree"),
        default="tree",
        help="form of the output (default: tree)",
    )
    parser.add_argument("--named", action="store_true", help="tree: omit punctuation and keywords")
    options.add_language(parser)


def run(args: argparse.Namespace) -> int:
    """Parse and print."""
    import augment
    from contracode.cli.sources import NamedSource, read_source
    from contracode.javascript.languages import language_of

    language = args.language or language_of(args.file)
    source = NamedSource(args.file, read_source(args.file), language)
    if args.format == "estree":
        # The value of a regular expression is not JSON; `regex` has its pattern and flags.
        text = json.dumps(estree(source), indent=2, ensure_ascii=False, default=lambda _: None)
        print(text)
        return 0
    try:
        program = augment.parse(source.text, language=source.language)
    except augment.ParseError as error:
        raise InputError(error.message, path=source.name, line=error.line) from None
    for line in tree_lines(program, named=args.named):
        print(line)
    return 0


def tree_lines(program: Program, *, named: bool = False) -> Iterator[str]:
    """Yield a line per node in preorder, indented by depth.

    Args:
        program: the parsed source.
        named: omit anonymous nodes (punctuation and keywords).
    """
    source = program.source
    starts = [0, *(at + 1 for at, byte in enumerate(source) if byte == ord("\n"))]
    waiting = [(program.root, 0)]
    while waiting:
        node, depth = waiting.pop()
        field = f"{node.field_name}: " if node.field_name else ""
        text = "" if node.children else f" {source[node.start : node.end].decode()!r}"
        place = f"{_place(starts, source, node.start)}-{_place(starts, source, node.end)}"
        yield f"{'  ' * depth}{field}{node.type} [{place}]{text if node.is_named else ''}"
        children = [child for child in node.children if child.is_named or not named]
        waiting += ((child, depth + 1) for child in reversed(children))


def _place(starts: list[int], source: bytes, offset: int) -> str:
    """Return line and column of a byte offset, both from 1; columns count characters."""
    from bisect import bisect_right

    line = bisect_right(starts, offset)
    return f"{line}:{len(source[starts[line - 1] : offset].decode()) + 1}"


def estree(source: NamedSource) -> dict[str, Any]:
    """Return the ESTree of a JavaScript source.

    Raises:
        InputError: the source is not JavaScript up to ECMAScript 2017.
    """
    import esprima

    if source.language != "javascript":
        raise InputError("the format estree needs JavaScript", path=source.name)
    choices = {"range": True, "loc": True, "jsx": True}
    try:
        try:
            tree = esprima.parseScript(source.text, choices)
        except esprima.Error:
            tree = esprima.parseModule(source.text, choices)
        found: Any = esprima.toDict(tree)
        return found
    except esprima.Error as error:
        message = str(error.message).partition(": ")[2] or str(error.message)
        line = error.lineNumber
        raise InputError(
            f"is not ECMAScript 2017: {message}", path=source.name, line=line
        ) from None
    except RecursionError:
        raise InputError("is nested too deeply for estree", path=source.name) from None
