"""Splitting identifiers into their words."""

import re

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")


def subtokens(name: str) -> list[str]:
    """Split an identifier at camelCase, snake_case and digits, lower-cased: `parseURL2Host` is
    parse, url, 2, host.

    Source: code2vec (Alon et al., POPL 2019), section 6.1, whose scores the paper takes over
        (section 4.3).
    """
    parts: list[str] = []
    previous = ""
    for at, char in enumerate(name):
        following = name[at + 1 : at + 2]
        if not char.isalnum():
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


def ascii_words(name: str) -> list[str]:
    """Return the words of an identifier in lower case: `parseHTMLNode` is parse, html, node."""
    return [word.lower() for word in _WORD.findall(name)]
