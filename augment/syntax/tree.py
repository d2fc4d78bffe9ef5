"""Syntax trees: tree-sitter's tree copied once into plain `Node` objects in source order.

Transforms and analyses ask for types, parents and children thousands of times per function; each
such question to tree-sitter crosses into C and makes objects. One cursor walk (about half a
microsecond a node) makes a tree whose answers are attribute reads, and whose preorder numbering
turns every analysis into a loop, so that no nesting depth can exhaust the stack.
"""

from __future__ import annotations

from collections.abc import Set
from functools import cache
from typing import Final, Literal

import tree_sitter
import tree_sitter_javascript
import tree_sitter_typescript

Language = Literal["javascript", "typescript", "tsx"]

SourceType = Literal["script", "module", "commonjs"]

# Leaves although the grammar gives them children: their inside is text, never edited piecewise.
OPAQUE: Final = frozenset({"string", "regex"})

COMMENTS: Final = frozenset({"comment", "html_comment", "hash_bang_line"})

FUNCTIONS: Final = frozenset(
    {
        "function_declaration",
        "function_expression",
        "generator_function_declaration",
        "generator_function",
        "arrow_function",
        "method_definition",
    }
)


class ParseError(ValueError):
    """The source does not parse, or is known to be misread by the grammar.

    Attributes:
        message: what is wrong, without the place.
        line: 1-based.
        column: 1-based, in code points.
    """

    def __init__(self, message: str, line: int, column: int) -> None:
        super().__init__(f"{line}:{column}: {message}")
        self.message = message
        self.line = line
        self.column = column


class Node:
    """A node of the syntax tree; comments are not in the tree (see `Program.comments`).

    Attributes:
        type: tree-sitter's name of the node's kind; for anonymous tokens their text.
        start: byte offset of its first byte in `Program.source`.
        end: byte offset behind its last byte.
        parent: the enclosing node, None for the root.
        children: all children but comments, anonymous tokens included.
        field_name: the role in the parent that the grammar names, if any.
        is_named: False for punctuation and keywords.
        index: its number in preorder; `stop` is one past the last number of its subtree.
        first: number of its first token; `last` is one past that of its last token.
    """

    __slots__ = (
        "children",
        "end",
        "field_name",
        "first",
        "index",
        "is_named",
        "last",
        "parent",
        "start",
        "stop",
        "type",
    )

    def __init__(
        self,
        type: str,
        start: int,
        end: int,
        parent: Node | None,
        field_name: str | None,
        is_named: bool,
        index: int,
        first: int,
    ) -> None:
        self.type = type
        self.start = start
        self.end = end
        self.parent = parent
        self.children = _NONE  # a list of its own once there is a child: most nodes have none
        self.field_name = field_name
        self.is_named = is_named
        self.index = index
        self.stop = index + 1
        self.first = first
        self.last = first + 1

    @property
    def span(self) -> tuple[int, int]:
        """`(start, end)` in bytes."""
        return (self.start, self.end)

    @property
    def named(self) -> list[Node]:
        """The children that are not mere punctuation or keywords."""
        return [child for child in self.children if child.is_named]

    def field(self, name: str) -> Node | None:
        """Return the first child in the role `name` of the grammar, or None."""
        for child in self.children:
            if child.field_name == name:
                return child
        return None

    def has(self, type: str) -> bool:
        """Whether a direct child is of `type`: how the grammar shows `async`, `static`, `*` and
        their like.
        """
        return any(child.type == type for child in self.children)

    def contains(self, other: Node) -> bool:
        """Whether `other` is this node or lies below it."""
        return self.index <= other.index < self.stop

    def __repr__(self) -> str:
        return f"<{self.type} {self.start}:{self.end}>"


_NONE: Final[list[Node]] = []


def function_around(node: Node) -> Node | None:
    """Return the function in whose parameters or body `node` stands, which says what `await` and
    `yield` mean there.
    """
    child, around = node, node.parent
    while around is not None:
        if around.type in FUNCTIONS and child.field_name in ("parameters", "parameter", "body"):
            return around
        child, around = around, around.parent
    return None


def is_name(node: Node) -> bool:
    """Whether a `yield` or `await`, which the grammar takes for an operator everywhere, is a name
    of the function around it.
    """
    around = function_around(node)
    if around is None:
        return False
    return not (
        around.has("async")
        if node.type == "await_expression"
        else "generator" in around.type or around.has("*")
    )


