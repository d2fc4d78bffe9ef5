"""Convert between loops over the indices and over the elements of an array."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Final, NamedTuple

from augment.analysis.effects import unwrap
from augment.analysis.flow import declares, is_labeled, value_shows
from augment.analysis.plain_data import array_variable, is_element, is_read
from augment.analysis.purity import is_captured
from augment.program.program import Program
from augment.program.scope import Binding
from augment.rewriting.edits import Edit, Replace, Rewrite, replace
from augment.rewriting.registry import Draw, Site, transform
from augment.rewriting.semantics import Semantics
from augment.rewriting.templates import Fill, Run, statements
from augment.syntax.tree import Node

_KINDS: Final = ("const", "const", "const", "let")
_COUNTERS: Final = ("i", "index", "j", "k", "idx", "position", "pos")


class IndexLoop(NamedTuple):
    """A loop `for (let i = 0; i < array.length; i++) body` whose array nothing in it resizes.

    Attributes:
        array: the array's name, where the loop tests its length.
        counter: variable that counts; nothing outside the loop uses it.
        elements: the places in `body` that read `array[i]`.
        plain: whether the index is used for nothing else.
        body: statement.
    """

    array: Node
    counter: Binding
    elements: list[Node]
    plain: bool
    body: Node


@transform(
    "convert-index-loops",
    family="iteration",
    phase="structure",
    level=Semantics.PLAIN_DATA,
    probability=0.2,
    strength=0.6,
)
def convert_index_loops(program: Program) -> Iterator[Site]:
    """Write `for (let i = 0; i < a.length; i++) f(a[i]);` as `for (const x of a) f(x);`, and back.

    Source: ECMA-262 §14.7.5; ESLint, "prefer-for-of" of typescript-eslint.
    """
    for node in program.nodes("for_statement"):
        loop = index_loop(program, node)
        if loop is not None and loop.plain and loop.elements:
            yield partial(_of_elements, program, node, loop)
    for node in program.nodes("for_in_statement"):
        if node.has("of") and not node.has("await"):
            yield partial(_of_indices, program, node)


def index_loop(program: Program, node: Node) -> IndexLoop | None:
    """Return what the `for` statement `node` loops over by index, or None."""
    body, start = node.field("body"), node.field("initializer")
    if body is None or start is None or is_labeled(node) or declares(body):
        return None
    if value_shows(program, node):
        return None
    declarators = [child for child in start.named if child.type == "variable_declarator"]
    if start.type not in ("lexical_declaration", "variable_declaration") or not declarators:
        return None
    index = _declared(program, declarators[0])
    zero = declarators[0].field("value")
    if index is None or zero is None or program.text(zero) != "0":
        return None
    test, step = node.field("condition"), node.field("increment")
    if test is None or step is None or not _steps(program, step, index):
        return None
    test = unwrap(test)
    if test.type != "binary_expression" or test.children[1].type != "<":
        return None
    of_node = program.scopes.of_node
    if of_node.get(test.children[0].index) is not index:
        return None
    limit = unwrap(test.children[2])
    if len(declarators) == 2:
        length = _declared(program, declarators[1])
        value = declarators[1].field("value")
        if length is None or value is None or of_node.get(limit.index) is not length:
            return None
        if len(length.references) != 1:
            return None
        limit = unwrap(value)
    elif len(declarators) > 2:
        return None
    array = _measured(program, limit)
    if array is None:
        return None
    binding = array_variable(program, array)
    if binding is None or is_captured(program, index):
        return None
    elements: list[Node] = []
    plain = True
    for reference in index.references:
        if not node.contains(reference.node):
            return None
        if not body.contains(reference.node):
            continue
        if reference.access != "read":
            return None
        element = reference.node.parent
        if element is not None and is_element(program, element, binding, index):
            if not is_read(element):
                return None
            elements.append(element)
        else:
            plain = False
    if not _stays(body, binding, len(elements)):
        return None
    return IndexLoop(array, index, elements, plain, body)


def _declared(program: Program, declarator: Node) -> Binding | None:
    name = declarator.field("name")
    binding = None if name is None else program.scopes.of_node.get(name.index)
    if binding is None or binding.frozen or len(binding.declaring) != 1:
        return None
    return binding


def _steps(program: Program, step: Node, index: Binding) -> bool:
    """Whether `step` adds one to the index."""
    step = unwrap(step)
    if step.type == "update_expression":
        target = step.field("argument")
        return (
            target is not None
            and step.has("++")
            and program.scopes.of_node.get(target.index) is index
        )
    return (
        step.type == "augmented_assignment_expression"
        and step.children[1].type == "+="
        and program.scopes.of_node.get(step.children[0].index) is index
        and program.text(step.children[2]) == "1"
    )


def _measured(program: Program, limit: Node) -> Node | None:
    """Return the name of the array whose length `limit` is."""
    name = limit.field("property") if limit.type == "member_expression" else None
    if name is None or limit.has("optional_chain") or program.text_of[name.first] != "length":
        return None
    return unwrap(limit.children[0])


def _stays(body: Node, array: Binding, elements: int) -> bool:
    """Whether `body` uses the array for nothing but the `elements` that it reads by index."""
    inside = [one for one in array.references if body.contains(one.node)]
    return len(inside) == elements


def _of_elements(program: Program, node: Node, loop: IndexLoop, draw: Draw) -> Rewrite | None:
    first = _names_element(program, loop)
    if first is not None:
        statement, name, kind = first
        rest = loop.body.named[loop.body.named.index(statement) + 1 :]
        if len(loop.elements) == 1:
            template = statements(f"for ({kind} $name of $array) {{\n  $rest;\n}}")
            fills: dict[str, Fill] = {"name": name, "array": loop.array}
            if rest:
                fills["rest"] = Run(rest[0], rest[-1])
            else:
                template = statements(f"for ({kind} $name of $array) {{}}")
            return Rewrite((replace(node, template, **fills),), level=Semantics.PLAIN_DATA)
    element = draw.supply.words(draw)
    kind = draw.choice(_KINDS)
    template = statements(f"for ({kind} $element of $array) $body;")
    edits: list[Edit] = [
        replace(node, template, element=element, array=loop.array, body=loop.body),
        *(Replace(place, element) for place in loop.elements),
    ]
    return Rewrite(tuple(edits), level=Semantics.PLAIN_DATA)


def _names_element(program: Program, loop: IndexLoop) -> tuple[Node, Node, str] | None:
    """Return the first statement of the body, its name and kind, if it is `const x = array[i];`."""
    if loop.body.type != "statement_block" or not loop.body.named:
        return None
    statement = loop.body.named[0]
    if statement.type != "lexical_declaration" or len(statement.named) != 1:
        return None
    name, value = statement.named[0].field("name"), statement.named[0].field("value")
    if name is None or value is not loop.elements[0]:
        return None
    return statement, name, statement.children[0].type


def _of_indices(program: Program, node: Node, draw: Draw) -> Rewrite | None:
    body, target, right = node.field("body"), node.field("left"), node.field("right")
    keyword = node.field("kind")
    if body is None or target is None or right is None or keyword is None:
        return None
    if is_labeled(node) or declares(body) or value_shows(program, node):
        return None
    binding = array_variable(program, right)
    if binding is None or not _stays(body, binding, 0):
        return None
    index = next((name for name in _COUNTERS if draw.supply.take(name)), None)
    if index is None:
        return None
    names: dict[str, Fill] = {f"i{number}": index for number in range(4)}
    template = statements(
        f"for (let $i0 = 0; $i1 < $a0.length; $i2++) {{\n  {keyword.type} $target = $a1[$i3];\n"
        "  $body;\n}"
    )
    code = replace(node, template, a0=binding, a1=right, target=target, body=body, **names)
    return Rewrite((code,), level=Semantics.PLAIN_DATA)
