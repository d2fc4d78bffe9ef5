"""What kind of thing an expression is, told by its text; V8 is asked whether it is."""

import json

import pytest

import augment
from contracode.expressions import joined, sort_of
from tests.v8 import run_calls

TOLD = {
    "1": "number",
    "-x": "number",
    "-1n": "bigint",
    "+'1'": "number",
    "~5": "number",
    "10n": "bigint",
    "'a'": "string",
    "`a${x}`": "string",
    "/a/g": "RegExp",
    "true": "boolean",
    "!x": "boolean",
    "typeof x": "string",
    "void x": "nothing",
    "null": "nothing",
    "undefined": "nothing",
    "NaN": "number",
    "x": None,
    "x + 1": None,
    "x + ''": "string",
    "1 + 2": "number",
    "x - 1": "number",
    "x - 1n": None,
    "x * x": "number",
    "x << 1": "number",
    "x > 1": "boolean",
    "'a' in {}": "boolean",
    "[] instanceof Array": "boolean",
    "x || 5": "number",
    "x ?? 'a'": "string",
    "x && x.a === 1": "boolean",
    "1 || 'a'": None,
    "x ? 1 : 2": "number",
    "x ? 'a' : null": "string",
    "x ? 'a' : x": None,
    "x ? 1 : 'a'": None,
    "(0, 'a')": "string",
    "[]": "array",
    "[1, 2]": "number[]",
    "[1, 'a']": "array",
    "['a', x]": "array",
    "[...'ab']": "array",
    "({})": "object",
    "() => 1": "function",
    "function () {}": "function",
    "class {}": "function",
    "new Map()": "Map",
    "new Date": "Date",
    "new Array(3)": "array",
    "'ab'.length": "number",
    "'ab'.trim()": "string",
    "'ab'.indexOf('b')": "number",
    "[1, 2].includes(1)": "boolean",
    "[1, 2].join('')": "string",
    "new Date().getFullYear()": "number",
    "[new Date().getMonth(), 1]": "number[]",
    "Math.max(1, 2)": "number",
    "parseInt('1')": "number",
    "Object.keys({ a: 1 })": "string[]",
    "Array.isArray([])": "boolean",
    "JSON.stringify({})": "string",
    "String(x)": "string",
    "f(x)": None,
    "'ab'.at(0)": None,
}


@pytest.mark.parametrize(("text", "expected"), TOLD.items())
def test_the_sort_of_an_expression(text: str, expected: str | None):
    program = augment.parse(f"v = ({text})")
    (assigned,) = program.nodes("assignment_expression")
    value = assigned.field("right")
    assert value is not None
    assert sort_of(value, program) == expected


SORT_OF = """
function sortOf(value) {
  if (value === null || value === undefined) return "nothing";
  if (Array.isArray(value)) {
    const sorts = new Set(value.map(sortOf));
    const [only] = sorts;
    return sorts.size === 1 && ["string", "number", "boolean", "bigint"].includes(only) ? only + "[]" : "array";
  }
  if (typeof value !== "object") return typeof value;
  return value.constructor === Object ? "object" : value.constructor.name;
}
"""


@pytest.mark.parametrize("x", ["0", "''", "'a'", "2", "{ a: 1 }"])
def test_v8_agrees_on_all_that_is_told(x: str):
    """Whatever `x` holds, but where what stands in for it is told."""
    told = {text: sort for text, sort in TOLD.items() if sort is not None and text[:4] not in ("x ||", "x ??", "x &&")}
    answers = run_calls(SORT_OF, [f"(function (x) {{ return sortOf({text}) }})({x})" for text in told])
    for (text, sort), answer in zip(told.items(), answers[: len(told)], strict=True):
        found = json.loads(answer)
        fits = {sort, "nothing"} if " : null" in text else {sort}
        assert found in fits or (sort == "array" and found.endswith("[]")), text


def test_values_that_are_nothing_say_nothing_of_the_others():
    assert joined(["nothing", "string", "nothing"]) == "string"
    assert joined(["nothing"]) == "nothing"
    assert joined(["string[]", "number[]"]) == "array"
    assert joined(["string", "number"]) is None
    assert joined(["string", None]) is None
    assert joined([]) is None
