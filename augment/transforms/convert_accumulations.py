"""Convert between loops that gather and `map`, `filter`, `reduce`, `some`, `every`."""

from collections.abc import Iterator
from functools import partial
from typing import Final

from augment.analysis.callbacks import ElementLoop, callback, element_loop
from augment.analysis.effects import unwrap
from augment.analysis.flow import following, is_labeled, own, value_shows
from augment.analysis.plain_data import array_variable, method_call
from augment.program.program import Program
from augment.program.scope import Binding
from augment.rewriting.edits import Rewrite, replace, replace_run
from augment.rewriting.registry import Draw, Site, transform
from augment.rewriting.semantics import Semantics
from augment.rewriting.templates import Fill, statements
from augment.syntax.tree import Node
from augment.transforms.convert_functions import ends_arrow, is_interchangeable

_SUM: Final = "$kind $name = $array.reduce(($total, $element) => $again + $value, $start);"
_GATHER: Final = "$kind $name = [];\nfor (const $element of $array) {{\n  {body}\n}}"


@transform(
    "convert-accumulations",
    family="accumulation",
    phase="structure",
    level=Semantics.PLAIN_DATA,
    probability=0.25,
    strength=0.7,
)
def convert_accumulations(program: Program) -> Iterator[Site]:
    """Write `const b = []; for (const x of a) b.push(f(x));` as `const b = a.map((x) => f(x));`,
    and
    back; likewise `filter`, `reduce`, and `some` and `every` where they are returned.

    Source: ECMA-262 §23.1.3.
    """
    for node in program.nodes("for_in_statement"):
        loop = element_loop(program, node)
        if loop is not None:
            site = _gathered(program, node, loop)
            if site is not None:
                yield site
        else:
            decided = _decided(program, node)
            if decided is not None:
                yield decided
    for node in program.nodes("lexical_declaration", "variable_declaration"):
        rewrite = _spelt_out(program, node)
        if rewrite is not None:
            yield rewrite


def _before(node: Node) -> tuple[Node, Node] | None:
    """Return the declaration with one declarator right before `node`, and its value."""
    siblings = node.parent.children if node.parent is not None else []
    at = siblings.index(node)
    statement = siblings[at - 1] if at > 0 else None
    if statement is None or statement.type not in ("lexical_declaration", "variable_declaration"):
        return None
    declarators = [one for one in statement.named if one.type == "variable_declarator"]
    value = declarators[0].field("value") if len(declarators) == 1 else None
    if value is None or declarators[0].field("type") is not None:
        return None
    return statement, value


def _declared(program: Program, statement: Node) -> Binding | None:
    declarator = next(one for one in statement.named if one.type == "variable_declarator")
    name = declarator.field("name")
    binding = program.scopes.of_node.get(name.index) if name is not None else None
    if binding is None or len(binding.declaring) != 1 or binding.frozen == "global":
        return None
    return binding


def _sole(body: Node) -> Node | None:
    if body.type != "statement_block":
        return body
    return body.named[0] if len(body.named) == 1 else None


def _gathered(program: Program, node: Node, loop: ElementLoop) -> Site | None:
    found = _before(node)
    only = _sole(loop.body)
    if found is None or only is None:
        return None
    statement, start = found
    binding = _declared(program, statement)
    if binding is None:
        return None
    test: Node | None = None
    if only.type == "if_statement" and only.field("alternative") is None:
        condition, consequence = only.field("condition"), only.field("consequence")
        assert condition is not None
        assert consequence is not None
        test, only = unwrap(condition), _sole(consequence)
    if only is None or only.type != "expression_statement":
        return None
    uses = [one.node for one in binding.references if node.contains(one.node)]
    kind = statement.children[0].type
    fills: dict[str, Fill] = {"element": loop.element, "array": loop.array}
    name = statement.named[0].field("name")
    assert name is not None
    fills["name"] = name
    action = only.named[0]
    if action.type == "augmented_assignment_expression" and test is None:
        target, operator, value = action.children
        if operator.type != "+=" or len(uses) != 1 or target is not uses[0] or kind == "const":
            return None
        fills |= {"value": value, "start": start}
        return partial(_reduced, statement, node, kind, fills)
    call = method_call(program, action)
    if call is None or call.name != "push" or len(call.arguments) != 1 or len(uses) != 1:
        return None
    if call.receiver is not uses[0] or unwrap(start).type != "array" or unwrap(start).named:
        return None
    value = call.arguments[0]
    if test is None:
        source = f"{kind} $name = $array.map(($element) => $value);"
        fills["value"] = value
    elif _is_element(program, value, loop.element):
        source = f"{kind} $name = $array.filter(($element) => $test);"
        fills["test"] = test
    else:
        return None
    code = replace_run(statement, node, statements(source), **fills)
    return Rewrite((code,), level=Semantics.PLAIN_DATA)


