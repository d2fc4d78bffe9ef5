"""Converts files in UTF-16 or Windows-1252 to UTF-8."""

from __future__ import annotations

import codecs


def as_utf8(data: bytes) -> tuple[bytes, str]:
    """Return `data` as UTF-8 and a note on how it was decoded, or "" if it is UTF-8 already.

    Data with a byte order mark of UTF-16 is decoded as such. Other data that is not UTF-8 is
    decoded as Windows-1252, the superset of Latin-1 that browsers use (WHATWG Encoding Standard,
    §4.2). Lines and columns stay the same; byte offsets do not.
    """
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        try:
            return data.decode("utf-16").encode(), "decoded from UTF-16"
        except UnicodeDecodeError:
            pass
    try:
        data.decode()
    except UnicodeDecodeError:
        text = "".join(_character(byte) for byte in data)
        return text.encode(), "decoded from Latin-1"
    return data, ""


def _character(byte: int) -> str:
    if 0x80 <= byte < 0xA0:
        return bytes([byte]).decode("cp1252", errors="ignore") or chr(byte)
    return chr(byte)
