"""Rename local variables, parameters, functions and classes."""

from collections.abc import Iterable, Iterator
from typing import Final

from augment.analysis.effects import names_function
from augment.program.program import Program
from augment.program.scope import Binding
from augment.rewriting.edits import Fact, Rewrite
from augment.rewriting.name_supply import Case, NameKind
from augment.rewriting.registry import Draw, transform
from augment.rewriting.semantics import Semantics

# Of the views that rename: a third as a minifier does, the others with real words.
_SHORT: Final = 0.3


@transform(
    "rename-variables",
    family="names",
    phase="names",
    level=Semantics.OBSERVABLE,
    probability=0.75,
    strength=0.8,
)
def rename_variables(program: Program, draw: Draw) -> Iterator[Rewrite]:
    """Give local names new ones: real words in camelCase or snake_case, or the short names of a
    minifier.

    Source: ContraCode §4.1 (variable renaming, identifier mangling).
    """
    found = program.analysis(renamable)
    names = new_names(draw, [kind for _, kind, *_ in found])
    for (binding, _, level, breaks), name in zip(found, names, strict=True):
        if name is not None:
            yield Rewrite(renames=((binding, name),), level=level, breaks=breaks)


def new_names(draw: Draw, kinds: Iterable[NameKind]) -> list[str | None]:
    """Return for each local name, given by its kind, the new one that a view gives it; None where
    the name stays.
    """
    short = draw.random() < _SHORT
    case: Case = "snake" if draw.random() < 0.25 else "camel"
    names: list[str | None] = []
    for kind in kinds:
        if draw.site():
            names.append(draw.supply.short(draw) if short else draw.supply.words(draw, case, kind))
        else:
            names.append(None)
    return names


def renamable(
    program: Program, *, kept: bool = False
) -> list[tuple[Binding, NameKind, Semantics, frozenset[Fact]]]:
    """Return the local names of a program, with what each renaming is.

    Args:
        program: what declares them.
        kept: whether to include the names that somebody beside the program reads.
    """
    return [
        (
            binding,
            _kind(binding),
            Semantics.OBSERVABLE if names_function(program, binding) else Semantics.PRESERVED,
            frozenset({("name", id(binding))}),
        )
        for binding in program.scopes.bindings
        if not binding.frozen and (kept or not binding.kept)
    ]


def _kind(binding: Binding) -> NameKind:
    if binding.kind in ("class", "class-name"):
        return "class"
    return "function" if binding.kind in ("function", "function-name") else "value"
