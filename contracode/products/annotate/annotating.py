"""Edits that write chosen types into a source: JSDoc in JavaScript, annotations in TypeScript.

Edits only add comments (JavaScript), or annotations and parentheses around bare arrow parameters
(TypeScript). There is no edit for a type that would not be read back: of variables of `for (x of
y)`, destructured variables, names behind array patterns, and, in TypeScript, everything that is
destructured or assigned to `this`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from augment import Function, Node, Program
from contracode.javascript.records import Kind, Span
from contracode.javascript.typing.declarations import property_path
from contracode.javascript.typing.jsdoc import CARRIERS, JSDocs, parse_jsdoc
from contracode.javascript.typing.targets import TypeTarget, find_targets
from contracode.products.annotate.generics import with_arguments
from contracode.products.annotate.jsdoc_writing import (
    CommentStyle,
    Tag,
    can_be_merged,
    can_be_written,
    merge,
    new_comment,
)
from contracode.products.annotate.text_edits import TextEdit, narrowed
from contracode.usage import Usage

# Line comments about the next line; new comments go before them.
_NEXT_LINE = re.compile(
    r"//\s*(@ts-|eslint-disable-next-line|prettier-ignore|biome-ignore|istanbul ignore|c8 ignore)"
)

# Default values that a tag shows, as in `[depth=1]`; of others it shows only `[depth]`.
_SHORT_DEFAULT = re.compile(r"""-?[\w.$]+|\[\]|\{\}|'[\w .,-]*'|"[\w .,-]*\"""")

_READ_WITHIN_LINES = (
    "arrow_function",
    "function_expression",
    "generator_function",
    "variable_declarator",
)

_ARRAY = re.compile(r"(?:ReadonlyArray|Array)<(.*)>")


