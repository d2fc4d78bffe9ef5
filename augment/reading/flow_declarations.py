"""Finds the ends of declarations in Flow's type syntax."""

from __future__ import annotations

from augment.reading.flow_grammar import TypeGrammar


class DeclarationGrammar(TypeGrammar):
    """Finds the ends of `type`, `interface`, `declare` and of imports and exports of types."""

    def statement_end(self, at: int) -> int:
        """Return the index after an import or export, which ends in a string or brace."""
        number = at + 1
        while number < len(self.found):
            lexeme = self.token(number)
            if lexeme.text == ";":
                return number + 1
            if lexeme.kind == "string":
                return number + 2 if self.is_(number + 1, ";") else number + 1
            if lexeme.text in ("{", "{|"):
                number = self.matching(number)
                if not self.word(number, "from"):
                    return number + 1 if self.is_(number, ";") else number
                continue
            number += 1
        return number

    def declaration(self, at: int) -> int:
        """Return the index after the type declaration at `at`, or `at` if there is none."""
        if self.word(at, "opaque") and self.word(at + 1, "type"):
            return self.declaration(at + 1)
        if self.word(at, "type") and self.word(at + 1):
            number = at + 2
            if self.is_(number, "<"):
                number = self.angles(number)
            if self.is_(number, ":"):
                number = self.type(number + 1)
            if self.is_(number, "="):
                number = self.type(number + 1)
                return number + 1 if self.is_(number, ";") else number
            return number + 1 if self.is_(number, ";") else at
        if self.word(at, "interface") and self.word(at + 1):
            return self.matching(self.until_brace(at))
        if self.word(at, "declare") and self.word(at + 1) and not self.token(at + 1).line_before:
            return self._declared(at)
        return at

    def _declared(self, at: int) -> int:
        number = at + 1
        while self.word(number, "export", "default"):
            number += 1
        if self.word(number, "type", "opaque", "interface"):
            return self.declaration(number)
        if self.word(number, "class", "module") and not self.is_(number + 1, "."):
            return self.matching(self.until_brace(number))
        while number < len(self.found):
            lexeme = self.token(number)
            if lexeme.text == ";":
                return number + 1
            if lexeme.text == ":":
                number = self.type(number + 1)
                return number + 1 if self.is_(number, ";") else number
            if lexeme.text in ("(", "{", "["):
                number = self.matching(number)
                continue
            if lexeme.line_before and number > at + 2:
                return number
            number += 1
        return number

    def until_brace(self, at: int) -> int:
        """Return the index of the next brace."""
        while at < len(self.found) and self.token(at).text not in ("{", "{|"):
            at += 1
        return at

    def member_end(self, at: int) -> int:
        """Return the index after the class member that contains token `at`."""
        while at < len(self.found) and self.token(at).text not in (";", "}"):
            at += 1
        return at + 1 if self.is_(at, ";") else at
