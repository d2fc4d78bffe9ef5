"""Pairs of a packed corpus: by seed, epoch and function alone, cheap to send to loader processes,
and a run that goes on exactly.
"""

import json
import pickle
import signal
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from torch.utils.data import DataLoader

from contracode.corpus.packed.packing import PackOptions, pack
from contracode.corpus.packed.reading import Packed
from contracode.corpus.storage.readers import read_functions
from contracode.inputs.tokenizer import Tokenizer, train
from contracode.pretrain import pretrain
from contracode.support import config as settings
from contracode.support.config import DataConfig
from contracode.support.errors import InputError
from contracode.support.run_folder import read_metrics
from contracode.views.batch_plan import BatchPlan, EpochItem
from contracode.views.batches import PiecePair, collate
from contracode.views.copy_pairs import CopyDataset
from contracode.views.drawing import NEAR, PairRefused
from contracode.views.pairs import PairDataset
from contracode.views.training_data import training_sources
from tests.contracode.toy_runs import TINY
from tests.paths import SAMPLE


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("rows") / "rows.jsonl"
    codes = [row.code for row in read_functions([SAMPLE]) if 100 < len(row.code) < 600][::3][:40]
    codes.append("f();")  # which has hardly any views
    path.write_text("".join(json.dumps({"code": code}) + "\n" for code in codes))
    return path


@pytest.fixture(scope="module")
def packed(rows: Path, tokenizer: Tokenizer, tmp_path_factory: pytest.TempPathFactory) -> Packed:
    folder = tmp_path_factory.mktemp("packed") / "corpus"
    pack([rows], folder, PackOptions(copies=3, tokenizer=tokenizer, shard_rows=16))
    return Packed(folder)


def pieces(pair: PiecePair | None) -> tuple[list[int], list[int], int] | None:
    return None if pair is None else (pair.first.tolist(), pair.second.tolist(), pair.label)


def test_pairs_are_drawn_by_seed_epoch_and_function(packed: Packed):
    pairs, again = (
        CopyDataset(packed, DataConfig(), seed=1),
        CopyDataset(packed, DataConfig(), seed=1),
    )
    forwards = [pieces(pairs[EpochItem(2, number)]) for number in range(40)]
    backwards = [pieces(again[EpochItem(2, number)]) for number in reversed(range(40))][::-1]
    assert forwards == backwards
    for other in (
        [pieces(pairs[EpochItem(3, number)]) for number in range(40)],
        [
            pieces(CopyDataset(packed, DataConfig(), seed=2)[EpochItem(2, number)])
            for number in range(40)
        ],
    ):
        assert sum(one == two for one, two in zip(forwards, other, strict=True)) < 4


def test_pairs_differ_and_have_the_labels_of_the_corpus(
    packed: Packed, rows: Path, tokenizer: Tokenizer
):
    copies = CopyDataset(packed, DataConfig(sampled=0.0, max_length=1000), seed=0)
    drawn = PairDataset(training_sources([str(rows)]), tokenizer, DataConfig(), seed=0)
    for number in range(40):
        pair = copies.pair(EpochItem(0, number))
        assert pair.first.tolist() != pair.second.tolist()
        assert pair.label == drawn.pair(EpochItem(0, number)).label


def test_now_and_then_a_view_is_as_written(packed: Packed):
    copies = CopyDataset(packed, DataConfig(sampled=0.0, max_length=1000), seed=0)
    as_written = 0
    for number in range(40):
        written = packed.view(number, packed.views(number)[0]).words.pieces.tolist()
        pairs = [copies[EpochItem(epoch, number)] for epoch in range(10)]
        as_written += sum(pair is not None and pair.second.tolist() == written for pair in pairs)
    assert NEAR - 0.1 < as_written / 400 < NEAR + 0.1


def test_what_has_hardly_any_views_is_refused_now_and_then(packed: Packed):
    copies = CopyDataset(packed, DataConfig(), seed=0)
    assert packed[40] == "f();"
    refused = [epoch for epoch in range(20) if copies[EpochItem(epoch, 40)] is None]
    with pytest.raises(PairRefused, match="no two views differ"):
        copies.pair(EpochItem(refused[0], 40))


def test_pieces_are_cut_and_sampled(packed: Packed):
    plain = CopyDataset(packed, DataConfig(sampled=0.0, max_length=1000), seed=0)
    sampled = CopyDataset(packed, DataConfig(sampled=1.0, alpha=0.0, max_length=1000), seed=0)
    cut = CopyDataset(packed, DataConfig(sampled=1.0, alpha=0.0, max_length=7), seed=0)
    total = [
        sum(len(pairs.pair(EpochItem(0, number)).first) for number in range(40))
        for pairs in (plain, sampled)
    ]
    assert total[0] < total[1]
    for number in range(40):
        assert (
            cut.pair(EpochItem(0, number)).first.tolist()
            == sampled.pair(EpochItem(0, number)).first[:7].tolist()
        )


def test_white_space_alone_does_not_make_views_differ(
    rows: Path, sources: list[str], tmp_path: Path
):
    tokenizer = train(sources, settings.TokenizerConfig(vocab_size=600, layout="keep"))
    (tmp_path / "rows.jsonl").write_text(json.dumps({"code": "f( );"}) + "\n")
    pack([tmp_path / "rows.jsonl"], tmp_path / "out", PackOptions(copies=20, tokenizer=tokenizer))
    packed = Packed(tmp_path / "out")
    config = DataConfig(sampled=0.0)
    texts = {
        "".join(tokenizer.decode(packed.view(0, number).words.pieces).split())
        for number in packed.views(0)
    }
    assert len(texts) < len(packed.views(0))
    for epoch in range(20):
        if pair := CopyDataset(packed, config, seed=0)[EpochItem(epoch, 0)]:
            one, other = ("".join(tokenizer.decode(side).split()) for side in pair[:2])
            assert one != other


