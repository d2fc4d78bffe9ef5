"""Source text as it comes: encodings, kinds of program, and bare snippets that are no programs by
themselves.

CodeSearchNet's rows, an editor's selection or a method pasted into a query are often no programs: a
method needs a class or an object around it, an anonymous function an expression. `WRAPPERS` lists
what is put around them, in the order tried; offsets always refer to the text that was given.
"""

from __future__ import annotations

import re
from typing import Final, Literal, Protocol

from augment.syntax.misreadings import STATEMENT_START
from augment.syntax.tree import (
    Language,
    Node,
    ParseError,
    SourceType,
    Tree,
    function_around,
    parse_tree,
)

# What is put before and behind a source that does not parse as it is.
WRAPPERS: Final[tuple[tuple[bytes, bytes], ...]] = (
    (b"", b""),
    (b"({\n", b"\n})"),
    (b"(class {\n", b"\n})"),
    (b"(class extends Object {\n", b"\n})"),
    (b"(\n", b"\n)"),
    (b"async function* _() {\n", b"\n}"),
)

_LONE_RETURN: Final = re.compile(rb"\r(?!\n)")

_LET_PATTERN: Final = re.compile(rb"\bfor\s+await\s*\(\s*(let)\s*\[")


SourceTypeOption = Literal["auto", "script", "module", "commonjs"]


def read(source: str | bytes) -> bytes:
    """Return `source` as UTF-8.

    Raises:
        ParseError: it is not valid UTF-8 text (lone surrogates, broken bytes).
    """
    if isinstance(source, str):
        try:
            return source.encode()
        except UnicodeEncodeError as error:
            raise place(
                source[: error.start], f"a lone surrogate {source[error.start]!r} is no UTF-8 text"
            ) from None
    try:
        source.decode()
    except UnicodeDecodeError as error:
        raise place(
            source[: error.start].decode(), f"byte 0x{source[error.start]:02x} is no UTF-8 text"
        ) from None
    return source


def place(before: str, message: str) -> ParseError:
    """Return a `ParseError` that points just behind the text `before`."""
    line = before.count("\n") + 1
    return ParseError(message, line, len(before) - (before.rfind("\n") + 1) + 1)


class Shown(Protocol):
    """What the grammar reads instead of a source: a text of the same length.

    Attributes:
        text: the text.
        dropped: offsets of semicolons that the source does not have.
    """

    text: bytearray
    dropped: set[int]

    def undo(self, tree: Tree) -> None:
        """Give the tokens of `tree` the extent and type that they have in the source."""
        ...


def parse_wrapped(
    source: bytes, language: Language, shown: Shown | None = None
) -> tuple[Tree, bytes, bytes]:
    """Parse `source`, as it is or in the first wrapper in which it parses.

    Args:
        source: UTF-8 text.
        language: which grammar reads it.
        shown: what the grammar reads instead.

    Returns:
        The tree with offsets into `source` (those of wrapper tokens are negative or beyond its
        end), and the wrapper.

    Raises:
        ParseError: it parses in none; the place is that of the unwrapped attempt.
    """
    failure: tuple[str, int] | None = None
    # the grammar knows no carriage return as a line terminator (ECMA-262 §12.3); a line feed is as
    # long
    dropped: set[int] = set()
    if shown is not None:
        source, dropped = bytes(shown.text), shown.dropped
    source = _LONE_RETURN.sub(b"\n", source)
    # it reads `for await (let [` as an access; a `var` is as long, and its leaf becomes a `let`
    # again
    let_starts = {match.start(1) for match in _LET_PATTERN.finditer(source)}
    for start in let_starts:
        source = source[:start] + b"var" + source[start + 3 :]
    for prefix, suffix in WRAPPERS:
        tree = parse_tree(prefix + source + suffix, language, len(prefix), dropped)
        if isinstance(tree, Tree) and b"await" in source:
            tree = _with_awaits(tree, source, prefix, suffix, language)
        if isinstance(tree, Tree):
            if let_starts:
                for leaf in tree.leaves:
                    if leaf.start in let_starts and leaf.type == "var":
                        leaf.type = "let"
            if _stands_alone(tree, len(source)) if prefix else not _is_bare_object(tree):
                if shown is not None:
                    shown.undo(tree)
                return tree, prefix, suffix
            failure = failure or (STATEMENT_START, tree.nodes[0].start)
        elif failure is None:
            failure = tree
    assert failure is not None
    message, offset = failure
    raise place(source[: max(offset, 0)].decode(errors="replace"), message)


