"""Pairs of views, batches, their plan, and training data."""

import gzip
import json
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch.utils.data import DataLoader

from contracode.inputs.masking import IGNORED
from contracode.inputs.tokenizer import Tokenizer
from contracode.support.config import DataConfig, MaskingConfig
from contracode.support.errors import InputError
from contracode.views.batch_plan import BatchPlan, EpochItem
from contracode.views.batches import PiecePair, collate
from contracode.views.drawing import DrawnViews, PairRefused, draw_views
from contracode.views.pairs import PairDataset
from contracode.views.training_data import training_documentation, training_sources

SOURCE = """function total(items, rate) {
  let sum = 0; // of all
  for (const item of items) { sum += item.price * rate; }
  return sum;
}"""


def test_two_views_differ_in_more_than_white_space():
    for seed in range(20):
        drawn = draw_views(SOURCE, seed)
        assert "".join(drawn.first.split()) != "".join(drawn.second.split())
        assert drawn == draw_views(SOURCE, seed)
    assert len({draw_views(SOURCE, seed).first for seed in range(20)}) > 5


def test_labels_are_equal_up_to_renaming():
    renamed = SOURCE.replace("sum", "x").replace("items", "list")
    assert draw_views(SOURCE, 1).label == draw_views(renamed, 2).label
    assert draw_views(SOURCE, 1).label != draw_views(SOURCE.replace("*", "+"), 1).label


@pytest.mark.parametrize(
    ("source", "message"), [("function (", "does not parse"), ("", "there is no code")]
)
def test_source_without_views_is_refused(source: str, message: str):
    with pytest.raises(PairRefused, match=message):
        draw_views(source, 0)


def stand_in(source: str, seed: int) -> DrawnViews:
    if "refuse" in source:
        raise PairRefused("on purpose")
    return DrawnViews(f"{source} {seed % 97}", f"{source} {seed % 89};", len(source))


def dataset(tokenizer: Tokenizer, *, seed: int = 0, **settings: Any) -> PairDataset:
    sources = [f"function{n}(value, length)" * (1 + n % 5) for n in range(23)]
    sources[4] = "refuse"
    return PairDataset(sources, tokenizer, DataConfig(**settings), seed=seed, draw=stand_in)


def same(one: PiecePair | None, other: PiecePair | None) -> bool:
    if one is None or other is None:
        return one is other
    return (
        one.first.tolist() == other.first.tolist() and one.second.tolist() == other.second.tolist()
    )


def test_pairs_are_drawn_by_seed_epoch_and_function(tokenizer: Tokenizer):
    pairs = dataset(tokenizer)
    first = pairs[EpochItem(0, 1)]
    pairs[EpochItem(3, 2)]
    assert same(first, pairs[EpochItem(0, 1)])
    assert not same(first, pairs[EpochItem(1, 1)])
    assert not same(first, dataset(tokenizer, seed=1)[EpochItem(0, 1)])


def test_pieces_are_sampled_and_truncated(tokenizer: Tokenizer):
    plain, sampled = dataset(tokenizer, sampled=0.0), dataset(tokenizer, sampled=1.0, alpha=0.0)
    lengths = [
        [len(pairs.pair(EpochItem(0, n)).first) for n in range(4)] for pairs in (plain, sampled)
    ]
    assert sum(lengths[0]) < sum(lengths[1])
    cropped = dataset(tokenizer, sampled=0.0, max_length=7)
    assert (
        cropped.pair(EpochItem(0, 3)).first.tolist()
        == plain.pair(EpochItem(0, 3)).first[:7].tolist()
    )


def test_batch_omits_and_counts_refused_functions(tokenizer: Tokenizer):
    pairs = dataset(tokenizer)
    found = [pairs[EpochItem(0, n)] for n in (3, 4, 5)]
    assert found[1] is None
    batch = collate(found, pad=0)
    assert batch.num_refused == 1
    assert batch.labels_B.tolist() == [pair.label for pair in found if pair is not None]
    for views, rows in (
        (batch.query, [p.first for p in found if p]),
        (batch.key, [p.second for p in found if p]),
    ):
        assert views.pieces_BT.shape == (2, max(map(len, rows)))
        assert views.pieces_BT.dtype == torch.long
        for row, ids in enumerate(rows):
            assert views.pieces_BT[row][views.mask_BT[row]].tolist() == ids.tolist()
            assert views.mask_BT[row].tolist() == sorted(views.mask_BT[row].tolist(), reverse=True)
    assert batch.num_pieces == int(batch.query.mask_BT.sum() + batch.key.mask_BT.sum())


def test_batch_may_be_empty():
    batch = collate([None, None], pad=0)
    assert (len(batch.labels_B), batch.num_refused, batch.num_pieces) == (0, 2, 0)


def batches(start: int, number: int, **settings: Any) -> list[list[EpochItem]]:
    plan = BatchPlan([7 * n % 31 for n in range(50)], 6, start=start, **settings)
    return list(islice(plan, number))


