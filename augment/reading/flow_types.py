"""Replaces Flow's type annotations with blanks, which leaves plain JavaScript.

All other bytes keep their offsets. One pass over the tokens finds the positions of types, and a
small grammar finds where each type ends.

Source: Flow documentation, "Type annotations". The same syntax is removed as by
`flow-remove-types`.
"""

from __future__ import annotations

import re
from typing import Final

from augment.reading.flow_declarations import DeclarationGrammar
from augment.reading.lexer import Lexeme, lexemes

_CLOSERS: Final = {")": "(", "]": "[", "}": "{", "|}": "{"}

_DECLARATORS: Final = frozenset({"var", "let", "const"})

_OPERATOR_WORDS: Final = frozenset(
    "return typeof instanceof in of new delete void throw case do else await yield default "
    "extends export import const let var".split()
)


def blank_flow_types(source: bytes) -> bytes:
    """Return `source` with blanks for its Flow types. Errors outside of types stay."""
    return _Blanker(source).run()


class _Blanker(DeclarationGrammar):
    def __init__(self, source: bytes) -> None:
        super().__init__(lexemes(source))
        self.source = source
        self.text = bytearray(source)
        self.blanked: set[int] = set()
        # Open brackets: "(", "[", or for a brace "block", "object" or "class".
        self.open: list[str] = []
        # Number of conditional expressions that wait for their ":", for each open bracket.
        self.pending: list[int] = [0]

    def run(self) -> bytes:
        at = 0
        while at < len(self.found):
            at = self._step(at)
        return bytes(self.text)

    def _blank(self, first: int, last: int) -> int:
        """Blank the tokens from `first` up to but not including `last`; return `last`."""
        if last > first:
            start, end = self.token(first).start, self.token(last - 1).end
            self.text[start:end] = re.sub(rb"[^\n]", b" ", self.source[start:end])
            self.blanked.update(range(first, last))
        return last

    def _before(self, at: int) -> Lexeme:
        """Return the last token before `at` that is not blanked."""
        at -= 1
        while at in self.blanked:
            at -= 1
        return self.token(at)

    # -- tokens

    def _step(self, at: int) -> int:
        lexeme = self.token(at)
        if lexeme.kind == "word":
            return self._at_word(at)
        if lexeme.kind == "template":
            if lexeme.text.startswith("}"):
                self._close()
            if lexeme.text.endswith("${"):
                self._enter("object")
            return at + 1
        if lexeme.kind not in ("mark", "head"):
            return at + 1
        return self._at_mark(at, lexeme.text)

    def _enter(self, region: str) -> None:
        self.open.append(region)
        self.pending.append(0)

    def _close(self) -> None:
        if self.open:
            self.open.pop()
            self.pending.pop()

    def _at_mark(self, at: int, text: str) -> int:
        if text in ("(", "["):
            self._enter(text)
        elif text in ("{", "{|"):
            self._enter(self._brace(at))
        elif text in _CLOSERS:
            self._close()
        elif text == "?":
            if self.is_(at + 1, ":") and self.open[-1:] == ["("]:
                self._blank(at, at + 1)  # an optional parameter
                return at + 1
            if self.is_(at + 1, ")") or self.is_(at + 1, ",") or self.is_(at + 1, "="):
                return self._blank(at, at + 1)
            self.pending[-1] += 1
        elif text == ":":
            return self._at_colon(at)
        elif text == "<":
            return self._at_angle(at)
        elif text in ("+", "-") and self.open[-1:] == ["class"] and self._begins_member(at):
            return self._blank(at, at + 1)
        return at + 1

    def _begins_member(self, at: int) -> bool:
        before = self.token(at - 1)
        return before.text in ("{", ";", "}", "static") or self.token(at).line_before

    def _brace(self, at: int) -> str:
        before = self._before(at)
        if self._class_head(at):
            return "class"
        if before.text == ")" or before.text in ("=>", ";", "{", "", "}"):
            return (
                "block" if not (before.text == "{" and self.open[-1:] == ["object"]) else "object"
            )
        if before.kind == "word":
            return (
                "block" if before.text in ("do", "else", "try", "finally", "static") else "object"
            )
        if before.text == ":" and self.open[-1:] not in (["object"], ["("], ["["]):
            return "object" if self.pending[-1] else "block"
        return "object"

    def _class_head(self, at: int) -> bool:
        """Whether the brace or word at `at` belongs to the head of a class."""
        depth = 0
        for number in range(at - 1, max(at - 200, -1), -1):
            lexeme = self.token(number)
            if number in self.blanked:
                continue
            if lexeme.text in (")", "]", "}"):
                if depth == 0 and lexeme.text == "}":
                    return False
                depth += 1
            elif lexeme.text in ("(", "[", "{"):
                if depth == 0:
                    return False
                depth -= 1
            elif depth == 0 and lexeme.kind == "word" and lexeme.text == "class":
                return self.token(number - 1).text not in (".", "?.")
            elif depth == 0 and lexeme.text in (";", "=", "=>", ":", "?", "&&", "||", "+"):
                return False
        return False

    def _at_colon(self, at: int) -> int:
        region = self.open[-1] if self.open else "block"
        before = self.token(at - 1)
        if before.text == ")":
            end = self._header_end(at)
            if end:
                return self._blank(at, end)
        if self.pending[-1] and not (region == "(" and before.text == "?"):
            self.pending[-1] -= 1
            return at + 1
        if region == "(":
            return self._blank(at, self.type(at + 1))
        if region == "class" or (region == "block" and self._declares(at - 1)):
            return self._blank(at, self.type(at + 1))
        return at + 1

    def _header_end(self, colon: int) -> int:
        """Return the index after the return type at `colon`, 0 if no parameters end before it."""
        opening = self.opening(colon - 1)
        if self.is_(opening - 1, ">"):
            opening = self._angle_before(opening - 1)
        before = self.token(opening - 1)
        region = self.open[-1] if self.open else "block"
        is_function = before.text == "function" or (
            before.kind == "word" and self.token(opening - 2).text in ("function", "*")
        )
        if self.is_(opening - 1, "*"):
            is_function = True
        end = self.type(colon + 1, arrow=False)
        if self.is_(colon + 1, "%"):
            end = colon + 1
        if self.is_(end, "%"):
            end += 2
        if not is_function and self.is_(end, "=>") and region not in ("class", "object"):
            return end if self._heads_arrow(before) else 0
        whole = self.type(colon + 1)
        if is_function:
            return max(end, whole) if self.is_(max(end, whole), "{") else end
        if region in ("class", "object") and self.is_(whole, "{") and not self.pending[-1]:
            return whole
        return end if self.is_(end, "=>") and self._heads_arrow(before) else 0

    def _heads_arrow(self, before: Lexeme) -> bool:
        """Whether parentheses after `before` may be the parameters of an arrow function."""
        if self.pending[-1] and before.text in ("?", ":"):
            return False
        if before.kind == "word":
            return before.text == "async" or before.text in _OPERATOR_WORDS
        return before.kind != "template" and before.text not in (")", "]")

    def _angle_before(self, close: int) -> int:
        """Return the index of the `<` that the `>` at `close` closes."""
        depth = 0
        for number in range(close, -1, -1):
            lexeme = self.token(number)
            if lexeme.kind in ("mark", "head"):
                depth += lexeme.text in (">", ")", "]", "}", "|}")
                depth -= lexeme.text in ("<", "(", "[", "{", "{|")
                if depth == 0:
                    return number
        return close

    def _declares(self, name: int) -> bool:
        """Whether the token at `name` ends the target of a declaration."""
        first = name
        if self.token(name).text in ("}", "]"):
            first = self.opening(name)
        before = self.token(first - 1)
        if before.kind == "word" and before.text in _DECLARATORS:
            return True
        if before.text != ",":
            return False
        depth = 0
        for number in range(first - 2, -1, -1):
            lexeme = self.token(number)
            depth += lexeme.text in (")", "]", "}")
            depth -= lexeme.text in ("(", "[", "{")
            if depth < 0 or (depth == 0 and lexeme.text == ";"):
                return False
            if depth == 0 and lexeme.kind == "word" and lexeme.text in _DECLARATORS:
                return True
        return False

    def _at_angle(self, at: int) -> int:
        """Blank type parameters or arguments if the tokens around show that they are such."""
        before = self.token(at - 1)
        end = self.angles(at)
        if end < 0:
            return at + 1
        behind = self.token(end)
        if before.kind == "word" and before.text not in _OPERATOR_WORDS:
            first = at - 1
            while self.token(first - 1).text in (".", "?."):
                first -= 2
            if self.word(first - 1, "class", "extends", "function", "new"):
                return self._blank(at, end)
            if behind.text == "(" or (behind.text == "{" and self._class_head(end)):
                return self._blank(at, end)
            return at + 1
        if before.text in ("function", "async", "*") or (
            behind.text == "(" and before.kind != "word" and before.text not in (")", "]")
        ):
            return self._blank(at, end)
        return at + 1

    # -- words

    def _at_word(self, at: int) -> int:
        lexeme, behind = self.token(at), self.token(at + 1)
        text = lexeme.text
        begins = self._begins_statement(at)
        if text == "import" and begins:
            return self._import(at)
        if text == "export" and begins:
            if self.word(at + 1, "type", "opaque", "interface"):
                return self._export_type(at)
            return at + 1
        if begins and text in ("type", "opaque", "interface", "declare", "enum"):
            end = self.declaration(at)
            if end > at:
                return self._blank(at, end)
        if (
            text == "as"
            and not lexeme.line_before
            and behind.kind != "string"
            and self._ends_operand(at - 1)
            and not self._begins_specifier(at)
        ):
            return self._blank(at, self.type(at + 1))
        if text == "implements" and self._class_head(at):
            return self._blank(at, self.until_brace(at))
        if self.open[-1:] == ["class"] and text == "declare" and behind.kind == "word":
            return self._blank(at, self.member_end(at))
        if text == "this" and behind.text == ":" and self._begins_parameters(at - 1):
            end = self.type(at + 2)
            return self._blank(at, end + 1 if self.is_(end, ",") else end)
        return at + 1

    def _begins_parameters(self, opening: int) -> bool:
        if not self.is_(opening, "("):
            return False
        before = self._before(opening)
        return before.text == "function" or self._ends_operand(opening - 1)

    def _ends_operand(self, at: int) -> bool:
        lexeme = self.token(at)
        if lexeme.kind == "word":
            return lexeme.text not in _OPERATOR_WORDS
        return lexeme.kind in ("string", "number", "template") or lexeme.text in (")", "]", "}")

    def _begins_specifier(self, at: int) -> bool:
        """Whether the `as` at `at` is in the braces of an import or export."""
        for number in range(at, max(at - 400, -1), -1):
            text = self.token(number).text
            if text == "{":
                return self.word(number - 1, "import", "export") or (
                    self.is_(number - 1, ",") and self.word(number - 3, "import")
                )
            if text in (";", "(", ")", "="):
                return False
        return False

    def _begins_statement(self, at: int) -> bool:
        before = self.token(at - 1)
        if self.open and self.open[-1] != "block":
            return False
        return before.text in (";", "}", "{", "", "export", ")") or self.token(at).line_before

    def _import(self, at: int) -> int:
        """`import type X from`, `import typeof X from`, `import { type X, y } from`."""
        if self.word(at + 1, "type", "typeof") and not self.is_(at + 2, ","):
            word = self.token(at + 2)
            if word.text != "from" or self.word(at + 3, "from"):
                return self._blank(at, self.statement_end(at))
        number = at + 1
        while number < len(self.found) and self.token(number).kind != "string":
            if self.token(number).text in ("(", "."):
                return at + 1
            if (
                self.word(number, "type", "typeof")
                and self.word(number + 1)
                and not self.word(number + 1, "as", "from")
            ):
                end = number + 2
                if self.word(end, "as"):
                    end += 2
                self._blank(number, end + 1 if self.is_(end, ",") else end)
                number = end
                continue
            number += 1
        return number + 1

    def _export_type(self, at: int) -> int:
        if self.is_(at + 2, "{") or self.is_(at + 2, "*"):
            return self._blank(at, self.statement_end(at))
        end = self.declaration(at + 1)
        return self._blank(at, end) if end > at + 1 else at + 1
