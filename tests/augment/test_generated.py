"""Generated programs answer the same in V8 before and after every transform, and after all
together.
"""

from collections.abc import Iterator

import pytest

import augment
from augment import Pipeline, Program, Replace, Rewrite, Semantics, transform
from tests.augment.differential import answers, disagreement, minimized
from tests.augment.generated import NEED_NUMBERS, generate, plain_data
from tests.augment.proof import differential, passed

PROGRAMS = range(12)


@pytest.mark.parametrize("name", augment.registry())
def test_each_transform_keeps_the_answers(name: str) -> None:
    level = augment.registry()[name].level
    if level is Semantics.CHANGED or name in NEED_NUMBERS:
        pytest.skip("promises nothing for these programs")
    pipeline = Pipeline([name], probability=1, strength=1, level=level)
    for seed in PROGRAMS:
        view, difference = disagreement(generate(seed), pipeline, seed, answers(seed))
        assert not difference, f"program {seed}: {difference}\n{view.text}"


@pytest.mark.parametrize(
    "pipeline",
    [Pipeline.everything(), Pipeline.default(), plain_data()],
    ids=["everything", "default", "plain-data"],
)
def test_all_together_keep_the_answers(pipeline: Pipeline) -> None:
    for seed in range(40):
        view, difference = disagreement(generate(seed), pipeline, seed, answers(seed))
        assert not difference, f"program {seed}: {difference}\n{view.text}"


def test_programs_parse_and_most_run_to_their_end() -> None:
    ended = [not answers(seed)[0].startswith(("loading", "throws")) for seed in range(60)]
    assert sum(ended) > 40
    assert generate(3) == generate(3) != generate(4)


@transform(
    "swap-operands", family="test", phase="structure", level=Semantics.PRESERVED, probability=1
)
def swap_operands(program: Program) -> Iterator[Rewrite]:
    """Write every `-` as `+`, which is wrong."""
    for node in program.nodes("binary_expression"):
        if node.children[1].type == "-":
            yield Rewrite((Replace(node.children[1], "+"),))


def test_a_transform_that_is_wrong_is_caught_and_shrunk() -> None:
    pipeline = Pipeline([swap_operands])
    caught = [
        seed for seed in range(12) if disagreement(generate(seed), pipeline, 0, answers(seed))[1]
    ]
    assert caught
    small = minimized(generate(caught[0]), pipeline, 0)
    assert len(small) < 200 < len(generate(caught[0]))
    assert disagreement(small, pipeline, 0)[1]


def test_the_long_proof_counts_what_it_ran(capsys: pytest.CaptureFixture[str]) -> None:
    assert differential(0.5, 0) == 0
    assert "rename-variables" in capsys.readouterr().out


def test_the_long_proof_tells_red_suites() -> None:
    line = (
        "TOTAL green {}/8 suites; tests still passing 9/9 = 100.0%; files changed 3/3; "
        "transform-failed 0; unparsable {}"
    )
    assert passed(line.format(8, 0))
    assert not passed(line.format(7, 0))
    assert not passed(line.format(8, 1))
    assert not passed("")
