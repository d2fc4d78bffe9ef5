"""Count the fragments of a function's normal form, the words of its text, and the words of a query.

The words of a function are kept in three fields, so that an encoder can ignore names: words that
renaming does not change (properties, globals, strings), words of local names, and those of the
function's own name. Comments are not read.

Legend: F different fragments or words of one bag.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache
from typing import NamedTuple
from zlib import crc32

import numpy as np

from augment import Program
from contracode.inputs.fragment_encoder import count_fragments
from contracode.inputs.input_forms import SourceForms
from contracode.javascript.subtokens import subtokens

LONGEST = 20_000
"""Characters of the longest function that is counted."""

_STRING_WORDS = 12
"""Words read of one string: longer ones are templates and messages."""

_NAMES = frozenset(
    {"identifier", "shorthand_property_identifier", "shorthand_property_identifier_pattern"}
)
_PROPERTIES = frozenset({"property_identifier", "private_property_identifier"})
_STRINGS = frozenset({"string", "string_fragment", "template_string", "regex_pattern"})


class Bag(NamedTuple):
    """Different items and how often each occurs.

    Attributes:
        keys_F: uint32, different from each other.
        counts_F: float32, 1 or more.
    """

    keys_F: np.ndarray
    counts_F: np.ndarray


class FunctionBag(NamedTuple):
    """The bags of one function.

    Attributes:
        fragments: of its normal form; the key modulo `KINDS` is the kind.
        words: of properties, globals and strings.
        locals: of the names that the function declares.
        name: of the function's own name.
    """

    fragments: Bag
    words: Bag
    locals: Bag
    name: Bag


EMPTY = Bag(np.zeros(0, np.uint32), np.zeros(0, np.float32))
NOTHING = FunctionBag(EMPTY, EMPTY, EMPTY, EMPTY)
"""The bags of a source that does not parse."""


def function_bag(forms: SourceForms, name: str = "") -> FunctionBag:
    """Count a function; empty bags if it does not parse or is longer than `LONGEST`.

    Args:
        forms: the function.
        name: its name, qualified (`Queue.push`) or not; "" takes the names of the top-level
            functions of the source.
    """
    if forms.program is None or forms.normal is None or len(forms.text) > LONGEST:
        return NOTHING
    keys_F, counts_F = count_fragments(forms.normal)
    words, local, own = _words(forms.program, name)
    return FunctionBag(
        Bag(keys_F, counts_F.astype(np.float32)), bag_of(words), bag_of(local), bag_of(own)
    )


def text_bag(text: str) -> Bag:
    """Count the words of a text in natural language, or of a name."""
    return bag_of(Counter(subtokens(text)))


def summary_bag(documentation: str) -> Bag:
    """Count the words of the first sentence of a comment, without tags and markup."""
    text = re.sub(r"\{@\w+ ([^}]*)\}", r"\1", documentation)
    text = re.sub(r"<[^>]+>", " ", text)
    text = re.split(r"(?m)^\s*@|\n\s*\n", text)[0]
    return text_bag(re.split(r"(?<=[a-z)])\.(?:\s|$)", text)[0])


def bag_of(counts: Counter[str]) -> Bag:
    """Return counted words as a bag."""
    size = len(counts)
    keys_F = np.fromiter(map(word_key, counts), np.uint32, size)
    return Bag(keys_F, np.fromiter(counts.values(), np.float32, size))


@lru_cache(100_000)
def word_key(word: str) -> int:
    """Return the key of a word."""
    return crc32(word.encode("utf-8", "replace"))


def _words(program: Program, name: str) -> tuple[Counter[str], Counter[str], Counter[str]]:
    """Return the words of properties, globals and strings; of local names; of the own name."""
    words: Counter[str] = Counter()
    local: Counter[str] = Counter()
    own: Counter[str] = Counter()
    last = name.rpartition(".")[2]
    own.update(_split(name))
    outermost = {f.name for f in program.functions if f.outer is None and f.name}
    declared = {binding.name for binding in program.scopes.bindings}
    for leaf, text in zip(program.tree.leaves, program.text_of, strict=True):
        if leaf.start < 0 or leaf.end > len(program.source):
            continue  # of the wrapper that lets a method parse
        kind = leaf.type
        is_name = kind in _NAMES
        if is_name or kind in _PROPERTIES:
            if text == last or (is_name and text in outermost):
                own.update(() if last else _split(text))
            else:
                (local if is_name and text in declared else words).update(_split(text))
        elif kind in _STRINGS:
            words.update(_split(text)[:_STRING_WORDS])
    return words, local, own


_split = lru_cache(100_000)(subtokens)
