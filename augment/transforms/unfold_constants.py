"""Write a constant as an operation on two others."""

from collections.abc import Iterator
from functools import partial
from typing import Final

from augment.analysis.contexts import is_module_name, is_value
from augment.analysis.effects import in_directive
from augment.program.program import Program
from augment.rewriting.edits import Rewrite, replace
from augment.rewriting.registry import Draw, Site, transform
from augment.rewriting.semantics import Semantics
from augment.rewriting.templates import Template, expression
from augment.syntax.literals import number_value, string_text, string_value
from augment.syntax.tree import Node

_PLUS: Final = expression("$left + $right")
_MINUS: Final = expression("$left - $right")
_TIMES: Final = expression("$left * $right")
# Sums and products of integers below this are exact, and look like numbers that people write.
_LARGEST: Final = 1_000_000
_LONGEST: Final = 60


@transform(
    "unfold-constants",
    family="literals",
    phase="structure",
    level=Semantics.PRESERVED,
    probability=0.1,
    strength=0.25,
)
def unfold_constants(program: Program) -> Iterator[Site]:
    """Write an integer as a sum, difference or product of two, and a string as a concatenation.

    Source: the inverse of constant folding, ContraCode §4.1; ECMA-262 §13.15.4.
    """
    for node in program.nodes("number", "string"):
        if (
            not is_value(node)
            or node.field_name == "object"
            or in_directive(node)
            or is_module_name(program, node)
        ):
            continue
        if node.type == "number":
            number = number_value(program.text_of[node.first])
            if number is not None and number.is_integer() and 2 <= number <= _LARGEST:
                yield partial(_number, node, int(number))
        else:
            text = program.text_of[node.first]
            value = string_value(text)
            if value is not None and 2 <= len(value) <= _LONGEST:
                yield partial(_string, node, text[0], value)


def _number(node: Node, whole: int, draw: Draw) -> Rewrite:
    divisors = [number for number in range(2, min(whole, 100)) if whole % number == 0]
    kind = draw.random()
    if kind < 0.4 and divisors:
        divisor = draw.choice(divisors)
        return _split(node, _TIMES, str(whole // divisor), str(divisor))
    part = draw.randrange(1, max(2, min(whole, 100)))
    if kind < 0.8:
        return _split(node, _PLUS, str(whole - part), str(part))
    return _split(node, _MINUS, str(whole + part), str(part))


def _string(node: Node, quote: str, value: str, draw: Draw) -> Rewrite:
    spaces = [at + 1 for at, char in enumerate(value[:-1]) if char == " "]
    at = draw.choice(spaces) if spaces else draw.randrange(1, len(value))
    return _split(node, _PLUS, string_text(value[:at], quote), string_text(value[at:], quote))


def _split(node: Node, template: Template, left: str, right: str) -> Rewrite:
    return Rewrite((replace(node, template, left=left, right=right),))
