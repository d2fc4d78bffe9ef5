"""Pretraining runs: learning, resuming after a kill, and errors in one line."""

import csv
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from contracode.cli.main import main
from contracode.encoder.checkpoint_io import read_start
from contracode.encoder.encoders import pool
from contracode.encoder.momentum_contrast import MomentumContrast
from contracode.export.loading import load_encoder
from contracode.inputs.tokenizer import Tokenizer
from contracode.pretrain import pretrain
from contracode.pretrain.scheduled import rate
from contracode.support import config as settings
from contracode.support.config import OptimizerConfig
from contracode.support.errors import InputError
from contracode.support.run_folder import Metrics, read_facts, read_metrics
from contracode.views.drawing import DrawnViews, PairRefused
from tests.contracode.toy_runs import TINY, curve, state, tiny


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory, toy_corpus: Path) -> Path:
    """An uninterrupted run."""
    run = tmp_path_factory.mktemp("runs") / "whole"
    pretrain([str(toy_corpus)], run, tiny(), progress=False)
    return run


def test_run_folder_records_settings_and_facts(finished: Path, toy_corpus: Path):
    config = settings.load(finished / "config.toml")
    tokenizer = Tokenizer.load(finished)
    assert config.encoder.vocab_size == config.tokenizer.vocab_size == tokenizer.size
    assert config.training == tiny().training
    facts = read_facts(finished)
    assert facts.corpus == [str(toy_corpus)]
    assert (facts.num_functions, facts.tokenizer) == (40, tokenizer.fingerprint)
    assert {"torch", "python", "contracode"} <= facts.versions.keys()
    rows = read_metrics(finished / "metrics.csv")
    assert [row["step"] for row in rows] == [2, 4, 6, 8, 10, 12]
    assert rows[-1]["refused"] > 0
    assert sorted(path.name for path in finished.iterdir()) == [
        "config.toml",
        "last.ckpt",
        "metrics.csv",
        "run.json",
        "tokenizer.model",
    ]


def test_runs_with_equal_seeds_are_equal(finished: Path, toy_corpus: Path, tmp_path: Path):
    pretrain([str(toy_corpus)], tmp_path / "again", tiny("data.workers=2"), progress=False)
    assert curve(tmp_path / "again") == curve(finished)
    pretrain([str(toy_corpus)], tmp_path / "other", tiny("training.seed=1"), progress=False)
    assert curve(tmp_path / "other") != curve(finished)


KILLED = """
import os, signal, sys
from contracode.support import config
from contracode.pretrain import pretrain
from contracode.views.drawing import draw_views

left = int(sys.argv[3])

def draw(source, seed):
    global left
    left -= 1
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    return draw_views(source, seed)

pretrain([sys.argv[1]], sys.argv[2], config.load(overrides=sys.argv[4:]), draw=draw, progress=False)
"""


# Killed before the first checkpoint, or in step 8, two steps after the second checkpoint.
@pytest.mark.parametrize("views", [5, 50])
def test_killed_run_resumes_exactly(views: int, finished: Path, toy_corpus: Path, tmp_path: Path):
    run = tmp_path / "run"
    command = [sys.executable, "-c", KILLED, str(toy_corpus), str(run), str(views), *TINY]
    killed = subprocess.run(command, capture_output=True, check=False)
    assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()
    before = curve(run)
    assert before == curve(finished)[: len(before)]
    assert (run / "last.ckpt").exists() == (views == 50)
    pretrain(
        [str(toy_corpus)], run, settings.load(run / "config.toml"), resume=True, progress=False
    )
    assert curve(run) == curve(finished)
    expected = state(finished)
    for name, weight in state(run).items():
        assert torch.equal(weight, expected[name]), name


def test_curve_ends_with_the_last_step(toy_corpus: Path, tmp_path: Path):
    pretrain(
        [str(toy_corpus)],
        tmp_path / "run",
        tiny("training.steps=5", "training.log_every=4"),
        progress=False,
    )
    assert [row[0] for row in curve(tmp_path / "run")] == [4, 5]