@pytest.mark.parametrize("bucket", [1, 3, 100])
def test_plan_can_start_at_any_batch(bucket: int):
    whole = batches(0, 30, bucket=bucket, seed=5)
    for start in (1, 7, 8, 9, 23):
        assert batches(start, 30 - start, bucket=bucket, seed=5) == whole[start:]
    assert batches(0, 30, bucket=bucket, seed=6) != whole


def test_epoch_has_every_function_of_whole_batches_once():
    epochs = [
        [place for batch in batches(8 * epoch, 8, bucket=3) for place in batch]
        for epoch in range(3)
    ]
    for number, places in enumerate(epochs):
        assert {place.epoch for place in places} == {number}
        assert len({place.function for place in places}) == len(places) == 48
    assert len({tuple(place.function for place in places) for places in epochs}) == 3


def test_buckets_group_similar_lengths():
    lengths = [7 * n % 31 for n in range(50)]

    def spread(bucket: int) -> float:
        return float(
            np.mean(
                [
                    np.ptp([lengths[p.function] for p in batch])
                    for batch in batches(0, 8, bucket=bucket)
                ]
            )
        )

    assert spread(100) < 0.4 * spread(1)


def test_small_corpus_makes_one_batch():
    plan = BatchPlan([3, 1, 2], 64)
    assert plan.batches_per_epoch == 1
    assert [sorted(place.function for place in batch) for batch in islice(plan, 2)] == [
        [0, 1, 2]
    ] * 2


def test_pairs_do_not_depend_on_number_of_workers(tokenizer: Tokenizer):
    def loaded(workers: int) -> list[list[int]]:
        loader = DataLoader(
            dataset(tokenizer),
            batch_sampler=BatchPlan([1] * 23, 4, bucket=2),
            collate_fn=lambda pairs: collate(pairs, pad=0),
            num_workers=workers,
        )
        return [batch.query.pieces_BT.flatten().tolist() for batch in islice(loader, 8)]

    assert loaded(0) == loaded(2)


def test_training_sources_are_of_the_training_split(tmp_path: Path):
    rows = [
        {"code": f"f{n}()", "partition": part} for n, part in enumerate(["train", "test", "train"])
    ]
    with gzip.open(tmp_path / "javascript_train_0.jsonl.gz", "wt") as file:
        file.writelines(json.dumps(row) + "\n" for row in rows)
    assert list(training_sources([str(tmp_path)])) == ["f0()", "f2()"]
    (tmp_path / "plain.jsonl").write_text('{"code": "g()"}\n')
    assert list(training_sources([str(tmp_path / "plain.jsonl")])) == ["g()"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"code": "f()"}\n{oops\n', "c.jsonl:2: is not JSON"),
        ('{"code": "f()", "partition": "test"}\n', "no function is in the split train"),
    ],
)
def test_broken_or_empty_corpus_is_named(text: str, message: str, tmp_path: Path):
    (tmp_path / "c.jsonl").write_text(text)
    with pytest.raises(InputError, match=message):
        training_sources([str(tmp_path / "c.jsonl")])


