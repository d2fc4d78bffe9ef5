"""Hard negatives: functions after a small edit that most likely changes their behaviour.

The change of behaviour is not proved: the edited code may be unreachable or have no effect.

Source: the operators of mutation testing, DeMillo, Lipton and Sayward, Hints on Test Data
    Selection, IEEE Computer 11(4), 1978, and Offutt et al., An Experimental Determination of
    Sufficient Mutant Operators, ACM TOSEM 5(2), 1996.
"""

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

import augment
from augment.analysis.effects import unwrap
from augment.printing.render import render
from augment.rewriting.edits import Replace, Rewrite, replace
from augment.rewriting.plan import Plan
from augment.rewriting.semantics import Semantics
from augment.rewriting.templates import expression
from augment.syntax.tree import Node

ATTEMPTS = 8
"""Maximum number of edits that are drawn to find one that is accepted."""


class Negative(NamedTuple):
    """A function after a small edit.

    Attributes:
        text: the edited source.
        kind: the kind of the edit, a name in `KINDS`.
        span: bytes of the original that were edited.
    """

    text: str
    kind: str
    span: tuple[int, int]


def hard_negative(program: augment.Program, seed: int) -> Negative | None:
    """Return a program after one small edit; None if no edit applies.

    A kind of edit is drawn first and then an edit of that kind, so that a kind with many sites does
    not crowd out the others.

    Args:
        program: one or several functions.
        seed: determines the edit.
    """
    draw = random.Random(f"{seed}/negative")
    edits = {name: list(kind(program)) for name, kind in KINDS.items()}
    for _ in range(ATTEMPTS):
        names = [name for name, found in edits.items() if found]
        if not names:
            return None
        name = draw.choice(names)
        rewrite = edits[name].pop(draw.randrange(len(edits[name])))
        plan = Plan(program)
        if plan.accept(rewrite):
            continue
        text, _ = render(program, plan)
        assert rewrite.span is not None
        return Negative(text, name, rewrite.span)
    return None


# Operator -> its negation and, for an order, the operator with the other boundary.
_COMPARED = {
    "<": (">=", "<="),
    "<=": (">", "<"),
    ">": ("<=", ">="),
    ">=": ("<", ">"),
    "===": ("!==",),
    "!==": ("===",),
    "==": ("!=",),
    "!=": ("==",),
}
_CALCULATED = {
    "+": ("-",),
    "-": ("+",),
    "*": ("+",),
    "/": ("*",),
    "%": ("*",),
    "<<": (">>",),
    ">>": ("<<",),
    "&": ("|",),
    "|": ("&",),
    "^": ("&",),
}
_CONNECTED = {"&&": ("||",), "||": ("&&",), "??": ("&&",)}
_ONE_WAY = ("-", "/", "%", "**", "<<", ">>", ">>>", "in", "instanceof")
_STEPS = {"++": "--", "--": "++"}
_ASSIGNED = {
    "+=": "-=",
    "-=": "+=",
    "*=": "+=",
    "/=": "*=",
    "<<=": ">>=",
    ">>=": "<<=",
    "&=": "|=",
    "|=": "&=",
}


def _change(node: Node, template: str, **fills: Node | str) -> Rewrite:
    return Rewrite((replace(node, expression(template), **fills),), level=Semantics.CHANGED)


def _operators(program: augment.Program, others: Mapping[str, Sequence[str]]) -> Iterator[Rewrite]:
    for node in program.nodes("binary_expression"):
        for other in others.get(node.children[1].type, ()):
            # In TypeScript a new `<` might open type arguments.
            if "<" not in other or program.language == "javascript":
                left, right = unwrap(node.children[0]), unwrap(node.children[2])
                yield _change(node, f"$left {other} $right", left=left, right=right)


def comparison(program: augment.Program) -> Iterator[Rewrite]:
    """Replace a comparison, such as `<` by `>=` or `<=`, or `===` by `!==`."""
    return _operators(program, _COMPARED)


