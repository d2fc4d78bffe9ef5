"""Modules of the heads: pooling, the type head, temperatures and the decoder of pieces."""

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from contracode.heads.names.piece_decoder import IGNORED, NameStep, PieceDecoder
from contracode.heads.types.head import TypeHead, pool_targets
from contracode.heads.types.temperature import fit_temperature
from contracode.inference.names.beam import END
from contracode.inputs import windows


def test_pooling_equals_pooling_of_inference():
    random = np.random.default_rng(1)
    spans_T2 = np.stack([np.arange(30), np.arange(1, 31)], axis=1)
    targets = [[(0, 3), (5, 6)], [(2, 4)], [(9, 10), (20, 25), (28, 30)]]
    which = windows.occurrences(spans_T2, targets)
    hidden_TD = random.standard_normal((30, 5)).astype(np.float32)
    expected = windows.pool(hidden_TD, which)
    found = pool_targets(torch.from_numpy(hidden_TD), *(torch.from_numpy(part) for part in which))
    for expected_ND, found_ND in zip(expected, found, strict=True):
        np.testing.assert_allclose(found_ND.numpy(), expected_ND, rtol=1e-5, atol=1e-6)


def test_pooling_passes_gradients_to_covered_pieces_only():
    hidden_TD = torch.randn(6, 3, requires_grad=True)
    mean_ND, max_ND = pool_targets(
        hidden_TD, torch.tensor([1, 2, 4]), torch.tensor([0, 0, 1]), torch.tensor([0, 0])
    )
    (mean_ND.sum() + max_ND.sum()).backward()
    assert hidden_TD.grad is not None
    assert [bool(row.any()) for row in hidden_TD.grad] == [False, True, True, False, True, False]


def test_fresh_type_head_depends_on_the_mean_alone():
    torch.manual_seed(0)
    head = TypeHead(8, 16, 5).eval()
    mean_ND = torch.randn(3, 8)
    (first,) = head(mean_ND, torch.randn(3, 8), torch.tensor([0, 1, 2]))
    (second,) = head(mean_ND, torch.randn(3, 8), torch.tensor([3, 3, 3]))
    assert first.shape == (3, 5)
    torch.testing.assert_close(first, second)


def test_fitted_temperature_corrects_overconfidence():
    generator = torch.Generator().manual_seed(0)
    logits_NV = torch.randn(4000, 6, generator=generator)
    label_N = torch.distributions.Categorical(logits=logits_NV).sample()
    assert fit_temperature(logits_NV * 3, label_N) == pytest.approx(3, rel=0.15)
    assert fit_temperature(torch.empty(0, 6), torch.empty(0, dtype=torch.long)) == 1.0


@pytest.fixture
def decoder() -> PieceDecoder:
    torch.manual_seed(0)
    return PieceDecoder(16, 7, max_pieces=4, num_heads=2).eval()


def test_decoder_ignores_padding_and_later_outputs(decoder: PieceDecoder):
    hidden_BTD = torch.randn(2, 5, 16)
    mask_BT = torch.tensor([[True] * 5, [True] * 3 + [False] * 2])
    prefixes_BL = torch.tensor([[END, 1, 2], [END, 3, 4]])
    logits_BLV = decoder(hidden_BTD, mask_BT, prefixes_BL)
    changed = hidden_BTD.clone()
    changed[1, 3:] = 100
    torch.testing.assert_close(decoder(changed, mask_BT, prefixes_BL), logits_BLV)
    shorter_BLV = decoder(hidden_BTD, mask_BT, prefixes_BL[:, :2])
    torch.testing.assert_close(shorter_BLV, logits_BLV[:, :2])
    alone_BLV = decoder(hidden_BTD[1:, :3], None, prefixes_BL[1:])
    torch.testing.assert_close(alone_BLV, logits_BLV[1:])


def test_decoder_loss_equals_sum_over_steps(decoder: PieceDecoder):
    hidden_BTD = torch.randn(2, 4, 16)
    mask_BT = torch.ones(2, 4, dtype=torch.bool)
    names_BL = torch.tensor([[3, 5, END], [2, END, IGNORED]])
    step = NameStep(decoder)
    slow = []
    for row, name in enumerate([[3, 5, END], [2, END]]):
        prefix = [END]
        for output in name:
            slow.append(-step(hidden_BTD[row : row + 1], torch.tensor([prefix]))[0, output])
            prefix.append(output)
    torch.testing.assert_close(
        decoder.loss(hidden_BTD, mask_BT, names_BL), torch.stack(slow).mean()
    )


def test_decoder_learns_to_copy(decoder: PieceDecoder):
    torch.manual_seed(0)
    decoder.train()
    outputs = torch.randint(1, 7, (64, 1))
    hidden_BTD = F.one_hot(outputs, 16).float() + 0.1 * torch.randn(64, 1, 16)
    names_BL = torch.cat([outputs, torch.full_like(outputs, END)], dim=1)
    optimizer = torch.optim.Adam(decoder.parameters(), lr=0.01)
    mask_BT = torch.ones(64, 1, dtype=torch.bool)
    for _ in range(60):
        optimizer.zero_grad()
        loss = decoder.loss(hidden_BTD, mask_BT, names_BL)
        loss.backward()
        optimizer.step()
    assert loss.item() < 0.2
