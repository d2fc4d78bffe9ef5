"""Shrinks a source while something about it stays true: delta debugging over statements, then over
all subtrees.

Source: Zeller and Hildebrandt, "Simplifying and Isolating Failure-Inducing Input" (TSE 2002),
    section 3 (ddmin); Misherghi and Su,
"HDD: Hierarchical Delta Debugging" (ICSE 2006).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from augment.program.program import parse
from augment.syntax.tree import Language, Node, ParseError, Tree, parse_tree

# What an expression is tried to be replaced by, smallest first.
_SMALL = (b"0", b"a")

_LINE = re.compile(rb"[^\n]*\n|[^\n]+")
_TOKEN = re.compile(rb"\w+|\s+|[^\w\s]")

_LISTS = frozenset(
    {
        "program",
        "statement_block",
        "class_body",
        "switch_body",
        "switch_case",
        "switch_default",
        "arguments",
        "formal_parameters",
        "array",
        "object",
        "lexical_declaration",
        "variable_declaration",
        "object_pattern",
        "array_pattern",
        "template_string",
    }
)


def minimize(source: str, fails: Callable[[str], bool], language: Language = "javascript") -> str:
    """Return a source as small as could be found that still fails.

    Args:
        source: a source that fails.
        fails: returns whether a candidate still fails in the same way. Candidates may not parse.
        language: which grammar reads it.

    Raises:
        ValueError: `source` does not fail in the first place.
    """
    if not fails(source):
        raise ValueError("nothing to shrink: the source as given does not fail")
    known: dict[bytes, bool] = {}

    def still(candidate: bytes) -> bool:
        if candidate not in known:
            known[candidate] = fails(candidate.decode(errors="replace"))
        return known[candidate]

    text = source.encode()
    while True:
        before = text
        for step in (_lines, _lists, _subtrees, _spaces):
            text = step(text, still, language)
        if text == before:
            return text.decode(errors="replace")


def _tree(text: bytes, language: Language) -> Tree | None:
    try:
        return parse(text, language=language).tree
    except ParseError:
        tree = parse_tree(text, language)
        return tree if isinstance(tree, Tree) else None


def _lines(text: bytes, still: Callable[[bytes], bool], language: Language) -> bytes:
    """Drop as many lines as possible; of what does not parse, which has no tree, as many tokens."""
    piece = _LINE if _tree(text, language) else _TOKEN
    return _ddmin(text, [match.span() for match in piece.finditer(text)], still)


def _lists(text: bytes, still: Callable[[bytes], bool], language: Language) -> bytes:
    """Drop as many elements as possible of each list of statements, members, arguments, from the
    outermost inwards.
    """
    at = 0
    while True:
        tree = _tree(text, language)
        lists = (
            []
            if tree is None
            else [
                node
                for node in tree.nodes
                if node.type in _LISTS and node.named and node.start >= 0
            ]
        )
        if at >= len(lists):
            return text
        text = _ddmin(text, [child.span for child in lists[at].children], still)
        at += 1


def _ddmin(text: bytes, parts: Sequence[tuple[int, int]], still: Callable[[bytes], bool]) -> bytes:
    """Return `text` without a maximal set of runs of the spans `parts`."""
    kept = [part for part in parts if part[0] >= 0 and part[1] <= len(text)]
    size = len(kept)
    gone: list[tuple[int, int]] = []
    while size >= 1:
        start = 0
        while start < len(kept):
            trial = [*gone, *kept[start : start + size]]
            if still(_without(text, trial)):
                gone = trial
                del kept[start : start + size]
            else:
                start += size
        size //= 2
    return _without(text, gone)


def _without(text: bytes, parts: Sequence[tuple[int, int]]) -> bytes:
    out, at = b"", 0
    for start, end in sorted(parts):
        out += text[at:start]
        at = end
    return out + text[at:]


def _subtrees(text: bytes, still: Callable[[bytes], bool], language: Language) -> bytes:
    """Replace each subtree by one of its own children or by something small, from the outermost
    inwards.
    """
    at = 0
    while True:
        tree = _tree(text, language)
        if tree is None:
            return text
        nodes = [
            node for node in tree.nodes if node.is_named and 0 <= node.start < node.end <= len(text)
        ]
        if at >= len(nodes):
            return text
        node = nodes[at]
        at += 1
        for smaller in _smaller(text, node):
            candidate = text[: node.start] + smaller + text[node.end :]
            if len(smaller) < node.end - node.start and still(candidate):
                text = candidate
                at -= 1
                break


def _smaller(text: bytes, node: Node) -> Iterator[bytes]:
    yield b""
    yield from _SMALL
    for child in sorted(node.named, key=lambda child: child.end - child.start):
        yield text[child.start : child.end]
        for inner in child.named:
            yield text[inner.start : inner.end]


def _spaces(text: bytes, still: Callable[[bytes], bool], language: Language) -> bytes:
    """Drop blank lines, indentation and comments."""
    tree = _tree(text, language)
    for comment in reversed(tree.comments if tree else []):
        candidate = text[: comment.start] + text[comment.end :]
        if still(candidate):
            text = candidate
    lines = [line for line in text.split(b"\n") if line.strip()]
    for candidate in (
        b" ".join(line.strip() for line in lines),
        b"\n".join(line.strip() for line in lines),
        b"\n".join(lines),
    ):
        if len(candidate) < len(text) and still(candidate):
            return candidate
    return text
