"""Features of a function for the name head: its words with their roles, and candidates to copy.

Legend: F features, C words of the function, P pairs of words, M marks.

Source: Allamanis et al., Suggesting Accurate Method and Class Names (ESEC/FSE 2015), sections 2 and
    3, for features of a body and names made of sub-tokens.
"""

from __future__ import annotations

from bisect import bisect_left
from itertools import pairwise
from typing import NamedTuple
from zlib import crc32

import numpy as np

from augment import Function, Program
from contracode.inference.names.naming import own_names
from contracode.javascript.subtokens import subtokens

MAX_FEATURES = 240
"""Most features of a function; later ones are ignored."""

MAX_WORDS = 64
"""Most words of a function that its name may copy; later ones are ignored."""

ROLES = (
    "call",
    "method",
    "parameter",
    "variable",
    "this",
    "key",
    "property",
    "name",
    "string",
    "returned",
)
"""Roles of a name in a function."""

MARKS = len(ROLES) + 4
"""Number of marks of a word: its roles; the logarithm of its count; it begins a name; it ends one;
always 1.
"""

_LEAVES = 1_000
"""Leaves of a function that are read; later ones are ignored."""

_LETTERS = 24
"""Letters of the longest word that counts."""

_STRING = 30
"""Characters of the longest string that is read whole; of longer ones, four words are."""

_NAMES = frozenset(
    {"identifier", "shorthand_property_identifier", "shorthand_property_identifier_pattern"}
)
_PROPERTIES = frozenset({"property_identifier", "private_property_identifier"})
_DECLARED = frozenset(
    {
        "formal_parameters",
        "rest_pattern",
        "object_pattern",
        "array_pattern",
        "required_parameter",
        "optional_parameter",
    }
)
_BEFORE = {"arrow_function": "=>", "assignment_pattern": "="}
"""Token behind a parameter without parentheses, or with a default value."""
_SELF = "§"


class FunctionWords(NamedTuple):
    """Features of a function whose own name is hidden.

    Attributes:
        features: int64 (F,), hashed, from 1 on, each once.
        words: lower-case words of its names and strings.
        marks: float32 (C, M), of each word.
        pairs: int64 (P, 2), words of which the second follows the first in a name.
        snake: its names have underscores between words.
    """

    features: np.ndarray
    words: list[str]
    marks: np.ndarray
    pairs: np.ndarray
    snake: bool


def function_words(
    program: Program, function: Function, buckets: int, *, name: str | None = None
) -> FunctionWords:
    """Read a function.

    Args:
        program: the source.
        function: of it.
        buckets: of the hashed features.
        name: of the function, if the source around it does not show it.
    """
    hidden = name or function.name
    own = set(own_names(program, function, hidden)) if hidden else set[tuple[int, int]]()
    found = _WordReader()
    leaves = program.tree.leaves
    first = bisect_left(leaves, function.node.start, key=lambda leaf: leaf.start)
    chosen: list[tuple[str, str, str]] = []  # type, text, type of the parent
    for number in range(first, min(first + _LEAVES, len(leaves))):
        leaf = leaves[number]
        if leaf.end > function.node.end:
            break
        if leaf.span in own:
            chosen.append((_SELF, _SELF, ""))
        else:
            parent = leaf.parent
            chosen.append(
                (leaf.type, program.text_of[number], parent.type if parent is not None else "")
            )
    for number, (kind, text, around) in enumerate(chosen):
        before = [chosen[at][1] if at >= 0 else "" for at in (number - 1, number - 2, number - 3)]
        behind = chosen[number + 1][1] if number + 1 < len(chosen) else ""
        found.read(kind, text, around, before, behind)
    return found.finish(function.node.type, buckets)


