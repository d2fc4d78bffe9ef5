"""How fast a training step and embedding are, beside another program on the same batches, and
whether the loader keeps up.

python -m benchmarks.pretrain CORPUS [--preset paper-transformer] [--threads 1 2] [--against 'CMD']
[--feed nano] [--json]

Steps are those of Lightning's trainer on batches that were drawn before. `--against` is run, by
turns with ours, as CMD --batches FILE --what step|embed --threads N and prints {"seconds": [...],
"cpu_seconds": [...]}, one of each per batch, on its last line. FILE is a numpy archive: `lengths`
(batches, 2, B), `pieces` (all views one behind the other, in that order), `pad`, `vocab_size`.

Legend: B batch, T pieces.
"""

from __future__ import annotations

import argparse
import json
import os
import shlex
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytorch_lightning as lightning
import torch
from pytorch_lightning.callbacks import Callback
from torch.nn import functional as F
from torch.utils.data import DataLoader
from torch.utils.flop_counter import FlopCounterMode, sdpa_backward_flop_count, sdpa_flop_count

from benchmarks.augment import sample
from contracode.encoder.embedding import embed
from contracode.inputs.tokenizer import PAD, Tokenizer, train
from contracode.pretrain.module import Pretraining
from contracode.support import config as settings
from contracode.support.config import Config
from contracode.support.silence import quiet
from contracode.views.batch_plan import EpochItem
from contracode.views.batches import Batch, PiecePair, collate
from contracode.views.pairs import PairDataset

SQUARE = 2048
"""Side of the matrices whose product is the machine's peak."""


def attention_flops(
    query: Any, key: Any, value: Any, *_: Any, out_shape: Any = None, **__: Any
) -> int:
    """Count what PyTorch's counter leaves out: attention on a CPU."""
    return sdpa_flop_count(query, key, value)


def attention_backward_flops(
    gradient: Any, query: Any, key: Any, value: Any, *_: Any, **__: Any
) -> int:
    """Count its gradient."""
    return sdpa_backward_flop_count(gradient, query, key, value)


ATTENTION = {
    torch.ops.aten._scaled_dot_product_flash_attention_for_cpu: attention_flops,
    torch.ops.aten._scaled_dot_product_flash_attention_for_cpu_backward: attention_backward_flops,
}


class Clock:
    """Seconds on the clock and of the CPU, of what has been timed."""

    def __init__(self) -> None:
        self.seconds: list[float] = []
        self.cpu_seconds: list[float] = []

    def start(self) -> None:
        self._began = time.perf_counter(), time.process_time()

    def stop(self) -> None:
        self.seconds.append(time.perf_counter() - self._began[0])
        self.cpu_seconds.append(time.process_time() - self._began[1])


class Steps(Callback):
    """Times the training steps of a pass over the batches, and counts the operations of the pass
    before it.

    Args:
        number: batches of a pass.
    """

    def __init__(self, number: int) -> None:
        self.clock = Clock()
        self.losses: list[float] = []
        self._number = number
        self._counter = FlopCounterMode(display=False, custom_mapping=ATTENTION)

    @property
    def flops(self) -> int:
        """Operations of a pass; a multiplication and an addition are two."""
        return self._counter.get_total_flops()

    def on_train_start(
        self, trainer: lightning.Trainer, pl_module: lightning.LightningModule
    ) -> None:
        self._counter.__enter__()
        self.clock.start()

    def on_train_batch_end(
        self,
        trainer: lightning.Trainer,
        pl_module: lightning.LightningModule,
        outputs: Any,
        batch: Batch,
        batch_idx: int,
    ) -> None:
        self.losses.append(float(outputs["whole_loss"]))
        if batch_idx == self._number - 1:
            self._counter.__exit__(None, None, None)
        if batch_idx >= self._number:
            self.clock.stop()
        self.clock.start()


def steps(batches: Sequence[Batch], config: Config) -> Steps:
    """Take a step on each batch twice, and return what is known of the second time."""
    torch.manual_seed(0)
    module = Pretraining(config)
    queue = module.contrast.queue
    if queue.size:  # as full as it is but for the first steps
        queue.enqueue(
            F.normalize(torch.randn(queue.size, config.contrast.projection), dim=1),
            -2 - torch.arange(queue.size),
        )
    timed = Steps(len(batches))
    with quiet("pytorch_lightning"):
        trainer = lightning.Trainer(
            max_steps=2 * len(batches),
            max_epochs=-1,
            accelerator="cpu",
            gradient_clip_val=config.optimizer.clip,
            callbacks=[timed],
            logger=False,
            enable_checkpointing=False,
            enable_progress_bar=False,
            enable_model_summary=False,
        )
        trainer.fit(module, DataLoader([*batches, *batches], batch_size=None, collate_fn=_same))  # pyright: ignore[reportArgumentType]
    return timed


