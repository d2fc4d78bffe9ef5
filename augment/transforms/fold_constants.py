"""Evaluate operators whose operands are literals."""

import math
from collections.abc import Callable, Iterator
from typing import Final

from augment.analysis.effects import discards_reference, in_directive, unwrap
from augment.program.program import Program
from augment.rewriting.edits import Replace, Rewrite
from augment.rewriting.registry import Site, transform
from augment.rewriting.semantics import Semantics
from augment.rewriting.templates import Code, expression
from augment.syntax.literals import number_text, number_value, string_text, string_value
from augment.syntax.tree import Node

Value = float | str | bool

_NEGATIVE: Final = expression("-$number")
_TRUE: Final = expression("true")
_FALSE: Final = expression("false")


@transform(
    "fold-constants",
    family="literals",
    simplifies=True,
    phase="structure",
    level=Semantics.PRESERVED,
    probability=0.15,
)
def fold_constants(program: Program) -> Iterator[Site]:
    """Replace an expression over literals by its value, exactly as IEEE 754 and string semantics
    have it.

    Source: ContraCode §4.1 (constant folding); ECMA-262 §13.15.4.
    """
    values: dict[int, Value] = {}
    folded: list[Node] = []
    # Children come before their parents in reverse preorder, so that whole trees of literals fold
    # at once.
    for node in reversed(
        program.nodes("binary_expression", "unary_expression", "parenthesized_expression")
    ):
        value = _evaluate(program, node, values)
        if value is not None:
            values[node.index] = value
            if node.type != "parenthesized_expression":
                folded.append(node)
    done: list[Node] = []
    for node in reversed(folded):
        node = _with_parentheses(node)
        if (done and done[-1].contains(node)) or _is_plain(
            node
        ):  # those before the last end before it
            continue
        code = _code(values[node.index])
        if code is None or not _allowed(node, values[node.index]):
            continue
        done.append(node)
        yield Rewrite((Replace(node, code),))


def _with_parentheses(node: Node) -> Node:
    """Return `node`, or the parentheses around it if they only group: the renderer adds what is
    needed.
    """
    parent = node.parent
    while (
        parent is not None
        and parent.type == "parenthesized_expression"
        and parent.field_name in _GROUPS
    ):
        node, parent = parent, parent.parent
    return node


# The roles in which parentheses belong to a statement (`if (...)`) are not among these.
_GROUPS: Final = frozenset(
    {"left", "right", "argument", "object", "consequence", "alternative", "index", "function"}
)


def _allowed(node: Node, value: Value) -> bool:
    if isinstance(value, str):
        return not in_directive(node)
    return discards_reference(node)


def _is_plain(node: Node) -> bool:
    """Whether `node` already is how its value is written (`-1`)."""
    return (
        node.type == "unary_expression"
        and node.children[0].type == "-"
        and node.children[1].type == "number"
    )


def _code(value: Value) -> Code | str | None:
    if value is True:
        return Code(_TRUE)
    if value is False:
        return Code(_FALSE)
    if isinstance(value, str):
        return string_text(value) if len(value) <= 200 else None
    text = number_text(value)
    if text is not None and text.startswith("-"):
        return Code(_NEGATIVE, {"number": text[1:]})
    return text


def _value(program: Program, node: Node, values: dict[int, Value]) -> Value | None:
    node = unwrap(node)
    if node.index in values:
        return values[node.index]
    if node.type == "number":
        return number_value(program.text_of[node.first])
    if node.type == "string":
        return string_value(program.text_of[node.first])
    return {"true": True, "false": False}.get(node.type)


def _evaluate(program: Program, node: Node, values: dict[int, Value]) -> Value | None:
    if node.type == "parenthesized_expression":
        return values.get(node.children[1].index) if len(node.children) == 3 else None
    if node.type == "unary_expression":
        return _unary(node.children[0].type, _value(program, node.children[1], values))
    left = _value(program, node.children[0], values)
    if left is None:
        return None
    right = _value(program, node.children[2], values)
    if right is None:
        return None
    return _binary(node.children[1].type, left, right)


def _unary(operator: str, value: Value | None) -> Value | None:
    if value is None:
        return None
    if operator == "!":
        return not value or value != value  # what is no number is false as well (ECMA-262 §7.1.2)
    if isinstance(value, float):
        if operator == "-":
            return -value
        if operator == "+":
            return value
        if operator == "~":
            return _int32(~_to_int32(value))
    return None


def _binary(operator: str, left: Value, right: Value) -> Value | None:
    if operator == "+" and (isinstance(left, str) or isinstance(right, str)):
        parts = [_to_string(left), _to_string(right)]
        return None if None in parts else "".join(part for part in parts if part is not None)
    if type(left) is not type(right):
        # a strict comparison of different types is false; everything else would convert
        return {"===": False, "!==": True}.get(operator)
    if operator in ("===", "=="):
        return left == right
    if operator in ("!==", "!="):
        return left != right
    if isinstance(left, float) and isinstance(right, float):
        function = _NUMERIC.get(operator)
        return None if function is None else function(left, right)
    if isinstance(left, str) and isinstance(right, str) and operator in ("<", ">", "<=", ">="):
        a, b = (
            left.encode("utf-16-be"),
            right.encode("utf-16-be"),
        )  # order of code units (ECMA-262 §7.2.12)
        return {"<": a < b, ">": a > b, "<=": a <= b, ">=": a >= b}[operator]
    return None


def _to_string(value: Value) -> str | None:
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    return "0" if value == 0 else number_text(value)


def _to_int32(value: float) -> int:
    return 0 if math.isnan(value) or math.isinf(value) else int(value)


def _int32(value: int) -> float:
    value &= 0xFFFFFFFF
    return float(value - (1 << 32) if value >= 1 << 31 else value)


def _divide(a: float, b: float) -> float | None:
    return a / b if b != 0 else None


def _remainder(a: float, b: float) -> float | None:
    return math.fmod(a, b) if b != 0 and not math.isinf(a) else None


def _power(a: float, b: float) -> float | None:
    """Only where the result is exact: engines may differ in the last digit of others (ECMA-262
    §6.1.6.1.3).
    """
    if not (math.isfinite(a) and math.isfinite(b)) or (a == 0 and math.copysign(1, a) < 0):
        return None
    if a != int(a) or b != int(b) or not 0 <= b <= 64 or abs(a) > 1024:
        return None
    result = int(a) ** int(b)
    return float(result) if abs(result) < 1 << 53 else None


def _product(a: float, b: float) -> float:
    return a * b


_NUMERIC: Final[dict[str, Callable[[float, float], float | bool | None]]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": _product,
    "/": _divide,
    "%": _remainder,
    "**": _power,
    "<": lambda a, b: a < b,
    ">": lambda a, b: a > b,
    "<=": lambda a, b: a <= b,
    ">=": lambda a, b: a >= b,
    "&": lambda a, b: _int32(_to_int32(a) & _to_int32(b)),
    "|": lambda a, b: _int32(_to_int32(a) | _to_int32(b)),
    "^": lambda a, b: _int32(_to_int32(a) ^ _to_int32(b)),
    "<<": lambda a, b: _int32(_to_int32(a) << (_to_int32(b) & 31)),
    ">>": lambda a, b: _int32(int(_int32(_to_int32(a))) >> (_to_int32(b) & 31)),
    ">>>": lambda a, b: float((_to_int32(a) & 0xFFFFFFFF) >> (_to_int32(b) & 31)),
}
