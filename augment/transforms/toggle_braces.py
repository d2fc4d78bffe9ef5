"""Put braces around single statements, or drop them."""

from collections.abc import Iterator
from typing import Final

from augment.analysis.flow import declares, is_single
from augment.program.program import Program
from augment.rewriting.edits import Rewrite, replace
from augment.rewriting.registry import Site, transform
from augment.rewriting.semantics import Semantics
from augment.rewriting.templates import Body, statements
from augment.syntax.tree import Node

_BARE: Final = statements("$body;")
_BLOCK: Final = statements("{ $body; }")
_EMPTY: Final = statements("{}")


@transform(
    "toggle-braces",
    family="statements",
    phase="structure",
    level=Semantics.PRESERVED,
    probability=0.15,
    strength=0.5,
)
def toggle_braces(program: Program) -> Iterator[Site]:
    """Write `if (c) { a(); }` as `if (c) a();`, and back; loops and `else` likewise.

    Source: ECMA-262 §14.2.
    """
    for parent in program.nodes(
        "if_statement",
        "else_clause",
        "for_statement",
        "for_in_statement",
        "while_statement",
        "do_statement",
    ):
        for child in parent.children:
            if child.is_named and is_single(child):
                if child.type == "statement_block":
                    if _is_optional(child):
                        yield Rewrite((replace(child, _BARE, body=Body(child)),))
                elif child.type != "empty_statement" and not declares(child):
                    yield Rewrite((replace(child, _BLOCK, body=child),))


def _is_optional(block: Node) -> bool:
    """Whether the braces of `block` may go; those that an `else` or an insertion needs are the
    renderer's business.
    """
    return (
        len(block.named) == 1
        and block.named[0].type != "empty_statement"
        and not declares(block.named[0])
    )


@toggle_braces.canonical
def canonical(program: Program) -> Iterator[Rewrite]:
    """Write `if (c) a();` as `if (c) { a(); }`; loops and `else` likewise, but for `else if`."""
    for parent in program.nodes(
        "if_statement",
        "else_clause",
        "for_statement",
        "for_in_statement",
        "while_statement",
        "do_statement",
    ):
        for child in parent.children:
            if not child.is_named or not is_single(child):
                continue
            if child.type == "statement_block":
                chained = parent.type == "else_clause" and [one.type for one in child.named] == [
                    "if_statement"
                ]
                if chained:
                    yield Rewrite((replace(child, _BARE, body=Body(child)),))
            elif not (
                parent.type == "else_clause" and child.type == "if_statement"
            ) and not declares(child):
                if child.type == "empty_statement":
                    yield Rewrite((replace(child, _EMPTY),))
                else:
                    yield Rewrite((replace(child, _BLOCK, body=child),))
