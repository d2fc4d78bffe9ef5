"""Every transform does to its cases what they say, and no checker finds anything wrong with it."""

import itertools
from functools import cache
from pathlib import Path

import pytest

import augment
from augment.checking.verify import check
from tests.augment.cases import FOLDER, Case, all_cases
from tests.v8 import run_calls

CASES = all_cases()


def _name(case: Case) -> str:
    return f"{case.transform}/{case.path.stem}"


@pytest.mark.parametrize("case", CASES, ids=_name)
def test_output(case: Case, request: pytest.FixtureRequest) -> None:
    if request.config.getoption("--update-cases"):
        case.update()
        return
    view = case.view()
    if case.expected is None:
        assert view.text == case.source
        assert not view.applied
    else:
        assert view.text == case.expected
        assert view.applied


@pytest.mark.parametrize("case", CASES, ids=_name)
def test_checkers_find_nothing(case: Case) -> None:
    program = case.parse()
    for transforms in ([case.transform], None):
        pipeline = augment.Pipeline(
            transforms, probability=1, strength=1, level=case.equivalent_level
        )
        for seed in range(3):
            assert check(program, pipeline.view(program, seed)) == []


@pytest.mark.parametrize("case", [case for case in CASES if case.runs], ids=_name)
def test_same_answers_in_v8(case: Case) -> None:
    program = case.parse()
    kind = "commonjs" if program.source_type == "commonjs" else "script"
    before = run_calls(case.source, case.runs, source_type=kind)
    assert not before[0].startswith("loading"), before
    for transforms in ([case.transform], None):
        pipeline = augment.Pipeline(
            transforms, probability=1, strength=1, level=case.equivalent_level
        )
        for seed in range(4):
            view = pipeline.view(program, seed)
            assert run_calls(view.text, case.runs, source_type=kind) == before, view.text


@cache
def _answers(text: str, runs: tuple[str, ...], kind: str) -> list[str]:
    return run_calls(text, runs, source_type=kind)


def test_every_two_transforms_together_in_v8() -> None:
    names = list(augment.registry())
    runnable = [(case, case.parse()) for case in CASES if case.runs]
    for one, other in itertools.combinations(names, 2):
        pipelines = {
            level: augment.Pipeline([one, other], probability=1, strength=1, level=level)
            for level in (augment.Semantics.OBSERVABLE, augment.Semantics.PLAIN_DATA)
        }
        for case, program in runnable:
            if case.transform not in (one, other):
                continue
            kind = "commonjs" if program.source_type == "commonjs" else "script"
            view = pipelines[case.equivalent_level].view(program, seed=5)
            # many pairs give the same text, as one of the two has nothing to do there
            answers = _answers(view.text, tuple(case.runs), kind)
            assert answers == _answers(case.source, tuple(case.runs), kind), (
                f"{one} + {other}\n{view.text}"
            )


def test_every_transform_has_cases_of_both_kinds() -> None:
    for name in augment.registry():
        mine = [case for case in CASES if case.transform == name]
        assert any(case.expected is not None for case in mine), (
            f"{name} has no case that it rewrites"
        )
        assert any(case.expected is None for case in mine), (
            f"{name} has no case that it must leave alone"
        )


def test_registry_equals_folder() -> None:
    folder = Path(augment.__file__).parent / "transforms"
    files = {path.stem.replace("_", "-") for path in folder.glob("*.py")} - {"--init--"}
    assert list(augment.registry()) == sorted(files)
    assert {path.name for path in FOLDER.iterdir() if path.is_dir()} == files