class Tree:
    """What one walk over tree-sitter's tree yields.

    Attributes:
        nodes: every node in preorder; `nodes[0]` is the root.
        leaves: the nodes that are tokens, in source order.
        comments: comments and the hashbang line, in source order; their `parent` is the node that
            they stand in.
    """

    __slots__ = ("comments", "leaves", "nodes")

    def __init__(self, nodes: list[Node], leaves: list[Node], comments: list[Node]) -> None:
        self.nodes = nodes
        self.leaves = leaves
        self.comments = comments


@cache
def _grammar(
    language: Language,
) -> tuple[tree_sitter.Parser, list[str], list[bool], list[str | None]]:
    capsule = {
        "javascript": tree_sitter_javascript.language,
        "typescript": tree_sitter_typescript.language_typescript,
        "tsx": tree_sitter_typescript.language_tsx,
    }[language]()
    grammar = tree_sitter.Language(capsule)
    kinds = range(grammar.node_kind_count)
    return (
        tree_sitter.Parser(grammar),
        [grammar.node_kind_for_id(i) or "" for i in kinds],
        [grammar.node_kind_is_named(i) for i in kinds],
        [None] + [grammar.field_name_for_id(i) for i in range(1, grammar.field_count + 1)],
    )


def parse_tree(
    source: bytes, language: Language, shift: int = 0, dropped: Set[int] = frozenset()
) -> Tree | tuple[str, int]:
    """Parse `source` and copy the tree.

    Args:
        source: UTF-8 text.
        language: which grammar reads it.
        shift: subtracted from every offset (the length of a wrapper put before a snippet).
        dropped: offsets (shifted) of tokens to leave out of the tree.

    Returns:
        The tree, or a reason and the byte offset (shifted) of the first thing that does not parse.
    """
    parsed = _grammar(language)[0].parse(source)
    if parsed.root_node.has_error:
        return _first_error(parsed.root_node, shift)
    return _copied(parsed, language, shift, dropped)


def _copied(parsed: tree_sitter.Tree, language: Language, shift: int, dropped: Set[int]) -> Tree:
    """Copy a tree of tree-sitter, in one walk."""
    _, kinds, named, fields = _grammar(language)
    cursor = parsed.walk()
    down, across, up = cursor.goto_first_child, cursor.goto_next_sibling, cursor.goto_parent
    here = cursor.node
    assert here is not None
    start, end = here.start_byte - shift, here.end_byte - shift
    current = root = Node("program", start, end, None, None, True, 0, 0)
    root.children = []
    nodes: list[Node] = [root]
    leaves: list[Node] = []
    comments: list[Node] = []
    alive = down()
    while alive:
        here = cursor.node
        assert here is not None
        number = here.kind_id
        kind, start, end = kinds[number], here.start_byte - shift, here.end_byte - shift
        descended = False
        if kind in COMMENTS:
            comment = Node(kind, start, end, current, None, True, len(nodes), len(leaves))
            comments.append(comment)
        elif not dropped or start not in dropped:
            field = fields[cursor.field_id or 0]
            node = Node(kind, start, end, current, field, named[number], len(nodes), len(leaves))
            nodes.append(node)
            current.children.append(node)
            descended = kind not in OPAQUE and down()
            if descended:
                node.children = []
                current = node
            elif end > start:
                leaves.append(node)
            else:  # an empty program or another node without text: no token
                node.last = node.first
        if not descended:
            while not across():
                alive = up()
                if not alive:
                    break
                current.stop, current.last = len(nodes), len(leaves)
                if current.parent is None:
                    alive = False
                    break
                current = current.parent
    root.stop, root.last = len(nodes), len(leaves)
    return Tree(nodes, leaves, comments)


def _first_error(root: tree_sitter.Node, shift: int) -> tuple[str, int]:
    node = root
    while True:
        if node.is_missing:
            return f"{node.type!r} is missing here", node.start_byte - shift
        if node.is_error:
            return "this does not parse", node.start_byte - shift
        inner = next(
            (
                child
                for child in node.children
                if child.has_error or child.is_missing or child.is_error
            ),
            None,
        )
        if inner is None:
            return "this does not parse", node.start_byte - shift
        node = inner