def test_resumed_run_restores_the_queue(finished: Path, toy_corpus: Path, tmp_path: Path):
    """A checkpoint without its queue gives another curve, so the test above would notice."""
    run = tmp_path / "run"
    pretrain(
        [str(toy_corpus)], run, tiny("training.steps=6", "optimizer.decay=0.0"), progress=False
    )
    checkpoint = torch.load(run / "last.ckpt", weights_only=True)
    checkpoint["state_dict"]["contrast.queue.keys_KP"].zero_()
    torch.save(checkpoint, run / "last.ckpt")
    longer = settings.load(run / "config.toml", ["training.steps=12"])
    pretrain([str(toy_corpus)], run, longer, resume=True, progress=False)
    assert [row[0] for row in curve(run)] == [row[0] for row in curve(finished)]
    assert curve(run) != curve(finished)


def test_training_lowers_the_loss(toy_corpus: Path, tmp_path: Path):
    config = tiny(
        "encoder.dropout=0.0",
        "training.steps=120",
        "training.batch_size=16",
        "optimizer.learning_rate=5e-3",
    )
    pretrain([str(toy_corpus)], tmp_path / "run", config, progress=False)
    losses = [row["loss"] for row in read_metrics(tmp_path / "run" / "metrics.csv")]
    assert sum(losses[-5:]) < 0.95 * sum(losses[3:8])  # the queue has filled by the third row


def test_run_ends_after_max_time(toy_corpus: Path, tmp_path: Path):
    config = tiny("training.steps=0", "training.max_time=0.5s", "training.log_every=1")
    last = pretrain([str(toy_corpus)], tmp_path / "run", config, progress=False)
    assert last["seconds"] >= 0.5
    assert last["learning_rate"] == 0
    assert (tmp_path / "run" / "last.ckpt").exists()


def test_encoder_is_loaded_from_a_run(finished: Path):
    found = load_encoder(finished)
    assert found.config == settings.load(finished / "config.toml")
    assert found.encoder.config.vocab_size == found.tokenizer.size
    assert found.projection.first.in_features == 16
    pieces_BT = torch.from_numpy(found.tokenizer.encode("f(a)").ids.astype("int64"))[None]
    mask_BT = torch.ones_like(pieces_BT, dtype=torch.bool)
    vectors = [
        pool(load_encoder(path, average=average).encoder(pieces_BT, mask_BT), mask_BT)
        for path, average in ((finished, False), (finished / "last.ckpt", False), (finished, True))
    ]
    assert torch.equal(vectors[0], vectors[1])
    assert not torch.equal(vectors[0], vectors[2])


def test_incomplete_run_folders_are_refused(finished: Path, tmp_path: Path):
    with pytest.raises(InputError, match="is not a pretraining run"):
        load_encoder(tmp_path)
    for name in ("config.toml", "run.json", "tokenizer.model"):
        (tmp_path / name).write_bytes((finished / name).read_bytes())
    with pytest.raises(InputError, match=r"last\.ckpt: there is no checkpoint yet"):
        load_encoder(tmp_path)
    (tmp_path / "last.ckpt").write_bytes(b"nonsense")
    with pytest.raises(InputError, match=r"last\.ckpt: is not a checkpoint"):
        load_encoder(tmp_path)
    (tmp_path / "last.ckpt").write_bytes((finished / "last.ckpt").read_bytes()[:3000])
    with pytest.raises(InputError, match=r"last\.ckpt: is not a checkpoint"):
        load_encoder(tmp_path)


def test_unreadable_files_are_named(tmp_path: Path):
    (tmp_path / "run.json").write_bytes(b'{"corpus": ["\xff"]}')
    with pytest.raises(InputError, match=r"run\.json: "):
        load_encoder(tmp_path)
    with pytest.raises(InputError, match=r"start\.safetensors: "):
        read_start(tmp_path)


