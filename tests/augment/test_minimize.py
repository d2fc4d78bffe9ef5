from pathlib import Path

import pytest

import augment
from augment.checking.minimize import minimize
from augment.checking.verify import check
from tests.augment.test_views import capture

SOURCE = (Path(__file__).parents[2] / "data/sample/javascript/relay").glob("*.js")


def test_what_matters_is_left() -> None:
    source = (
        "\n".join(path.read_text() for path in SOURCE)
        + "\nfunction f(x) { while (x) { if (g()) { debugger; } } return h(x, 2); }"
    )
    assert minimize(source, lambda text: "debugger" in text) == "debugger"


def test_a_failure_of_a_transform_shrinks_to_its_core() -> None:
    pipeline = augment.Pipeline([capture])

    def fails(text: str) -> bool:
        try:
            program = augment.parse(text)
        except augment.ParseError:
            return False
        return any(
            "lost its" in problem.message or "another" in problem.message
            for problem in check(program, pipeline.view(program))
        )

    source = (
        "const taken = 1;\nexport function f(first, second) {\n  // adds\n  g(first);\n  return "
        "taken + second;\n}\n"
    )
    assert len(minimize(source, fails)) < 40


def test_what_does_not_parse_shrinks_too() -> None:
    assert minimize("var a = 1;\nvar b = (;\nvar c;", lambda text: "(;" in text) == "(;"


def test_a_source_that_does_not_fail_is_refused() -> None:
    with pytest.raises(ValueError, match="does not fail"):
        minimize("a;", lambda _: False)