def _with_awaits(
    tree: Tree, source: bytes, prefix: bytes, suffix: bytes, language: Language
) -> Tree | tuple[str, int]:
    """Return `tree`, or where the grammar took `await (p).x` or `await [p][0]` for a call or an
    access, the tree as it is.

    Where `await` is a keyword (ECMA-262 §15.8.1) it is read again as `void `, an operator of the
    same place and length.
    """
    shift = len(prefix)
    starts = {
        leaf.start
        for leaf in tree.leaves
        if leaf.type == "identifier"
        and leaf.end - leaf.start == 5
        and source.startswith(b"await", max(leaf.start, 0))
        and _may_await(tree, leaf)
    }
    if not starts:
        return tree
    whole = prefix + source + suffix
    for start in starts:
        whole = whole[: start + shift] + b"void " + whole[start + shift + 5 :]
    again = parse_tree(whole, language, shift)
    if isinstance(again, Tree):
        for leaf in again.leaves:
            if leaf.start in starts and leaf.type == "void":
                expression = leaf.parent
                assert expression is not None
                expression.type, leaf.type, leaf.end = "await_expression", "await", leaf.start + 5
                for child in expression.children:
                    child.field_name = None
    return again


def _may_await(tree: Tree, leaf: Node) -> bool:
    """Whether `leaf` stands in an asynchronous function or in the body of a module, where `await`
    is no name.
    """
    around = function_around(leaf)
    if around is not None:
        return around.has("async")
    return any(
        node.type in ("import_statement", "export_statement") for node in tree.nodes[0].children
    )


def _is_bare_object(tree: Tree) -> bool:
    """Whether all there is, is an expression that starts with the brace of an object: no program,
    but a snippet.
    """
    children = tree.nodes[0].children
    return (
        len(children) == 1
        and children[0].type == "expression_statement"
        and tree.leaves[0].type == "{"
    )


def _stands_alone(tree: Tree, size: int) -> bool:
    """Whether the snippet stayed inside the brackets that the wrapper opened: `})({` must not pass
    for a method.
    """
    outer = tree.nodes[0].children
    if len(outer) != 1:
        return False
    first = next((leaf for leaf in tree.leaves if leaf.start >= 0), None)
    last = next((leaf for leaf in reversed(tree.leaves) if leaf.end <= size), None)
    if first is None or last is None or first.end > size:
        return False
    container = first.parent
    while container is not None and container.start >= 0:
        container = container.parent
    return container is not None and container.contains(last)


def detect_source_type(tree: Tree, text: list[str]) -> SourceType:
    """Guess what kind of program this is from what stands at its top level and what it calls.

    `import`, `export`, `import.meta` or a top-level `await` make a module (ECMA-262 §16.2); free
    use of `require`, `module` or `exports` makes CommonJS. What asks whether there is a `module`
    (UMD) is a script as well, so that its globals stay.
    """
    for node in tree.nodes[0].children:
        if node.type in ("import_statement", "export_statement"):
            return "module"
    if any(_makes_module(node, text) for node in tree.nodes):
        return "module"
    found: SourceType = "script"
    for node in tree.leaves:
        if node.type == "identifier" and text[node.first] in ("require", "module", "exports"):
            parent = node.parent
            if parent is None:
                continue
            if parent.type == "unary_expression" and parent.children[0].type == "typeof":
                if text[node.first] != "require":
                    return "script"
            elif parent.type in ("call_expression", "member_expression", "assignment_expression"):
                found = "commonjs"
    return found


def _makes_module(node: Node, text: list[str]) -> bool:
    """Whether `node` is `import.meta`, or an `await` outside of functions."""
    if node.type == "meta_property":
        return text[node.first] == "import"
    return node.type == "await_expression" and node.start >= 0 and function_around(node) is None
