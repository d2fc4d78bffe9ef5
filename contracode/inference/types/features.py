"""Features of a name for the type head: its words, its neighbours, and the type names of its file.

A table that counts types by name and neighbours is hard to beat, so the head gets the same inputs:
hashed features of each target, and how well the words of each type name of the file fit it.

Legend: N targets, C type names of the file, F features of a target or a name, M measures of a fit.

Source: Cheng et al., Wide & Deep Learning for Recommender Systems, DLRS 2016.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple, Protocol
from zlib import crc32

import numpy as np

from augment import Program
from contracode.javascript.records import Kind, Span
from contracode.javascript.subtokens import Splitter, split_name

TARGET_SLOTS = 48
"""Most features of a target."""

NAME_SLOTS = 8
"""Most features of a type name."""

MAX_NAMES = 96
"""Most type names of one file."""

MARKS = 9
"""Number of measures of how well a type name fits a target; see `Features.fits`."""

FORMS = ("{}", "{}[]", "Promise<{}>")
"""The types that can be made from a type name of the file."""

_USES = 6


class Typed(Protocol):
    """A name that has a type: a target of prediction, or a label."""

    @property
    def kind(self) -> Kind:
        """What carries the type."""
        ...

    @property
    def name(self) -> str:
        """The name."""
        ...

    @property
    def span(self) -> Span:
        """Bytes of the declaration."""
        ...

    @property
    def occurrences(self) -> tuple[Span, ...]:
        """Bytes of all occurrences."""
        ...


class TypeName(NamedTuple):
    """A name of the file that may be a type: declared, imported, constructed, or used as a type.

    Attributes:
        name: as written; of `a.B` the last part.
        occurrences: bytes of its occurrences.
        declared: the file declares it as a class, interface, alias or enum, or uses it as a type.
    """

    name: str
    occurrences: tuple[Span, ...]
    declared: bool


_DECLARES = frozenset({"class", "class-name", "type", "enum"})
_NAMES = ("identifier", "type_identifier", "property_identifier")


def type_names(program: Program) -> list[TypeName]:
    """Return the first `MAX_NAMES` names of a program that may be types.

    These are the types that it declares or uses, and all variables whose names look like classes.
    """
    declared = {b.name for b in program.scopes.bindings if b.kind in _DECLARES}
    declared |= {program.text(node) for node in program.nodes("type_identifier")}
    found: dict[str, list[Span]] = {}
    for node in program.nodes(*_NAMES):
        if node.start < 0 or node.end > len(program.source):
            continue
        name = program.text(node)
        if node.type == "property_identifier":
            around = node.parent.parent if node.parent is not None else None
            if (
                around is None
                or around.type != "new_expression"
                or around.field("constructor") is not node.parent
            ):
                continue
        elif name not in declared and not _like_a_class(name):
            continue
        if name in found or len(found) < MAX_NAMES:
            found.setdefault(name, []).append(node.span)
    return [TypeName(name, tuple(spans), name in declared) for name, spans in found.items()]


def _like_a_class(name: str) -> bool:
    return name[0].isupper() and any(char.islower() for char in name)


def type_names_of_tokens(code: str) -> list[TypeName]:
    """Return the tokens of a text that look like names of classes; tokens have spaces between."""
    found: dict[str, list[Span]] = {}
    for start, token in _tokens(code):
        if (
            token[0].isalpha()
            and _like_a_class(token)
            and (token in found or len(found) < MAX_NAMES)
        ):
            found.setdefault(token, []).append((start, start + len(token.encode())))
    return [TypeName(name, tuple(spans), False) for name, spans in found.items()]


def _tokens(code: str) -> Iterator[tuple[int, str]]:
    at = 0
    for token in code.split(" "):
        if token:
            yield at, token
        at += len(token.encode()) + 1


class Features:
    """The features of one text.

    Args:
        starts: the byte at which each token begins.
        texts: of the tokens.
        splitter: how the head splits names.
    """

    def __init__(self, starts: Sequence[int], texts: Sequence[str], splitter: Splitter) -> None:
        self._starts = starts
        self._texts = texts
        self._splitter: Splitter = splitter

    @classmethod
    def of_program(cls, program: Program, splitter: Splitter = "unicode") -> Features:
        """Read a program, parsed in any language."""
        return cls([leaf.start for leaf in program.tree.leaves], program.text_of, splitter)

    @classmethod
    def of_tokens(cls, code: str, splitter: Splitter = "unicode") -> Features:
        """Read tokens with spaces between."""
        found = list(_tokens(code))
        return cls([start for start, _ in found], [token for _, token in found], splitter)

    def targets(self, targets: Sequence[Typed], buckets: int) -> np.ndarray:
        """Return the hashed features of targets: int64 (N, TARGET_SLOTS), from 1; 0 is padding."""
        return _hashed([self._target(target) for target in targets], TARGET_SLOTS, buckets)

    def names(self, names: Sequence[TypeName], buckets: int) -> np.ndarray:
        """Return the hashed features of type names: int64 (C, NAME_SLOTS), from 1 on, padded with
        0.
        """
        return _hashed([self._name(one.name) for one in names], NAME_SLOTS, buckets)

    def fits(self, targets: Sequence[Typed], names: Sequence[TypeName]) -> np.ndarray:
        """Return how well each type name fits each target: float32 (N, C, MARKS).

        The measures are: always 1; same words; same last word; share of common words; share of the
        words of the type name that the target has; same words but for a plural; the target starts
        with `new` of the type, or is cast to or tested for it; how often the type name occurs;
        whether it is declared or used as a type.
        """
        marks_NCM = np.zeros((len(targets), len(names), MARKS), np.float32)
        if not names or not targets:
            return marks_NCM
        marks_NCM[:, :, 0] = 1
        marks_NCM[:, :, 7] = [np.log1p(len(one.occurrences)) / 5 for one in names]
        marks_NCM[:, :, 8] = [one.declared for one in names]
        spelt = [self._words(one.name) for one in names]
        bare = [
            parts[1:] if len(parts) > 1 and parts[0] == "i" else parts for parts in spelt
        ]  # IThing is a Thing
        by_word: dict[str, list[int]] = {}
        by_name = {one.name: c for c, one in enumerate(names)}
        for c, parts in enumerate(bare):
            for part in set(parts):
                by_word.setdefault(part, []).append(c)
        for n, target in enumerate(targets):
            own = self._words(target.name)
            single = [*own[:-1], _singular(own[-1])] if own else own
            for c in {c for word in (*own, *single[-1:]) for c in by_word.get(word, ())}:
                parts = bare[c]
                shared = len(set(own) & set(parts))
                marks_NCM[n, c, 1] = own == parts
                marks_NCM[n, c, 2] = own[-1] == parts[-1]
                marks_NCM[n, c, 3] = shared / len({*own, *parts})
                marks_NCM[n, c, 4] = shared / len(parts)
                marks_NCM[n, c, 5] = single != own and single[-1] == parts[-1]
            for beside in self._beside(target):
                if beside in by_name:
                    marks_NCM[n, by_name[beside], 6] = 1
        return marks_NCM

    def _words(self, name: str) -> list[str]:
        return split_name(name, self._splitter)

    def _token(self, offset: int) -> int:
        return bisect_left(self._starts, offset)

    def _at(self, token: int) -> str:
        return _normal(self._texts[token]) if 0 <= token < len(self._starts) else ""

    def neighbours(self, span: Span) -> tuple[str, str]:
        """Return the tokens before and after a name."""
        token = self._token(span[0])
        return self._at(token - 1), self._at(token + 1)

    def _beside(self, target: Typed) -> Iterator[str]:
        for span in target.occurrences:
            token = self._token(span[0])
            if self._at(token + 1) in ("as", "instanceof", "satisfies"):
                yield self._at(token + 2)
            begins = token + 2 if self._at(token + 1) == "=" else token
            if self._at(begins) == "new":
                yield self._at(begins + 1)

    def _target(self, target: Typed) -> Iterator[str]:
        kind, name = target.kind[0], target.name
        token = self._token(target.span[0])
        left, right = self._at(token - 1), self._at(token + 1)
        second = self._at(token + 2)
        parts = self._words(name)
        yield f"{kind} name {name}"
        yield f"name {name}"
        yield f"{kind} words {' '.join(parts)}"
        yield f"{kind} {left} {name} {right}"
        yield f"{kind} left {left} {name}"
        yield f"{kind} right {name} {right}"
        yield f"{kind} left {left}"
        yield f"{kind} left {self._at(token - 2)} {left}"
        yield f"{kind} left {self._at(token - 3)} {self._at(token - 2)} {left}"
        yield f"{kind} right {right}"
        yield f"{kind} right {right} {second}"
        yield f"{kind} right {right} {second} {self._at(token + 3)}"
        if parts:
            yield f"{kind} first {parts[0]}"
            yield f"{kind} last {parts[-1]}"
        for part in parts[:4]:
            yield f"word {part}"
        uses = returned = 0
        for start, end in target.occurrences:
            if start == target.span[0]:
                continue
            token = self._token(start)
            behind = self._token(end)
            if target.kind == "return" and (behind > token + 1 or self._at(token) != name):
                returned += 1
                if returned <= _USES:
                    yield f"returned {self._at(token)}"
                    yield f"returned {self._at(token)} {self._at(token + 1)}"
                    yield f"returned to {self._at(behind - 2)} {self._at(behind - 1)}"
            else:
                uses += 1
                if uses <= _USES:
                    yield f"used {self._at(token + 1)} {self._at(token + 2)}"
                    yield f"used {self._at(token - 1)} {self._at(token + 1)}"
                    yield f"used {self._at(token - 2)} {self._at(token - 1)}"
                elif target.kind != "return":
                    break  # nothing else is read of it

    def _name(self, name: str) -> Iterator[str]:
        parts = self._words(name)
        yield f"type {name}"
        if parts:
            yield f"type last {parts[-1]}"
            yield f"type first {parts[0]}"
        for part in parts[:5]:
            yield f"type word {part}"


def _hashed(rows: Sequence[Iterator[str]], slots: int, buckets: int) -> np.ndarray:
    hashed = np.zeros((len(rows), slots), np.int64)
    for row, features in enumerate(rows):
        for slot, feature in zip(range(slots), Counter(features), strict=False):
            hashed[row, slot] = 1 + crc32(feature.encode()) % (buckets - 1)
    return hashed


def _normal(token: str) -> str:
    """Return a token as it is compared: literals without their values."""
    first = token[:1]
    if first and first in "\"'":
        return "''" if len(token) == 2 else "'s'"
    if first == "`":
        return "`"
    return "0" if first.isdigit() else token[:32]


def _singular(word: str) -> str:
    if word.endswith("ies") and len(word) > 4:
        return f"{word[:-3]}y"
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word
