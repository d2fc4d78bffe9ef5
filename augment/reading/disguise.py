"""Disguises syntax that tree-sitter's grammars lack as syntax that they support.

The grammar parses a text of the same length in which a few bytes differ. `Disguise.undo` then
restores the spans and types of tokens in the tree. Nothing is lost, as the text of a token is
always taken from the source. Spans that are not in the tree (type arguments, import attributes) are
listed as `hidden`, so that names in them are not renamed.
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

# Invalid escape sequences (ECMA-262 §12.9.4), which only tagged templates may contain (§13.2.8).
# The last alternative skips escaped backslashes.
_INVALID_ESCAPE: Final = re.compile(
    rb"\\(?:u(?![0-9A-Fa-f]{4}|\{[0-9A-Fa-f]+\})|x(?![0-9A-Fa-f]{2})|[1-9]|0[0-9])|\\\\"
)


def disguise(source: bytes, language: Language) -> Disguise:
    """Return `source`, disguised for the grammar of `language`."""
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
    r"""`` String.raw`\u` ``: hide invalid escapes of tagged templates."""
    tagged: list[bool] = []
    for number, lexeme in enumerate(found):
        if lexeme.kind != "template":
            continue
        if lexeme.text.startswith("`"):
            tagged.append(ends_operand(lexeme_at(found, number - 1)))
        if tagged and tagged[-1]:
            for match in _INVALID_ESCAPE.finditer(made.source, lexeme.start, lexeme.end):
                if match[0] != b"\\\\":
                    made.text[match.start()] = ord("_")
        if lexeme.text.endswith("`") and tagged:
            tagged.pop()
