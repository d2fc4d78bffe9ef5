"""Statements: the lists they stand in, what they declare, where control goes behind them, and where
their value shows.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from typing import Final, Literal

from augment.program.program import Program
from augment.syntax.tokens import SINGLE_PARENTS, STATEMENT_LISTS
from augment.syntax.tree import FUNCTIONS, Node

LOOPS: Final = frozenset({"for_statement", "for_in_statement", "while_statement", "do_statement"})

_JUMPS: Final = frozenset(
    {"return_statement", "throw_statement", "break_statement", "continue_statement"}
)

_FUNCTION_DECLARATIONS: Final = frozenset(
    {"function_declaration", "generator_function_declaration"}
)

_LEXICAL: Final = _FUNCTION_DECLARATIONS | {
    "lexical_declaration",
    "class_declaration",
    "using_declaration",
}

# Statements that anything may be done with: what TypeScript adds, imports and exports stay where
# they are.
_ORDINARY: Final = frozenset(
    {
        "expression_statement",
        "variable_declaration",
        "lexical_declaration",
        "function_declaration",
        "generator_function_declaration",
        "class_declaration",
        "statement_block",
        "if_statement",
        "switch_statement",
        "for_statement",
        "for_in_statement",
        "while_statement",
        "do_statement",
        "try_statement",
        "return_statement",
        "throw_statement",
        "break_statement",
        "continue_statement",
        "labeled_statement",
        "empty_statement",
        "debugger_statement",
        "with_statement",
    }
)


def lists(program: Program) -> list[tuple[Node, list[Node]]]:
    """Return every list of statements of the source: its node and its statements behind the
    directives.
    """
    return program.analysis(_lists)


def _lists(program: Program) -> list[tuple[Node, list[Node]]]:
    found: list[tuple[Node, list[Node]]] = []
    size = len(program.source)
    for node in program.nodes(*sorted(STATEMENT_LISTS)):
        children = [
            child
            for child in node.children
            if child.is_named
            and child.field_name != "value"
            and child.start >= 0
            and child.end <= size
        ]
        if children and (node.type != "program" or not program.wrapper[0]):
            skip = 0
            if is_function_body(node) or node.type == "program":
                while skip < len(children) and is_directive_like(children[skip]):
                    skip += 1
            found.append((node, children[skip:]))
    return found


def following(statement: Node, most: int | None = None) -> list[Node]:
    """Return the statements behind `statement` in its list, the first `most` of them."""
    parent = statement.parent
    assert parent is not None
    if parent.type not in STATEMENT_LISTS:
        return []
    siblings = (
        parent.children
    )  # many, perhaps: what is behind is not copied to find the first of it
    found: list[Node] = []
    for number in range(
        bisect_right(siblings, statement.index, key=lambda other: other.index), len(siblings)
    ):
        if len(found) == most:
            break
        other = siblings[number]
        if other.is_named and other.field_name != "value":
            found.append(other)
    return found


def in_list(statement: Node) -> bool:
    """Whether `statement` is one of a list of statements, not the sole body of another."""
    parent = statement.parent
    return parent is not None and parent.type in STATEMENT_LISTS and statement.field_name != "value"


def is_single(statement: Node) -> bool:
    """Whether `statement` is the sole body of an `if`, an `else` or a loop."""
    parent = statement.parent
    return (
        parent is not None
        and parent.type in SINGLE_PARENTS - {"labeled_statement", "with_statement"}
        and (statement.field_name in ("body", "consequence") or parent.type == "else_clause")
    )


def is_labeled(statement: Node) -> bool:
    """Whether a label stands before `statement`, for `break` and `continue` to name."""
    return statement.parent is not None and statement.parent.type == "labeled_statement"


def is_ordinary(statement: Node) -> bool:
    """Whether `statement` is plain JavaScript other than an import or export."""
    if statement.type == "expression_statement":
        return statement.children[0].type != "internal_module"  # `namespace N {}`
    return statement.type in _ORDINARY


def is_function_body(node: Node) -> bool:
    """Whether `node` is the block of a function."""
    return (
        node.type == "statement_block" and node.parent is not None and node.parent.type in FUNCTIONS
    )


def is_directive_like(statement: Node) -> bool:
    """Whether `statement` is a bare string, a directive if nothing but directives stands before it
    (ECMA-262 §11.2.1).
    """
    return statement.type == "expression_statement" and statement.children[0].type == "string"


def declares(statement: Node) -> bool:
    """Whether `statement` declares names in the very list or block that it stands in: `let`,
    `const`, classes, functions.
    """
    while statement.type == "labeled_statement":
        statement = statement.named[-1]
    return statement.type in _LEXICAL or not is_ordinary(statement)


def is_lexical(block: Node) -> bool:
    """Whether the statements of `block` declare names that end with it."""
    return any(declares(child) for child in block.named)


def is_plain_block(node: Node) -> bool:
    """Whether `node` is a block whose braces do not matter."""
    return node.type == "statement_block" and not is_lexical(node)


def may_name(program: Program, statement: Node) -> bool:
    """Whether new names may be declared in the list of `statement`: not where `eval` or the object
    of a `with` might see them.
    """
    return not within(program.analysis(_seen), statement)


def _seen(program: Program) -> list[Node]:
    dynamic = [scope.node for scope in program.scopes.all if scope.dynamic]
    bodies = [node.field("body") for node in program.nodes("with_statement")]
    return outermost(dynamic + [body for body in bodies if body is not None])


def outermost(nodes: list[Node]) -> list[Node]:
    """Return those of `nodes` that stand in no other, in source order."""
    found: list[Node] = []
    for node in sorted(nodes, key=lambda node: node.index):
        if not found or node.index >= found[-1].stop:
            found.append(node)
    return found


def within(places: list[Node], node: Node) -> bool:
    """Whether `node` stands in one of `places`, which are in source order and apart from one
    another.
    """
    number = bisect_right(places, node.index, key=lambda place: place.index) - 1
    return number >= 0 and places[number].contains(node)


def own(program: Program, node: Node) -> Iterator[Node]:
    """Yield the nodes of `node`'s subtree that run as part of it: nested functions and class
    members not entered.
    """
    nodes = program.tree.nodes
    at = node.index
    while at < node.stop:
        here = nodes[at]
        yield here
        inside = here.type in FUNCTIONS or here.type in ("class_body", "class_static_block")
        at = here.stop if inside and here is not node else at + 1


def hoists(program: Program, node: Node) -> bool:
    """Whether `node` declares a name outside of itself: a `var`, a function in a block, or one of
    its own list.
    """
    if declares(node):
        return True
    for inner in own(program, node):
        if inner.type == "variable_declaration" or inner.type in _FUNCTION_DECLARATIONS:
            return True
        if inner.type == "for_in_statement" and inner.has("var"):
            return True
    return False


def jumps(statement: Node, depth: int = 0) -> bool:
    """Whether control never reaches what stands behind `statement` (it completes abruptly, ECMA-262
    §6.2.4).
    """
    if statement.type in _JUMPS:
        return True
    if depth > 40:
        return False
    if statement.type == "statement_block":
        return any(jumps(child, depth + 1) for child in statement.named)
    if statement.type == "if_statement":
        alternative = statement.field("alternative")
        consequence = statement.field("consequence")
        return (
            alternative is not None
            and consequence is not None
            and jumps(consequence, depth + 1)
            and jumps(alternative.named[0], depth + 1)
        )
    return False


def leaving(
    program: Program, body: Node, kind: Literal["break_statement", "continue_statement"]
) -> list[Node]:
    """Return the jumps of `kind` without a label in `body` that a loop or `switch` around `body`
    takes.
    """
    found: list[Node] = []
    nodes = program.tree.nodes
    at = body.index
    while at < body.stop:
        here = nodes[at]
        caught = here.type in LOOPS or (
            here.type == "switch_statement" and kind == "break_statement"
        )
        if caught or here.type in FUNCTIONS or here.type == "class_body":
            at = here.stop
            continue
        if here.type == kind and here.field("label") is None:
            found.append(here)
        at += 1
    return found


def value_shows(program: Program, statement: Node) -> bool:
    """Whether the value of `statement` may be the value of the script, which `eval` gives (ECMA-262
    §16.1.6).
    """
    if program.source_type != "script":
        return False
    parent = statement.parent
    for _ in range(_LEVELS):
        if parent is None:
            break
        if parent.type in FUNCTIONS or parent.type == "class_static_block":
            return False
        parent = parent.parent
    return True


_LEVELS: Final = 512
"""Levels of the tree that are climbed, so that time stays linear in what is nested deeper; nobody
writes so deep.
"""
