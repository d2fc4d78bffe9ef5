"""Encoders: padding without influence, positions that matter, rotation and attention against slow formulas, export."""

import math
from pathlib import Path

import numpy as np
import pytest
import torch

from contracode.config import EncoderConfig
from contracode.encoder import Attention, Encoder, Projection, pool
from contracode.export import EncoderGraph, write_graph

ARCHITECTURES = ["rotary", "sinusoidal"]


@pytest.fixture(params=ARCHITECTURES)
def encoder(request: pytest.FixtureRequest) -> Encoder:
    torch.manual_seed(0)
    shape = {"vocab_size": 60, "dimension": 32, "layers": 2, "heads": 4, "feedforward": 48}
    encoder = Encoder(EncoderConfig(architecture=request.param, **shape)).eval()
    for weight in encoder.parameters():  # larger than at the start, so that an influence would show
        weight.data *= 3
    return encoder


def ragged(lengths: list[int]) -> tuple[torch.Tensor, torch.Tensor]:
    pieces_BT = torch.randint(0, 60, (len(lengths), max(lengths)), generator=torch.Generator().manual_seed(1))
    return pieces_BT, torch.arange(max(lengths)) < torch.tensor(lengths)[:, None]


@torch.no_grad()
def test_padding_never_changes_an_embedding(encoder: Encoder):
    lengths = [1, 2, 17, 40, 39]
    pieces_BT, mask_BT = ragged(lengths)
    together_BD = pool(encoder(pieces_BT, mask_BT), mask_BT)
    other_BT = torch.where(mask_BT, pieces_BT, 59 - pieces_BT)
    torch.testing.assert_close(pool(encoder(other_BT, mask_BT), mask_BT), together_BD, rtol=0, atol=0)
    for row, length in enumerate(lengths):
        alone = slice(row, row + 1), slice(length)
        alone_1D = pool(encoder(pieces_BT[alone], mask_BT[alone]), mask_BT[alone])
        assert (alone_1D - together_BD[row]).abs().max() < 1e-5


@torch.no_grad()
def test_the_order_of_pieces_matters(encoder: Encoder):
    pieces_BT, mask_BT = ragged([9])
    turned_BT = pieces_BT.flip(1)
    assert (pool(encoder(pieces_BT, mask_BT), mask_BT) - pool(encoder(turned_BT, mask_BT), mask_BT)).abs().max() > 1e-3


def test_every_weight_learns(encoder: Encoder):
    pieces_BT, mask_BT = ragged([60, 5])
    pieces_BT[0] = torch.arange(60)
    pool(encoder(pieces_BT, mask_BT), mask_BT).square().sum().backward()
    assert all(weight.grad is not None and weight.grad.any() for weight in encoder.parameters())


def test_pooling_is_the_mean_of_pieces():
    hidden_BTD = torch.arange(12.0).reshape(2, 3, 2)
    mask_BT = torch.tensor([[True, True, True], [True, False, False]])
    assert pool(hidden_BTD, mask_BT).tolist() == [[2, 3], [6, 7]]


@torch.no_grad()
def test_rotary_attention_equals_the_loop():
    """Scores depend on the distance of two pieces alone: complex numbers turned by position times frequency."""
    torch.manual_seed(0)
    config = EncoderConfig(vocab_size=1, dimension=8, heads=2, layers=1, feedforward=8)
    attention = Attention(config, bias=False)
    x_1TD = torch.randn(1, 5, 8)
    frequency = [10_000 ** (-2 * i / 4) for i in range(2)]
    angles_TE = torch.arange(5.0)[:, None] * torch.tensor(frequency)
    mask = torch.tensor([True, True, True, True, False])
    found = attention(x_1TD, mask[None, None, None], angles_TE)[0].numpy()

    query, key, value = (part.numpy() for part in attention.inputs(x_1TD)[0].chunk(3, dim=-1))
    mixed = np.zeros((5, 8))
    for head in range(2):
        own = slice(4 * head, 4 * head + 4)
        q, k = (rows[:, own][:, :2] + 1j * rows[:, own][:, 2:] for rows in (query, key))
        for t in range(5):
            scores = [
                sum((q[t, i] * np.conj(k[s, i]) * np.exp(1j * (t - s) * frequency[i])).real for i in range(2)) / 2
                for s in range(4)
            ]
            weights = np.exp(scores) / np.exp(scores).sum()
            mixed[t, own] = sum(weight * value[s, own] for s, weight in enumerate(weights))
    np.testing.assert_allclose(found, mixed @ attention.output.weight.numpy().T, atol=1e-5)


@torch.no_grad()
def test_sinusoidal_positions_are_the_papers():
    torch.manual_seed(0)
    encoder = Encoder(
        EncoderConfig(architecture="sinusoidal", vocab_size=3, dimension=8, layers=1, heads=2, feedforward=8)
    )
    seen: list[torch.Tensor] = []
    encoder.layers[0].register_forward_pre_hook(lambda _, inputs: seen.append(inputs[0]))
    encoder(torch.ones(1, 4, dtype=torch.long), torch.ones(1, 4, dtype=torch.bool))
    for t in range(4):
        for i in range(4):
            angle = t / 10_000 ** (2 * i / 8)
            token = encoder.embedding.weight[1] * math.sqrt(8)
            assert seen[0][0, t, i].item() == pytest.approx(token[i].item() + math.sin(angle), abs=1e-5)
            assert seen[0][0, t, i + 4].item() == pytest.approx(token[i + 4].item() + math.cos(angle), abs=1e-5)


@pytest.mark.parametrize("encoder", ["sinusoidal"], indirect=True)  # the other is exported by the tests of export
def test_the_graph_equals_torch(encoder: Encoder, tmp_path: Path):
    probes = []
    for lengths in ([7, 3, 1], [1], [33, 32]):
        pieces_BT, mask_BT = ragged(lengths)
        probes.append({"pieces": pieces_BT, "mask": mask_BT})
    axes = {0: "batch", 1: "length"}
    write_graph(  # compares them itself, on all probes
        tmp_path / "encoder.onnx",
        EncoderGraph(encoder),
        probes,
        outputs=("hidden", "pooled"),
        dynamic={"pieces": axes, "mask": axes},
    )


def test_a_row_of_the_projection_does_not_depend_on_its_batch():
    torch.manual_seed(0)
    projection = Projection(8, 16, 4)
    rows_BD = torch.randn(5, 8)
    torch.testing.assert_close(projection(rows_BD)[2:3], projection(rows_BD[2:3]))
    assert (projection.first.in_features, projection.first.out_features) == (8, 16)
