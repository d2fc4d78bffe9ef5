"""JSDoc comments: which comment documents a piece of syntax, and which types it contains."""

import re
from dataclasses import dataclass, field

import augment
from contracode.javascript.typing.declarations import Declaration, property_path

# Nodes around a function or class member that its comment may precede.
CARRIERS = frozenset(
    {
        "variable_declarator",
        "lexical_declaration",
        "variable_declaration",
        "export_statement",
        "assignment_expression",
        "expression_statement",
        "parenthesized_expression",
        "pair",
        "field_definition",
        "public_field_definition",
    }
)

_TAG = re.compile(r"@(param|arg|argument|returns?|type|satisfies)\s*\{")
# Each pattern matches white space in one way only, as backtracking would be exponential.
_NAME = re.compile(r"\s*(?:\[\s*)?([\w$.]+)")
_UNTYPED = re.compile(r"@(?:param|arg|argument)[ \t]+(?:\[[ \t]*)?([\w$.]+)")
_BRACE = re.compile(r"[{}]")
_BREAK = re.compile(r"(?<!\s)\s*\n\s*\*?\s*")


@dataclass(slots=True)
class JSDoc:
    """The types in a comment.

    Attributes:
        parameters: name (`options`, or `options.depth` for a property) to type, in order.
        returns: type of `@returns`.
        type: type of `@type`, or of a bare `/** string */` before a parameter.
        names: names of all `@param` tags, with or without a type, in order.
    """

    parameters: dict[str, str] = field(default_factory=dict)
    returns: str | None = None
    type: str | None = None
    names: list[str] = field(default_factory=list)


def parse_jsdoc(comment: str) -> JSDoc:
    """Read the types of a `/** ... */` comment.

    A tag whose brace never closes is ignored, and so is a tag inside the braces of another.
    """
    found = JSDoc()
    closing = _closing_braces(comment)
    end = 0
    named = [(match.start(), match[1]) for match in _UNTYPED.finditer(comment)]
    for match in _TAG.finditer(comment):
        if match.start() < end or match.end() - 1 not in closing:
            continue
        end = closing[match.end() - 1]
        text = _BREAK.sub(" ", comment[match.end() : end]).strip()
        if match[1].startswith("return"):
            found.returns = found.returns or text
        elif match[1] in ("type", "satisfies"):
            found.type = found.type or text
        else:
            name = _NAME.match(comment, end + 1)
            if name is not None:
                found.parameters.setdefault(name[1], text)
                named.append((match.start(), name[1]))
    found.names = [name for _, name in sorted(named)]
    return found


def _closing_braces(text: str) -> dict[int, int]:
    """Map the position of each opening brace to that of its closing brace, if it has one."""
    closing: dict[int, int] = {}
    opened: list[int] = []
    for brace in _BRACE.finditer(text):
        if brace.group() == "{":
            opened.append(brace.start())
        elif opened:
            closing[opened.pop()] = brace.start()
    return closing


class JSDocs:
    """The JSDoc comments of a program, by the syntax that they precede."""

    def __init__(self, program: augment.Program) -> None:
        self._before = {
            comment.first: comment
            for comment in program.comments
            if program.text(comment).startswith("/**")
        }
        self._program = program

    def of(self, node: augment.Node) -> JSDoc | None:
        """Return the documentation of a node, from the comment before it or before the declaration
        or assignment that contains it.
        """
        found = self.comment_of(node)
        return parse_jsdoc(self._program.text(found[0])) if found is not None else None

    def comment_of(self, node: augment.Node) -> tuple[augment.Node, augment.Node] | None:
        """Return the comment that `of` reads, and the syntax that it precedes."""
        if not self._before:
            return None
        child, around = node, node.parent
        while True:
            comment = self._before.get(child.first)
            if comment is not None and comment.end <= child.start:
                return comment, child
            if around is None or around.type not in CARRIERS:
                return None
            if child.type == "variable_declarator" and around.named[0] is not child:
                return None
            child, around = around, around.parent


def documents_parameter(
    program: augment.Program,
    doc: JSDoc | None,
    function: augment.Function,
    declaration: Declaration,
    name: augment.Node,
) -> bool:
    """Return whether the JSDoc of a function states the type of a parameter, or of the pattern
    that contains it.
    """
    if doc is None:
        return False
    if doc.type is not None or program.name_of(name) in doc.parameters:
        return True
    if declaration.form != "destructured":
        return False
    # A pattern has no name: its tag is found by its position, as TypeScript's checker does.
    listed = [parameter for parameter in doc.names if "." not in parameter]
    position = function.parameters.index(declaration.holder)
    if position >= len(listed):
        return False
    whole = listed[position]
    path = property_path(name, program)
    if path is not None and any(other.startswith(f"{whole}.") for other in doc.names):
        return ".".join((whole, *path)) in doc.parameters
    return whole in doc.parameters
