"""The parameters, returns, variables and fields of a source whose types can be predicted.

Training, inference and the language server share this list. It leaves out the returns of setters
and constructors; variables and fields whose value is a function, since its return is listed; catch
parameters; imports; and declarations that contain types only (signatures, ambient declarations).
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from augment import Binding, Function, Node, Program
from contracode.javascript.definitions import returned
from contracode.javascript.records import KINDS, Kind, Span
from contracode.javascript.return_evidence import ReturnEvidence, return_evidence
from contracode.javascript.typing.declarations import (
    Declaration,
    ParameterForm,
    declaration_of,
    is_ambient,
)
from contracode.javascript.typing.initial_values import (
    constructor_names,
    is_called,
    is_function_or_class,
    is_obvious,
    visited_kind,
)
from contracode.javascript.typing.jsdoc import JSDoc, JSDocs, documents_parameter
from contracode.javascript.value_kinds import ValueKind, common_kind, value_kind_of


@dataclass(frozen=True, slots=True)
class TypeTarget:
    """A name or return that can carry a type. All spans are in bytes of the source.

    Attributes:
        kind: what carries the type.
        name: the declared name; for a return the function's name, "" if it has none.
        span: the declaring identifier; for a return the function's name, or its parameter list if
            it has none.
        occurrences: the declaration and all uses in the file; for a return the uses of the
            function's name, and the returned expressions. In source order, never empty.
        hint_offset: where an editor shows `: type`: after the identifier and its `?`, for a return
            after the parameters.
        function: for a parameter or return its function, else the innermost enclosing function.
        written: the source states its type: a TypeScript annotation, or JSDoc in JavaScript.
        obvious: its initial value shows its type: a literal, `new X`, a template, a regular
            expression, a function, a class.
        form: how it is declared.
        annotation: the TypeScript annotation, colon included, of a name that is not destructured.
        is_async: it is the return of an async function.
        is_generator: it is the return of a generator.
        return_evidence: for a return, the evidence of the function's `return` statements.
        value_kind: kind of the initial value or of the returned values; None if unknown.
        called: it is called somewhere.
    """

    kind: Kind
    name: str
    span: Span
    occurrences: tuple[Span, ...]
    hint_offset: int
    function: Span | None
    written: bool
    obvious: bool
    form: ParameterForm = "simple"
    annotation: Span | None = None
    is_async: bool = False
    is_generator: bool = False
    return_evidence: ReturnEvidence = "unknown"
    value_kind: ValueKind | None = None
    called: bool = False

    @property
    def kind_index(self) -> int:
        """The position of its kind in `records.KINDS`."""
        return KINDS.index(self.kind)


def find_targets(program: Program) -> list[TypeTarget]:
    """Return everything in a program that can carry a type, in the order of the spans."""
    return _Finder(program).find()


_FIELDS = ("field_definition", "public_field_definition")


class _Finder:
    def __init__(self, program: Program) -> None:
        self._program = program
        self._size = len(program.source)
        self._docs = JSDocs(program) if program.language == "javascript" else None
        self._functions = [f for f in program.functions if self._inside(f.node)]
        self._function_of = {f.node.index: f for f in self._functions}
        self._binding_at = {
            node.start: b for b in program.scopes.bindings for node in b.occurrences
        }
        self._this = self._this_members()
        self._returned = program.analysis(returned)
        self._constructed = constructor_names(self._program)
        around = (self._function_around(node) for node in program.nodes("throw_statement"))
        self._throwing = {function.node.index for function in around if function is not None}

    def find(self) -> list[TypeTarget]:
        found = [
            self._return(f) for f in self._functions if f.kind not in ("setter", "constructor")
        ]
        for binding in self._program.scopes.bindings:
            if binding.scope.kind == "type" or not self._inside(binding.declaring[0]):
                continue
            if binding.kind == "parameter":
                target = self._parameter(binding)
            elif binding.kind in ("var", "let", "const"):
                target = self._variable(binding)
            else:
                continue
            if target is not None:
                found.append(target)
        found.extend(self._fields())
        found.sort(key=lambda target: (target.span, target.kind))
        return found

    def _return(self, function: Function) -> TypeTarget:
        node = function.node
        header = self._header(function)
        spans = {value.span for value in self._returned.get(node.index, ())}
        if function.name_span is not None:
            spans.add(function.name_span)
            binding = self._binding_at.get(function.name_span[0])
            if binding is not None:
                spans.update(n.span for n in binding.occurrences)
            elif node.type == "method_definition" and function.name is not None:
                spans.update(n.span for n in self._this.get(self._member(node, function.name), ()))
        else:
            spans.add(header)
        annotation = node.field("return_type")
        doc = self._doc(node)
        given = return_evidence(
            function,
            self._returned.get(node.index, ()),
            throws=node.index in self._throwing,
            program=self._program,
        )
        constructs = (
            given == "nothing"
            and function.kind == "function"
            and function.name in self._constructed
        )
        return TypeTarget(
            kind="return",
            name=function.name or "",
            span=function.name_span or header,
            occurrences=tuple(sorted(spans)),
            hint_offset=function.parameters_end,
            function=node.span,
            written=annotation is not None or (doc is not None and bool(doc.returns or doc.type)),
            obvious=constructs
            or (function.expression_body and is_obvious(self._program, function.body)),
            annotation=annotation.span if annotation is not None else None,
            is_async=function.is_async,
            is_generator=function.is_generator,
            return_evidence=given,
            value_kind=common_kind(
                [
                    value_kind_of(value, self._program)
                    for value in self._returned.get(node.index, ())
                ]
            ),
        )

    def _parameter(self, binding: Binding) -> TypeTarget | None:
        name = binding.declaring[0]
        declaration = declaration_of(name)
        function = self._function_around(name)
        if declaration is None or function is None:
            return None
        written = documents_parameter(
            self._program, self._doc(function.node), function, declaration, name
        )
        value_kind = self._value_kind(declaration.value) or visited_kind(
            self._program, function, declaration
        )
        return self._named("parameter", binding, name, declaration, written, value_kind)

    def _variable(self, binding: Binding) -> TypeTarget | None:
        for name in binding.declaring:
            declaration = declaration_of(name)
            if declaration is None:
                return None
            if declaration.form == "simple" and is_function_or_class(declaration.value):
                return None
        name = binding.declaring[0]
        declaration = declaration_of(name)
        assert declaration is not None
        if declaration.holder.parent is not None and is_ambient(declaration.holder.parent):
            return None
        return self._named(
            "variable", binding, name, declaration, False, self._value_kind(declaration.value)
        )

    def _named(
        self,
        kind: Kind,
        binding: Binding,
        name: Node,
        declaration: Declaration,
        written: bool,
        value_kind: ValueKind | None,
    ) -> TypeTarget:
        holder = declaration.holder
        annotation = (
            None if holder.type in ("identifier", "for_in_statement") else holder.field("type")
        )
        doc = self._doc(holder)
        mark = holder.type == "optional_parameter" and next(
            (c for c in holder.children if c.type == "?"), None
        )
        obvious = is_obvious(self._program, declaration.value)
        if holder.type == "for_in_statement" and holder.has("in"):
            obvious = True  # the keys that `for (k in o)` visits are strings
        function = self._function_around(name)
        return TypeTarget(
            kind=kind,
            name=binding.name,
            span=name.span,
            occurrences=tuple(n.span for n in binding.occurrences if self._inside(n)),
            hint_offset=mark.end if mark and declaration.form != "destructured" else name.end,
            function=function.node.span if function is not None else None,
            written=written or annotation is not None or (doc is not None and doc.type is not None),
            obvious=obvious,
            form=declaration.form,
            annotation=annotation.span
            if annotation is not None and declaration.form != "destructured"
            else None,
            value_kind=value_kind,
            called=any(
                is_called(reference.node, self._program) for reference in binding.references
            ),
        )

    def _fields(self) -> list[TypeTarget]:
        """Return class fields and properties that constructors assign to `this`, once per class."""
        found: dict[tuple[int, bool, str], TypeTarget | None] = {}
        for node in self._program.nodes(*_FIELDS):
            name = node.field("property") or node.field("name")
            if (
                name is None
                or not self._inside(node)
                or not _is_plain_name(name)
                or is_ambient(node)
            ):
                continue
            key = self._member(node, self._program.name_of(name))
            if key not in found:
                found[key] = self._field(key, name, node, node.field("value"))
        for node in self._program.nodes("assignment_expression"):
            left = node.field("left")
            if left is None or left.type != "member_expression" or not self._inside(node):
                continue
            name = left.field("property")
            function = self._function_around(node)
            if (
                name is None
                or left.children[0].type != "this"
                or function is None
                or function.kind != "constructor"
            ):
                continue
            key = self._member(function.node, self._program.name_of(name))
            if key not in found:
                found[key] = self._field(key, name, node, node.field("right"))
        return [target for target in found.values() if target is not None]

    def _field(
        self, key: tuple[int, bool, str], name: Node, holder: Node, value: Node | None
    ) -> TypeTarget | None:
        if is_function_or_class(value):
            return None
        annotation = holder.field("type") if holder.type in _FIELDS else None
        mark = (
            next((c for c in holder.children if c.type == "?"), None)
            if holder.type in _FIELDS
            else None
        )
        doc = self._doc(holder)
        function = self._function_around(holder)
        spans = {name.span, *(node.span for node in self._this.get(key, ()))}
        return TypeTarget(
            kind="field",
            name=key[2],
            span=name.span,
            occurrences=tuple(sorted(spans)),
            hint_offset=mark.end if mark is not None else name.end,
            function=function.node.span if function is not None else None,
            written=annotation is not None or (doc is not None and doc.type is not None),
            obvious=is_obvious(self._program, value),
            annotation=annotation.span if annotation is not None else None,
            value_kind=self._value_kind(value),
            called=any(
                is_called(node.parent, self._program)
                for node in self._this.get(key, ())
                if node.parent
            ),
        )

    def _inside(self, node: Node) -> bool:
        """Return whether a node is part of the source, not of the wrapper of a snippet."""
        return node.start >= 0 and node.end <= self._size

    def _value_kind(self, value: Node | None) -> ValueKind | None:
        return None if value is None else value_kind_of(value, self._program)

    def _doc(self, node: Node) -> JSDoc | None:
        return self._docs.of(node) if self._docs is not None else None

    def _header(self, function: Function) -> Span:
        listed = function.node.field("parameters")
        return listed.span if listed is not None else function.parameters[0].span

    def _function_around(self, node: Node) -> Function | None:
        around: Node | None = node
        while around is not None:
            if around.index in self._function_of:
                return self._function_of[around.index]
            around = around.parent
        return None

    def _member(self, node: Node, name: str) -> tuple[int, bool, str]:
        """Return the key of a class member: class or object, whether it is static, name."""
        assert node.parent is not None
        return (node.parent.index, node.has("static"), name)

    def _this_members(self) -> dict[tuple[int, bool, str], list[Node]]:
        """Map class bodies to the property names of `this.x` in them, where `this` is an instance
        or the constructor.
        """
        found: dict[tuple[int, bool, str], list[Node]] = defaultdict(list)
        for node in self._program.nodes("member_expression"):
            name = node.field("property")
            if node.children[0].type != "this" or name is None or not self._inside(node):
                continue
            owner = node.parent
            while owner is not None and owner.type not in _THIS_OWNERS:
                owner = owner.parent
            if owner is not None and owner.type in ("method_definition", *_FIELDS):
                found[self._member(owner, self._program.name_of(name))].append(name)
        return found


# Nodes that bind `this` (ECMA-262 §9.4.4); arrows do not.
_THIS_OWNERS = frozenset(
    {
        "class_static_block",
        "field_definition",
        "function_declaration",
        "function_expression",
        "generator_function",
        "generator_function_declaration",
        "method_definition",
        "public_field_definition",
    }
)


def _is_plain_name(name: Node) -> bool:
    return name.type in ("property_identifier", "private_property_identifier")
