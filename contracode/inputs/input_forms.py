"""What of a source is read: its text as written, the same with its local names numbered, or its
normal form.

An encoder that reads normal forms need not learn which rewrites change nothing, and one that reads
numbers for names cannot lean on them.
"""

from __future__ import annotations

from functools import cached_property

import augment
from augment import Program
from contracode.support.config import InputForm

LONGEST = 100_000
"""Bytes of a source of which the normal form is still made: a whole file beyond that stays as it
is.
"""


class Reading:
    """A source, parsed and rewritten when it is first asked for.

    Args:
        text: of any kind; what does not parse is only there as written.
        language: "javascript", "typescript" or "tsx".

    Attributes:
        text: the same.
        language: the same.
    """

    def __init__(self, text: str, *, language: augment.Language = "javascript") -> None:
        self.text = text
        self.language: augment.Language = language

    @cached_property
    def program(self) -> Program | None:
        """The source parsed so that what it declares is its own; None where it does not parse."""
        try:
            return augment.parse(self.text, language=self.language, source_type="commonjs")
        except augment.ParseError:
            return None

    @cached_property
    def normal(self) -> Program | None:
        """Its normal form, names as they are; None where it does not parse."""
        program = self.program
        if program is None or len(program.source) > LONGEST:
            return program
        text = augment.normalize(program)
        return augment.parse(text, language=program.language, source_type=program.source_type)

    def spelled(self, form: InputForm) -> str:
        """Return what an encoder reads: the text as written where it does not parse."""
        program = None
        if form != "written":
            program = self.normal if form == "normal" else self.program
        return self.text if program is None else augment.number_names(program)
