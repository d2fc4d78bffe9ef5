"""Rename local variables, parameters, functions and classes."""

from collections.abc import Iterator

from augment.edits import Fact, Rewrite, Semantics
from augment.effects import names_function
from augment.names import Case, NameKind
from augment.program import Program
from augment.registry import Draw, transform
from augment.scope import Binding

# Of the views that rename: a third as a minifier does, the others with real words.
_SHORT = 0.3


@transform("rename-variables", phase="names", level=Semantics.OBSERVABLE, probability=0.75, strength=0.8)
def rename_variables(program: Program, draw: Draw) -> Iterator[Rewrite]:
    """Give local names new ones: real words in camelCase or snake_case, or the short names of a minifier.

    Source: ContraCode §4.1 (variable renaming, identifier mangling).
    """
    short = draw.random() < _SHORT
    case: Case = "snake" if draw.random() < 0.25 else "camel"
    for binding, kind, level, breaks in program.analysis(_renamable):
        if draw.site():
            name = draw.supply.short(draw) if short else draw.supply.words(draw, case, kind)
            yield Rewrite(renames=((binding, name),), level=level, breaks=breaks)


def _renamable(program: Program) -> list[tuple[Binding, NameKind, Semantics, frozenset[Fact]]]:
    """Return the local names of a program, with what each renaming is."""
    return [
        (
            binding,
            _kind(binding),
            Semantics.OBSERVABLE if names_function(program, binding) else Semantics.PRESERVED,
            frozenset({("name", id(binding))}),
        )
        for binding in program.scopes.bindings
        if not binding.frozen
    ]


def _kind(binding: Binding) -> NameKind:
    if binding.kind in ("class", "class-name"):
        return "class"
    return "function" if binding.kind in ("function", "function-name") else "value"
