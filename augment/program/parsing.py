"""Parsing a source: as it is, with what the grammar does not know disguised, or in parts."""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress
from typing import Final

from augment.reading.disguise import disguise
from augment.reading.disguised_text import Disguise
from augment.reading.flow_types import blank_flow_types
from augment.reading.partial import Skipped, blank_errors
from augment.syntax.collector import collection_paused
from augment.syntax.misreadings import misread
from augment.syntax.source import SourceTypeOption, detect_source_type, parse_wrapped, place
from augment.syntax.tree import Language, ParseError, SourceType, Tree

_WORD: Final = re.compile(r"[\w$]+")


class Parsed:
    """A source that was parsed: see `Program` for its attributes."""

    __slots__ = (
        "adjusted",
        "hidden_words",
        "skipped",
        "source",
        "source_type",
        "text",
        "tree",
        "wrapper",
    )

    def __init__(
        self,
        source: bytes,
        language: Language,
        source_type: SourceTypeOption,
        disguise: Disguise | None = None,
    ) -> None:
        with collection_paused():
            tree, prefix, suffix = parse_wrapped(source, language, disguise)
        self.adjusted = ""
        self.source = source
        self.tree: Tree = tree
        self.wrapper = (prefix.decode(), suffix.decode())
        self.text = _leaf_texts(tree, source, prefix, suffix)
        self.source_type: SourceType = (
            detect_source_type(tree, self.text) if source_type == "auto" else source_type
        )
        self.skipped: list[Skipped] = []
        self.hidden_words = (
            frozenset[str]() if disguise is None else _words(source, disguise.hidden)
        )
        wrong = misread(tree, self.text, source, self.source_type)
        if wrong is not None:
            message, offset = wrong
            raise place(source[: max(offset, 0)].decode(), message)


def _words(source: bytes, spans: Iterable[tuple[int, int]]) -> frozenset[str]:
    return frozenset(
        word for start, end in spans for word in _WORD.findall(source[start:end].decode())
    )


def parsed(
    source: bytes, language: Language, source_type: SourceTypeOption, partial: bool
) -> Parsed:
    """Parse `source` as it is; where that fails, in the other ways that there are."""
    try:
        return Parsed(source, language, source_type)
    except ParseError as error:
        read = _read_otherwise(source, language, source_type)
        if read is None and partial:
            read = _read_parts(source, language, source_type)
        if read is None:
            raise error from None
        return read


def _read_otherwise(
    source: bytes, language: Language, source_type: SourceTypeOption
) -> Parsed | None:
    """Parse `source` with what the grammar does not know disguised, or without Flow's types."""
    disguised = disguise(source, language)
    if not disguised.is_empty:
        with suppress(ParseError):
            return Parsed(source, language, source_type, disguised)
    if language == "javascript":
        plain = blank_flow_types(source)
        if plain != source:
            with suppress(ParseError):
                return _flow(plain, source_type)
    return None


def _read_parts(source: bytes, language: Language, source_type: SourceTypeOption) -> Parsed | None:
    """Parse the statements of `source` that parse by themselves, the others left out."""

    def reads(part: bytes) -> str:
        try:
            read = Parsed(part, language, source_type)
        except ParseError as error:
            other = _read_otherwise(part, language, source_type)
            return "" if other is not None and not other.wrapper[0] else error.message
        return "it is no statement" if read.wrapper[0] else ""

    text, skipped = blank_errors(source, reads)
    if text.isspace() or not skipped:
        return None
    try:
        read = Parsed(text, language, source_type)
    except ParseError:
        other = _read_otherwise(text, language, source_type)
        if other is None:
            return None
        read = other
    read.source = read.source if read.adjusted else text
    read.skipped = skipped
    read.hidden_words |= _words(source, [part.span for part in skipped])
    return read


def _flow(plain: bytes, source_type: SourceTypeOption) -> Parsed:
    disguised = disguise(plain, "javascript")
    read = Parsed(plain, "javascript", source_type, None if disguised.is_empty else disguised)
    read.source = plain
    read.adjusted = "Flow types are left out"
    return read


def _leaf_texts(tree: Tree, source: bytes, prefix: bytes, suffix: bytes) -> list[str]:
    if not prefix and source.isascii():
        text = source.decode()
        return [text[leaf.start : leaf.end] for leaf in tree.leaves]
    whole, shift = prefix + source + suffix, len(prefix)
    return [whole[leaf.start + shift : leaf.end + shift].decode() for leaf in tree.leaves]
