"""Losses: comparison with slow loops, known values, and edge cases."""

import math

import pytest
import torch
from torch.nn import functional as F

from contracode.encoder.losses import (
    bounded_temperature,
    cosine_momentum,
    hybrid,
    info_nce,
    masked_modelling,
    mean_of,
    temperature_logit,
)
from tests.contracode.encoder.oracles import slow_cross_entropy, slow_info_nce, unit

BATCH = 5
SIZES = [BATCH - 1, BATCH, BATCH + 1, 2 * BATCH, 2 * BATCH + 1]


@pytest.mark.parametrize("decoupled", [False, True])
@pytest.mark.parametrize("num_negatives", SIZES)
def test_info_nce_equals_the_loop(num_negatives: int, decoupled: bool):
    query, negatives = unit(BATCH, 8, seed=1), unit(num_negatives, 8, seed=3)
    positive = F.normalize(query + unit(BATCH, 8, seed=2), dim=1)
    excluded = torch.rand(BATCH, num_negatives, generator=torch.Generator().manual_seed(4)) < 0.3
    excluded[0] = True  # a query without negatives
    found = info_nce(query, positive, negatives, 0.2, excluded_BN=excluded, decoupled=decoupled)
    loss, accuracy = slow_info_nce(
        query.numpy(), positive.numpy(), negatives.numpy(), 0.2, excluded.tolist(), decoupled
    )
    assert found.loss.item() == pytest.approx(loss, abs=1e-9)
    assert found.accuracy.item() == pytest.approx(accuracy)


def test_logits_have_32_bits_under_mixed_precision():
    query, negatives = unit(BATCH, 8, seed=1).float().requires_grad_(), unit(9, 8, seed=3).float()
    positive, hard = (
        F.normalize(negatives[:BATCH] + query.detach()),
        unit(BATCH, 8, seed=4).float()[:, None],
    )
    expected = info_nce(query, positive, negatives, 0.05, hard_BHP=hard)
    with torch.autocast("cpu", torch.bfloat16):
        found = info_nce(query, positive, negatives, 0.05, hard_BHP=hard)
        halves = info_nce(*(one.bfloat16() for one in (query, positive, negatives)), 0.05)
    assert found.loss.dtype == halves.loss.dtype == torch.float32
    assert torch.equal(found.loss, expected.loss)


@pytest.mark.parametrize("decoupled", [False, True])
def test_query_without_negatives_has_a_finite_gradient(decoupled: bool):
    query = unit(2, 4).requires_grad_()
    excluded = torch.tensor([[True, True], [False, True]])
    info_nce(
        query,
        unit(2, 4, seed=1),
        unit(2, 4, seed=2),
        0.07,
        excluded_BN=excluded,
        decoupled=decoupled,
    ).loss.backward()
    assert query.grad is not None
    assert query.grad.isfinite().all()
    assert not query.grad[0].any()


@pytest.mark.parametrize("decoupled", [False, True])
def test_identical_pairs_have_the_expected_loss(decoupled: bool):
    """Functions are orthogonal and equal to their keys: positives are 1, negatives 0."""
    vectors = torch.eye(6)
    found = info_nce(vectors[:4], vectors[:4], vectors[4:], 0.5, decoupled=decoupled)
    total = 2 + (0 if decoupled else math.exp(1 / 0.5))
    assert found.loss.item() == pytest.approx(-1 / 0.5 + math.log(total), abs=1e-6)
    assert found.accuracy.item() == 1.0


def test_tie_is_not_a_hit():
    same = torch.ones(3, 1)
    assert info_nce(same, same, same, 0.1).accuracy.item() == 0.0


@pytest.mark.parametrize("decoupled", [False, True])
def test_hard_negatives_affect_their_own_query_alone(decoupled: bool):
    query, positive, negatives = (unit(BATCH, 8, seed=seed) for seed in (1, 2, 3))
    hard = unit(BATCH, 3, 8, seed=4)
    missing = torch.rand(BATCH, 3, generator=torch.Generator().manual_seed(5)) < 0.5
    excluded = torch.eye(BATCH, dtype=torch.bool)
    kept = [[hard[b, h].numpy() for h in range(3) if not missing[b, h]] for b in range(BATCH)]
    assert len({len(of_one) for of_one in kept}) > 1
    found = info_nce(
        query,
        positive,
        negatives,
        0.1,
        excluded_BN=excluded,
        hard_BHP=hard,
        no_hard_BH=missing,
        decoupled=decoupled,
    )
    arguments = query.numpy(), positive.numpy(), negatives.numpy(), 0.1
    loss, accuracy = slow_info_nce(*arguments, excluded.tolist(), decoupled, kept)
    assert found.loss.item() == pytest.approx(loss, abs=1e-9)
    assert found.accuracy.item() == pytest.approx(accuracy)
    without = slow_info_nce(*arguments, excluded.tolist(), decoupled)[0]
    assert loss > without + 0.1


