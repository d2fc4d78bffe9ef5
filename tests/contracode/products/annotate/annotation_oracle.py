"""What must hold of every edit that writes types: nothing else changes, and the types are read
back.
"""

from itertools import pairwise

import augment
from contracode.javascript.typing.jsdoc import JSDocs
from contracode.javascript.typing.targets import TypeTarget, find_targets
from contracode.products.annotate.text_edits import TextEdit, apply_edits


def moved(offset: int, edits: list[TextEdit], *, sticks: bool) -> int:
    """Where `offset` is after the edits; what is inserted there goes before it unless it sticks to
    what is left of it.
    """
    shift = 0
    for edit in edits:
        if edit.end < offset or (edit.end == offset and not sticks):
            shift += len(edit.text.encode()) - (edit.end - edit.start)
    return offset + shift


def tokens(program: augment.Program) -> list[str]:
    """The tokens without annotations, and without commas and parentheses around parameters."""
    left_out: set[int] = set()
    for node in program.nodes("type_annotation"):
        left_out.update(range(node.first, node.last))
    if program.language != "javascript":
        for node in program.nodes("arrow_function"):
            listed = node.field("parameters")
            if listed is not None and len(listed.named) == 1:
                left_out.update((listed.first, listed.last - 1))
    first, last = program.core
    return [program.text_of[number] for number in range(first, last) if number not in left_out]


def annotations(program: augment.Program) -> list[str]:
    return [program.text(node) for node in program.nodes("type_annotation")]


def words(program: augment.Program) -> list[str]:
    """The words of all comments."""
    return [
        word for node in program.comments for word in program.text(node).replace("*/", " ").split()
    ]


def is_subsequence(few: list[str], many: list[str]) -> bool:
    rest = iter(many)
    return all(item in rest for item in few)


def check(
    program: augment.Program, chosen: list[tuple[TypeTarget, str]], edits: list[TextEdit]
) -> augment.Program:
    """Fail unless the edits do what they are for; returns the program after them.

    `chosen` are those that the edits are known to write.
    """
    for before, after in pairwise(edits):
        assert before.end <= after.start, "overlap"
    source = apply_edits(program.source, edits)
    edited = augment.parse(source, language=program.language)
    assert edited.wrapper == program.wrapper
    assert tokens(edited) == tokens(program), "the program changed"
    assert is_subsequence([w for w in words(program) if w.strip("*/")], words(edited)), (
        "a comment lost text"
    )
    if program.language == "javascript":
        assert annotations(edited) == []
    else:
        assert is_subsequence(annotations(program), annotations(edited)), "a written type changed"
        assert words(edited) == words(program)
    found = {(target.kind, target.span[0]): target for target in find_targets(edited)}
    docs = JSDocs(edited)
    nodes = {node.span: node for node in edited.nodes(*{f.node.type for f in edited.functions})}
    for target, type in chosen:
        at = moved(target.span[0], edits, sticks=False)
        after = (
            found.get((target.kind, at)) or found[target.kind, at - 1]
        )  # a list of parameters that got parentheses
        assert after.name == target.name
        assert after.written, f"{target.kind} {target.name} is not read as written"
        if program.language != "javascript":
            assert after.annotation is not None
            written = edited.text(after.annotation).removeprefix(":").strip()
            assert written == type or target.form == "rest"
        elif target.kind in ("parameter", "return"):
            assert after.function is not None
            doc = docs.of(nodes[after.function])
            assert doc is not None
            if target.kind == "return":
                assert doc.returns == type
            elif target.form == "rest":
                assert doc.parameters[target.name].startswith("...")
            elif target.form == "simple":
                assert doc.parameters[target.name] == type
            else:
                assert type in doc.parameters.values()
    return edited
