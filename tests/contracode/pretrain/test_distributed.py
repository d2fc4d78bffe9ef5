"""Two processes with half a batch each equal one process with the whole batch.

Losses, key towers and queues are compared.
"""

import json
from itertools import islice
from pathlib import Path

import pytest
import torch

from contracode.encoder import distributed
from contracode.pretrain import pretrain
from contracode.pretrain.batches import BatchShard
from contracode.support.run_folder import read_metrics
from contracode.views.batch_plan import BatchPlan
from tests.contracode.toy_runs import TINY, curve, sparse, state, tiny
from tests.contracode.two_processes import run_in_two

RICH = [
    "masking.share=0.3",
    "contrast.symmetric=true",
    "data.hard=0.5",
    "training.held_out=4",
    "training.validate_every=25",
    "training.log_every=1",
    "encoder.dropout=0.0",
]
STEADY = [
    "optimizer.decay=0.0",
    "optimizer.warmup=0.0",
    "contrast.momentum_end=0.99",
    "training.held_out=6",
]
"""A schedule that does not depend on the number of steps."""

JOBS = {
    "rich": [[*RICH, "training.steps=50"]],
    "sparse": [[*RICH, "training.held_out=0", "training.steps=8", "training.batch_size=2"]],
    "whole": [[*STEADY, "training.steps=6"]],
    "cut": [[*STEADY, "training.steps=3", "training.probe_every=2"], ["training.steps=6"]],
}
"""Name of a run -> its settings, and, if it is resumed, the settings that change then."""

SCRIPT = """
import json, sys
from pathlib import Path
import torch
from contracode.encoder import distributed
from contracode.support import config
from contracode.pretrain import pretrain
from contracode.pretrain.module import Pretraining
from contracode.views.drawing import draw_views
from tests.contracode.toy_runs import sparse

corpus, folder, jobs = sys.argv[1], Path(sys.argv[2]), json.loads(sys.argv[3])
save = Pretraining.on_save_checkpoint

def dump(self, checkpoint):
    save(self, checkpoint)
    torch.save(self.state_dict(), folder / f"{name}.rank{distributed.rank()}.pt")

Pretraining.on_save_checkpoint = dump
with distributed.process_group():
    for name, parts in jobs.items():
        for number, overrides in enumerate(parts):
            distributed.barrier()
            path = folder / name / "config.toml" if number else None
            run, draw = folder / name, sparse if name == "sparse" else draw_views
            settings = config.load(path, overrides)
            pretrain([corpus], run, settings, resume=bool(number), draw=draw, progress=False)
"""


@pytest.fixture(scope="module")
def runs(toy_corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of runs, each on two processes with batches of three."""
    folder = tmp_path_factory.mktemp("runs")
    jobs = {
        name: [[*TINY, "training.batch_size=3", *parts[0]], *parts[1:]]
        for name, parts in JOBS.items()
    }
    run_in_two(SCRIPT, folder, toy_corpus, folder, json.dumps(jobs))
    return folder


def compared(one: Path, other: Path, *, within: float) -> None:
    rows, others = read_metrics(one / "metrics.csv"), read_metrics(other / "metrics.csv")
    assert [row["step"] for row in rows] == [row["step"] for row in others]
    for row, expected in zip(rows, others, strict=True):
        assert row["loss"] == pytest.approx(expected["loss"], abs=within)
        assert row["accuracy"] == pytest.approx(expected["accuracy"], abs=1e-6)
        assert row["refused"] == expected["refused"]


def codes(corpus: Path) -> list[str]:
    return [json.loads(line)["code"] for line in corpus.read_text().splitlines()]


def test_two_processes_equal_one_with_the_whole_batch(runs: Path, toy_corpus: Path, tmp_path: Path):
    """All objectives at once, and refused functions, so that the halves differ in size."""
    config = tiny(*RICH, "training.steps=50", "training.batch_size=6")
    pretrain([str(toy_corpus)], tmp_path / "one", config, progress=False)
    compared(runs / "rich", tmp_path / "one", within=1e-4)
    assert len(read_metrics(runs / "rich" / "metrics.csv")) == 50
    assert read_metrics(runs / "rich" / "metrics.csv")[-1]["refused"] > 0
    validated = [
        read_metrics(folder / "validation.csv") for folder in (runs / "rich", tmp_path / "one")
    ]
    assert len(validated[0]) == len(validated[1]) == 2
    for row, expected in zip(*validated, strict=True):
        assert row == pytest.approx(expected, abs=1e-4)
    ranks = [torch.load(runs / f"rich.rank{rank}.pt", weights_only=True) for rank in range(2)]
    whole = state(tmp_path / "one")
    for name, weight in ranks[0].items():
        assert torch.equal(weight, ranks[1][name]), name
        torch.testing.assert_close(weight, whole[name], rtol=0, atol=1e-3)
    assert torch.equal(ranks[0]["contrast.queue.labels_K"], whole["contrast.queue.labels_K"])


def test_process_without_functions_takes_part(runs: Path, toy_corpus: Path, tmp_path: Path):
    """Two thirds of the functions are refused, so that one process has none while the other has."""
    config = tiny(*JOBS["sparse"][0], "training.batch_size=4")
    pretrain([str(toy_corpus)], tmp_path / "one", config, draw=sparse, progress=False)
    compared(runs / "sparse", tmp_path / "one", within=1e-4)
    plan = BatchPlan([len(code) for code in codes(toy_corpus)], 4, bucket=2)
    kept = [
        [len(codes(toy_corpus)[place.function]) % 3 == 0 for place in batch]
        for batch in islice(plan, 8)
    ]
    assert any(any(batch[:2]) != any(batch[2:]) for batch in kept)


def test_two_processes_resume_exactly(runs: Path):
    """Each process restores its own dropout, and the probe of the first changes nothing."""
    assert curve(runs / "cut")[-1] == curve(runs / "whole")[-1]
    expected = state(runs / "whole")
    for name, weight in state(runs / "cut").items():
        assert torch.equal(weight, expected[name]), name
    states = torch.load(runs / "cut" / "last.ckpt", weights_only=True)["contracode"]["random"]
    assert len(states) == 2
    draws: list[torch.Tensor] = []
    for state_of_rank in states:
        with torch.random.fork_rng():
            torch.set_rng_state(state_of_rank.clone())
            draws.append(torch.rand(9))
    assert not torch.equal(draws[0], draws[1])
    assert [row["step"] for row in read_metrics(runs / "cut" / "probe.csv")] == [0, 2, 4, 6]
    assert not (runs / "whole" / "probe.csv").exists()


def test_parts_of_processes_join_to_the_batch(monkeypatch: pytest.MonkeyPatch):
    plan = BatchPlan([1] * 30, 7)
    batch = next(iter(plan))
    parts = []
    monkeypatch.setattr(distributed, "world", lambda: 3)
    for rank in range(3):
        monkeypatch.setattr(distributed, "rank", lambda rank=rank: rank)
        parts.append(next(iter(BatchShard(plan))))
    assert [place for part in parts for place in part] == batch
    assert sorted(map(len, parts)) == [2, 2, 3]


def test_single_process_needs_no_communication():
    rows = torch.arange(6.0).reshape(3, 2)
    assert distributed.gather(rows) is rows
    assert distributed.total((1.5, torch.tensor(2)), torch.device("cpu")) == [1.5, 2.0]
    assert distributed.from_first(0.5, torch.device("cpu")) == 0.5
    assert (distributed.world(), distributed.rank(), distributed.local_world()) == (1, 0, 1)
