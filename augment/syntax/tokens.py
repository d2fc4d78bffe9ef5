"""The token table: for every token what a printer must know of it, read off the tree once.

Templates and sources get the same table, so that a stream merged from both can be printed in any
style without another parse. Each token carries two spacing categories, one for each side, and a few
flags; a `Style` decides what they mean.
"""

from __future__ import annotations

from typing import Final

from augment.syntax.tree import FUNCTIONS, Node, Tree

# Spacing categories. A style says for each whether there is a space before or after such a token.
NONE: Final = 0
OPERATOR: Final = 1  # binary, assignment, arrow, ternary
COMMA: Final = 2
WORD: Final = 3  # keywords that are followed by an operand: return, typeof, var, new, else ...
CONTROL: Final = 4  # if, for, while, switch, catch, with: followed by a parenthesis
FUNCTION: Final = 5  # `function` of a function without a name
NAME: Final = 6  # the name of a declared function or method, before its parameters
BLOCK: Final = 7  # opening brace of a block, class or switch
OBJECT: Final = 8  # braces of object literals and patterns
ARRAY: Final = 9  # brackets of array literals and patterns
PAREN: Final = 10  # parentheses
COLON: Final = 11  # after a property key, a type
SEPARATOR: Final = 12  # `;` inside for ( ; ; )
FOLLOW: Final = 13  # else, catch, finally, while of do: after a closing brace
BODY: Final = 14  # the sole statement of an if, else or loop

_AFTER: Final = 4  # the category of the right side is shifted by this much
CATEGORY: Final = 15

RIGID: Final = 1 << 8  # the text before this token is content (templates, JSX): copied as it is
# A `;` that ends a statement and that automatic semicolon insertion could supply.
TERMINATOR: Final = 1 << 9
UNTERMINATED: Final = 1 << 10  # a statement ends behind this token without a `;`
END: Final = 1 << 11  # a statement of a list, or a class member, ends behind this token
OPEN: Final = 1 << 12  # opens an indented list of statements or members
CLOSE: Final = 1 << 13  # closes it
LABEL: Final = 1 << 14  # the colon of a case
START: Final = 1 << 15  # a statement of a list starts with this token
SPREAD_OUT: Final = 1 << 16  # opens an object that the author wrote on several lines
QUOTED: Final = 1 << 17  # a string whose quotes may be changed
NUMBER: Final = 1 << 18
REGEX: Final = 1 << 19
FIRST_CASE: Final = 1 << 20  # `case` or `default`
OUT_CLOSE: Final = 1 << 21  # closes an object that SPREAD_OUT opened

# Statements that end in `;`, written or supplied (ECMA-262 §12.10).
_TERMINATED: Final = frozenset(
    {
        "expression_statement",
        "variable_declaration",
        "lexical_declaration",
        "using_declaration",
        "return_statement",
        "throw_statement",
        "break_statement",
        "continue_statement",
        "debugger_statement",
        "import_statement",
        "do_statement",
        "field_definition",
        # TypeScript
        "public_field_definition",
        "type_alias_declaration",
        "function_signature",
        "abstract_method_signature",
        "method_signature",
        "property_signature",
        "index_signature",
        "call_signature",
        "construct_signature",
        "import_alias",
    }
)

STATEMENT_LISTS: Final = frozenset({"program", "statement_block", "switch_case", "switch_default"})

# Statements that have a sole statement as their body.
SINGLE_PARENTS: Final = frozenset(
    {
        "if_statement",
        "else_clause",
        "for_statement",
        "for_in_statement",
        "while_statement",
        "do_statement",
        "labeled_statement",
        "with_statement",
    }
)

_MEMBER_LISTS: Final = frozenset({"class_body", "interface_body", "object_type", "enum_body"})

_OPERATOR_PARENTS: Final = frozenset(
    {
        "binary_expression",
        "assignment_expression",
        "augmented_assignment_expression",
        "ternary_expression",
        "assignment_pattern",
        "object_assignment_pattern",
        "variable_declarator",
        "arrow_function",
        "field_definition",
        "public_field_definition",
        "required_parameter",
        "optional_parameter",
        "enum_assignment",
        "type_alias_declaration",
        "union_type",
        "intersection_type",
        "function_type",
        "conditional_type",
    }
)

