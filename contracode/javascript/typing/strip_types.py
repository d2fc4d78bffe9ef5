"""Conversion of TypeScript to JavaScript by edits, so that every span can be mapped exactly.

Removed: annotations, type parameters and arguments, optional and definite marks, `as T`,
`satisfies T`, `<T>x`, `x!`, modifiers (`private`, `readonly`, `abstract`, `declare`, `override`),
`implements`, interfaces, type aliases, signatures, ambient declarations, `this` parameters,
type-only imports and exports, decorators of parameters.

Rewritten: `enum E { A }` to `const E = { A: 0 }`, `namespace N { export let a }` to
`const N = (() => { let a })();`, `import a = b` to `const a = b`, and `export = a` to
`module.exports = a`.

The result is for training, not for running: parameter properties assign nothing, namespaces are
empty, and an enum has no reverse mapping.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

import augment
from augment import Language, Node, Program
from contracode.javascript.typing.targets import find_targets

# Removed everywhere.
_TYPES = frozenset(
    {
        "accessibility_modifier",
        "ambient_declaration",
        "abstract_method_signature",
        "asserts_annotation",
        "function_signature",
        "implements_clause",
        "index_signature",
        "interface_declaration",
        "method_signature",
        "override_modifier",
        "type_alias_declaration",
        "type_annotation",
        "type_arguments",
        "type_parameters",
        "type_predicate_annotation",
    }
)

ANNOTATIONS = ("type_annotation", "type_predicate_annotation", "asserts_annotation")

# Members of `_TYPES` that end with a `;` and may have a comment.
_MEMBERS = frozenset({"abstract_method_signature", "index_signature", "method_signature"})
_STATEMENTS = frozenset(
    {"ambient_declaration", "function_signature", "interface_declaration", "type_alias_declaration"}
)

_MODIFIERS = frozenset({"accessibility_modifier", "override_modifier"})

# Tokens that are removed, by the type of their parent.
_MARKS: dict[str, frozenset[str]] = {
    "abstract_class_declaration": frozenset({"abstract"}),
    "enum_declaration": frozenset({"const"}),
    "method_definition": frozenset({"?", "readonly"}),
    "non_null_expression": frozenset({"!"}),
    "optional_parameter": frozenset({"?", "readonly", "decorator"}),
    "public_field_definition": frozenset({"?", "!", "readonly"}),
    "required_parameter": frozenset({"readonly", "decorator"}),
    "variable_declarator": frozenset({"!"}),
}


Edit = tuple[int, int, bytes]
"""Replace the bytes from the first offset up to the second by a text."""


@dataclass(frozen=True, slots=True)
class Stripped:
    """JavaScript made from TypeScript, with a map of positions.

    Attributes:
        program: the JavaScript.
        edits: the edits, in bytes of the TypeScript, ordered and disjoint.
        starts: byte of the JavaScript where the text of each edit begins.
    """

    program: Program
    edits: tuple[Edit, ...]
    starts: tuple[int, ...]

    def to_javascript(self, offset: int) -> int:
        """Map a byte offset of the TypeScript to the JavaScript.

        A removed byte maps to the position of its edit.
        """
        number = bisect_right(self.edits, offset, key=lambda edit: edit[0]) - 1
        if number < 0:
            return offset
        _, end, text = self.edits[number]
        return self.starts[number] + (len(text) + offset - end if offset >= end else 0)

    def to_typescript(self, offset: int) -> int:
        """Map a byte offset of the JavaScript to the TypeScript.

        An inserted byte maps to the end of the text that it replaces.
        """
        number = bisect_right(self.starts, offset) - 1
        if number < 0:
            return offset
        _, end, text = self.edits[number]
        return end + max(0, offset - self.starts[number] - len(text))


def strip_types(program: Program) -> Stripped:
    """Remove the types of a TypeScript program.

    Raises:
        augment.ParseError: the result is not valid JavaScript.
    """
    return _edited(
        program,
        [edit for node in program.tree.nodes for edit in _edits(program, node)],
        "javascript",
    )


def remove_annotations(program: Program) -> Stripped:
    """Remove the annotations of all targets (see `contracode.javascript.typing.targets`).

    The result is TypeScript that can be annotated again: imports, interfaces, signatures, casts,
    type arguments and annotations of destructured parameters are kept. Attributes of the result
    that are named after JavaScript refer to this TypeScript.

    Raises:
        augment.ParseError: the result does not parse.
    """
    annotated = {
        target.annotation for target in find_targets(program) if target.annotation is not None
    }
    edits: list[Edit] = []
    for node in program.nodes(*ANNOTATIONS):
        if node.span in annotated:
            edits.append((_blank_before(program, node.start), node.end, b""))
            assert node.parent is not None
            mark = next((child for child in node.parent.children if child.type == "!"), None)
            if mark is not None and node.parent.type in _MARKS and "!" in _MARKS[node.parent.type]:
                edits.append(
                    (*mark.span, b"")
                )  # the `!` of `let x!: T` is an error without the type
    return _edited(program, edits, program.language)


def _edited(program: Program, found: list[Edit], language: Language) -> Stripped:
    edits = _apart(found)
    parts: list[bytes] = []
    starts: list[int] = []
    at = size = 0
    for start, end, text in edits:
        parts += [program.source[at:start], text]
        size += start - at
        starts.append(size)
        size += len(text)
        at = end
    parts.append(program.source[at:])
    stripped = augment.parse(b"".join(parts), language=language, source_type=program.source_type)
    return Stripped(stripped, tuple(edits), tuple(starts))


def _apart(edits: list[Edit]) -> list[Edit]:
    """Sort edits and drop those inside another; insertions come before removals at the same place.

    White space that two removals share belongs to the first.
    """
    kept: list[Edit] = []
    last = 0
    for start, end, text in sorted(edits, key=lambda edit: (edit[0], edit[1] > edit[0], -edit[1])):
        if start >= last:
            kept.append((start, end, text))
            last = end
        elif end > last:
            assert not text, f"edits overlap at {start}:{end}"
            kept.append((last, end, text))
            last = end
    return kept


def _edits(program: Program, node: Node) -> Iterator[Edit]:
    kind = node.type
    if kind in _TYPES:
        if kind in _MEMBERS:
            yield _statement(program, node, _through_semicolon(node))
        elif kind in _STATEMENTS:
            around = node.parent
            exported = around is not None and around.type == "export_statement"
            yield _statement(program, around if exported and around else node)
        elif (
            kind == "type_arguments"
            and node.parent is not None
            and node.parent.type == "type_assertion"
        ):
            yield from _assertion(program, node.parent, node)
        elif kind in ("type_arguments", "type_parameters"):
            yield *node.span, b""
        elif kind in _MODIFIERS:
            yield node.start, _blank_behind(program, node.end), b""
        else:
            yield _blank_before(program, node.start), node.end, b""
    elif kind in ("as_expression", "satisfies_expression"):
        yield node.children[0].end, node.end, b""
    elif kind in ("import_statement", "export_statement"):
        yield from _module_item(program, node)
    elif kind in ("import_specifier", "export_specifier"):
        if node.has("type"):
            yield node.start, _through_comma(program, node), b""
    elif kind == "import_alias":
        yield *node.children[0].span, b"const"
    elif kind == "enum_declaration":
        yield from _enum(node)
    elif kind in ("internal_module", "module") and node.is_named and not _declares_types_only(node):
        yield from _namespace(program, node)
    elif kind in ("internal_module", "module") and node.is_named:
        assert node.parent is not None
        yield _statement(program, node.parent if node.parent.type != "program" else node)
    elif kind == "public_field_definition" and (node.has("declare") or node.has("abstract")):
        yield _statement(program, node, _through_semicolon(node))
    elif kind in ("required_parameter", "optional_parameter") and any(
        c.type == "this" for c in node.children
    ):
        yield node.start, _through_comma(program, node), b""
    if kind in _MARKS:
        for child in node.children:
            if child.type in _MARKS[kind]:
                yield (
                    child.start,
                    _blank_behind(program, child.end) if child.type not in "?!" else child.end,
                    b"",
                )


def _module_item(program: Program, node: Node) -> Iterator[Edit]:
    if node.has("type") or (node.has("as") and node.has("namespace")):
        yield _statement(program, node)
    elif node.type == "import_statement" and any(
        child.type == "import_require_clause" for child in node.children
    ):
        yield *node.children[0].span, b"const"
    elif node.type == "export_statement" and node.children[1].type == "=":
        yield node.start, node.children[1].end, b"module.exports ="


def _assertion(program: Program, node: Node, arguments: Node) -> Iterator[Edit]:
    """`<T>x` to `x`, in parentheses if `x` would parse as a block or a declaration."""
    around = node.parent
    begins = program.text_of[arguments.last]
    if (
        around is not None
        and around.type in ("arrow_function", "expression_statement")
        and begins in ("{", "function", "class")
    ):
        yield *arguments.span, b"("
        yield node.end, node.end, b")"
    else:
        yield *arguments.span, b""


def _enum(node: Node) -> Iterator[Edit]:
    name, body = node.field("name"), node.field("body")
    assert name is not None
    assert body is not None
    keyword = next(child for child in node.children if child.type == "enum")
    yield *keyword.span, b"const"
    yield name.end, name.end, b" ="
    for value, member in enumerate(body.named):
        if member.type == "enum_assignment":
            sign = next(child for child in member.children if child.type == "=")
            yield *sign.span, b":"
        else:
            yield member.end, member.end, b": %d" % value


def _namespace(program: Program, node: Node) -> Iterator[Edit]:
    """`namespace N { export let a }` to `const N = (() => { let a })();`."""
    name, body = node.field("name"), node.field("body")
    assert name is not None
    assert body is not None
    while name.type == "nested_identifier":
        name = name.children[-1]
    yield node.start, body.start, b"const %s = (() => " % program.text(name).encode()
    yield body.end, body.end, b")();"
    for statement in body.named:
        if statement.type == "export_statement":
            yield statement.start, _blank_behind(program, statement.children[0].end), b""


def _declares_types_only(node: Node) -> bool:
    """Whether a statement consists of types only."""
    if node.type == "export_statement":
        declared = node.field("declaration")
        return declared is not None and _declares_types_only(declared)
    if node.type == "expression_statement":
        return node.children[0].type == "internal_module" and _declares_types_only(node.children[0])
    if node.type in ("internal_module", "module"):
        body = node.field("body")
        return body is None or all(_declares_types_only(statement) for statement in body.named)
    return node.type in _STATEMENTS


def _statement(program: Program, node: Node, end: int | None = None) -> Edit:
    """Remove `node` (up to `end`) with the comments before it, and with its line if nothing else
    is on it.
    """
    source = program.source
    start, end = node.start, end or node.end
    number = bisect_right(program.comments, node.first, key=lambda comment: comment.first) - 1
    while number >= 0 and program.comments[number].first == node.first:
        comment = program.comments[number]
        line = source[source.rfind(b"\n", 0, comment.start) + 1 : comment.start]
        if source.count(b"\n", comment.end, start) > 1 or line.strip():
            break
        start = comment.start
        number -= 1
    start, behind = _blank_before(program, start), _blank_behind(program, end)
    if start == 0 or source[start - 1 : start] == b"\n":
        behind += source[behind : behind + 2] == b"\r\n" or source[behind : behind + 1] == b"\n"
        behind += source[behind - 1 : behind + 1] == b"\r\n"
        return start, behind, b""
    return start, end, b""


def _through_semicolon(node: Node) -> int:
    assert node.parent is not None
    siblings = node.parent.children
    at = siblings.index(node) + 1
    return siblings[at].end if at < len(siblings) and siblings[at].type in (";", ",") else node.end


def _through_comma(program: Program, node: Node) -> int:
    assert node.parent is not None
    siblings = node.parent.children
    at = siblings.index(node) + 1
    return _blank_behind(program, siblings[at].end) if siblings[at].type == "," else node.end


def _blank_before(program: Program, at: int) -> int:
    while at > 0 and program.source[at - 1] in b" \t":
        at -= 1
    return at


def _blank_behind(program: Program, at: int) -> int:
    while at < len(program.source) and program.source[at] in b" \t":
        at += 1
    return at
