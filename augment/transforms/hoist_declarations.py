"""Move declarations of `var` and of functions to where they take effect anyway."""

from collections.abc import Iterator
from functools import partial
from typing import Final

from augment.analysis.effects import enclosing_function, prologue_end
from augment.analysis.flow import in_list, is_labeled, lists
from augment.program.program import Program
from augment.rewriting.edits import Insert, Rewrite, replace, replace_run
from augment.rewriting.registry import Draw, Site, transform
from augment.rewriting.semantics import Semantics
from augment.rewriting.templates import Code, Run, statements
from augment.syntax.tree import Node

_DECLARATION: Final = statements("var $name;")
_ASSIGNMENT: Final = statements("$name = $value;")
_NOTHING: Final = statements("")
_LOOPS: Final = {word: statements(f"for ($name {word} $of) $body;") for word in ("in", "of")}
_MOVED: Final = statements("$function;\n$run;")


@transform(
    "hoist-declarations",
    family="declarations",
    phase="structure",
    level=Semantics.PRESERVED,
    probability=0.15,
    strength=0.4,
)
def hoist_declarations(program: Program) -> Iterator[Site]:
    """Declare `var` variables at the top of their function, and functions before the statements
    that they follow.

    Source: ECMA-262 §10.2.11, FunctionDeclarationInstantiation.
    """
    for declarator in program.nodes("variable_declarator", "for_in_statement"):
        rewrite = _hoisted(program, declarator)
        if rewrite is not None:
            yield rewrite
    for owner, statements_of_list in lists(program):
        parent = owner.parent
        if (
            not statements_of_list
            or (owner.type == "program" and program.source_type == "script")
            or (
                owner.type != "program"
                and (parent is None or enclosing_function(statements_of_list[0]) is not parent)
            )
        ):
            # functions in blocks are bound when the block is entered, or again when they are
            # reached
            continue
        for number, statement in enumerate(statements_of_list):
            if number and _is_lone_function(program, statement):
                yield partial(_moved, statements_of_list, number)


def _moved(statements_of_list: list[Node], number: int, draw: Draw) -> Rewrite | None:
    """Return the rewrite that moves a function before some of the statements before it."""
    first, function = draw.randrange(0, number), statements_of_list[number]
    if any(_stays_first(other) for other in statements_of_list[first:number]):
        return None
    run = Run(statements_of_list[first], statements_of_list[number - 1])
    return Rewrite((replace_run(run.first, function, _MOVED, function=function, run=run),))


def _hoisted(program: Program, node: Node) -> Rewrite | None:
    declarator = node.type == "variable_declarator"
    name = node.field("name" if declarator else "left")
    function = enclosing_function(node)
    body = None if function is None else function.field("body")
    if (
        name is None
        or name.type != "identifier"
        or body is None
        or body.type != "statement_block"
        or body.start < 0
    ):
        return None
    binding = program.scopes.of_node.get(name.index)
    if binding is None or binding.kind != "var" or binding.frozen or len(binding.declaring) != 1:
        return None
    top = body.named[prologue_end(body)]
    declared = Insert(body, top, Code(_DECLARATION, {"name": binding}))
    if declarator:
        statement = node.parent
        assert statement is not None
        if len(statement.named) != 1 or not in_list(statement) or node.field("type") is not None:
            return None
        value = node.field("value")
        if value is None:
            return None if statement is top else Rewrite((replace(statement, _NOTHING), declared))
        return Rewrite((replace(statement, _ASSIGNMENT, name=name, value=value), declared))
    if (
        not node.has("var")
        or node.has("await")
        or node.field("value") is not None
        or is_labeled(node)
    ):
        return None
    over, inner = node.field("right"), node.field("body")
    assert over is not None
    assert inner is not None
    template = _LOOPS["of" if node.has("of") else "in"]
    return Rewrite((replace(node, template, name=name, of=over, body=inner), declared))


def _is_lone_function(program: Program, statement: Node) -> bool:
    """Whether `statement` declares a function whose name no other declares in its scope: of several
    the last would count.
    """
    if statement.type not in ("function_declaration", "generator_function_declaration"):
        return False
    name = statement.field("name")
    binding = None if name is None else program.scopes.of_node.get(name.index)
    return binding is not None and len(binding.declaring) == 1


def _stays_first(statement: Node) -> bool:
    return statement.type not in (
        "expression_statement",
        "lexical_declaration",
    ) and not statement.type.endswith(("_statement", "_declaration", "statement_block"))
