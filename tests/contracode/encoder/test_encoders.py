"""Encoders: padding, positions, comparison with PyTorch's layers and with loops, export."""

import math
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from contracode.encoder.encoders import (
    Encoder,
    PlainProjection,
    Projection,
    RecurrentLayer,
    SelfAttention,
    pool,
)
from contracode.export.folder_writer import EncoderGraph
from contracode.export.graphs import write_graph
from contracode.support.config import EncoderConfig

KINDS = [("rotary", "mean"), ("sinusoidal", "mean"), ("bilstm", "mean"), ("bilstm", "ends")]


@pytest.fixture(params=KINDS, ids="-".join)
def encoder(request: pytest.FixtureRequest) -> Encoder:
    torch.manual_seed(0)
    shape = {"vocab_size": 60, "dimension": 32, "layers": 2, "heads": 4, "feedforward": 48}
    architecture, pooling = request.param
    encoder = Encoder(EncoderConfig(architecture=architecture, pooling=pooling, **shape)).eval()
    if architecture == "rotary":
        for weight in encoder.parameters():
            weight.data *= 3  # initial weights are small and would hide an influence of padding
    return encoder


def ragged(lengths: list[int]) -> tuple[torch.Tensor, torch.Tensor]:
    pieces_BT = torch.randint(
        0, 60, (len(lengths), max(lengths)), generator=torch.Generator().manual_seed(1)
    )
    return pieces_BT, torch.arange(max(lengths)) < torch.tensor(lengths)[:, None]


@torch.no_grad()
def test_padding_never_changes_an_embedding(encoder: Encoder):
    lengths = [1, 2, 17, 40, 39]
    pieces_BT, mask_BT = ragged(lengths)
    hidden_BTD, together_BW = encoder.embed(pieces_BT, mask_BT)
    assert (hidden_BTD.shape[2], together_BW.shape[1]) == (
        encoder.config.hidden_width,
        encoder.config.pooled_width,
    )
    assert torch.equal(hidden_BTD, encoder(pieces_BT, mask_BT))
    other_BT = torch.where(mask_BT, pieces_BT, 59 - pieces_BT)
    torch.testing.assert_close(encoder.embed(other_BT, mask_BT)[1], together_BW, rtol=0, atol=0)
    for row, length in enumerate(lengths):
        alone = slice(row, row + 1), slice(length)
        alone_1TD, alone_1W = encoder.embed(pieces_BT[alone], mask_BT[alone])
        assert (alone_1W - together_BW[row]).abs().max() < 1e-5
        torch.testing.assert_close(alone_1TD, hidden_BTD[alone], rtol=1e-5, atol=2e-5)


@torch.no_grad()
def test_embedding_depends_on_order_of_pieces(encoder: Encoder):
    pieces_BT, mask_BT = ragged([9])
    turned_BT = pieces_BT.flip(1)
    assert (
        encoder.embed(pieces_BT, mask_BT)[1] - encoder.embed(turned_BT, mask_BT)[1]
    ).abs().max() > 1e-3


def test_every_weight_has_a_gradient(encoder: Encoder):
    pieces_BT, mask_BT = ragged([60, 5])
    pieces_BT[0] = torch.arange(60)
    encoder.embed(pieces_BT, mask_BT)[1].square().sum().backward()
    assert all(weight.grad is not None and weight.grad.any() for weight in encoder.parameters())


@torch.no_grad()
@pytest.mark.parametrize("encoder", [("bilstm", "ends")], indirect=True)
def test_lstm_layers_equal_pytorch_on_packed_rows(encoder: Encoder):
    """Hidden states, and final states of both layers and directions in PyTorch's order.

    The paper's code calls the latter "hidden".
    """
    theirs = nn.LSTM(32, 32, num_layers=2, bidirectional=True, batch_first=True)
    for number, layer in enumerate(encoder.layers):
        assert isinstance(layer, RecurrentLayer)
        for suffix, ours in (("", layer.forwards), ("_reverse", layer.backwards)):
            for name, weight in ours.named_parameters():
                theirs.get_parameter(f"{name.removesuffix('0')}{number}{suffix}").data.copy_(weight)
    lengths = [3, 17, 1, 9]
    pieces_BT, mask_BT = ragged(lengths)
    seen: list[torch.Tensor] = []
    hook = encoder.layers[0].register_forward_pre_hook(lambda _, inputs: seen.append(inputs[0]))
    hidden_BTD, ends_BW = encoder.embed(pieces_BT, mask_BT)
    hook.remove()
    packed = pack_padded_sequence(
        seen[0], torch.tensor(lengths), batch_first=True, enforce_sorted=False
    )
    expected, (terminal, _) = theirs(packed)
    expected_BTD, _ = pad_packed_sequence(expected, batch_first=True)
    torch.testing.assert_close(hidden_BTD[mask_BT], expected_BTD[mask_BT], rtol=0, atol=1e-6)
    torch.testing.assert_close(ends_BW, terminal.transpose(0, 1).flatten(1), rtol=0, atol=1e-6)


