"""The kinds of values of expressions, inferred from their syntax and the definitions of names."""

from __future__ import annotations

from augment import Node, Program
from augment.analysis.effects import unwrap
from augment.syntax.tree import FUNCTIONS
from contracode.javascript.definitions import definition, returned

ValueKind = str
"""Kind of a value: "string", "number", "boolean", "bigint", "function", "object"; "array", or
"string[]" and the like if all elements of a literal have one kind; `C` for `new C`; "nothing" for
null and undefined.
"""

NOTHING: ValueKind = "nothing"

_LITERALS: dict[str, ValueKind] = {
    "array": "array",
    "arrow_function": "function",
    "class": "function",
    "false": "boolean",
    "function_expression": "function",
    "generator_function": "function",
    "null": NOTHING,
    "object": "object",
    "regex": "RegExp",
    "string": "string",
    "template_string": "string",
    "true": "boolean",
    "undefined": NOTHING,
}

_OPERATORS: dict[str, ValueKind] = dict.fromkeys(
    ["==", "===", "!=", "!==", "<", "<=", ">", ">=", "in", "instanceof"], "boolean"
)

_ARITHMETIC = frozenset({"-", "*", "/", "%", "**", "|", "&", "^", "<<", ">>", ">>>"})

_LOGICAL = frozenset({"&&", "||", "??"})

_UNARY: dict[str, ValueKind] = {
    "!": "boolean",
    "delete": "boolean",
    "typeof": "string",
    "void": NOTHING,
}

_STRINGS = """charAt join normalize padEnd padStart repeat replaceAll substr substring
    toFixed toISOString toLocaleLowerCase toLocaleUpperCase toLowerCase toPrecision
    toUpperCase trim trimEnd trimStart"""

_NUMBERS = """charCodeAt codePointAt getDate getDay getFullYear getHours getMilliseconds
    getMinutes getMonth getSeconds getTime indexOf lastIndexOf"""

_BOOLEANS = "endsWith every hasOwnProperty includes isPrototypeOf some startsWith"

_METHODS: dict[str, ValueKind] = {
    name: value_kind
    for value_kind, names in (("string", _STRINGS), ("number", _NUMBERS), ("boolean", _BOOLEANS))
    for name in names.split()
}
"""Methods that return the same kind in all built-in classes and whose names are rarely used
elsewhere (ECMA-262 §21 to §23).
"""

_CALLS: dict[str, ValueKind] = {
    "Array.from": "array",
    "Array.isArray": "boolean",
    "Array.of": "array",
    "Boolean": "boolean",
    "Date.now": "number",
    "JSON.stringify": "string",
    "Number": "number",
    "Number.isFinite": "boolean",
    "Number.isInteger": "boolean",
    "Number.isNaN": "boolean",
    "Object.entries": "array",
    "Object.is": "boolean",
    "Object.keys": "string[]",
    "Object.values": "array",
    "String": "string",
    "String.fromCharCode": "string",
    "encodeURIComponent": "string",
    "decodeURIComponent": "string",
    "isFinite": "boolean",
    "isNaN": "boolean",
    "parseFloat": "number",
    "parseInt": "number",
    "performance.now": "number",
}

_FUNCTIONS = frozenset(
    """Array BigInt Boolean Date Function Number Object RegExp String Symbol decodeURI
    decodeURIComponent encodeURI encodeURIComponent
    isFinite isNaN parseFloat parseInt require""".split()
)
"""Global functions (ECMA-262 §19.2, §19.3)."""

_DECLARED = frozenset(
    {"class_declaration", "function_declaration", "generator_function_declaration"}
)

_INNER = frozenset({"non_null_expression", "parenthesized_expression"})

DEEPEST = 50
"""Maximum depth of inspected expressions; generated sources concatenate thousands of strings."""


