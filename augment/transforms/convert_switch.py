"""Convert between `switch` and chains of `if`."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Final

from augment.analysis.effects import unwrap
from augment.analysis.flow import (
    declares,
    is_labeled,
    is_plain_block,
    jumps,
    leaving,
    may_name,
    value_shows,
)
from augment.analysis.reads import reads_quietly
from augment.analysis.value_kinds import is_constant
from augment.program.program import Program
from augment.program.scope import Binding
from augment.rewriting.edits import Rewrite, replace
from augment.rewriting.registry import Draw, Site, transform
from augment.rewriting.semantics import Semantics
from augment.rewriting.templates import Body, Fill, Run, statements
from augment.syntax.tree import Node

_MOST: Final = 200
"""Arms of a chain: `else` nests, and what nests deeper engines do not parse."""


@dataclass
class _Arm:
    """What runs for some constants: `tests` is empty for the default."""

    tests: list[Node]
    body: Node | Body | Run | None
    jumps: bool = False


@transform(
    "convert-switch",
    family="branches",
    phase="structure",
    level=Semantics.PRESERVED,
    probability=0.15,
    strength=0.5,
)
def convert_switch(program: Program) -> Iterator[Site]:
    """Write `switch (x) { case 1: a(); break; default: b(); }` as `if (x === 1) a(); else b();`,
    and back.

    Source: ECMA-262 §14.12.
    """
    for node in program.nodes("switch_statement"):
        value = node.field("value")
        arms = _cases(program, node)
        if (
            value is None
            or arms is None
            or not (reads_quietly(program, unwrap(value)) or may_name(program, node))
        ):
            continue
        yield partial(_chain, program, node, unwrap(value), arms)
    for node in program.nodes("if_statement"):
        found = _branches(program, node)
        if found is not None:
            yield _switch(program, node, *found)


def _cases(program: Program, node: Node) -> list[_Arm] | None:
    """Return the arms of a `switch` that an `if` chain can express: none falls into the next, the
    default is last.
    """
    body = node.field("body")
    if body is None or value_shows(program, node) or is_labeled(node):
        return None
    arms: list[_Arm] = []
    tests: list[Node] = []
    cases = body.named
    for number, case in enumerate(cases):
        last = number == len(cases) - 1
        test = case.field("value")
        inside = [child for child in case.named if child.field_name != "value"]
        if case.type == "switch_default":
            if not last:
                return None
            tests = []
        else:
            if test is None or not is_constant(program, test):
                return None
            tests.append(test)
            if not inside and not last:
                continue
        if len(inside) == 1 and inside[0].type == "statement_block":
            inside = inside[0].named
        elif any(declares(statement) for statement in inside):
            return None
        ends = (
            len(inside) > 0
            and inside[-1].type == "break_statement"
            and inside[-1].field("label") is None
        )
        breaks = [
            jump for statement in inside for jump in leaving(program, statement, "break_statement")
        ]
        if breaks != (inside[-1:] if ends else []) or not (
            last or ends or (inside and jumps(inside[-1]))
        ):
            return None
        run = inside[:-1] if ends else inside
        arms.append(_Arm(tests, Run(run[0], run[-1]) if run else None))
        tests = []
    return arms if arms and arms[0].tests and len(arms) <= _MOST else None


def _chain(
    program: Program, node: Node, value: Node, arms: list[_Arm], draw: Draw | None
) -> Rewrite:
    fills: dict[str, Fill] = {}
    if reads_quietly(program, value):
        prefix = ""
        again: Binding | str = program.scopes.of_node[value.index]
    else:
        assert draw is not None
        again = draw.supply.words(draw)
        fills["name"], fills["value"] = again, value
        prefix = "const $name = $value;\n"
    count = 0
    parts: list[str] = []
    for number, arm in enumerate(arms):
        tests: list[str] = []
        for test in arm.tests:
            fills[f"s{count}"] = value if not count and not prefix else again
            fills[f"c{count}"] = test
            tests.append(f"$s{count} === $c{count}")
            count += 1
        head = f"if ({' || '.join(tests)}) " if tests else ""
        if arm.body is None:
            parts.append(head + "{}")
        else:
            fills[f"b{number}"] = arm.body
            parts.append(f"{head}{{\n  $b{number};\n}}")
    return Rewrite((replace(node, statements(prefix + " else ".join(parts)), **fills),))


def _branches(program: Program, node: Node) -> tuple[Node, list[_Arm]] | None:
    """Return the variable and the arms of an `if` chain that compares one variable with
    constants.
    """
    parent = node.parent
    if (
        (parent is not None and parent.type == "else_clause")
        or value_shows(program, node)
        or is_labeled(node)
    ):
        return None
    arms: list[_Arm] = []
    subject: Node | None = None
    at: Node | None = node
    while at is not None:
        if at.type != "if_statement":
            arms.append(_arm(program, [], at))
            break
        condition, yes, otherwise = (
            at.field("condition"),
            at.field("consequence"),
            at.field("alternative"),
        )
        assert condition is not None
        assert yes is not None
        tests: list[Node] = []
        for compared, constant in _comparisons(program, unwrap(condition)):
            if subject is None:
                subject = compared
            if (
                program.scopes.of_node.get(compared.index)
                is not program.scopes.of_node[subject.index]
            ):
                return None
            tests.append(constant)
        if not tests:
            if at is node:
                return None
            arms.append(_arm(program, [], at))
            break
        arms.append(_arm(program, tests, yes))
        at = None if otherwise is None else otherwise.named[0]
    if subject is None or sum(bool(arm.tests) for arm in arms) < 2:
        return None
    for arm in arms:
        inside = arm.body.node if isinstance(arm.body, Body) else arm.body
        if (
            not isinstance(inside, Node)
            or declares(inside)
            or leaving(program, inside, "break_statement")
        ):
            return None
    return subject, arms


def _arm(program: Program, tests: list[Node], body: Node) -> _Arm:
    return _Arm(tests, Body(body) if is_plain_block(body) and body.named else body, jumps(body))


def _comparisons(program: Program, node: Node) -> list[tuple[Node, Node]]:
    """Return variable and constant of each side of `x === 1 || x === 2`, nothing if it is something
    else.
    """
    found: list[tuple[Node, Node]] = []
    todo = [node]
    while todo:
        side = unwrap(todo.pop())
        if side.type == "binary_expression" and side.children[1].type == "||":
            todo += [side.children[2], side.children[0]]
            continue
        compared = _comparison(program, side)
        if compared is None:
            return []
        found.append(compared)
    return found


def _comparison(program: Program, node: Node) -> tuple[Node, Node] | None:
    """Return variable and constant of `x === 1`, None if it is something else."""
    if node.type != "binary_expression" or node.children[1].type != "===":
        return None
    variable, constant = unwrap(node.children[0]), unwrap(node.children[2])
    if is_constant(program, variable):
        variable, constant = constant, variable
    return (
        (variable, constant)
        if is_constant(program, constant) and reads_quietly(program, variable)
        else None
    )


def _switch(program: Program, node: Node, subject: Node, arms: list[_Arm]) -> Rewrite:
    fills: dict[str, Fill] = {"subject": subject}
    lines = ["switch ($subject) {"]
    count = 0
    for number, arm in enumerate(arms):
        for test in arm.tests:
            fills[f"c{count}"] = test
            lines.append(f"  case $c{count}:")
            count += 1
        if not arm.tests:
            lines.append("  default:")
        assert arm.body is not None
        fills[f"b{number}"] = arm.body
        lines.append(f"    $b{number};")
        if not arm.jumps:
            lines.append("    break;")
    lines.append("}")
    return Rewrite((replace(node, statements("\n".join(lines)), **fills),))


@convert_switch.canonical
def canonical(program: Program) -> Iterator[Rewrite]:
    """Write `switch (x) { case 1: a(); break; default: b(); }` as `if (x === 1) a(); else b();`,
    where `x` is a variable.
    """
    for node in program.nodes("switch_statement"):
        value = node.field("value")
        arms = _cases(program, node)
        if value is not None and arms is not None and reads_quietly(program, unwrap(value)):
            yield _chain(program, node, unwrap(value), arms, None)
