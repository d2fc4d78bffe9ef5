"""Convert between statements and comma expressions."""

from collections.abc import Iterator

from augment.edits import Replace, Rewrite, Semantics, replace, replace_run
from augment.effects import unwrap
from augment.flow import lists
from augment.program import Program
from augment.registry import Draw, transform
from augment.syntax import Node
from augment.templates import Fill, statements


@transform("convert-sequences", phase="structure", level=Semantics.PRESERVED, probability=0.25, strength=0.4)
def convert_sequences(program: Program, draw: Draw) -> Iterator[Rewrite]:
    """Write `a(); b();` as `a(), b();`, `return a(), b;` as `a(); return b;`, and back.

    Source: ECMA-262 §13.16.
    """
    for node in program.nodes("expression_statement", "return_statement", "throw_statement"):
        value = unwrap(node.named[0]) if node.named else None
        if value is not None and value.type == "sequence_expression" and draw.site():
            parts = [unwrap(part) for part in value.named]
            if not any(part.type == "string" for part in parts):
                yield Rewrite((_separate(node, parts),))
    for _, statements_of_list in lists(program):
        run: list[Node] = []
        size = draw.randrange(2, 4)
        for statement in statements_of_list:
            if _is_plain(statement):
                run.append(statement)
                if len(run) < size:
                    continue
            elif run and statement.type in ("return_statement", "throw_statement") and statement.named:
                run.append(statement)
            if len(run) > 1 and draw.site():
                yield Rewrite((_joined(run),))
            run = []
            size = draw.randrange(2, 4)
        if len(run) > 1 and draw.site():
            yield Rewrite((_joined(run),))


def _is_plain(statement: Node) -> bool:
    return statement.type == "expression_statement" and unwrap(statement.named[0]).type not in (
        "string",
        "sequence_expression",
    )


def _keyword(statement: Node) -> str:
    return {"return_statement": "return ", "throw_statement": "throw "}.get(statement.type, "")


def _separate(node: Node, parts: list[Node]) -> Replace:
    fills: dict[str, Fill] = {f"x{number}": part for number, part in enumerate(parts)}
    lines = [f"$x{number};" for number in range(len(parts))]
    lines[-1] = _keyword(node) + lines[-1]
    return replace(node, statements("\n".join(lines)), **fills)


def _joined(run: list[Node]) -> Replace:
    fills: dict[str, Fill] = {f"x{number}": statement.named[0] for number, statement in enumerate(run)}
    source = _keyword(run[-1]) + ", ".join(f"$x{number}" for number in range(len(run))) + ";"
    return replace_run(run[0], run[-1], statements(source), **fills)
