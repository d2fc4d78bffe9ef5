"""An approximate tokenizer for JavaScript with JSX, TypeScript or Flow types.

It runs only on sources that tree-sitter's grammars refuse, to find the few words that must be
blanked or replaced before a second parse. That parse decides whether the result is valid, so an
error of a heuristic here costs a refusal, never a wrong tree.
"""

from __future__ import annotations

import re
from typing import Final, Literal, NamedTuple

Kind = Literal["word", "number", "string", "template", "regex", "mark", "head", "text"]
"""A "head" is the `)` that closes the head of `if` or a loop; "text" is text of JSX."""


class Lexeme(NamedTuple):
    """A token.

    Attributes:
        kind: see `Kind`; each part of a template between its substitutions is a token.
        text: text in the source.
        start: offset of its first byte.
        end: offset after its last byte.
        line_before: whether there is a line break between it and the previous token.
    """

    kind: Kind
    text: str
    start: int
    end: int
    line_before: bool


_BLANK: Final = re.compile(rb"(?:\s|\xef\xbb\xbf|\xc2\xa0|//[^\n]*|/\*.*?\*/)+", re.DOTALL)
_WORD: Final = re.compile(rb"#?(?:[\w$]|\\u\{?[0-9A-Fa-f]+\}?|[\x80-\xff])+")
_NUMBER: Final = re.compile(
    rb"0[xXoObB][\da-fA-F_]+n?|(?:\d[\d_]*n|(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][+-]?\d[\d_]*)?)"
)
_STRING: Final = re.compile(rb""""(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'""", re.DOTALL)
_ATTRIBUTE: Final = re.compile(rb"\"[^\"]*\"|'[^']*'")
_TAG_WORD: Final = re.compile(rb"[\w$.:-]+")
_TEMPLATE: Final = re.compile(rb"[`}](?:[^`\\$]|\\.|\$(?!\{))*(?:`|\$\{)", re.DOTALL)
_REGEX: Final = re.compile(rb"/(?:[^/\\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+/\w*")
_TEXT: Final = re.compile(rb"[^<{]+")
_MARK: Final = re.compile(
    rb"\{\||\|\}|<<|=>|\.\.\.|\?\.(?!\d)|===|!==|>>>=|\*\*=|<<=|>>=|\?\?=|&&=|\|\|=|"
    rb"==|!=|<=|>=|&&|\|\||"
    rb"\?\?|\+\+|--|\+=|-=|\*=|/=|%=|&=|\|=|\^=|\*\*|."
)
_TAG_NAME: Final = re.compile(rb"<\s*([A-Za-z_$][\w$.:-]*)")

# Words that an expression follows.
_OPERATORS: Final = frozenset(
    "return typeof instanceof in of new delete void throw case do else await yield default".split()
)
_HEADS: Final = frozenset({"if", "while", "for", "with"})


