"""Rendering: a plan of edits over a program becomes a token stream, then text.

Kept source is copied as ranges of the token table, and new code comes from templates. Only
rendering adds parentheses, braces and separators, so transforms need not look at the syntax around
a site.
"""

from __future__ import annotations

from operator import itemgetter
from typing import Any, Final

from augment.printing.comments import closing
from augment.printing.layout import separators
from augment.printing.positions import PositionMap
from augment.printing.prologues import INHERITED, has_loose_strings, keep_out_of_prologues
from augment.printing.sole_statements import (
    DECLARATIONS,
    is_before_else,
    is_expression,
    stands_alone,
)
from augment.printing.style import AS_WRITTEN, Style
from augment.printing.token_writer import (
    TokenWriter,
    indentation,
    literal_flags,
    literal_precedence,
)
from augment.program.program import Program
from augment.program.scope import Binding
from augment.rewriting.edits import Edit, Insert, Replace
from augment.rewriting.plan import Plan
from augment.rewriting.templates import Body, Code, Run, Slot, is_simple, starts_statement
from augment.syntax import tokens as t
from augment.syntax.precedence import PRIMARY, UNARY, precedence, required
from augment.syntax.tree import Node

# An expression statement must not start with one of these (ECMA-262 §14.5).
_MISTAKABLE: Final = frozenset({"{", "function", "class", "let", "async"})

_SHORTHANDS: Final = frozenset(
    {"shorthand_property_identifier", "shorthand_property_identifier_pattern"}
)

_ORDER: Final = itemgetter(0)


def render(program: Program, plan: Plan) -> tuple[str, PositionMap]:
    """Return the text of the program with the plan applied, and its map of positions."""
    style = AS_WRITTEN
    if plan.style:
        changes: dict[str, Any] = {"newline": program.newline, **plan.style}
        if program.wrapper[0]:
            changes["brace"] = "same"  # else a bare method would parse as a call and a block
        style = Style(**changes)
    writer = Renderer(program, plan, style.lines != "keep")
    first, last = program.core
    writer.source(first, last, [edit for _, edit in sorted(plan.edits, key=_ORDER)])
    stream = writer.out
    loose = program.analysis(has_loose_strings)
    if loose and plan.edits:
        keep_out_of_prologues(program, stream, writer.paired)
    gaps = separators(stream, style)
    parts = [""] * (2 * len(gaps))
    parts[::2] = gaps
    parts[1::2] = stream.text
    text = "".join(parts)
    tail = closing(program.tail, style)
    return text + (tail if text else tail.lstrip("\r\n")), PositionMap(
        program.tree.leaves, stream.origin, stream.text, gaps
    )


