"""The types of expressions, from literals, declared signatures and what is known of names."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cached_property

from augment import Binding, Node, Program
from augment.syntax.tree import FUNCTIONS
from contracode.usage.calls import Call, Calls
from contracode.usage.declared.declarations import Declarations
from contracode.usage.members import Members
from contracode.usage.subjects import CLASSES, Subjects, class_around, inner
from contracode.usage.type_text import array_of, bare, element, generic, join, kind, tag, union

_LITERALS = {
    "false": "boolean",
    "jsx_element": "JSX.Element",
    "jsx_fragment": "JSX.Element",
    "jsx_self_closing_element": "JSX.Element",
    "null": "null",
    "regex": "RegExp",
    "string": "string",
    "template_string": "string",
    "true": "boolean",
    "undefined": "undefined",
}

_COMPARING = frozenset({"==", "===", "!=", "!==", "<", "<=", ">", ">=", "in", "instanceof"})

_UNARY = {"!": "boolean", "delete": "boolean", "typeof": "string", "void": "undefined"}

_NOTHING_READ: frozenset[int] = frozenset()

DEEPEST = 40
"""Expressions within each other that are looked into."""


class ExpressionTypes:
    """The types of a program's expressions under what is known of its subjects.

    Attributes:
        known: types of subjects, by the index of their node; filled by the fixpoint.
        reads: subjects whose type was asked for since this was emptied.
        changed: when the type of a subject changed last, in ticks of the clock.
        clock: number of changes.
    """

    def __init__(self, program: Program, subjects: Subjects, declarations: Declarations) -> None:
        self.program = program
        self.subjects = subjects
        self.declarations = declarations
        self.known: dict[int, str] = {}
        self.members = Members(self)
        self.calls = Calls(self, self.members)
        self.reads: set[int] = set()
        self.changed: dict[int, int] = {}
        self.clock = 1
        self._memo: dict[int, tuple[str | None, frozenset[int], int]] = {}
        self._depth = 0
        self._of_type = {
            "array": self._array,
            "arrow_function": lambda node: f"#f{node.index}",
            "assignment_expression": lambda node: self.of(node.children[-1]),
            "augmented_assignment_expression": self._augmented,
            "await_expression": self._awaited,
            "binary_expression": self._binary,
            "call_expression": lambda node: self.calls.result(Call(node)),
            "class": lambda node: f"#c{node.index}",
            "function_expression": lambda node: f"#f{node.index}",
            "generator_function": lambda node: f"#f{node.index}",
            "identifier": self._name,
            "member_expression": self.members.property,
            "new_expression": self._made,
            "number": lambda node: "bigint" if self.text(node).endswith("n") else "number",
            "object": lambda node: f"#o{node.index}",
            "sequence_expression": lambda node: self.of(node.named[-1]),
            "subscript_expression": self.members.element,
            "ternary_expression": self._ternary,
            "this": self._this,
            "unary_expression": self._unary,
            "update_expression": lambda node: "number",
        }

    def text(self, node: Node) -> str:
        """Return the source of a node."""
        return self.program.text(node)

    def learn(self, index: int, type: str | None) -> None:
        """Note the type of the subject at a node, None where it is no longer known."""
        if self.known.get(index) == type:
            return
        self.clock += 1
        self.changed[index] = self.clock
        if type is None:
            del self.known[index]
        else:
            self.known[index] = type

    def known_at(self, index: int) -> str | None:
        """Return the type of the subject at a node, as far as it is known."""
        self.reads.add(index)
        return self.known.get(index)

    def is_fresh(self, reads: Iterable[int], since: int) -> bool:
        """Whether none of some subjects has another type since a time of the clock."""
        changed = self.changed
        return all(changed.get(index, 0) <= since for index in reads)

    def of(self, node: Node) -> str | None:
        """Return the type of an expression, None where nothing tells it."""
        node = inner(node)
        if node.type in _LITERALS:
            return _LITERALS[node.type]
        remembered = self._memo.get(node.index)
        if remembered is not None:
            found, reads, since = remembered
            if not reads or self.is_fresh(reads, since):
                self.reads |= reads
                return found
        handler = self._of_type.get(node.type)
        if handler is None or self._depth >= DEEPEST:
            return None
        self._memo[node.index] = None, _NOTHING_READ, 0  # of an expression that is made of itself
        outer, self.reads, since = self.reads, set(), self.clock
        self._depth += 1
        found = handler(node)
        self._depth -= 1
        found = None if found == "any" else found
        self._memo[node.index] = found, frozenset(self.reads), since
        self.reads |= outer
        return found

    def joined(self, nodes: list[Node]) -> str | None:
        """Return the union of several expressions' types, None where one is unknown."""
        types = [self.of(node) for node in nodes]
        if not types or None in types:
            return None
        return join(type for type in types if type is not None)

    # -- names

    def _name(self, node: Node) -> str | None:
        text = self.text(node)
        binding = self.program.scopes.of_node.get(node.index)
        if binding is not None:
            return self.of_binding(binding)
        if text in ("NaN", "Infinity"):
            return "number"
        if text == "undefined":
            return "undefined"
        entry = self.declarations.globals.get(text)
        if isinstance(entry, str):
            return entry
        return None if entry is None else f"#s:{text}"

    def of_binding(self, binding: Binding) -> str | None:
        """Return the type of what a name is bound to."""
        declared = binding.declaring[0]
        around = declared.parent
        if binding.kind in ("function", "function-name") and around is not None:
            return f"#f{around.index}" if around.type in FUNCTIONS else None
        if binding.kind in ("class", "class-name") and around is not None:
            return f"#c{around.index}" if around.type in CLASSES else None
        if binding.kind == "import":
            return self.members.imported(declared)
        return self.known_at(declared.index)

    def _this(self, node: Node) -> str | None:
        owner = class_around(node)
        return None if owner is None else f"#i{owner.index}"

    # -- composite expressions

    def _array(self, node: Node) -> str:
        if not node.named:
            return "any[]"
        types: list[str | None] = []
        for item in node.named[:50]:
            if item.type == "spread_element":
                whole = self.of(item.named[0])
                types.append(None if whole is None else element(whole))
            else:
                types.append(self.of(item))
        some = [type for type in types if type is not None]
        return array_of(join(some)) if len(some) == len(types) else "any[]"

    def _augmented(self, node: Node) -> str | None:
        operator = node.children[1].type[:-1]
        return self._operated(operator, node.children[0], node.children[2])

    def _awaited(self, node: Node) -> str | None:
        type = self.of(node.named[-1])
        return None if type is None else awaited(type)

    def _binary(self, node: Node) -> str | None:
        if len(node.children) != 3:
            return None
        return self._operated(node.children[1].type, node.children[0], node.children[2])

    def _operated(self, operator: str, left: Node, right: Node) -> str | None:
        if operator in _COMPARING:
            return "boolean"
        one, other = self.of(left), self.of(right)
        if operator in ("||", "??"):
            if one is None or other is None:
                return other if one is None else None
            return other if bare(one) in ("null", "undefined") else join([bare(one), other])
        if operator == "&&":
            return other
        if operator == "+":
            if "string" in (one, other):
                return "string"
            return "number" if one == other == "number" else None
        return "bigint" if "bigint" in (one, other) else "number"

    def _ternary(self, node: Node) -> str | None:
        one, other = (self.of(branch) for branch in node.named[1:3])
        if one is None or other is None:
            return None
        return join([one, other])

    def _unary(self, node: Node) -> str | None:
        operator = node.children[0].type
        if operator in _UNARY:
            return _UNARY[operator]
        return "bigint" if operator != "+" and self.of(node.children[-1]) == "bigint" else "number"

    def _made(self, node: Node) -> str | None:
        """Return what `new` makes."""
        made = node.field("constructor")
        if made is None:
            return None
        type = self.of(made)
        if type is None:
            return None
        letter, name = tag(type)
        if letter == "c":
            body = self.program.tree.nodes[int(name)].field("body")
            return None if body is None else f"#i{body.index}"
        if letter == "s":
            if name in ("Array", "Object", "Promise", "Function"):
                return {"Array": "any[]", "Object": "object", "Promise": "Promise<any>"}.get(name)
            found = self.declarations.constructors.get(name)
            return generic(found[0][0])[0] if found else None
        return self.members.constructed(type)

    # -- types as a reader sees them

    def class_name(self, body: int) -> str | None:
        """Return the name of the class with a body at an index."""
        owner = self.program.tree.nodes[body].parent
        name = None if owner is None else owner.field("name")
        if name is not None:
            return self.text(name)
        around = None if owner is None else owner.parent
        name = around.field("name") if around is not None else None
        return self.text(name) if name is not None and name.type == "identifier" else None

    def shown(self, type: str, depth: int = 0) -> str:
        """Return a type without tags: functions, objects and instances as a reader writes them."""
        parts = [self._shown(part, depth) for part in union(type)]
        return join(parts)

    def _shown(self, part: str, depth: int) -> str:
        if part.endswith("[]"):
            whole = self.shown(generic(part)[1][0], depth + 1)
            return array_of(whole)
        name, arguments = generic(part)
        if arguments and any("#" in argument for argument in arguments):
            return f"{name}<{', '.join(self.shown(one, depth + 1) for one in arguments)}>"
        letter, rest = tag(part)
        if not letter:
            return part
        if letter == "i":
            return self.class_name(int(rest)) or "object"
        if letter == "f":
            function = self.subjects.functions[int(rest)]
            returned = self.known_at(int(rest))
            return "() => void" if not function.parameters and returned == "void" else "Function"
        return "Function" if letter in "cds" else "object"

    # -- kinds

    @cached_property
    def own_names(self) -> frozenset[str]:
        """The names of types that the program declares or imports, and defines in comments."""
        names = {
            binding.name
            for binding in self.program.scopes.bindings
            if binding.kind in _TYPE_BINDINGS or binding.name[:1].isupper()
        }
        for comment in self.program.comments:
            names.update(_TYPEDEF.findall(self.program.text(comment)))
        return frozenset(names)

    @staticmethod
    def boxed(part: str) -> str:
        """Return the declared type whose members a primitive has."""
        return _BOXES.get(part, part)

    def kind(self, part: str) -> str:
        """Return the kind of value of a type that is no union, as `type_text.kind` names it."""
        found = kind(part)
        if found == "object" and self.declarations.is_callable(generic(part)[0]):
            return "function"
        return found

    def is_declared(self, part: str) -> bool:
        """Whether a type, as a reader writes it, is one of the declared ones."""
        head = generic(part)[0]
        if head in self.own_names:
            return False
        return head in _OBJECTS or bool(self.declarations.named(head.rpartition(".")[2]))


def awaited(type: str) -> str:
    """Return what awaiting a type gives."""
    found: list[str] = []
    for part in union(type):
        name, arguments = generic(part)
        if name in ("Promise", "PromiseLike"):
            found.append(arguments[0] if arguments else "any")
        else:
            found.append(part)
    return join(found)


_TYPE_BINDINGS = frozenset({"class", "class-name", "enum", "import", "namespace", "type"})

_TYPEDEF = re.compile(r"@(?:typedef|callback)\s+(?:\{[^}]*\}\s*)?([\w$]+)")

_OBJECTS = frozenset({"Object", "Record", "object", "{}"})

_BOXES = {
    "bigint": "BigInt",
    "boolean": "Boolean",
    "number": "Number",
    "string": "String",
    "symbol": "Symbol",
}