class _Reader:
    def __init__(self, source: bytes, jsx: bool) -> None:
        self.source = source
        self.jsx = jsx
        self.found: list[Lexeme] = []
        # What is open: "{", "(", "[", "${" of a template, "<" in a tag, ">" between tags, or "if("
        # for the head of `if` or a loop.
        self.open: list[str] = []
        self.at = 0

    def read(self) -> list[Lexeme]:
        source = self.source
        while self.at < len(source):
            inside = self.open[-1] if self.open else ""
            if inside == ">":
                self._between_tags()
                continue
            begin = self.at
            blank = _BLANK.match(source, begin)
            if blank is not None:
                self.at = blank.end()
                if self.at == len(source):
                    break
            line = b"\n" in source[begin : self.at]
            if inside == "<":
                self._in_tag(line)
            else:
                self._in_code(line, inside)
        return self.found

    def _emit(self, kind: Kind, end: int, line: bool) -> str:
        text = self.source[self.at : end].decode(errors="replace")
        self.found.append(Lexeme(kind, text, self.at, end, line))
        self.at = end
        return text

    def _in_code(self, line: bool, inside: str) -> None:
        source, at = self.source, self.at
        first = source[at : at + 1]
        if first in b"\"'":
            match = _STRING.match(source, at)
            self._emit("string", match.end() if match else at + 1, line)
        elif first == b"`" or (first == b"}" and inside == "${"):
            match = _TEMPLATE.match(source, at)
            if first == b"}":
                self.open.pop()
            text = self._emit("template", match.end() if match else at + 1, line)
            if text.endswith("${"):
                self.open.append("${")
        elif first.isdigit() or (first == b"." and source[at + 1 : at + 2].isdigit()):
            match = _NUMBER.match(source, at)
            self._emit("number", match.end() if match else at + 1, line)
        elif (match := _WORD.match(source, at)) is not None:
            self._emit("word", match.end(), line)
        elif first == b"/" and self._operand() and (match := _REGEX.match(source, at)):
            self._emit("regex", match.end(), line)
        elif first == b"<" and self.jsx and self._operand() and self._is_tag():
            self._emit("mark", at + 1, line)
            self.open.append("<")
        else:
            self._mark(line)

    def _mark(self, line: bool) -> None:
        match = _MARK.match(self.source, self.at)
        assert match is not None
        before = self.found[-1].text if self.found else ""
        text = self._emit("mark", match.end(), line)
        if text in ("(", "[", "{", "{|"):
            self.open.append("if(" if text == "(" and before in _HEADS else text[0])
        elif text in (")", "]", "}", "|}") and self.open:
            closed = self.open.pop()
            if closed == "if(":
                self.found[-1] = self.found[-1]._replace(kind="head")

    def _operand(self) -> bool:
        """Whether an operand, not an operator, is expected here."""
        if not self.found:
            return True
        before = self.found[-1]
        if before.kind == "word":
            return before.text in _OPERATORS
        if before.kind == "template":
            return before.text.endswith("${")
        if before.kind == "mark":
            if before.text in ("++", "--"):
                return False
            return before.text not in (")", "]", "}", "|}")
        return before.kind == "head"

    def _is_tag(self) -> bool:
        source, at = self.source, self.at
        if source.startswith(b"<>", at):
            return True
        name = _TAG_NAME.match(source, at)
        if name is None:
            return False
        behind = source[name.end() : name.end() + 9].lstrip()
        if behind.startswith((b",", b"extends ", b":", b"=")):
            return False  # these are type parameters of an arrow function
        if behind.startswith(b">("):
            return b"</" + name[1] in source[name.end() :]
        return True

    def _in_tag(self, line: bool) -> None:
        source, at = self.source, self.at
        if source.startswith(b"/>", at):
            self._emit("mark", at + 2, line)
            self.open.pop()
        elif source.startswith(b">", at):
            opening = self._opens()
            self._emit("mark", at + 1, line)
            self.open.pop()
            if opening:
                self.open.append(">")
        elif source.startswith(b"{", at):
            self._mark(line)
        elif (match := _ATTRIBUTE.match(source, at)) or (match := _TAG_WORD.match(source, at)):
            self._emit("text", match.end(), line)
        else:
            self._emit("mark", at + 1, line)

    def _opens(self) -> bool:
        """Whether the tag that ends here is an opening tag."""
        for lexeme in reversed(self.found):
            if lexeme.text == "</":
                return False
            if lexeme.text == "<":
                return True
        return True

    def _between_tags(self) -> None:
        source, at = self.source, self.at
        if source.startswith(b"</", at):
            self.open.pop()
            self._emit("mark", at + 2, False)
            self.open.append("<")
        elif source.startswith(b"<", at):
            self._emit("mark", at + 1, False)
            self.open.append("<")
        elif source.startswith(b"{", at):
            self._mark(False)
        else:
            match = _TEXT.match(source, at)
            assert match is not None
            self._emit("text", match.end(), False)


def lexemes(source: bytes, *, jsx: bool = True) -> list[Lexeme]:
    """Return the tokens of `source`, without comments.

    Args:
        source: the text, as UTF-8.
        jsx: whether an expression may start with a tag.
    """
    return _Reader(source, jsx).read()
