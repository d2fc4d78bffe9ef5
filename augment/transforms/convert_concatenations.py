"""Convert between templates and concatenations of any values."""

from collections.abc import Iterator

from augment.analysis.contexts import is_value
from augment.analysis.effects import in_directive
from augment.program.program import Program
from augment.rewriting.edits import Rewrite
from augment.rewriting.registry import Site, transform
from augment.rewriting.semantics import Semantics
from augment.transforms.convert_template_literals import converted


@transform(
    "convert-concatenations",
    family="strings",
    phase="structure",
    level=Semantics.PLAIN_DATA,
    probability=0.2,
    strength=0.6,
)
def convert_concatenations(program: Program) -> Iterator[Site]:
    """Write `"a" + b` as `` `a${b}` ``, and back, where `b` may be any value.

    The two convert objects in different ways, which plain data does not show, and templates refuse
    symbols. What is known to be primitive belongs to `convert-template-literals`.

    Source: ECMA-262 §13.2.8.6, §13.15.3.
    """
    for node in program.nodes("template_string", "binary_expression"):
        if not is_value(node) or in_directive(node) or converted(program, node) is not None:
            continue
        edit = converted(program, node, any_value=True)
        if edit is not None:
            yield Rewrite((edit,), level=Semantics.PLAIN_DATA)
