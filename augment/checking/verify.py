"""Checkers of a view: cheap evidence that a rewrite kept the program what it was.

`check` parses the view again and compares what must not differ: it parses, every name means what it
meant, and, where only names and layout were touched, the tokens are the same. Execution in V8 is
the strong evidence and belongs to the tests; these checks run anywhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import Any

from augment.pipeline.pipeline import View
from augment.program.program import Program, parse
from augment.program.scope import Binding
from augment.syntax.tree import Node, ParseError


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that a rewrite broke.

    Attributes:
        checker: "parses", "scopes" or "tokens".
        message: what is wrong.
        span: bytes of the view.
    """

    checker: str
    message: str
    span: tuple[int, int] = (0, 0)


def check(program: Program, view: View) -> list[Problem]:
    """Return everything that the checkers find wrong with `view` of `program`; an empty list means
    nothing.
    """
    try:
        after = parse(view.text, language=program.language, source_type=program.source_type)
    except ParseError as error:
        return [Problem("parses", f"the view does not parse: {error}")]
    if after.wrapper != program.wrapper:
        return [Problem("parses", "the view is no longer the same kind of snippet")]
    problems = scopes_agree(program, view, after)
    if all(step.span is None or step.transform == "rename-variables" for step in view.applied):
        problems += tokens_agree(program, after)
    return problems


def scopes_agree(program: Program, view: View, after: Program) -> list[Problem]:
    """Compare what the kept identifiers mean.

    Identifiers of one binding must still share one binding, those of different bindings different
    ones, and a name that was global must still be global and spelt as it was.
    """
    problems: list[Problem] = []
    now: dict[int, Binding] = {}
    owner: dict[int, int] = {}
    for before, leaf in _kept_identifiers(program, view, after):
        old = program.scopes.of_node.get(before.index)
        new = after.scopes.of_node.get(leaf.index)
        if old is None:
            if new is not None and _is_use(program, before):
                problems.append(
                    Problem("scopes", f"the global {program.text(before)!r} is captured", leaf.span)
                )
            elif program.scopes.name_of(before) != after.scopes.name_of(leaf) and _is_use(
                program, before
            ):
                problems.append(
                    Problem("scopes", f"the global {program.text(before)!r} was renamed", leaf.span)
                )
            continue
        if new is None:
            problems.append(
                Problem("scopes", f"{program.text(before)!r} lost its declaration", leaf.span)
            )
            continue
        if now.setdefault(id(old), new) is not new or owner.setdefault(id(new), id(old)) != id(old):
            problems.append(
                Problem("scopes", f"{program.text(before)!r} means another variable", leaf.span)
            )
    return problems


def _is_use(program: Program, leaf: Node) -> bool:
    return any(reference.node is leaf for reference in program.scopes.unresolved)


def _kept_identifiers(program: Program, view: View, after: Program) -> list[tuple[Node, Node]]:
    """Pair the identifier leaves of the source with those of the view that came from them."""
    ends = {leaf.end: leaf for leaf in after.tree.leaves if "identifier" in leaf.type}
    starts = {leaf.start: leaf for leaf in after.tree.leaves if "identifier" in leaf.type}
    used = after.scopes.of_node.keys() | {
        reference.node.index for reference in after.scopes.unresolved
    }
    pairs: list[tuple[Node, Node]] = []
    for token, (start, end) in view.positions.kept():
        before = program.tree.leaves[token]
        if before.type not in (
            "identifier",
            "shorthand_property_identifier",
            "shorthand_property_identifier_pattern",
        ):
            continue
        # a renamed shorthand is several tokens: the variable stands at one end of them
        ends_of = [leaf for leaf in (starts.get(start), ends.get(end)) if leaf is not None]
        leaf = next(
            (leaf for leaf in ends_of if leaf.index in used), ends_of[0] if ends_of else None
        )
        if leaf is not None:
            pairs.append((before, leaf))
    return pairs


def tokens_agree(program: Program, after: Program) -> list[Problem]:
    """Compare the tokens of two programs that differ in names and layout only.

    Semicolons, quotes and the spelling of identifiers may differ, and a renamed shorthand becomes a
    pair.
    """
    old, new = _bare_tokens(program), _bare_tokens(after)
    if len(old) != len(new):
        return [Problem("tokens", f"{len(old)} tokens became {len(new)}")]
    for (kind, text, _), (other, changed, leaf) in zip(old, new, strict=True):
        if kind != other or (kind != "name" and text != changed):
            return [Problem("tokens", f"{text!r} became {changed!r}", leaf.span)]
    return []


def _bare_tokens(program: Program) -> list[tuple[str, str, Node]]:
    tokens: list[tuple[str, str, Node]] = []
    for leaf in program.tree.leaves:
        text = program.text_of[leaf.first]
        if text == ";":
            continue
        if leaf.type == "string":
            quoted = text[1:-1]
            tokens.append(("string", quoted, leaf))
        elif leaf.index in program.scopes.of_node:
            if _is_pair_value(leaf):
                tokens[-2:] = []  # `a: b` counts as the shorthand `a` would: one name
            tokens.append(("name", text, leaf))
        else:
            parent = leaf.parent
            if (
                parent is not None
                and parent.type in ("export_specifier", "import_specifier")
                and len(parent.children) == 3
            ):
                continue  # `a as b` counts as `a` would
            tokens.append(("token", text, leaf))
    return tokens


def _is_pair_value(leaf: Node) -> bool:
    """Whether `leaf` begins what a plain key stands for, in an object or a pattern."""
    value = leaf
    while value.parent is not None and value.parent.first == leaf.first:
        value = value.parent
    pair = value.parent
    return (
        pair is not None
        and pair.type in ("pair", "pair_pattern")
        and pair.children[0].type == "property_identifier"
    )


def esprima_reads(text: str, source_type: str) -> bool | None:
    """Whether esprima, an independent parser, accepts `text`; None where its grammar (ES2017) is
    too old to say.
    """
    esprima: Any = import_module("esprima")  # untyped: a type checker would infer through all of it
    try:
        esprima.parse(text, {"sourceType": "module" if source_type == "module" else "script"})
    except (esprima.Error, RecursionError):
        return None
    return True
