r"""Finds the functions of a source as CodeSearchNet's function_parser did.

Kept, as there: functions with a name (their own, or that of the variable or property to which they
are assigned), nested ones too, of at least three lines, whose name is neither that of a constructor
or standard conversion (`toString`, `toLocaleString`, `valueOf`, `toJSON`) nor contains "test". The
documentation is the comment directly before the function, its declaration or its assignment;
adjacent comments are one unless a blank line separates them.

Differences:
- all kinds of functions: methods, accessors and arrows, not only `function`;
- functions without documentation are kept (with ""), anonymous ones on request;
- at least `MIN_TOKENS` tokens, so that three lines of braces do not count;
- `code_tokens` have no comments; a string or regular expression is one token;
- `docstring` is the whole comment, not its first paragraph;
- TypeScript is read too, its types removed (see `stripping`); lines are those of the TypeScript.

Source: Husain et al., "CodeSearchNet Challenge" (arXiv 1909.09436), section 3.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator

import augment
from augment import Function, Node, Program
from contracode.corpus.sources.repositories import SourceFile
from contracode.corpus.storage.rows import FunctionRecord
from contracode.javascript.syntax_hash import normal_tokens
from contracode.javascript.typing.jsdoc import CARRIERS
from contracode.javascript.typing.strip_types import Stripped, strip_types

MIN_LINES = 3
MIN_TOKENS = 10

_STANDARD = frozenset({"constructor", "toString", "toLocaleString", "valueOf", "toJSON"})

_WORD = re.compile(r"\w+(?:['-]\w+)*|[^\w\s]+")
_DELIMITERS = re.compile(r"^\s*(?:/\*+!?|//+|\*+(?!/))?[ \t]?|\s*\*+/\s*$", re.MULTILINE)


def mine(
    source: SourceFile, left_out: Counter[str], *, anonymous: bool = False
) -> Iterator[tuple[FunctionRecord, list[str]]]:
    """Yield the functions of one source in the order they begin, each with its tokens up to
    renaming (`hashes.normal_tokens`).

    The records lack what the file does not say: repository, commit, split.

    Args:
        source: the file.
        left_out: counts functions that are not kept, by reason.
        anonymous: keep functions without a name.

    Raises:
        augment.ParseError: the file does not parse.
    """
    program = augment.parse(source.content, language=source.language)
    stripped = strip_types(program) if source.language != "javascript" else None
    program = stripped.program if stripped is not None else program
    newlines = _Lines(source.content)
    docstrings = Docstrings(program)
    for function in program.functions:
        if (
            function.node.start < 0
        ):  # of the wrapper in which a file with a top-level `return` parses
            continue
        reason = _reason(program, function, anonymous)
        if reason is not None:
            left_out[reason] += 1
            continue
        lines = newlines.span(_original(function.node, stripped))
        code = program.text(function.node)
        documentation = docstrings.of(function.node)
        record = FunctionRecord(
            path=source.path,
            func_name=function.name or "",
            original_string=code,
            code=code,
            code_tokens=program.text_of[function.node.first : function.node.last],
            docstring=documentation,
            docstring_tokens=_WORD.findall(documentation),
            url=f"{source.path}#L{lines[0]}-L{lines[1]}",
            lines=lines,
        )
        yield record, normal_tokens(program, function.node, function.name_span)


def _reason(program: Program, function: Function, anonymous: bool) -> str | None:
    node = function.node
    if function.name is None and not anonymous:
        return "anonymous"
    if function.name in _STANDARD:
        return "constructor or standard conversion"
    if "test" in (function.name or "").lower():
        return "name says test"
    if program.source.count(b"\n", node.start, node.end) + 1 < MIN_LINES:
        return f"fewer than {MIN_LINES} lines"
    if node.last - node.first < MIN_TOKENS:
        return f"fewer than {MIN_TOKENS} tokens"
    return None


def _original(node: Node, stripped: Stripped | None) -> tuple[int, int]:
    if stripped is None:
        return node.span
    return stripped.to_typescript(node.start), stripped.to_typescript(node.end - 1) + 1


class _Lines:
    """Lines of a source by byte offset."""

    def __init__(self, source: bytes) -> None:
        self._starts = [0, *(match.end() for match in re.finditer(rb"\n", source))]

    def span(self, span: tuple[int, int]) -> tuple[int, int]:
        return bisect_right(self._starts, span[0]), bisect_right(self._starts, span[1] - 1)


class Docstrings:
    """The documentation in a program's comments, by the node they precede."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._before: dict[int, list[Node]] = {}
        for comment in program.comments:
            self._before.setdefault(comment.first, []).append(comment)

    def of(self, node: Node) -> str:
        """Return the text of the comments before a function, or before the declaration or
        assignment it belongs to.

        A comment after code on its line belongs to that code. A comment that a blank line
        separates from the next comment is left out.
        """
        source = self._program.source
        child, around = node, node.parent
        while child.first not in self._before and around is not None and around.type in CARRIERS:
            if child.type == "variable_declarator" and around.named[0] is not child:
                return ""
            child, around = around, around.parent
        texts: list[str] = []
        following = child.start
        for comment in reversed(self._before.get(child.first, ())):
            line = source[source.rfind(b"\n", 0, comment.start) + 1 : comment.start]
            if comment.type != "comment" or line.strip():
                break
            if texts and source.count(b"\n", comment.end, following) > 1:
                break
            texts.append(_DELIMITERS.sub("", self._program.text(comment)).strip())
            following = comment.start
        return "\n".join(reversed(texts)).strip()