_WORDS: Final = frozenset(
    "return throw typeof void delete new var let const using case else do try in of instanceof "
    "yield await async class extends import "
    "export from as default static get set break continue function finally enum interface type "
    "namespace declare abstract implements "
    "readonly public private protected override keyof infer is asserts satisfies module global "
    "accessor debugger super".split()
)
_CONTROL: Final = frozenset({"if", "for", "while", "switch", "catch", "with"})
_FOLLOWERS: Final = frozenset({"else", "catch", "finally"})
_TYPE_COLONS: Final = frozenset(
    {
        "type_annotation",
        "pair",
        "pair_pattern",
        "labeled_statement",
        "property_signature",
        "index_signature",
    }
)


def token_flags(tree: Tree, text: list[str], source: bytes) -> list[int]:
    """Return the flags of every token: two spacing categories and the bits above.

    Args:
        tree: the tree of a source or template.
        text: for each token its text.
        source: the bytes the offsets of the tree refer to (wrapper tokens lie outside).
    """
    flags = [_categories(leaf, word) for leaf, word in zip(tree.leaves, text, strict=True)]
    for node in tree.nodes:
        rule = _RULES.get(node.type)
        if rule is not None:
            rule(node, flags, text, source)
        parent = node.parent
        if (
            parent is not None
            and parent.type in SINGLE_PARENTS
            and _is_body(node, parent)
            and not flags[node.first] & CATEGORY
        ):
            flags[node.first] |= BODY
        if parent is not None and node.is_named and node.last > node.first:
            if parent.type in STATEMENT_LISTS and node.field_name not in ("value", "name"):
                flags[node.first] |= START
                flags[node.last - 1] |= END
            elif parent.type in _MEMBER_LISTS:
                flags[node.first] |= START
                _end_member(node, flags, text)
        if node.type in _TERMINATED or (
            node.type == "export_statement" and node.children[-1].type not in _ENDED_EXPORTS
        ):
            _terminate(node, flags, text)
        elif node.type == "export_statement" and node.children[-1].type == ";":
            flags[node.last - 1] |= TERMINATOR
    return flags


# The last parts of exports that end by themselves, or in a semicolon that is written.
_ENDED_EXPORTS: Final = (
    ";",
    "function_declaration",
    "generator_function_declaration",
    "class_declaration",
    "abstract_class_declaration",
    "lexical_declaration",
    "variable_declaration",
    "interface_declaration",
    "type_alias_declaration",
    "enum_declaration",
    "internal_module",
    "ambient_declaration",
    "function_signature",
)


def _is_body(node: Node, parent: Node) -> bool:
    return node.is_named and (
        node.field_name in ("body", "consequence") or parent.type == "else_clause"
    )


def _terminate(node: Node, flags: list[int], text: list[str]) -> None:
    parent = node.parent
    assert parent is not None
    if parent.type in ("for_statement", "for_in_statement") and node.field_name != "body":
        return
    if node.children[0].type == "internal_module":
        return  # `namespace N {}`, which the grammar takes for an expression
    if node.children[-1].type == ";":
        if text[node.first : node.last] != [
            "let",
            ";",
        ]:  # without its semicolon it would begin a declaration
            flags[node.last - 1] |= TERMINATOR
    elif node.type in ("field_definition", "public_field_definition") or node.type.endswith(
        "_signature"
    ):
        following = node.last
        if following >= len(text) or text[following] not in (";", ","):
            flags[node.last - 1] |= UNTERMINATED
    else:
        flags[node.last - 1] |= UNTERMINATED


def _end_member(node: Node, flags: list[int], text: list[str]) -> None:
    following = node.last
    if following < len(text) and text[following] in (";", ","):
        flags[following] |= END
    else:
        flags[node.last - 1] |= END


def _categories(leaf: Node, word: str) -> int:
    parent = leaf.parent
    assert parent is not None
    above = parent.type
    if leaf.is_named:
        return _named_categories(leaf, parent)
    if word == ",":
        return COMMA << _AFTER
    if word in _CONTROL:
        return CONTROL << _AFTER | (
            FOLLOW if word == "catch" or (word == "while" and above == "do_statement") else 0
        )
    if word == "function":
        named = parent.field("name") is not None or parent.has("*")
        return (WORD if named else FUNCTION) << _AFTER
    if word == "?" and above == "ternary_expression":
        return OPERATOR | OPERATOR << _AFTER
    if word == ":":
        if above == "ternary_expression" or above == "conditional_type":
            return OPERATOR | OPERATOR << _AFTER
        if above in ("switch_case", "switch_default"):
            return LABEL | COLON << _AFTER
        return COLON << _AFTER
    if word in _BRACKETS:
        return _bracket_categories(leaf, parent, word)
    if word == ";":
        return SEPARATOR << _AFTER if above == "for_statement" or _in_for_header(parent) else 0
    if above.startswith("jsx_"):
        return RIGID
    if word in _FOLLOWERS:
        return FOLLOW | WORD << _AFTER
    if word in _WORD_OPERATORS:
        return OPERATOR | OPERATOR << _AFTER
    if word in _WORDS:
        if above == "meta_property" or (word == "import" and above == "import") or word == "super":
            return 0
        return WORD << _AFTER | (
            FIRST_CASE if word in ("case", "default") and above.startswith("switch_") else 0
        )
    if above == "binary_expression" or (
        above in _OPERATOR_PARENTS and word not in ("?", "(", ")", "*")
    ):
        return OPERATOR | OPERATOR << _AFTER
    return 0


