"""Templates (quasi-quotes): new code, written as JavaScript and parsed once.

    SWAP = expression("$right < $left")
    GUARD = statements("if (!($test)) { $body; }")

A `$name` is a slot. The syntax around it determines which expressions need parentheses there. A
slot that is a whole statement takes statements, or an expression that becomes one. `Code` is a
template with its slots filled with kept source, other code or plain text (names, literals).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal

from augment.program.scope import Binding
from augment.syntax.precedence import PRIMARY, precedence, required
from augment.syntax.spacing import pairs
from augment.syntax.tokens import token_flags
from augment.syntax.tree import Node, Tree, parse_tree

SlotKind = Literal["expression", "statement", "token"]

_SLOT: Final = re.compile(r"\$[A-Za-z]\w*\Z")


class Slot:
    """A place in a template.

    Attributes:
        name: without the dollar.
        kind: what fills it: an expression, a list of statements, or one token.
        first: index of its first token in the template.
        last: index after its last token.
        required: lowest precedence of an expression without parentheses here.
        starts_statement: whether an expression here starts a statement or the body of an arrow
            function, where `{`, `function` and some others have another meaning.
        single: whether a statement slot takes exactly one statement; others are put in braces.
        before_else: whether `else` follows a statement here, which then must not end in an `if`
            without `else`.
    """

    __slots__ = (
        "before_else",
        "first",
        "kind",
        "last",
        "name",
        "required",
        "single",
        "starts_statement",
    )

    def __init__(
        self,
        name: str,
        kind: SlotKind,
        first: int,
        last: int,
        required: int = 0,
        starts_statement: bool = False,
        single: bool = False,
        before_else: bool = False,
    ) -> None:
        self.name = name
        self.kind: SlotKind = kind
        self.first = first
        self.last = last
        self.required = required
        self.starts_statement = starts_statement
        self.single = single
        self.before_else = before_else

    def of_statement(self) -> Slot:
        """Return this slot for an expression that becomes a statement."""
        return Slot(
            self.name,
            self.kind,
            self.first,
            self.last,
            self.required,
            True,
            self.single,
            self.before_else,
        )

    def of_single(self, before_else: bool) -> Slot:
        """Return this slot as one that takes exactly one statement."""
        return Slot(
            self.name,
            self.kind,
            self.first,
            self.last,
            self.required,
            self.starts_statement,
            True,
            before_else,
        )

    def is_all(self, template: Template) -> bool:
        """Whether this slot is the whole template."""
        return self.last - self.first == len(template.text)


@dataclass(frozen=True, slots=True)
class Template:
    """New code, parsed.

    Attributes:
        source: the code as written, with its slots.
        text: text of each token.
        flags: see `augment.syntax.tokens`.
        trivia: white space before each token.
        pairs: see `augment.syntax.spacing`.
        slots: the slots, in source order.
        is_statement: whether it is a list of statements; otherwise it is one expression.
        precedence: precedence of the expression.
        single: whether it is exactly one statement that declares no name in its scope.
        simple: whether it is `single` and cannot end in an `if` without `else`.
        declares: whether it declares names in its scope (`let`, `const`, `class`, `function`).
        bare: whether it never needs parentheses, as it is neither an expression nor a statement: a
            member of an object, or the body of a function.
        multiline: whether it contains a line break.
    """

    source: str
    text: tuple[str, ...]
    flags: tuple[int, ...]
    trivia: tuple[str, ...]
    pairs: tuple[int, ...]
    slots: tuple[Slot, ...]
    is_statement: bool
    precedence: int = PRIMARY
    single: bool = True
    simple: bool = True
    declares: bool = False
    bare: bool = False
    multiline: bool = False


# Code and its parts are immutable. They are plain classes, because even a compiled dataclass is
# created by Python code.


class Body:
    """The statements of a block without its braces, with insertions. Fills a statement slot."""

    __slots__ = ("node",)

    def __init__(self, node: Node) -> None:
        self.node = node


class Run:
    """Adjacent statements from `first` through `through`, with insertions between them.

    Fills a statement slot.
    """

    __slots__ = ("first", "through")

    def __init__(self, first: Node, through: Node) -> None:
        self.first = first
        self.through = through


class Code:
    """A template with its slots filled.

    Attributes:
        fills: name of a slot to kept source (`Node`, `Body`, `Run`), new code, a binding (its
            current name), or the text of one token. The node of a shorthand property means its
            variable.
    """

    __slots__ = ("fills", "template")

    def __init__(self, template: Template, fills: Mapping[str, Fill] | None = None) -> None:
        self.template = template
        self.fills: Mapping[str, Fill] = {} if fills is None else fills

    def kept(self) -> list[Node | Body | Run]:
        """Return the parts of the source that this code and nested code keep."""
        parts: list[Node | Body | Run] = []
        for fill in self.fills.values():
            if isinstance(fill, (Node, Body, Run)):
                parts.append(fill)
            elif isinstance(fill, Code):
                parts.extend(fill.kept())
            elif isinstance(fill, tuple):
                for code in fill:
                    parts.extend(code.kept())
        return parts


# The values that a slot may have.
Fill = Node | Body | Run | Code | Binding | str | tuple[Code, ...]


@cache
def expression(source: str) -> Template:
    """Return the template of one expression."""
    tree, shift = _parse(f"({source})", 1)
    inner = tree.nodes[0].children[0].children[0]
    assert inner.type == "parenthesized_expression", source
    root = inner.named[0]
    return _template(source, tree, root.first, root.last, shift, False, root)


@cache
def statements(source: str) -> Template:
    """Return the template of a list of statements."""
    tree, shift = _parse("async function* _() {" + source + "}", len("async function* _() {"))
    body = tree.nodes[0].children[0].field("body")
    assert body is not None
    return _template(source, tree, body.first + 1, body.last - 1, shift, True, body)


@cache
def member(source: str) -> Template:
    """Return the template of one member of an object literal: `$key: $value`."""
    tree, shift = _parse("({" + source + "})", 2)
    inner = tree.nodes[0].children[0].children[0].children[1]
    assert inner.type == "object", source
    root = inner.named[0]
    return _template(source, tree, root.first, root.last, shift, False, root, bare=True)


@cache
def function_body(source: str) -> Template:
    """Return the template of the body of a function, braces included."""
    tree, shift = _parse(f"(() => {source})", len("(() => "))
    root = tree.nodes[0].children[0].children[0].children[1].field("body")
    assert root is not None
    assert root.type == "statement_block", source
    return _template(source, tree, root.first, root.last, shift, False, root, bare=True)


def _parse(wrapped: str, shift: int) -> tuple[Tree, int]:
    tree = parse_tree(wrapped.encode(), "javascript", shift)
    assert isinstance(tree, Tree), wrapped
    return tree, shift


_DECLARES: Final = frozenset(
    {
        "lexical_declaration",
        "class_declaration",
        "function_declaration",
        "generator_function_declaration",
    }
)
_SIMPLE: Final = frozenset(
    {
        "expression_statement",
        "variable_declaration",
        "return_statement",
        "throw_statement",
        "break_statement",
        "continue_statement",
        "statement_block",
        "empty_statement",
        "do_statement",
        "try_statement",
        "switch_statement",
        "debugger_statement",
    }
)


def is_simple(statement: Node) -> bool:
    """Whether `statement` may be the body of an `if` that has an `else`, without braces."""
    return statement.type in _SIMPLE


def _template(
    source: str,
    tree: Tree,
    first: int,
    last: int,
    shift: int,
    is_statement: bool,
    root: Node,
    bare: bool = False,
) -> Template:
    raw = source.encode()
    text = [raw[leaf.start : leaf.end].decode() if leaf.start >= 0 else "" for leaf in tree.leaves]
    wrapped = [word or leaf.type for word, leaf in zip(text, tree.leaves, strict=True)]
    flags = token_flags(tree, wrapped, raw)
    slots = [
        _slot(leaf, text[leaf.first][1:], first)
        for leaf in tree.leaves[first:last]
        if _SLOT.match(text[leaf.first])
    ]
    trivia: list[str] = []
    behind = 0
    for number in range(first, last):
        leaf = tree.leaves[number]
        trivia.append(raw[behind : leaf.start].decode() if number > first else "")
        behind = leaf.end
    inner = root.named if is_statement else []
    return Template(
        source=source,
        text=tuple(text[first:last]),
        flags=tuple(flags[first:last]),
        trivia=tuple(trivia),
        pairs=tuple(pairs(text[first:last], flags[first:last], trivia)),
        slots=tuple(slots),
        is_statement=is_statement,
        precedence=PRIMARY if is_statement else precedence(root),
        single=len(inner) == 1 and inner[0].type not in _DECLARES,
        simple=len(inner) == 1 and is_simple(inner[0]),
        declares=any(child.type in _DECLARES for child in inner),
        bare=bare,
        multiline=any("\n" in gap for gap in trivia),
    )


def _slot(leaf: Node, name: str, first: int) -> Slot:
    parent = leaf.parent
    assert parent is not None
    if (
        leaf.type != "identifier"
        or leaf.field_name in ("name", "label")
        or parent.type in ("formal_parameters",)
    ):
        return Slot(name, "token", leaf.first - first, leaf.last - first)
    if parent.type == "expression_statement" and len(parent.children) == 2:
        outer = parent.parent
        assert outer is not None
        single = outer.type not in ("statement_block", "switch_case", "switch_default", "program")
        before_else = outer.type == "if_statement" and outer.field("alternative") is not None
        return Slot(
            name,
            "statement",
            parent.first - first,
            parent.last - first,
            single=single,
            before_else=before_else,
        )
    return Slot(
        name,
        "expression",
        leaf.first - first,
        leaf.last - first,
        required=required(leaf),
        starts_statement=starts_statement(leaf),
    )


def starts_statement(node: Node) -> bool:
    """Whether `node` starts an expression statement, a default export or an arrow's body."""
    child, parent = node, node.parent
    while parent is not None and parent.first == node.first:
        if parent.type in ("expression_statement", "arrow_function"):
            break
        child, parent = parent, parent.parent
    if parent is None:
        return False
    if parent.type == "expression_statement":
        return parent.first == node.first
    if parent.type == "arrow_function":
        return child.field_name == "body"
    return parent.type == "export_statement" and child.field_name == "value"
