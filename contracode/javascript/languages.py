"""Languages of source files by extension."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from augment import Language

LANGUAGES: dict[str, Language] = {
    ".js": "javascript",
    ".cjs": "javascript",
    ".mjs": "javascript",
    ".jsx": "javascript",
    ".ts": "typescript",
    ".cts": "typescript",
    ".mts": "typescript",
    ".tsx": "tsx",
}


def language_of(path: str | Path) -> Language:
    """Return the language of a file; JavaScript if the extension is unknown."""
    return LANGUAGES.get(Path(path).suffix.lower(), "javascript")