def _named_categories(leaf: Node, parent: Node) -> int:
    """Return the categories of a name or literal."""
    kind = leaf.type
    if kind == "identifier" or kind == "property_identifier":
        return NAME << _AFTER if leaf.field_name == "name" and parent.type in FUNCTIONS else 0
    if kind == "string":
        return QUOTED if _is_free_string(leaf, parent) else 0
    if kind == "number":
        return NUMBER
    if kind == "regex":
        return REGEX
    return RIGID if kind in ("string_fragment", "escape_sequence", "jsx_text") else 0


def _bracket_categories(leaf: Node, parent: Node, word: str) -> int:
    """Return the categories of a bracket, or of what starts or ends a template."""
    above = parent.type
    if word == "(":
        return PAREN << _AFTER
    if word == ")":
        return PAREN
    if word == "{":
        if above in _OBJECTS:
            return OBJECT << _AFTER
        return RIGID if above.startswith("jsx_") else BLOCK | OPEN
    if word == "}":
        if above in _OBJECTS:
            return OBJECT
        if above in ("template_substitution", "template_type") or above.startswith("jsx_"):
            return 0
        return CLOSE
    if word == "[":
        return ARRAY << _AFTER
    if word == "]":
        return ARRAY
    if word == "`":
        return RIGID if parent.children[-1] is leaf else 0
    return RIGID  # ${


_BRACKETS: Final = frozenset({"(", ")", "{", "}", "[", "]", "`", "${"})
_OBJECTS: Final = frozenset({"object", "object_pattern", "named_imports", "export_clause"})
_WORD_OPERATORS: Final = frozenset(
    "in of instanceof as from is extends implements satisfies".split()
)


def _in_for_header(statement: Node) -> bool:
    above = statement.parent
    return (
        above is not None
        and above.type == "for_statement"
        and statement.field_name in ("initializer", "condition")
    )


def _is_free_string(leaf: Node, parent: Node) -> bool:
    """Whether the quotes of a string may change: not a directive, not an attribute of JSX, not a
    module's name.
    """
    if parent.type == "expression_statement" or parent.type.startswith("jsx_"):
        return False
    return parent.type not in (
        "import_statement",
        "export_statement",
        "export_specifier",
        "import_specifier",
        "literal_type",
    )


def _rigid_inside(node: Node, flags: list[int], text: list[str], source: bytes) -> None:
    """Mark what stands directly in JSX: white space there is content, or too near to it to
    touch.
    """
    for child in node.children:
        flags[child.first] |= RIGID
    if node.type in ("jsx_element", "jsx_self_closing_element"):
        parent = node.parent
        if parent is not None and not parent.type.startswith("jsx_"):
            flags[node.first] &= ~RIGID


def _rigid_expression(node: Node, flags: list[int], text: list[str], source: bytes) -> None:
    flags[node.first] |= RIGID


def _rigid_template(node: Node, flags: list[int], text: list[str], source: bytes) -> None:
    """Behind a substitution the text goes on at once."""
    for child in node.children[1:]:
        flags[child.first] |= RIGID


def _spread_object(node: Node, flags: list[int], text: list[str], source: bytes) -> None:
    """An object that its author wrote on several lines stays on several lines (the rule of
    prettier).
    """
    if (
        len(node.children) > 2
        and b"\n" in source[max(node.start, 0) : max(node.children[1].start, 0)]
    ):
        flags[node.first] |= SPREAD_OUT
        flags[node.last - 1] |= OUT_CLOSE
        for child in node.children:
            if child.type == ",":
                flags[child.first] |= END


_RULES: Final = {
    "jsx_element": _rigid_inside,
    "jsx_opening_element": _rigid_inside,
    "jsx_closing_element": _rigid_inside,
    "jsx_self_closing_element": _rigid_inside,
    "jsx_attribute": _rigid_inside,
    "jsx_namespace_name": _rigid_inside,
    "jsx_expression": _rigid_expression,
    "template_string": _rigid_template,
    "template_literal_type": _rigid_template,
    "object": _spread_object,
}
