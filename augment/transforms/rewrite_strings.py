"""Write strings with other quotes and escapes."""

import re
from collections.abc import Iterator
from typing import Final

from augment.analysis.contexts import is_module_name, is_value
from augment.analysis.effects import in_directive
from augment.program.program import Program
from augment.rewriting.edits import Replace, Rewrite
from augment.rewriting.registry import Draw, transform
from augment.rewriting.semantics import Semantics
from augment.syntax.literals import string_text, string_value
from augment.syntax.tree import Node

# One escape or one character of the inside of a string.
_PART: Final = re.compile(
    r"\\(?:u\{[0-9a-fA-F]+\}|u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|\r\n|[0-7]{1,3}|.)|.", re.DOTALL
)
# Escapes of letters that may as well be written plainly. Digits may not: `\0` before one would
# become another escape.
_LETTER: Final = re.compile(r"\\(?:x|u00)(4[1-9a-fA-F]|5[0-9aA]|6[1-9a-fA-F]|7[0-9aA])\Z")
_ESCAPES: Final = 0.3
_ESCAPED_SHARE: Final = 0.12


@transform(
    "rewrite-strings",
    family="literals",
    phase="structure",
    level=Semantics.PRESERVED,
    probability=0.15,
    strength=0.5,
)
def rewrite_strings(program: Program, draw: Draw) -> Iterator[Rewrite]:
    """Write a string with the other quotes, some characters as escapes, or escaped letters plainly.

    Directives keep their spelling, since an escape would end them; so do attributes of JSX, which
    have no escapes, and the names of modules.

    Source: ECMA-262 §12.9.4, §11.2.1.
    """
    escaping = draw.random() < _ESCAPES
    for node, text in program.analysis(_free):
        if draw.site():
            parts = _PART.findall(text[1:-1])
            new = _escaped(text[0], parts, draw) if escaping else _requoted(text[0], parts)
            if new != text:
                yield Rewrite((Replace(node, new),))


def _free(program: Program) -> list[tuple[Node, str]]:
    """Return the strings that may be written otherwise, and how they are written."""
    return [
        (node, program.text_of[node.first])
        for node in program.nodes("string")
        if _is_free(program, node)
    ]


def _is_free(program: Program, node: Node) -> bool:
    if (
        node.parent is not None
        and node.parent.type in ("pair", "pair_pattern")
        and node.field_name == "key"
    ):
        return True
    return is_value(node) and not in_directive(node) and not is_module_name(program, node)


def _requoted(old: str, parts: list[str]) -> str:
    new = "'" if old == '"' else '"'
    written: list[str] = []
    for part in parts:
        letter = _LETTER.match(part)
        if letter:
            part = chr(int(letter[1], 16))
        elif part == new:
            part = "\\" + new
        elif part == "\\" + old:
            part = old
        written.append(part)
    return new + "".join(written) + new


def _escaped(quote: str, parts: list[str], draw: Draw) -> str:
    written: list[str] = []
    for part in parts:
        if len(part) == 1 and draw.random() < (_ESCAPED_SHARE if part < "\x7f" else 1):
            units = part.encode("utf-16-be")
            for at in range(0, len(units), 2):
                unit = units[at] << 8 | units[at + 1]
                written.append(
                    f"\\x{unit:02x}" if unit < 0x80 and draw.random() < 0.5 else f"\\u{unit:04x}"
                )
        else:
            written.append(part)
    return quote + "".join(written) + quote


@rewrite_strings.canonical
def canonical(program: Program) -> Iterator[Rewrite]:
    """Write strings with double quotes, and only the escapes that they need."""
    for node, text in program.analysis(_free):
        value = string_value(text)
        plain = text if value is None else string_text(value)
        if plain != text:
            yield Rewrite((Replace(node, plain),))
