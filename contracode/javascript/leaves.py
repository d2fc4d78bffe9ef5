"""Tokens and node types of a program for lexical baselines; the text may be broken."""

from functools import cache
from itertools import pairwise
from typing import NamedTuple

import tree_sitter
import tree_sitter_javascript

from contracode.javascript.subtokens import subtokens

_COMMENTS = frozenset({"comment", "html_comment"})
_WHOLE = frozenset({"string", "regex"})
_VARIABLES = frozenset(
    {"identifier", "shorthand_property_identifier", "shorthand_property_identifier_pattern"}
)
_TEXTS = frozenset({"string", "template_string"})
_KINDS = frozenset({"let", "var", "const"})
_LAYOUT = frozenset({";", "{", "}", "(", ")"})
"""Punctuation that formatting changes."""


class Leaf(NamedTuple):
    """A token: its tree-sitter type and its text. A string or regular expression is one token."""

    type: str
    text: str


@cache
def _parser() -> tree_sitter.Parser:
    return tree_sitter.Parser(tree_sitter.Language(tree_sitter_javascript.language()))


def leaves(source: str) -> list[Leaf]:
    """Return the tokens of a program without its comments."""
    data = source.encode(errors="replace")
    found: list[Leaf] = []
    stack = [_parser().parse(data).root_node]
    while stack:
        node = stack.pop()
        if node.type in _COMMENTS:
            continue
        if node.child_count == 0 or node.type in _WHOLE:
            text = data[node.start_byte : node.end_byte].decode(errors="replace")
            if text:
                found.append(Leaf(node.type, text))
        else:
            stack.extend(reversed(node.children))
    return found


def node_types(source: str) -> list[str]:
    """Return the types of the named nodes of a program in preorder, without its comments."""
    found: list[str] = []
    stack = [_parser().parse(source.encode(errors="replace")).root_node]
    while stack:
        node = stack.pop()
        if node.type not in _COMMENTS:
            found.append(node.type)
            stack.extend(reversed(node.named_children))
    return found


def words(source: str) -> list[str]:
    """Return the tokens of a program, with identifiers, properties and strings split into words."""
    found: list[str] = []
    for leaf in leaves(source):
        parts = subtokens(leaf.text)
        found.extend(parts or [leaf.text])
    return found


def rename_blind(source: str) -> list[str]:
    """Return the 1- to 3-grams of a program's tokens after replacing every variable by one token.

    Properties, numbers and operators are kept. All strings count as equal, and so do `var`, `let`
    and `const`. Punctuation that formatting changes is left out.
    """
    found: list[str] = []
    for kind, text in leaves(source):
        if kind in _VARIABLES:
            found.append("v")
        elif kind == "property_identifier":
            found.append("p:" + text)
        elif kind in _TEXTS:
            found.append('"s"')
        elif kind == "number":
            found.append("n:" + text)
        elif text in _KINDS:
            found.append("let")
        elif text not in _LAYOUT:
            found.append(text)
    pairs = [" ".join(pair) for pair in pairwise(found)]
    triples = [" ".join(triple) for triple in zip(found, found[1:], found[2:], strict=False)]
    return found + pairs + triples
