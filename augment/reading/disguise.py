"""Syntax that tree-sitter's grammars do not know, disguised as syntax that they know.

The grammar is given a text of the same length in which a few bytes differ; `Disguise.undo` then
gives the tokens of the tree their own extent and type back. Nothing is lost: the text of a token is
always that of the source. Words that only stand in a token's margin (type arguments, import
attributes) are listed as `hidden`, so that nobody renames what they mention.
"""

from __future__ import annotations

import re
from typing import Final

from augment.reading.disguise_rules import (
    RULES,
    TYPESCRIPT_RULES,
    ends_operand,
    lexeme_at,
    member_starts,
)
from augment.reading.disguised_text import Disguise
from augment.reading.lexer import Lexeme, lexemes
from augment.syntax.tree import Language

# ECMA-262 §12.9.4: what is no escape sequence, which only a tagged template may hold (§13.2.8).
_NO_ESCAPE: Final = re.compile(
    rb"\\(?:u(?![0-9A-Fa-f]{4}|\{[0-9A-Fa-f]+\})|x(?![0-9A-Fa-f]{2})|[1-9]|0[0-9])|\\\\"
)


def disguise(source: bytes, language: Language) -> Disguise:
    """Return how `source` is to be shown to the grammar of `language`."""
    made = Disguise(source)
    found = lexemes(source, jsx=language != "typescript")
    members = member_starts(found)
    rules = RULES if language == "javascript" else RULES + TYPESCRIPT_RULES
    for number in range(len(found)):
        for rule in rules:
            rule(made, found, number, members)
    _escapes(made, found)
    return made


def _escapes(made: Disguise, found: list[Lexeme]) -> None:
    r"""`` String.raw`\u` ``: show invalid escapes of tagged templates as other characters."""
    tagged: list[bool] = []
    for number, lexeme in enumerate(found):
        if lexeme.kind != "template":
            continue
        if lexeme.text.startswith("`"):
            tagged.append(ends_operand(lexeme_at(found, number - 1)))
        if tagged and tagged[-1]:
            for match in _NO_ESCAPE.finditer(made.source, lexeme.start, lexeme.end):
                if match[0] != b"\\\\":
                    made.text[match.start()] = ord("_")
        if lexeme.text.endswith("`") and tagged:
            tagged.pop()
