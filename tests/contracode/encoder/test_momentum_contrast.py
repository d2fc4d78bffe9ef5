"""Momentum contrast: comparison with slow loops, the queue, the momentum update, gradients."""

import copy
from typing import Any, Literal

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from contracode.encoder.encoders import Encoder
from contracode.encoder.momentum_contrast import (
    EMPTY,
    ROWS,
    HardNegatives,
    MomentumContrast,
    Queue,
    momentum_update,
)
from contracode.support.config import ContrastConfig, EncoderConfig
from tests.contracode.encoder.oracles import slow_info_nce, unit

BATCH = 5
SIZES = [BATCH - 1, BATCH, BATCH + 1, 2 * BATCH, 2 * BATCH + 1]


@pytest.mark.parametrize("size", [1, *SIZES])
@pytest.mark.parametrize("batches", [[BATCH] * 6, [3, 5, 1, 4, 2, 5, 5], [BATCH * 3, 2]])
def test_queue_holds_the_latest_keys(size: int, batches: list[int]):
    queue = Queue(size, 2)
    expected: list[int] = []
    label = 0
    for number in batches:
        labels = torch.arange(label, label + number)
        queue.enqueue(torch.stack([labels, -labels], dim=1).float(), labels)
        label += number
        expected = [*expected, *labels.tolist()][-size:]
        held = [one for one in queue.labels_K.tolist() if one != EMPTY]
        assert sorted(held) == expected
        filled = queue.labels_K != EMPTY
        assert torch.equal(queue.keys_KP[filled, 0].long(), queue.labels_K[filled])
        oldest_first = torch.roll(queue.labels_K, -int(queue.position)).tolist()
        assert [one for one in oldest_first if one != EMPTY] == expected


def test_queue_is_part_of_the_state():
    queue, other = Queue(4, 2), Queue(4, 2)
    queue.enqueue(unit(3, 2).float(), torch.tensor([7, 8, 9]))
    other.load_state_dict(queue.state_dict())
    for one in (queue, other):
        one.enqueue(unit(2, 2, seed=5).float(), torch.tensor([1, 2]))
    assert torch.equal(queue.keys_KP, other.keys_KP)
    assert queue.labels_K.tolist() == other.labels_K.tolist() == [2, 8, 9, 1]


def test_momentum_update_is_the_moving_average():
    query, key = torch.nn.Linear(3, 2), torch.nn.Linear(3, 2)
    before = [weight.detach().clone() for weight in key.parameters()]
    momentum_update(query, key, 0.9)
    for old, new, target in zip(before, key.parameters(), query.parameters(), strict=True):
        torch.testing.assert_close(new, 0.9 * old + 0.1 * target)


def test_momentum_update_copies_buffers():
    query, key = torch.nn.BatchNorm1d(2), torch.nn.BatchNorm1d(2)
    query(torch.randn(4, 2))
    momentum_update(query, key, 0.9)
    assert torch.equal(key.running_mean, query.running_mean)  # pyright: ignore[reportArgumentType]


def contrast(**settings: Any) -> MomentumContrast:
    torch.manual_seed(0)
    encoder = Encoder(EncoderConfig(vocab_size=50, dimension=16, layers=1, heads=2, feedforward=24))
    return MomentumContrast(encoder, ContrastConfig(projection=8, **{"queue": 7, **settings}))


def batch(seed: int = 0, labels: list[int] | None = None) -> tuple[torch.Tensor, ...]:
    generator = torch.Generator().manual_seed(seed)
    first = torch.randint(1, 50, (BATCH, 6), generator=generator)
    second = torch.randint(1, 50, (BATCH, 9), generator=generator)
    labels_B = torch.tensor(
        labels if labels is not None else [seed * 100 + i for i in range(BATCH)]
    )
    return (
        first,
        torch.ones_like(first, dtype=torch.bool),
        second,
        torch.ones_like(second, dtype=torch.bool),
        labels_B,
    )