class Renderer(TokenWriter):
    """Writes the tokens of a program with edits applied."""

    def source(self, first: int, last: int, edits: list[Edit]) -> None:
        """Write tokens `first` to `last` with `edits` applied, which are sorted and inside."""
        at, number = first, 0
        while number < len(edits):
            edit = edits[number]
            number += 1
            if isinstance(edit, Insert):
                position = edit.position
                self._copy(at, position)
                at = position
                self._insert(edit)
                continue
            nested = number
            while nested < len(edits) and edits[nested].position < edit.last:
                nested += 1
            self._copy(at, edit.node.first)
            self._replace(edit, edits[number:nested])
            at = edit.last
            number = nested
        self._copy(at, last)

    def _replace(self, edit: Replace, nested: list[Edit]) -> None:
        node, code, out = edit.node, edit.code, self.out
        last = edit.last - 1
        begin = len(out.text)
        outer, self._first = self._first, (node.first, begin)
        gap = self.trivia[node.first]
        if isinstance(code, str):
            self._word(node, code, gap)
        elif code.template.is_statement:
            self._statements_for(node, code, nested, self._line(node.first))
        else:
            self._guarded(node, code, nested, gap)
        self._first = outer
        if len(out.text) == begin:
            # Nothing was written: the next token follows the previous one.
            if begin and self.flags[last] & t.END:
                out.flags[begin - 1] |= t.END
            out.seams.append(begin)
            return
        if isinstance(code, str) or not code.template.is_statement:
            out.flags[-1] |= self.flags[last] & INHERITED
        out.flags[begin] |= self.flags[node.first] & t.START
        out.trivia[begin] = gap
        out.seams.append(len(out.text))

    def _guarded(self, node: Node, code: Code, nested: list[Edit], gap: str) -> None:
        """Write an expression in place of `node`, in parentheses if it would parse differently."""
        out = self.out
        begin = len(out.text)
        asked = required(node) if self._asked is None else self._asked
        self._asked = None
        level = self._code(code, nested, gap)
        parent = node.parent
        exempt = parent is not None and parent.type in (
            "parenthesized_expression",
            "template_substitution",
        )
        if not code.template.bare and (
            (level < asked and not exempt)
            or (starts_statement(node) and out.text[begin] in _MISTAKABLE)
            or self._adds_in(node, begin)
        ):
            self._parenthesize(begin, gap)
            level = PRIMARY
        self._level = level

    def _adds_in(self, node: Node, begin: int) -> bool:
        """Whether new code puts an `in` into the head of a `for`, which would then parse as for-in
        (ECMA-262 §14.7.4).
        """
        if "in" not in self.out.text[begin:]:
            return False
        child, parent = node, node.parent
        while parent is not None and parent.type != "for_statement":
            if parent.type.endswith("_statement") or parent.type == "arguments":
                return False
            child, parent = parent, parent.parent
        return parent is not None and child.field_name == "initializer"

    def _statements_for(self, node: Node, code: Code, nested: list[Edit], gap: str) -> None:
        parent = node.parent
        assert parent is not None
        single = parent.type in t.SINGLE_PARENTS and node.type != "else_clause"
        slots = code.template.slots
        if single and slots and slots[0].kind == "statement" and slots[0].is_all(code.template):
            slot = slots[0].of_single(is_before_else(node))
            fill = code.fills[slot.name]
            assert isinstance(fill, (Node, Body, Code, tuple))
            self._statement_slot(slot, fill, nested, gap)
        elif single and not stands_alone(code.template, is_before_else(node)):
            self._token("{", t.BLOCK | t.OPEN, gap)
            begin = len(self.out.text)
            self._code(code, nested, gap)
            if len(self.out.text) > begin:
                self.out.trivia[begin] = " "
            self._token("}", t.CLOSE | t.END, " ")
        else:
            self._code(code, nested, gap)

    def _insert(self, edit: Insert) -> None:
        out, node = self.out, edit.node
        before = edit.before
        if before is not None:
            gap = self.trivia[before.first]
        else:
            closing = node.last - 1
            statements = [child for child in node.named if child.first < closing]
            beside = statements[-1].first if statements else closing
            gap = self.trivia[beside] if beside >= 0 else ""  # a program without tokens
        line = gap.rfind("\n")
        if line >= 0:
            lead = "\r\n" if gap[:line].endswith("\r") else "\n"
            lead += indentation(gap[line + 1 :])
        else:
            lead = " "
        begin = len(out.text)
        if not begin and before is not None:
            # Before the first statement of a source: hashbang line and licence stay at the top.
            self._code(edit.code, [], gap)
            out.trivia[begin] = gap
        else:
            self._code(edit.code, [], lead)
            if len(out.text) > begin:
                out.trivia[begin] = lead
        out.seams.append(len(out.text))

    def _code(self, code: Code, nested: list[Edit], gap: str) -> int:
        """Write a template with its slots filled.

        Args:
            code: the template and its fills.
            nested: edits inside the kept parts.
            gap: white space before the code, which ends in the indentation for new lines.

        Returns:
            The precedence of the written expression.
        """
        template, out = code.template, self.out
        level = template.precedence
        line = gap.rfind("\n")
        base = indentation(gap[line + 1 :]) if line >= 0 and template.multiline else ""
        at = 0
        for slot in template.slots:
            self._new(template, at, slot.first, base)
            fill = code.fills[slot.name]
            if isinstance(fill, Binding):
                fill = self.names[id(fill)][1] if id(fill) in self.names else fill.name
            lead = template.trivia[slot.first]
            if base:
                lead = lead.replace("\n", "\n" + base)
            begin = len(out.text)
            if isinstance(fill, str):
                number = slot.first
                flags = template.flags[number]
                if not flags & t.RIGID:
                    flags = flags & ~(t.QUOTED | t.NUMBER | t.REGEX) | literal_flags(fill)
                if slot.kind == "expression" and literal_precedence(fill) < slot.required:
                    self._token("(", t.PAREN << 4, lead)
                    self._token(fill, flags, "")
                    self._token(")", t.PAREN, "")
                else:
                    self._token(fill, flags, lead)
            elif isinstance(fill, Node) and fill.type in _SHORTHANDS:
                self._variable(fill, template.flags[slot.first], lead)
            elif slot.kind == "statement":
                self._statement_slot(slot, fill, nested, lead if lead or not at else " ")
                if isinstance(fill, Body) and template.text[slot.last : slot.last + 1] == ("}",):
                    # The brace keeps the white space and comments before it.
                    self._new(template, slot.last, slot.last + 1, base)
                    out.trivia[-1] = self.trivia[fill.node.last - 1]
                    at = slot.last + 1
                    continue
            else:
                assert isinstance(fill, (Node, Code)), slot
                inner = self._expression_slot(slot, fill, nested, lead)
                if slot.last - slot.first == len(template.text):
                    level = inner
                out.flags[-1] |= template.flags[slot.last - 1] & INHERITED
                out.flags[begin] |= template.flags[slot.first] & t.START
            at = slot.last
        self._new(template, at, len(template.text), base)
        return level

    def _expression_slot(self, slot: Slot, fill: Node | Code, nested: list[Edit], lead: str) -> int:
        out = self.out
        begin = len(out.text)
        if isinstance(fill, Code):
            level = self._code(fill, nested, lead)
        else:
            inside = [edit for edit in nested if fill.index <= edit.node.index < fill.stop]
            replaced = bool(inside) and isinstance(inside[0], Replace) and inside[0].node is fill
            if replaced:
                self._asked = slot.required
            self.source(fill.first, fill.last, inside)
            level = self._level if replaced else precedence(fill)
            self._asked = None
            if fill.type == "number" and slot.required > PRIMARY - 2:
                level = UNARY
        out.flags[begin] &= ~t.START
        out.flags[-1] &= ~INHERITED
        out.trivia[begin] = lead
        if level < slot.required or (slot.starts_statement and out.text[begin] in _MISTAKABLE):
            self._parenthesize(begin, lead)
            level = PRIMARY
        return level

    def _statement_slot(
        self,
        slot: Slot,
        fill: Node | Body | Run | Code | tuple[Code, ...],
        nested: list[Edit],
        lead: str,
    ) -> None:
        if isinstance(fill, Code):
            fill = (fill,)
        if is_expression(fill):
            assert isinstance(fill, (Node, tuple))
            value = fill if isinstance(fill, Node) else fill[0]
            begin = len(self.out.flags)
            self._expression_slot(slot.of_statement(), value, nested, lead)
            self._as_body(begin, alone=slot.single)
            self._token(";", t.TERMINATOR | t.END, "")
            return
        braces = slot.single and not self._fits(slot, fill, nested)
        if braces:
            self._token("{", t.BLOCK | t.OPEN, lead)
            lead = " "
        start = len(self.out.flags)
        if isinstance(fill, tuple):
            for code in fill:
                begin = len(self.out.text)
                self._code(code, nested, lead)
                if len(self.out.text) > begin:
                    self.out.trivia[begin] = lead
        elif isinstance(fill, Body):
            block = fill.node
            inside = [
                edit
                for edit in nested
                if block.index < edit.node.index < block.stop
                or (edit.node is block and isinstance(edit, Insert))
            ]
            begin = len(self.out.text)
            self.source(block.first + 1, block.last - 1, inside)
            self._put_on_line(begin, block.first + 1, lead)
        else:
            first, last = (
                (fill.first, fill.last)
                if isinstance(fill, Node)
                else (fill.first.first, fill.through.last)
            )
            begin = len(self.out.text)
            self.source(first, last, [edit for edit in nested if first <= edit.position < last])
            if not slot.single and len(self.out.text) > begin:
                self.out.flags[begin] |= t.START
                self.out.flags[-1] |= t.END
            self._put_on_line(begin, first, lead)
        if start < len(self.out.flags):
            self._as_body(start, alone=slot.single and not braces)
        if braces:
            self._token("}", t.CLOSE | t.END, " ")

    def _put_on_line(self, begin: int, first: int, lead: str) -> None:
        """Start the kept statements on a line where the template does, if they had none.

        Args:
            begin: where they start in the stream.
            first: number of their first token in the source.
            lead: white space that the template puts before them.
        """
        if begin == len(self.out.text) or begin == self._first[1]:
            return
        # The comments before the first replaced token are printed at the start of the new code.
        gap = self.trivia[first]
        inline = not gap or (lead.startswith("\n") and gap.isspace() and "\n" not in gap)
        if first == self._first[0] or inline:
            self.out.trivia[begin] = lead

    def _fits(
        self, slot: Slot, fill: Node | Body | Run | tuple[Code, ...], nested: list[Edit]
    ) -> bool:
        """Whether `fill` may be the body of an `if`, `else` or loop without braces."""
        if isinstance(fill, Run):
            return False
        if isinstance(fill, tuple):
            return len(fill) == 1 and stands_alone(fill[0].template, slot.before_else)
        if isinstance(fill, Body):
            statements = fill.node.named
            if len(statements) != 1 or any(edit.node is fill.node for edit in nested):
                return False
            statement = statements[0]
        else:
            statement = fill
        edits = [edit for edit in nested if edit.node is statement]
        if edits:
            return all(
                isinstance(edit, Replace)
                and isinstance(edit.code, Code)
                and stands_alone(edit.code.template, slot.before_else)
                for edit in edits
            )
        return statement.type not in DECLARATIONS and (is_simple(statement) or not slot.before_else)
