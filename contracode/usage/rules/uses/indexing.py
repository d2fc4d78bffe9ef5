"""`x[i]` by a number makes an array likely, by a string an object; `o[x]` makes x a key."""

from collections.abc import Iterator

from augment import Node
from contracode.usage.evidence import Fact, Finding, Limit
from contracode.usage.expression_types import ExpressionTypes
from contracode.usage.rules.registry import on_use
from contracode.usage.subjects import outermost
from contracode.usage.type_text import bare, kind, union

_INDEXABLE = frozenset({"array", "function", "object", "string"})

_STRING_MEMBERS_OF_ITEMS = frozenset({"toString", "valueOf"})


@on_use("subscript_expression")
def indexing(use: Node, parent: Node, types: ExpressionTypes) -> Iterator[Fact]:
    """Find an array, an object or a key where an expression is indexed."""
    owner, index = parent.field("object"), parent.field("index")
    if index is None or owner is None:
        return
    if owner is use:
        yield Limit(_INDEXABLE, "it is indexed")
        type = types.of(index)
        if type == "number":
            yield from _by_number(parent, types)
        elif type == "string":
            yield Limit(_INDEXABLE - {"string"}, "it is indexed by a string")
            yield Finding("object", "indexed-by-string", "indexed by a string")
        return
    type = types.of(owner)
    some = {kind(part) for part in union(bare(type))} if type is not None else set[str]()
    if some <= {"array", "string"} and some:
        yield Finding("number", "index", "an index of an array")
    elif some == {"object"}:
        yield Finding("string", "key", "a key of an object")


def _by_number(parent: Node, types: ExpressionTypes) -> Iterator[Fact]:
    whole = outermost(parent)
    around = whole.parent
    if around is None:
        return
    if around.type == "assignment_expression" and around.children[0] is whole:
        yield Finding("any[]", "indexed", "assigned to by index")
        yield Limit(frozenset({"array", "object"}), "it is assigned to by index")
        return
    is_used = around.type in ("member_expression", "subscript_expression", "call_expression")
    if is_used and around.children[0] is whole and not _is_of_character(around, types):
        yield Limit(_INDEXABLE - {"string"}, "its elements are no characters")
    yield Finding("any[]", "indexed", "indexed by a number")


def _is_of_character(around: Node, types: ExpressionTypes) -> bool:
    """Whether what is done with an element suits a character of a string."""
    if around.type != "member_expression":
        return False
    name = around.field("property")
    text = types.text(name) if name is not None else ""
    if text in _STRING_MEMBERS_OF_ITEMS:
        return False  # nobody asks a character for its string
    return types.declarations.has("string", text) is True
