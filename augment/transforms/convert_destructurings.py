"""Convert between destructuring declarations and reads of members."""

from collections.abc import Iterator

from augment.analysis.effects import unwrap
from augment.analysis.reads import known_binding
from augment.program.program import Program
from augment.program.scope import Binding
from augment.rewriting.edits import Rewrite, replace
from augment.rewriting.registry import Site, transform
from augment.rewriting.semantics import Semantics
from augment.rewriting.templates import Fill, statements
from augment.syntax.tree import Node


@transform(
    "convert-destructurings",
    family="destructuring",
    phase="structure",
    level=Semantics.PLAIN_DATA,
    probability=0.2,
    strength=0.6,
)
def convert_destructurings(program: Program) -> Iterator[Site]:
    """Write `const { a, b: c } = o;` as `const a = o.a, c = o.b;`, and back.

    Source: ECMA-262 §14.3.3, §13.15.5.
    """
    for node in program.nodes("lexical_declaration", "variable_declaration"):
        parent = node.parent
        if parent is None or parent.type not in ("statement_block", "program"):
            continue
        declarators = [child for child in node.named if child.type == "variable_declarator"]
        if not declarators or any(one.field("type") is not None for one in declarators):
            continue
        name = declarators[0].field("name")
        if name is not None and name.type == "object_pattern" and len(declarators) == 1:
            rewrite = _reads(program, node, declarators[0], name)
        else:
            rewrite = _pattern(program, node, declarators)
        if rewrite is not None:
            yield rewrite


def _reads(program: Program, node: Node, declarator: Node, pattern: Node) -> Rewrite | None:
    value = declarator.field("value")
    source = _variable(program, value)
    if source is None or not pattern.named:
        return None
    fills: dict[str, Fill] = {}
    parts: list[str] = []
    for number, member in enumerate(pattern.named):
        if member.type == "shorthand_property_identifier_pattern":
            key, target = program.text_of[member.first], member
        elif member.type == "pair_pattern" and member.children[0].type == "property_identifier":
            key, target = program.text_of[member.children[0].first], member.children[-1]
        else:
            return None
        declared = _declared(program, target)
        if declared is None:
            return None
        parts.append(f"$n{number} = $o{number}.{key}")
        fills |= {f"n{number}": declared, f"o{number}": source}
    code = replace(node, statements(f"{node.children[0].type} {', '.join(parts)};"), **fills)
    return Rewrite((code,), level=Semantics.PLAIN_DATA)


def _pattern(program: Program, node: Node, declarators: list[Node]) -> Rewrite | None:
    fills: dict[str, Fill] = {}
    parts: list[str] = []
    sources: list[Binding] = []
    for number, declarator in enumerate(declarators):
        name, value = declarator.field("name"), declarator.field("value")
        if name is None or value is None or unwrap(value).type != "member_expression":
            return None
        member = unwrap(value)
        key = member.field("property")
        source = _variable(program, member.children[0])
        declared = _declared(program, name)
        if source is None or declared is None or key is None or member.has("optional_chain"):
            return None
        if key.type != "property_identifier":
            return None
        sources.append(source)
        parts.append(f"{program.text_of[key.first]}: $n{number}")
        fills[f"n{number}"] = declared
    if any(source is not sources[0] for source in sources):
        return None
    template = statements(f"{node.children[0].type} {{ {', '.join(parts)} }} = $source;")
    code = replace(node, template, source=sources[0], **fills)
    return Rewrite((code,), level=Semantics.PLAIN_DATA)


def _variable(program: Program, node: Node | None) -> Binding | None:
    node = None if node is None else unwrap(node)
    return known_binding(program, node) if node is not None and node.type == "identifier" else None


def _declared(program: Program, node: Node) -> Binding | None:
    """Return the variable that `node` declares, and nothing else does."""
    binding = program.scopes.of_node.get(node.index)
    if binding is None or node not in binding.declaring or len(binding.declaring) != 1:
        return None
    return None if binding.frozen or binding.exported else binding
