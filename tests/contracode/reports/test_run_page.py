"""`contracode report`: a self-contained page about a run."""

import json
import re
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import torch

from contracode.cli.main import main
from contracode.export.loading import load_encoder
from contracode.heads.finetune import finetune
from contracode.heads.names.settings import NameFinetuneConfig
from contracode.pretrain import pretrain
from contracode.reports.run_page import duration
from contracode.reports.run_report import sample
from contracode.support.errors import InputError
from contracode.support.html.blocks import Map
from contracode.support.html.common_blocks import embedding_map
from contracode.support.html.projection_2d import MapPoint, principal_plane
from contracode.support.run_folder import read_metrics
from tests.contracode.support.html.test_blocks import Outline
from tests.contracode.toy_runs import tiny

FUNCTION = "function %s(list, n) { const total = list.%s(n); return total + %d; }"


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("corpus") / "functions.jsonl"
    rows = [
        {
            "repo": f"own<er>/r{number % 3}",
            "path": "a.js",
            "func_name": f"f{number}",
            "code": FUNCTION % ("f", "g", number),
        }
        for number in range(30)
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


@pytest.fixture(scope="module")
def run(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("runs") / "tiny & small"
    config = tiny(
        "training.held_out=8",
        "training.validate_every=4",
        "training.probe_every=4",
        "training.seed=5",
    )
    pretrain([str(corpus)], folder, config, progress=False)
    return folder


def report(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "contracode.cli.main", "report", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_page_shows_the_run_and_is_self_contained(run: Path, corpus: Path, tmp_path: Path):
    before = {path.name: path.read_bytes() for path in run.iterdir()}
    done = report(run, "-o", tmp_path / "deep" / "page.html", "--map", "pca", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    assert {path.name: path.read_bytes() for path in run.iterdir()} == before
    page = (tmp_path / "deep" / "page.html").read_text("utf-8")
    found = Outline(page)
    assert not {"script", "link", "img", "iframe", "object"} & {tag for tag, _ in found.elements}
    assert not re.search(r"https?:|url\(|@import|\bon\w+=", page)
    assert found.all("meta", **{"http-equiv": "Content-Security-Policy"})

    facts = json.loads(done.stdout)
    assert (facts["kind"], facts["step"], facts["seed"]) == ("pretraining", 12, 5)
    for name in ("metrics", "validation", "probe"):
        assert facts[name] == read_metrics(run / f"{name}.csv")
    assert facts["config"]["training"]["probe_every"] == 4
    assert facts["facts"]["corpus"] == [str(corpus)]
    assert len(facts["embeddings"]["places"]) == page.count('class="point"') == 30

    for shown in (
        "Run tiny & small",
        "Loss",
        "Temperature",
        "Learning rate",
        "AUROC of clones",
        "Uniformity",
        "Map of the",
    ):
        assert shown in found.text
    for shown in (
        "training.probe_every",
        str(corpus),
        facts["facts"]["corpus_digest"],
        "12 steps in ",
        "own<er>/r2",
    ):
        assert shown in found.text
    assert all(value in found.text for value in facts["facts"]["machine"].values())
    last, first = facts["probe"][-1], facts["probe"][0]
    assert f"natural: {first['auroc']:.4g} at 0, {last['auroc']:.4g} at 12" in found.text
    assert f"worst of 4: {first['auroc_worst_of_4']:.4g} at 0" in found.text
    assert (
        f"loss: {facts['metrics'][0]['loss']:.4g} at 2, {facts['metrics'][-1]['loss']:.4g} at 12"
        in found.text
    )


def test_page_is_written_into_the_run_folder_by_default(
    run: Path, capsys: pytest.CaptureFixture[str]
):
    assert main(["report", str(run), "--points", "6", "--map", "pca"]) == 0
    assert capsys.readouterr().out == f"{run / 'report.html'}: pretraining, 12 steps\n"
    page = run / "report.html"
    first = page.read_bytes()
    assert first.count(b'class="point"') == 6
    main(["report", str(run), "--points", "6", "--map", "pca"])
    assert page.read_bytes() == first
    page.unlink()
    assert main(["report", str(run), "--points", "0", "--json"]) == 0
    assert (
        json.loads(capsys.readouterr().out.partition("\n")[2])["no_map"] == "No map was requested."
    )
    assert not page.exists()


def test_map_shows_principal_components_of_the_run(
    run: Path, corpus: Path, capsys: pytest.CaptureFixture[str]
):
    assert main(["report", str(run), "--map", "pca", "--json"]) == 0
    embeddings = json.loads(capsys.readouterr().out)["embeddings"]
    known = load_encoder(run)
    codes = [json.loads(line)["code"] for line in corpus.read_text().splitlines()]
    with torch.no_grad():
        vectors = []
        for code in codes:
            pieces = torch.from_numpy(known.tokenizer.encode(code).ids[:40].astype(np.int64))[None]
            vectors.append(
                known.encoder.embed(pieces, torch.ones_like(pieces, dtype=torch.bool))[1][0]
            )
    expected = np.asarray([(vector / vector.norm()).numpy() for vector in vectors], np.float64)
    expected -= expected.mean(axis=0)
    values, axes = np.linalg.eigh(expected.T @ expected)  # principal components, computed otherwise
    plane = expected @ axes[:, :-3:-1]
    found = np.asarray([(place["x"], place["y"]) for place in embeddings["places"]])
    np.testing.assert_allclose(np.abs(found), np.abs(plane), atol=2e-4)
    assert embeddings["explained"] == pytest.approx(values[-2:].sum() / values.sum(), abs=1e-4)
    assert [place["name"] for place in embeddings["places"]] == [
        f"f{number}" for number in range(30)
    ]


def test_map_uses_umap_if_it_is_installed(
    run: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    given: dict[str, object] = {}

    class Umap:
        def __init__(self, **options: object) -> None:
            given.update(options)

        def fit_transform(self, vectors: np.ndarray) -> np.ndarray:
            return vectors[:, :2]

    monkeypatch.setattr(
        "contracode.support.html.projection_2d.importlib.util.find_spec", lambda name: name
    )
    monkeypatch.setitem(sys.modules, "umap", SimpleNamespace(UMAP=Umap))
    assert (
        main(["report", str(run), "-o", str(tmp_path / "page.html"), "--points", "8", "--json"])
        == 0
    )
    embeddings = json.loads(capsys.readouterr().out)["embeddings"]
    assert (embeddings["method"], embeddings["explained"], len(embeddings["places"])) == (
        "umap",
        None,
        8,
    )
    assert given == {"n_neighbors": 7, "metric": "cosine", "random_state": 0, "n_jobs": 1}
    assert "projection by UMAP" in (tmp_path / "page.html").read_text()
    monkeypatch.setattr(
        "contracode.support.html.projection_2d.importlib.util.find_spec", lambda name: None
    )
    assert main(["report", str(run), "--map", "umap"]) == 2
    assert "needs the package umap-learn" in capsys.readouterr().err


def test_page_of_a_fine_tuning_run(
    run: Path, corpus: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    known, output = load_encoder(run), tmp_path / "names"
    named = [(FUNCTION % (name, "at", 1), "") for name in ("total", "list", "f", "g")]
    config = NameFinetuneConfig(decoder="pieces", epochs=2, batch_size=2, seed=3)
    finetune(known.encoder, known.tokenizer, named, named, output, config, progress=False)
    assert main(["report", str(output), "--map", "pca"]) == 0
    text = Outline((output / "report.html").read_text()).text
    assert "Fine-tuning, 4 steps." in text
    assert "the run does not record its corpus; give functions with --data" in text
    assert all(shown in text for shown in ("valid/loss", "encoder_rate", "loss"))
    capsys.readouterr()
    assert main(["report", str(output), "--data", str(corpus), "--map", "pca", "--json"]) == 0
    facts = json.loads(capsys.readouterr().out)
    assert (facts["kind"], facts["seed"], len(facts["embeddings"]["places"])) == (
        "fine-tuning",
        3,
        30,
    )


@pytest.fixture
def broken(run: Path, tmp_path: Path) -> Path:
    """A copy of a run that a test may damage."""
    folder = tmp_path / "run"
    folder.mkdir()
    for path in run.iterdir():
        (folder / path.name).write_bytes(path.read_bytes())
    return folder


def test_bad_input_is_one_line(broken: Path, tmp_path: Path):
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").write_text("")
    (broken / "metrics.csv").write_text("step,seconds,loss\n")
    for folder, message in (
        (tmp_path / "nowhere", "no such run folder"),
        (tmp_path / "file", "is not a run folder"),
        (tmp_path / "empty", "is not a run folder: it has neither run.json nor config.toml"),
        (broken, "the run has no step yet: metrics.csv has no row"),
    ):
        done = report(folder)
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr == f"contracode report: {folder}: {message}\n"
        assert not (folder / "report.html").exists()


def test_broken_files_are_named(broken: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    def error(*arguments: object) -> str:
        assert main(["report", str(broken), *map(str, arguments)]) == 2
        return capsys.readouterr().err

    whole = (broken / "probe.csv").read_text()
    for line in ("1,2", "1,2,3,4,5,6", "1,2,x,4,5"):
        (broken / "probe.csv").write_text(f"{whole}{line}\n")
        number = whole.count("\n") + 1
        assert (
            error()
            == f"contracode report: {broken / 'probe.csv'}:{number}: is not a row of numbers\n"
        )
    (broken / "probe.csv").unlink()
    assert "no such file" in error("--data", tmp_path / "nothing.jsonl")
    assert "--points must be at least 0, not -1" in error("--points", -1)
    (tmp_path / "file").write_text("")
    assert "page.html: cannot be written: " in error("-o", tmp_path / "file" / "page.html")
    (broken / "last.ckpt").write_bytes(b"half")
    assert "is not a checkpoint" in error()


def test_report_explains_a_missing_map(broken: Path, capsys: pytest.CaptureFixture[str]):
    def no_map() -> str:
        assert main(["report", str(broken), "--json"]) == 0
        return json.loads(capsys.readouterr().out)["no_map"]

    facts = json.loads((broken / "run.json").read_text())
    (broken / "run.json").write_text(json.dumps(facts | {"corpus": ["/nowhere/corpus"]}))
    assert no_map().startswith("There is no map: /nowhere/corpus: no such file")
    assert no_map().endswith("; give functions with --data.")
    (broken / "last.ckpt").unlink()
    assert no_map() == "There is no map: the run has no checkpoint yet."


def test_sample_is_uniform_and_reproducible(corpus: Path, tmp_path: Path):
    drawn = sample([str(corpus)], 10)
    assert sample([str(corpus)], 10) == drawn
    names = [int(function.name[1:]) for function in drawn]
    assert len(set(names)) == 10
    assert names == sorted(names)
    assert max(names) > 15
    assert len(sample([str(corpus)], 100)) == 30
    (tmp_path / "anonymous.jsonl").write_text(
        json.dumps({"code": "\n  (a, b) => {\n  return a\n}"})
    )
    assert sample([str(tmp_path / "anonymous.jsonl")], 5)[0].name == "(a, b) => {"
    with pytest.raises(InputError):
        sample([str(tmp_path / "none")], 5)


def test_small_projects_share_a_colour():
    places = [
        MapPoint(0.0, number, "f", f"p{project}", "a.js")
        for project in range(20)
        for number in range(20 - project)
    ]
    plane = embedding_map(places, 0.5)[1]
    assert isinstance(plane, Map)
    assert {point.group for point in plane.points} == {
        *(f"p{project}" for project in range(11)),
        "9 others",
    }
    assert "no repository" in str(embedding_map([MapPoint(0.0, 0.0, "f", "", "")], None)[1])


def test_plane_of_constant_vectors():
    plane, explained = principal_plane(np.ones((5, 3)))
    assert not plane.any()
    assert explained == 1.0


@pytest.mark.parametrize(
    ("seconds", "words"), [(4.21, "4.2 s"), (200, "3 min 20 s"), (3720, "1 h 02 min")]
)
def test_durations(seconds: float, words: str):
    assert duration(seconds) == words
