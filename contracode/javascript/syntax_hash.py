"""Hashes of functions by their tokens, which ignore layout, comments and optionally local names."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

import tree_sitter
import tree_sitter_javascript

from augment import Node, Program
from contracode.support.digests import digest

NUM_DIGITS = 16
"""Hexadecimal digits of a key: 64 bits, or 0.0003 expected collisions in 100 million functions."""


def function_key(code: str) -> str:
    """Return the key of a text by its tokens, without comments, as in lists of excluded functions.

    Texts with syntax errors have keys too.

    Returns:
        16 hexadecimal digits: SHA-256 over the leaves of the tree-sitter tree, joined by NUL; a
        string or regular expression is one leaf.
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


def program_key(program: Program) -> str:
    """Return the `function_key` of a program's source, from its tree if possible."""
    same = (
        program.wrapper == ("", "") and b"\r" not in program.source
    )  # `augment` reads a lone one as a line feed
    if same and all(comment.type != "hash_bang_line" for comment in program.comments):
        return _digest("\0".join(program.text_of).encode())
    return function_key(program.source.decode())


@cache
def _parser() -> tree_sitter.Parser:
    return tree_sitter.Parser(tree_sitter.Language(tree_sitter_javascript.language()))


def normal_tokens(
    program: Program, node: Node | None = None, name_span: tuple[int, int] | None = None
) -> list[str]:
    """Return the tokens of a function, with its declared names numbered by first occurrence.

    Args:
        program: the source.
        node: the function; by default the whole source.
        name_span: bytes of the function's own name, which is replaced too.
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
    return tokens


def snippet_tokens(program: Program) -> list[str]:
    """Return the `normal_tokens` of a one-function program as if it stood in a file."""
    for function in program.functions:
        if (function.node.first, function.node.last) == program.core:
            return normal_tokens(program, function.node, function.name_span)
    return normal_tokens(program)


def tokens_key(tokens: Iterable[str]) -> str:
    """Return the key up to renaming of a function with these `normal_tokens`."""
    return _digest("\0".join(tokens).encode())


def renamed_key(
    program: Program, node: Node | None = None, name_span: tuple[int, int] | None = None
) -> str:
    """Return the key of a function up to renaming; see `normal_tokens` for the arguments."""
    return tokens_key(normal_tokens(program, node, name_span))


def renamed_label(program: Program) -> int:
    """Return the key up to renaming as an int64, the label of functions that count as equal."""
    return int.from_bytes(bytes.fromhex(renamed_key(program)), signed=True)


def _digest(data: bytes) -> str:
    return digest(data)[:NUM_DIGITS]
