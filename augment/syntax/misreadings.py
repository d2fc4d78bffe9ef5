"""Where tree-sitter's grammars read something other than ECMA-262 does."""

from __future__ import annotations

import re
from bisect import bisect_right
from operator import attrgetter
from typing import Final

from augment.syntax.literals import RESERVED_WORDS
from augment.syntax.tree import (
    Node,
    SourceType,
    Tree,
    function_around,
    is_name,
)

_START: Final = attrgetter("start")

# ECMA-262 §12.3.
_LINE_END: Final = re.compile(b"[\n\r]|\xe2\x80[\xa8\xa9]")

_HTML_COMMENT: Final = re.compile(b"<!--|-->")

# U+2028 and U+2029 end lines as well; the grammar takes them for blanks.
_SEPARATORS: Final = re.compile(b"\xe2\x80[\xa8\xa9]")

STATEMENT_START: Final = "an expression here starts like a block or a declaration"

# The grammar takes a reserved word for a name where it expects no keyword of its spelling.
_NAMES = frozenset({"identifier", "shorthand_property_identifier"})

# Where an `identifier` is the name of an import or export: any word (ECMA-262 §16.2.2, §16.2.3).
_PLACES_OF_ANY_WORD = frozenset({"import_specifier", "export_specifier", "namespace_export"})


_MODIFIERS: Final = frozenset({"get", "set", "static", "async"})

_OPERATIONS: Final = frozenset(
    {
        "call_expression",
        "member_expression",
        "subscript_expression",
        "binary_expression",
        "ternary_expression",
    }
)


def _is_operand(node: Node, parent: Node) -> bool:
    """Whether `node` is the first operand of `parent`, which an arrow function without parentheses
    cannot be (ECMA-262 §15.3).
    """
    return parent.type in _OPERATIONS and parent.children[0] is node


Misreading = tuple[str, int]
"""A reason, and the byte at which the misread syntax starts."""


def misread(
    tree: Tree, text: list[str], source: bytes, source_type: SourceType
) -> Misreading | None:
    """Return why, and where, the grammar is known to have misread this source without an error
    node, or None.

    Each rule was found by comparing with a second parser: see tests/augment/test_syntax.py.
    """
    for leaf in tree.leaves:
        found = _misread_leaf(leaf, text)
        if found is not None:
            return found
    for node in tree.nodes:
        found = _misread_node(tree, node, text, source)
        if found is not None:
            return found
    return _misread_text(tree, source, source_type)


def _misread_leaf(leaf: Node, text: list[str]) -> Misreading | None:
    kind = leaf.type
    if kind == "identifier":
        word = text[leaf.first]
        if word in ("let", "using") and _is_statement(leaf):
            return f"`{word}` before a line break is read in two ways", leaf.start
        if word == "let" and text[leaf.last : leaf.last + 1] == ["["]:
            # ECMA-262 §14.5, §14.7.5
            return "`let [` begins a pattern that is read as an access", leaf.start
    if kind in _NAMES and text[leaf.first] in RESERVED_WORDS:
        around = leaf.parent.type if leaf.parent is not None else ""
        if around not in _PLACES_OF_ANY_WORD and not around.startswith("jsx_"):
            return "a reserved word is no variable", leaf.start
    if kind == "property_identifier" and text[leaf.first] in _MODIFIERS:
        member = leaf.parent
        if (
            member is not None
            and member.type in ("field_definition", "public_field_definition")
            and len(member.children) == 1
            and text[leaf.last][:1] not in (";", "}", "=")
        ):
            return f"`{text[leaf.first]}` before a line break is read in two ways", leaf.start
    return None


def _misread_node(tree: Tree, node: Node, text: list[str], source: bytes) -> Misreading | None:
    kind = node.type
    if kind == "expression_statement":
        if node.start >= 0 and _starts_as_statement(node, text):
            return STATEMENT_START, node.start
    elif kind == "arrow_function":
        if node.parent is not None and _is_operand(node, node.parent):
            return "the line behind a function is read in two ways", node.end
    elif kind == "new_expression":
        if _takes_constructor(node):
            return "`new new a().b` is read in two ways", node.start
    elif kind == "assignment_expression":
        if node.children[0].type == "using":
            return "`using` is read as part of an assignment", node.start
    elif kind == "using_declaration":
        if any(
            child.named[0].type.endswith("_pattern") or text[child.first] == "let"
            for child in node.named
        ):
            return "`using` declares neither patterns nor `let`: it is a name here", node.start
    elif (
        kind == "yield_expression"
        and len(node.children) > 1
        and (is_name(node) or _is_name_at_top(tree, node, text))
    ):
        return "`yield` is a name here, and an operator to the grammar", node.start
    if kind in _RESTRICTED and _is_split(tree, node, source):
        return "the grammar reads on behind a line break that ends a statement", node.start
    return None


