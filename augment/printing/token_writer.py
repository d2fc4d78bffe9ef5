"""`TokenWriter`: appends kept source, templates and single tokens to a token stream."""

from __future__ import annotations

from bisect import bisect_right

from augment.printing.layout import Stream
from augment.printing.prologues import INHERITED
from augment.program.program import Program
from augment.rewriting.plan import Plan
from augment.rewriting.renaming import renamed
from augment.rewriting.templates import Template
from augment.syntax import tokens as t
from augment.syntax.precedence import PRIMARY, UNARY
from augment.syntax.spacing import SHAPED
from augment.syntax.tree import Node


class TokenWriter:
    """Appends kept source, templates and single tokens to the stream `out`.

    Args:
        program: the program that is rewritten.
        plan: the edits and new names.
        paired: whether the layout needs the pairs of the stream.
    """

    def __init__(self, program: Program, plan: Plan, paired: bool) -> None:
        self.program = program
        self.out = Stream()
        self.paired = paired
        self.text = renamed(program, plan)
        self.flags = program.flags
        self.trivia = program.trivia
        self.pairs = program.pairs if paired else []
        self.names = plan.names
        # Precedence of the expression that the last edit wrote.
        self._level = PRIMARY
        # First token that the innermost edit replaces, and where its code starts in the stream.
        self._first = (-1, -1)
        # Precedence that the slot around the next edit requires, if there is a slot.
        self._asked: int | None = None

    def _copy(self, first: int, last: int) -> None:
        if first >= last:
            return
        out = self.out
        if out.origin and out.origin[-1] != first - 1:
            out.seams.append(len(out.text))
        out.text += self.text[first:last]
        out.flags += self.flags[first:last]
        out.trivia += self.trivia[first:last]
        if self.paired:
            out.pairs += self.pairs[first:last]
        out.origin += range(first, last)

    def _token(self, text: str, flags: int, trivia: str) -> None:
        out = self.out
        out.seams.append(len(out.text))
        out.text.append(text)
        out.flags.append(flags)
        out.trivia.append(trivia)
        if self.paired:
            out.pairs.append(SHAPED)
        out.origin.append(-1)

    def _line(self, token: int) -> str:
        """Return the line break and indentation of the line of `token`."""
        lines = self.program.analysis(_lines)
        at = bisect_right(lines, token) - 1
        if at < 0:
            return "\n"
        gap = self.trivia[lines[at]]
        return "\n" + indentation(gap[gap.rfind("\n") + 1 :])

    def _word(self, node: Node, text: str, gap: str) -> None:
        flags = self.flags[node.first] & ~(
            t.QUOTED | t.NUMBER | t.REGEX | INHERITED
        ) | literal_flags(text)
        parent = node.parent
        if (
            flags & t.NUMBER
            and parent is not None
            and parent.type == "member_expression"
            and node.field_name == "object"
        ):
            self._token("(", t.PAREN << 4, gap)
            self._token(text, flags, "")
            self._token(")", t.PAREN, "")
            self._level = PRIMARY
        else:
            self._token(text, flags, gap)
            self._level = literal_precedence(text)

    def _parenthesize(self, begin: int, gap: str) -> None:
        out = self.out
        out.text.insert(begin, "(")
        out.flags.insert(begin, t.PAREN << 4)
        out.trivia.insert(begin, gap)
        if self.paired:
            out.pairs.insert(begin, SHAPED)
        out.origin.insert(begin, -1)
        out.trivia[begin + 1] = ""
        seams = out.seams
        number = len(seams) - 1
        while number >= 0 and seams[number] >= begin:  # earlier seams do not move
            seams[number] += seams[number] > begin
            number -= 1
        seams += [begin, begin + 1]
        out.flags[-1] &= ~INHERITED
        self._token(")", t.PAREN, "")

    def _variable(self, shorthand: Node, flags: int, lead: str) -> None:
        """Write the variable of a shorthand property, without the property."""
        binding = self.program.scopes.of_node.get(shorthand.index)
        known = binding is not None and id(binding) in self.names
        name = self.names[id(binding)][1] if known else self.program.text_of[shorthand.first]
        self._token(name, flags, lead)
        self.out.origin[-1] = shorthand.first

    def _new(self, template: Template, first: int, last: int, base: str) -> None:
        if first >= last:
            return
        out = self.out
        out.seams.append(len(out.text))
        out.text += template.text[first:last]
        out.flags += template.flags[first:last]
        gaps = template.trivia[first:last]
        out.trivia += [gap.replace("\n", "\n" + base) for gap in gaps] if base else gaps
        if self.paired:
            out.pairs += template.pairs[first:last]
        out.origin += (-1,) * (last - first)

    def _as_body(self, start: int, *, alone: bool) -> None:
        """Set the spacing of the statement at `start`: the body of another one, or one of a list.

        Args:
            start: where the statement starts in the stream.
            alone: whether it is the whole body of an `if`, `else` or loop.
        """
        flags = self.out.flags
        if flags[start] & t.CATEGORY == t.BODY and not alone:
            flags[start] &= ~t.CATEGORY
        elif alone and not flags[start] & t.CATEGORY:
            flags[start] |= t.BODY


def _lines(program: Program) -> list[int]:
    """Return the numbers of the tokens that start a line."""
    return [token for token, gap in enumerate(program.trivia) if "\n" in gap]


def literal_flags(text: str) -> int:
    """Return the flags of a literal or name: a string, a number or neither."""
    if text[0] in "\"'":
        return t.QUOTED
    return t.NUMBER if text[0].isdigit() or (text[0] == "." and len(text) > 1) else 0


def literal_precedence(text: str) -> int:
    """Return the precedence of a literal: a number needs parentheses before a dot."""
    if text[0] == "-":
        return UNARY
    return PRIMARY - 2 if literal_flags(text) & t.NUMBER else PRIMARY


def indentation(line: str) -> str:
    """Return the white space at the start of a line."""
    return line[: len(line) - len(line.lstrip(" \t"))]
