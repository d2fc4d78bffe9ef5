"""Convert between template literals and concatenations."""

from collections.abc import Iterator
from typing import Final

from augment.analysis.contexts import is_module_name, is_value
from augment.analysis.effects import in_directive, unwrap
from augment.analysis.value_kinds import BIGINT, PRIMITIVE, STRING, kinds
from augment.program.program import Program
from augment.rewriting.edits import Edit, Replace, Rewrite
from augment.rewriting.registry import Site, sometimes, transform
from augment.rewriting.semantics import Semantics
from augment.rewriting.templates import Code, Fill, expression
from augment.syntax.literals import string_text, string_value, template_text
from augment.syntax.tree import Node

_PLUS: Final = expression("$left + $right")
_MOST_PARTS: Final = 30
# Back quotes around plain strings are rarer than templates with holes.
_PLAIN: Final = 0.3


@transform(
    "convert-template-literals",
    family="literals",
    phase="structure",
    level=Semantics.PRESERVED,
    probability=0.15,
    strength=0.6,
)
def convert_template_literals(program: Program) -> Iterator[Site]:
    """Write `` `a${b}` `` as `"a" + b`, and back.

    A hole is converted as ToString does, an operand of `+` as ToPrimitive does: they agree on
    primitives that are no symbols, so all parts must certainly be such. Tagged templates see how
    they are written and stay.

    Source: ECMA-262 §13.2.8.6, §13.15.3.
    """
    for node in program.nodes("template_string", "binary_expression", "string"):
        if not is_value(node) or in_directive(node):
            continue
        edit = _plain(program, node) if node.type == "string" else converted(program, node)
        if edit is not None:
            yield sometimes(_PLAIN, Rewrite((edit,))) if node.type == "string" else Rewrite((edit,))


def converted(program: Program, node: Node, *, any_value: bool = False) -> Edit | None:
    """Return the edit that converts a template or a concatenation, or None if there is none.

    Args:
        program: what `node` stands in.
        node: a template string or a binary expression.
        any_value: whether parts may be anything, not only what is known to be primitive.
    """
    if node.type == "template_string":
        return _concatenation(program, node, any_value)
    return _template(program, node, any_value)


def _plain(program: Program, node: Node) -> Edit | None:
    value = string_value(program.text_of[node.first])
    return None if value is None or is_module_name(program, node) else _write(node, [value])


def _concatenation(program: Program, node: Node, any_value: bool = False) -> Edit | None:
    """Return the edit that makes a concatenation of a template."""
    parts: list[str | Node] = []
    behind = node.start + 1
    for child in node.children[1:]:
        if child.type not in ("template_substitution", "`"):
            continue
        raw = program.text((behind, child.start)).replace("\r\n", "\n").replace("\r", "\n")
        chunk = string_value(f"`{raw}`")
        if chunk is None:
            return None
        parts.append(chunk)
        behind = child.end
        if child.type == "template_substitution":
            if len(child.named) != 1:
                return None
            if not (any_value or _is_plain(program, child.named[0])):
                return None
            parts.append(child.named[0])
    operands = [part for part in parts if part != ""]
    # the first addition must be one of strings
    added = len(operands) > 1 and any(_is_string(program, part) for part in operands[:2])
    if not added and not (operands and isinstance(operands[0], str)):
        operands.insert(0, "")
    if len(operands) > _MOST_PARTS:
        return None
    fills: list[Fill] = [string_text(part) if isinstance(part, str) else part for part in operands]
    code = fills[0]
    for fill in fills[1:]:
        code = Code(_PLUS, {"left": code, "right": fill})
    assert isinstance(code, (Code, str))
    return Replace(node, code)


def _template(program: Program, node: Node, any_value: bool) -> Edit | None:
    """Return the edit that makes a template of a concatenation."""
    parent = node.parent
    if node.children[1].type != "+" or (parent is not None and _is_concatenation(program, parent)):
        return None  # the larger one is the one to convert
    backwards: list[Node] = []
    first = node
    while _is_concatenation(program, first):
        backwards.append(unwrap(first.children[2]))
        first = unwrap(first.children[0])
        if len(backwards) > _MOST_PARTS:
            return None
    parts: list[str | Node] = []
    for part in (first, *reversed(backwards)):
        value = string_value(program.text_of[part.first]) if part.type == "string" else None
        if value is None:
            if not (any_value or _is_plain(program, part)):
                return None
            parts.append(part)
        elif parts and isinstance(parts[-1], str):
            parts[-1] += value
        else:
            parts.append(value)
    if all(isinstance(part, Node) for part in parts):
        return None
    return _write(node, parts)


def _is_concatenation(program: Program, node: Node) -> bool:
    return (
        node.type == "binary_expression"
        and node.children[1].type == "+"
        and kinds(program, node) == STRING
    )


def _write(node: Node, parts: list[str | Node]) -> Edit:
    source = ""
    fills: dict[str, Fill] = {}
    for number, part in enumerate(parts):
        if isinstance(part, Node):
            source += f"${{$hole{number}}}"
            fills[f"hole{number}"] = part
        elif part:
            source += f"$text{number}"
            fills[f"text{number}"] = template_text(part)
    return Replace(node, Code(expression(f"`{source}`"), fills))


def _is_plain(program: Program, node: Node) -> bool:
    return not kinds(program, node) & ~(PRIMITIVE | BIGINT)


def _is_string(program: Program, part: str | Node) -> bool:
    return isinstance(part, str) or kinds(program, part) == STRING


@convert_template_literals.canonical
def canonical(program: Program) -> Iterator[Rewrite]:
    """Write `` `a${b}` `` as `"a" + b`."""
    for node in program.nodes("template_string"):
        edit = _concatenation(program, node) if is_value(node) and not in_directive(node) else None
        if edit is not None:
            yield Rewrite((edit,))