def _is_element(program: Program, value: Node, element: Node) -> bool:
    binding = program.scopes.of_node.get(element.index)
    return (
        element.type == "identifier"
        and binding is not None
        and program.scopes.of_node.get(unwrap(value).index) is binding
        and all(one.access == "read" for one in binding.references)
    )


def _reduced(
    statement: Node, node: Node, kind: str, fills: dict[str, Fill], draw: Draw
) -> Rewrite | None:
    total = draw.supply.words(draw)
    template = statements(_SUM.replace("$kind", kind))
    code = replace_run(statement, node, template, **fills, total=total, again=total)
    return Rewrite((code,), level=Semantics.PLAIN_DATA)


def _decided(program: Program, node: Node) -> Rewrite | None:
    """Return the rewrite of `for (const x of a) if (c) return true; return false;`."""
    kind, element = node.field("kind"), node.field("left")
    array, body = node.field("right"), node.field("body")
    if not node.has("of") or node.has("await") or is_labeled(node) or value_shows(program, node):
        return None
    if kind is None or kind.type == "var" or element is None or array is None or body is None:
        return None
    binding = array_variable(program, array)
    only = _sole(body)
    if binding is None or only is None or only.type != "if_statement":
        return None
    condition, consequence = only.field("condition"), only.field("consequence")
    if only.field("alternative") is not None or condition is None or consequence is None:
        return None
    early, late = _sole(consequence), next(iter(following(node, 1)), None)
    if early is None or late is None:
        return None
    answers = [_returned(program, early), _returned(program, late)]
    if answers not in (["true", "false"], ["false", "true"]):
        return None
    test = unwrap(condition)
    if any(inner.type in ("yield_expression", "await_expression") for inner in own(program, test)):
        return None
    if any(test.contains(one.node) for one in binding.references):
        return None
    template = (
        "some(($element) => $test)" if answers[0] == "true" else "every(($element) => !$test)"
    )
    code = replace_run(
        node,
        late,
        statements(f"return $array.{template};"),
        array=unwrap(array),
        element=element,
        test=test,
    )
    return Rewrite((code,), level=Semantics.PLAIN_DATA)


def _returned(program: Program, statement: Node) -> str:
    if statement.type != "return_statement" or len(statement.named) != 1:
        return ""
    return program.text(statement.named[0])


def _spelt_out(program: Program, node: Node) -> Rewrite | None:
    """Return the rewrite of `const b = a.map((x) => f(x));` to a loop."""
    parent = node.parent
    if parent is None or parent.type not in ("statement_block", "program"):
        return None
    if value_shows(program, node) or len(node.named) != 1:
        return None
    name, value = node.named[0].field("name"), node.named[0].field("value")
    if name is None or name.type != "identifier" or value is None:
        return None
    binding = _declared(program, node)
    call = method_call(program, unwrap(value))
    if binding is None or call is None or len(call.arguments) != 1:
        return None
    if array_variable(program, call.receiver) is None or call.name not in ("map", "filter"):
        return None
    function = call.arguments[0]
    each = callback(function)
    if each is None or each.value is None or len(each.parameters) != 1:
        return None
    if not is_interchangeable(program, function):
        return None
    element = each.parameters[0]
    if call.name == "map":
        body = "$again.push($value);"
        fills: dict[str, Fill] = {"value": each.value}
    else:
        item = program.scopes.of_node.get(element.index)
        if element.type != "identifier" or item is None:
            return None
        body = "if ($value) $again.push($item);"
        fills = {"value": each.value, "item": item}
    template = statements(_GATHER.format(body=body).replace("$kind", node.children[0].type))
    fills |= {"name": name, "again": binding, "element": element, "array": call.receiver}
    return Rewrite(
        (replace(node, template, **fills),),
        level=Semantics.PLAIN_DATA,
        breaks=ends_arrow(function),
    )
