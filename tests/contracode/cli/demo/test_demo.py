"""The demo: a quick run of the real command, its folder, and failing stages."""

import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np
import pytest

from contracode.cli.demo import held_out, stages
from contracode.cli.demo.held_out import retrieval
from contracode.cli.demo.page import figures_table, page
from contracode.cli.demo.results import PRETRAINED, UNTRAINED, Results
from contracode.cli.main import main
from contracode.corpus.labels.datasets import NamedFunction
from contracode.evaluate.clones.views import ViewPair
from contracode.inference.model import load


@dataclass
class Run:
    """A finished quick run."""

    folder: Path
    out: str
    err: str
    results: Results


@pytest.fixture(scope="module")
def quick(tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder = tmp_path_factory.mktemp("demo") / "run"
    command = [
        sys.executable,
        "-m",
        "contracode.cli.main",
        "demo",
        "--quick",
        "--seed",
        "3",
        "-o",
        str(folder),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    results = msgspec.json.decode((folder / "results.json").read_bytes(), type=Results)
    return Run(folder, done.stdout, done.stderr, results)


def test_folder_is_whole_and_its_path_is_printed_last(quick: Run) -> None:
    for name in (
        "pretrain/last.ckpt",
        "types/best",
        "names/best",
        "model/config.json",
        "report.html",
        "results.json",
    ):
        assert (quick.folder / name).exists(), name
    assert [path.name for path in quick.folder.parent.iterdir()] == [quick.folder.name]
    last = quick.out.strip().splitlines()[-1]
    assert last.startswith(f"{quick.folder / 'report.html'}: ")
    assert last.endswith("seconds in all")


def test_results_go_to_stdout_and_progress_to_stderr(quick: Run) -> None:
    for title in ("types:", "names:", "retrieval:", "pretraining:", "a second"):
        assert title in quick.out
    for stage in ("pretrain", "fine-tune types", "fine-tune names", "evaluate"):
        assert stage in quick.err
    assert "GPU available" not in quick.err
    assert "Warning" not in quick.err


def test_both_encoders_had_the_same_steps_and_are_measured_alike(quick: Run) -> None:
    for task in ("types", "names"):
        ours, theirs = (
            quick.results.finetuning[f"{task}, {kind}"].history for kind in (PRETRAINED, UNTRAINED)
        )
        assert [row["step"] for row in ours] == [row["step"] for row in theirs]
    for report in quick.results.reports:
        measured = {
            kind: [f.metric for f in report.figures if f.method == kind]
            for kind in (PRETRAINED, UNTRAINED)
        }
        assert measured[PRETRAINED] == measured[UNTRAINED] != []
        assert all(0 <= f.low <= f.value <= f.high <= 100 for f in report.figures)


def test_what_is_measured_on_was_not_trained_on(quick: Run) -> None:
    projects = [set(quick.results.projects[split]) for split in ("train", "valid", "test")]
    assert all(projects)
    assert len(set().union(*projects)) == sum(map(len, projects))
    assert quick.results.hinted.path.split("/")[1] in projects[2]


def test_page_shows_the_figures_of_the_run(quick: Run) -> None:
    text = (quick.folder / "report.html").read_text("utf-8")
    for report in quick.results.reports:
        for figure in report.figures:
            assert f"<td>{figure.value:.1f} [{figure.low:.1f}, {figure.high:.1f}]</td>" in text
    assert (
        text.count('class="point"')
        == sum(quick.results.num_functions.values())
        == len(quick.results.places)
    )
    assert "<polyline" in text


def test_page_follows_its_results(quick: Run) -> None:
    first = quick.results.reports[0].figures[0]
    changed = msgspec.json.decode(msgspec.json.encode(quick.results), type=Results)
    changed.reports[0].figures[0] = msgspec.structs.replace(first, value=98.7)
    assert "98.7 [" in page(changed)
    assert "98.7 [" not in page(quick.results)


def test_model_loads_and_predicts(quick: Run) -> None:
    model = load(quick.folder / "model")
    assert model.metadata.types
    assert model.metadata.predicts_names
    assert model.predict_types("function f(a) { return a }")
    assert model.embed(["let a = 1"]).shape == (1, model.metadata.dimension)


def test_failed_stage_is_named_with_its_reason_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def fail(*_args: object, **_options: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(stages, "augment_sample", fail)
    assert main(["demo", "--quick", "-o", str(tmp_path / "run")]) == 1
    assert "the stage 'augment' failed: the disk is full" in capfd.readouterr().err
    assert not list(tmp_path.iterdir())


def test_folder_of_something_else_is_left_alone(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "thesis.tex").write_text("years of work")
    assert main(["demo", "--quick", "-o", str(tmp_path)]) == 2
    assert str(tmp_path) in capfd.readouterr().err
    assert (tmp_path / "thesis.tex").read_text() == "years of work"


def test_retrieval_counts_distractors_that_are_nearer() -> None:
    vectors = {
        "a1": [1, 0, 0],
        "a2": [0.8, 0.6, 0],
        "b1": [0, 1, 0],
        "b2": [0, 1, 0],
        "near a": [1, 0, 0],
    }

    def embed(sources: Sequence[str]) -> np.ndarray:
        return np.asarray([vectors[source] for source in sources], np.float32)

    pairs = [ViewPair("a1", "a2", "a.js"), ViewPair("b1", "b2", "b.js")]
    alone = retrieval(pairs, [], {"m": embed}, seed=0)
    among = retrieval(pairs, ["near a"], {"m": embed}, seed=0)
    assert (alone.value("m", "P@1"), alone.value("m", "MRR")) == (100, 100)
    assert (among.value("m", "P@1"), among.value("m", "MRR")) == (50, 75)


def test_map_keeps_the_distances_of_what_lies_in_a_plane() -> None:
    class Flat:
        def embed(self, sources: Sequence[str]) -> np.ndarray:
            corners = np.asarray([[0, 0], [4, 0], [4, 3], [0, 3]], np.float32)
            return corners @ np.asarray([[0.6, 0.8, 0, 0], [0, 0, 0.6, 0.8]], np.float32)

    functions = [NamedFunction(f"f{i}", f"f{i}", "p", "a.js", "train") for i in range(4)]
    places, explained = held_out.place(Flat(), functions)  # pyright: ignore[reportArgumentType]
    found = np.asarray([(one.x, one.y) for one in places])
    assert explained == pytest.approx(1)
    assert np.linalg.norm(found[0] - found[2]) == pytest.approx(5, abs=1e-3)
    assert np.linalg.norm(found[0] - found[1]) == pytest.approx(4, abs=1e-3)


def test_tables_of_terminal_and_page_have_the_same_rows(quick: Run) -> None:
    for report in quick.results.reports:
        table = figures_table(report)
        assert [row[0] for row in table.rows][-1] == PRETRAINED
        assert table.strong[-1]
        assert sum(table.strong) == 1
        assert len(table.rows) == report.table().row_count


def test_results_of_other_programs_are_not_replaced(tmp_path: Path):
    (tmp_path / "results.json").write_text('{"passed": 3}')
    assert main(["demo", "--quick", "-o", str(tmp_path)]) == 2
    assert [path.name for path in tmp_path.iterdir()] == ["results.json"]
