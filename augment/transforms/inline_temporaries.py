"""Put the value of a variable that is used once in the place of its use."""

from collections.abc import Iterator

from augment.analysis.effects import is_anonymous, unwrap
from augment.analysis.flow import declares, following, lists, value_shows
from augment.program.program import Program
from augment.rewriting.edits import Replace, Rewrite, replace_run
from augment.rewriting.registry import Site, transform
from augment.rewriting.semantics import Semantics
from augment.rewriting.templates import Fill, statements
from augment.syntax.tree import Node


@transform(
    "inline-temporaries",
    family="temporaries",
    simplifies=True,
    phase="structure",
    level=Semantics.OBSERVABLE,
    probability=0.15,
    strength=0.5,
)
def inline_temporaries(program: Program) -> Iterator[Site]:
    """Write `const sum = a + b; return sum;` as `return a + b;`, where the next statement evaluates
    the variable first.

    A function or class without a name of its own had that of the variable.

    Source: Fowler, Refactoring, Inline Variable.
    """
    for _, statements_of_list in lists(program):
        for statement in statements_of_list:
            name, value = _declared(statement)
            behind = following(statement, 1)
            if name is None or value is None or not behind or value_shows(program, statement):
                continue
            binding = program.scopes.of_node.get(name.index)
            if (
                binding is None
                or binding.frozen
                or len(binding.declaring) != 1
                or len(binding.references) != 1
            ):
                continue
            use = binding.references[0]
            edit = _inlined(statement, behind[0], use.node, value) if use.access == "read" else None
            if edit is not None:
                level = Semantics.OBSERVABLE if is_anonymous(unwrap(value)) else Semantics.PRESERVED
                yield Rewrite((edit,), level=level)


def _declared(statement: Node) -> tuple[Node | None, Node | None]:
    """Return name and value of a declaration of one variable."""
    if (
        statement.type not in ("variable_declaration", "lexical_declaration")
        or len(statement.named) != 1
    ):
        return None, None
    declarator = statement.named[0]
    name = declarator.field("name")
    if name is None or name.type != "identifier" or declarator.field("type") is not None:
        return None, None
    return name, declarator.field("value")


def _inlined(statement: Node, behind: Node, use: Node, value: Node) -> Replace | None:
    """Return the edit that puts `value` in the place of `use`, if that is what `behind` evaluates
    first.
    """
    fills: dict[str, Fill] = {"value": value}
    if behind.type in ("return_statement", "throw_statement") and behind.named:
        if unwrap(behind.named[0]) is not use:
            return None
        source = f"{'return' if behind.type == 'return_statement' else 'throw'} $value;"
    elif behind.type == "if_statement":
        condition, yes, otherwise = (
            behind.field("condition"),
            behind.field("consequence"),
            behind.field("alternative"),
        )
        if condition is None or yes is None or unwrap(condition) is not use:
            return None
        if declares(yes) or (otherwise is not None and declares(otherwise.named[0])):
            return None
        fills["yes"] = yes
        source = "if ($value) $yes;"
        if otherwise is not None:
            fills["no"] = otherwise.named[0]
            source += " else $no;"
    elif behind.type in ("variable_declaration", "lexical_declaration") and len(behind.named) == 1:
        declarator = behind.named[0]
        target, taken = declarator.field("name"), declarator.field("value")
        if (
            target is None
            or taken is None
            or unwrap(taken) is not use
            or declarator.field("type") is not None
        ):
            return None
        if target.type not in ("object_pattern", "array_pattern"):
            return None  # a function in the place of the variable would get another name
        fills["target"] = target
        source = f"{behind.children[0].type} $target = $value;"
    else:
        return None
    return replace_run(statement, behind, statements(source), **fills)
