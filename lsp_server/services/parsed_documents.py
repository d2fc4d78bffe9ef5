"""Parsed versions of documents, shared by all jobs of the worker."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from augment import Language, Program


class ParsedDocuments:
    """Parses each version of a document once.

    Only the worker's thread may use it. The last version is kept, as requests ask about one
    document at a time.

    Attributes:
        parsed: number of parses so far.
    """

    def __init__(self) -> None:
        self.parsed = 0
        self._last: tuple[Language, str, Program | Exception] | None = None

    def program(self, source: str, language: "Language") -> "Program":
        """Return a parsed source.

        Raises:
            augment.ParseError: the source does not parse.
            RecursionError: the source is nested too deeply.
        """
        import augment  # the server starts without tree-sitter

        if self._last is None or self._last[:2] != (language, source):
            self.parsed += 1
            try:
                found = augment.parse(source, language=language)
            except (augment.ParseError, RecursionError) as error:
                found = error
            self._last = (language, source, found)
        if isinstance(found := self._last[2], Exception):
            raise found
        return found

    def try_program(self, source: str, language: "Language") -> "Program | None":
        """Return a parsed source, or None if it does not parse."""
        import augment

        try:
            return self.program(source, language)
        except (augment.ParseError, RecursionError):
            return None
