"""Renaming: the text of tokens with new names; properties, exports and imports keep theirs."""

from __future__ import annotations

from augment.program.program import Program
from augment.rewriting.plan import Plan


def renamed(program: Program, plan: Plan) -> list[str]:
    """Return the text of every token, with renamed bindings under their new names."""
    if not plan.names:
        return program.text_of
    text = program.text_of[:]
    for binding, name in plan.names.values():
        for node in binding.declaring:
            text[node.first] = spell(text[node.first], name, binding.shorthands.get(node.index, ""))
        for reference in binding.references:
            token = reference.node.first
            text[token] = spell(text[token], name, reference.shorthand)
    return text


def spell(old: str, new: str, shorthand: str) -> str:
    """Return the text of a renamed identifier.

    Args:
        old: the old name.
        new: the new name.
        shorthand: what else the old name was: "property", "export", "import", or "" for nothing.
    """
    if shorthand == "property":
        return f"{old}: {new}"
    if shorthand == "export":
        return f"{new} as {old}"
    return f"{old} as {new}" if shorthand == "import" else new
