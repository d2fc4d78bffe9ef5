"""Pretraining with every objective, encoder and training option; exact resumption of each."""

import errno
import json
import os
import random
from pathlib import Path
from typing import Any, cast

import pytest
import pytorch_lightning as lightning
import torch
from torch.nn import functional as F
from torch.utils.data import DataLoader

from contracode.cli.main import main
from contracode.export.loading import load_encoder
from contracode.inputs.tokenizer import Tokenizer
from contracode.pretrain import pretrain
from contracode.pretrain.module import Pretraining
from contracode.pretrain.monitor import STARVED, shown_figures
from contracode.support import config as settings
from contracode.support.config import Config
from contracode.support.errors import InputError
from contracode.support.run_folder import read_metrics
from contracode.support.silence import quiet
from contracode.views.batch_plan import EpochItem
from contracode.views.batches import Batch, PiecePair, collate
from contracode.views.drawing import DrawnViews, draw_views
from contracode.views.pairs import PairDataset
from tests.contracode.toy_runs import TINY, curve, state, tiny

RICH = [
    "masking.share=0.3",
    "masking.contrast=2.0",
    "data.documentation=0.3",
    "data.hard=0.5",
    "contrast.symmetric=true",
    "contrast.decoupled=true",
    "training.accumulate=2",
    "training.average=0.9",
    "training.held_out=5",
    "training.validate_every=2",
]
"""All optional objectives at once."""


