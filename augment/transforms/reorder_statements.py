"""Swap adjacent statements that do not touch each other."""

from collections.abc import Iterator
from typing import Final

from augment.analysis.flow import lists, value_shows
from augment.analysis.purity import bindings_read, is_quiet
from augment.analysis.reads import known_binding
from augment.program.program import Program
from augment.rewriting.edits import Rewrite, replace_run
from augment.rewriting.registry import Site, transform
from augment.rewriting.semantics import Semantics
from augment.rewriting.templates import statements
from augment.syntax.tree import Node

_SWAPPED: Final = statements("$second;\n$first;")


@transform(
    "reorder-statements",
    family="statements",
    phase="structure",
    level=Semantics.PRESERVED,
    probability=0.18,
    strength=0.5,
)
def reorder_statements(program: Program) -> Iterator[Site]:
    """Swap adjacent declarations and assignments of values whose making cannot be noticed, where
    neither uses the other.

    Source: Bernstein's conditions for the independence of statements (1966).
    """
    for _, statements_of_list in lists(program):
        if not statements_of_list or value_shows(program, statements_of_list[0]):
            continue
        before: tuple[Node, set[int], set[int]] | None = None
        for statement in statements_of_list:
            here = _effects(program, statement)
            if here is None or before is None:
                before = here
                continue
            first, reads, writes = before
            _, reads_here, writes_here = here
            if not (writes & (reads_here | writes_here)) and not (reads & writes_here):
                yield Rewrite(
                    (replace_run(first, statement, _SWAPPED, second=statement, first=first),)
                )
                before = None
            else:
                before = here


def _effects(program: Program, statement: Node) -> tuple[Node, set[int], set[int]] | None:
    """Return `statement` with the variables that it reads and writes, None where it may do anything
    else.
    """
    reads: set[int] = set()
    writes: set[int] = set()
    if statement.type in ("variable_declaration", "lexical_declaration"):
        for declarator in statement.named:
            name, value = declarator.field("name"), declarator.field("value")
            binding = (
                None if name is None or name.type != "identifier" else known_binding(program, name)
            )
            if binding is None or (value is not None and not is_quiet(program, value)):
                return None
            writes.add(id(binding))
            if value is not None:
                reads |= bindings_read(program, value)
        return statement, reads, writes
    if (
        statement.type != "expression_statement"
        or statement.named[0].type != "assignment_expression"
    ):
        return None
    target, _, value = statement.named[0].children
    binding = known_binding(program, target) if target.type == "identifier" else None
    # assigning to a constant throws, and to a `let` before its declaration; a global may be
    # anything
    if binding is None or binding.frozen == "global" or binding.kind not in ("var", "parameter"):
        return None
    if not is_quiet(program, value):
        return None
    return statement, bindings_read(program, value), {id(binding)}
