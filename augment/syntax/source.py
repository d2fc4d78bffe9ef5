"""Source text as it comes: encodings, kinds of program, and bare snippets that are no programs by
themselves.

CodeSearchNet's rows, an editor's selection or a method pasted into a query are often no programs: a
method needs a class or an object around it, an anonymous function an expression. `WRAPPERS` lists
what is put around them, in the order tried; offsets always refer to the text that was given.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from operator import attrgetter
from typing import Final, Literal, Protocol

from augment.syntax.tree import (
    Language,
    Node,
    ParseError,
    SourceType,
    Tree,
    function_around,
    is_name,
    parse_tree,
)

# What is put before and behind a source that does not parse as it is.
WRAPPERS: Final[tuple[tuple[bytes, bytes], ...]] = (
    (b"", b""),
    (b"({\n", b"\n})"),
    (b"(class {\n", b"\n})"),
    (b"(class extends Object {\n", b"\n})"),
    (b"(\n", b"\n)"),
    (b"async function* _() {\n", b"\n}"),
)

_LONE_RETURN: Final = re.compile(rb"\r(?!\n)")

_LET_PATTERN: Final = re.compile(rb"\bfor\s+await\s*\(\s*(let)\s*\[")

# ECMA-262 §12.3.
_LINE_END: Final = re.compile(b"[\n\r]|\xe2\x80[\xa8\xa9]")

_HTML_COMMENT: Final = re.compile(b"<!--|-->")

# U+2028 and U+2029 end lines as well; the grammar takes them for blanks.
_SEPARATORS: Final = re.compile(b"\xe2\x80[\xa8\xa9]")

# ECMA-262 §12.7.2, without those that are reserved only somewhere.
RESERVED_WORDS: Final = frozenset(
    "break case catch class const continue debugger default delete do else enum export extends false finally for function if import in "
    "instanceof new null return super switch this throw true try typeof var void while with".split()
)

_STATEMENT_START: Final = "an expression here starts like a block or a declaration"

# The grammar takes a reserved word for a name where it expects no keyword of its spelling.
_NAMES = frozenset({"identifier", "shorthand_property_identifier"})

# Where an `identifier` is the name of an import or export: any word (ECMA-262 §16.2.2, §16.2.3).
_PLACES_OF_ANY_WORD = frozenset({"import_specifier", "export_specifier", "namespace_export"})

SourceTypeOption = Literal["auto", "script", "module", "commonjs"]


def read(source: str | bytes) -> bytes:
    """Return `source` as UTF-8.

    Raises:
        ParseError: it is not valid UTF-8 text (lone surrogates, broken bytes).
    """
    if isinstance(source, str):
        try:
            return source.encode()
        except UnicodeEncodeError as error:
            raise place(
                source[: error.start], f"a lone surrogate {source[error.start]!r} is no UTF-8 text"
            ) from None
    try:
        source.decode()
    except UnicodeDecodeError as error:
        raise place(
            source[: error.start].decode(), f"byte 0x{source[error.start]:02x} is no UTF-8 text"
        ) from None
    return source


def place(before: str, message: str) -> ParseError:
    """Return a `ParseError` that points just behind the text `before`."""
    line = before.count("\n") + 1
    return ParseError(message, line, len(before) - (before.rfind("\n") + 1) + 1)


class Shown(Protocol):
    """What the grammar reads instead of a source: a text of the same length.

    Attributes:
        text: the text.
        dropped: offsets of semicolons that the source does not have.
    """

    text: bytearray
    dropped: set[int]

    def undo(self, tree: Tree) -> None:
        """Give the tokens of `tree` the extent and type that they have in the source."""
        ...


def parse_wrapped(
    source: bytes, language: Language, shown: Shown | None = None
) -> tuple[Tree, bytes, bytes]:
    """Parse `source`, as it is or in the first wrapper in which it parses.

    Args:
        source: UTF-8 text.
        language: which grammar reads it.
        shown: what the grammar reads instead.

    Returns:
        The tree with offsets into `source` (those of wrapper tokens are negative or beyond its
        end), and the wrapper.

    Raises:
        ParseError: it parses in none; the place is that of the unwrapped attempt.
    """
    failure: tuple[str, int] | None = None
    # the grammar knows no carriage return as a line terminator (ECMA-262 §12.3); a line feed is as
    # long
    dropped: set[int] = set()
    if shown is not None:
        source, dropped = bytes(shown.text), shown.dropped
    source = _LONE_RETURN.sub(b"\n", source)
    # it reads `for await (let [` as an access; a `var` is as long, and its leaf becomes a `let`
    # again
    let_starts = {match.start(1) for match in _LET_PATTERN.finditer(source)}
    for start in let_starts:
        source = source[:start] + b"var" + source[start + 3 :]
    for prefix, suffix in WRAPPERS:
        tree = parse_tree(prefix + source + suffix, language, len(prefix), dropped)
        if isinstance(tree, Tree) and b"await" in source:
            tree = _with_awaits(tree, source, prefix, suffix, language)
        if isinstance(tree, Tree):
            if let_starts:
                for leaf in tree.leaves:
                    if leaf.start in let_starts and leaf.type == "var":
                        leaf.type = "let"
            if _stands_alone(tree, len(source)) if prefix else not _is_bare_object(tree):
                if shown is not None:
                    shown.undo(tree)
                return tree, prefix, suffix
            failure = failure or (_STATEMENT_START, tree.nodes[0].start)
        elif failure is None:
            failure = tree
    assert failure is not None
    message, offset = failure
    raise place(source[: max(offset, 0)].decode(errors="replace"), message)


def _with_awaits(
    tree: Tree, source: bytes, prefix: bytes, suffix: bytes, language: Language
) -> Tree | tuple[str, int]:
    """Return `tree`, or where the grammar took `await (p).x` or `await [p][0]` for a call or an
    access, the tree as it is.

    Where `await` is a keyword (ECMA-262 §15.8.1) it is read again as `void `, an operator of the
    same place and length.
    """
    shift = len(prefix)
    starts = {
        leaf.start
        for leaf in tree.leaves
        if leaf.type == "identifier"
        and leaf.end - leaf.start == 5
        and source.startswith(b"await", max(leaf.start, 0))
        and _may_await(tree, leaf)
    }
    if not starts:
        return tree
    whole = prefix + source + suffix
    for start in starts:
        whole = whole[: start + shift] + b"void " + whole[start + shift + 5 :]
    again = parse_tree(whole, language, shift)
    if isinstance(again, Tree):
        for leaf in again.leaves:
            if leaf.start in starts and leaf.type == "void":
                expression = leaf.parent
                assert expression is not None
                expression.type, leaf.type, leaf.end = "await_expression", "await", leaf.start + 5
                for child in expression.children:
                    child.field_name = None
    return again


def _may_await(tree: Tree, leaf: Node) -> bool:
    """Whether `leaf` stands in an asynchronous function or in the body of a module, where `await`
    is no name.
    """
    around = function_around(leaf)
    if around is not None:
        return around.has("async")
    return any(
        node.type in ("import_statement", "export_statement") for node in tree.nodes[0].children
    )


def _is_bare_object(tree: Tree) -> bool:
    """Whether all there is, is an expression that starts with the brace of an object: no program,
    but a snippet.
    """
    children = tree.nodes[0].children
    return (
        len(children) == 1
        and children[0].type == "expression_statement"
        and tree.leaves[0].type == "{"
    )


def _stands_alone(tree: Tree, size: int) -> bool:
    """Whether the snippet stayed inside the brackets that the wrapper opened: `})({` must not pass
    for a method.
    """
    outer = tree.nodes[0].children
    if len(outer) != 1:
        return False
    first = next((leaf for leaf in tree.leaves if leaf.start >= 0), None)
    last = next((leaf for leaf in reversed(tree.leaves) if leaf.end <= size), None)
    if first is None or last is None or first.end > size:
        return False
    container = first.parent
    while container is not None and container.start >= 0:
        container = container.parent
    return container is not None and container.contains(last)


def detect_source_type(tree: Tree, text: list[str]) -> SourceType:
    """Guess what kind of program this is from what stands at its top level and what it calls.

    `import`, `export`, `import.meta` or a top-level `await` make a module (ECMA-262 §16.2); free
    use of `require`, `module` or `exports` makes CommonJS. What asks whether there is a `module`
    (UMD) is a script as well, so that its globals stay.
    """
    for node in tree.nodes[0].children:
        if node.type in ("import_statement", "export_statement"):
            return "module"
    if any(_makes_module(node, text) for node in tree.nodes):
        return "module"
    found: SourceType = "script"
    for node in tree.leaves:
        if node.type == "identifier" and text[node.first] in ("require", "module", "exports"):
            parent = node.parent
            if parent is None:
                continue
            if parent.type == "unary_expression" and parent.children[0].type == "typeof":
                if text[node.first] != "require":
                    return "script"
            elif parent.type in ("call_expression", "member_expression", "assignment_expression"):
                found = "commonjs"
    return found


def _makes_module(node: Node, text: list[str]) -> bool:
    """Whether `node` is `import.meta`, or an `await` outside of functions."""
    if node.type == "meta_property":
        return text[node.first] == "import"
    return node.type == "await_expression" and node.start >= 0 and function_around(node) is None


_OPERATIONS: Final = frozenset(
    {
        "call_expression",
        "member_expression",
        "subscript_expression",
        "binary_expression",
        "ternary_expression",
    }
)


def _is_operand(node: Node, parent: Node) -> bool:
    """Whether `node` is the first operand of `parent`, which an arrow function without parentheses
    cannot be (ECMA-262 §15.3).
    """
    return parent.type in _OPERATIONS and parent.children[0] is node


def misread(
    tree: Tree, text: list[str], source: bytes, source_type: SourceType
) -> tuple[str, int] | None:
    """Return why, and where, the grammar is known to have misread this source without an error
    node, or None.

    Each rule was found by comparing with a second parser: see tests/augment/test_syntax.py.
    """
    for leaf in tree.leaves:
        if (
            leaf.type == "identifier"
            and text[leaf.first] in ("let", "using")
            and _is_statement(leaf)
        ):
            return f"`{text[leaf.first]}` before a line break is read in two ways", leaf.start
        if (
            leaf.type == "identifier"
            and text[leaf.first] == "let"
            and text[leaf.last : leaf.last + 1] == ["["]
        ):
            return (
                "`let [` begins a pattern that is read as an access",
                leaf.start,
            )  # ECMA-262 §14.5, §14.7.5
        if leaf.type in _NAMES and text[leaf.first] in RESERVED_WORDS:
            around = leaf.parent.type if leaf.parent is not None else ""
            if around not in _PLACES_OF_ANY_WORD and not around.startswith("jsx_"):
                return "a reserved word is no variable", leaf.start
        if leaf.type == "property_identifier" and text[leaf.first] in (
            "get",
            "set",
            "static",
            "async",
        ):
            member = leaf.parent
            if (
                member is not None
                and member.type in ("field_definition", "public_field_definition")
                and len(member.children) == 1
                and text[leaf.last][:1] not in (";", "}", "=")
            ):
                return f"`{text[leaf.first]}` before a line break is read in two ways", leaf.start
    for node in tree.nodes:
        if (
            node.type == "expression_statement"
            and node.start >= 0
            and _starts_as_statement(node, text)
        ):
            return _STATEMENT_START, node.start
        if (
            node.type == "arrow_function"
            and node.parent is not None
            and _is_operand(node, node.parent)
        ):
            return "the line behind a function is read in two ways", node.end
        if node.type in _RESTRICTED and _is_split(tree, node, source):
            return "the grammar reads on behind a line break that ends a statement", node.start
        if (
            node.type == "yield_expression"
            and len(node.children) > 1
            and (is_name(node) or _is_name_at_top(tree, node, text))
        ):
            return "`yield` is a name here, and an operator to the grammar", node.start
        if node.type == "new_expression" and _takes_constructor(node):
            return "`new new a().b` is read in two ways", node.start
        if node.type == "assignment_expression" and node.children[0].type == "using":
            return "`using` is read as part of an assignment", node.start
        if node.type == "using_declaration" and any(
            child.named[0].type.endswith("_pattern") or text[child.first] == "let"
            for child in node.named
        ):
            return "`using` declares neither patterns nor `let`: it is a name here", node.start
    for match in _SEPARATORS.finditer(source):
        if not _inside_text(tree, match.start()) or _inside_line_comment(
            tree, match.start(), source
        ):
            return "U+2028 or U+2029 as a line terminator is read in two ways", match.start()
    if source_type != "module":
        for match in _HTML_COMMENT.finditer(source):
            if not _inside_text(tree, match.start()) and not _is_decrement(
                tree, match.start(), source
            ):
                return "an HTML-like comment (ECMA-262 §B.1.1) is read in two ways", match.start()
    return None


def _is_name_at_top(tree: Tree, node: Node, text: list[str]) -> bool:
    """Whether a `yield` outside of functions is a name: a snippet of a generator declares none."""
    return function_around(node) is None and any(
        leaf.type == "identifier" and text[leaf.first] == "yield" for leaf in tree.leaves
    )


def _takes_constructor(node: Node) -> bool:
    """Whether `node` is `new new a()` before a property, which belongs to the inner `new` (ECMA-262
    §13.3).
    """
    parent, callee = node.parent, node.field("constructor")
    return (
        parent is not None
        and parent.children[0] is node
        and parent.type in ("member_expression", "subscript_expression", "call_expression")
        and callee is not None
        and callee.type == "new_expression"
        and node.field("arguments") is None
    )


# No line ends behind the first part of these (ECMA-262 §12.10.1): there the statement ends, or the
# operator belongs to what follows.
_RESTRICTED: Final = frozenset(
    {"return_statement", "yield_expression", "update_expression", "async"}
)


def _is_split(tree: Tree, node: Node, source: bytes) -> bool:
    """Whether a line ends, in a comment perhaps, between a keyword and what belongs to it, or an
    operand and the `++` behind it.
    """
    parts = node.children or [node]
    first, second = parts[0], "" if len(parts) == 1 else parts[1].type
    if (
        first.start < 0
        or first.type in ("++", "--")
        or second in (";", "*")
        or (not second and node.type != "async")
    ):
        return False
    return _LINE_END.search(source, first.end, tree.leaves[first.last].start) is not None


def _starts_as_statement(node: Node, text: list[str]) -> bool:
    """Whether an expression statement starts with what only a block, function or class may start
    with (ECMA-262 §14.5).
    """
    first = text[node.first]
    if first == "{":
        return True
    if first == "async":
        first = text[node.first + 1] if node.first + 1 < node.last else ""
    if first not in ("function", "class"):
        return False
    # a bare anonymous function is a snippet
    return node.named[0].type not in ("function_expression", "generator_function", "class")


def _inside_line_comment(tree: Tree, at: int, source: bytes) -> bool:
    comment = _at(tree.comments, at)
    return comment is not None and source.startswith(b"//", comment.start)


def _is_statement(leaf: Node) -> bool:
    parent = leaf.parent
    return (
        parent is not None and parent.type == "expression_statement" and len(parent.children) == 1
    )


def _inside_text(tree: Tree, at: int) -> bool:
    """Whether the byte at `at` lies in a comment, string, regular expression, template or JSX
    text.
    """
    comment, leaf = _at(tree.comments, at), _at(tree.leaves, at)
    if comment is not None and comment.type == "comment":
        return True
    return leaf is not None and leaf.type in ("string", "regex", "string_fragment", "jsx_text")


def _at(nodes: list[Node], at: int) -> Node | None:
    """Return which of these, that follow one another, holds the byte at `at`."""
    number = bisect_right(nodes, at, key=_START) - 1
    return nodes[number] if number >= 0 and at < nodes[number].end else None


def _is_decrement(tree: Tree, at: int, source: bytes) -> bool:
    """Whether `-->` stands behind a token on its line, so that it is `--` and `>` (ECMA-262
    §B.1.1).
    """
    leaf = _at(tree.leaves, at)
    if leaf is None or leaf.type != "--" or leaf.start != at or leaf.first == 0:
        return False
    return _LINE_END.search(source, tree.leaves[leaf.first - 1].end, at) is None


_START: Final = attrgetter("start")
