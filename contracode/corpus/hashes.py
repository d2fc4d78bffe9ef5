"""Hashes of functions by syntax: equal for equal tokens, whatever the layout and comments; and up to the names of local variables."""

from __future__ import annotations

import hashlib
from functools import cache

import tree_sitter
import tree_sitter_javascript

from augment import Node, Program

NUM_DIGITS = 16
"""Hexadecimal digits of a key: 64 bits, so that among 100 million functions a chance collision is expected 0.0003 times."""


def function_key(code: str) -> str:
    """Return the key of `code` by its tokens, comments left out: what lists of functions to exclude are made of.

    The bare tree is hashed, errors and all, so that every text has a key.

    Returns:
        16 hexadecimal digits: SHA-256 over the leaves of the tree-sitter tree, joined by NUL; a string or regular
        expression is one leaf.
    """
    source = code.encode("utf8", "surrogatepass")
    tokens: list[bytes] = []
    todo = [_parser().parse(source).root_node]
    while todo:
        node = todo.pop()
        if node.type in ("comment", "html_comment"):
            continue
        if node.child_count and node.type not in ("string", "regex"):
            todo.extend(reversed(node.children))
        elif node.end_byte > node.start_byte:
            tokens.append(source[node.start_byte : node.end_byte])
    return _digest(b"\0".join(tokens))


@cache
def _parser() -> tree_sitter.Parser:
    return tree_sitter.Parser(tree_sitter.Language(tree_sitter_javascript.language()))


def renamed_key(program: Program, node: Node | None = None, name_span: tuple[int, int] | None = None) -> str:
    """Return the key of a function up to renaming: what it declares counts by order of first occurrence.

    Args:
        program: the source it stands in.
        node: the function; the whole source without it.
        name_span: bytes of the function's own name, which does not count either.
    """
    first, last = program.core if node is None else (node.first, node.last)
    inside = range(first, last)
    number_of: dict[int, int] = {}
    tokens: list[str] = []
    bindings, texts = program.scopes.of_node, program.text_of
    for leaf in program.tree.leaves[first:last]:
        binding = bindings.get(leaf.index)
        if binding is not None and any(node.first in inside for node in binding.declaring):
            # A control character cannot start a token, so that no text is mistaken for a number.
            token = f"\x01{number_of.setdefault(id(binding), len(number_of))}"
            if leaf.type.startswith("shorthand_property"):
                token = f"{texts[leaf.first]}:{token}"
        elif leaf.span == name_span:
            token = "\x01name"
        else:
            token = texts[leaf.first]
        tokens.append(token)
    return _digest("\0".join(tokens).encode())


def snippet_key(program: Program) -> str:
    """Return the key up to renaming of a program that is one function: the key that this function has in its file."""
    for function in program.functions:
        if (function.node.first, function.node.last) == program.core:
            return renamed_key(program, function.node, function.name_span)
    return renamed_key(program)


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:NUM_DIGITS]
