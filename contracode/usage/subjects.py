"""The subjects of evidence: parameters, variables, fields and returns of a program."""

from __future__ import annotations

from dataclasses import dataclass, field

from augment import Binding, Node, Program
from augment.syntax.tree import FUNCTIONS

CLASSES = frozenset({"class", "class_declaration", "abstract_class_declaration"})

_FIELDS = frozenset({"field_definition", "public_field_definition"})

_INNER = frozenset(
    {"as_expression", "non_null_expression", "parenthesized_expression", "satisfies_expression"}
)


@dataclass(slots=True, eq=False)
class Subject:
    """A parameter, variable, field or return whose type is inferred.

    Attributes:
        kind: `parameter`, `variable`, `field` or `return`.
        name: the declared name; for a return the function's name.
        node: the declaring identifier; for a return the function.
        function: the function of a parameter or return.
        position: index of a parameter in its function's list; None for patterns and other subjects.
        uses: expressions that read it: an identifier, or `this.name`.
        values: expressions that are assigned to it, its initialiser included.
        default: default value of a parameter.
        rest: it collects the remaining arguments.
        owner: the class of a field.
        binding: the binding of a parameter or variable.
    """

    kind: str
    name: str
    node: Node
    function: Node | None = None
    position: int | None = None
    uses: list[Node] = field(default_factory=list[Node])
    values: list[Node] = field(default_factory=list[Node])
    default: Node | None = None
    rest: bool = False
    owner: Node | None = None
    binding: Binding | None = None


class Subjects:
    """The subjects of a program, with their functions and classes."""

    def __init__(self, program: Program) -> None:
        self.all: list[Subject] = []
        self.of_binding: dict[int, Subject] = {}
        self.fields: dict[tuple[int, str], Subject] = {}
        self.returns: dict[int, Subject] = {}
        self.functions = {function.node.index: function for function in program.functions}
        self.methods: dict[tuple[int, str], Node] = {}
        self._program = program
        self._add_returns()
        self._add_bindings()
        self._add_fields()
        self._follow_copies()

    def _add_returns(self) -> None:
        for index, function in self.functions.items():
            subject = Subject("return", function.name or "", function.node, function.node)
            if function.expression_body:
                subject.values.append(function.body)
            self.returns[index] = subject
            self.all.append(subject)
            owner = function.node.parent
            if function.node.type == "method_definition" and owner is not None and function.name:
                self.methods[owner.index, function.name] = function.node
        for node in self._program.nodes("return_statement"):
            around = node.parent
            while around is not None and around.type not in FUNCTIONS:
                around = around.parent
            if around is not None and around.index in self.returns and node.named:
                self.returns[around.index].values.append(node.named[0])

    def _add_bindings(self) -> None:
        positions: dict[int, tuple[Node, int]] = {}
        for function in self.functions.values():
            for position, parameter in enumerate(function.parameters):
                positions[parameter.index] = (function.node, position)
        for binding in self._program.scopes.bindings:
            if binding.kind not in ("parameter", "var", "let", "const"):
                continue
            name = binding.declaring[0]
            kind = "parameter" if binding.kind == "parameter" else "variable"
            subject = Subject(kind, binding.name, name, binding=binding)
            if kind == "parameter":
                _place(subject, positions)
            self._collect(subject, binding)
            self.of_binding[id(binding)] = subject
            self.all.append(subject)

    def _collect(self, subject: Subject, binding: Binding) -> None:
        for name in binding.declaring:
            around = name.parent
            if around is not None and around.type == "variable_declarator":
                value = around.field("value")
                if value is not None and around.field("name") is name:
                    subject.values.append(value)
        for reference in binding.references:
            if reference.access != "read":
                value = _assigned(reference.node)
                if value is not None:
                    subject.values.append(value)
            if reference.access != "write":
                subject.uses.append(reference.node)
        if subject.kind == "parameter" and binding.references:
            first = next((r.node for r in binding.references if r.access == "write"), None)
            if first is not None:  # later uses read another value
                subject.uses = [use for use in subject.uses if use.index < first.index]

    def _add_fields(self) -> None:
        for node in self._program.nodes(*_FIELDS):
            name = node.field("property") or node.field("name")
            if name is None or node.parent is None:
                continue
            subject = self._field(node.parent, self._program.name_of(name), name)
            value = node.field("value")
            if value is not None:
                subject.values.append(value)
        for node in self._program.nodes("member_expression"):
            name = node.field("property")
            if name is None or node.children[0].type != "this":
                continue
            owner = class_around(node)
            if owner is None or (owner.index, self._program.name_of(name)) in self.methods:
                continue
            subject = self._field(owner, self._program.name_of(name), name)
            around = node.parent
            is_assignment = around is not None and around.type == "assignment_expression"
            if around is not None and is_assignment and around.field("left") is node:
                right = around.field("right")
                if right is not None:
                    subject.values.append(right)
            else:
                subject.uses.append(node)

    def _follow_copies(self) -> None:
        """After `const b = a`, count uses of `b` as uses of `a` too."""
        copies: list[tuple[Subject, Subject]] = []
        for subject in self.all:
            for use in subject.uses:
                around = use.parent
                if around is None or around.type != "variable_declarator":
                    continue
                name = around.field("name")
                binding = self._program.scopes.of_node.get(name.index) if name is not None else None
                copy = self.of_binding.get(id(binding))
                if copy is not None and copy.values == [use] and copy is not subject:
                    copies.append((subject, copy))
        for subject, copy in copies:
            subject.uses = [*subject.uses, *copy.uses]
        for subject in self.returns.values():
            names = [self._program.scopes.of_node.get(inner(v).index) for v in subject.values]
            source = self.of_binding.get(id(names[0])) if names else None
            if source is not None and all(name is names[0] for name in names):
                subject.uses = source.uses  # these include the uses of the copy

    def _field(self, owner: Node, name: str, node: Node) -> Subject:
        key = (owner.index, name)
        if key not in self.fields:
            self.fields[key] = Subject("field", name, node, owner=owner)
            self.all.append(self.fields[key])
        return self.fields[key]


