"""What strict TypeScript complains of as an implicit any, and the types that answer it."""

from collections.abc import Iterable, Sequence

from contracode.products.annotate.diagnostics import Diagnostic
from contracode.products.annotate.project_annotations import AnnotatedFile, Errors

CODES = frozenset({7005, 7006, 7019, 7031, 7034})
"""Variables, parameters, rest parameters, elements of patterns, variables of unknown type."""


def complained(errors: Iterable[Diagnostic]) -> set[tuple[int, int]]:
    """Return the files and offsets of implicit anys."""
    return {(error.file, error.start) for error in errors if error.code in CODES}


def keep_complained(files: Sequence[AnnotatedFile], asked: Errors) -> int:
    """Leave in each file the choices that answer a complaint.

    Args:
        files: whose choices are filtered.
        asked: the compiler, which reports implicit anys.

    Returns:
        The number of complaints.
    """
    places = complained(asked.errors({}))
    for number, file in enumerate(files):
        file.choices = [
            choice
            for choice in file.choices
            if (number, choice.target.span[0]) in places
            or (choice.target.form == "rest" and (number, choice.target.span[0] - 3) in places)
        ]
    return len(places)
