"""Insert code that does nothing."""

from bisect import bisect_left
from collections.abc import Iterator
from typing import Final, NamedTuple

from augment.analysis.effects import enclosing_function, prologue_end, statement_lists
from augment.program.program import Program
from augment.program.scope import Binding
from augment.rewriting.edits import Insert, Rewrite
from augment.rewriting.name_supply import Case
from augment.rewriting.registry import Draw, transform
from augment.rewriting.semantics import Semantics
from augment.rewriting.templates import Code, Fill, Template, statements
from augment.syntax.tree import Node

# Slots: $name, $other new names; $number, $string literals; $value an expression without effects;
# $seen a parameter in scope.
_DECLARATIONS: Final = tuple(
    statements(source)
    for source in (
        "var $name = $value;",
        "let $name = $value;",
        "const $name = $value;",
        "var $name;",
        "let $name;",
        "var $name = [];",
        "const $name = {};",
        "let $name = [$number, $number];",
        "const $name = { $other: $value };",
        "var $name = $number, $other = $string;",
        "let $name = typeof $seen;",
        "const $name = typeof $seen === $string;",
        "var $name = $seen === undefined;",
        "const $name = function () {\n  return $value;\n};",
        "const $name = () => $value;",
        "function $name($other) {\n  return $other;\n}",
        "function $name() {\n  return $value;\n}",
        "function $name($other) {\n  if (!$other) {\n    return $value;\n  }\n  return $other + "
        "$number;\n}",
    )
)
_NO_OPS: Final = tuple(
    statements(source)
    for source in (
        "void $number;",
        "if (false) {\n  throw new Error($string);\n}",
        "if (false) {\n  let $name = $value;\n  $name = $value;\n}",
        "while (false) {\n  break;\n}",
        "for (let $name = 0; $name < 0; $name++) {\n  $name += $number;\n}",
        "if ($number > $number2) {\n  return $value;\n}",
        "if (typeof $seen === $string2) {\n  void $number;\n}",
        "switch ($number) {\n  default:\n    break;\n}",
        "try {\n  void $number;\n} catch ($name) {\n  throw $name;\n}",
        "{\n  const $name = $value;\n  void $name;\n}",
        "if (false) {\n  console.log($string, $seen);\n}",
        "do {\n  void $string;\n} while (false);",
    )
)
_STRINGS: Final = (
    "done", "error", "ok", "name", "value", "default", "invalid argument", "not found", "utf-8",
    "id", "start", "end", "pending", "unknown", "debug", "info", "warning", "item", "index",
    "missing", "", "type", "key", "data", "result", "empty",
)  # fmt: skip
_TYPES: Final = ("string", "number", "function", "object", "boolean", "undefined")


@transform(
    "insert-dead-code",
    family="dead code",
    phase="structure",
    level=Semantics.PRESERVED,
    probability=0.18,
    strength=0.25,
)
def insert_dead_code(program: Program, draw: Draw) -> Iterator[Rewrite]:
    """Insert unused declarations, unreachable branches and statements without effect.

    Source: ContraCode §4.1 (dead-code insertion).
    """
    case: Case = "snake" if draw.random() < 0.2 else "camel"
    for place in program.analysis(_places):
        if draw.site():
            template = draw.choice(_DECLARATIONS if draw.random() < 0.55 else _NO_OPS)
            fills = _fills(draw, template, place, case)
            if fills is not None:
                yield Rewrite((Insert(place.block, place.before, Code(template, fills)),))


class _Place(NamedTuple):
    """A gap between statements."""

    block: Node
    before: Node | None
    function: Node | None
    seen: list[Binding]
    typed: bool
    returns: bool


def _places(program: Program) -> list[_Place]:
    found: list[_Place] = []
    typed = program.language != "javascript"
    for block in statement_lists(program):
        function = enclosing_function(block)
        seen = _parameters(program, function)
        # a compiler would compare the value with the type that the function returns
        returns = not typed and function is not None and not _constructs(program, function)
        found += [
            _Place(block, before, function, seen, typed, returns)
            for before in [*block.named[prologue_end(block) :], None]
        ]
    return found


def _constructs(program: Program, function: Node) -> bool:
    name = function.field("name")
    return (
        function.type == "method_definition"
        and name is not None
        and program.text_of[name.first] == "constructor"
    )


def _fills(draw: Draw, template: Template, place: _Place, case: Case) -> dict[str, Fill] | None:
    """Return what fills the slots of `template` at this place, or None where it does not fit."""
    names = {slot.name for slot in template.slots}
    if (
        "return" in template.text
        and not place.returns
        and not template.source.startswith(("function", "const"))
    ):
        return None
    fills: dict[str, Fill] = {}
    if "seen" in names:
        if not place.seen:
            return None
        fills["seen"] = draw.choice(place.seen)
    if "name" in names:
        fills["name"] = draw.supply.words(
            draw, case, "function" if template.source.startswith("function") else "value"
        )
    if "other" in names:
        fills["other"] = draw.supply.words(draw, case)
    number = draw.randrange(1, 100)
    fills["number"] = str(number)
    fills["number2"] = str(number + draw.randrange(1, 900))
    # the compiler refuses to compare `typeof` with what it never gives
    strings = _TYPES if place.typed and "seen" in names else _STRINGS
    fills["string"] = f'"{draw.choice(strings)}"'
    fills["string2"] = f'"{draw.choice(_TYPES)}"'
    fills["value"] = _value(draw)
    return fills


def _value(draw: Draw) -> str:
    kind = draw.random()
    if kind < 0.4:
        return str(draw.choice((0, 1, 2, 10, 16, 24, 60, 64, 100, 128, 255, 256, 1000, 1024, 3600)))
    if kind < 0.7:
        return f'"{draw.choice(_STRINGS)}"'
    return draw.choice(("true", "false", "null"))


def _parameters(program: Program, function: Node | None) -> list[Binding]:
    """Parameters whose reading has no effect: initialised, not shadowed by anything in the
    function, spelt without escapes.
    """
    if function is None:
        return []
    scopes = program.scopes.all  # in the order of their nodes: those of the function are a run
    first = bisect_left(scopes, function.index, key=lambda scope: scope.node.index)
    inside = scopes[
        first : bisect_left(scopes, function.stop, first, key=lambda scope: scope.node.index)
    ]
    own = [
        scope
        for scope in inside
        if scope.node is function and scope.kind == "function" and not scope.dynamic
    ]
    if not own:
        return []
    inner = {name for scope in inside if scope.node is not function for name in scope.bindings}
    return [
        binding
        for name, binding in own[0].bindings.items()
        if binding.kind == "parameter"
        and name not in inner
        and not binding.frozen
        and name.isidentifier()
    ]
