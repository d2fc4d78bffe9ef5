"""Split declarations of several variables, or of a variable and its value; join them."""

from collections.abc import Iterator
from typing import Final

from augment.analysis.flow import following, in_list, lists, value_shows
from augment.analysis.purity import is_captured, is_quiet
from augment.analysis.reads import known_binding
from augment.program.program import Program
from augment.rewriting.edits import Replace, Rewrite, replace, replace_run
from augment.rewriting.registry import Site, transform
from augment.rewriting.semantics import Semantics
from augment.rewriting.templates import Fill, statements
from augment.syntax.tree import Node

_LATER: Final = {kind: statements(f"{kind} $name;\n$again = $value;") for kind in ("var", "let")}
_AT_ONCE: Final = statements("var $name = $value;")

# Declarations that are joined, and variables whose declaration is split: each number is a template
# of its own.
_MOST, _MOST_SPLIT = 8, 64


@transform(
    "split-declarations",
    family="declarations",
    phase="structure",
    level=Semantics.PRESERVED,
    probability=0.18,
    strength=0.4,
)
def split_declarations(program: Program) -> Iterator[Site]:
    """Write `var a = 1, b = 2;` as two statements, `var a = 1;` as `var a; a = 1;`, and back.

    Source: ECMA-262 §14.3.
    """
    for _, statements_of_list in lists(program):
        for statement in statements_of_list:
            if statement.type not in ("variable_declaration", "lexical_declaration"):
                continue
            forms: list[Rewrite] = []
            run = _same_kind(program, statement)
            if len(run) > 1:
                declarators = [declarator for other in run for declarator in _declarators(other)]
                forms.append(Rewrite((_declared(program, statement, run[-1], declarators, ", "),)))
            declarators = _declarators(statement)
            if 1 < len(declarators) <= _MOST_SPLIT:
                forms.append(
                    Rewrite((_declared(program, statement, statement, declarators, "; "),))
                )
            elif declarators:
                rewrite = _value_later(program, statement, declarators[0]) or _value_at_once(
                    program, statement, declarators[0]
                )
                if rewrite is not None:
                    forms.append(rewrite)
            if forms:
                yield tuple(forms)


def _declarators(statement: Node) -> list[Node]:
    return [child for child in statement.named if child.type == "variable_declarator"]


def _same_kind(program: Program, statement: Node) -> list[Node]:
    """Return `statement` and the declarations of its kind right behind it."""
    kind = program.text_of[statement.first]
    run = [statement]
    for other in following(statement, _MOST - 1):
        if other.type != statement.type or program.text_of[other.first] != kind:
            break
        run.append(other)
    return run


def _declared(
    program: Program, first: Node, last: Node, declarators: list[Node], separator: str
) -> Replace:
    kind = program.text_of[first.first]
    slots = [f"$d{number}" for number in range(len(declarators))]
    source = (
        f"{kind} {', '.join(slots)};"
        if separator == ", "
        else "\n".join(f"{kind} {slot};" for slot in slots)
    )
    fills: dict[str, Fill] = {
        slot[1:]: declarator for slot, declarator in zip(slots, declarators, strict=True)
    }
    return replace_run(first, last, statements(source), **fills)


def _value_later(program: Program, statement: Node, declarator: Node) -> Rewrite | None:
    name, value = declarator.field("name"), declarator.field("value")
    kind = program.text_of[statement.first]
    if (
        name is None
        or name.type != "identifier"
        or value is None
        or declarator.field("type") is not None
    ):
        return None
    if kind not in _LATER or not in_list(statement) or value_shows(program, statement):
        return None
    binding = known_binding(program, name)
    if binding is None:
        return None
    if kind == "let":
        # while the value is made, the variable is in its temporal dead zone or already undefined
        own = any(value.contains(reference.node) for reference in binding.references)
        if own or (is_captured(program, binding) and not is_quiet(program, value)):
            return None
    return Rewrite((replace(statement, _LATER[kind], name=name, again=binding, value=value),))


def _value_at_once(program: Program, statement: Node, declarator: Node) -> Rewrite | None:
    """Return the rewrite of `var a; a = 1;`."""
    name, behind = declarator.field("name"), following(statement, 1)
    if len(declarator.children) != 1 or name is None or name.type != "identifier" or not behind:
        return None
    assignment = behind[0].named[0] if behind[0].type == "expression_statement" else None
    if (
        assignment is None
        or assignment.type != "assignment_expression"
        or program.text_of[statement.first] != "var"
        or value_shows(program, statement)
    ):
        return None
    target, value = assignment.children[0], assignment.children[2]
    if target.type != "identifier" or known_binding(
        program, target
    ) is not program.scopes.of_node.get(name.index):
        return None
    return Rewrite((replace_run(statement, behind[0], _AT_ONCE, name=name, value=value),))


@split_declarations.canonical
def canonical(program: Program) -> Iterator[Rewrite]:
    """Write `var a = 1, b = 2;` as two statements, and `var a; a = 1;` as `var a = 1;`."""
    for _, statements_of_list in lists(program):
        for statement in statements_of_list:
            if statement.type not in ("variable_declaration", "lexical_declaration"):
                continue
            declarators = _declarators(statement)
            if 1 < len(declarators) <= _MOST_SPLIT:
                yield Rewrite((_declared(program, statement, statement, declarators, "; "),))
            elif declarators:
                rewrite = _value_at_once(program, statement, declarators[0])
                if rewrite is not None:
                    yield rewrite
