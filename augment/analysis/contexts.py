"""What the place of an expression asks of it: whether a value is read there at all, and how much of
it.

A place that only tests its value stays one under every rewrite: whoever moves a condition keeps it
in a condition (`!!c`, not `c`, where the value itself is wanted). So a transform may rely on
`is_tested` whatever else happens around it.
"""

from __future__ import annotations

from typing import Final

from augment.analysis.effects import enclosing_function
from augment.program.program import Program
from augment.syntax.tree import Node

# Answers come from at most so many levels up, so that deep nesting costs no more than its size.
_FARTHEST: Final = 64

# For each kind of parent the roles in which an expression stands as a value; None for every named
# child.
_VALUES: Final[dict[str, frozenset[str] | None]] = {
    "arguments": None,
    "array": None,
    "arrow_function": frozenset({"body"}),
    "assignment_expression": frozenset({"right"}),
    "assignment_pattern": frozenset({"right"}),
    "augmented_assignment_expression": frozenset({"right"}),
    "await_expression": None,
    "binary_expression": None,
    "call_expression": frozenset({"function"}),
    "class_heritage": None,
    "computed_property_name": None,
    "do_statement": frozenset({"condition"}),
    "export_statement": frozenset({"value"}),
    "expression_statement": None,
    "field_definition": frozenset({"value"}),
    "for_in_statement": frozenset({"right"}),
    "for_statement": frozenset({"initializer", "condition", "increment"}),
    "if_statement": frozenset({"condition"}),
    "member_expression": frozenset({"object"}),
    "new_expression": frozenset({"constructor"}),
    "object_assignment_pattern": frozenset({"right"}),
    "optional_parameter": frozenset({"value"}),
    "pair": frozenset({"value"}),
    "parenthesized_expression": None,
    "public_field_definition": frozenset({"value"}),
    "required_parameter": frozenset({"value"}),
    "return_statement": None,
    "sequence_expression": None,
    "spread_element": None,
    "subscript_expression": frozenset({"object", "index"}),
    "switch_case": frozenset({"value"}),
    "switch_statement": frozenset({"value"}),
    "template_substitution": None,
    "ternary_expression": None,
    "throw_statement": None,
    "unary_expression": None,
    "variable_declarator": frozenset({"value"}),
    "while_statement": frozenset({"condition"}),
    "yield_expression": None,
}


def is_value(node: Node) -> bool:
    """Whether `node` is an expression whose value the program reads, so that another expression may
    stand there.

    Not so: types, the names of modules, keys, attributes of JSX, decorators, targets of
        assignments, what `await using` and
    `import ... with` take, and tags of templates.
    """
    parent = node.parent
    if parent is None:
        return False
    kind = parent.type
    if kind == "jsx_expression":
        return True
    if kind not in _VALUES:
        return False
    fields = _VALUES[kind]
    if fields is not None and node.field_name not in fields:
        return False
    if kind in (
        "parenthesized_expression",
        "member_expression",
        "call_expression",
        "subscript_expression",
    ):
        return _outside_types(parent)
    if kind == "pair":
        return (
            parent.parent is None
            or parent.parent.parent is None
            or parent.parent.parent.type != "import_attribute"
        )
    return kind != "unary_expression" or parent.children[0].type != "delete"


def _outside_types(node: Node) -> bool:
    """Whether a chain of members is an ordinary expression, not the name of a decorator, a type or
    a JSX tag.
    """
    parent = node.parent
    for _ in range(_FARTHEST):
        if parent is None or parent.type not in _LINKS:
            break
        if node.field_name == "arguments" or node.field_name == "index":
            return True
        node, parent = parent, parent.parent
    else:
        return False
    return parent is None or (
        parent.type not in _NAMES
        and not (parent.type.startswith("jsx_") and parent.type != "jsx_expression")
    )


_LINKS: Final = frozenset(
    {"member_expression", "subscript_expression", "call_expression", "parenthesized_expression"}
)
_NAMES: Final = frozenset(
    {
        "decorator",
        "type_query",
        "nested_type_identifier",
        "extends_clause",
        "instantiation_expression",
    }
)


def is_member_place(node: Node) -> bool:
    """Whether `node`, a member access, is an ordinary expression or assignment target, however
    written.
    """
    return _outside_types(node)


def is_module_name(program: Program, node: Node) -> bool:
    """Whether `node` is the argument of `require` or `import()`, which bundlers read as text."""
    call = (
        node.parent.parent if node.parent is not None and node.parent.type == "arguments" else None
    )
    if call is None or call.type != "call_expression":
        return False
    callee = call.children[0]
    return callee.type == "import" or (
        callee.type == "identifier" and program.text_of[callee.first] == "require"
    )


def is_tested(node: Node) -> bool:
    """Whether only the truth of `node` matters (ToBoolean, ECMA-262 §7.1.2), so that any other
    value that is as true or false may stand there.
    """
    child, parent = node, node.parent
    for _ in range(_FARTHEST):
        if parent is None:
            return False
        kind, field = parent.type, child.field_name
        if kind in ("if_statement", "while_statement", "do_statement", "for_statement"):
            return field == "condition"
        if kind == "ternary_expression":
            if field == "condition":
                return True
        elif kind == "unary_expression":
            return parent.children[0].type == "!"
        elif kind == "binary_expression":
            if parent.children[1].type not in ("&&", "||"):
                return False
        elif kind == "sequence_expression":
            if parent.children[-1] is not child:
                return False
        elif kind != "parenthesized_expression":
            return False
        child, parent = parent, parent.parent
    return False


def is_unused(node: Node) -> bool:
    """Whether nothing reads the value of `node`: it stands as a statement, in the head of a `for`
    or before a comma.

    The value of a statement outside functions is what `eval` and its like give, and so counts as
    read.
    """
    child, parent = node, node.parent
    while parent is not None and parent.type in ("parenthesized_expression", "sequence_expression"):
        if parent.type == "sequence_expression" and parent.children[-1] is not child:
            return True
        child, parent = parent, parent.parent
    if parent is None:
        return False
    if parent.type == "for_statement":
        return child.field_name in ("initializer", "increment")
    return parent.type == "expression_statement" and enclosing_function(parent) is not None
