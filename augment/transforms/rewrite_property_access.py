"""Write property accesses with a dot or with brackets."""

import re
from collections.abc import Iterator
from typing import Final

from augment.analysis.contexts import is_member_place
from augment.program.program import Program
from augment.rewriting.edits import Rewrite, replace
from augment.rewriting.registry import Site, transform
from augment.rewriting.semantics import Semantics
from augment.rewriting.templates import expression
from augment.syntax.literals import string_value
from augment.syntax.precedence import is_chain
from augment.syntax.tree import Node

_DOT: Final = expression("$object.$key")
_BRACKETS: Final = expression("$object[$key]")
_OPTIONAL_DOT: Final = expression("$object?.$key")
_OPTIONAL_BRACKETS: Final = expression("$object?.[$key]")
_NAME: Final = re.compile(r"[A-Za-z_$][\w$]*\Z", re.ASCII)
# Words of the language would not do as properties in the oldest engines.
_WORDS: Final = frozenset(
    "break case catch class const continue debugger default delete do else enum export extends "
    "false finally for function if import in instanceof new null return super switch this throw "
    "true try typeof var void while with".split()
)

# Tools look for these by how they are written.
_KNOWN: Final = frozenset({"module", "exports", "process", "require", "define"})
_LINKS: Final = frozenset({"member_expression", "subscript_expression", "call_expression"})


@transform(
    "rewrite-property-access",
    family="properties",
    phase="structure",
    level=Semantics.PRESERVED,
    probability=0.12,
    strength=0.3,
)
def rewrite_property_access(program: Program) -> Iterator[Site]:
    """Write `a.b` as `a["b"]`, and back.

    Inside an optional chain only its last link may change: a chain must not be cut by parentheses.

    Source: ECMA-262 §13.3.2.
    """
    for node in program.nodes("member_expression", "subscript_expression"):
        key = node.children[-1] if node.type == "member_expression" else node.field("index")
        assert key is not None
        target = node.children[0]
        optional = node.has("optional_chain")
        if node.type == "member_expression":
            if key.type != "property_identifier" or program.text_of[target.first] == "let":
                continue
            fill = f'"{program.scopes.name_of(key)}"'
            template = _OPTIONAL_BRACKETS if optional else _BRACKETS
        else:
            if key.type != "string" or target.type == "number":
                continue
            name = string_value(program.text_of[key.first])
            if name is None or name in _WORDS or not _NAME.match(name):
                continue
            fill = name
            template = _OPTIONAL_DOT if optional else _DOT
        if _may_change(program, node, target):
            yield Rewrite((replace(node, template, object=target, key=fill),))


def _may_change(program: Program, node: Node, target: Node) -> bool:
    if target.type == "super" or not is_member_place(node):
        return False
    if target.type == "identifier" and program.text_of[target.first] in _KNOWN:
        return False
    parent = node.parent
    continued = parent is not None and parent.type in _LINKS and parent.children[0] is node
    return not is_chain(target) and not (continued and node.has("optional_chain"))


@rewrite_property_access.canonical
def canonical(program: Program) -> Iterator[Rewrite]:
    """Write `a["b"]` as `a.b`."""
    for node in program.nodes("subscript_expression"):
        key, target = node.field("index"), node.children[0]
        if key is None or key.type != "string" or target.type == "number":
            continue
        name = string_value(program.text_of[key.first])
        if (
            name is not None
            and name not in _WORDS
            and _NAME.match(name)
            and _may_change(program, node, target)
        ):
            template = _OPTIONAL_DOT if node.has("optional_chain") else _DOT
            yield Rewrite((replace(node, template, object=target, key=name),))
