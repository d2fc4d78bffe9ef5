"""What a function gives back, as far as its syntax alone tells: surely a value, surely nothing, or
who knows.
"""

from collections.abc import Sequence
from typing import Literal

from augment import Function, Node, Program
from contracode.javascript.value_kinds import DEEPEST

ReturnEvidence = Literal["value", "nothing", "unknown"]
"""What the returns of a function show.

- "value": some `return` has an expression that is a value whatever it is made of.
- "nothing": none has, and no `throw` ends it either, as one does what is only declared (ECMA-262
  §15.2.4, §10.2.1.4 step 13).
- "unknown": what it returns is what a call returns, say.
"""

_VALUES = frozenset(
    {
        "array",
        "arrow_function",
        "augmented_assignment_expression",
        "class",
        "false",
        "function_expression",
        "generator_function",
        "jsx_element",
        "jsx_fragment",
        "jsx_self_closing_element",
        "new_expression",
        "null",
        "number",
        "object",
        "regex",
        "string",
        "template_string",
        "this",
        "true",
        "update_expression",
    }
)

_STORED = frozenset({"identifier", "member_expression", "subscript_expression"})

_INNER = frozenset(
    {"as_expression", "non_null_expression", "parenthesized_expression", "satisfies_expression"}
)


def return_evidence(
    function: Function, returned: Sequence[Node], *, throws: bool, program: Program
) -> ReturnEvidence:
    """Return what a function gives.

    Args:
        function: with a body.
        returned: expressions of its own `return`s, or the body of an arrow that is an expression.
        throws: it has a `throw` of its own.
        program: that it is of.
    """
    if any(_is_value(node, program, may_wait=function.is_async) for node in returned):
        return "value"
    if function.is_generator or throws or not all(_is_nothing(node, program) for node in returned):
        return "unknown"
    return "nothing"


def _is_value(node: Node, program: Program, depth: int = DEEPEST, *, may_wait: bool) -> bool:
    """Whether an expression is a value whatever its parts are. What is stored somewhere counts as
    one, as nobody returns what holds nothing on purpose; where an async function returns it, it may
    be a promise of nothing.
    """
    if node.type in _VALUES:
        return True
    if node.type in _STORED:
        return not may_wait and program.text(node) != "undefined"
    inner: list[Node] = []
    if node.type == "unary_expression":
        return node.children[0].type != "void"
    if node.type == "binary_expression":
        if node.children[1].type not in ("&&", "||", "??"):
            return True
        inner = [node.children[2]]
    elif node.type in _INNER:
        inner = node.named[:1]
    elif node.type == "ternary_expression":
        inner = node.named[1:]
    elif node.type in ("assignment_expression", "sequence_expression"):
        inner = node.named[-1:]
    return depth > 0 and any(_is_value(one, program, depth - 1, may_wait=may_wait) for one in inner)


def _is_nothing(node: Node, program: Program) -> bool:
    while node.type == "parenthesized_expression" and node.named:
        node = node.named[0]
    if node.type == "unary_expression":
        return node.children[0].type == "void"
    return node.type == "undefined" or program.text(node) == "undefined"
