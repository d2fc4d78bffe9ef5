"""What of a source can carry a type: parameters, returns, variables and fields, where each occurs,
and where an editor hints.

One list serves training, inference and the language server, so that all three mean the same by "the
type of `x`". Left out: what has no type of its own (setters and constructors return nothing, a
function-valued variable or field is the function, whose return is listed), catch parameters,
imports, and whatever only declares types (signatures, ambient declarations).
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Literal

from augment import Binding, Function, Node, Program
from contracode.javascript.definitions import returned
from contracode.javascript.records import KINDS, Kind, Span
from contracode.javascript.return_evidence import ReturnEvidence, return_evidence
from contracode.javascript.typing.jsdoc import JSDoc, JSDocs
from contracode.javascript.value_kinds import ValueKind, common_kind, value_kind_of

ParameterForm = Literal["simple", "default", "rest", "destructured"]
"""How a name is declared; an editor can annotate only what is not destructured."""


@dataclass(frozen=True, slots=True)
class TypeTarget:
    """One thing that has a type. All spans are byte spans of the source.

    Attributes:
        kind: what it is.
        name: as declared; of the function for a return, "" when that has none.
        span: the declaring identifier; for a return the function's name, or its parameter list when
            it has none.
        occurrences: the declaration and all uses in the file; for a return the uses of the
            function's name and what is returned. In source order, never empty.
        hint_offset: where an editor draws `: type`: behind the identifier (and its `?`), for a
            return behind the parameters.
        function: the function it belongs to: itself for a parameter or return, else the innermost
            one around.
        written: its type is written: a TypeScript annotation, or JSDoc in JavaScript.
        obvious: what it starts with shows its type: a literal, `new X`, a template, a regular
            expression, a function, a class.
        form: how it is declared.
        annotation: the TypeScript annotation, colon included, of a name that is not destructured.
        is_async: for a return, of an async function.
        is_generator: for a return, of a generator.
        gives: for a return, what the function's syntax shows of it.
        value_kind: of what the name starts with, or of what the function returns, where its text shows
            it.
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
        """The position of its kind in `predictions.KINDS`."""
        return KINDS.index(self.kind)


def find_targets(program: Program) -> list[TypeTarget]:
    """Return everything in `program` that can carry a type, in the order of the spans."""
    return _Finder(program).find()


# The types of expressions that show their own type.
_OBVIOUS = frozenset(
    {
        "arrow_function",
        "as_expression",
        "class",
        "false",
        "function_expression",
        "generator_function",
        "new_expression",
        "null",
        "number",
        "object",
        "regex",
        "string",
        "template_string",
        "this",
        "true",
        "type_assertion",
        "undefined",
    }
)

_FUNCTIONS_AND_CLASSES = frozenset(
    {"arrow_function", "function_expression", "generator_function", "class"}
)

_WRAPPERS = frozenset(
    {"parenthesized_expression", "as_expression", "satisfies_expression", "non_null_expression"}
)

_FIELDS = ("field_definition", "public_field_definition")

_PATTERN_PARTS = frozenset(
    {"pair_pattern", "object_pattern", "assignment_pattern", "object_assignment_pattern"}
)

_PATTERNS = frozenset({"pair_pattern", "object_pattern", "array_pattern"})

_VISITORS = frozenset(
    "every filter find findIndex findLast findLastIndex flatMap forEach map some".split()
)
"""Methods of arrays that call a function with each element and its number (ECMA-262 §23.1.3)."""