@pytest.mark.parametrize("in_batch", [False, True])
@pytest.mark.parametrize("queue", SIZES)
def test_steps_equal_the_loop(queue: int, in_batch: bool):
    """Negatives are keys of earlier steps and, with `in_batch`, the rest of the batch."""
    model = contrast(queue=queue, in_batch=in_batch)
    seen: list[tuple[np.ndarray, int]] = []
    for step in range(4):
        inputs = batch(step, [0, step, 2, 30 + step, 40 + step])  # some are copies of earlier ones
        labels = inputs[4].tolist()
        found, keys = model(*inputs)
        queries = model.query(*inputs[:2]).detach().double().numpy()
        own = keys.keys_NP.double().numpy()
        others = seen[-queue:] + (list(zip(own, labels, strict=True)) if in_batch else [])
        loss, accuracy = slow_info_nce(
            queries,
            own,
            [key for key, _ in others],
            0.07,
            [[label == other for _, other in others] for label in labels],
            False,
        )
        assert found.loss.item() == pytest.approx(loss, abs=1e-5)
        assert found.accuracy.item() == pytest.approx(accuracy)
        model.update([keys], 0.5)
        seen += list(zip(own, labels, strict=True))


@pytest.mark.parametrize("architecture", ["rotary", "sinusoidal", "bilstm"])
def test_grouping_by_length_does_not_change_vectors(
    architecture: Literal["rotary", "sinusoidal", "bilstm"],
):
    """More rows than `ROWS` have the same vectors and gradients as the whole batch at once."""
    shape = EncoderConfig(
        architecture=architecture, dimension=8, layers=2, heads=2, feedforward=8, vocab_size=20
    )
    torch.manual_seed(0)
    tower = MomentumContrast(Encoder(shape), ContrastConfig(projection=4)).query
    lengths = torch.tensor([3, 11, 1, 7, 7, 12, 2, 5, 9, 4, 12, 6, 8, 10, 1, 3, 7, 2, 5])
    pieces, mask = torch.randint(2, 20, (19, 12)), torch.arange(12) < lengths[:, None]
    wanted = torch.randn(19, 4)
    found = tower(pieces, mask)
    whole = F.normalize(tower.projection(tower.encoder.embed(pieces, mask)[1]), dim=1)
    torch.testing.assert_close(found, whole, rtol=0, atol=1e-6)
    weights = list(tower.parameters())
    gradients = [
        torch.autograd.grad((rows * wanted).sum(), weights, retain_graph=True)
        for rows in (found, whole)
    ]
    for one, other in zip(*gradients, strict=True):
        torch.testing.assert_close(one, other, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize(("architecture", "max_rows"), [("sinusoidal", ROWS), ("bilstm", 19)])
def test_rows_are_encoded_in_groups_of_similar_length(
    architecture: Literal["sinusoidal", "bilstm"], max_rows: int, monkeypatch: pytest.MonkeyPatch
):
    """No group is padded beyond its longest row; a bilstm encodes all rows at once."""
    shape = EncoderConfig(
        architecture=architecture, dimension=8, layers=1, heads=2, feedforward=8, vocab_size=20
    )
    tower = MomentumContrast(Encoder(shape), ContrastConfig(projection=4)).query
    embed, seen = tower.encoder.embed, []

    def watched(
        pieces_BT: torch.Tensor, mask_BT: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        seen.append((len(mask_BT), bool(mask_BT[:, -1].any())))
        return embed(pieces_BT, mask_BT)

    monkeypatch.setattr(tower.encoder, "embed", watched)
    mask = torch.arange(12) < torch.randint(
        1, 13, (19, 1), generator=torch.Generator().manual_seed(0)
    )
    mask[3] = True
    tower(torch.ones(19, 12, dtype=torch.long), mask)
    assert sum(rows for rows, _ in seen) == 19
    assert max(rows for rows, _ in seen) == max_rows
    assert all(reached for _, reached in seen)


def test_forward_does_not_change_the_state():
    model = contrast()
    before = copy.deepcopy(model.state_dict())
    model(*batch())[0].loss.backward()
    for name, value in model.state_dict().items():
        assert torch.equal(value, before[name]), name


def test_gradients_never_reach_the_key_tower():
    model = contrast()
    result, keys = model(*batch())
    result.loss.backward()
    assert not keys.keys_NP.requires_grad
    assert all(weight.grad is None for weight in model.key.parameters())
    assert all(weight.grad is not None for weight in model.query.parameters())
    assert model.temperature_logit.grad is not None


def test_temperature_starts_at_its_setting():
    assert contrast(temperature_low=0.02, temperature_high=0.5).temperature.item() == pytest.approx(
        0.07
    )


def test_fixed_temperature_has_no_gradient():
    model = contrast(learn_temperature=False)
    model(*batch())[0].loss.backward()
    assert model.temperature_logit.grad is None


def test_copies_in_the_batch_are_not_negatives():
    """With the same function in every row there are no negatives, and the loss is 0."""
    model = contrast()
    assert model(*batch(labels=[3] * BATCH))[0].loss.item() == pytest.approx(0.0, abs=1e-6)
    assert model(*batch())[0].loss.item() > 0.1


def test_queue_may_be_empty():
    model = contrast(queue=0)
    result, keys = model(*batch())
    model.update([keys], 0.9)
    assert result.loss.isfinite()


def test_symmetric_contrast_compares_both_ways():
    """Each view is once the query and once the key, with the same negatives from the queue."""
    model = contrast(symmetric=True)
    first, first_mask, second, second_mask, labels = batch()
    model.queue.enqueue(unit(7, 8, seed=9).float(), torch.arange(900, 907))
    found, keys = model(first, first_mask, second, second_mask, labels)
    losses = []
    for query, key in (
        ((first, first_mask), (second, second_mask)),
        ((second, second_mask), (first, first_mask)),
    ):
        own = model.key(*key).double().numpy()
        negatives = [*own, *model.queue.keys_KP.double().numpy()]
        excluded = [[other == b for other in range(len(negatives))] for b in range(BATCH)]
        queries = model.query(*query).detach().double().numpy()
        losses.append(slow_info_nce(queries, own, negatives, 0.07, excluded, False)[0])
    assert found.loss.item() == pytest.approx(sum(losses) / 2, abs=1e-5)
    assert torch.equal(keys.keys_NP, model.key(second, second_mask))
    found.loss.backward()
    assert all(weight.grad is None for weight in model.key.parameters())


@pytest.mark.parametrize("symmetric", [False, True])
def test_hard_negatives_are_keys_of_their_own_query_alone(symmetric: bool):
    model = contrast(symmetric=symmetric)
    inputs = batch()
    pieces_MT = torch.randint(1, 50, (2, 7), generator=torch.Generator().manual_seed(8))
    hard = HardNegatives(
        pieces_MT, torch.ones_like(pieces_MT, dtype=torch.bool), torch.tensor([3, 1])
    )
    found, _ = model(*inputs, hard)
    keys = model.key(hard.pieces_MT, hard.mask_MT).double().numpy()
    own_negatives = [[], [keys[1]], [], [keys[0]], []]
    views = (inputs[:2], inputs[2:4])
    losses = []
    for query, key in (views, views[::-1])[: 1 + symmetric]:
        own = model.key(*key).double().numpy()
        excluded = [[row == other for other in range(BATCH)] for row in range(BATCH)]
        queries = model.query(*query).detach().double().numpy()
        losses.append(slow_info_nce(queries, own, own, 0.07, excluded, False, own_negatives)[0])
    assert found.loss.item() == pytest.approx(sum(losses) / len(losses), abs=1e-5)
    found.loss.backward()
    assert all(weight.grad is None for weight in model.key.parameters())
