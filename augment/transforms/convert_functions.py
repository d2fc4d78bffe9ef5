"""Convert between arrow functions and function expressions."""

from collections.abc import Iterator
from typing import Final

from augment.analysis.effects import unwrap
from augment.analysis.known_receivers import calls_arguments
from augment.program.program import Program
from augment.rewriting.edits import Edit, Fact, Rewrite, replace
from augment.rewriting.registry import Site, transform
from augment.rewriting.semantics import Semantics
from augment.rewriting.templates import Body, Code, Fill, expression, statements
from augment.syntax.tree import FUNCTIONS, Node, is_name

_RETURN: Final = statements("return $value;")
_TIMERS: Final = frozenset(
    {"setTimeout", "setInterval", "setImmediate", "queueMicrotask", "requestAnimationFrame"}
)
# Names that mean one thing in arrows and another in functions.
_FREE_WORDS: Final = frozenset({"arguments", "await", "yield"})


@transform(
    "convert-functions",
    family="functions",
    phase="structure",
    level=Semantics.PRESERVED,
    probability=0.15,
    strength=0.5,
)
def convert_functions(program: Program) -> Iterator[Site]:
    """Write `x => y` as `function (x) { return y; }`, and back.

    Only where a function has neither receiver, `arguments`, `new.target` nor a name of its own, and
    is known to be called, never constructed or looked at: called at once, given to a method of the
    standard library that calls it, or held by a variable that is only called. An arrow function is
    also given to methods of that name of any object, since it gains by becoming a function.

    Source: ECMA-262 §15.3, §10.2.5 (MakeConstructor), §10.2.1.2.
    """
    yield from _sites(program, ("arrow_function", "function_expression"))


@convert_functions.canonical
def canonical(program: Program) -> Iterator[Rewrite]:
    """Write `function (x) { return y; }` as `x => { return y; }`."""
    yield from _sites(program, ("function_expression",))


def canonical_by_name(program: Program) -> Iterator[Rewrite]:
    """Do the same, and take methods for those of the standard library by their names."""
    yield from _sites(program, ("function_expression",), by_name=True)


def _sites(program: Program, types: tuple[str, ...], *, by_name: bool = False) -> Iterator[Rewrite]:
    for node in program.nodes(*types):
        trusting = by_name or node.type == "arrow_function"
        if _is_only_called(program, node, by_name=trusting) and is_interchangeable(program, node):
            yield Rewrite((_converted(node),), breaks=frozenset({("arrow", node.index)}))


def _converted(node: Node) -> Edit:
    listed, body = node.field("parameters"), node.field("body")
    sole = node.field("parameter")
    assert body is not None
    parameters = listed.named if listed is not None else [sole] if sole is not None else []
    names = ", ".join(f"$p{number}" for number in range(len(parameters)))
    before = "async " if node.has("async") else ""
    if node.type == "arrow_function":
        template = expression(f"{before}function ({names}) {{ $body; }}")
    else:
        template = expression(f"{before}({names}) => {{ $body; }}")
    fills: dict[str, Fill] = {
        f"p{number}": parameter for number, parameter in enumerate(parameters)
    }
    if body.type == "statement_block":
        fills["body"] = Body(body)
    else:
        fills["body"] = Code(_RETURN, {"value": unwrap(body)})
    return replace(node, template, **fills)


def _is_only_called(program: Program, node: Node, *, by_name: bool) -> bool:
    child, parent = node, node.parent
    while parent is not None and parent.type == "parenthesized_expression":
        child, parent = parent, parent.parent
    if parent is None:
        return False
    if parent.type == "call_expression":
        return child.field_name == "function"
    if parent.type == "arguments":
        call = parent.parent
        if call is None or call.type != "call_expression":
            return False
        callee = call.children[0]
        if callee.type == "identifier":
            return (
                program.text_of[callee.first] in _TIMERS
                and callee.index not in program.scopes.of_node
            )
        return calls_arguments(program, callee, by_name=by_name)
    if parent.type != "variable_declarator" or child.field_name != "value":
        return False
    binding = program.scopes.of_node.get(parent.children[0].index)
    return (
        binding is not None
        and not binding.frozen
        and not binding.exported
        and len(binding.declaring) == 1
        and all(_is_called(reference.node) for reference in binding.references)
    )


def _is_called(node: Node) -> bool:
    return (
        node.parent is not None
        and node.parent.type == "call_expression"
        and node.field_name == "function"
    )


def ends_arrow(function: Node) -> frozenset[Fact]:
    """Return the fact that a rewrite breaks which takes the body out of a function."""
    return frozenset({("arrow", unwrap(function).index)})


def is_interchangeable(program: Program, node: Node) -> bool:
    """Whether the function uses nothing that arrows and other functions have differently."""
    if (
        node.field("name") is not None
        or node.field("return_type") is not None
        or node.field("type_parameters") is not None
    ):
        return False
    seen: set[str] = set()
    if node.index in program.analysis(_dynamic):
        return False
    nodes, index = program.tree.nodes, node.index + 1
    body = node.field("body")
    assert body is not None
    while index < node.stop:
        inner = nodes[index]
        parent = inner.parent
        assert parent is not None
        if (
            parent is not node
            and inner.field_name in ("parameters", "body")
            and parent.type in FUNCTIONS
            and parent.type != "arrow_function"
        ):
            index = inner.stop
            continue
        if inner.type in ("this", "super", "meta_property"):
            return False
        if inner.type == "identifier" and program.text_of[inner.first] in _FREE_WORDS:
            return False
        if inner.type in ("yield_expression", "await_expression") and is_name(inner):
            return False
        if inner.index < body.index and inner.type == "identifier":
            # a function may name two parameters alike, an arrow may not; uses in defaults only make
            # this stricter
            name = program.scopes.name_of(inner)
            if name in seen:
                return False
            seen.add(name)
        index += 1
    return True


def _dynamic(program: Program) -> frozenset[int]:
    """Return the numbers of the nodes whose names `eval` may see."""
    return frozenset(scope.node.index for scope in program.scopes.all if scope.dynamic)