def arithmetic(program: augment.Program) -> Iterator[Rewrite]:
    """Replace an arithmetic or bitwise operator, such as `+` by `-`, or `&` by `|`."""
    return _operators(program, _CALCULATED)


def connective(program: augment.Program) -> Iterator[Rewrite]:
    """Replace a logical operator, such as `&&` by `||`."""
    return _operators(program, _CONNECTED)


def operands(program: augment.Program) -> Iterator[Rewrite]:
    """Swap the operands of an operator that is not commutative: `a - b` becomes `b - a`."""
    for node in program.nodes("binary_expression"):
        operator = node.children[1].type
        left, right = unwrap(node.children[0]), unwrap(node.children[2])
        if operator in _ONE_WAY and program.text(left) != program.text(right):
            yield _change(node, f"$right {operator} $left", left=left, right=right)


def arguments(program: augment.Program) -> Iterator[Rewrite]:
    """Swap two arguments: `f(a, b)` becomes `f(b, a)`."""
    for node in program.nodes("call_expression"):
        callee, given = node.field("function"), node.field("arguments")
        if callee is None or given is None or given.type != "arguments" or len(node.children) != 2:
            continue
        if callee.type in ("super", "import") or len(given.named) != 2:
            continue
        first, second = given.named
        if {"spread_element", "comment"} & {first.type, second.type} or program.text(
            first
        ) == program.text(second):
            continue
        yield _change(node, "$callee($second, $first)", callee=callee, first=first, second=second)


def boundary(program: augment.Program) -> Iterator[Rewrite]:
    """Replace an integer `n` by `n + 1` or `n - 1`."""
    for node in program.nodes("number"):
        text = program.text(node)
        if not text.isdecimal() or len(text) > 15 or (text[0] == "0" and text != "0"):
            continue
        for near in (int(text) + 1, int(text) - 1):
            if near >= 0:
                yield Rewrite((Replace(node, str(near)),), level=Semantics.CHANGED)


def condition(program: augment.Program) -> Iterator[Rewrite]:
    """Negate the condition of an `if` or of a ternary."""
    for node in program.nodes("if_statement", "ternary_expression"):
        test = node.field("condition")
        if test is None:
            continue
        test = unwrap(test)
        inner = (
            test.named[0]
            if test.type == "unary_expression" and test.children[0].type == "!"
            else None
        )
        yield (
            _change(test, "$test", test=unwrap(inner))
            if inner is not None
            else _change(test, "!$test", test=test)
        )


def constant(program: augment.Program) -> Iterator[Rewrite]:
    """Replace `true` by `false`, or `false` by `true`."""
    for node in program.nodes("true", "false"):
        yield Rewrite(
            (Replace(node, "false" if node.type == "true" else "true"),), level=Semantics.CHANGED
        )


def step(program: augment.Program) -> Iterator[Rewrite]:
    """Replace an update, such as `++` by `--`, or `+=` by `-=`."""
    for node in program.nodes("update_expression"):
        first, second = node.children
        if first.type in _STEPS:
            yield _change(node, f"{_STEPS[first.type]}$target", target=second)
        else:
            yield _change(node, f"$target{_STEPS[second.type]}", target=first)
    for node in program.nodes("augmented_assignment_expression"):
        operator = node.children[1].type
        if operator in _ASSIGNED:
            target, value = node.children[0], node.children[2]
            yield _change(
                node, f"$target {_ASSIGNED[operator]} $value", target=target, value=unwrap(value)
            )


KINDS: dict[str, Callable[[augment.Program], Iterator[Rewrite]]] = {
    kind.__name__: kind
    for kind in (
        arguments,
        arithmetic,
        boundary,
        comparison,
        condition,
        connective,
        constant,
        operands,
        step,
    )
}
"""Kind of edit -> function that yields all edits of that kind."""
