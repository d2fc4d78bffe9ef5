"""Convert between loops over elements and `forEach`."""

from collections.abc import Iterator
from functools import partial
from typing import Final

from augment.analysis.callbacks import callback, element_loop, may_be_function
from augment.analysis.flow import leaving, value_shows
from augment.analysis.plain_data import array_variable, method_call
from augment.program.program import Program
from augment.rewriting.edits import Edit, Replace, Rewrite, replace
from augment.rewriting.registry import Draw, Site, transform
from augment.rewriting.semantics import Semantics
from augment.rewriting.templates import Body, Fill, statements
from augment.syntax.tree import Node
from augment.transforms.convert_functions import ends_arrow, is_interchangeable
from augment.transforms.convert_index_loops import IndexLoop, index_loop

_EACH: Final = statements("$array.forEach(($element) => {\n  $body;\n});")
_EACH_INDEX: Final = statements("$array.forEach(($element, $index) => {\n  $body;\n});")
_LOOP: Final = statements("for (const $element of $array) {\n  $body;\n}")


@transform(
    "convert-for-each",
    family="iteration",
    phase="structure",
    level=Semantics.PLAIN_DATA,
    probability=0.2,
    strength=0.6,
)
def convert_for_each(program: Program) -> Iterator[Site]:
    """Write `for (const x of a) f(x);` as `a.forEach((x) => { f(x); });`, and back; loops over
    indices likewise.

    Source: ECMA-262 §23.1.3.15, §14.7.5.
    """
    for node in program.nodes("for_in_statement"):
        loop = element_loop(program, node)
        if loop is not None:
            code = replace(
                node, _EACH, array=loop.array, element=loop.element, body=_inner(loop.body)
            )
            yield Rewrite((code,), level=Semantics.PLAIN_DATA)
    for node in program.nodes("for_statement"):
        counted = index_loop(program, node)
        if counted is None or leaving(program, counted.body, "continue_statement"):
            continue
        if may_be_function(program, counted.body) and not _declares_vars(program, counted.body):
            yield partial(_of_indices, node, counted)
    for node in program.nodes("expression_statement"):
        rewrite = _loop(program, node)
        if rewrite is not None:
            yield rewrite


def _inner(body: Node) -> Node | Body:
    return Body(body) if body.type == "statement_block" else body


def _declares_vars(program: Program, body: Node) -> bool:
    return any(body.contains(one) for one in program.nodes("variable_declaration"))


def _of_indices(node: Node, loop: IndexLoop, draw: Draw) -> Rewrite | None:
    element = draw.supply.words(draw)
    fills: dict[str, Fill] = {
        "array": loop.array,
        "element": element,
        "body": _inner(loop.body),
    }
    if not loop.plain:
        fills["index"] = loop.counter
    edits: list[Edit] = [replace(node, _EACH if loop.plain else _EACH_INDEX, **fills)]
    edits += [Replace(place, element) for place in loop.elements]
    return Rewrite(tuple(edits), level=Semantics.PLAIN_DATA)


def _loop(program: Program, node: Node) -> Rewrite | None:
    call = method_call(program, node.named[0]) if node.named else None
    if call is None or call.name != "forEach" or len(call.arguments) != 1:
        return None
    if value_shows(program, node) or array_variable(program, call.receiver) is None:
        return None
    function = call.arguments[0]
    each = callback(function)
    if each is None or len(each.parameters) != 1 or not is_interchangeable(program, function):
        return None
    if each.body.type != "statement_block":
        body: Node | Body = each.body
    elif may_be_function(program, each.body) and not _declares_vars(program, each.body):
        body = Body(each.body)
    else:
        return None
    code = replace(node, _LOOP, array=call.receiver, element=each.parameters[0], body=body)
    return Rewrite((code,), level=Semantics.PLAIN_DATA, breaks=ends_arrow(function))