def value_kind_of(node: Node, program: Program, depth: int = DEEPEST) -> ValueKind | None:
    """Return the kind of an expression; None if it is unknown, or the expression is more than
    `depth` expressions deep.
    """
    if depth == 0:
        return None
    while node.type in _INNER and node.named:
        node = node.named[0]
    kind = node.type
    if kind == "array":
        return _elements(node, program, depth - 1)
    if kind == "number":
        return "bigint" if program.text(node).endswith("n") else "number"
    if kind in _LITERALS:
        return _LITERALS[kind]
    if kind == "identifier":
        known = {"undefined": NOTHING, "NaN": "number", "Infinity": "number"}.get(
            program.text(node)
        )
        return known or _of_name(node, program, depth - 1)
    if kind == "unary_expression":
        bigint = (
            node.children[0].type != "+"
            and value_kind_of(node.children[-1], program, depth - 1) == "bigint"
        )
        return _UNARY.get(node.children[0].type) or ("bigint" if bigint else "number")
    if kind == "binary_expression":
        return _binary(node, program, depth - 1)
    if kind == "ternary_expression":
        return common_kind([value_kind_of(branch, program, depth - 1) for branch in node.named[1:]])
    if kind in ("assignment_expression", "sequence_expression"):
        return value_kind_of(node.named[-1], program, depth - 1)
    if kind == "member_expression":
        member = node.field("property")
        return "number" if member is not None and program.text(member) == "length" else None
    if kind == "new_expression":
        made = node.field("constructor")
        name = program.text(made) if made is not None and made.type == "identifier" else None
        return "array" if name == "Array" else name
    if kind == "call_expression":
        return _call(node, program, depth - 1)
    return None


def _known(program: Program) -> dict[int, ValueKind | None]:
    """Return an empty cache: index of a definition's node -> its kind.

    For functions it is the kind of their results.
    """
    return {}


def _of_name(node: Node, program: Program, depth: int) -> ValueKind | None:
    """Return the kind of the definition of a name, computed once."""
    found = definition(node, program)
    if found is None:
        free = node.index not in program.scopes.of_node and program.text(node) in _FUNCTIONS
        return "function" if free else None
    if found.type in _DECLARED:
        return "function"
    if found.type in FUNCTIONS:
        return _LITERALS.get(found.type)
    known = program.analysis(_known)
    if found.index not in known:
        known[found.index] = None  # ends the recursion of a definition that refers to itself
        known[found.index] = value_kind_of(found, program, depth)
    return known[found.index]


def _of_result(function: Node, program: Program, depth: int) -> ValueKind | None:
    """Return the kind of the result of a function."""
    if "generator" in function.type:
        return None
    if function.has("async"):
        return "Promise"
    known = program.analysis(_known)
    if function.index not in known:
        known[function.index] = None
        values = program.analysis(returned).get(function.index, [])
        known[function.index] = common_kind(
            [value_kind_of(value, program, depth) for value in values]
        )
    return known[function.index]


def common_kind(value_kinds: list[ValueKind | None]) -> ValueKind | None:
    """Return the kind that several values share, null and undefined aside, or None."""
    if None in value_kinds:
        return None
    some = {value_kind for value_kind in value_kinds if value_kind != NOTHING}
    if len(some) == 1:
        return some.pop()
    if some and all(value_kind is not None and _is_array(value_kind) for value_kind in some):
        return "array"
    return None if some or not value_kinds else NOTHING


def _is_array(value_kind: ValueKind) -> bool:
    return value_kind == "array" or value_kind.endswith("[]")


def _elements(node: Node, program: Program, depth: int) -> ValueKind:
    value_kind = (
        common_kind([value_kind_of(element, program, depth) for element in node.named])
        if node.named
        else None
    )
    return f"{value_kind}[]" if value_kind in ("string", "number", "boolean", "bigint") else "array"


def _binary(node: Node, program: Program, depth: int) -> ValueKind | None:
    left, operator, right = node.children[0], node.children[1].type, node.children[2]
    if operator in _OPERATORS:
        return _OPERATORS[operator]
    if operator in _LOGICAL:
        one, other = value_kind_of(left, program, depth), value_kind_of(right, program, depth)
        # `x || 5` usually has the kind of the default, and `x && y` that of `y`: an unknown left
        # side of && is usually a condition.
        return other if one is None else common_kind([one, other])
    value_kinds = {value_kind_of(left, program, depth), value_kind_of(right, program, depth)}
    if operator == "+":
        return (
            "string" if "string" in value_kinds else "number" if value_kinds == {"number"} else None
        )
    return None if "bigint" in value_kinds or operator not in _ARITHMETIC else "number"


def _call(node: Node, program: Program, depth: int) -> ValueKind | None:
    called = node.children[0]
    text = program.text(called)
    if text in _CALLS:
        return _CALLS[text]
    called = unwrap(called)
    function = definition(called, program) if called.type == "identifier" else called
    if function is not None and function.type in FUNCTIONS:
        return _of_result(function, program, depth)
    if called.type != "member_expression":
        return None
    member, owner = called.field("property"), called.field("object")
    if owner is not None and program.text(owner) == "Math":
        return "number"
    return None if member is None else _METHODS.get(program.text(member))