def test_documentation_is_of_the_training_split(tmp_path: Path):
    rows = [
        {"code": f"f{n}()", "docstring": f" Does {n}.\n" * (n != 2), "partition": part}
        for n, part in enumerate(["train", "test", "train"])
    ]
    (tmp_path / "c.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    assert training_documentation([str(tmp_path / "c.jsonl")]) == ["Does 0.", ""]
    (tmp_path / "d.jsonl").write_text(json.dumps({"code": "f()"}))
    with pytest.raises(
        InputError, match=r"no function has documentation; set data\.documentation to 0"
    ):
        training_documentation([str(tmp_path / "d.jsonl")])


SOURCES = [
    "function add(a, b) { if (a < b) return a + 1; return b - a; }",
    "function id(a) { return a; }",
]


def rich(
    tokenizer: Tokenizer,
    masking: MaskingConfig | None = None,
    texts: Sequence[str] = (),
    **settings: object,
) -> PairDataset:
    config = DataConfig(sampled=0.0, **settings)  # pyright: ignore[reportArgumentType]
    return PairDataset(
        SOURCES, tokenizer, config, seed=0, draw=stand_in, masking=masking, documentation=texts
    )


def test_documentation_replaces_the_first_view(tokenizer: Tokenizer):
    plain, described = (
        rich(tokenizer),
        rich(tokenizer, texts=["Adds numbers.", ""], documentation=1.0),
    )
    pair = described.pair(EpochItem(0, 0))
    assert pair.first.tolist() == tokenizer.encode("Adds numbers.").ids.tolist()
    assert pair.second.tolist() == plain.pair(EpochItem(0, 0)).second.tolist()
    assert same(described.pair(EpochItem(0, 1)), plain.pair(EpochItem(0, 1)))
    some = rich(tokenizer, texts=["Adds numbers.", ""], documentation=0.2)
    share = np.mean(
        [len(some.pair(EpochItem(epoch, 0)).first) == len(pair.first) for epoch in range(300)]
    )
    assert share == pytest.approx(0.2, abs=0.07)


def test_hard_negatives_are_views_of_the_edited_function(tokenizer: Tokenizer):
    found = [rich(tokenizer, hard=1.0).pair(EpochItem(epoch, 0)).hard for epoch in range(20)]
    for ids in found:
        assert ids is not None
        text = tokenizer.decode(ids)
        assert "functionadd" in text.replace(" ", "")
        assert text.replace(" ", "") != SOURCES[0].replace(" ", "")
    assert rich(tokenizer, hard=1.0).pair(EpochItem(0, 1)).hard is None  # nothing to edit
    assert rich(tokenizer).pair(EpochItem(0, 0)).hard is None


def test_batch_records_owners_of_hard_negatives(tokenizer: Tokenizer):
    pairs = rich(tokenizer, MaskingConfig(share=0.3), hard=1.0)
    found = [pairs.pair(place) for place in (EpochItem(0, 1), EpochItem(0, 0), EpochItem(1, 0))]
    batch = collate([None, *found], pad=0)
    assert batch.hard is not None
    assert batch.owners_M is not None
    assert batch.owners_M.tolist() == [1, 2]
    for row, pair in enumerate(found[1:]):
        assert pair.hard is not None
        assert batch.hard.pieces_BT[row][batch.hard.mask_BT[row]].tolist() == pair.hard.tolist()
    plain = collate([rich(tokenizer).pair(EpochItem(0, 0))], pad=0)
    assert (plain.masked, plain.targets_BT, plain.hard, plain.owners_M) == (None, None, None, None)


def test_masks_do_not_change_the_first_view(tokenizer: Tokenizer):
    pairs, plain = rich(tokenizer, MaskingConfig(share=0.3)), rich(tokenizer)
    place = EpochItem(2, 0)
    assert same(pairs.pair(place), plain.pair(place))
    batch = collate([pairs.pair(place), pairs.pair(EpochItem(0, 1))], pad=0)
    assert batch.masked is not None
    assert batch.targets_BT is not None
    hidden_BT = batch.targets_BT != IGNORED
    assert batch.num_masked == hidden_BT.sum() > 0
    assert torch.equal(batch.masked.mask_BT, batch.query.mask_BT)
    assert not (hidden_BT & ~batch.query.mask_BT).any()
    assert (batch.masked.pieces_BT[hidden_BT] == tokenizer.mask_id).all()
    assert torch.equal(batch.targets_BT[hidden_BT], batch.query.pieces_BT[hidden_BT])
    assert torch.equal(batch.masked.pieces_BT[~hidden_BT], batch.query.pieces_BT[~hidden_BT])


def test_no_views_are_drawn_without_contrast(tokenizer: Tokenizer):
    def never(source: str, seed: int) -> DrawnViews:
        raise AssertionError("drawn")

    masking = MaskingConfig(share=0.3, written=True, contrast=0)
    sources = [SOURCES[0], "function ("]
    alone = PairDataset(
        sources, tokenizer, DataConfig(max_length=60), seed=0, draw=never, masking=masking
    )
    pair = alone.pair(EpochItem(0, 0))
    assert pair.masked is not None
    hidden = pair.masked.targets_T != IGNORED
    assert np.array_equal(np.where(hidden, pair.masked.targets_T, pair.masked.ids_T), pair.first)
    assert alone[EpochItem(0, 1)] is None  # refused, as it does not parse
    with pytest.raises(AssertionError, match="drawn"):
        PairDataset(
            sources,
            tokenizer,
            DataConfig(),
            seed=0,
            draw=never,
            masking=MaskingConfig(share=0.3, written=True),
        ).pair(EpochItem(0, 0))


def test_masked_pieces_can_be_of_the_written_function(tokenizer: Tokenizer):
    pairs, plain = rich(tokenizer, MaskingConfig(share=0.3, written=True)), rich(tokenizer)
    hidden = 0
    for epoch in range(8):
        pair = pairs.pair(EpochItem(epoch, 0))
        assert same(pair, plain.pair(EpochItem(epoch, 0)))
        assert pair.masked is not None
        ids_T = np.where(pair.masked.targets_T == IGNORED, pair.masked.ids_T, pair.masked.targets_T)
        text, written = tokenizer.decode(ids_T.astype(np.uint16)), SOURCES[0]
        # equal up to the layout, which is drawn
        assert "".join(text.replace(";", "").split()) == "".join(written.replace(";", "").split())
        hidden += int((pair.masked.targets_T != IGNORED).sum())
    assert hidden
    with pytest.raises(ValueError, match="written needs clean"):
        MaskingConfig(written=True, clean=False)
