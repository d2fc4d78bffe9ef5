"""Scopes and what is bound in them.

What cannot be known statically is no error but a reason on the binding, `frozen`: its name must
stay. Two environments that the standard keeps apart but that always hold the same name (parameter
and body scope of a function, outer and inner name of a class declaration) are one binding here:
whoever renames must rename both anyway. Words are those of the field: `Scope`, `Binding`,
`Reference`, `dynamic`.
"""

from __future__ import annotations

from typing import Final, Literal

from augment.syntax.tree import Node

ScopeKind = Literal[
    "program",
    "function",
    "function-name",
    "class",
    "block",
    "for",
    "catch",
    "switch",
    "static",
    "type",
]

BindingKind = Literal[
    "parameter",
    "var",
    "let",
    "const",
    "function",
    "class",
    "import",
    "catch",
    "function-name",
    "class-name",
    "type",
    "enum",
    "namespace",
]

# Scopes that hold `var` and function declarations.
VAR_SCOPES: Final = frozenset({"program", "function", "static"})


class Reference:
    """One use of a name.

    Attributes:
        node: the identifier leaf.
        binding: what it means, or None (a global, or unknown).
        access: whether the use reads, writes or does both.
        shorthand: "" or how a renamed name must be spelt out here: "property" (`{a}` becomes `{a:
            b}`), "export" (`{a}` becomes `{b as a}`) or "import" (`{a}` becomes `{a as b}`).
        scope: the scope the use stands in.
    """

    __slots__ = ("access", "binding", "node", "scope", "shorthand")

    def __init__(
        self,
        node: Node,
        scope: Scope,
        access: Literal["read", "write", "readwrite"],
        shorthand: str,
    ) -> None:
        self.node = node
        self.scope = scope
        self.access: Literal["read", "write", "readwrite"] = access
        self.shorthand = shorthand
        self.binding: Binding | None = None

    @property
    def span(self) -> tuple[int, int]:
        """Bytes of the identifier."""
        return (self.node.start, self.node.end)


class Binding:
    """A declared name and all its uses.

    Attributes:
        name: as in the source, escapes decoded.
        kind: what declares it; the first declaration counts (`parameter` wins over a later `var`).
        scope: where it is entered.
        declaring: the identifier leaves that declare it.
        references: all other uses, in source order.
        exported: it is visible outside the program by this name.
        frozen: why the name must not change, or "": something unseen may use the variable.
        kept: why others read the name although every use of the variable is known, or "".
    """

    __slots__ = (
        "declaring",
        "exported",
        "frozen",
        "kept",
        "kind",
        "name",
        "references",
        "scope",
        "shorthands",
    )

    def __init__(self, name: str, kind: BindingKind, scope: Scope) -> None:
        self.name = name
        self.kind: BindingKind = kind
        self.scope = scope
        self.declaring: list[Node] = []
        self.shorthands: dict[
            int, str
        ] = {}  # index of a declaring node -> as in Reference.shorthand
        self.references: list[Reference] = []
        self.exported = False
        self.frozen = ""
        self.kept = ""

    @property
    def declarations(self) -> list[tuple[int, int]]:
        """Byte spans of the declaring identifiers."""
        return [(node.start, node.end) for node in self.declaring]

    @property
    def occurrences(self) -> list[Node]:
        """All identifier leaves of this binding, in source order."""
        nodes = self.declaring + [reference.node for reference in self.references]
        nodes.sort(key=lambda node: node.index)
        return nodes

    def freeze(self, reason: str) -> None:
        """Forbid renaming; the first reason is kept."""
        self.frozen = self.frozen or reason

    def keep(self, reason: str) -> None:
        """Forbid renaming, but nothing else; the first reason is kept."""
        self.kept = self.kept or reason

    def __repr__(self) -> str:
        return f"<{self.kind} {self.name}>"


class Scope:
    """A region in which names are bound.

    Attributes:
        kind: what opens it.
        node: the syntax that it spans.
        parent: the enclosing scope.
        bindings: name to binding.
        dynamic: a direct `eval` stands in it or below it, so that any of its names may be used
            unseen.
        strict: strict mode code (ECMA-262 §11.2.2).
    """

    __slots__ = ("bindings", "dynamic", "kind", "node", "parent", "strict")

    def __init__(self, kind: ScopeKind, node: Node, parent: Scope | None, strict: bool) -> None:
        self.kind: ScopeKind = kind
        self.node = node
        self.parent = parent
        self.bindings: dict[str, Binding] = {}
        self.dynamic = False
        self.strict = strict

    def lookup(self, name: str, seen_from: Node | None = None) -> Binding | None:
        """Return what `name` means here, looking outwards.

        Args:
            name: an identifier's name.
            seen_from: the leaf that uses it. From the parameters of a function the names of its
                body cannot be seen (ECMA-262 §10.2.11, step 28), although both live in one `Scope`
                here.
        """
        scope: Scope | None = self
        while scope is not None:
            binding = scope.bindings.get(name)
            if binding is not None and (
                seen_from is None or scope.kind != "function" or not scope.hides(binding, seen_from)
            ):
                return binding
            scope = scope.parent
        return None

    def hides(self, binding: Binding, leaf: Node) -> bool:
        """Whether `leaf` stands in the parameters and `binding` is only declared in the body of
        this function.
        """
        body = self.node.children[-1]
        return leaf.index < body.index <= binding.declaring[0].index

    @property
    def function(self) -> Scope:
        """The nearest scope that holds `var` declarations."""
        scope = self
        while scope.kind not in VAR_SCOPES:
            assert scope.parent is not None
            scope = scope.parent
        return scope

    def __repr__(self) -> str:
        return f"<{self.kind} scope of {self.node!r}>"
