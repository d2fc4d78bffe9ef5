"""Equivalent rewrites of JavaScript: parse once, analyse once, render many variants.

>>> import augment
>>> program = augment.parse("function add(a, b) { return a + b }")
>>> [binding.name for binding in program.scopes.bindings]
['add', 'a', 'b']
>>> view = augment.Pipeline.default().view(program, seed=1)
"""

from augment.normal_form.normalize import (
    normalize,
    normalized,
    number_names,
    number_names_with_offsets,
)
from augment.pipeline.pipeline import Applied, Pipeline, Refused, View
from augment.printing.positions import PositionMap
from augment.program.files import parse_file
from augment.program.function import Function
from augment.program.program import Program, parse
from augment.program.resolution import Scopes
from augment.program.scope import Binding, Reference, Scope
from augment.reading.partial import Skipped
from augment.rewriting.edits import Insert, Replace, Rewrite, replace
from augment.rewriting.registry import (
    Draw,
    Transform,
    families,
    load_transform,
    registry,
    transform,
)
from augment.rewriting.semantics import Semantics
from augment.rewriting.templates import Body, Code, expression, statements
from augment.syntax.tree import Language, Node, ParseError

__all__ = [
    "Applied",
    "Binding",
    "Body",
    "Code",
    "Draw",
    "Function",
    "Insert",
    "Language",
    "Node",
    "ParseError",
    "Pipeline",
    "PositionMap",
    "Program",
    "Reference",
    "Refused",
    "Replace",
    "Rewrite",
    "Scope",
    "Scopes",
    "Semantics",
    "Skipped",
    "Transform",
    "View",
    "expression",
    "families",
    "load_transform",
    "normalize",
    "normalized",
    "number_names",
    "number_names_with_offsets",
    "parse",
    "parse_file",
    "registry",
    "replace",
    "statements",
    "transform",
]
