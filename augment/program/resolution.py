"""Name resolution: which identifier means which binding.

Two passes over the preorder list, as the language itself needs (ECMA-262 §8.2, hoisting): `declare`
opens scopes and enters every declaration where it binds, then `bind` resolves every other
identifier outwards.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import Final

from augment.program.references import (
    DECLARATORS,
    REFERENCE_TYPES,
    SPECIAL_NAMES,
    access_of,
    has_use_strict,
    is_exported,
    is_reference,
    without_escapes,
)
from augment.program.scope import VAR_SCOPES, Binding, BindingKind, Reference, Scope
from augment.syntax.tree import FUNCTIONS, Node, SourceType, Tree


class Scopes:
    """The scope tree of a program.

    Attributes:
        root: the outermost scope.
        all: every scope in source order.
        bindings: every binding in order of first declaration.
        references: every use in source order.
        unresolved: the uses that no declaration of the program explains.
        of_node: identifier leaf number (`Node.index`) to the binding it declares or uses.
    """

    def __init__(self, tree: Tree, text: list[str], source_type: SourceType) -> None:
        self.root = Scope(
            "program",
            tree.nodes[0],
            None,
            source_type == "module" or has_use_strict(tree.nodes[0], text),
        )
        self.all: list[Scope] = [self.root]
        self.bindings: list[Binding] = []
        self.references: list[Reference] = []
        self.unresolved: list[Reference] = []
        self.of_node: dict[int, Binding] = {}
        self._text = text
        self._shorthand_declarations: dict[int, str] = {}
        self._with_bodies: list[Node] = []
        self._evals: list[Scope] = []
        self._declare(tree)
        self._bind()
        self._freeze(source_type)

    def name_of(self, node: Node) -> str:
        """Return the name that an identifier leaf spells, unicode escapes decoded."""
        name = self._text[node.first]
        if "\\" in name:
            name = without_escapes(name)
        return name

    # -- pass 1

    def _declare(self, tree: Tree) -> None:
        stack: list[tuple[int, Scope]] = [(tree.nodes[0].stop, self.root)]
        scope = self.root
        declared = self.of_node
        for node in tree.nodes:
            while node.index >= stack[-1][0]:
                stack.pop()
                scope = stack[-1][1]
            kind = node.type
            if kind in REFERENCE_TYPES:
                if node.index not in declared and is_reference(node):
                    self._refer(node, scope)
                continue
            opener = _OPENERS.get(kind)
            if opener is None:
                continue
            opened = opener(self, node, scope)
            if opened is not None:
                until, scope = opened
                self.all.append(scope)
                stack.append((until, scope))

    def _enter(self, node: Node, name: str, kind: BindingKind, scope: Scope) -> Binding:
        binding = scope.bindings.get(name)
        if binding is None:
            binding = scope.bindings[name] = Binding(name, kind, scope)
            self.bindings.append(binding)
        binding.declaring.append(node)
        self.of_node[node.index] = binding
        return binding

    def _declare_name(self, node: Node, kind: BindingKind, scope: Scope) -> None:
        name = self.name_of(node)
        if kind == "var":
            target = scope.function
            between: Scope | None = scope
            binding = self._enter(node, name, kind, target)
            while between is not target and between is not None:
                shadow = between.bindings.get(name)
                if (
                    shadow is not None and shadow is not binding
                ):  # catch (e) { var e = 1 } (ECMA-262 §B.3.4)
                    shadow.freeze("redeclared by var")
                    binding.freeze("declared through a catch clause")
                between = between.parent
        else:
            self._enter(node, name, kind, scope)

    def _declare_pattern(self, pattern: Node, kind: BindingKind, scope: Scope) -> None:
        """Enter every name that a binding pattern declares (ECMA-262 §14.3.3)."""
        todo = [pattern]
        while todo:
            node = todo.pop()
            if node.type == "identifier":
                self._declare_name(node, kind, scope)
            elif node.type == "undefined":
                self._declare_name(node, kind, scope)
                self.of_node[node.index].freeze("undefined")
            elif node.type == "shorthand_property_identifier_pattern":
                self._declare_name(node, kind, scope)
                self.of_node[node.index].shorthands[node.index] = "property"
            elif node.type in ("assignment_pattern", "object_assignment_pattern"):
                todo.append(node.children[0])
            elif node.type == "pair_pattern":
                todo.append(node.children[-1])
            elif node.type in ("required_parameter", "optional_parameter"):
                inner = node.field("pattern")
                if inner is not None:
                    todo.append(inner)
            elif node.type in (
                "object_pattern",
                "array_pattern",
                "rest_pattern",
                "formal_parameters",
            ):
                todo.extend(reversed(node.named))

    def _open_function(self, node: Node, scope: Scope) -> tuple[int, Scope] | None:
        name = node.field("name")
        if node.type in (
            "function_declaration",
            "generator_function_declaration",
            "function_signature",
        ):
            if name is not None:
                self._declare_function(node, name, scope)
        elif (
            node.type != "method_definition" and name is not None and node.type != "arrow_function"
        ):
            inner = Scope("function-name", node, scope, scope.strict)
            self._enter(name, self.name_of(name), "function-name", inner)
            return node.stop, inner
        return None

    def _declare_function(self, node: Node, name: Node, scope: Scope) -> None:
        text = self.name_of(name)
        if scope.kind in VAR_SCOPES:
            binding = self._enter(name, text, "function", scope)
            return
        binding = self._enter(name, text, "function", scope)
        if not scope.strict:
            # Annex B §B.3.2: the function is also assigned to a var of the enclosing function. Both
            # keep their name, and so does everything of that name on the way.
            binding.freeze("function in a block")
            outer: Scope | None = scope.parent
            while outer is not None:
                seen = outer.bindings.get(text)
                if seen is not None:
                    seen.freeze("function in a block")
                if outer.kind in VAR_SCOPES:
                    if seen is None:
                        outer.bindings[text] = binding
                    break
                outer = outer.parent

    def _open_parameters(self, node: Node, scope: Scope) -> tuple[int, Scope] | None:
        function = node.parent
        assert function is not None
        if function.type in FUNCTIONS:
            body = function.field("body")
            strict = scope.strict or (body is not None and has_use_strict(body, self._text))
            inner = Scope("function", function, scope, strict)
        else:  # signatures and function types bind names that nothing executes
            inner = Scope("type", function, scope, scope.strict)
        self._declare_pattern(node, "parameter", inner)
        return function.stop, inner

    def _open_arrow(self, node: Node, scope: Scope) -> tuple[int, Scope] | None:
        sole = node.field("parameter")
        if sole is None:
            return None
        body = node.field("body")
        inner = Scope(
            "function",
            node,
            scope,
            scope.strict or (body is not None and has_use_strict(body, self._text)),
        )
        self._declare_pattern(sole, "parameter", inner)
        return node.stop, inner

    def _open_class(self, node: Node, scope: Scope) -> tuple[int, Scope]:
        name = node.field("name")
        inner = Scope("class", node, scope, True)
        if name is not None:
            if node.type == "class":
                self._enter(name, self.name_of(name), "class-name", inner)
            else:
                self._enter(name, self.name_of(name), "class", scope)
        return node.stop, inner

    def _open_block(self, node: Node, scope: Scope) -> tuple[int, Scope] | None:
        parent = node.parent
        if parent is not None and (parent.type in FUNCTIONS or parent.type == "class_static_block"):
            return None
        return node.stop, Scope("block", node, scope, scope.strict)

    def _open_switch(self, node: Node, scope: Scope) -> tuple[int, Scope]:
        return node.stop, Scope("switch", node, scope, scope.strict)

    def _open_static(self, node: Node, scope: Scope) -> tuple[int, Scope]:
        return node.stop, Scope("static", node, scope, True)

    def _open_catch(self, node: Node, scope: Scope) -> tuple[int, Scope]:
        inner = Scope("catch", node, scope, scope.strict)
        parameter = node.field("parameter")
        if parameter is not None:
            self._declare_pattern(parameter, "catch", inner)
        return node.stop, inner

    def _open_for(self, node: Node, scope: Scope) -> tuple[int, Scope]:
        return node.stop, Scope("for", node, scope, scope.strict)

    def _open_for_in(self, node: Node, scope: Scope) -> tuple[int, Scope]:
        inner = Scope("for", node, scope, scope.strict)
        kind = node.field("kind")
        left = node.field("left")
        if kind is not None and left is not None:
            self._declare_pattern(left, DECLARATORS[self._text[kind.first]], inner)
        return node.stop, inner

    def _declare_variables(self, node: Node, scope: Scope) -> None:
        kind = DECLARATORS.get(self._text[node.first], "let")
        for child in node.children:
            if child.type == "variable_declarator":
                name = child.field("name")
                if name is not None:
                    self._declare_pattern(name, kind, scope)

    def _declare_import(self, node: Node, scope: Scope) -> None:
        for child in node.children:
            if child.type == "identifier":
                self._declare_name(child, "import", scope)
            elif child.type == "namespace_import":
                for inner in child.named:
                    self._declare_name(inner, "import", scope)
            elif child.type == "named_imports":
                for specifier in child.named:
                    alias, name = specifier.field("alias"), specifier.field("name")
                    local = alias or name
                    if local is not None and local.type == "identifier":
                        self._declare_name(local, "import", scope)
                        if alias is None:
                            self.of_node[local.index].shorthands[local.index] = "import"

    def _declare_type(self, node: Node, scope: Scope) -> None:
        name = node.field("name")
        if name is not None and name.type in ("identifier", "type_identifier"):
            kind: BindingKind = "enum" if node.type == "enum_declaration" else "type"
            if node.type == "internal_module":
                kind = "namespace"
            self._enter(name, self.name_of(name), kind, scope).freeze("a type")

    def _note_with(self, node: Node, scope: Scope) -> None:
        body = node.field("body")
        if body is not None:
            self._with_bodies.append(body)

    def _note_call(self, node: Node, scope: Scope) -> None:
        callee = node.children[0]
        while callee.type == "parenthesized_expression" and len(callee.children) == 3:
            callee = callee.children[1]  # `(eval)(a)` is a direct eval too (ECMA-262 §13.3.6.1)
        if callee.type == "identifier" and self.name_of(callee) == "eval":
            self._evals.append(scope)

    def _refer(self, node: Node, scope: Scope) -> None:
        shorthand = ""
        if node.type != "identifier":
            shorthand = "property"
        elif (
            node.parent is not None
            and node.parent.type == "export_specifier"
            and node.parent.field("alias") is None
        ):
            shorthand = "export"
        self.references.append(Reference(node, scope, access_of(node), shorthand))

    # -- pass 2

    def _bind(self) -> None:
        for reference in self.references:
            binding = reference.scope.lookup(self.name_of(reference.node), reference.node)
            if binding is None:
                self.unresolved.append(reference)
            else:
                reference.binding = binding
                binding.references.append(reference)
                self.of_node[reference.node.index] = binding

    def _freeze(self, source_type: SourceType) -> None:
        for scope in self._evals:
            visible: Scope | None = scope
            while (
                visible is not None and not visible.dynamic
            ):  # what is around a dynamic scope is as well
                visible.dynamic = True
                for binding in visible.bindings.values():
                    binding.freeze("visible to eval")
                visible = visible.parent
        self._freeze_withs()
        for binding in self.bindings:
            if binding.name in SPECIAL_NAMES:
                binding.freeze("a name with a meaning of its own")
            elif binding.scope.kind == "type":
                binding.freeze("a type")
            for node in binding.declaring:
                if is_exported(node, binding):
                    binding.exported = True
                    binding.freeze("exported")
            for reference in binding.references:
                parent = reference.node.parent
                if parent is not None and parent.type.startswith("jsx_"):
                    binding.freeze("used as a JSX tag")
                elif parent is not None and parent.type == "type_predicate":
                    binding.freeze("a type")
        if source_type == "script":
            for binding in self.root.bindings.values():
                binding.freeze("global")

    def _freeze_withs(self) -> None:
        if not self._with_bodies:
            return
        uses = [reference.node.index for reference in self.references]
        declared = [
            (node.index, binding) for binding in self.bindings for node in binding.declaring
        ]
        declared.sort(key=lambda pair: pair[0])
        for body in self._with_bodies:
            for reference in self.references[
                bisect_left(uses, body.index) : bisect_left(uses, body.stop)
            ]:
                bound = reference.binding
                if bound is not None and not body.contains(bound.scope.node):
                    bound.freeze("used inside with")
            first = bisect_left(declared, body.index, key=lambda pair: pair[0])
            for _, binding in declared[
                first : bisect_left(declared, body.stop, key=lambda pair: pair[0])
            ]:
                if not body.contains(binding.scope.node):
                    binding.freeze("declared inside with")


_OPENERS: Final = {
    "function_declaration": Scopes._open_function,  # pyright: ignore[reportPrivateUsage]
    "generator_function_declaration": Scopes._open_function,  # pyright: ignore[reportPrivateUsage]
    "function_expression": Scopes._open_function,  # pyright: ignore[reportPrivateUsage]
    "generator_function": Scopes._open_function,  # pyright: ignore[reportPrivateUsage]
    "function_signature": Scopes._open_function,  # pyright: ignore[reportPrivateUsage]
    "arrow_function": Scopes._open_arrow,  # pyright: ignore[reportPrivateUsage]
    "formal_parameters": Scopes._open_parameters,  # pyright: ignore[reportPrivateUsage]
    "class_declaration": Scopes._open_class,  # pyright: ignore[reportPrivateUsage]
    "abstract_class_declaration": Scopes._open_class,  # pyright: ignore[reportPrivateUsage]
    "class": Scopes._open_class,  # pyright: ignore[reportPrivateUsage]
    "statement_block": Scopes._open_block,  # pyright: ignore[reportPrivateUsage]
    "switch_body": Scopes._open_switch,  # pyright: ignore[reportPrivateUsage]
    "class_static_block": Scopes._open_static,  # pyright: ignore[reportPrivateUsage]
    "catch_clause": Scopes._open_catch,  # pyright: ignore[reportPrivateUsage]
    "for_statement": Scopes._open_for,  # pyright: ignore[reportPrivateUsage]
    "for_in_statement": Scopes._open_for_in,  # pyright: ignore[reportPrivateUsage]
    "variable_declaration": Scopes._declare_variables,  # pyright: ignore[reportPrivateUsage]
    "lexical_declaration": Scopes._declare_variables,  # pyright: ignore[reportPrivateUsage]
    "using_declaration": Scopes._declare_variables,  # pyright: ignore[reportPrivateUsage]
    "import_clause": Scopes._declare_import,  # pyright: ignore[reportPrivateUsage]
    "enum_declaration": Scopes._declare_type,  # pyright: ignore[reportPrivateUsage]
    "interface_declaration": Scopes._declare_type,  # pyright: ignore[reportPrivateUsage]
    "type_alias_declaration": Scopes._declare_type,  # pyright: ignore[reportPrivateUsage]
    "internal_module": Scopes._declare_type,  # pyright: ignore[reportPrivateUsage]
    "with_statement": Scopes._note_with,  # pyright: ignore[reportPrivateUsage]
    "call_expression": Scopes._note_call,  # pyright: ignore[reportPrivateUsage]
}
