"""Types as labels: one spelling for equivalent types, from a vocabulary small enough to learn.

The same rules spell annotations and types from the compiler, so that both give a name the same
label.

The rules are close to those of DeepTyper (Hellendoorn et al., "Deep Learning Type Inference",
ESEC/FSE 2018, §4.1): labels have no white space, literals have the label of their base type, and
unions lose `null` and `undefined`, as in a compiler without `strictNullChecks`. The differences:
function types are `Function` and object types `object` where DeepTyper has `$complex$`, and unions
keep their members.

| written | label |
|---|---|
| `Array<T>`, `ReadonlyArray<T>`, `readonly T[]`, `T[]` | `T[]` |
| `[A, A]`; `[A, B]` | `A[]`; `any[]` |
| `"a"`, a template type; `1`, `1n`; `true` | `string`; `number`, `bigint`; `boolean` |
| a union of B, A and null | A and B, ordered, with a bar between |
| `Promise<Map<string, number>>` | `Promise<Map>` (arguments to one level) |
| `vscode.Position` | `Position` |
| `(a: A) => B`, `new () => B` | `Function` |
| `{ a: A }`, a mapped type | `object` |
| `a is A`; `asserts a` | `boolean`; `void` |
| `keyof T` | `string` |
| `typeof x`, `T[K]`, conditional types, and all else | no label |
"""

from __future__ import annotations

from functools import lru_cache

import augment
from augment import Node, Program

_ARRAYS = frozenset({"Array", "ReadonlyArray"})

# Wrapper objects, written by mistake for primitives (Effective TypeScript, item 10).
_SPELLINGS = {
    "String": "string",
    "Number": "number",
    "Boolean": "boolean",
    "Object": "object",
    "Symbol": "symbol",
}

_FIXED = {
    "asserts": "void",
    "asserts_annotation": "void",
    "constructor_type": "Function",
    "function_type": "Function",
    "index_type_query": "string",
    "object_type": "object",
    "template_literal_type": "string",
    "this_type": "this",
    "type_predicate": "boolean",
    "type_predicate_annotation": "boolean",
}

_LITERALS = {
    "string": "string",
    "true": "boolean",
    "false": "boolean",
    "null": "null",
    "undefined": "undefined",
    "unary_expression": "number",
}

_INSIDE = frozenset({"parenthesized_type", "readonly_type", "optional_type", "type_annotation"})


def type_label(program: Program, node: Node, *, arguments: bool = True) -> str | None:
    """Return the label for a type.

    Args:
        program: the program that contains it.
        node: the type, or its annotation.
        arguments: keep the arguments of a generic type.

    Returns:
        None if the text of the type alone does not determine a label.
    """
    kind = node.type
    while kind in _INSIDE:
        node = node.named[0]
        kind = node.type
    if kind in _FIXED:
        return _FIXED[kind]
    if kind in ("type_identifier", "identifier", "predefined_type"):
        name = program.text(node)
        return "symbol" if name.startswith("unique") else _SPELLINGS.get(name, name)
    if kind in ("nested_type_identifier", "nested_identifier"):
        return program.text(node.named[-1])
    if kind == "literal_type":
        literal = node.children[0]
        if literal.type == "number":
            return "bigint" if program.text(literal).endswith("n") else "number"
        return _LITERALS.get(literal.type)
    if kind == "array_type":
        return _array(type_label(program, node.named[0], arguments=False))
    if kind == "tuple_type":
        members = {type_label(program, member, arguments=False) for member in node.named}
        return _array(members.pop() if len(members) == 1 else "any")
    if kind == "generic_type":
        return _generic(program, node, arguments)
    if kind in ("union_type", "intersection_type"):
        return _joined(program, node, arguments)
    return None


@lru_cache(maxsize=100_000)
def label_of_text(text: str) -> str | None:
    """Return the label for a type as the compiler spells it; None if that determines no label."""
    try:
        program = augment.parse(f"let _: {text};", language="typescript")
    except augment.ParseError:
        return None
    annotations = program.nodes("type_annotation")
    return type_label(program, annotations[0]) if annotations else None


def _array(element: str | None) -> str:
    if element is None:
        return "any[]"
    return f"({element})[]" if "|" in element or "&" in element else f"{element}[]"


def _generic(program: Program, node: Node, arguments: bool) -> str | None:
    name = type_label(program, node.named[0])
    given = node.named[1].named
    if name in _ARRAYS and given:
        return _array(type_label(program, given[0], arguments=False))
    if not arguments or name is None:
        return name
    labels = [type_label(program, argument, arguments=False) for argument in given]
    return f"{name}<{','.join(label or 'any' for label in labels)}>"


def _joined(program: Program, node: Node, arguments: bool) -> str | None:
    """Return the label of a union or intersection: its members sorted, each once.

    `null` and `undefined` are left out if there are other members.
    """
    members: set[str] = set()
    todo = [node]
    while todo:
        member = todo.pop()
        while member.type == "parenthesized_type":
            member = member.named[0]
        if member.type == node.type:
            todo.extend(member.named)
            continue
        label = type_label(program, member, arguments=arguments)
        if label is None:
            return None
        members.add(label)
    real = members - {"null", "undefined"} or members
    if "any" in real:
        return "any"
    return ("|" if node.type == "union_type" else "&").join(sorted(real))
