"""A transform of one file: this one. No product file knows it."""

import gzip
import json
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

import augment
from augment import Pipeline, Program, Rewrite, Semantics, expression, replace, transform
from augment.checking.verify import check
from augment.rewriting import registry as module

ROWS = Path(__file__).parents[2] / "data" / "sample" / "javascript_train_0.jsonl.gz"
VIEWS = 600

_TWICE = expression("!!$test")


@transform(
    "negate-twice", family="logic", phase="structure", level=Semantics.PRESERVED, probability=0.3
)
def negate_twice(program: Program) -> Iterator[Rewrite]:
    """Write `if (a)` as `if (!!a)`."""
    for node in program.nodes("if_statement"):
        condition = node.field("condition")
        assert condition is not None
        test = condition.named[0]
        yield Rewrite((replace(test, _TWICE, test=test),))


@transform(
    "do-nothing", family="logic", phase="structure", level=Semantics.PRESERVED, probability=0.5
)
def do_nothing(program: Program) -> Iterator[Rewrite]:
    """Find no site in any program."""
    yield from ()


def sources() -> list[str]:
    with gzip.open(ROWS, "rt", encoding="utf-8") as lines:
        return [json.loads(line)["code"] for line in lines]


def views(pipeline: Pipeline) -> list[str]:
    programs = [augment.parse(source) for source in sources()[: VIEWS // 5]]
    return [view.text for program in programs for view in pipeline.views(program, 5, seed=3)]


def test_an_idle_transform_changes_no_view() -> None:
    known = list(augment.registry().values())
    before = views(Pipeline([item for item in known if item.level < Semantics.CHANGED]))
    with_idle = [do_nothing, *(item for item in known if item.level < Semantics.CHANGED)]
    assert len(before) == VIEWS
    assert views(Pipeline(with_idle)) == before
    with_toy = [negate_twice, *with_idle]
    assert views(Pipeline(with_toy)) != before  # the comparison sees a transform that rewrites


def test_a_transform_of_this_file_rewrites() -> None:
    program = augment.parse("if (a + b) c = 1;")
    view = Pipeline([negate_twice], probability=1, strength=1).view(program)
    assert view.text == "if (!!(a + b)) c = 1;"
    assert check(program, view) == []


def test_the_command_line_takes_a_transform_by_module_and_name() -> None:
    command = [sys.executable, "-m", "contracode.cli.main", "augment", "-"]
    path = f"{__name__}:negate_twice"
    done = subprocess.run(
        [*command, "--transform", path],
        input="if (a) b();\n",
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, "if (!!a) b();\n"), done.stderr
    wrong = subprocess.run(
        [*command, "--transform", f"{__name__}:missing"],
        input="",
        capture_output=True,
        text=True,
        check=False,
    )
    assert wrong.returncode == 2
    assert len(wrong.stderr.splitlines()) == 1


def test_installed_packages_add_transforms(monkeypatch: pytest.MonkeyPatch) -> None:
    entry = EntryPoint("negate-twice", f"{__name__}:negate_twice", module.ENTRY_POINTS)
    monkeypatch.setattr("importlib.metadata.entry_points", lambda group: [entry])
    module.registry.cache_clear()
    try:
        assert list(augment.registry()) == [*module.built_in(), "negate-twice"]
        assert "negate-twice" in augment.families()["logic"]
    finally:
        monkeypatch.undo()
        module.registry.cache_clear()
    assert "negate-twice" not in augment.registry()
