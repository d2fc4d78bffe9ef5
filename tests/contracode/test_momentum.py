"""InfoNCE against a slow loop, the queue against a list, the momentum update, and what must never move."""

import copy
import math

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from contracode.config import ContrastConfig, EncoderConfig
from contracode.encoder import Encoder
from contracode.momentum import EMPTY, MomentumContrast, Queue, info_nce, momentum_update

BATCH = 5
SIZES = [BATCH - 1, BATCH, BATCH + 1, 2 * BATCH, 2 * BATCH + 1]


def unit(*shape: int, seed: int = 0) -> torch.Tensor:
    return F.normalize(torch.randn(*shape, dtype=torch.float64, generator=torch.Generator().manual_seed(seed)), dim=-1)


def slow_info_nce(query, positive, negatives, temperature, excluded, decoupled):
    """Loss and accuracy by plain loops, straight from the formula."""
    losses, hits = [], []
    for b in range(len(query)):
        own = math.exp(float(np.dot(query[b], positive[b])) / temperature)
        others = [
            math.exp(float(np.dot(query[b], negatives[n])) / temperature)
            for n in range(len(negatives))
            if not excluded[b][n]
        ]
        if decoupled:
            losses.append(-math.log(own / sum(others)) if others else 0.0)
        else:
            losses.append(-math.log(own / (own + sum(others))))
        hits.append(all(own > other for other in others))
    return sum(losses) / len(losses), sum(hits) / len(hits)


@pytest.mark.parametrize("decoupled", [False, True])
@pytest.mark.parametrize("num_negatives", SIZES)
def test_info_nce_equals_the_loop(num_negatives: int, decoupled: bool):
    query, negatives = unit(BATCH, 8, seed=1), unit(num_negatives, 8, seed=3)
    positive = F.normalize(query + unit(BATCH, 8, seed=2), dim=1)
    excluded = torch.rand(BATCH, num_negatives, generator=torch.Generator().manual_seed(4)) < 0.3
    excluded[0] = True  # nothing to compare with
    found = info_nce(query, positive, negatives, 0.2, excluded_BN=excluded, decoupled=decoupled)
    loss, accuracy = slow_info_nce(
        query.numpy(), positive.numpy(), negatives.numpy(), 0.2, excluded.tolist(), decoupled
    )
    assert found.loss.item() == pytest.approx(loss, abs=1e-9)
    assert found.accuracy.item() == pytest.approx(accuracy)


@pytest.mark.parametrize("decoupled", [False, True])
def test_a_row_without_negatives_has_a_finite_gradient(decoupled: bool):
    query = unit(2, 4).requires_grad_()
    excluded = torch.tensor([[True, True], [False, True]])
    info_nce(
        query, unit(2, 4, seed=1), unit(2, 4, seed=2), 0.07, excluded_BN=excluded, decoupled=decoupled
    ).loss.backward()
    assert query.grad is not None
    assert query.grad.isfinite().all()
    assert not query.grad[0].any()


@pytest.mark.parametrize("decoupled", [False, True])
def test_identical_pairs_give_the_expected_loss(decoupled: bool):
    """Orthogonal functions, each equal to its own key: every positive is 1, every negative 0."""
    vectors = torch.eye(6)
    found = info_nce(vectors[:4], vectors[:4], vectors[4:], 0.5, decoupled=decoupled)
    total = 2 + (0 if decoupled else math.exp(1 / 0.5))
    assert found.loss.item() == pytest.approx(-1 / 0.5 + math.log(total), abs=1e-6)
    assert found.accuracy.item() == 1.0


def test_a_tie_is_not_right():
    same = torch.ones(3, 1)
    assert info_nce(same, same, same, 0.1).accuracy.item() == 0.0


@pytest.mark.parametrize("size", [1, *SIZES])
@pytest.mark.parametrize("batches", [[BATCH] * 6, [3, 5, 1, 4, 2, 5, 5], [BATCH * 3, 2]])
def test_the_queue_holds_the_latest_keys(size: int, batches: list[int]):
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


def test_the_queue_is_part_of_the_state():
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


def contrast(**settings: object) -> MomentumContrast:
    torch.manual_seed(0)
    encoder = Encoder(EncoderConfig(vocab_size=50, dimension=16, layers=1, heads=2, feedforward=24))
    return MomentumContrast(encoder, ContrastConfig(projection=8, **{"queue": 7, **settings}))  # pyright: ignore[reportArgumentType]


def batch(seed: int = 0, labels: list[int] | None = None) -> tuple[torch.Tensor, ...]:
    generator = torch.Generator().manual_seed(seed)
    first = torch.randint(1, 50, (BATCH, 6), generator=generator)
    second = torch.randint(1, 50, (BATCH, 9), generator=generator)
    labels_B = torch.tensor(labels if labels is not None else [seed * 100 + i for i in range(BATCH)])
    return first, torch.ones_like(first, dtype=torch.bool), second, torch.ones_like(second, dtype=torch.bool), labels_B


@pytest.mark.parametrize("in_batch", [False, True])
@pytest.mark.parametrize("queue", SIZES)
def test_steps_equal_the_loop(queue: int, in_batch: bool):
    """Several steps of the whole: negatives are what was enqueued before, and the rest of the batch if so set."""
    model = contrast(queue=queue, in_batch=in_batch)
    seen: list[tuple[np.ndarray, int]] = []
    for step in range(4):
        inputs = batch(step, [0, step, 2, 30 + step, 40 + step])  # some are copies of earlier ones
        labels = inputs[4].tolist()
        found, keys = model(*inputs)
        queries = model.query(*inputs[:2]).detach().double().numpy()
        own = keys.double().numpy()
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
        model.update(keys, inputs[4], 0.5)
        seen += list(zip(own, labels, strict=True))


def test_forward_moves_nothing():
    model = contrast()
    before = copy.deepcopy(model.state_dict())
    model(*batch())[0].loss.backward()
    for name, value in model.state_dict().items():
        assert torch.equal(value, before[name]), name


def test_gradients_never_reach_the_key_tower():
    model = contrast()
    result, keys = model(*batch())
    result.loss.backward()
    assert not keys.requires_grad
    assert all(weight.grad is None for weight in model.key.parameters())
    assert all(weight.grad is not None for weight in model.query.parameters())
    assert model.temperature_logit.grad is not None


@pytest.mark.parametrize("logit", [-1e4, -3.0, 0.0, 3.0, 1e4])
def test_the_temperature_stays_within_its_bounds(logit: float):
    model = contrast(temperature_low=0.02, temperature_high=0.5)
    assert model.temperature.item() == pytest.approx(0.07)
    model.temperature_logit.data.fill_(logit)
    assert 0.02 - 1e-6 <= model.temperature.item() <= 0.5 + 1e-6


def test_a_fixed_temperature_does_not_learn():
    model = contrast(learn_temperature=False)
    model(*batch())[0].loss.backward()
    assert model.temperature_logit.grad is None


def test_copies_in_the_batch_are_no_negatives():
    """With the same function in every row there is nothing to tell apart: the loss is that of a lone positive."""
    model = contrast()
    assert model(*batch(labels=[3] * BATCH))[0].loss.item() == pytest.approx(0.0, abs=1e-6)
    assert model(*batch())[0].loss.item() > 0.1


def test_the_queue_may_be_left_out():
    model = contrast(queue=0)
    result, keys = model(*batch())
    model.update(keys, batch()[4], 0.9)
    assert result.loss.isfinite()
