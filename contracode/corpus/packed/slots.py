"""Views in pieces whose local names are slots: renaming a variable puts other pieces in.

Pieces never cross the edge of an identifier, and the pieces of a word (a run of one class of
characters) do not depend on what is around it. So the pieces of a renamed view are those of the
view, with those of the new names in the slots.

Legend: T pieces, S slots, B bindings.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from augment import Program
from augment.program.scope import Binding
from augment.rewriting.name_supply import NameKind, NameSupply, Uses
from augment.rewriting.registry import Draw
from augment.rewriting.renaming import spell
from augment.transforms.rename_variables import new_names, renamable, rename_variables
from contracode.inputs.tokenizer import Tokenizer
from contracode.support.errors import InputError

LONGEST = 2**16 - 1
"""Pieces of a view that are kept: what numbers of uint16 reach."""

KINDS: tuple[NameKind, ...] = ("value", "function", "class")

FORMS = ("", "property", "export", "import")
"""How a renamed occurrence is written, as in `augment.program.scope.Reference.shorthand`: `{a}`
becomes `{a: b}`, for example.
"""

_CACHED = 100_000

_LONGEST_CACHED = 48
"""Characters or pieces: longer words hardly occur twice, and would fill the memory."""


class Words(NamedTuple):
    """A text in pieces, whose words are known.

    Attributes:
        pieces: uint16 (T,).
        begins: bool (T,), whether a word begins there.
    """

    pieces: np.ndarray
    begins: np.ndarray


class StoredView(NamedTuple):
    """A view whose local names can be replaced.

    Attributes:
        words: its pieces.
        slots: uint16 (S, 4), occurrences of bindings in order: first piece, one past the last,
            number of the binding, index in `FORMS`.
        kinds: uint8 (B,), index in `KINDS` of what each binding names.
        names: the names of the bindings, then all others that the view uses; no new name may be any
            of them.
    """

    words: Words
    slots: np.ndarray
    kinds: np.ndarray
    names: list[str]


class WordEncoder:
    """A tokenizer that goes word by word and remembers.

    Args:
        tokenizer: whose pieces.

    Raises:
        InputError: its pieces have no numbers of 16 bits.
    """

    def __init__(self, tokenizer: Tokenizer) -> None:
        if tokenizer.size > 2**16:
            raise InputError(
                f"a tokenizer of {tokenizer.size:,} pieces; a packed corpus has at most {2**16:,}"
            )
        self.tokenizer = tokenizer
        self._pieces = lru_cache(_CACHED)(self._encode)
        self._texts = lru_cache(_CACHED)(self._decode)
        self.spelled = lru_cache(_CACHED)(self._spell)

    def _encode(self, word: str) -> list[int]:
        return self.tokenizer.encode(word, layout="keep").ids.tolist()

    def _decode(self, pieces: bytes) -> str:
        return self.tokenizer.decode(np.frombuffer(pieces, np.uint16))

    def _spell(self, old: str, new: str, form: int) -> Words:
        """Return what stands in the slot of `old` once it is called `new`."""
        return self.encode(spell(old, new, FORMS[form]))

    def encode(self, text: str) -> Words:
        """Encode a text."""
        return self.encode_words(word for _, word in self.tokenizer.words(text))

    def encode_words(self, words: Iterable[str]) -> Words:
        """Encode words that stand one behind the other."""
        pieces: list[int] = []
        begins: list[int] = []
        for word in words:
            begins.append(len(pieces))
            pieces += (self._pieces if len(word) <= _LONGEST_CACHED else self._encode)(word)
        begins_T = np.zeros(len(pieces), bool)
        begins_T[begins] = True
        return Words(np.asarray(pieces, np.uint16), begins_T)

    def sample(self, words: Words, *, seed: int, alpha: float, length: int) -> np.ndarray:
        """Draw pieces for words as `Tokenizer.sample` does for the text.

        Args:
            words: of the text.
            seed: of what is drawn.
            alpha: as in `Tokenizer.sample`.
            length: no more pieces than these.

        Returns:
            uint16 (T,).
        """
        draw = random.Random(seed)
        ends = [*np.flatnonzero(words.begins).tolist()[1:], len(words.pieces)]
        found: list[int] = []
        start = 0
        for end in ends:
            if start < end:
                text_of = self._texts if end - start <= _LONGEST_CACHED else self._decode
                word = text_of(words.pieces[start:end].tobytes())
                found += self.tokenizer.sample_word(word, draw, alpha=alpha)
            if len(found) >= length:
                break
            start = end
        return np.asarray(found[:length], np.uint16)


def make_view(program: Program, encoder: WordEncoder) -> StoredView:
    """Return a program in pieces, with slots for the names of all variables that may be renamed.

    A name that is spelled with escapes has no slots. Of more than `LONGEST` pieces those at the end
    are lost.
    """
    found = list(encoder.tokenizer.words(program.source))
    words = encoder.encode_words(word for _, word in found)
    first = [*np.flatnonzero(words.begins).tolist(), len(words.pieces)]
    words = _cropped(words)
    # A word by its bytes: an identifier is exactly one, or has no slot.
    place = {
        (at, at + len(word.encode())): (start, end)
        for (at, word), start, end in zip(found, first[:-1], first[1:], strict=True)
    }
    slots: list[tuple[int, int, int, int]] = []
    kinds: list[int] = []
    names: list[str] = []
    for binding, kind, *_ in renamable(program):
        forms = _forms(binding)
        if not all(span in place for span in forms):
            continue
        inside = [(*place[span], len(kinds), form) for span, form in forms.items()]
        inside = [slot for slot in inside if slot[1] <= len(words.pieces)]
        if inside:
            slots += inside
            kinds.append(KINDS.index(kind))
            names.append(binding.name)
    slots.sort()
    names += sorted(program.names_used.difference(names))
    return StoredView(
        words, np.asarray(slots, np.uint16).reshape(-1, 4), np.asarray(kinds, np.uint8), names
    )


def without_slots(text: str, encoder: WordEncoder) -> StoredView:
    """Return a text in pieces, whose names stay as they are. Of more than `LONGEST` pieces those at
    the end are lost.
    """
    words = _cropped(encoder.encode(text))
    return StoredView(words, np.zeros((0, 4), np.uint16), np.zeros(0, np.uint8), [])


def _cropped(words: Words) -> Words:
    if len(words.pieces) <= LONGEST:
        return words
    length = int(np.flatnonzero(words.begins[: LONGEST + 1])[-1])
    return Words(words.pieces[:length], words.begins[:length])


def _forms(binding: Binding) -> dict[tuple[int, int], int]:
    """Return where a binding occurs, in bytes, each with how a renamed one is written there."""
    forms = {
        node.span: FORMS.index(binding.shorthands.get(node.index, "")) for node in binding.declaring
    }
    return forms | {
        reference.span: FORMS.index(reference.shorthand) for reference in binding.references
    }


def substitute(
    view: StoredView, new: Sequence[str | None], encoder: WordEncoder, *, length: int = LONGEST
) -> Words:
    """Put new names into the slots of a view.

    Args:
        view: the view.
        new: for each binding its new name; None where it stays.
        encoder: of the tokenizer that the view was made with.
        length: pieces that are needed; there may be more.
    """
    pieces, begins = view.words
    behind = num = 0
    parts: list[np.ndarray] = []
    marks: list[np.ndarray] = []
    for start, end, binding, form in view.slots.tolist():
        name = new[binding]
        if name is None:
            continue
        put = encoder.spelled(view.names[binding], name, form)
        parts += (pieces[behind:start], put.pieces)
        marks += (begins[behind:start], put.begins)
        num += start - behind + len(put.pieces)
        behind = end
        if num >= length:
            return Words(np.concatenate(parts), np.concatenate(marks))
    if not behind:
        return view.words
    return Words(
        np.concatenate([*parts, pieces[behind:]]), np.concatenate([*marks, begins[behind:]])
    )


def draw_names(view: StoredView, seed: int) -> list[str | None]:
    """Draw new names for a view as the transform `rename-variables` does, as often as the default
    pipeline does.
    """
    draw = Draw(str(seed), NameSupply(Uses(frozenset(view.names))), rename_variables.strength)
    if draw.random() >= rename_variables.probability:
        return [None] * len(view.kinds)
    return new_names(draw, [KINDS[kind] for kind in view.kinds.tolist()])
