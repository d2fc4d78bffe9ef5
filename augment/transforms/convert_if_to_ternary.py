"""Convert between `if` statements and conditional expressions."""

from collections.abc import Iterator
from typing import Final

from augment.analysis.effects import is_anonymous, unwrap
from augment.analysis.flow import value_shows
from augment.analysis.reads import known_binding
from augment.program.program import Program
from augment.rewriting.edits import Rewrite, replace
from augment.rewriting.negation import is_negation
from augment.rewriting.registry import Site, transform
from augment.rewriting.semantics import Semantics
from augment.rewriting.templates import statements
from augment.syntax.tree import Node

_RETURN: Final = statements("return $test ? $yes : $no;")
_ASSIGN: Final = statements("$target = $test ? $yes : $no;")
_CHOOSE: Final = statements("$test ? $yes : $no;")
_AND: Final = statements("$test && $yes;")
_OR: Final = statements("$test || $yes;")

_IF_RETURN: Final = statements("if ($test) return $yes;\nelse return $no;")
_IF_ASSIGN: Final = statements("if ($test) $target = $yes;\nelse $again = $no;")
_IF_ELSE: Final = statements("if ($test) $yes;\nelse $no;")
_IF: Final = statements("if ($test) $yes;")
_IF_NOT: Final = statements("if (!$test) $yes;")


@transform(
    "convert-if-to-ternary",
    family="branches",
    phase="structure",
    level=Semantics.PRESERVED,
    probability=0.15,
    strength=0.5,
)
def convert_if_to_ternary(program: Program) -> Iterator[Site]:
    """Write `if (c) return a; else return b;` as `return c ? a : b;`, `if (c) f();` as `c && f();`,
    and back.

    Source: ECMA-262 §13.14, §14.6.
    """
    for node in program.nodes("if_statement"):
        rewrite = _to_expression(program, node)
        if rewrite is not None:
            yield rewrite
    yield from canonical(program)


@convert_if_to_ternary.canonical
def canonical(program: Program) -> Iterator[Rewrite]:
    """Write `return c ? a : b;` as `if (c) return a; else return b;`, `c && f();` as `if (c)
    f();`.
    """
    for node in program.nodes("return_statement", "expression_statement"):
        if node.named:
            rewrite = _to_statement(program, node)
            if rewrite is not None:
                yield rewrite


def _to_expression(program: Program, node: Node) -> Rewrite | None:
    condition, consequence, otherwise = (
        node.field("condition"),
        node.field("consequence"),
        node.field("alternative"),
    )
    assert condition is not None
    assert consequence is not None
    test = unwrap(condition)
    yes = _sole(consequence)
    if otherwise is None:
        if yes is None or yes.type != "expression_statement" or value_shows(program, node):
            return None
        if is_negation(test):
            return Rewrite((replace(node, _OR, test=test.children[1], yes=yes.named[0]),))
        return Rewrite((replace(node, _AND, test=test, yes=yes.named[0]),))
    no = _sole(otherwise.named[0])
    if yes is None or no is None or yes.type != no.type or not yes.named or not no.named:
        return None
    one, other = unwrap(yes.named[0]), unwrap(no.named[0])
    if yes.type == "return_statement":
        return Rewrite((replace(node, _RETURN, test=test, yes=one, no=other),))
    if yes.type != "expression_statement":
        return None
    target = _target(program, one)
    if target is not None and target == _target(program, other):
        left, value, second = one.children[0], one.children[2], other.children[2]
        if not is_anonymous(unwrap(value)) and not is_anonymous(unwrap(second)):
            return Rewrite((replace(node, _ASSIGN, target=left, test=test, yes=value, no=second),))
    return Rewrite((replace(node, _CHOOSE, test=test, yes=one, no=other),))


def _sole(statement: Node) -> Node | None:
    """Return `statement`, or what stands alone in it if it is a block."""
    if statement.type != "statement_block":
        return statement
    return statement.named[0] if len(statement.named) == 1 else None


def _target(program: Program, node: Node) -> int | None:
    """Return the id of the variable that the assignment `node` writes, if it is one whose place is
    known beforehand.
    """
    if node.type != "assignment_expression" or node.children[0].type != "identifier":
        return None
    binding = known_binding(program, node.children[0])
    return None if binding is None else id(binding)


def _to_statement(program: Program, node: Node) -> Rewrite | None:
    value = unwrap(node.named[0])
    returns = node.type == "return_statement"
    if value.type == "ternary_expression":
        if not returns and value_shows(program, node):
            return None
        test, yes, no = (unwrap(value.children[number]) for number in (0, 2, 4))
        return Rewrite(
            (replace(node, _IF_RETURN if returns else _IF_ELSE, test=test, yes=yes, no=no),)
        )
    if returns:
        return None
    if _target(program, value) is not None:
        return _assignment(program, node, value)
    if value.type != "binary_expression" or value_shows(program, node):
        return None
    left, operator, right = value.children
    if operator.type not in ("&&", "||"):
        return None
    return Rewrite(
        (
            replace(
                node,
                _IF if operator.type == "&&" else _IF_NOT,
                test=unwrap(left),
                yes=unwrap(right),
            ),
        )
    )


def _assignment(program: Program, node: Node, value: Node) -> Rewrite | None:
    """Return the rewrite of `x = c ? a : b`."""
    target, choice = value.children[0], unwrap(value.children[2])
    if choice.type != "ternary_expression":
        return None
    test, yes, no = (unwrap(choice.children[number]) for number in (0, 2, 4))
    if is_anonymous(yes) or is_anonymous(no):
        return None  # assigned directly it would get the name of the variable
    again = program.scopes.of_node[target.index]
    return Rewrite(
        (replace(node, _IF_ASSIGN, test=test, target=target, yes=yes, again=again, no=no),)
    )