@pytest.mark.parametrize(
    "kind", ["rich", "masked", "paper-transformer", "paper-bilstm", "paper-hybrid"]
)
def test_every_objective_and_encoder_resumes_exactly(
    kind: str, toy_corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    preset = settings.preset(kind) if kind != "rich" else None
    chosen = [*TINY, "encoder.dropout=0.1", "training.steps=6", *(RICH if kind == "rich" else [])]
    config = settings.load(preset, chosen)
    whole, cut = tmp_path / "whole", tmp_path / "cut"
    pretrain([str(toy_corpus)], whole, config, progress=False)
    asked = iter(range(10_000))

    def pair(self: PairDataset, place: EpochItem) -> PiecePair:
        # Interrupts after the first checkpoint. The run "rich" draws more pairs per step, as it
        # validates and accumulates two batches.
        if next(asked) == (55 if kind == "rich" else 30):
            raise KeyboardInterrupt
        return drawn(self, place)

    drawn = PairDataset.pair
    with monkeypatch.context() as patch:
        patch.setattr(PairDataset, "pair", pair)
        with pytest.raises(KeyboardInterrupt):
            pretrain([str(toy_corpus)], cut, config, progress=False)
    assert torch.load(cut / "last.ckpt", weights_only=True)["global_step"] == 3
    pretrain(
        [str(toy_corpus)], cut, settings.load(cut / "config.toml"), resume=True, progress=False
    )
    assert curve(cut) == curve(whole)
    assert read_metrics(cut / "validation.csv") == read_metrics(whole / "validation.csv")
    assert [row["step"] for row in read_metrics(cut / "validation.csv")] == [2, 4, 6] * (
        kind == "rich"
    )
    expected = state(whole)
    for name, weight in state(cut).items():
        assert torch.equal(weight, expected[name]), name
    rows = read_metrics(whole / "metrics.csv")
    assert ("masked_loss" in rows[0]) == bool(config.masking.share)
    for row in rows:
        assert row["loss"] > 0
        assert row.get("masked_loss", 1.0) > 0
    found = load_encoder(whole)
    assert found.encoder.config.architecture == config.encoder.architecture


def test_checkpoint_holds_average_of_weights(toy_corpus: Path, tmp_path: Path):
    pretrain(
        [str(toy_corpus)],
        tmp_path,
        tiny("training.average=0.5", "training.steps=1"),
        progress=False,
    )
    torch.manual_seed(0)
    start = Pretraining(settings.load(tmp_path / "config.toml")).state_dict()
    end = state(tmp_path)
    for name, weight in end.items():
        if name.startswith("average."):
            query = name.replace("average.", "contrast.query.")
            torch.testing.assert_close(
                weight, 0.1 * start[query] + 0.9 * end[query]
            )  # early steps have a lower decay
    averaged = load_encoder(tmp_path, average=True).encoder.state_dict()
    assert all(
        torch.equal(weight, end[f"average.encoder.{name}"]) for name, weight in averaged.items()
    )


def test_run_without_improvement_ends_early(toy_corpus: Path, tmp_path: Path):
    """The learning rate is too small to change anything, so no later validation is better."""
    stuck = [
        "training.held_out=8",
        "training.validate_every=2",
        "training.patience=2",
        "training.log_every=1",
    ]
    config = tiny(
        *stuck,
        "optimizer.learning_rate=1e-30",
        "contrast.momentum=1.0",
        "contrast.momentum_end=1.0",
    )
    last = pretrain([str(toy_corpus)], tmp_path / "run", config, progress=False)
    rows = read_metrics(tmp_path / "run" / "validation.csv")
    assert [row["step"] for row in rows] == [2, 4, 6]
    assert len({row["loss"] for row in rows}) == 1
    assert last["step"] == 6
    assert torch.load(tmp_path / "run" / "last.ckpt", weights_only=True)["global_step"] == 6


def test_held_out_functions_are_not_trained_on(toy_corpus: Path, tmp_path: Path):
    config = tiny("training.held_out=10", "training.steps=20")
    drawn: set[str] = set()

    def draw(source: str, seed: int) -> DrawnViews:
        if (tmp_path / "run" / "metrics.csv").exists():  # training has begun
            drawn.add(source)
        return draw_views(source, seed)

    pretrain([str(toy_corpus)], tmp_path / "run", config, draw=draw, progress=False)
    assert len(drawn) == 30
    for number, message in (
        (39, "leaves fewer than two of 40 functions to train on"),
        (1, "fewer than two"),
    ):
        with pytest.raises(InputError, match=message):
            pretrain(
                [str(toy_corpus)],
                tmp_path / "other",
                tiny(f"training.held_out={number}"),
                progress=False,
            )
        assert not (tmp_path / "other").exists()


def test_held_out_functions_are_not_drawn_as_namesakes(toy_corpus: Path, tmp_path: Path):
    codes = [json.loads(line)["code"] for line in toy_corpus.read_text().splitlines()]
    corpus = tmp_path / "named.jsonl"
    rows = [
        {"code": code, "func_name": f"alike{number % 2}", "repo": f"repo{number % 9}"}
        for number, code in enumerate(codes)
    ]
    corpus.write_text("".join(json.dumps(row) + "\n" for row in rows))
    drawn: set[str] = set()

    def draw(source: str, seed: int) -> DrawnViews:
        if (tmp_path / "run" / "metrics.csv").exists():  # training has begun
            drawn.add(source)
        return draw_views(source, seed)

    config = tiny("data.namesakes=1.0", "training.held_out=20", "training.steps=10")
    pretrain([str(corpus)], tmp_path / "run", config, draw=draw, progress=False)
    held = random.Random("0/held out").sample(range(len(codes)), 20)
    assert drawn
    assert not drawn & {codes[number] for number in held}


def pairs_of(tokenizer: Tokenizer, number: int) -> list[PiecePair]:
    codes = [f"function f{n}(a) {{ return a + {n}; }}" for n in range(2 * number)]
    ids = [tokenizer.encode(code).ids for code in codes]
    return [PiecePair(ids[n], ids[n + number], n) for n in range(number)]


def fitted(batches: list[Batch], config: Config) -> Pretraining:
    torch.manual_seed(0)
    module = Pretraining(config)
    module.contrast.queue.enqueue(F.normalize(torch.randn(10, 8), dim=1), torch.arange(100, 110))
    with quiet("pytorch_lightning"):
        trainer = lightning.Trainer(
            max_steps=2,
            accumulate_grad_batches=config.training.accumulate,
            accelerator="cpu",
            logger=False,
            enable_checkpointing=False,
            enable_progress_bar=False,
            enable_model_summary=False,
        )
        loader = DataLoader(cast("Any", batches), batch_size=None, collate_fn=lambda batch: batch)
        trainer.fit(module, loader)
    return module


def test_accumulated_batches_equal_one_large_batch(tokenizer: Tokenizer):
    """With negatives from the queue alone, which is updated once per step."""
    pairs = pairs_of(tokenizer, 16)
    plain = [
        "contrast.in_batch=false",
        "encoder.dropout=0.0",
        f"encoder.vocab_size={tokenizer.size}",
        "training.steps=2",
    ]
    halves = [collate(pairs[at : at + 4], pad=0) for at in (0, 4, 8, 12)]
    wholes = [collate(pairs[at : at + 8], pad=0) for at in (0, 8)]
    one = fitted(halves, tiny(*plain, "training.accumulate=2")).state_dict()
    other = fitted(wholes, tiny(*plain)).state_dict()
    for name, weight in one.items():
        torch.testing.assert_close(weight, other[name], rtol=0, atol=1e-5)
    assert one["contrast.queue.labels_K"].tolist() == [10, 11, 12, 13, 14, 15, 6, 7, 8, 9]
    single = fitted(halves[:2], tiny(*plain)).state_dict()
    assert (
        single["contrast.query.projection.third.weight"]
        - other["contrast.query.projection.third.weight"]
    ).abs().max() > 1e-4


def test_masked_modelling_alone_leaves_queue_and_projection(toy_corpus: Path, tmp_path: Path):
    config = tiny(
        "masking.share=0.3",
        "masking.contrast=0.0",
        "training.steps=40",
        "optimizer.learning_rate=5e-3",
    )
    pretrain([str(toy_corpus)], tmp_path / "run", config, progress=False)
    rows = read_metrics(tmp_path / "run" / "metrics.csv")
    assert rows[-1]["masked_loss"] < 0.8 * rows[0]["masked_loss"]
    assert {row["accuracy"] for row in rows} == {0.0}
    assert all(row["loss"] == row["masked_loss"] for row in rows)
    weights = state(tmp_path / "run")
    assert not weights["contrast.queue.keys_KP"].any()
    assert torch.equal(
        weights["contrast.query.projection.third.weight"],
        weights["contrast.key.projection.third.weight"],
    )


def test_failed_write_keeps_last_checkpoint(
    toy_corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    save, saved = lightning.Trainer.save_checkpoint, iter(range(10))

    def full(self: lightning.Trainer, path: Path, *rest: object) -> None:
        if next(saved) == 1:
            Path(path).write_bytes(b"half")
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        save(self, path)

    monkeypatch.setattr(lightning.Trainer, "save_checkpoint", full)
    with pytest.raises(
        InputError, match=r"last\.ckpt: the checkpoint cannot be written: .*No space left on device"
    ):
        pretrain([str(toy_corpus)], tmp_path / "run", tiny(), progress=False)
    assert torch.load(tmp_path / "run" / "last.ckpt", weights_only=True)["global_step"] == 3
    assert not [path for path in (tmp_path / "run").iterdir() if path.name.startswith(".")]


@pytest.mark.parametrize("waiting", [0.1, 0.5])
def test_progress_bar_reports_slow_loader(waiting: float):
    row = {
        "step": 5,
        "loss": 1.5,
        "accuracy": 0.25,
        "temperature": 0.07,
        "pieces_per_second": 1234,
        "waiting": waiting,
    }
    shown = shown_figures(row, {})
    assert "step 5  loss 1.500  accuracy 25.0%  temperature 0.070  1,234 pieces/s" in shown
    assert ("loader is the bottleneck: waits for data 50% of the time" in shown) == (
        waiting > STARVED
    )


def test_corpus_without_training_split_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    body = (
        "\n  for (const one of list) {\n    if (one > least) return one + 1;\n  }\n"
        "  return least * 2;\n"
    )
    (tmp_path / "only").mkdir()
    (tmp_path / "only" / "a.js").write_text(f"function first(list, least) {{ {body} }}\n")
    (tmp_path / "splits.json").write_text('{"test": ["only"]}')
    build = ["corpus", "build", str(tmp_path / "only"), "-o", str(tmp_path / "corpus")]
    assert main([*build, "--splits", str(tmp_path / "splits.json")]) == 0
    assert "the split train is empty" in capsys.readouterr().err
    assert main(["pretrain", str(tmp_path / "corpus"), "-o", str(tmp_path / "run")]) == 2
    assert "no function is in the split train" in capsys.readouterr().err
