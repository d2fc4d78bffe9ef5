"""Bag models: counted corpora, training, exact resuming, export."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from contracode.corpus.counted.arrays import CountedCorpus, open_counted
from contracode.corpus.counted.writing import count_corpus
from contracode.export.bags import export_bags
from contracode.inference.bag_model import BagModel
from contracode.inputs.bags.word_vectors import WordVectors
from contracode.pretrain.bag_training import load_bag_run, pretrain_bags
from contracode.support import config as settings
from contracode.support.config import Config
from contracode.support.errors import InputError
from contracode.support.resources import data_dir
from contracode.support.run_folder import CHECKPOINT

SMALL = [
    "bag.dimension=16",
    "bag.nested=[4]",
    "bag.min_bags=2",
    "contrast.queue=32",
    "training.batch_size=16",
    "training.checkpoint_every=2",
    "training.log_every=1",
]


def _config(*changes: str) -> Config:
    return settings.load(settings.preset("bag"), [*SMALL, *changes])


@pytest.fixture(scope="module")
def counted(tmp_path_factory: pytest.TempPathFactory) -> CountedCorpus:
    return count_corpus([str(data_dir() / "sample")], tmp_path_factory.mktemp("corpus") / "counted")


def _weights(run: Path) -> dict[str, torch.Tensor]:
    return torch.load(run / CHECKPOINT, weights_only=True)["state_dict"]


def test_counted_corpus_has_functions_with_documentation_or_a_namesake(
    counted: CountedCorpus,
) -> None:
    documented = np.diff(counted.fields["documentation"].starts) > 0
    labels, number = np.unique(counted.names_N, return_counts=True)
    shared = np.isin(counted.names_N, labels[number > 1])
    assert len(counted) > 50
    assert (documented | shared).all()


def test_counting_again_gives_the_same_files(counted: CountedCorpus, tmp_path: Path) -> None:
    again = count_corpus([str(data_dir() / "sample")], tmp_path / "counted")
    for path in sorted(counted.folder.iterdir()):
        assert path.read_bytes() == (again.folder / path.name).read_bytes()


def test_repositories_can_be_left_out(counted: CountedCorpus, tmp_path: Path) -> None:
    name = counted.facts.repositories[0]
    without = count_corpus([str(data_dir() / "sample")], tmp_path / "counted", leave_out=[name])
    assert name not in without.facts.repositories


def test_folder_without_counts_is_refused(tmp_path: Path) -> None:
    assert open_counted([str(tmp_path)]) is None
    with pytest.raises(InputError, match="not a counted corpus"):
        CountedCorpus(tmp_path)


def test_interrupted_run_resumes_bit_for_bit(counted: CountedCorpus, tmp_path: Path) -> None:
    config = _config("training.steps=4")
    pretrain_bags(counted, tmp_path / "whole", config, progress=False)
    half = _config("training.steps=4", "training.max_time=")
    script = (
        "import os, sys\n"
        "from pathlib import Path\n"
        "from contracode.corpus.counted.arrays import CountedCorpus\n"
        "from contracode.pretrain import bag_training as training\n"
        "from contracode.trainer.saving import Saving\n"
        "from contracode.support import config as settings\n"
        "save = Saving._save\n"
        "def once(self, trainer):\n"
        "    save(self, trainer)\n"
        "    os._exit(9)\n"
        "Saving._save = once\n"
        "training.pretrain_bags(CountedCorpus(Path(sys.argv[1])), Path(sys.argv[2]),\n"
        "    settings.load(sys.argv[3]), progress=False)\n"
    )
    settings.save(half, tmp_path / "half.toml")
    run = tmp_path / "resumed"
    command = [sys.executable, "-c", script, str(counted.folder), str(run)]
    done = subprocess.run([*command, str(tmp_path / "half.toml")], check=False, capture_output=True)
    assert done.returncode == 9, done.stderr.decode()
    pretrain_bags(counted, run, config, resume=True, progress=False)
    whole, resumed = _weights(tmp_path / "whole"), _weights(run)
    assert whole.keys() == resumed.keys()
    for name, weight in whole.items():
        assert torch.equal(weight, resumed[name]), name


def test_training_lowers_the_loss(counted: CountedCorpus, tmp_path: Path) -> None:
    config = _config("training.steps=30", "contrast.queue=0", "optimizer.learning_rate=0.02")
    last = pretrain_bags(counted, tmp_path / "run", config, progress=False)
    rows = (tmp_path / "run" / "metrics.csv").read_text().splitlines()
    column = rows[0].split(",").index("loss")
    assert last["loss"] < float(rows[1].split(",")[column]) - 0.5


def test_word_vectors_initialize_rows_of_words(counted: CountedCorpus, tmp_path: Path) -> None:
    plain, started = tmp_path / "plain", tmp_path / "started"
    config = _config("training.steps=1", "optimizer.learning_rate=1e-9")
    pretrain_bags(counted, plain, config, progress=False)
    key = load_bag_run(plain).vocabulary.words_U[:1]
    vector = np.eye(16, dtype=np.float32)[:1]
    pretrain_bags(counted, started, config, words=WordVectors(key, vector), progress=False)
    name = "contrast.query.table.weight"
    moved = (_weights(plain)[name] - _weights(started)[name]).abs().amax(dim=1)
    changed = moved > 1e-3
    assert changed.sum() == 1
    row = _weights(started)[name][changed][0]
    assert int(row.abs().argmax()) == 0


def test_run_is_not_overwritten(counted: CountedCorpus, tmp_path: Path) -> None:
    config = _config("training.steps=1")
    pretrain_bags(counted, tmp_path / "run", config, progress=False)
    with pytest.raises(InputError, match="there is a run already"):
        pretrain_bags(counted, tmp_path / "run", config, progress=False)


def test_resumed_run_keeps_its_dimension(counted: CountedCorpus, tmp_path: Path) -> None:
    pretrain_bags(counted, tmp_path / "run", _config("training.steps=1"), progress=False)
    other = _config("training.steps=2", "bag.dimension=8")
    with pytest.raises(InputError, match=r"bag\.dimension"):
        pretrain_bags(counted, tmp_path / "run", other, resume=True, progress=False)


def test_exported_model_answers_as_the_run(counted: CountedCorpus, tmp_path: Path) -> None:
    pretrain_bags(counted, tmp_path / "run", _config("training.steps=2"), progress=False)
    export_bags(tmp_path / "run", tmp_path / "model", name="little")
    model = BagModel(tmp_path / "model")
    source = "function add(a, b) { return a.x + b.x; }"
    vector_ND = model.encode([source, "function ("])
    assert vector_ND.shape == (2, 16)
    assert np.linalg.norm(vector_ND[0]) == pytest.approx(1, abs=1e-5)
    assert not vector_ND[1].any()
    assert model.fingerprint == load_bag_run(tmp_path / "run").fingerprint
    cut_ND = model.encode([source], dimensions=4)
    assert cut_ND.shape == (1, 4)
    assert cut_ND[0] @ (vector_ND[0, :4] / np.linalg.norm(vector_ND[0, :4])) == pytest.approx(1)
    with pytest.raises(ValueError, match="dimensions"):
        model.encode([source], dimensions=17)


def test_command_line_counts_trains_and_exports(tmp_path: Path) -> None:
    sample = str(data_dir() / "sample")
    own = [sys.executable, "-m", "contracode.cli.main"]
    small = [part for change in SMALL for part in ("--set", change)]
    commands = [
        ["corpus", "count", sample, "-o", str(tmp_path / "counted"), "--limit", "100", "--json"],
        [
            "pretrain",
            str(tmp_path / "counted"),
            "-o",
            str(tmp_path / "run"),
            "--preset",
            "bag",
            "--steps",
            "2",
            "--quiet",
            *small,
        ],
        ["pretrain", "--resume", str(tmp_path / "run"), "--steps", "3", "--quiet"],
        ["export", str(tmp_path / "run"), "-o", str(tmp_path / "model"), "--json"],
    ]
    for command in commands:
        done = subprocess.run([*own, *command], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
    assert json.loads((tmp_path / "model" / "config.json").read_text())["functions"] == 100
    refused = subprocess.run(
        [*own, "pretrain", sample, "-o", str(tmp_path / "other"), "--preset", "bag"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert refused.returncode == 2
    assert "not a counted corpus" in refused.stderr
