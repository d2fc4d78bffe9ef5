import random

import pytest

from augment import Pipeline
from benchmarks.fuzz_augment import corpus, drawn, exercise, guarded, lines, mutate, nests

PIPELINES = (Pipeline.everything(), Pipeline.default())
FILES = corpus([])


def test_broken_and_odd_inputs_are_refused_or_rewritten() -> None:
    for number in range(400):
        kind, source, language = drawn(number, 1, FILES)
        assert exercise(source, language, PIPELINES, number) in ("parsed", "refused"), (
            number,
            kind,
            source,
        )


def test_inputs_depend_on_their_number_alone() -> None:
    assert drawn(7, 0, FILES) == drawn(7, 0, FILES)
    assert len({str(drawn(number, 0, FILES)) for number in range(50)}) == 50


@pytest.mark.parametrize("source", list(nests(1500)), ids=lambda source: source[0])
def test_nesting_does_not_exhaust_the_stack(source) -> None:
    _, text, language = source
    for number in range(2):
        assert exercise(text, language, PIPELINES, number) in ("parsed", "refused")


def test_long_lines() -> None:
    for _, source, language in lines(5_000):
        assert exercise(source, language, PIPELINES, 0) in ("parsed", "refused")


def test_mutations_change_the_text() -> None:
    tokens = list("abcdefghij")
    texts = {mutate(random.Random(seed), tokens, list("XYZ")) for seed in range(50)}
    assert len(texts) > 30
    assert "".join(tokens) == "abcdefghij"


def test_a_crash_is_told_by_name_and_place() -> None:
    def crash() -> str:
        raise IndexError("no")

    assert guarded(crash)[0].startswith("IndexError in test_fuzz_augment.py:")
