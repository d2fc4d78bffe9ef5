"""Literals: their values, and how a value is written (ECMA-262 §12.9, §6.1.6.1.20)."""

from __future__ import annotations

import math
import re
from typing import Final

# ECMA-262 §12.7.2, without those that are reserved only somewhere.
RESERVED_WORDS: Final = frozenset(
    "break case catch class const continue debugger default delete do else enum export extends "
    "false finally for function if import in "
    "instanceof new null return super switch this throw true try typeof var void while with".split()
)


_DECIMAL: Final = re.compile(
    r"(?:0|[1-9][0-9]*)(?:\.[0-9]*)?(?:[eE][+-]?[0-9]+)?\Z|\.[0-9]+(?:[eE][+-]?[0-9]+)?\Z"
)
_RADIX: Final = re.compile(r"0[xX][0-9a-fA-F]+\Z|0[oO][0-7]+\Z|0[bB][01]+\Z")
_ESCAPE: Final = re.compile(
    r"\\(?:u\{([0-9a-fA-F]+)\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(\r\n|[\n\r\u2028\u2029])|([0-9])|(.))",
    re.DOTALL,
)
_SINGLE: Final = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v"}


def number_value(text: str) -> float | None:
    """Return the value of a number literal, or None where it is not a plain Number (BigInt, legacy
    octal).
    """
    text = text.replace("_", "")
    if _DECIMAL.match(text):
        return float(text)
    if _RADIX.match(text):
        value = int(text, 0)
        # Python converts an int with correct rounding, as ECMA-262 §12.9.3 asks
        return float(value)
    return None


def number_text(value: float) -> str | None:
    """Return how `value` is written, as Number::toString does (ECMA-262 §6.1.6.1.20), or None for
    NaN, infinities and -0.
    """
    if math.isnan(value) or math.isinf(value) or (value == 0 and math.copysign(1, value) < 0):
        return None
    if value < 0:
        positive = number_text(-value)
        return None if positive is None else "-" + positive
    if value == 0:
        return "0"
    # repr gives the shortest digits that round-trip, as the specification wants; only the notation
    # differs.
    mantissa, _, exponent = repr(value).partition("e")
    whole, _, fraction = mantissa.partition(".")
    fraction = "" if fraction == "0" else fraction
    # value = 0.digits * 10**point
    digits = (whole + fraction).lstrip("0")
    point = len(whole) - (len(whole + fraction) - len(digits)) + int(exponent or 0)
    digits = digits.rstrip("0") or "0"
    count = len(digits)
    if count <= point <= 21:
        return digits + "0" * (point - count)
    if 0 < point <= 21:
        return digits[:point] + "." + digits[point:]
    if -6 < point <= 0:
        return "0." + "0" * -point + digits
    power = point - 1
    mark = f"e{'+' if power > 0 else '-'}{abs(power)}"
    return digits + mark if count == 1 else f"{digits[0]}.{digits[1:]}{mark}"


def string_value(text: str) -> str | None:
    """Return the value of a string literal as Python text, surrogates paired, or None if it has an
    octal escape or lone surrogates.
    """
    value: list[str] = []
    last = 1
    for match in _ESCAPE.finditer(text, 1, len(text) - 1):
        value.append(text[last : match.start()])
        last = match.end()
        point, unit, byte, line, digit, other = match.groups()
        if line is not None:
            continue
        if digit is not None:
            if digit != "0" or text[last : last + 1].isdigit():
                return None
            value.append("\0")
        elif other is not None:
            if other in "ux":
                return None
            value.append(_SINGLE.get(other, other))
        else:
            value.append(chr(int(point or unit or byte, 16)))
    value.append(text[last : len(text) - 1])
    try:
        return "".join(value).encode("utf-16-le", "surrogatepass").decode("utf-16-le")
    except UnicodeDecodeError:
        return None


def string_text(value: str, quote: str = '"') -> str:
    """Return a string literal for `value`."""
    out = [quote]
    for char in value:
        if char == quote or char == "\\":
            out.append("\\" + char)
        elif char in _ESCAPED:
            out.append(_ESCAPED[char])
        elif char < " " or char in "\x7f\u2028\u2029\ufeff":
            out.append(f"\\u{ord(char):04x}")
        else:
            out.append(char)
    return "".join(out) + quote


def template_text(value: str) -> str:
    """Return `value` as it is written between the back quotes of a template (ECMA-262 §12.9.6)."""
    return string_text(value, "`")[1:-1].replace("${", "\\${")


_ESCAPED: Final = {"\n": "\\n", "\t": "\\t", "\r": "\\r", "\b": "\\b", "\f": "\\f", "\v": "\\v"}


def utf16_length(value: str) -> int:
    """Return `length` as JavaScript counts it: UTF-16 code units."""
    return len(value) + sum(char > "\uffff" for char in value)