class _WordReader:
    def __init__(self) -> None:
        self._features: dict[str, None] = {}
        self._marks: dict[str, np.ndarray] = {}
        self._pairs: dict[tuple[str, str], None] = {}
        self._shape: list[str] = []
        self._joined = self._camel = 0

    def read(self, kind: str, text: str, around: str, before: list[str], behind: str) -> None:
        role = _role(kind, text, around, before, behind)
        self._shape.append(_shape(kind, text, behind))
        if role is None:
            return
        self._features[f"{role} {text[:40]}"] = None
        parts = [part for part in subtokens(text) if len(part) < _LETTERS]
        if role == "string" and len(text) > _STRING:
            parts = parts[:4]
        for part in parts:
            self._features[f"{role} word {part}"] = None
            self._features[f"word {part}"] = None
        returned = before[0] == "return" or (before[0] == "." and before[2] == "return")
        if returned:
            self._features[f"returned {text[:40]}"] = None
        if role != "string":
            self._joined += "_" in text.strip("_$")
            self._camel += len(parts) > 1 and "_" not in text
        for place, part in enumerate(parts):
            marks_M = self._marks.get(part)
            if marks_M is None:
                if len(self._marks) == MAX_WORDS:
                    continue
                marks_M = self._marks[part] = np.zeros(MARKS, np.float32)
            marks_M[ROLES.index(role)] = 1
            if returned:
                marks_M[ROLES.index("returned")] = 1
            marks_M[-4] += 1
            if place == 0:
                marks_M[-3] = 1
            if place == len(parts) - 1:
                marks_M[-2] = 1
            if place:
                self._pairs[parts[place - 1], part] = None

    def finish(self, kind: str, buckets: int) -> FunctionWords:
        shape = self._shape
        features = [  # what says most of a long function comes first: the rest may be too much
            f"is {kind}",
            f"long {int(2 * np.log2(len(shape) + 1))}",
            f"begins {' '.join(shape[:6])}",
            f"ends {' '.join(shape[-5:])}",
        ]
        if "{" in shape:
            body = shape.index("{")
            features.append(f"parameters {shape[:body].count('I')}")
            features.append(f"body {' '.join(shape[body + 1 : body + 4])}")
        features += self._features
        features += [f"token {token}" for token in shape]
        features += [f"tokens {one} {two}" for one, two in pairwise(shape)]
        hashed = dict.fromkeys(
            1 + crc32(one.encode("utf-8", "replace")) % (buckets - 1) for one in features
        )
        words = list(self._marks)
        number = {word: c for c, word in enumerate(words)}
        marks_CM = np.asarray(list(self._marks.values()), np.float32).reshape(-1, MARKS)
        marks_CM[:, -4] = np.log1p(marks_CM[:, -4])
        marks_CM[:, -1] = 1
        pairs = [
            (number[one], number[two])
            for one, two in self._pairs
            if one in number and two in number
        ]
        return FunctionWords(
            np.asarray(list(hashed)[:MAX_FEATURES], np.int64),
            words,
            marks_CM,
            np.asarray(pairs, np.int64).reshape(-1, 2),
            self._joined > self._camel,
        )


def _role(kind: str, text: str, around: str, before: list[str], behind: str) -> str | None:
    if kind in _NAMES:
        if behind == "(" and around in ("call_expression", "new_expression"):
            return "call"
        if around in _DECLARED or (around in _BEFORE and behind == _BEFORE[around]):
            return "parameter"
        return (
            "variable"
            if around == "variable_declarator" and before[0] in ("const", "let", "var", ",")
            else "name"
        )
    if kind in _PROPERTIES:
        if before[0] == "." and before[1] == "this":
            return "this"
        return "method" if behind == "(" else "key" if behind == ":" else "property"
    if kind == "string_fragment" or (
        kind == "string" and text[0] in "\"'"
    ):  # and not TypeScript's type
        return "string"
    return None


def _shape(kind: str, text: str, behind: str) -> str:
    """Return the spelling of a leaf in which names do not count."""
    if kind == _SELF:
        return "S"
    if kind in _NAMES:
        return "I"
    if kind in _PROPERTIES:
        return text[:40] if behind == "(" else "P"
    if kind == "string_fragment":
        return "s"
    if kind == "number":
        return text if len(text) < 3 else "0"
    return text if len(text) < 14 else kind


def spell(words: list[str], *, snake: bool, capital: bool) -> str:
    """Write a name of words: `parseHtmlNode`, `parse_html_node` or `ParseHtmlNode`."""
    if snake and not capital:
        return "_".join(words)
    name = "".join(word[:1].upper() + word[1:] for word in words)
    return name if capital else name[:1].lower() + name[1:]