def _same(batch: Batch) -> Batch:
    return batch


def embedding(rows: Sequence[np.ndarray], config: Config) -> Clock:
    """Embed all rows at once, as the probe of a run does."""
    torch.manual_seed(0)
    encoder = Pretraining(config).contrast.query.encoder
    embed(encoder, rows[:8])
    clock = Clock()
    clock.start()
    embed(encoder, rows)
    clock.stop()
    return clock


def peak() -> Clock:
    """Time large matrix products."""
    one, other = torch.randn(SQUARE, SQUARE), torch.randn(SQUARE, SQUARE)
    torch.mm(one, other)
    clock = Clock()
    for _ in range(4):
        clock.start()
        torch.mm(one, other)
        clock.stop()
    return clock


def draw(
    codes: Sequence[str], tokenizer: Tokenizer, config: Config, number: int
) -> list[PiecePair]:
    """Return the first so many pairs that functions have."""
    pairs = PairDataset(codes, tokenizer, config.data, seed=0)
    drawn = (pairs[EpochItem(0, function)] for function in range(len(codes)))
    found = [
        pair
        for pair, _ in zip(
            (pair for pair in drawn if pair is not None), range(number), strict=False
        )
    ]
    if len(found) < number:
        sys.exit(f"{number} functions with pairs are needed, and there are {len(found)}")
    return found


def write_batches(batches: Sequence[Sequence[PiecePair]], vocab_size: int, path: Path) -> None:
    """Write the archive that another program reads."""
    rows = [[[pair.first for pair in batch], [pair.second for pair in batch]] for batch in batches]
    np.savez(
        path,
        pieces=np.concatenate([row for batch in rows for side in batch for row in side]),
        lengths=np.array([[[len(row) for row in side] for side in batch] for batch in rows]),
        pad=PAD,
        vocab_size=vocab_size,
    )


def against(command: str, path: Path, what: str, threads: int, number: int) -> Clock:
    """Run another program over the batches."""
    arguments = [
        *shlex.split(command),
        "--batches",
        str(path),
        "--what",
        what,
        "--threads",
        str(threads),
    ]
    environment = {**os.environ, "OMP_NUM_THREADS": str(threads)}
    done = subprocess.run(arguments, stdout=subprocess.PIPE, check=True, env=environment)
    answer = json.loads(done.stdout.splitlines()[-1])
    clock = Clock()
    clock.seconds, clock.cpu_seconds = answer["seconds"], answer["cpu_seconds"]
    if not len(clock.seconds) == len(clock.cpu_seconds) == number:
        sys.exit(
            f"{command}: {len(clock.seconds)} and {len(clock.cpu_seconds)} times for {number} "
            f"batches"
        )
    return clock


class Rates:
    """The best of some rounds: what else the machine did took least of it."""

    def __init__(self) -> None:
        self.seconds = self.cpu_seconds = float("inf")

    def add(self, clock: Clock) -> None:
        """Add a round, whose parts belong together."""
        self.seconds = min(self.seconds, sum(clock.seconds))
        self.cpu_seconds = min(self.cpu_seconds, sum(clock.cpu_seconds))

    def rates(self, count: int) -> dict[str, float]:
        """Return how many of these functions a second takes."""
        return {
            "functions_per_second": count / self.seconds,
            "functions_per_cpu_second": count / self.cpu_seconds,
        }


def compare(
    pairs: Sequence[PiecePair], config: Config, threads: int, rounds: int, command: str | None
) -> dict[str, Any]:
    """Return the figures of so many threads."""
    torch.set_num_threads(threads)
    size = config.training.batch_size
    parts = [pairs[start : start + size] for start in range(0, len(pairs), size)]
    batches = [collate(part, pad=PAD) for part in parts]
    rows = [pair.first for pair in pairs]
    best = {name: Rates() for name in ("step", "embed", "step of the other", "embed of the other")}
    fastest, flops, losses = Rates(), 0, []
    with tempfile.TemporaryDirectory() as folder:
        archive = Path(folder) / "batches.npz"
        write_batches(parts, config.encoder.vocab_size, archive)
        for _ in range(rounds):
            timed = steps(batches, config)
            best["step"].add(timed.clock)
            flops, losses = timed.flops, timed.losses
            best["embed"].add(embedding(rows, config))
            product = peak()
            fastest.seconds = min(fastest.seconds, *product.seconds)
            fastest.cpu_seconds = min(fastest.cpu_seconds, *product.cpu_seconds)
            for what in ("step", "embed") if command is not None else ():
                assert command is not None
                best[f"{what} of the other"].add(
                    against(command, archive, what, threads, len(batches))
                )
    # Of one thread the time of the CPU says it, whatever else runs; threads wait for each other,
    # and only the clock does.
    clock = "cpu_seconds" if threads == 1 else "seconds"
    best_flops = 2 * SQUARE**3 / getattr(fastest, clock)
    figures: dict[str, Any] = {
        "threads": threads,
        "peak_gflops": best_flops / 1e9,
        "step_gflop": flops / 1e9,
        "share_of_peak": flops / getattr(best["step"], clock) / best_flops,
        "loss": losses[-1],
    }
    for what in ("step", "embed"):
        figures[what] = best[what].rates(len(pairs))
        if command is not None:
            other = best[f"{what} of the other"]
            figures[f"{what}_against"] = other.rates(len(pairs))
            figures[f"{what}_ratio"] = getattr(other, clock) / getattr(best[what], clock)
    return figures