def _misread_text(tree: Tree, source: bytes, source_type: SourceType) -> Misreading | None:
    for match in _SEPARATORS.finditer(source):
        at = match.start()
        if not _inside_text(tree, at) or _inside_line_comment(tree, at, source):
            return "U+2028 or U+2029 as a line terminator is read in two ways", at
    if source_type != "module":
        for match in _HTML_COMMENT.finditer(source):
            at = match.start()
            if not _inside_text(tree, at) and not _is_decrement(tree, at, source):
                return "an HTML-like comment (ECMA-262 §B.1.1) is read in two ways", at
    return None


def _is_name_at_top(tree: Tree, node: Node, text: list[str]) -> bool:
    """Whether a `yield` outside of functions is a name: a snippet of a generator declares none."""
    return function_around(node) is None and any(
        leaf.type == "identifier" and text[leaf.first] == "yield" for leaf in tree.leaves
    )


def _takes_constructor(node: Node) -> bool:
    """Whether `node` is `new new a()` before a property, which belongs to the inner `new` (ECMA-262
    §13.3).
    """
    parent, callee = node.parent, node.field("constructor")
    return (
        parent is not None
        and parent.children[0] is node
        and parent.type in ("member_expression", "subscript_expression", "call_expression")
        and callee is not None
        and callee.type == "new_expression"
        and node.field("arguments") is None
    )


# No line ends behind the first part of these (ECMA-262 §12.10.1): there the statement ends, or the
# operator belongs to what follows.
_RESTRICTED: Final = frozenset(
    {"return_statement", "yield_expression", "update_expression", "async"}
)


def _is_split(tree: Tree, node: Node, source: bytes) -> bool:
    """Whether a line ends, in a comment perhaps, between a keyword and what belongs to it, or an
    operand and the `++` behind it.
    """
    parts = node.children or [node]
    first, second = parts[0], "" if len(parts) == 1 else parts[1].type
    if (
        first.start < 0
        or first.type in ("++", "--")
        or second in (";", "*")
        or (not second and node.type != "async")
    ):
        return False
    return _LINE_END.search(source, first.end, tree.leaves[first.last].start) is not None


def _starts_as_statement(node: Node, text: list[str]) -> bool:
    """Whether an expression statement starts with what only a block, function or class may start
    with (ECMA-262 §14.5).
    """
    first = text[node.first]
    if first == "{":
        return True
    if first == "async":
        first = text[node.first + 1] if node.first + 1 < node.last else ""
    if first not in ("function", "class"):
        return False
    # a bare anonymous function is a snippet
    return node.named[0].type not in ("function_expression", "generator_function", "class")


def _inside_line_comment(tree: Tree, at: int, source: bytes) -> bool:
    comment = _at(tree.comments, at)
    return comment is not None and source.startswith(b"//", comment.start)


def _is_statement(leaf: Node) -> bool:
    parent = leaf.parent
    return (
        parent is not None and parent.type == "expression_statement" and len(parent.children) == 1
    )


def _inside_text(tree: Tree, at: int) -> bool:
    """Whether the byte at `at` lies in a comment, string, regular expression, template or JSX
    text.
    """
    comment, leaf = _at(tree.comments, at), _at(tree.leaves, at)
    if comment is not None and comment.type == "comment":
        return True
    return leaf is not None and leaf.type in ("string", "regex", "string_fragment", "jsx_text")


def _at(nodes: list[Node], at: int) -> Node | None:
    """Return which of these, that follow one another, holds the byte at `at`."""
    number = bisect_right(nodes, at, key=_START) - 1
    return nodes[number] if number >= 0 and at < nodes[number].end else None


def _is_decrement(tree: Tree, at: int, source: bytes) -> bool:
    """Whether `-->` stands behind a token on its line, so that it is `--` and `>` (ECMA-262
    §B.1.1).
    """
    leaf = _at(tree.leaves, at)
    if leaf is None or leaf.type != "--" or leaf.start != at or leaf.first == 0:
        return False
    return _LINE_END.search(source, tree.leaves[leaf.first - 1].end, at) is None