@dataclass(slots=True)
class _Declaration:
    """Where a name is declared: the parameter, declarator or loop around the patterns, and what the
    name starts with.
    """

    holder: Node
    form: ParameterForm
    value: Node | None


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
        self._constructed = self._constructor_names()
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

    # -- the four kinds
    # -------------------------------------------------------------------------------------------

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
            obvious=constructs or (function.expression_body and self._is_obvious(function.body)),
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
        declaration = _declaration_of(name)
        function = self._function_around(name)
        if declaration is None or function is None:
            return None
        written = self._documents(self._doc(function.node), function, declaration, name)
        value_kind = self._value_kind(declaration.value) or self._visited(function, declaration)
        return self._named("parameter", binding, name, declaration, written, value_kind)

    def _variable(self, binding: Binding) -> TypeTarget | None:
        for name in binding.declaring:
            declaration = _declaration_of(name)
            if declaration is None:
                return None
            if declaration.form == "simple" and _is_one_of(
                declaration.value, _FUNCTIONS_AND_CLASSES
            ):
                return None
        name = binding.declaring[0]
        declaration = _declaration_of(name)
        assert declaration is not None
        if declaration.holder.parent is not None and _is_ambient(declaration.holder.parent):
            return None
        return self._named(
            "variable", binding, name, declaration, False, self._value_kind(declaration.value)
        )

    def _named(
        self,
        kind: Kind,
        binding: Binding,
        name: Node,
        declaration: _Declaration,
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
        obvious = self._is_obvious(declaration.value)
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
                _is_called(reference.node, self._program) for reference in binding.references
            ),
        )

    def _fields(self) -> list[TypeTarget]:
        """Class fields, and what constructors assign to `this`; a name once per class."""
        found: dict[tuple[int, bool, str], TypeTarget | None] = {}
        for node in self._program.nodes(*_FIELDS):
            name = node.field("property") or node.field("name")
            if (
                name is None
                or not self._inside(node)
                or not _is_plain_name(name)
                or _is_ambient(node)
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
        if _is_one_of(value, _FUNCTIONS_AND_CLASSES):
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
            obvious=self._is_obvious(value),
            annotation=annotation.span if annotation is not None else None,
            value_kind=self._value_kind(value),
            called=any(
                _is_called(node.parent, self._program)
                for node in self._this.get(key, ())
                if node.parent
            ),
        )

    # -- facts shared by them
    # -------------------------------------------------------------------------------------

    def _inside(self, node: Node) -> bool:
        """Whether `node` is text of the source, not of the wrapper that makes a snippet parse."""
        return node.start >= 0 and node.end <= self._size

    def _is_obvious(self, value: Node | None) -> bool:
        """Whether a reader sees the type of this expression at a glance."""
        while value is not None and value.type == "parenthesized_expression":
            value = value.named[0]
        if value is None:
            return False
        if value.type == "unary_expression":
            operator, operand = value.children[0].type, value.children[-1]
            return operator in ("!", "typeof", "void", "delete") or operand.type == "number"
        if value.type == "call_expression":  # a module: its name says it
            return self._program.text(value.children[0]) in ("require", "import")
        return value.type in _OBVIOUS

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

    def _documents(
        self, doc: JSDoc | None, function: Function, declaration: _Declaration, name: Node
    ) -> bool:
        """Whether the JSDoc of `function` writes the type of this parameter, or of the one it is
        destructured from.
        """
        if doc is None:
            return False
        if doc.type is not None or self._program.name_of(name) in doc.parameters:
            return True
        if declaration.form != "destructured":
            return False
        # A pattern has no name: its tag is found by its position, as TypeScript's checker does.
        listed = [parameter for parameter in doc.names if "." not in parameter]
        position = function.parameters.index(declaration.holder)
        if position >= len(listed):
            return False
        whole = listed[position]
        path = property_path(name, self._program)
        if path is not None and any(other.startswith(f"{whole}.") for other in doc.names):
            return ".".join((whole, *path)) in doc.parameters
        return whole in doc.parameters

    def _member(self, node: Node, name: str) -> tuple[int, bool, str]:
        """Key of a class member: its class (or object), whether it is static, its name."""
        assert node.parent is not None
        return (node.parent.index, node.has("static"), name)

    def _this_members(self) -> dict[tuple[int, bool, str], list[Node]]:
        """Property names of all `this.x`, by the class body whose instance (or constructor) `this`
        is.
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

    def _constructor_names(self) -> set[str]:
        """Names that are constructed, or whose `prototype` is looked at."""
        made = [node.field("constructor") for node in self._program.nodes("new_expression")]
        for node in self._program.nodes("member_expression"):
            member = node.field("property")
            if member is not None and self._program.text(member) == "prototype":
                made.append(node.field("object"))
        return {
            self._program.text(node)
            for node in made
            if node is not None and node.type == "identifier"
        }

    def _visited(self, function: Function, declaration: _Declaration) -> ValueKind | None:
        """Return the kind of a parameter of a function that a method of an array calls with its
        elements and their numbers.
        """
        call = function.node.parent.parent if function.node.parent is not None else None
        if call is None or call.type != "call_expression" or declaration.form != "simple":
            return None
        callee, given = call.children[0], call.field("arguments")
        member = callee.field("property") if callee.type == "member_expression" else None
        if member is None or given is None or given.named[:1] != [function.node]:
            return None
        owner = callee.field("object")
        if owner is None or self._program.text(member) not in _VISITORS:
            return None
        value_kind = value_kind_of(owner, self._program)
        position = function.parameters.index(declaration.holder)
        if (
            value_kind is None
            or not (value_kind == "array" or value_kind.endswith("[]"))
            or position > 1
        ):
            return None
        return (
            "number" if position else value_kind[:-2] or None if value_kind.endswith("[]") else None
        )


# Whatever gives `this` a meaning of its own (ECMA-262 §9.4.4); arrows do not.
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


def _declaration_of(name: Node) -> _Declaration | None:
    """Climb from a declaring identifier through its patterns; None where nothing of the program
    declares it.
    """
    form: ParameterForm = "simple"
    value: Node | None = None
    child, around = name, name.parent
    while around is not None:
        if around.type in ("assignment_pattern", "object_assignment_pattern"):
            if value is None and form != "destructured":
                value, form = around.field("right"), "default"
        elif around.type == "rest_pattern":
            form = "rest" if form == "simple" else form
        elif around.type in _PATTERNS:
            form = "destructured"
        elif around.type in ("required_parameter", "optional_parameter"):
            default = around.field("value")
            if default is not None and form == "simple":
                form, value = "default", default
            return _Declaration(around, form, value)
        elif around.type == "variable_declarator":
            return _Declaration(around, form, around.field("value") if form == "simple" else value)
        elif around.type == "for_in_statement":
            return _Declaration(around, form, value)
        elif around.type in ("formal_parameters", "arrow_function"):
            return _Declaration(child, form, value)
        else:
            return None
        child, around = around, around.parent
    return None


def property_path(name: Node, program: Program) -> tuple[str, ...] | None:
    """Return the properties by which an object pattern reaches a name; None through an array, a
    rest or a computed key.
    """
    path: list[str] = []
    around = name.parent
    if name.type == "shorthand_property_identifier_pattern":
        path.append(program.name_of(name))
    while around is not None and around.type in _PATTERN_PARTS:
        if around.type == "pair_pattern":
            key = around.field("key")
            if key is None or key.type != "property_identifier":
                return None
            path.append(program.name_of(key))
        around = around.parent
    if around is None or around.type in ("array_pattern", "rest_pattern"):
        return None
    return tuple(reversed(path)) or None


def _is_called(node: Node, program: Program) -> bool:
    """Whether an expression is called, constructed, or has a method called that functions alone
    have (ECMA-262 §20.2.3).
    """
    around = node.parent
    if around is None:
        return False
    if around.type in ("call_expression", "new_expression"):
        return node.field_name in ("function", "constructor")
    member = (
        around.field("property")
        if around.type == "member_expression" and node.field_name == "object"
        else None
    )
    if member is None or program.text(member) not in ("apply", "bind", "call"):
        return False
    return (
        around.parent is not None
        and around.parent.type == "call_expression"
        and around.field_name == "function"
    )


def _is_ambient(node: Node) -> bool:
    """Whether `node` only declares what is made elsewhere: abstract, or anywhere inside
    `declare`.
    """
    if node.has("declare") or node.has("abstract"):
        return True
    around: Node | None = node
    while around is not None:
        if around.type == "ambient_declaration":
            return True
        around = around.parent
    return False


def _is_plain_name(name: Node) -> bool:
    return name.type in ("property_identifier", "private_property_identifier")


def _is_one_of(value: Node | None, types: frozenset[str]) -> bool:
    while value is not None and value.type in _WRAPPERS:
        value = value.named[0]
    return value is not None and value.type in types
