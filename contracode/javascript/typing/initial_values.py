"""What initial values and uses show about a name: obvious types, calls, callbacks of arrays."""

from __future__ import annotations

from augment import Function, Node, Program
from augment.analysis.effects import unwrap
from contracode.javascript.typing.declarations import Declaration
from contracode.javascript.value_kinds import ValueKind, value_kind_of

# The types of expressions that show their own type.
_OBVIOUS = frozenset(
    {
        "arrow_function",
        "as_expression",
        "class",
        "false",
        "function_expression",
        "generator_function",
        "new_expression",
        "null",
        "number",
        "object",
        "regex",
        "string",
        "template_string",
        "this",
        "true",
        "type_assertion",
        "undefined",
    }
)

_FUNCTIONS_AND_CLASSES = frozenset(
    {"arrow_function", "function_expression", "generator_function", "class"}
)

_WRAPPERS = frozenset(
    {"parenthesized_expression", "as_expression", "satisfies_expression", "non_null_expression"}
)

_VISITORS = frozenset(
    "every filter find findIndex findLast findLastIndex flatMap forEach map some".split()
)
"""Methods of arrays that call a function with each element and its number (ECMA-262 §23.1.3)."""


def is_obvious(program: Program, value: Node | None) -> bool:
    """Return whether the type of an initial value is obvious to a reader."""
    if value is None:
        return False
    value = unwrap(value)
    if value.type == "unary_expression":
        operator, operand = value.children[0].type, value.children[-1]
        return operator in ("!", "typeof", "void", "delete") or operand.type == "number"
    if value.type == "call_expression":  # the name of the module is as clear as a type
        return program.text(value.children[0]) in ("require", "import")
    return value.type in _OBVIOUS


def is_function_or_class(value: Node | None) -> bool:
    """Return whether an initial value is a function or class, possibly cast or in parentheses."""
    while value is not None and value.type in _WRAPPERS:
        value = value.named[0]
    return value is not None and value.type in _FUNCTIONS_AND_CLASSES


def is_called(node: Node, program: Program) -> bool:
    """Return whether an expression is called, constructed, or used with a method of functions
    (ECMA-262 §20.2.3).
    """
    around = node.parent
    if around is None:
        return False
    if around.type in ("call_expression", "new_expression"):
        return node.field_name in ("function", "constructor")
    member = (
        around.field("property")
        if around.type == "member_expression" and node.field_name == "object"
        else None
    )
    if member is None or program.text(member) not in ("apply", "bind", "call"):
        return False
    return (
        around.parent is not None
        and around.parent.type == "call_expression"
        and around.field_name == "function"
    )


def constructor_names(program: Program) -> set[str]:
    """Return the names that are constructed, or whose `prototype` is read."""
    made = [node.field("constructor") for node in program.nodes("new_expression")]
    for node in program.nodes("member_expression"):
        member = node.field("property")
        if member is not None and program.text(member) == "prototype":
            made.append(node.field("object"))
    return {program.text(node) for node in made if node is not None and node.type == "identifier"}


def visited_kind(
    program: Program, function: Function, declaration: Declaration
) -> ValueKind | None:
    """Return the value kind of a parameter of an array callback: an element, or its index."""
    call = function.node.parent.parent if function.node.parent is not None else None
    if call is None or call.type != "call_expression" or declaration.form != "simple":
        return None
    callee, given = call.children[0], call.field("arguments")
    member = callee.field("property") if callee.type == "member_expression" else None
    if member is None or given is None or given.named[:1] != [function.node]:
        return None
    owner = callee.field("object")
    if owner is None or program.text(member) not in _VISITORS:
        return None
    value_kind = value_kind_of(owner, program)
    position = function.parameters.index(declaration.holder)
    if (
        value_kind is None
        or not (value_kind == "array" or value_kind.endswith("[]"))
        or position > 1
    ):
        return None
    return "number" if position else value_kind[:-2] or None if value_kind.endswith("[]") else None