def feeding(codes: Sequence[str], preset: str, batches: int) -> dict[str, float]:
    """Return how many pairs a CPU second draws, how many one of training eats, and how many loaders
    one core of training needs.
    """
    torch.set_num_threads(1)
    tokenizer = train(codes, settings.load(settings.preset(preset)).tokenizer)
    config = fitted(preset, tokenizer.size, [])
    size = config.training.batch_size
    number = batches * size
    draw(codes[:50], tokenizer, config, 1)  # builds what it draws with
    clock = Clock()
    clock.start()
    pairs = draw(codes, tokenizer, config, number)
    clock.stop()
    # As the plan of batches has it: those of similar length together.
    pairs.sort(key=lambda pair: len(pair.first) + len(pair.second))
    timed = steps(
        [collate(pairs[start : start + size], pad=PAD) for start in range(0, number, size)], config
    )
    drawn, eaten = number / sum(clock.cpu_seconds), number / sum(timed.clock.cpu_seconds)
    return {
        "pairs_drawn_per_cpu_second": drawn,
        "pairs_eaten_per_cpu_second": eaten,
        "loaders_per_core": eaten / drawn,
    }


def fitted(preset: str, tokenizer_size: int, overrides: Sequence[str]) -> Config:
    """Return the settings of a preset for a tokenizer."""
    config = settings.load(settings.preset(preset), [*overrides, "training.steps=1000000"])
    return msgspec.structs.replace(
        config, encoder=msgspec.structs.replace(config.encoder, vocab_size=tokenizer_size)
    )


def main() -> int:
    assert __doc__ is not None
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.pretrain", description=__doc__.split("\n")[0]
    )
    parser.add_argument("functions", nargs="+", help="JSON lines with a field `code`, or a corpus")
    parser.add_argument(
        "--preset", default="paper-transformer", help="what is trained (default paper-transformer)"
    )
    parser.add_argument(
        "--set", action="append", default=[], metavar="KEY=VALUE", help="change one setting of it"
    )
    parser.add_argument("--batches", type=int, default=4, help="batches (default 4)")
    parser.add_argument(
        "--threads", type=int, nargs="+", default=[1], help="of torch, one run each (default 1)"
    )
    parser.add_argument(
        "--rounds", type=int, default=2, help="the best of so many counts (default 2)"
    )
    parser.add_argument(
        "--against", metavar="CMD", help="another program to measure in the same run"
    )
    parser.add_argument(
        "--feed", metavar="PRESET", help="measure too whether loaders keep up with this preset"
    )
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    config = settings.load(settings.preset(args.preset), args.set)
    number = args.batches * config.training.batch_size
    codes, repositories = sample(args.functions, 2 * number + 1000, 0)
    tokenizer = train(codes, config.tokenizer)
    config = fitted(args.preset, tokenizer.size, args.set)
    pairs = draw(codes, tokenizer, config, number)
    lengths = [len(pair.first) for pair in pairs]
    figures: dict[str, Any] = {
        "functions": number,
        "repositories": repositories,
        "pieces_mean": float(np.mean(lengths)),
        "pieces_most": max(lengths),
        "load": os.getloadavg()[0],
        "runs": [
            compare(pairs, config, threads, args.rounds, args.against) for threads in args.threads
        ],
    }
    if args.feed:
        figures["feed"] = feeding(codes, args.feed, args.batches)
    if args.json:
        print(json.dumps(figures, indent=2))
    else:
        _show(figures)
    return 0


def _show(figures: dict[str, Any], indent: str = "") -> None:
    for key, value in figures.items():
        if isinstance(value, dict):
            print(f"{indent}{key}")
            _show(value, indent + "  ")
        elif isinstance(value, list):
            for part in value:
                _show(part, indent)
        else:
            print(f"{indent}{key:{32 - len(indent)}}{value:12.4g}")


if __name__ == "__main__":
    sys.exit(main())
