"""Splitting identifiers into their words."""

import re
import unicodedata
from typing import Literal

Splitter = Literal["ascii", "unicode"]
"""How a model splits names. "unicode" is `subtokens`. "ascii" knows only the letters A to Z and is
kept for models that were trained with it. Both split ASCII names alike.
"""

_ASCII_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")


def subtokens(name: str) -> list[str]:
    """Split an identifier at camelCase, snake_case and digits, and lower-case the words.

    `parseURL2Host` becomes parse, url, 2, host. Letters of all scripts count, with precomposed and
    with combining accents.

    Source: code2vec (Alon et al., POPL 2019), section 6.1; the paper uses its scores (section 4.3).
    """
    if not name.isascii():
        name = unicodedata.normalize("NFC", name)
    parts: list[str] = []
    previous = ""
    for at, char in enumerate(name):
        following = name[at + 1 : at + 2]
        if not char.isalnum():
            if previous and unicodedata.category(char).startswith("M"):
                parts[-1] += char
            else:
                previous = ""
            continue
        begins = (
            not previous
            or char.isalpha() != previous.isalpha()
            or (char.isupper() and (not previous.isupper() or following.islower()))
        )
        if begins:
            parts.append("")
        parts[-1] += char.lower()
        previous = char
    return parts


def split_name(name: str, splitter: Splitter) -> list[str]:
    """Return the lower-case words of an identifier, as a model splits them."""
    if splitter == "unicode":
        return subtokens(name)
    return [word.lower() for word in _ASCII_WORD.findall(name)]
