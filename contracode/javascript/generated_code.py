"""Detection of generated and minified sources, which are useless for training."""

import re

_GENERATED = re.compile(
    rb"@generated\b|\bauto(matically |-|)generated\b"
    rb"|\b(file|code|module) (is|was|has been) (\w+ )?generated\b"
    rb"|^[/*#\s]*generated (by|from)\b|\bdo not (edit|modify)\b",
    re.IGNORECASE | re.MULTILINE,
)

# Lines written by hand rarely exceed 120 bytes. github-linguist calls an average of 110 minified,
# but hand-written files with data in strings reach twice that.
_MINIFIED_MEAN, _MINIFIED_LINE = 220, 5_000


def generated_kind(content: bytes, *, min_bytes: int = 0) -> str | None:
    """Return "generated" if the head of a file says so, "minified" if its lines are very long.

    Args:
        content: content of the file.
        min_bytes: minimum size of a file whose lines are inspected.
    """
    if _GENERATED.search(content[:1_000]):
        return "generated"
    if len(content) < min_bytes:
        return None
    lines = content.splitlines() or [b""]
    if len(content) / len(lines) > _MINIFIED_MEAN or max(map(len, lines)) > _MINIFIED_LINE:
        return "minified"
    return None
