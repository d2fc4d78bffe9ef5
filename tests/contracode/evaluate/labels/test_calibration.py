"""`contracode calibrate`: the threshold of a model has the requested precision or coverage."""

import json
import shutil
from pathlib import Path

import pytest

from contracode.cli.main import main
from contracode.corpus.labels.datasets import read_typed, written
from contracode.evaluate.labels.calibration import calibrate
from contracode.evaluate.labels.type_answers import types
from contracode.inference.model import load
from tests.paths import ROOT

SAMPLE = ROOT / "data" / "sample" / "typescript"


@pytest.fixture
def own(tmp_path: Path) -> Path:
    folder = tmp_path / "own"
    shutil.copytree(ROOT / "data" / "models" / "editor", folder)
    return folder


@pytest.mark.parametrize("wanted", [["--precision", "0.95"], ["--coverage", "0.2"], []])
def test_threshold_has_the_requested_precision_or_coverage(
    own: Path, wanted: list[str], capsys: pytest.CaptureFixture[str]
):
    assert main(["calibrate", str(own), "--data", str(SAMPLE), "--json", *wanted]) == 0
    printed = json.loads(capsys.readouterr().out)
    files = written(read_typed([str(SAMPLE)], spelling="both"))
    report = types(load(own), files, files)
    figures = {one.metric: one.value / 100 for one in report.figures if one.method == "editor"}
    assert figures["shown"] == pytest.approx(printed["coverage"], abs=1e-6)
    assert figures["right of shown"] == pytest.approx(printed["precision"], abs=1e-6)
    if "--coverage" in wanted:
        assert printed["coverage"] >= 0.2
        # types with equal confidence are all shown or all hidden
        assert printed["coverage"] - 0.2 < 3 / printed["labels"]
    else:
        assert printed["precision"] >= float((wanted or ["", "0.9"])[1])
    assert load(own).metadata.threshold == printed["threshold"] != printed["before"]


def test_dry_run_changes_nothing(own: Path, capsys: pytest.CaptureFixture[str]):
    before = (own / "config.json").read_bytes()
    assert main(["calibrate", str(own), "--data", str(SAMPLE), "--dry-run", "--labels", "all"]) == 0
    assert "% of them right" in capsys.readouterr().out
    assert (own / "config.json").read_bytes() == before


def test_impossible_threshold_is_a_one_line_error(
    own: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    (tmp_path / "wrong.ts").write_text(
        "".join(f"export function f{i}(n: Unheard{i}) {{ return n }}\n" for i in range(9))
    )
    for model, data, wanted, message in (
        (own, SAMPLE, ["--precision", "1.5"], "--precision 1.5 is not between 0 and 1"),
        (own, SAMPLE, ["--coverage", "0"], "--coverage 0.0 is not between 0 and 1"),
        (own, tmp_path / "wrong.ts", [], "no threshold reaches a precision of 90 %"),
        ("search", SAMPLE, [], "has no type head"),
    ):
        before = (own / "config.json").read_bytes()
        assert main(["calibrate", str(model), "--data", str(data), *wanted]) == 2
        error = capsys.readouterr().err
        assert message in error
        assert error.count("\n") == 1
        assert (own / "config.json").read_bytes() == before
    with pytest.raises(ValueError, match="either"):
        calibrate(load(own), [], precision=0.9, coverage=0.3)
