"""Convert between function declarations and functions held by variables."""

from collections.abc import Iterator
from typing import Final

from augment.analysis.effects import unwrap
from augment.analysis.flow import is_function_body, value_shows
from augment.program.program import Program
from augment.program.scope import Binding
from augment.rewriting.edits import Rewrite, replace
from augment.rewriting.registry import Site, transform
from augment.rewriting.semantics import Semantics
from augment.rewriting.templates import Body, Fill, statements
from augment.syntax.tree import FUNCTIONS, Node
from augment.transforms.convert_functions import ends_arrow, is_interchangeable

_TYPED: Final = ("return_type", "type_parameters")


@transform(
    "convert-function-declarations",
    family="functions",
    phase="structure",
    level=Semantics.PLAIN_DATA,
    probability=0.2,
    strength=0.5,
)
def convert_function_declarations(program: Program) -> Iterator[Site]:
    """Write `function f(a) { g(a); }` as `const f = function (a) { g(a); };`, and back.

    Only where every use follows the declaration, and no use is in a function that is declared
    before it.

    Source: ECMA-262 §15.2, §14.3.1.
    """
    for node in program.nodes("function_declaration"):
        if _in_body(program, node):
            binding = _held(program, node)
            if binding is not None and all(
                _follows(node, reference.node) for reference in binding.references
            ):
                yield _expression(node)
    for node in program.nodes("lexical_declaration"):
        if _in_body(program, node) and node.children[0].type == "const" and len(node.named) == 1:
            rewrite = _declaration(program, node)
            if rewrite is not None:
                yield rewrite


def _in_body(program: Program, node: Node) -> bool:
    parent = node.parent
    if parent is None or value_shows(program, node):
        return False
    return is_function_body(parent) or (
        parent.type == "program" and program.source_type != "script"
    )


def _held(program: Program, node: Node) -> Binding | None:
    """Return the variable that a declaration makes, if nothing else writes it or looks for it."""
    name = node.field("name")
    binding = None if name is None else program.scopes.of_node.get(name.index)
    if binding is None or len(binding.declaring) != 1 or binding.frozen or binding.exported:
        return None
    if any(reference.access != "read" for reference in binding.references):
        return None
    return binding


def _follows(declaration: Node, use: Node) -> bool:
    """Whether `use` runs after `declaration`: it is inside or behind it, and not in a function that
    hoisting lets others call before.
    """
    if declaration.contains(use):
        return True
    region = declaration.parent
    if region is None or not region.contains(use) or use.index < declaration.index:
        return False
    node: Node | None = use
    while node is not None and node is not region:
        if node.type in ("function_declaration", "generator_function_declaration"):
            return False
        node = node.parent
    return True


def _signature(node: Node) -> tuple[str, dict[str, Fill]] | None:
    """Return the parameters of a function as text of a template, and what fills it."""
    listed, sole, body = node.field("parameters"), node.field("parameter"), node.field("body")
    parameters = listed.named if listed is not None else [sole] if sole is not None else []
    if body is None or any(node.field(field) is not None for field in _TYPED):
        return None
    fills: dict[str, Fill] = {f"p{number}": one for number, one in enumerate(parameters)}
    fills["body"] = Body(body) if body.type == "statement_block" else unwrap(body)
    return ", ".join(f"$p{number}" for number in range(len(parameters))), fills


def _expression(node: Node) -> Rewrite:
    found = _signature(node)
    name = node.field("name")
    if found is None or name is None:
        return Rewrite()
    names, fills = found
    before = "async " if node.has("async") else ""
    template = statements(f"const $name = {before}function ({names}) {{ $body; }};")
    return Rewrite((replace(node, template, name=name, **fills),), level=Semantics.PLAIN_DATA)


def _declaration(program: Program, node: Node) -> Rewrite | None:
    declarator = node.named[0]
    value = declarator.field("value")
    function = None if value is None else unwrap(value)
    name = declarator.field("name")
    if function is None or function.type not in FUNCTIONS or name is None:
        return None
    if function.field("name") is not None or declarator.field("type") is not None:
        return None
    if function.type == "arrow_function":
        if not is_interchangeable(program, function):
            return None
    elif function.type != "function_expression":
        return None
    found = _signature(function)
    if found is None or _held(program, declarator) is None:
        return None
    names, fills = found
    before = "async " if function.has("async") else ""
    body = function.field("body")
    inside = "$body;" if body is not None and body.type == "statement_block" else "return $body;"
    template = statements(f"{before}function $name({names}) {{ {inside} }}")
    return Rewrite(
        (replace(node, template, name=name, **fills),),
        level=Semantics.PLAIN_DATA,
        breaks=ends_arrow(function),
    )
