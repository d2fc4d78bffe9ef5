"""Whether a function returns a value or nothing, as far as its syntax shows."""

from collections.abc import Sequence
from typing import Literal

from augment import Function, Node, Program
from augment.analysis.effects import unwrap
from contracode.javascript.value_kinds import DEEPEST

ReturnEvidence = Literal["value", "nothing", "unknown"]
"""What the `return` statements of a function show.

- "value": some `return` has an expression that is certainly a value.
- "nothing": no `return` has an expression (ECMA-262 §15.2.4, §10.2.1.4 step 13), and there is no
  `throw`, which abstract methods have.
- "unknown": neither is certain, for example if the function returns the result of a call.
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
    """Return what the `return` statements of a function show.

    Args:
        function: a function with a body.
        returned: expressions of its own `return` statements, or the expression body of an arrow.
        throws: it has a `throw` of its own.
        program: the source.
    """
    if any(_is_value(node, program, may_wait=function.is_async) for node in returned):
        return "value"
    if function.is_generator or throws or not all(_is_nothing(node, program) for node in returned):
        return "unknown"
    return "nothing"


def _is_value(node: Node, program: Program, depth: int = DEEPEST, *, may_wait: bool) -> bool:
    """Return whether an expression is certainly a value.

    Variables and properties count as values, since functions rarely return undefined ones; in an
    async function they may be promises without a value.
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
    node = unwrap(node)
    if node.type == "unary_expression":
        return node.children[0].type == "void"
    return node.type == "undefined" or program.text(node) == "undefined"
