"""Finds the ends of Flow's types, with as much of their grammar as that takes."""

from __future__ import annotations

from typing import Final

from augment.reading.lexer import Lexeme

_END: Final = Lexeme("mark", "", -1, -1, True)


class TypeGrammar:
    """Answers questions about the tokens of a source, which are given by their indices.

    Attributes:
        found: the tokens.
    """

    def __init__(self, found: list[Lexeme]) -> None:
        self.found = found

    def token(self, at: int) -> Lexeme:
        """Return a token, or an empty one if there is none at this index."""
        return self.found[at] if 0 <= at < len(self.found) else _END

    def word(self, at: int, *words: str) -> bool:
        """Whether the token is a word, and one of `words` if any are given."""
        lexeme = self.token(at)
        return lexeme.kind == "word" and (not words or lexeme.text in words)

    def is_(self, at: int, text: str) -> bool:
        """Whether the token is the punctuation `text`."""
        lexeme = self.token(at)
        return lexeme.kind in ("mark", "head") and lexeme.text == text

    def matching(self, at: int) -> int:
        """Return the index after the bracket that closes the one at `at`."""
        depth = 0
        for number in range(at, len(self.found)):
            lexeme = self.token(number)
            if lexeme.kind in ("mark", "head"):
                depth += lexeme.text in ("(", "[", "{", "{|")
                depth -= lexeme.text in (")", "]", "}", "|}")
                if depth == 0:
                    return number + 1
        return len(self.found)

    def opening(self, close: int) -> int:
        """Return the index of the bracket that the one at `close` closes."""
        depth = 0
        for number in range(close, -1, -1):
            text = self.token(number).text
            if self.token(number).kind not in ("mark", "head"):
                continue
            depth += text in (")", "]", "}", "|}")
            depth -= text in ("(", "[", "{", "{|")
            if depth == 0:
                return number
        return -1

    def angles(self, at: int) -> int:
        """Return the index after the `>` that closes the `<` at `at`, or -1 if there is none."""
        depth, number = 0, at
        while number < len(self.found) and number < at + 2000:
            lexeme = self.token(number)
            if lexeme.kind in ("mark", "head"):
                if lexeme.text == "<":
                    depth += 1
                elif lexeme.text == ">":
                    depth -= 1
                    if not depth:
                        return number + 1
                elif lexeme.text in ("(", "[", "{", "{|"):
                    number = self.matching(number) - 1
                elif lexeme.text in (")", "]", "}", ";", "&&", "||", "|}"):
                    return -1
            number += 1
        return -1

    def type(self, at: int, *, arrow: bool = True) -> int:
        """Return the index after the type that starts at `at`.

        Args:
            at: index of its first token.
            arrow: whether a function type needs no parentheses here.
        """
        if self.is_(at, "|") or self.is_(at, "&"):
            at += 1
        while True:
            at = self._unary(at, arrow)
            if self.is_(at, "|") or self.is_(at, "&"):
                at += 1
            elif self.word(at, "extends") and not self.token(at).line_before:
                at = self.type(at + 1, arrow=arrow)
                if self.is_(at, "?"):
                    at = self.type(at + 1, arrow=arrow)
                    at = self.type(at + 1, arrow=arrow)
                return at
            else:
                return at

    def _unary(self, at: int, arrow: bool) -> int:
        while (
            self.is_(at, "?")
            or self.is_(at, "-")
            or (self.word(at, "interface") and self.is_(at + 1, "{"))
            or self.word(at, "typeof", "keyof", "implies", "renders")
            or (self.word(at, "asserts", "readonly") and self.word(at + 1))
        ):
            at += 1
        text = self.token(at).text
        if self.token(at).kind in ("mark", "head"):
            if text == "<":
                end = self.angles(at)
                return self._unary(end, True) if end > 0 else at + 1
            if text in ("(", "[", "{", "{|"):
                end = self.matching(at)
                if text == "(" and self.is_(end, "=>") and arrow:
                    return self.type(end + 1)
                return self._postfix(end, arrow)
            return at + 1  # `*`
        return self._postfix(at + 1, arrow)

    def _postfix(self, at: int, arrow: bool) -> int:
        while True:
            if self.is_(at, ".") and self.word(at + 1):
                at += 2
            elif self.is_(at, "?.") and self.is_(at + 1, "["):
                at = self.matching(at + 1)
            elif self.is_(at, "[") and not self.token(at).line_before:
                at = self.matching(at)
            elif self.is_(at, "<"):
                end = self.angles(at)
                if end < 0:
                    return at
                at = end
            elif self.word(at, "is") and not self.token(at).line_before:
                at = self._unary(at + 1, arrow)
            elif arrow and self.is_(at, "=>"):
                return self.type(at + 1)
            else:
                return at
