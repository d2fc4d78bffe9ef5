"""Remove code that does nothing or is never reached."""

from collections.abc import Iterator
from typing import Final

from augment.analysis.effects import unwrap
from augment.analysis.flow import (
    declares,
    hoists,
    in_list,
    is_directive_like,
    is_function_body,
    is_labeled,
    jumps,
    leaving,
    lists,
    value_shows,
)
from augment.analysis.purity import is_quiet
from augment.analysis.value_kinds import UNDEFINED, kinds
from augment.program.program import Program
from augment.rewriting.edits import Rewrite, replace
from augment.rewriting.registry import Site, transform
from augment.rewriting.semantics import Semantics
from augment.rewriting.templates import statements
from augment.syntax.tree import FUNCTIONS, Node

_NOTHING: Final = statements("")
_ONLY: Final = statements("$statement;")


@transform(
    "eliminate-dead-code",
    family="dead code",
    simplifies=True,
    phase="structure",
    level=Semantics.PRESERVED,
    probability=0.15,
    strength=0.6,
)
def eliminate_dead_code(program: Program) -> Iterator[Site]:
    """Remove unreachable statements, branches never taken, unused variables and functions, and
    statements without effect.

    Source: ContraCode §4.1 (dead code elimination).
    """
    for node in program.nodes("if_statement", "while_statement", "do_statement"):
        rewrite = _decided(program, node)
        if rewrite is not None:
            yield rewrite
    for owner, statements_of_list in lists(program):
        if is_labeled(owner) and all(
            _does_nothing(program, statement, owner, None) for statement in statements_of_list
        ):
            continue  # the grammar takes `{ label: {} }` for an object: it goes with its label
        reached = True
        for number, statement in enumerate(statements_of_list):
            behind = (
                statements_of_list[number + 1] if number + 1 < len(statements_of_list) else None
            )
            if behind is not None and is_directive_like(behind):
                pass  # it could become a directive
            elif not reached:
                if not hoists(program, statement):
                    yield Rewrite((replace(statement, _NOTHING),))
            elif _does_nothing(program, statement, owner, behind):
                yield Rewrite((replace(statement, _NOTHING),))
            reached = reached and not jumps(statement)


def _does_nothing(program: Program, statement: Node, owner: Node, behind: Node | None) -> bool:
    kind = statement.type
    if kind == "empty_statement":
        return True
    if kind == "statement_block":
        return not statement.named
    if kind == "labeled_statement":
        body = statement.named[-1]
        return body.type in ("statement_block", "empty_statement") and all(
            inner.type != kind and _does_nothing(program, inner, body, None) for inner in body.named
        )
    if kind in ("variable_declaration", "lexical_declaration"):
        return owner.type != "program" and all(
            _is_unused(program, declarator) for declarator in statement.named
        )
    if kind in ("function_declaration", "generator_function_declaration"):
        return owner.type != "program" and _is_unread(program, statement.field("name"))
    if kind == "return_statement":
        return not statement.named and behind is None and is_function_body(owner)
    if kind == "expression_statement":
        # Alone at the top, a function is what the source is about, as one that is declared there.
        about = owner.type == "program" and unwrap(statement.named[0]).type in FUNCTIONS
        return (
            not about
            and not is_directive_like(statement)
            and not value_shows(program, statement)
            and is_quiet(program, statement.named[0])
        )
    return False


def _is_unused(program: Program, declarator: Node) -> bool:
    name, value = declarator.field("name"), declarator.field("value")
    return (
        name is not None
        and name.type == "identifier"
        and _is_unread(program, name)
        and (value is None or is_quiet(program, value))
    )


def _is_unread(program: Program, name: Node | None) -> bool:
    """Whether nothing refers to the variable declared at `name`, here or elsewhere."""
    binding = None if name is None else program.scopes.of_node.get(name.index)
    return (
        binding is not None
        and not binding.frozen
        and not binding.exported
        and not binding.references
        and len(binding.declaring) == 1
        and binding.kind in ("var", "let", "const", "function")
    )


def _decided(program: Program, node: Node) -> Rewrite | None:
    """Return the rewrite of an `if` or a loop whose condition is a constant."""
    condition = node.field("condition")
    truth = None if condition is None else _truth(program, unwrap(condition))
    if truth is None or value_shows(program, node) or is_labeled(node):
        return None
    if node.type == "if_statement":
        yes, otherwise = node.field("consequence"), node.field("alternative")
        assert yes is not None
        no = None if otherwise is None else otherwise.named[0]
        taken, dropped = (yes, no) if truth else (no, yes)
        if dropped is not None and (hoists(program, dropped) or declares(dropped)):
            return None
        if taken is None:
            return Rewrite((replace(node, _NOTHING),)) if _may_go(node) else None
        return None if declares(taken) else Rewrite((replace(node, _ONLY, statement=taken),))
    body = node.field("body")
    if truth or body is None or (hoists(program, body) and node.type == "while_statement"):
        return None
    if node.type == "while_statement":
        return Rewrite((replace(node, _NOTHING),)) if _may_go(node) else None
    if leaving(program, body, "break_statement") or leaving(program, body, "continue_statement"):
        return None
    return Rewrite((replace(node, _ONLY, statement=body),))


def _may_go(statement: Node) -> bool:
    """Whether nothing may stand where `statement` stands: `{ label: {} }` would be an object to the
    grammar.
    """
    owner = statement.parent
    return (
        in_list(statement) and owner is not None and (len(owner.named) > 1 or not is_labeled(owner))
    )


def _truth(program: Program, node: Node) -> bool | None:
    """Return whether the constant `node` counts as true, None if it is no constant."""
    text = program.text_of[node.first]
    if node.type in ("true", "false"):
        return node.type == "true"
    if node.type == "null":
        return False
    if node.type == "number":
        return int(text) != 0 if text == "0" or (text.isdecimal() and text[0] != "0") else None
    if node.type == "string":
        return None if "\\" in text else len(text) > 2
    if node.type == "undefined":
        return False if kinds(program, node) == UNDEFINED else None
    if node.type == "unary_expression" and node.children[0].type == "!":
        inner = _truth(program, unwrap(node.children[1]))
        return None if inner is None else not inner
    return None
