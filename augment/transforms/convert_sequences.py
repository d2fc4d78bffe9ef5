"""Convert between statements and comma expressions."""

from collections.abc import Iterator
from functools import partial
from typing import Final

from augment.analysis.effects import unwrap
from augment.analysis.flow import lists
from augment.program.program import Program
from augment.rewriting.edits import Replace, Rewrite, replace, replace_run
from augment.rewriting.registry import Draw, Site, transform
from augment.rewriting.semantics import Semantics
from augment.rewriting.templates import Fill, statements
from augment.syntax.tree import Node

# Statements that one sequence holds.
_LONGEST: Final = 3


@transform(
    "convert-sequences",
    family="statements",
    phase="structure",
    level=Semantics.PRESERVED,
    probability=0.12,
    strength=0.4,
)
def convert_sequences(program: Program) -> Iterator[Site]:
    """Write `a(); b();` as `a(), b();`, `return a(), b;` as `a(); return b;`, and back.

    Source: ECMA-262 §13.16.
    """
    yield from canonical(program)
    for _, statements_of_list in lists(program):
        for number, statement in enumerate(statements_of_list):
            runs = (
                _runs(statements_of_list[number : number + _LONGEST])
                if _is_plain(statement)
                else []
            )
            if runs:
                yield partial(_joined, runs)


@convert_sequences.canonical
def canonical(program: Program) -> Iterator[Rewrite]:
    """Write `a(), b();` as `a(); b();`, `return a(), b;` as `a(); return b;`."""
    for node in program.nodes("expression_statement", "return_statement", "throw_statement"):
        value = unwrap(node.named[0]) if node.named else None
        if value is not None and value.type == "sequence_expression":
            parts = [unwrap(part) for part in value.named]
            if not any(part.type == "string" for part in parts):
                yield Rewrite((_separate(node, parts),))


def _runs(behind: list[Node]) -> list[list[Node]]:
    """Return the runs from the first of these statements on that one statement can hold, two
    statements and more.
    """
    runs: list[list[Node]] = []
    for number, statement in enumerate(behind[1:], start=2):
        ends = statement.type in ("return_statement", "throw_statement") and bool(statement.named)
        if not ends and not _is_plain(statement):
            break
        runs.append(behind[:number])
        if ends:
            break
    return runs


def _is_plain(statement: Node) -> bool:
    return statement.type == "expression_statement" and unwrap(statement.named[0]).type not in (
        "string",
        "sequence_expression",
    )


def _keyword(statement: Node) -> str:
    return {"return_statement": "return ", "throw_statement": "throw "}.get(statement.type, "")


def _separate(node: Node, parts: list[Node]) -> Replace:
    fills: dict[str, Fill] = {f"x{number}": part for number, part in enumerate(parts)}
    lines = [f"$x{number};" for number in range(len(parts))]
    lines[-1] = _keyword(node) + lines[-1]
    return replace(node, statements("\n".join(lines)), **fills)


def _joined(runs: list[list[Node]], draw: Draw) -> Rewrite:
    """Return the rewrite that makes one statement of one of these runs."""
    run = runs[int(draw.random() * len(runs))]
    fills: dict[str, Fill] = {
        f"x{number}": statement.named[0] for number, statement in enumerate(run)
    }
    source = _keyword(run[-1]) + ", ".join(f"$x{number}" for number in range(len(run))) + ";"
    return Rewrite((replace_run(run[0], run[-1], statements(source), **fills),))
