"""Write numbers in other forms."""

from collections.abc import Iterator

from augment.analysis.contexts import is_value
from augment.program.program import Program
from augment.rewriting.edits import Replace, Rewrite
from augment.rewriting.registry import Site, transform
from augment.rewriting.semantics import Semantics
from augment.syntax.literals import number_text, number_value


@transform(
    "rewrite-numbers",
    family="literals",
    phase="structure",
    level=Semantics.PRESERVED,
    probability=0.12,
    strength=0.4,
)
def rewrite_numbers(program: Program) -> Iterator[Site]:
    """Write a number as hexadecimal, with an exponent, with or without a fraction, or plainly.

    Source: ECMA-262 §12.9.3.
    """
    for node in program.nodes("number"):
        if not is_value(node) or node.field_name == "object":
            continue
        text = program.text_of[node.first]
        value = number_value(text)
        if value is None:
            continue
        others = _others(value, text)
        if others:
            yield tuple(Rewrite((Replace(node, other),)) for other in others)


def _others(value: float, text: str) -> list[str]:
    """Return the other ways to write `value`."""
    plain = number_text(value)
    if plain is None:
        return []
    forms = [plain]
    if plain.isdigit():
        if value >= 10:
            forms.append(hex(int(value)))
        forms.append(plain + ".0")
        zeros = len(plain) - len(plain.rstrip("0"))
        if value and zeros:
            forms.append(f"{plain[:-zeros]}e{zeros}")
    elif plain.startswith("0."):
        forms.append(plain[1:])
        digits = plain[2:].lstrip("0")
        forms.append(f"{digits}e-{len(plain) - 2}")
    return [form for form in forms if form != text and number_value(form) == value]


@rewrite_numbers.canonical
def canonical(program: Program) -> Iterator[Rewrite]:
    """Write every number plainly."""
    for node in program.nodes("number"):
        value = (
            number_value(program.text_of[node.first])
            if is_value(node) and node.field_name != "object"
            else None
        )
        plain = None if value is None else number_text(value)
        if plain is not None and plain != program.text_of[node.first]:
            yield Rewrite((Replace(node, plain),))
