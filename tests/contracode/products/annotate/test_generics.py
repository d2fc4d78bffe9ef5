"""Generic types get the arguments that TypeScript demands, and nothing else changes."""

import pytest

import augment
from contracode.products.annotate.annotating import Annotator
from contracode.products.annotate.generics import with_arguments
from contracode.products.annotate.text_edits import apply_edits


@pytest.mark.parametrize(
    ("type", "expected"),
    [
        ("Promise[]", "Promise<any>[]"),
        ("Map | null", "Map<any, any> | null"),
        ("Promise<Set>", "Promise<Set<any>>"),
        ("(a: Map) => Set[]", "(a: Map<any, any>) => Set<any>[]"),
        ("Map<string, number>", "Map<string, number>"),
        ("Generator", "Generator"),  # all of its parameters have defaults
        ("immutable.Map", "immutable.Map"),
        ("Map.Entry", "Map.Entry"),
        ("MapLike | $Set", "MapLike | $Set"),
        ("'Map' | \"Set\"", "'Map' | \"Set\""),
        ("string", "string"),
    ],
)
def test_arguments_are_given_where_they_lack(type: str, expected: str):
    assert with_arguments(type, "") == expected
    assert with_arguments(expected, "") == expected


def test_what_the_source_declares_is_its_own():
    assert with_arguments("Map | Set", "class Map {}") == "Map | Set<any>"
    assert with_arguments("Record", "export type Record = string") == "Record"


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("typescript", "let all: Promise<any>[] = f()"),
        ("javascript", "/** @type {Promise[]} */\nlet all = f()"),
    ],
)
def test_annotations_have_arguments_and_jsdoc_needs_none(language: augment.Language, expected: str):
    program = augment.parse("let all = f()", language=language)
    annotator = Annotator(program)
    edits = annotator.edits([(target, "Promise[]") for target in annotator.targets.values()])
    assert apply_edits(program.source, edits).decode() == expected