@pytest.mark.parametrize("kind", ["copies", "sources"])
def test_a_dataset_is_sent_to_a_process_as_a_path(kind: str, packed: Packed, tokenizer: Tokenizer):
    if kind == "copies":
        pairs: PairDataset = CopyDataset(packed, DataConfig(), seed=1)
        rest = 0
    else:
        pairs = PairDataset(packed, tokenizer, DataConfig(), seed=1)
        rest = len(pickle.dumps(tokenizer))
    data = pickle.dumps(pairs)
    assert len(data) - rest < 10_000
    other = pickle.loads(data)
    assert [pieces(other[EpochItem(0, n)]) for n in range(40)] == [
        pieces(pairs[EpochItem(0, n)]) for n in range(40)
    ]


def loaded(
    pairs: PairDataset, packed: Packed, *, start: int, workers: int, number: int
) -> list[Any]:
    loader: DataLoader[Any] = DataLoader(
        pairs,
        batch_sampler=BatchPlan(packed.lengths, 5, bucket=2, start=start),
        collate_fn=partial(collate, pad=0),
        num_workers=workers,
    )
    batches = islice(loader, number)
    return [[side.pieces_BT.tolist() for side in (batch.query, batch.key)] for batch in batches]


def test_the_number_of_processes_and_a_break_change_nothing(packed: Packed):
    whole = loaded(CopyDataset(packed, DataConfig(), seed=1), packed, start=0, workers=0, number=12)
    assert (
        loaded(CopyDataset(packed, DataConfig(), seed=1), packed, start=0, workers=2, number=12)
        == whole
    )
    assert (
        loaded(CopyDataset(packed, DataConfig(), seed=1), packed, start=9, workers=0, number=3)
        == whole[9:]
    )


def tiny(*overrides: str) -> settings.Config:
    return settings.load(overrides=[*TINY, *overrides])


def losses(run: Path) -> list[float]:
    return [row["loss"] for row in read_metrics(run / "metrics.csv")]


def test_pairs_from_the_sources_are_those_of_the_corpus_itself(
    packed: Packed, rows: Path, tmp_path: Path
):
    tokenizer = packed.tokenizer()
    pretrain([str(rows)], tmp_path / "rows", tiny(), tokenizer=tokenizer, progress=False)
    config = tiny("data.copies=false", "data.workers=1")
    pretrain([str(packed.folder)], tmp_path / "packed", config, progress=False)
    assert losses(tmp_path / "packed") == losses(tmp_path / "rows")


KILLED = """
import os, signal, sys
from contracode.pretrain import pretrain
from contracode.support import config
from contracode.views.copy_pairs import CopyDataset

left = 50
whole = CopyDataset._drawn

def drawn(self, function, draw):
    global left
    left -= 1
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    return whole(self, function, draw)

CopyDataset._drawn = drawn
pretrain([sys.argv[1]], sys.argv[2], config.load(overrides=sys.argv[3:]), progress=False)
"""


def test_a_killed_run_goes_on_as_if_nothing_had_been(packed: Packed, tmp_path: Path):
    pretrain([str(packed.folder)], tmp_path / "whole", tiny(), progress=False)
    run = tmp_path / "killed"
    command = [sys.executable, "-c", KILLED, str(packed.folder), str(run), *TINY]
    killed = subprocess.run(command, capture_output=True, check=False)
    assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()
    assert (run / "last.ckpt").exists()
    config = settings.load(run / "config.toml", ["data.workers=1"])
    pretrain([str(packed.folder)], run, config, resume=True, progress=False)
    assert losses(run) == losses(tmp_path / "whole")


@pytest.mark.parametrize("case", ["tokenizer", "changed"])
def test_what_does_not_fit_is_one_line(
    case: str, packed: Packed, rows: Path, sources: list[str], tokenizer: Tokenizer, tmp_path: Path
):
    run: Callable[..., object] = pretrain
    if case == "tokenizer":
        other = train(sources, settings.TokenizerConfig(vocab_size=600))
        with pytest.raises(InputError, match="are pieces of another tokenizer"):
            run([str(packed.folder)], tmp_path / "run", tiny(), tokenizer=other, progress=False)
    else:
        folder = tmp_path / "packed"
        pack([rows], folder, PackOptions(copies=1, tokenizer=tokenizer))
        run([str(folder)], tmp_path / "run", tiny("training.steps=1"), progress=False)
        pack([rows], folder, PackOptions(copies=2, tokenizer=tokenizer))
        with pytest.raises(InputError, match="the corpus is not the one that the run began with"):
            run(
                [str(folder)],
                tmp_path / "run",
                tiny("training.steps=2"),
                resume=True,
                progress=False,
            )


def test_settings_that_want_sources_are_told(packed: Packed, tmp_path: Path):
    for wanted, message in (
        (["masking.share=0.1", "masking.written=true"], r"masking\.written needs sources"),
        (["fragments.dimension=8", "fragments.joint=true"], "needs sources, not copies"),
    ):
        with pytest.raises(InputError, match=message):
            pretrain([str(packed.folder)], tmp_path / "run", tiny(*wanted), progress=False)
    assert not (tmp_path / "run").exists()
