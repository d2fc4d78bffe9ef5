"""Convert between spreads and the calls that copy or join."""

from collections.abc import Iterator
from typing import Final

from augment.analysis.effects import unwrap
from augment.analysis.known_receivers import is_known_array
from augment.analysis.plain_data import MethodCall, calls_global, has_holes, method_call
from augment.program.program import Program
from augment.rewriting.edits import Rewrite, replace
from augment.rewriting.registry import Site, transform
from augment.rewriting.semantics import Semantics
from augment.rewriting.templates import Fill, expression
from augment.syntax.tree import Node

_COPY: Final = (expression("$list.slice()"), expression("Array.from($list)"))
_SPREAD: Final = expression("[...$list]")
_APPLIED: Final = expression("$function(...$list)")
_MOST: Final = 8
"""Most objects or arrays that are joined."""


@transform(
    "convert-spreads",
    family="spreads",
    phase="structure",
    level=Semantics.PLAIN_DATA,
    probability=0.2,
    strength=0.7,
)
def convert_spreads(program: Program) -> Iterator[Site]:
    """Write `Object.assign({}, a, b)` as `{ ...a, ...b }`, `a.concat(b)` as `[...a, ...b]`,
    `a.slice()` as `[...a]`, `f.apply(null, a)` as `f(...a)`, and back.

    Source: ECMA-262 §20.1.2.1, §23.1.3.2, §13.2.4, §13.2.5.
    """
    for node in program.nodes("call_expression"):
        call = method_call(program, node)
        if call is not None:
            rewrite = _of_call(program, node, call)
            if rewrite is not None:
                yield rewrite
    for node in program.nodes("object"):
        parts = [_spread_part(child) for child in node.named]
        sources = [part for part in parts if part is not None]
        if parts and len(sources) == len(parts) <= _MOST:
            names = ", ".join(f"$p{number}" for number in range(len(sources)))
            yield _rewrite(node, f"Object.assign({{}}, {names})", sources)
    for node in program.nodes("array"):
        parts = [_spread_part(child) for child in node.named]
        lists = [part for part in parts if part is not None]
        if len(lists) != len(node.named) or not lists or len(lists) > _MOST:
            continue
        if has_holes(node) or not all(is_known_array(program, part) for part in lists):
            continue
        if len(lists) == 1:
            yield tuple(
                Rewrite((replace(node, template, list=lists[0]),), level=Semantics.PLAIN_DATA)
                for template in _COPY
            )
        else:
            names = ", ".join(f"$p{number}" for number in range(1, len(lists)))
            yield _rewrite(node, f"$p0.concat({names})", lists)


def _of_call(program: Program, node: Node, call: MethodCall) -> Rewrite | None:
    arguments = call.arguments
    if calls_global(program, call, "Object", "assign"):
        first = unwrap(arguments[0]) if arguments else None
        if (
            first is None
            or first.type != "object"
            or first.named
            or not 1 < len(arguments) <= _MOST
        ):
            return None
        names = ", ".join(f"...$p{number}" for number in range(len(arguments) - 1))
        return _rewrite(node, f"{{ {names} }}", arguments[1:])
    if call.name == "concat" and 0 < len(arguments) < _MOST:
        lists = [call.receiver, *arguments]
        if not all(is_known_array(program, one) for one in lists):
            return None
        return _joined(node, lists)
    copies = (
        call.name == "slice" and not arguments and is_known_array(program, call.receiver)
    ) or (
        calls_global(program, call, "Array", "from")
        and len(arguments) == 1
        and is_known_array(program, arguments[0])
    )
    if copies:
        source = arguments[0] if arguments else call.receiver
        return Rewrite((replace(node, _SPREAD, list=source),), level=Semantics.PLAIN_DATA)
    if call.name == "apply" and len(arguments) == 2:
        receiver, target = call.receiver, program.text(arguments[0])
        plain = receiver.type == "identifier" and target in ("null", "undefined", "void 0")
        of_math = receiver.type == "member_expression" and target in ("null", "Math")
        if of_math:
            base = receiver.children[0]
            of_math = program.text(base) == "Math" and base.index not in program.scopes.of_node
        if (plain or of_math) and is_known_array(program, arguments[1]):
            fills: dict[str, Fill] = {"function": receiver, "list": arguments[1]}
            return Rewrite((replace(node, _APPLIED, **fills),), level=Semantics.PLAIN_DATA)
    return None


def _joined(node: Node, lists: list[Node]) -> Rewrite | None:
    """Return the rewrite to one array literal; the elements of literals among `lists` stay such."""
    spelt: list[str] = []
    parts: list[Node] = []
    for one in lists:
        literal = unwrap(one)
        if literal.type != "array":
            spelt.append(f"...$p{len(parts)}")
            parts.append(one)
            continue
        if has_holes(literal) or any(item.type == "spread_element" for item in literal.named):
            return None
        for item in literal.named:
            spelt.append(f"$p{len(parts)}")
            parts.append(item)
    return _rewrite(node, f"[{', '.join(spelt)}]", parts) if spelt else None


def _spread_part(child: Node) -> Node | None:
    """Return what a member of an object or array spreads, or None if it does not."""
    return unwrap(child.named[0]) if child.type == "spread_element" else None


def _rewrite(node: Node, source: str, parts: list[Node]) -> Rewrite:
    fills: dict[str, Fill] = {f"p{number}": part for number, part in enumerate(parts)}
    return Rewrite((replace(node, expression(source), **fills),), level=Semantics.PLAIN_DATA)