def test_mean_of_both_directions_equals_clip_loss():
    first, second = unit(BATCH, 8, seed=1), unit(BATCH, 8, seed=2)
    own = torch.eye(BATCH, dtype=torch.bool)  # a key is not a negative of its own query
    found = mean_of(
        info_nce(first, second, second, 0.3, excluded_BN=own),
        info_nce(second, first, first, 0.3, excluded_BN=own),
    )
    logits = first @ second.T / 0.3
    expected = (
        sum(slow_cross_entropy(rows.tolist(), range(BATCH))[0] for rows in (logits, logits.T)) / 2
    )
    assert found.loss.item() == pytest.approx(expected, abs=1e-9)


def test_info_nce_of_a_known_case():
    """Two orthogonal descriptions with the same code; losses are computed by hand."""
    description = torch.eye(2)
    code = torch.tensor([[1.0, 0.0], [1.0, 0.0]])
    found = info_nce(description, code, code, 1.0, excluded_BN=torch.eye(2, dtype=torch.bool))
    assert found.loss.item() == pytest.approx(math.log(2), abs=1e-6)
    assert found.accuracy.item() == 0.0  # ties do not count as hits


def test_momentum_follows_half_a_cosine():
    assert cosine_momentum(0.99, 1.0, 0.0) == pytest.approx(0.99)
    assert cosine_momentum(0.99, 1.0, 0.5) == pytest.approx(0.995)
    assert cosine_momentum(0.99, 1.0, 1.0) == 1.0
    for step in range(101):  # the formula of the source, where the end is 1
        source = 1 - (1 - 0.996) * (math.cos(math.pi * step / 100) + 1) / 2
        assert cosine_momentum(0.996, 1.0, step / 100) == pytest.approx(source, abs=1e-12)


@pytest.mark.parametrize("logit", [-1e4, -3.0, 0.0, 3.0, 1e4])
def test_temperature_stays_within_its_bounds(logit: float):
    assert 0.02 - 1e-6 <= bounded_temperature(torch.tensor(logit), 0.02, 0.5).item() <= 0.5 + 1e-6


@pytest.mark.parametrize("temperature", [0.021, 0.07, 0.49])
def test_temperature_starts_at_its_setting(temperature: float):
    logit = torch.tensor(temperature_logit(temperature, 0.02, 0.5))
    assert bounded_temperature(logit, 0.02, 0.5).item() == pytest.approx(temperature, abs=1e-6)


def test_temperature_has_the_gradient_of_the_loss():
    logit = torch.tensor(0.0, dtype=torch.float64, requires_grad=True)
    query, positive, negatives = (unit(BATCH, 8, seed=seed) for seed in (1, 2, 3))

    def loss(at: torch.Tensor) -> torch.Tensor:
        return info_nce(query, positive, negatives, bounded_temperature(at, 0.02, 0.5)).loss

    loss(logit).backward()
    assert logit.grad is not None
    with torch.no_grad():
        slope = (loss(logit + 1e-5) - loss(logit - 1e-5)) / 2e-5
    assert logit.grad.item() == pytest.approx(slope.item(), rel=1e-6)


def test_masked_modelling_equals_the_loop():
    logits = torch.randn(7, 11, generator=torch.Generator().manual_seed(0))
    targets = torch.tensor([0, 3, 10, 3, 3, 7, 1])
    targets[:2] = logits[:2].argmax(dim=1)
    found = masked_modelling(logits, targets)
    loss, accuracy = slow_cross_entropy(logits.tolist(), targets.tolist())
    assert found.loss.item() == pytest.approx(loss, abs=1e-6)
    assert found.accuracy.item() == pytest.approx(accuracy)
    assert found.loss.item() == pytest.approx(F.cross_entropy(logits, targets).item(), abs=1e-6)


def test_masked_modelling_without_masks_is_zero():
    logits = torch.zeros(0, 11, requires_grad=True)
    found = masked_modelling(logits, torch.zeros(0, dtype=torch.long))
    found.loss.backward()
    assert (found.loss.item(), found.accuracy.item()) == (0.0, 0.0)


def test_hybrid_loss_weights_the_contrast():
    assert hybrid(torch.tensor(2.0), torch.tensor(3.0), 4.0).item() == 11.0
