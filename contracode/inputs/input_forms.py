"""The forms in which an encoder reads a source: as written, with local names numbered, or normal.

An encoder that reads normal forms need not learn which rewrites change nothing, and one that reads
numbered names cannot rely on names.

Legend: T pieces.
"""

from __future__ import annotations

from functools import cached_property

import numpy as np

import augment
from augment import Program
from contracode.inputs.windows import Break, breaks
from contracode.support.config import InputForm

LONGEST = 100_000
"""Bytes of the longest source that is brought into its normal form; longer ones stay as written."""


class SourceForms:
    """The forms of one source, each made when it is first asked for; the source is parsed once.

    Args:
        text: any text; one that does not parse has only its written form.
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
        """The parsed source, or None if it does not parse; its top-level names count as local."""
        try:
            return augment.parse(self.text, language=self.language, source_type="commonjs")
        except augment.ParseError:
            return None

    @cached_property
    def normal(self) -> Program | None:
        """The normal form, with names as written; None if the source does not parse."""
        program = self.program
        if program is None or len(program.source) > LONGEST:
            return program
        return augment.normalized(program, by_name=True)

    def spelled(self, form: InputForm) -> str:
        """Return the text in a form; as written if it does not parse."""
        return self.text if form == "written" else self._numbered(form)[0]

    def breaks(self, form: InputForm, spans_T2: np.ndarray) -> list[Break]:
        """Return where the text in a form may be cut; nowhere if it does not parse.

        Args:
            form: of the text.
            spans_T2: bytes of the pieces of that text.
        """
        program = self.normal if form == "normal" else self.program
        if program is None:
            return []
        return breaks(program, spans_T2, None if form == "written" else self._numbered(form)[1])

    def _numbered(self, form: InputForm) -> tuple[str, list[int]]:
        """Return the text with numbered names, and where each token of the program begins in it."""
        if form not in self._kept:
            program = self.normal if form == "normal" else self.program
            self._kept[form] = (
                (self.text, []) if program is None else augment.number_names_with_offsets(program)
            )
        return self._kept[form]

    @cached_property
    def _kept(self) -> dict[InputForm, tuple[str, list[int]]]:
        return {}