def _place(subject: Subject, positions: dict[int, tuple[Node, int]]) -> None:
    """Set the function, position and default of a parameter."""
    child, around = subject.node, subject.node.parent
    is_pattern = False
    while True:
        if child.index in positions:
            subject.function, position = positions[child.index]
            subject.position = None if is_pattern else position
            return
        if around is None:
            return
        if around.type in ("assignment_pattern", "object_assignment_pattern"):
            subject.default = subject.default or around.field("right")
        elif around.type in ("required_parameter", "optional_parameter"):
            subject.default = subject.default or around.field("value")
        elif around.type == "rest_pattern":
            subject.rest = not is_pattern
        elif around.type in ("object_pattern", "array_pattern", "pair_pattern"):
            is_pattern = True
        child, around = around, around.parent


def _assigned(name: Node) -> Node | None:
    around = name.parent
    if around is not None and around.type == "assignment_expression":
        return around.field("right") if around.field("left") is name else None
    return None


def class_around(node: Node) -> Node | None:
    """Return the body of the class that `this` is an instance of at a node, or None."""
    around = node.parent
    while around is not None:
        if around.type == "method_definition" or around.type in _FIELDS:
            owner = around.parent
            is_class = owner is not None and owner.type == "class_body"
            return owner if is_class and not around.has("static") else None
        if around.type in FUNCTIONS and around.type != "arrow_function":
            return None
        around = around.parent
    return None


def outermost(node: Node) -> Node:
    """Return a node with the parentheses and assertions around it."""
    while node.parent is not None and node.parent.type in _INNER:
        node = node.parent
    return node


def inner(node: Node) -> Node:
    """Return a node without the parentheses and assertions around it."""
    while node.type in _INNER and node.named:
        node = node.named[0]
    return node