class Executed:
    """An object that runs code when it is unpickled."""

    def __reduce__(self):
        return os.mkdir, ("executed",)


def test_loading_a_checkpoint_runs_no_code(
    finished: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    for name in ("config.toml", "run.json", "tokenizer.model"):
        (tmp_path / name).write_bytes((finished / name).read_bytes())
    torch.save({"state_dict": Executed()}, tmp_path / "last.ckpt")
    with pytest.raises(InputError, match="is not a checkpoint"):
        load_encoder(tmp_path)
    assert not (tmp_path / "executed").exists()


def test_checkpoint_of_another_shape_is_refused(finished: Path, toy_corpus: Path, tmp_path: Path):
    for file in finished.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    wider = settings.load(finished / "config.toml", ["encoder.dimension=32"])
    settings.save(wider, tmp_path / "config.toml")
    with pytest.raises(
        InputError, match=r"last\.ckpt: a checkpoint of another shape: .* is \(.*16\), not \(.*32\)"
    ):
        pretrain([str(toy_corpus)], tmp_path, wider, resume=True, progress=False)


@pytest.mark.parametrize(
    ("setting", "had"),
    [
        ("contrast.learn_temperature=false", "true"),
        ("contrast.temperature=0.1", "0.07"),
        ("optimizer.weight_decay=0.5", "0.01"),
        ("training.held_out=10", "0"),
        ("training.batch_size=8", "6"),
        ("data.reads=normal", '"written"'),
    ],
)
def test_fixed_settings_cannot_change_on_resume(
    setting: str, had: str, finished: Path, toy_corpus: Path, tmp_path: Path
):
    run = copied(finished, tmp_path / "run")
    before = {file.name: file.read_bytes() for file in run.iterdir()}
    config = settings.load(run / "config.toml", ["training.steps=14", setting])
    with pytest.raises(
        InputError, match=f"^{setting.partition('=')[0]} cannot change: the run has {had}$"
    ):
        pretrain([str(toy_corpus)], run, config, resume=True, progress=False)
    assert {file.name: file.read_bytes() for file in run.iterdir()} == before


def test_budget_and_schedule_can_change_on_resume(finished: Path, toy_corpus: Path, tmp_path: Path):
    run = copied(finished, tmp_path / "run")
    changes = [
        "training.steps=14",
        "training.log_every=1",
        "optimizer.learning_rate=0.5",
        "optimizer.decay=0.0",
    ]
    config = settings.load(run / "config.toml", changes)
    last = pretrain([str(toy_corpus)], run, config, resume=True, progress=False)
    assert (last["step"], last["learning_rate"]) == (14, 0.5)


def test_mismatched_inputs_are_refused(finished: Path, toy_corpus: Path, tmp_path: Path):
    tokenizer = Tokenizer.load(finished)
    with pytest.raises(InputError, match=r"encoder\.vocab_size is 17, but the tokenizer has"):
        pretrain(
            [str(toy_corpus)], tmp_path / "run", tiny("encoder.vocab_size=17"), tokenizer=tokenizer
        )
    with pytest.raises(InputError, match="there is a run already"):
        pretrain([str(toy_corpus)], finished, tiny())
    changed = tmp_path / "changed.jsonl"
    changed.write_text(toy_corpus.read_text() + '{"code": "function g(a) { return a + 1 }"}\n')
    with pytest.raises(InputError, match="the corpus is not the one that the run began with"):
        pretrain([str(changed)], finished, settings.load(finished / "config.toml"), resume=True)
    with pytest.raises(InputError, match="no such file"):
        pretrain([str(tmp_path / "none.jsonl")], tmp_path / "run", tiny())
    assert not (tmp_path / "run").exists()


def test_folder_with_other_files_is_refused(toy_corpus: Path, tmp_path: Path):
    run = tmp_path / "run"
    run.mkdir()
    (run / "notes.md").write_text("mine")
    with pytest.raises(InputError, match="run: holds other files, such as notes"):
        pretrain([str(toy_corpus)], run, tiny(), progress=False)
    with pytest.raises(InputError, match=r"notes\.md: is not a folder"):
        pretrain([str(toy_corpus)], run / "notes.md", tiny(), progress=False)
    assert [path.name for path in run.iterdir()] == ["notes.md"]


def test_folder_without_facts_starts_again(finished: Path, toy_corpus: Path, tmp_path: Path):
    run = tmp_path / "run"
    (run / ".config.toml.x").mkdir(parents=True)
    for name in ("tokenizer.model", "config.toml"):
        (run / name).write_bytes((finished / name).read_bytes())
    pretrain([str(toy_corpus)], run, tiny("training.steps=2"), progress=False)
    assert [row[0] for row in curve(run)] == [2]


def test_corpus_without_views_is_refused(toy_corpus: Path, tmp_path: Path):
    def refuse(source: str, seed: int) -> DrawnViews:
        raise PairRefused("too short")

    with pytest.raises(
        InputError, match="none of the first 40 functions has two views; the first: too short"
    ):
        pretrain([str(toy_corpus)], tmp_path / "run", tiny(), draw=refuse)


@pytest.mark.parametrize("copies", [1, 70])
def test_corpus_of_equal_functions_is_refused(copies: int, toy_corpus: Path, tmp_path: Path):
    corpus = tmp_path / "copies.jsonl"
    corpus.write_text((toy_corpus.read_text().splitlines()[1] + "\n") * copies)
    with pytest.raises(InputError, match="no two functions differ"):
        pretrain([str(corpus)], tmp_path / "run", tiny("tokenizer.vocab_size=300"), progress=False)
    assert not (tmp_path / "run").exists()


def test_batches_without_functions_are_skipped(toy_corpus: Path, tmp_path: Path):
    chosen = [json.loads(line)["code"] for line in toy_corpus.read_text().splitlines()[1:3]]

    def draw(source: str, seed: int) -> DrawnViews:
        if source not in chosen:
            raise PairRefused("another")
        return DrawnViews(source, source + ";", chosen.index(source))

    config = tiny("training.batch_size=2", "training.steps=30", "training.log_every=1")
    last = pretrain([str(toy_corpus)], tmp_path / "run", config, draw=draw, progress=False)
    assert 0 < len(read_metrics(tmp_path / "run" / "metrics.csv")) < 30
    assert torch.load(tmp_path / "run" / "last.ckpt", weights_only=True)["global_step"] == 30
    assert last["refused"] > 5


def copied(run: Path, folder: Path) -> Path:
    """Return a copy of a run that a test may damage."""
    folder.mkdir()
    for file in run.iterdir():
        (folder / file.name).write_bytes(file.read_bytes())
    return folder


WILD = ["optimizer.warmup=0.0", "optimizer.clip=1e38", "training.steps=40", "training.log_every=7"]


def test_nan_loss_ends_the_run(finished: Path, toy_corpus: Path, tmp_path: Path):
    """At once, even between two rows of the curve; the message names the last checkpoint."""
    config = tiny(*WILD, "optimizer.learning_rate=1e30", "training.checkpoint_every=50")
    with pytest.raises(
        InputError,
        match=r"loss is nan at step 2; lower optimizer\.learning_rate; there is no checkpoint",
    ):
        pretrain([str(toy_corpus)], tmp_path / "run", config, progress=False)
    run = copied(finished, tmp_path / "copy")
    config = settings.load(
        run / "config.toml", [*WILD, "optimizer.learning_rate=1e30", "training.checkpoint_every=50"]
    )
    with pytest.raises(
        InputError, match=r"the loss is nan at step 14; .*; last\.ckpt is of step 12"
    ):
        pretrain([str(toy_corpus)], run, config, resume=True, progress=False)
    assert (run / "last.ckpt").read_bytes() == (finished / "last.ckpt").read_bytes()


def test_infinite_weights_are_not_saved(
    finished: Path, toy_corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """A step with a finite loss can still make a weight infinite."""

    def spoil(self: MomentumContrast, keys: object, momentum: float) -> None:
        with torch.no_grad():
            self.query.projection.first.weight[0, 0] = torch.inf

    monkeypatch.setattr(MomentumContrast, "update", spoil)
    run = copied(finished, tmp_path / "copy")
    config = settings.load(
        run / "config.toml", ["training.steps=40", "training.checkpoint_every=1"]
    )
    with pytest.raises(
        InputError, match=r"weights are not finite at step 13; .*; last\.ckpt is of step 12"
    ):
        pretrain([str(toy_corpus)], run, config, resume=True, progress=False)
    assert (run / "last.ckpt").read_bytes() == (finished / "last.ckpt").read_bytes()


LIMITED = """
import resource, sys
import contracode.pretrain, torchmetrics  # they write files when they are imported
from contracode.cli.main import main

resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), int(sys.argv[1])))
sys.exit(main(sys.argv[2:]))
"""


@pytest.mark.parametrize(
    ("share", "message"),
    [(0.5, "last.ckpt: the checkpoint cannot be written: "), (0.0, "config.toml: File too large")],
)
def test_full_disk_keeps_last_checkpoint(
    share: float, message: str, finished: Path, tmp_path: Path
):
    """A limit on file sizes simulates the full disk: half a checkpoint fits, or nothing does."""
    run = copied(finished, tmp_path / "copy")
    whole = (finished / "last.ckpt").read_bytes()
    command = [sys.executable, "-c", LIMITED, str(int(share * len(whole)))]
    done = subprocess.run(
        [*command, "pretrain", "--resume", str(run), "--steps", "14", "--quiet"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2, done.stderr
    assert message in done.stderr
    assert done.stderr.count("\n") == 1
    assert (run / "last.ckpt").read_bytes() == whole
    assert sorted(path.name for path in run.iterdir()) == sorted(
        path.name for path in finished.iterdir()
    )


KILLED_SAVING = """
import os, signal, sys
from pathlib import Path
import pytorch_lightning as lightning
from contracode.cli.main import main

def save(self, path):
    Path(path).write_bytes(b"half")
    os.kill(os.getpid(), signal.SIGKILL)

lightning.Trainer.save_checkpoint = save
main(sys.argv[1:])
"""


def test_half_written_checkpoint_is_never_read(finished: Path, toy_corpus: Path, tmp_path: Path):
    run = copied(finished, tmp_path / "copy")
    arguments = ["pretrain", "--resume", str(run), "--steps", "15", "--quiet"]
    killed = subprocess.run(
        [sys.executable, "-c", KILLED_SAVING, *arguments], capture_output=True, check=False
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()
    assert [path.read_bytes() for path in run.rglob("last.ckpt") if path.parent != run] == [b"half"]
    assert load_encoder(run).config == settings.load(run / "config.toml")
    pretrain(
        [str(toy_corpus)], run, settings.load(run / "config.toml"), resume=True, progress=False
    )
    assert torch.load(run / "last.ckpt", weights_only=True)["global_step"] == 15


def test_functions_without_pieces_are_left_out(toy_corpus: Path, tmp_path: Path):
    """White space or a comment alone has no pieces; a corpus of nothing else is refused."""
    bare, mixed, alone, empty = (
        [json.dumps({"code": code}) for code in (" \n\t", "/* nothing */")],
        *(tmp_path / f"{name}.jsonl" for name in ("mixed", "alone", "empty")),
    )
    mixed.write_text("\n".join([*bare, *toy_corpus.read_text().splitlines()[:9]]) + "\n")
    alone.write_text("\n".join(bare) + "\n")
    empty.write_text("\n".join([*bare, json.dumps({"code": ""})]) + "\n")
    last = pretrain([str(mixed)], tmp_path / "run", tiny("training.steps=6"), progress=False)
    assert last["refused"] > 0
    with pytest.raises(InputError, match="none of the first 2 functions has two views"):
        pretrain([str(alone)], tmp_path / "other", tiny(), progress=False)
    with pytest.raises(InputError, match=r"empty\.jsonl:3: a row with neither `code` nor"):
        pretrain([str(empty)], tmp_path / "other", tiny(), progress=False)
    assert not (tmp_path / "other").exists()


def test_resuming_with_another_tokenizer_is_refused(
    finished: Path, toy_corpus: Path, tokenizer: Tokenizer, tmp_path: Path
):
    run = copied(finished, tmp_path / "copy")
    tokenizer.save(run)
    with pytest.raises(InputError, match=r"tokenizer\.model: is not the tokenizer of this run"):
        pretrain(
            [str(toy_corpus)], run, settings.load(run / "config.toml"), resume=True, progress=False
        )


def test_keyboard_interrupt_is_raised(toy_corpus: Path, tmp_path: Path):
    calls = iter(range(10))

    def draw(source: str, seed: int) -> DrawnViews:
        if next(calls) == 5:
            raise KeyboardInterrupt
        return DrawnViews(source, source + ";", 1)

    with pytest.raises(KeyboardInterrupt):
        pretrain([str(toy_corpus)], tmp_path / "run", tiny(), draw=draw, progress=False)


def test_learning_rate_rises_stays_and_falls():
    config = OptimizerConfig(warmup=0.1, decay=0.2)
    assert [rate(at, config) for at in (0.0, 0.05, 0.1, 0.5, 0.8, 0.9, 1.0)] == pytest.approx(
        [0, 0.5, 1, 1, 1, 0.5, 0]
    )
    assert rate(0.0, OptimizerConfig(warmup=0.0, decay=0.0)) == 1.0


def test_rows_after_the_resumed_step_are_removed(tmp_path: Path):
    path = tmp_path / "metrics.csv"
    metrics = Metrics(path, ["step", "loss"])
    for step in (2, 4, 6):
        metrics.append({"step": step, "loss": 1 / step})
    Metrics(path, ["step", "loss"], upto=4).append({"step": 6, "loss": 0.25})
    with path.open(newline="") as file:
        assert list(csv.reader(file)) == [
            ["step", "loss"],
            ["2", "0.5"],
            ["4", "0.25"],
            ["6", "0.25"],
        ]


def test_checkpoint_without_training_state_is_refused(
    finished: Path, toy_corpus: Path, tmp_path: Path
):
    run = copied(finished, tmp_path / "run")
    found = torch.load(run / "last.ckpt", weights_only=True)
    del found["contracode"]
    torch.save(found, run / "last.ckpt")
    with pytest.raises(
        InputError, match=r"last\.ckpt: is not a checkpoint that a run can resume from"
    ):
        pretrain(
            [str(toy_corpus)], run, settings.load(run / "config.toml"), resume=True, progress=False
        )


def test_incomplete_last_row_is_ignored(tmp_path: Path):
    path = tmp_path / "metrics.csv"
    for half in ("4,0.2", "4", "", "4,0.25,1"):
        path.write_text(f"step,loss\n2,0.5\n{half}")
        assert read_metrics(path) == [{"step": 2, "loss": 0.5}]
    path.write_text("step,lo")
    assert read_metrics(path) == []
    path.write_text("step,loss\n2\n4,0.2")
    with pytest.raises(InputError, match=r"metrics\.csv:2: is not a row of numbers"):
        read_metrics(path)


def contracode(*arguments: object) -> int:
    return main([str(argument) for argument in arguments])


def overrides(*more: str) -> list[str]:
    return [part for override in (*TINY, *more) for part in ("--set", override)]


def test_command_line_trains_and_resumes(
    toy_corpus: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    run, cut = tmp_path / "run", tmp_path / "tokenizer"
    assert (
        contracode("tokenizer", "train", toy_corpus, "-o", cut, "--vocab-size", 450, "--json") == 0
    )
    trained = json.loads(capsys.readouterr().out)
    assert trained["pieces"] == Tokenizer.load(cut).size
    arguments = [
        "pretrain",
        toy_corpus,
        "-o",
        run,
        "--tokenizer",
        cut,
        "--preset",
        "tiny",
        *overrides(),
    ]
    assert contracode(*arguments, "--steps", 4, "--seed", 3, "--json") == 0
    out, err = capsys.readouterr()
    assert json.loads(out)["step"] == 4
    assert "pretraining 100%  step 4  loss" in err
    assert Tokenizer.load(run).fingerprint == trained["fingerprint"]
    assert settings.load(run / "config.toml").training.seed == 3
    assert contracode("pretrain", "--resume", run, "--steps", 8, "--quiet") == 0
    out, err = capsys.readouterr()
    assert out.startswith(f"{run}: loss ")
    assert out.endswith("at step 8\n")
    assert err == ""
    assert [row["step"] for row in read_metrics(run / "metrics.csv")] == [2, 4, 6, 8]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["pretrain", "none.jsonl", "-o", "run"], "none.jsonl: no such file"),
        (["pretrain", "-o", "run"], "give a corpus and -o RUN, or --resume RUN"),
        (["pretrain", "none.jsonl"], "give a corpus and -o RUN"),
        (["pretrain", "none.jsonl", "-o", "run", "--preset", "huge"], "no preset 'huge'"),
        (["pretrain", "none.jsonl", "-o", "run", "--max-time", "soon"], "not a duration"),
        (
            ["pretrain", "none.jsonl", "-o", "run", "--tokenizer", "nowhere"],
            "nowhere: No such file",
        ),
        (["pretrain", "--resume", "nowhere"], "nowhere: is not a pretraining run"),
        (
            ["pretrain", "--resume", "nowhere", "--preset", "nano"],
            "--resume takes corpus",
        ),
        (["pretrain", "none.jsonl", "-o", "run", "--seed", "9" * 20], "training.seed: "),
        (
            ["pretrain", "none.jsonl", "-o", "run", "--seed", str(2**32)],
            "training.seed: Expected `int` <= 4294967295",
        ),
        (
            ["finetune", "types", "x.ts", "-o", "run", "--seed", "5000000000"],
            "seed: Expected `int` <= 4294967295",
        ),
        (["tokenizer", "train", "none.jsonl", "-o", "t"], "none.jsonl: no such file"),
        (
            ["tokenizer", "train", "none.jsonl", "-o", "t", "--vocab-size", "3"],
            "vocab_size: Expected `int` >= 300",
        ),
        (["tokenizer", "show", "x.js", "--tokenizer", "nowhere"], "nowhere: No such file"),
    ],
)
def test_bad_input_is_one_line(
    arguments: list[str],
    message: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
):
    monkeypatch.chdir(tmp_path)
    assert main(arguments) == 2
    error = capsys.readouterr().err
    assert message in error
    assert error.count("\n") == 1
    assert not list(tmp_path.iterdir())


def test_pieces_are_shown_with_their_bytes(
    finished: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    file = tmp_path / "a.js"
    file.write_text("let 漢 = list;", "utf-8")
    arguments = ["tokenizer", "show", str(file), "--tokenizer", str(finished)]
    assert main([*arguments, "--json"]) == 0
    shown = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [tuple(piece["span"]) for piece in shown if piece["source"] == "漢"] == [(4, 7)] * 3
    assert "".join(piece["text"] for piece in shown if piece["text"]) == "let=list;"
    assert main([*arguments, "--seed", "1", "--layout", "keep"]) == 0
    assert "byte of '漢'" in capsys.readouterr().out