class Annotator:
    """Makes edits for one source.

    Args:
        program: the source.

    Attributes:
        targets: everything that can carry a type, by kind and span.
    """

    def __init__(self, program: Program) -> None:
        self._program = program
        self._docs = JSDocs(program)
        self._functions = {function.node.span: function for function in program.functions}
        self._leaf_at = {leaf.start: leaf for leaf in program.tree.leaves}
        self._usage: Usage | None = None
        self._newline = _newline(program.source)
        self._text = program.source.decode()
        self.targets: dict[tuple[Kind, Span], TypeTarget] = {
            (t.kind, t.span): t for t in find_targets(program)
        }

    def edits(self, chosen: Iterable[tuple[TypeTarget, str]]) -> list[TextEdit]:
        """Return the edits that write types, in the order of the source, without overlaps.

        Targets that have a type already, or whose type cannot be written, are left out.
        """
        wanted = [(t, type) for t, type in chosen if not t.written and can_be_written(type)]
        if self._program.language != "javascript":
            return self._annotations(wanted)
        edits: dict[int, TextEdit] = {}
        of_functions: dict[Span, list[tuple[TypeTarget, str]]] = {}
        for target, type in wanted:
            if target.kind in ("parameter", "return"):
                assert target.function is not None
                of_functions.setdefault(target.function, []).append((target, type))
            elif (edit := self._document_name(target, type)) is not None:
                edits.setdefault(edit.start, edit)
        for span, some in of_functions.items():
            if (edit := self._document_function(self._functions[span], some)) is not None:
                edits.setdefault(edit.start, edit)
        return sorted(edits.values())

    def _document_function(
        self, function: Function, some: Sequence[tuple[TypeTarget, str]]
    ) -> TextEdit | None:
        """Return the edit for one function; None if its comment would be read differently."""
        plain = [(target, type) for target, type in some if target.form != "destructured"]
        for attempt in (some, plain) if len(plain) < len(some) else (some,):
            tags, order = self._tags(function, attempt)
            if all(tag.type is None for tag in tags):
                continue
            edit, comment = self._comment(function.node, tags, order)
            read = parse_jsdoc(comment)
            roots = [name for name in read.names if "." not in name]
            # TypeScript finds patterns by position, so the tags up to the last one must be in
            # order.
            upto = max(
                (n for n, node in enumerate(function.parameters, 1) if _holds(node, attempt)),
                default=0,
            )
            in_order = roots[:upto] == order[:upto]
            typed = [tag for tag in tags if tag.type is not None]
            if in_order and all(
                (read.returns if t.tag == "returns" else read.parameters.get(t.name)) == t.type
                for t in typed
            ):
                return edit
        return None

    def _document_name(self, target: TypeTarget, type: str) -> TextEdit | None:
        """Return the edit for a variable or field."""
        holder = self._leaf_at[target.span[0]].parent
        while holder is not None and holder.type not in (
            "variable_declarator",
            "assignment_expression",
            "field_definition",
        ):
            if holder.type == "for_in_statement":
                return None
            holder = holder.parent
        if holder is None or holder.parent is None or target.form == "destructured":
            return None
        if holder.type == "assignment_expression" and holder.parent.type != "expression_statement":
            return None
        value = holder.field("value") or holder.field("right")
        while value is not None and value.type == "assignment_expression":
            value = value.field("right")
        if value is not None and value.span in self._functions:
            return None  # `var some = _.some = function () {}`: the comment there is the function's
        tag = Tag("type", type)
        edit, comment = self._comment(holder, [tag], ())
        return edit if parse_jsdoc(comment).type == type else None

    def _tags(
        self, function: Function, some: Sequence[tuple[TypeTarget, str]]
    ) -> tuple[list[Tag], list[str]]:
        """Return the tags to write for a function, and the names of its parameters in order."""
        program = self._program
        found = self._docs.of(function.node)
        listed = [name for name in found.names if "." not in name] if found is not None else []
        order: list[str] = []
        simple = {
            _pattern(node)[0]: program.text(_pattern(node)[0])
            for node in function.parameters
            if _is_simple(node)
        }
        for position, node in enumerate(function.parameters):
            pattern = _pattern(node)[0]
            there = listed[position] if position < len(listed) else None
            if pattern in simple:
                order.append(simple[pattern])
            else:
                order.append(
                    there
                    if there is not None and there not in simple.values()
                    else f"param{position}"
                )
        tags: list[Tag] = []
        types = {t.span: (t, type) for t, type in some if t.kind == "parameter"}
        patterns: dict[int, list[Tag]] = {}
        for position, node in enumerate(function.parameters):
            if _holds(node, some):
                written = self._pattern_tags(*_pattern(node), order[position], types)
                if written:
                    patterns[position] = written
        for position, node in enumerate(function.parameters):
            name, default = _pattern(node)
            chosen = types.get(name.span) if _is_simple(node) else None
            if chosen is not None:
                type = f"...{_element(chosen[1])}" if node.type == "rest_pattern" else chosen[1]
                value = self._default(default)
                if value is None and self._is_left_out(name):
                    value = ""
                tags.append(Tag("param", type, order[position], value))
            elif position in patterns:
                tags += patterns[position]
            elif order[position] not in listed and any(later > position for later in patterns):
                # keeps later patterns at their positions
                tags.append(Tag("param", None, order[position], self._default(default)))
        tags += [Tag("returns", type) for target, type in some if target.kind == "return"]
        return tags, order

    def _is_left_out(self, name: Node) -> bool:
        """Whether a call in the program gives no argument for a parameter."""
        if self._usage is None:
            self._usage = Usage(self._program)
        evidence = self._usage.evidence(name.index)
        return evidence is not None and evidence.optional

    def _pattern_tags(
        self,
        pattern: Node,
        default: Node | None,
        root: str,
        types: dict[Span, tuple[TypeTarget, str]],
    ) -> list[Tag]:
        """Return the tags of a destructured parameter: its own, then those of its properties.

        Empty if a name is not reached by properties alone.
        """
        tags: dict[str, Tag] = {
            root: Tag(
                "param", "Object", root, self._default(default) if default is not None else None
            )
        }
        names = [
            node
            for node in self._program.tree.nodes[pattern.index : pattern.stop]
            if (binding := self._program.scopes.of_node.get(node.index)) is not None
            and node in binding.declaring
        ]
        for name in names:
            path = property_path(name, self._program)
            if path is None:
                return []
            for depth in range(1, len(path)):
                inner = ".".join((root, *path[:depth]))
                tags.setdefault(inner, Tag("param", "Object", inner))
            whole = ".".join((root, *path))
            chosen = types.get(name.span)
            holder = name.parent
            is_optional = holder is not None and holder.type in (
                "object_assignment_pattern",
                "assignment_pattern",
            )
            value = (
                self._default(holder.field("right")) if holder is not None and is_optional else None
            )
            tags[whole] = Tag("param", chosen[1] if chosen is not None else None, whole, value)
        return list(tags.values())

    def _default(self, value: Node | None) -> str | None:
        if value is None:
            return None
        text = self._program.text(value)
        return text if _SHORT_DEFAULT.fullmatch(text) else ""

    def _comment(
        self, node: Node, tags: Sequence[Tag], order: Sequence[str]
    ) -> tuple[TextEdit, str]:
        """Return the edit that documents `node`, and the whole comment after it."""
        found = self._docs.comment_of(node)
        if found is not None:
            comment, anchor = found
            text = self._program.text(comment)
            if can_be_merged(text):
                merged = merge(text, tags, order, self._style(comment.start))
                return narrowed(comment.start, text, merged), merged
        else:
            anchor = self._anchor(node)
        start = self._before_directives(anchor)
        style = self._style(start)
        comment = new_comment(tags, style)
        behind = f"{style.newline}{style.indent}" if style.block else " "
        return TextEdit(start, start, comment + behind), comment

    def _anchor(self, node: Node) -> Node:
        """Return the syntax before which a new comment on a node goes.

        This is its statement or member; the node itself if that does not begin its line.
        """
        is_function = node.type != "variable_declarator"
        child, around = node, node.parent
        while around is not None and around.type in CARRIERS and around.start >= 0:
            if child.type == "variable_declarator":
                alone = (
                    sum(c.type == "variable_declarator" for c in around.children) == 1
                    or is_function
                )
                in_loop = around.parent is not None and around.parent.type == "for_statement"
                if around.named[0] is not child or not alone or in_loop:
                    break
            child, around = around, around.parent
        # TypeScript's checker reads a comment within a line only directly before these, and none
        # before the parenthesis of `(f)()`.
        within = node if node.type in _READ_WITHIN_LINES else child
        is_before_statement = (
            self._style(child.start).block and child.type != "parenthesized_expression"
        )
        return child if is_before_statement else within

    def _before_directives(self, anchor: Node) -> int:
        start = anchor.start
        above = [
            c for c in self._program.comments if c.first == anchor.first and c.end <= anchor.start
        ]
        for comment in reversed(above):
            if (
                not _NEXT_LINE.match(self._program.text(comment))
                or not self._style(comment.start).block
            ):
                break
            start = comment.start
        return start

    def _style(self, offset: int) -> CommentStyle:
        """Return the style of a comment that begins at `offset`."""
        source = self._program.source
        line = max(source.rfind(b"\n", 0, offset), source.rfind(b"\r", 0, offset)) + 1
        before = source[line:offset].decode().lstrip("\ufeff")
        block = not before.strip(" \t")
        return CommentStyle(block=block, indent=before if block else "", newline=self._newline)

    def _annotations(self, wanted: Sequence[tuple[TypeTarget, str]]) -> list[TextEdit]:
        texts: dict[int, str] = {}
        # a return after a parameter: behind a bare arrow parameter both stand at one place
        for target, type in sorted(wanted, key=lambda pair: pair[0].kind == "return"):
            if target.form == "destructured":
                continue
            name = self._leaf_at[target.span[0]]
            bare = self._bare_parameter(target)
            if target.kind == "return":
                assert target.function is not None
                parent = self._functions[target.function].node.parent
                if (
                    parent is not None and parent.type == "ternary_expression"
                ):  # `a ? (b): c => d : e` is read in two ways
                    continue
            elif self._cannot_be_annotated(name):
                continue
            type = with_arguments(type, self._text)
            if target.form == "rest" and not (type.endswith("[]") or _ARRAY.fullmatch(type)):
                type = f"{_grouped(type)}[]"
            at = target.hint_offset
            if bare is not None and bare.start not in texts:
                texts[bare.start] = "("
                texts[at] = ")"
            if bare is None:
                texts[at] = texts.get(at, "") + f": {type}"
            elif target.kind == "return":
                texts[at] += f": {type}"
            else:
                texts[at] = f": {type}" + texts[at]
        return [TextEdit(at, at, text) for at, text in sorted(texts.items())]

    def _bare_parameter(self, target: TypeTarget) -> Node | None:
        """Return the parameter of an arrow without parentheses, for itself and for its return."""
        function = self._functions.get(target.function) if target.function is not None else None
        if function is None or target.kind not in ("parameter", "return"):
            return None
        return function.node.field("parameter")

    def _cannot_be_annotated(self, name: Node) -> bool:
        holder = name.parent
        while holder is not None and holder.type in ("assignment_pattern", "rest_pattern"):
            holder = holder.parent
        return holder is None or holder.type in ("member_expression", "for_in_statement")


