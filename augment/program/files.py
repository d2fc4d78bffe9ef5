"""Programs of files, which may be markup that holds scripts."""

from __future__ import annotations

from pathlib import PurePath
from typing import Final

from augment.program.program import Program, parse
from augment.reading.scripts import MARKUP, scripts_in
from augment.reading.text import as_utf8
from augment.syntax.source import SourceTypeOption
from augment.syntax.tree import Language, ParseError


def parse_file(
    data: bytes, name: str, *, source_type: SourceTypeOption = "auto", partial: bool = True
) -> Program:
    """Parse a file of JavaScript or TypeScript, or the scripts of .vue, .svelte, .astro and .html.

    Args:
        data: its content.
        name: its name, whose suffix tells the language.
        source_type: as in `parse`.
        partial: as in `parse`.

    Raises:
        ParseError: as in `parse`, or the file holds no script.
    """
    suffix = PurePath(name).suffix.lower()
    if suffix not in MARKUP:
        return parse(data, language=language_of(name), source_type=source_type, partial=partial)
    text, decoded = as_utf8(data)
    scripts = scripts_in(text, suffix)
    if not scripts.number:
        raise ParseError("there is no script in this file", 1, 1)
    program = Program(scripts.text, scripts.language, source_type, partial)
    shown = f"{scripts.number} script{'s' if scripts.number > 1 else ''} of a file of markup"
    program.adjusted = "; ".join(filter(None, (decoded, shown, program.adjusted)))
    return program


def language_of(name: str) -> Language:
    """Return the language of a file of this name; JavaScript if its suffix is not known."""
    return _LANGUAGES.get(PurePath(name).suffix.lower(), "javascript")


_LANGUAGES: Final[dict[str, Language]] = {
    ".ts": "typescript",
    ".mts": "typescript",
    ".cts": "typescript",
    ".tsx": "tsx",
}
