"""Which kinds of value an expression can have: a small type inference over one program.

A kind is a bit; the kinds of an expression are the set of those that its value may be of. Variables
that only the program itself can write get the union of the kinds of all that is ever written to
them, as a least fixpoint. Everything else may be anything.
"""

from __future__ import annotations

from typing import Final

from augment.analysis.reads import initialised_by, known_binding
from augment.program.program import Program
from augment.program.scope import Binding
from augment.syntax.tree import Node

UNDEFINED, NULL, BOOLEAN, NUMBER, STRING, BIGINT, OTHER = (1 << bit for bit in range(7))
ANY: Final = (1 << 7) - 1

# Values whose conversion to a primitive, a number or a string runs no code and cannot fail.
PRIMITIVE: Final = UNDEFINED | NULL | BOOLEAN | NUMBER | STRING

_NUMERIC: Final = NUMBER | BIGINT

# Deeper expressions may be anything: the answer stays quick and the stack short.
_DEPTH: Final = 40

_LITERALS: Final = {
    "string": STRING,
    "template_string": STRING,
    "true": BOOLEAN,
    "false": BOOLEAN,
    "null": NULL,
    "regex": OTHER,
    "object": OTHER,
    "array": OTHER,
    "function_expression": OTHER,
    "generator_function": OTHER,
    "arrow_function": OTHER,
    "class": OTHER,
    "new_expression": OTHER,
}
_UNARY: Final = {"!": BOOLEAN, "delete": BOOLEAN, "typeof": STRING, "void": UNDEFINED, "+": NUMBER}
_COMPARISONS: Final = frozenset(
    {"==", "!=", "===", "!==", "<", ">", "<=", ">=", "in", "instanceof"}
)


class Values:
    """The kinds of value of the expressions of one program, for `Program.analysis`."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._undefined = (
            UNDEFINED if "undefined" not in {item.name for item in program.scopes.bindings} else ANY
        )
        self._bindings = {
            id(binding): 0 for binding in program.scopes.bindings if self._is_closed(binding)
        }
        closed = [binding for binding in program.scopes.bindings if id(binding) in self._bindings]
        changed = True
        while changed:
            changed = False
            for binding in closed:
                kinds = self._bindings[id(binding)] | self._written(binding)
                if kinds != self._bindings[id(binding)]:
                    self._bindings[id(binding)] = kinds
                    changed = True

    def kinds(self, node: Node, depth: int = 0) -> int:
        """Return the kinds that the value of the expression `node` may be of, as a union of
        bits.
        """
        kind = node.type
        if kind in _LITERALS:
            return _LITERALS[kind]
        if kind == "number":
            return BIGINT if self._program.text_of[node.first].endswith("n") else NUMBER
        if kind == "identifier":
            return self._variable(node)
        if kind == "undefined":
            return self._undefined
        if depth > _DEPTH:
            return ANY
        depth += 1
        if kind == "parenthesized_expression" and len(node.children) == 3:
            return self.kinds(node.children[1], depth)
        if kind == "unary_expression":
            operator = node.children[0].type
            return (
                _UNARY[operator]
                if operator in _UNARY
                else _arithmetic(self.kinds(node.children[1], depth))
            )
        if kind == "binary_expression":
            return self._binary(node.children[1].type, node.children[0], node.children[2], depth)
        if kind == "ternary_expression":
            return self.kinds(node.children[2], depth) | self.kinds(node.children[4], depth)
        if kind == "assignment_expression" or kind == "sequence_expression":
            return self.kinds(node.children[-1], depth)
        if kind == "augmented_assignment_expression":
            return self._binary(
                node.children[1].type[:-1], node.children[0], node.children[2], depth
            )
        if kind == "update_expression":
            argument = node.field("argument")
            assert argument is not None
            return _arithmetic(self.kinds(argument, depth))
        return ANY

    def _binary(self, operator: str, left: Node, right: Node, depth: int) -> int:
        if operator in _COMPARISONS:
            return BOOLEAN
        if operator == ">>>":
            return NUMBER
        one = self.kinds(left, depth)
        other = self.kinds(right, depth)
        if not one or not other:
            return 0  # nothing is known to be written yet
        if operator == "+":
            if one == STRING or other == STRING:
                return STRING
            if not (one | other) & (STRING | OTHER):
                return _arithmetic(one) & _arithmetic(other)
            return STRING | _NUMERIC
        if operator == "&&":
            return one | other
        if operator == "||" or operator == "??":
            return one & ~(UNDEFINED | NULL) | other
        # a BigInt and a Number together throw, so one Number is enough
        return _arithmetic(one) & _arithmetic(other)

    def _variable(self, node: Node) -> int:
        binding = self._program.scopes.of_node.get(node.index)
        kinds = ANY if binding is None else self._bindings.get(id(binding), ANY)
        if binding is None or binding.kind != "var" or kinds == ANY:
            return kinds
        if any(
            initialised_by(declared, node) and _has_value(declared)
            for declared in binding.declaring
        ):
            return kinds
        return kinds | UNDEFINED

    def _is_closed(self, binding: Binding) -> bool:
        """Whether all that can be written to `binding` is seen."""
        if binding.kind not in ("var", "let", "const", "function") or not binding.declaring:
            return False
        if binding.frozen == "global" and binding.kind != "const":
            return False
        return known_binding(self._program, binding.declaring[0]) is binding

    def _written(self, binding: Binding) -> int:
        kinds = 0
        for node in binding.declaring:
            parent = node.parent
            assert parent is not None
            if parent.type == "variable_declarator" and node.field_name == "name":
                value = parent.field("value")
                if value is not None:
                    kinds |= self.kinds(value)
                elif binding.kind == "let":
                    kinds |= UNDEFINED
            elif parent.type in ("function_declaration", "generator_function_declaration"):
                kinds |= OTHER
            elif (
                parent.type == "for_in_statement"
                and parent.has("in")
                and parent.field("value") is None
            ):
                kinds |= STRING
            else:
                return ANY
        for reference in binding.references:
            if reference.access == "read":
                continue
            node = reference.node
            parent = node.parent
            assert parent is not None
            if parent.type in (
                "assignment_expression",
                "augmented_assignment_expression",
                "update_expression",
            ):
                kinds |= self.kinds(parent)
            else:
                return ANY
        return kinds


def _arithmetic(kinds: int) -> int:
    """Return what `-x`, `x++` and their like give."""
    if not kinds:
        return 0
    return _NUMERIC if kinds & (BIGINT | OTHER) else NUMBER


def _has_value(declared: Node) -> bool:
    parent = declared.parent
    return parent is not None and (
        parent.field("value") is not None or parent.type == "for_in_statement"
    )


def kinds(program: Program, node: Node) -> int:
    """Return the kinds that the value of the expression `node` may be of, as a union of bits."""
    return program.analysis(Values).kinds(node)


def is_constant(program: Program, node: Node) -> bool:
    """Whether `node` is a primitive written down: a literal, a negative number, `void 0` or a
    template without holes.
    """
    while node.type == "parenthesized_expression" and len(node.children) == 3:
        node = node.children[1]
    kind = node.type
    if kind in ("number", "string", "true", "false", "null"):
        return True
    if kind == "undefined":
        return kinds(program, node) == UNDEFINED
    if kind == "unary_expression":
        return node.children[0].type in ("-", "void") and node.children[1].type == "number"
    return kind == "template_string" and not any(
        child.type == "template_substitution" for child in node.children
    )
