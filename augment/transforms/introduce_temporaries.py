"""Give the value of a statement a name."""

from collections.abc import Iterator
from functools import partial
from typing import Final

from augment.analysis.effects import is_anonymous, unwrap
from augment.analysis.flow import declares, lists, may_name, value_shows
from augment.analysis.reads import stays_same
from augment.program.program import Program
from augment.rewriting.edits import Rewrite, replace
from augment.rewriting.registry import Draw, Site, transform
from augment.rewriting.semantics import Semantics
from augment.rewriting.templates import Fill, statements
from augment.syntax.tree import Node

_PLAIN: Final = frozenset(
    {
        "identifier",
        "undefined",
        "this",
        "true",
        "false",
        "null",
        "number",
        "string",
        "regex",
        "super",
        "jsx_text",
    }
)


@transform(
    "introduce-temporaries",
    family="temporaries",
    phase="structure",
    level=Semantics.PRESERVED,
    probability=0.12,
    strength=0.3,
)
def introduce_temporaries(program: Program) -> Iterator[Site]:
    """Write `return a + b;` as `const sum = a + b; return sum;`; conditions, thrown values and
    first arguments likewise.

    Source: Fowler, Refactoring, Extract Variable.
    """
    for _, statements_of_list in lists(program):
        for statement in statements_of_list:
            value = _first_value(program, statement)
            if value is None or value_shows(program, statement) or not may_name(program, statement):
                continue
            yield partial(_named, statement, value)


def _first_value(program: Program, statement: Node) -> Node | None:
    """Return the expression that `statement` evaluates first, if a name for it would say
    something.
    """
    value: Node | None = None
    if statement.type in ("return_statement", "throw_statement"):
        value = statement.named[0] if statement.named else None
    elif statement.type == "if_statement":
        value = None if _has_functions(statement) else statement.field("condition")
    elif statement.type == "expression_statement" and statement.named[0].type == "call_expression":
        call = statement.named[0]
        callee, arguments = call.children[0], call.field("arguments")
        if (
            arguments is None
            or arguments.type != "arguments"
            or not arguments.named
            or len(call.children) != 2
        ):
            return None
        value = arguments.named[0]
        if value.type == "spread_element" or not stays_same(program, callee, value):
            return None
    if value is None or unwrap(value).type in _PLAIN or is_anonymous(unwrap(value)):
        return None
    return unwrap(value)


def _has_functions(statement: Node) -> bool:
    """Whether a branch of an `if` is a function, as only sloppy scripts may have it (ECMA-262
    §B.3.3).
    """
    yes, otherwise = statement.field("consequence"), statement.field("alternative")
    return yes is None or declares(yes) or (otherwise is not None and declares(otherwise.named[0]))


def _named(statement: Node, value: Node, draw: Draw) -> Rewrite:
    kind, name = draw.choice(("const", "const", "let", "var")), draw.supply.words(draw)
    fills: dict[str, Fill] = {"name": name, "value": value, "again": name}
    source = f"{kind} $name = $value;\n"
    if statement.type == "if_statement":
        yes, otherwise = statement.field("consequence"), statement.field("alternative")
        assert yes is not None
        fills["yes"] = yes
        source += "if ($again) $yes;"
        if otherwise is not None:
            fills["no"] = otherwise.named[0]
            source += " else $no;"
    elif statement.type == "expression_statement":
        call = statement.named[0]
        arguments = call.children[1].named
        fills["callee"] = call.children[0]
        fills |= {f"a{number}": argument for number, argument in enumerate(arguments[1:])}
        others = (f"$a{number}" for number in range(len(arguments) - 1))
        source += f"$callee({', '.join(['$again', *others])});"
    else:
        source += f"{'return' if statement.type == 'return_statement' else 'throw'} $again;"
    return Rewrite((replace(statement, statements(source), **fills),))