def _pattern(parameter: Node) -> tuple[Node, Node | None]:
    """Return the name or pattern of a JavaScript parameter, and its default."""
    if parameter.type == "assignment_pattern":
        left = parameter.field("left")
        assert left is not None
        return left, parameter.field("right")
    if parameter.type == "rest_pattern":
        return parameter.named[0], None
    return parameter, None


def _is_simple(parameter: Node) -> bool:
    return _pattern(parameter)[0].type == "identifier"


def _holds(parameter: Node, some: Iterable[tuple[TypeTarget, str]]) -> bool:
    """Whether one of the targets is a name within this destructured parameter."""
    return any(
        t.form == "destructured" and parameter.start <= t.span[0] < parameter.end for t, _ in some
    )


def _element(type: str) -> str:
    """Return what a rest parameter's tag says: the type of one argument."""
    match = _ARRAY.fullmatch(type)
    element = type.removesuffix("[]") if type.endswith("[]") else match[1] if match else type
    return _grouped(element)


def _grouped(type: str) -> str:
    """Return a type that `...` or `[]` can stand beside."""
    enclosed = type.startswith("(") and type.endswith(")") and type.count("(") == 1
    return type if enclosed or re.fullmatch(r"[\w$.\[\]]+(<.*>)?|\{.*\}", type) else f"({type})"


def _newline(source: bytes) -> str:
    match = re.search(rb"\r\n|\n|\r", source)
    return match.group().decode() if match else "\n"
