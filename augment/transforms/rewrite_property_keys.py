"""Write the keys of objects plainly, quoted or computed."""

import re
from collections.abc import Iterator
from typing import Final

from augment.program.program import Program
from augment.rewriting.edits import Replace, Rewrite
from augment.rewriting.registry import Site, transform
from augment.rewriting.semantics import Semantics
from augment.rewriting.templates import Code, expression
from augment.syntax.literals import string_text, string_value
from augment.syntax.tree import Node

_COMPUTED: Final = expression("[$key]")
_NAME: Final = re.compile(r"[A-Za-z_$][\w$]*\Z", re.ASCII)
_MEMBERS: Final = frozenset({"pair", "pair_pattern", "method_definition"})
_COMPUTED_SHARE: Final = 0.25


@transform(
    "rewrite-property-keys",
    family="properties",
    phase="structure",
    level=Semantics.PRESERVED,
    probability=0.12,
    strength=0.4,
)
def rewrite_property_keys(program: Program) -> Iterator[Site]:
    """Write the key `a` of an object or pattern as `"a"` or `["a"]`, and back.

    Not `__proto__`, which sets the prototype only if it is not computed, and not the members of
    classes.

    Source: ECMA-262 §13.2.5, §B.3.1.
    """
    for key in program.nodes("property_identifier", "string", "computed_property_name"):
        parent = key.parent
        if (
            parent is None
            or parent.type not in _MEMBERS
            or parent.parent is None
            or key.field_name not in ("key", "name")
        ):
            continue
        if not _is_literal(parent.parent):
            continue
        value = _key(program, key)
        if value is None or value == "__proto__":
            continue
        if key.type == "property_identifier":
            forms = ["quoted", "quoted", "computed"]
        elif parent.type != "method_definition" and _NAME.match(value):
            forms = ["plain"]
        else:
            forms = ["computed" if key.type == "string" else "quoted"]
        yield tuple(Rewrite((Replace(key, _write(value, form)),)) for form in forms)


def _is_literal(node: Node) -> bool:
    """Whether `node` is an object or pattern of the source: not the attributes of an import, not
    what a snippet is wrapped in.
    """
    if node.type not in ("object", "object_pattern") or node.start < 0:
        return False
    return node.parent is None or node.parent.type != "import_attribute"


def _key(program: Program, key: Node) -> str | None:
    """Return the name that the key spells for certain, or None."""
    if key.type == "property_identifier":
        return program.scopes.name_of(key)
    if key.type == "computed_property_name":
        if len(key.children) != 3 or key.children[1].type != "string":
            return None
        key = key.children[1]
    return string_value(program.text_of[key.first])


def _write(value: str, form: str) -> Code | str:
    if form == "plain":
        return value
    return string_text(value) if form == "quoted" else Code(_COMPUTED, {"key": string_text(value)})


@rewrite_property_keys.canonical
def canonical(program: Program) -> Iterator[Rewrite]:
    """Write the key `"a"` or `["a"]` of an object or pattern as `a`, or as a string where it is no
    name.
    """
    for key in program.nodes("string", "computed_property_name"):
        parent = key.parent
        if parent is None or parent.type not in ("pair", "pair_pattern") or key.field_name != "key":
            continue
        value = _key(program, key)
        if (
            parent.parent is None
            or not _is_literal(parent.parent)
            or value is None
            or value == "__proto__"
        ):
            continue
        text = value if _NAME.match(value) else string_text(value)
        if text != program.text(key):
            yield Rewrite((Replace(key, text),))
