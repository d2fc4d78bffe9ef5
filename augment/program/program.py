"""`parse` and `Program`: a source with its tree and everything that is computed from it once and
shared by all transforms.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from typing import Any, Final, TypeVar

from augment.program.function import Function
from augment.program.kept_names import jsx_factories, keep_names
from augment.program.parsing import parsed
from augment.program.resolution import Scopes
from augment.program.scope import Scope
from augment.reading.text import as_utf8
from augment.syntax.source import (
    SourceTypeOption,
    read,
)
from augment.syntax.source_text_functions import verbatim_nodes
from augment.syntax.spacing import pairs
from augment.syntax.tokens import QUOTED, RIGID, UNTERMINATED, token_flags
from augment.syntax.tree import FUNCTIONS, Language, Node, SourceType

_T = TypeVar("_T")

_WORD: Final = re.compile(r"[\w$]+")


class Program:
    """A parsed source. Build one with `parse`; treat it as immutable.

    Attributes:
        source: the UTF-8 text, as given but for `adjusted`. All offsets are byte offsets into it.
        adjusted: what was replaced by blanks in `source` so that it parses ("" if nothing was).
        language: which grammar read it.
        source_type: script, module or CommonJS.
        tree: all nodes, tokens and comments.
        wrapper: what had to be put around a bare snippet to parse it, as text before and behind.
        text_of: for each token number its text.
        hidden_words: words that the tree does not show (see `augment.reading.disguise`).
        skipped: the parts that do not parse and were left out (`parse(..., partial=True)`).
    """

    def __init__(
        self,
        source: bytes,
        language: Language,
        source_type: SourceTypeOption,
        partial: bool = False,
    ) -> None:
        read = parsed(source, language, source_type, partial)
        self.source = read.source
        self.adjusted = read.adjusted
        self.language: Language = language
        self.tree = read.tree
        self.wrapper = read.wrapper
        self.text_of = read.text
        self.source_type: SourceType = read.source_type
        self.hidden_words = read.hidden_words
        self.skipped = read.skipped
        self._analyses: dict[Callable[[Program], Any], Any] = {}
        # What follows is computed when first asked for. Not by `cached_property`, which mypyc takes
        # for a property.
        self._by_type: dict[str, list[Node]] | None = None
        self._core: tuple[int, int] | None = None
        self._flags: list[int] | None = None
        self._verbatim: list[Node] | None = None
        self._trivia: list[str] | None = None
        self._pairs: list[int] | None = None
        self._tail: str | None = None
        self._newline: str | None = None
        self._key: str | None = None
        self._scopes: Scopes | None = None
        self._names_used: frozenset[str] | None = None
        self._functions: list[Function] | None = None

    @property
    def root(self) -> Node:
        """The node of the whole program, wrapper included."""
        return self.tree.nodes[0]

    @property
    def comments(self) -> list[Node]:
        """Comments and the hashbang line, in source order."""
        return self.tree.comments

    def nodes(self, *types: str) -> list[Node]:
        """Return all nodes of these tree-sitter types, in source order."""
        table = self._by_type
        if table is None:
            table = self._by_type = _by_type(self)
        if len(types) == 1:
            return table.get(types[0], [])
        found = [node for kind in types for node in table.get(kind, ())]
        found.sort(key=lambda node: node.index)
        return found

    def text(self, place: Node | tuple[int, int]) -> str:
        """Return the source text of a node or span."""
        start, end = place.span if isinstance(place, Node) else place
        return self.source[start:end].decode()

    def name_of(self, node: Node) -> str:
        """Return the name that an identifier or property name spells, escapes decoded, quotes
        removed.
        """
        name = self.scopes.name_of(node)
        return name[1:-1] if node.type == "string" else name

    @property
    def core(self) -> tuple[int, int]:
        """First and one past the last token number of the source itself, without its wrapper."""
        if self._core is None:
            self._core = _core(self)
        return self._core

    @property
    def flags(self) -> list[int]:
        """For each token what a printer must know of it: see `augment.syntax.tokens`."""
        if self._flags is None:
            self._flags = _flags(self)
        return self._flags

    @property
    def verbatim(self) -> list[Node]:
        """Functions whose source text the program looks at: nothing in them is rewritten."""
        if self._verbatim is None:
            self._verbatim = verbatim_nodes(self.tree, self.text_of)
        return self._verbatim

    @property
    def trivia(self) -> list[str]:
        """For each token the white space and comments before it."""
        if self._trivia is None:
            self._trivia = _trivia(self)
        return self._trivia

    @property
    def pairs(self) -> list[int]:
        """For each token how it follows the one before: see `augment.syntax.spacing`."""
        if self._pairs is None:
            self._pairs = pairs(self.text_of, self.flags, self.trivia)
        return self._pairs

    @property
    def tail(self) -> str:
        """White space and comments behind the last token."""
        if self._tail is None:
            self._tail = _tail(self)
        return self._tail

    @property
    def newline(self) -> str:
        """The line separator that most lines of the source end in."""
        if self._newline is None:
            self._newline = _newline(self)
        return self._newline

    @property
    def key(self) -> str:
        """A short hash of the source: what seeds the random choices of its views."""
        if self._key is None:
            self._key = hashlib.blake2b(self.source, digest_size=8).hexdigest()
        return self._key

    @property
    def sole_expression(self) -> Node | None:
        """The statement of a script that is one expression without a semicolon, else None.

        Such a source is a snippet: it may stand anywhere, and must stay an expression.
        """
        if self.source_type != "script" or self.wrapper[0] or len(self.root.children) != 1:
            return None
        only = self.root.children[0]
        if only.type != "expression_statement" or only.children[-1].type == ";":
            return None
        return None if only.children[0].type == "internal_module" else only

    @property
    def scopes(self) -> Scopes:
        """Scopes, bindings and references."""
        if self._scopes is None:
            self._scopes = _scopes(self)
            keep_names(self, lambda: self.functions)
        return self._scopes

    def analysis(self, compute: Callable[[Program], _T]) -> _T:
        """Return what `compute` says of this program, computed once and kept as long as the
        program.
        """
        found = self._analyses.get(compute)
        if found is None:
            found = self._analyses[compute] = compute(self)
        return found

    @property
    def names_used(self) -> frozenset[str]:
        """Every name of a variable that the program declares or uses, bound or not, and every JSX
        tag and type.
        """
        if self._names_used is None:
            self._names_used = _names_used(self)
        return self._names_used

    @property
    def functions(self) -> list[Function]:
        """Every function-like with a body, in source order."""
        if self._functions is None:
            self._functions = _functions(self)
        return self._functions

    def scope_of(self, node: Node) -> Scope:
        """Return the innermost scope that `node` stands in."""
        best = self.scopes.root
        for scope in self.scopes.all:
            if scope.node.index > node.index:
                break
            if scope.node.contains(node):
                best = scope
        return best


def parse(
    source: str | bytes,
    *,
    language: Language = "javascript",
    source_type: SourceTypeOption = "auto",
    partial: bool = False,
) -> Program:
    """Parse JavaScript or TypeScript.

    Bare snippets parse too: a method without its class, an anonymous function, statements with a
        top-level `return`.

    Args:
        source: the text; bytes must be UTF-8.
        language: "javascript" (JSX included), "typescript" or "tsx".
        source_type: how top-level names are seen: global in a script, local in a module or a
            CommonJS file.
        partial: leave out the statements that do not parse (`Program.skipped`) instead of refusing
            the whole, and decode bytes that are not UTF-8. Views lack what was left out.

    Raises:
        ParseError: the source does not parse, or it is known that the grammar misreads it.
    """
    if partial and isinstance(source, bytes):
        data, decoded = as_utf8(source)
        program = Program(read(data), language, source_type, partial)
        program.adjusted = "; ".join(filter(None, (decoded, program.adjusted)))
        return program
    return Program(read(source), language, source_type, partial)


def _by_type(program: Program) -> dict[str, list[Node]]:
    table: dict[str, list[Node]] = {}
    for node in program.tree.nodes:
        table.setdefault(node.type, []).append(node)
    return table


def _core(program: Program) -> tuple[int, int]:
    size = len(program.source)
    leaves = program.tree.leaves
    first = next((i for i, leaf in enumerate(leaves) if leaf.start >= 0), len(leaves))
    last = next((i for i in range(len(leaves), 0, -1) if leaves[i - 1].end <= size), 0)
    return (first, max(first, last))


def _flags(program: Program) -> list[int]:
    flags = token_flags(program.tree, program.text_of, program.source)
    if program.sole_expression is not None and flags:
        flags[-1] &= ~UNTERMINATED
    for node in program.verbatim:
        for token in range(node.first + 1, node.last):
            flags[token] = flags[token] & ~QUOTED | RIGID
    return flags


def _trivia(program: Program) -> list[str]:
    first, last = program.core
    gaps: list[str] = []
    behind = 0
    leaves = program.tree.leaves
    text = program.source.decode() if program.source.isascii() else None
    for number in range(len(leaves)):
        if first <= number < last:
            start = leaves[number].start
            gap = (
                ""
                if start == behind
                else text[behind:start]
                if text
                else program.source[behind:start].decode()
            )
            gaps.append(gap)
            behind = leaves[number].end
        else:
            gaps.append("")
    return gaps


def _tail(program: Program) -> str:
    first, last = program.core
    return program.source[program.tree.leaves[last - 1].end if last > first else 0 :].decode()


def _newline(program: Program) -> str:
    crlf = program.source.count(b"\r\n")
    return "\r\n" if crlf * 2 > program.source.count(b"\n") else "\n"


def _scopes(program: Program) -> Scopes:
    scopes = Scopes(program.tree, program.text_of, program.source_type)
    for node in program.verbatim:
        for leaf in program.tree.nodes[node.index : node.stop]:
            binding = scopes.of_node.get(leaf.index)
            if binding is not None:
                binding.freeze("in a function whose text is looked at")
    if program.hidden_words:
        for binding in scopes.bindings:
            if binding.name in program.hidden_words:
                binding.freeze("used where the grammar does not read")
    return scopes


def _names_used(program: Program) -> frozenset[str]:
    found = {
        program.scopes.name_of(leaf)
        for leaf in program.tree.leaves
        if leaf.type.endswith("identifier") or leaf.type == "shorthand_property_identifier_pattern"
    }
    found |= jsx_factories(program)
    return frozenset(found | program.hidden_words)


def _functions(program: Program) -> list[Function]:
    found: list[Function] = []
    around: list[Function] = []
    for node in program.tree.nodes:
        while around and node.index >= around[-1].node.stop:
            around.pop()
        if node.type in FUNCTIONS and node.field("body") is not None:
            function = Function(program, node, around[-1] if around else None)
            found.append(function)
            around.append(function)
    return found
