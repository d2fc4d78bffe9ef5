"""The normal form of a program: one spelling for code that can be written in several ways.

Transforms that work both ways have a canonical direction; transforms that simplify, and the rules
of `simplifications`, have only one. All are applied until nothing changes. Programs that differ by
rewrites of this engine mostly share one normal form, and a program in normal form stays unchanged.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import count
from typing import cast

from augment.normal_form.simplifications import SIMPLIFICATIONS
from augment.printing.render import render
from augment.printing.style import AS_WRITTEN
from augment.program.program import Program, parse
from augment.rewriting.edits import Rewrite
from augment.rewriting.name_supply import RESERVED
from augment.rewriting.plan import Plan
from augment.rewriting.registry import Rule, built_in
from augment.rewriting.semantics import Semantics
from augment.syntax import tokens as t
from augment.syntax.collector import collection_paused
from augment.syntax.tree import ParseError
from augment.transforms.convert_functions import canonical_by_name, convert_functions
from augment.transforms.rename_variables import renamable

MOST_ROUNDS = 64
"""After so many rounds a program is taken as it is; those that people write need fewer than ten."""

_LAYOUT = {
    "lines": "lines",
    "indent": "  ",
    "newline": "\n",
    "brace": "same",
    "follow": "same",
    "semicolons": True,
    "before": AS_WRITTEN.before,
    "after": AS_WRITTEN.after,
    "quote": "",
    "width": 0,
    "comments": "drop",
}


def normalize(
    program: Program, *, names: bool = False, level: Semantics = Semantics.OBSERVABLE
) -> str:
    """Return the normal form of a program, which does what the program does.

    Constants are folded and propagated, dead code and comments are dropped, statements stand alone
    and in braces, loops begin without declarations, branches that jump have no `else`, and strings,
    numbers, properties, comparisons and assignments have one spelling.

    Args:
        program: what `parse` returned.
        names: give local names new ones, `v0`, `v1` and so on, in the order in which they occur
            first.
        level: PRESERVED leaves out rewrites that change the `name` of a function or class.
    """
    program = _settled(program, level)
    return number_names(program, level=level) if names else _printed(program, Plan(program))


def normalized(
    program: Program, *, level: Semantics = Semantics.OBSERVABLE, by_name: bool = False
) -> Program:
    """Return the normal form of a program, parsed: `parse(normalize(program))` in one go.

    Args:
        program: what `parse` returned; returned itself if it is in normal form.
        level: as in `normalize`.
        by_name: take every method that is called as one of the standard library for it. Encoders
            read this form, and nobody runs it: an object with a `map` of its own may call its
            argument with `new`.
    """
    program = _settled(program, level, by_name=by_name)
    text = _printed(program, Plan(program))
    return program if text.encode() == program.source else _parsed_again(text, program)


def _settled(program: Program, level: Semantics, *, by_name: bool = False) -> Program:
    """Apply all rules until nothing changes, and return the program of the last round."""
    for _ in range(MOST_ROUNDS):
        with collection_paused():
            following = _next_round(program, level, by_name)
        if following is None:
            break
        program = following
    return program


def _next_round(program: Program, level: Semantics, by_name: bool) -> Program | None:
    """Apply all rules once; None if nothing changes."""
    plan = Plan(program)
    for rule in _rules(by_name):
        for rewrite in rule(program):
            if rewrite.level <= level:
                plan.accept(rewrite)
    text = _printed(program, plan)
    if text.encode() == program.source:
        return None
    try:
        return _parsed_again(text, program)
    except ParseError:
        # the grammar misreads what came of it, as `{ label: {} }`: the program before is taken
        return None


def number_names(program: Program, *, level: Semantics = Semantics.OBSERVABLE) -> str:
    """Return a program whose local names are `v0`, `v1` and so on in the order in which they occur
    first; it does what the program does.

    Comments are dropped, and layout is that of normal forms. All else stays.

    Args:
        program: what `parse` returned.
        level: PRESERVED leaves out names that a program can ask for, as those of functions and
            classes.
    """
    return _printed(program, _names(program, level))


def number_names_with_offsets(program: Program) -> tuple[str, list[int]]:
    """Return the program with numbered names, and the byte at which each of its tokens begins
    there.

    This is what an encoder reads, and nobody runs: unlike `number_names` it also numbers the names
    that compilers and frameworks read (`Binding.kept`).

    Tokens outside the source, of the wrapper that makes a snippet parse, keep their offsets.
    """
    plan = _names(program, Semantics.OBSERVABLE, kept=True)
    plan.style.update(_LAYOUT)
    text, positions = render(program, plan)
    stripped = len(text.encode()) - len(text.lstrip().encode())
    offsets = [leaf.start for leaf in program.tree.leaves]
    for token, (start, _) in positions.kept():
        offsets[token] = start - stripped
    return _ended(text.strip(), program, plan), offsets


def _printed(program: Program, plan: Plan) -> str:
    plan.style.update(_LAYOUT)
    return _ended(render(program, plan)[0].strip(), program, plan)


def _ended(text: str, program: Program, plan: Plan) -> str:
    _, last = program.core
    # where the last statement was replaced, the next round sees whether its end is written
    ends = (
        not plan.edits
        and not program.wrapper[0]
        and last > 0
        and program.flags[last - 1] & t.UNTERMINATED
    )
    return text + (";" if ends and not text.endswith(";") else "") + ("\n" if text else "")


def _parsed_again(text: str, program: Program) -> Program:
    return parse(text, language=program.language, source_type=program.source_type)


@cache
def _rules(by_name: bool) -> tuple[Rule, ...]:
    """Return all rules; plug-ins have none, so that embeddings do not depend on them."""
    known = built_in().values()
    simplifying = [cast(Rule, item.sites) for item in known if item.simplifies]
    canonical = [item.rule for item in known if item.rule is not None]
    if by_name:
        by_receiver = convert_functions.rule
        canonical = [canonical_by_name if one is by_receiver else one for one in canonical]
    return (*simplifying, *SIMPLIFICATIONS, *canonical)


def _names(program: Program, level: Semantics, *, kept: bool = False) -> Plan:
    """Return the plan that numbers the local names of a program by where they occur first."""
    found = [
        binding
        for binding, _, its_level, _ in renamable(program, kept=kept)
        if its_level <= level and not (binding.exported and program.source_type == "module")
    ]
    found.sort(key=lambda binding: binding.occurrences[0].index)
    mine = {leaf.index for binding in found for leaf in binding.occurrences}
    taken = RESERVED | {
        program.scopes.name_of(leaf)
        for leaf in program.tree.leaves
        if leaf.index not in mine
        and (leaf.type.endswith("identifier") or leaf.type.endswith("identifier_pattern"))
    }
    plan = Plan(program)
    plan.accept(Rewrite(renames=tuple(zip(found, _numbered(taken), strict=False)), level=level))
    return plan


def _numbered(taken: frozenset[str]) -> Iterator[str]:
    """Yield `v0`, `v1` and so on, but those taken."""
    # No generator expression: compiled, one is made whole before its first value is taken, and this
    # one has no end.
    for number in count():
        name = f"v{number}"
        if name not in taken:
            yield name