@torch.no_grad()
@pytest.mark.parametrize("encoder", [("sinusoidal", "mean")], indirect=True)
def test_sinusoidal_layers_equal_pytorch(encoder: Encoder):
    theirs = nn.TransformerEncoder(
        nn.TransformerEncoderLayer(32, 4, 48, batch_first=True),
        num_layers=2,
        norm=nn.LayerNorm(32),
        enable_nested_tensor=False,
    ).eval()
    names = {
        "self_attn.in_proj_": "attention.inputs.",
        "self_attn.out_proj.": "attention.output.",
        "linear1.": "forward_in.",
        "linear2.": "forward_out.",
        "norm1.": "attention_norm.",
        "norm2.": "forward_norm.",
    }
    for name, weight in theirs.named_parameters():
        for old, new in names.items():
            name = name.replace(old, new)
        weight.data.copy_(encoder.get_parameter(name))
    pieces_BT, mask_BT = ragged([3, 17, 1, 9])
    seen: list[torch.Tensor] = []
    hook = encoder.layers[0].register_forward_pre_hook(lambda _, inputs: seen.append(inputs[0]))
    hidden_BTD = encoder(pieces_BT, mask_BT)
    hook.remove()
    expected_BTD = theirs(seen[0], src_key_padding_mask=~mask_BT)
    torch.testing.assert_close(hidden_BTD[mask_BT], expected_BTD[mask_BT], rtol=0, atol=1e-5)


def test_pooling_is_the_mean_of_pieces():
    hidden_BTD = torch.arange(12.0).reshape(2, 3, 2)
    mask_BT = torch.tensor([[True, True, True], [True, False, False]])
    assert pool(hidden_BTD, mask_BT).tolist() == [[2, 3], [6, 7]]


@torch.no_grad()
def test_rotary_attention_equals_the_loop():
    """The loop rotates complex numbers by distance times frequency."""
    torch.manual_seed(0)
    config = EncoderConfig(vocab_size=1, dimension=8, heads=2, layers=1, feedforward=8)
    attention = SelfAttention(config, bias=False)
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
                sum(
                    (q[t, i] * np.conj(k[s, i]) * np.exp(1j * (t - s) * frequency[i])).real
                    for i in range(2)
                )
                / 2
                for s in range(4)
            ]
            weights = np.exp(scores) / np.exp(scores).sum()
            mixed[t, own] = sum(weight * value[s, own] for s, weight in enumerate(weights))
    np.testing.assert_allclose(found, mixed @ attention.output.weight.numpy().T, atol=1e-5)


@torch.no_grad()
def test_sinusoidal_positions_equal_their_definition():
    torch.manual_seed(0)
    encoder = Encoder(
        EncoderConfig(
            architecture="sinusoidal", vocab_size=3, dimension=8, layers=1, heads=2, feedforward=8
        )
    )
    seen: list[torch.Tensor] = []
    encoder.layers[0].register_forward_pre_hook(lambda _, inputs: seen.append(inputs[0]))
    encoder(torch.ones(1, 4, dtype=torch.long), torch.ones(1, 4, dtype=torch.bool))
    for t in range(4):
        for i in range(4):
            angle = t / 10_000 ** (2 * i / 8)
            token = encoder.embedding.weight[1] * math.sqrt(8)
            assert seen[0][0, t, i].item() == pytest.approx(
                token[i].item() + math.sin(angle), abs=1e-5
            )
            assert seen[0][0, t, i + 4].item() == pytest.approx(
                token[i + 4].item() + math.cos(angle), abs=1e-5
            )


# The tests of export cover the other architectures.
@pytest.mark.parametrize("encoder", KINDS[2:], ids="-".join, indirect=True)
def test_lstm_graph_equals_torch(encoder: Encoder, tmp_path: Path):
    probes = []
    for lengths in ([7, 3, 1], [1], [33, 32]):
        pieces_BT, mask_BT = ragged(lengths)
        probes.append({"pieces": pieces_BT, "mask": mask_BT})
    axes = {0: "batch", 1: "length"}
    write_graph(  # compares graph and torch on all probes
        tmp_path / "encoder.onnx",
        EncoderGraph(encoder),
        probes,
        outputs=("hidden", "pooled"),
        dynamic={"pieces": axes, "mask": axes},
    )


def test_projection_of_a_row_does_not_depend_on_its_batch():
    torch.manual_seed(0)
    projection = Projection(8, 16, 4)
    rows_BD = torch.randn(5, 8)
    torch.testing.assert_close(projection(rows_BD)[2:3], projection(rows_BD[2:3]))
    assert (projection.first.in_features, projection.first.out_features) == (8, 16)


def test_plain_projection_equals_its_definition():
    torch.manual_seed(0)
    projection = PlainProjection(8, 16, 4)
    rows_BW = torch.randn(5, 8)
    hidden = np.maximum(
        rows_BW.numpy() @ projection.first.weight.T.numpy(force=True)
        + projection.first.bias.numpy(force=True),
        0,
    )
    expected = hidden @ projection.second.weight.T.numpy(force=True) + projection.second.bias.numpy(
        force=True
    )
    np.testing.assert_allclose(projection(rows_BW).numpy(force=True), expected, atol=1e-6)
