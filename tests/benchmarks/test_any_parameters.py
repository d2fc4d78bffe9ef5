"""What is counted of TypeScript's `any` parameters."""

from pathlib import Path

import pytest

from benchmarks.any_parameters import Row, compiled, count, hints_of, table
from contracode.corpus.labels.checker import find_typescript
from contracode.inference.model import load
from contracode.support.errors import InputError

SOURCE = """\
/** größe
 * @param {number} written */
function f(written, text, {part}, nothing) { return text.trim() + written.toFixed() + part }
f(1, 'a', {part: 'b'});
"""


def span(name: str) -> tuple[int, int]:
    start = SOURCE.encode().index(name.encode(), SOURCE.encode().index(b"f("))
    return start, start + len(name)


def test_answers_are_counted_where_typescript_has_none() -> None:
    said = {
        (0, 1): ("number", None),
        (1, 2): ("any", "string"),
        (2, 3): ("any", "number | any[]"),
        (3, 4): ("any", "any"),
        (4, 5): ("any", "null"),
        (5, 6): ("any", "{ apply: any; }"),
        (6, 7): ("any", None),
    }
    hints = {
        (0, 1): "string",
        (1, 2): "string",
        (2, 3): "number",
        (3, 4): "Function",
        (5, 6): "Function",
        (6, 7): "unknown",
    }
    row = count(said, hints)
    assert row == Row(parameters=7, any=6, model=4, usage=3, either=4, both=3, same=1, member=1)
    assert row + row == Row(14, 12, 8, 6, 8, 6, 2, 2)
    assert (
        table({"a.js": row}).splitlines()[-1]
        == "| a.js | 7 | 6 | 4 (67 %) | 3 (50 %) | 4 (67 %) | 3 | 1 | 1 |"
    )


def test_hints_are_those_that_an_editor_shows() -> None:
    every = hints_of(SOURCE, load(), 0.0)
    assert set(every) == {span("text"), span("part"), span("nothing")}
    assert hints_of(SOURCE, load(), 1.1) == {}


def test_the_compiler_tells_what_it_infers_and_what_its_fix_writes() -> None:
    try:
        node, typescript, _ = find_typescript(option="--typescript")
    except InputError as error:
        pytest.skip(str(error))
    said = compiled(SOURCE, node, Path(typescript))
    assert said == {
        span("written"): ("number", "number"),
        span("text"): ("any", "string"),
        span("part"): ("any", "any"),
        span("nothing"): ("any", "undefined"),
    }
