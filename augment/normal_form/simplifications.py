"""Rewrites in one direction only, towards the shorter of two ways to say the same: what the normal
form has beyond the transforms.

Each is a generator over a program, as a transform is, and every rewrite keeps what the program
does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from augment.analysis.contexts import is_tested, is_unused, is_value
from augment.analysis.effects import discards_reference, in_directive, is_anonymous, unwrap
from augment.analysis.flow import declares, following, in_list, is_labeled, value_shows
from augment.analysis.purity import closes_over
from augment.analysis.reads import initialised_by, is_standard, known_binding
from augment.analysis.value_kinds import BOOLEAN, kinds
from augment.program.program import Program
from augment.rewriting.edits import Replace, Rewrite, replace, replace_run
from augment.rewriting.negation import is_negation, is_negative, negated
from augment.rewriting.templates import Body, Code, Fill, expression, statements
from augment.syntax.tree import Node

_SAME = expression("$value")
_TRUTH = expression("!!$value")
_BOTH = expression("$one && $other")
_EITHER = expression("$one || $other")
_AFTER = {"++": expression("$target++"), "--": expression("$target--")}
_INFINITY = {False: expression("Infinity"), True: expression("-Infinity")}
_IF = statements("if ($test) $yes;")
_TWO_RETURNS = statements("if ($test) return $yes;\nreturn $no;")
_RETURN = statements("return $value;")
_NOTHING = statements("")
_ARROW = expression("($sole) => { $body; }")
_ASYNC_ARROW = expression("async ($sole) => { $body; }")


def join_conditions(program: Program) -> Iterator[Rewrite]:
    """Write `if (a) { if (b) c(); }` as `if (a && b) c();`."""
    for node in program.nodes("if_statement"):
        yes, inner = node.field("consequence"), None
        if yes is not None and node.field("alternative") is None:
            inner = _sole(yes)
        if inner is None or inner.type != "if_statement" or inner.field("alternative") is not None:
            continue
        body = inner.field("consequence")
        if body is not None and not declares(body):
            test = Code(_BOTH, {"one": _condition(node), "other": _condition(inner)})
            yield Rewrite((replace(node, _IF, test=test, yes=body),))


def join_guards(program: Program) -> Iterator[Rewrite]:
    """Write `if (a) return x; if (b) return x;` as `if (a || b) return x;`."""
    for node in program.nodes("if_statement"):
        behind = following(node, 1) if in_list(node) and node.field("alternative") is None else []
        if (
            not behind
            or behind[0].type != "if_statement"
            or behind[0].field("alternative") is not None
        ):
            continue
        one, other = _jump(node.field("consequence")), _jump(behind[0].field("consequence"))
        if one is None or other is None or not _same_text(program, one, other):
            continue
        test = Code(_EITHER, {"one": _condition(node), "other": _condition(behind[0])})
        yield Rewrite((replace_run(node, behind[0], _IF, test=test, yes=one),))


def order_returns(program: Program) -> Iterator[Rewrite]:
    """Write `if (!c) return a; return b;` as `if (c) return b; return a;`."""
    for node in program.nodes("if_statement"):
        behind = following(node, 1) if in_list(node) and node.field("alternative") is None else []
        yes = _jump(node.field("consequence"))
        if not behind or yes is None or not is_negative(_condition(node)):
            continue
        if yes.type == behind[0].type == "return_statement" and yes.named and behind[0].named:
            test = negated(program, _condition(node), tested=True)
            edit = replace_run(
                node, behind[0], _TWO_RETURNS, test=test, yes=behind[0].named[0], no=yes.named[0]
            )
            yield Rewrite((edit,))


def return_conditions(program: Program) -> Iterator[Rewrite]:
    """Write `if (c) return true; return false;` as `return !!c;`, `if (c) return false; return
    true;` as `return !c;`.
    """
    for node in program.nodes("if_statement"):
        behind = following(node, 1) if in_list(node) and node.field("alternative") is None else []
        yes = _jump(node.field("consequence"))
        if (
            not behind
            or yes is None
            or yes.type != "return_statement"
            or behind[0].type != "return_statement"
        ):
            continue
        values = [one.named[0].type if one.named else "" for one in (yes, behind[0])]
        if values not in (["true", "false"], ["false", "true"]):
            continue
        test = _condition(node)
        if values[0] == "false":
            value = negated(program, test, tested=False)
        elif kinds(program, test) == BOOLEAN:
            value = Code(_SAME, {"value": test})
        else:
            value = Code(_TRUTH, {"value": test})
        yield Rewrite((replace_run(node, behind[0], _RETURN, value=value),))


def drop_negations(program: Program) -> Iterator[Rewrite]:
    """Write `!!a` as `a` where only its truth matters or it is a boolean, and `!(a === b)` as `a
    !== b`.
    """
    for node in program.nodes("unary_expression"):
        if not is_negation(node):
            continue
        inner = unwrap(node.children[1])
        if is_negation(inner):
            value = unwrap(inner.children[1])
            if discards_reference(node) and (is_tested(node) or kinds(program, value) == BOOLEAN):
                yield Rewrite((replace(node, _SAME, value=value),))
        elif inner.type == "binary_expression" and inner.children[1].type in (
            "===",
            "!==",
            "==",
            "!=",
        ):
            yield Rewrite((Replace(node, negated(program, inner, tested=False)),))


def drop_branches(program: Program) -> Iterator[Rewrite]:
    """Write `if (c) a(); else {}` as `if (c) a();`, and `if (c) {} else b();` as `if (!c) b();`."""
    for node in program.nodes("if_statement"):
        yes, otherwise = node.field("consequence"), node.field("alternative")
        if yes is None or otherwise is None or value_shows(program, node) or declares(yes):
            continue
        no = otherwise.named[0]
        if _is_empty(no):
            yield Rewrite((replace(node, _IF, test=_condition(node), yes=yes),))
        elif _is_empty(yes) and not declares(no):
            yield Rewrite(
                (replace(node, _IF, test=negated(program, _condition(node), tested=True), yes=no),)
            )


def step_behind(program: Program) -> Iterator[Rewrite]:
    """Write `++x` as `x++` where its value is not read."""
    for node in program.nodes("update_expression"):
        target = node.field("argument")
        if target is not None and node.children[0] is not target and is_unused(node):
            yield Rewrite((replace(node, _AFTER[node.children[0].type], target=unwrap(target)),))


def name_infinity(program: Program) -> Iterator[Rewrite]:
    """Write `1 / 0` as `Infinity`."""
    if not is_standard(program, "Infinity"):
        return
    for node in program.nodes("binary_expression"):
        left, operator, right = (
            program.text(node.children[0]),
            node.children[1].type,
            program.text(node.children[2]),
        )
        if operator == "/" and left in ("1", "-1") and right == "0" and is_value(node):
            yield Rewrite((Replace(node, Code(_INFINITY[left == "-1"])),))


def split_effects(program: Program) -> Iterator[Rewrite]:
    """Write `if (a(), b) c();` as `a(); if (b) c();`, `x = (a(), b)` and `var x = (a(), b)`
    likewise.
    """
    for node in program.nodes("sequence_expression"):
        outer, owner = node, node.parent
        while owner is not None and owner.type == "parenthesized_expression":
            outer, owner = owner, owner.parent
        if owner is None:
            continue
        statement: Node | None = None
        if owner.type == "if_statement" and outer.field_name == "condition":
            statement = owner
        elif (
            owner.type == "variable_declarator"
            and owner.parent is not None
            and owner.parent.named[0] is owner
        ):
            name = owner.field("name")
            plain = (
                name is not None and name.type == "identifier" and not value_shows(program, owner)
            )
            statement = owner.parent if plain else None
        elif owner.type == "assignment_expression" and outer.field_name == "right":
            known = (
                owner.children[0].type == "identifier"
                and known_binding(program, owner.children[0]) is not None
            )
            statement = owner.parent if known else None
            if statement is not None and statement.type != "expression_statement":
                statement = None
        if statement is None or not in_list(statement):
            continue
        *effects, last = [unwrap(part) for part in node.named]
        if is_anonymous(last) or any(effect.type == "string" for effect in effects):
            continue
        fills: dict[str, Fill] = {f"e{number}": effect for number, effect in enumerate(effects)}
        source = "\n".join(f"$e{number};" for number in range(len(effects)))
        fills["rest"] = statement
        around = replace(statement, statements(source + "\n$rest;"), **fills)
        yield Rewrite((around, replace(node, _SAME, value=last)))


def extract_initialisers(program: Program) -> Iterator[Rewrite]:
    """Write `for (i = 0; i < n; i++) f();` as `i = 0; for (; i < n; i++) f();`."""
    for node in program.nodes("for_statement"):
        start, test, update, body = (
            node.field(part) for part in ("initializer", "condition", "increment", "body")
        )
        if start is None or body is None or start.type in ("empty_statement", "using_declaration"):
            continue
        if is_labeled(node) or value_shows(program, node) or declares(body):
            continue
        fills: dict[str, Fill] = {"start": start, "body": body}
        if test is not None and test.is_named and test.type != "empty_statement":
            fills["test"] = unwrap(test)
        if update is not None:
            fills["update"] = update
        loop = f"for (; {'$test' if 'test' in fills else ''}; {'$update' if update else ''}) $body;"
        source = f"$start;\n{loop}"
        if start.type == "lexical_declaration":
            if closes_over(program, node):
                continue
            source = f"{{\n$start;\n{loop}\n}}"
        yield Rewrite((replace(node, statements(source), **fills),))


def drop_loops(program: Program) -> Iterator[Rewrite]:
    """Remove `for (; false; ) a();`."""
    for node in program.nodes("for_statement"):
        start, test, body = (node.field(part) for part in ("initializer", "condition", "body"))
        if test is None or body is None or unwrap(test).type != "false" or not in_list(node):
            continue
        if (
            start is None
            or start.type != "empty_statement"
            or value_shows(program, node)
            or not _is_empty(body)
        ):
            continue
        yield Rewrite((replace(node, _NOTHING),))


def put_parentheses(program: Program) -> Iterator[Rewrite]:
    """Write `x => { a(); }` as `(x) => { a(); }`."""
    for node in program.nodes("arrow_function"):
        sole, body = node.field("parameter"), node.field("body")
        if sole is not None and body is not None and body.type == "statement_block":
            template = _ASYNC_ARROW if node.has("async") else _ARROW
            code = replace(node, template, sole=sole, body=Body(body))
            yield Rewrite((code,), needs=frozenset({("arrow", node.index)}))


def propagate_constants(program: Program) -> Iterator[Rewrite]:
    """Write `const k = 2; f(k);` as `f(2);`."""
    for node in program.nodes("variable_declarator"):
        name, value, statement = node.field("name"), node.field("value"), node.parent
        if name is None or value is None or statement is None or name.type != "identifier":
            continue
        if not _is_short(program, value) or node.field("type") is not None:
            continue
        binding = known_binding(program, name)
        if (
            binding is None
            or binding.frozen
            or len(binding.declaring) != 1
            or not binding.references
        ):
            continue
        uses = [reference.node for reference in binding.references]
        if any(reference.access != "read" for reference in binding.references):
            continue
        if all(_may_be_copied_to(use) and initialised_by(name, use) for use in uses):
            text = program.text(value)
            yield Rewrite(tuple(Replace(use, text) for use in uses))


def _may_be_copied_to(use: Node) -> bool:
    return (
        use.type == "identifier"
        and use.field_name != "object"
        and is_value(use)
        and not in_directive(use)
    )


def _is_short(program: Program, value: Node) -> bool:
    if value.type in ("number", "true", "false", "null"):
        return True
    return value.type == "string" and value.end - value.start < _SHORT


_SHORT = 40
"""Bytes of a string that may be copied."""


def _condition(node: Node) -> Node:
    found = node.field("condition")
    assert found is not None
    return unwrap(found)


def _sole(statement: Node) -> Node | None:
    """Return `statement`, or what stands alone in it if it is a block."""
    if statement.type != "statement_block":
        return statement
    return statement.named[0] if len(statement.named) == 1 else None


def _jump(statement: Node | None) -> Node | None:
    """Return the jump that is all of `statement`."""
    found = None if statement is None else _sole(statement)
    if found is None or found.type not in (
        "return_statement",
        "break_statement",
        "continue_statement",
    ):
        return None
    return found


def _is_empty(statement: Node) -> bool:
    return statement.type == "empty_statement" or (
        statement.type == "statement_block" and not statement.named
    )


def _same_text(program: Program, one: Node, other: Node) -> bool:
    return program.text_of[one.first : one.last] == program.text_of[other.first : other.last]


SIMPLIFICATIONS: tuple[Callable[[Program], Iterator[Rewrite]], ...] = (
    join_conditions,
    join_guards,
    order_returns,
    return_conditions,
    drop_negations,
    drop_branches,
    step_behind,
    name_infinity,
    split_effects,
    extract_initialisers,
    drop_loops,
    put_parentheses,
    propagate_constants,
)
