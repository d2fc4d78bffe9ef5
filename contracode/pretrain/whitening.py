"""What a wide encoder begins with: the fragments that a corpus has, laid so that all directions carry alike.

A program is a bag of weighted fragments. The leading directions of many programs are found by singular values, and each is divided by
its own: directions that hardly any two programs differ in no longer drown the others. Nothing is learned by steps.

Source: Deerwester et al., Indexing by Latent Semantic Analysis, JASIS 41(6), 1990, and Halko, Martinsson and Tropp, Finding Structure with
Randomness (arXiv 0909.4061), algorithm 4.4, for the decomposition; whitening as in Su et al., Whitening Sentence Representations for Better
Semantics and Faster Retrieval (arXiv 2103.15316).

Legend: N programs, V fragments, W dimensions, R of the random subspace.
"""

import random
from collections import Counter
from collections.abc import Sequence

import numpy as np
import torch

import augment
from contracode.config import WideConfig
from contracode.errors import InputError
from contracode.wide import WideEncoder, counted

_EXTRA = 32
"""Dimensions of the random subspace above those that are kept."""

_ROUNDS = 4
"""Times that the subspace is multiplied through."""


def fit_wide(sources: Sequence[str], config: WideConfig, *, seed: int = 0) -> WideEncoder:
    """Make a wide encoder from functions.

    Args:
        sources: functions; of more than `config.functions` a sample is drawn.
        config: settings.
        seed: of what is drawn.

    Raises:
        InputError: they have fewer fragments in common than there are dimensions.
    """
    chosen = range(len(sources))
    if len(sources) > config.functions:
        chosen = sorted(random.Random(f"{seed}/wide").sample(chosen, config.functions))
    programs: list[tuple[np.ndarray, np.ndarray]] = []
    for number in chosen:
        try:
            programs.append(counted(augment.parse(sources[number])))
        except augment.ParseError:
            continue
    occurs: Counter[int] = Counter()
    for keys_F, _ in programs:
        occurs.update(keys_F.tolist())
    # Of those that occur alike often, which are known must not depend on the order in which they were met.
    ranked = sorted(
        (key for key, number in occurs.items() if number >= config.least), key=lambda key: (-occurs[key], key)
    )
    keys_V = np.sort(np.asarray(ranked[: config.vocabulary], np.uint32))
    if min(len(keys_V), len(programs)) < config.dimension:
        raise InputError(
            f"{len(programs):,} functions with {len(keys_V):,} fragments in common are too few for wide.dimension "
            f"{config.dimension}"
        )
    frequency_V = np.asarray([occurs[key] for key in keys_V.tolist()])
    weights_V = (np.log((1 + len(programs)) / (1 + frequency_V)) + 1).astype(np.float32)
    matrix_VW = _whitened(_rows(programs, keys_V, weights_V), config.dimension, seed)
    return WideEncoder(keys_V, weights_V, matrix_VW.numpy().astype(np.float16))


def _rows(programs: Sequence[tuple[np.ndarray, np.ndarray]], keys_V: np.ndarray, weights_V: np.ndarray) -> torch.Tensor:
    """Return programs as rows of unit norm, sparse (N, V)."""
    rows: list[np.ndarray] = []
    columns: list[np.ndarray] = []
    values: list[np.ndarray] = []
    for number, (keys_F, counts_F) in enumerate(programs):
        places_F = np.minimum(np.searchsorted(keys_V, keys_F), len(keys_V) - 1)
        known_F = keys_V[places_F] == keys_F
        places_F = places_F[known_F]
        values_F = (1 + np.log(counts_F[known_F])) * weights_V[places_F]
        rows.append(np.full(len(places_F), number))
        columns.append(places_F)
        values.append((values_F / max(float(np.linalg.norm(values_F)), 1e-9)).astype(np.float32))
    indices = torch.from_numpy(np.stack([np.concatenate(rows), np.concatenate(columns)]))
    size = (len(programs), len(keys_V))
    return torch.sparse_coo_tensor(
        indices, torch.from_numpy(np.concatenate(values)), size, check_invariants=False
    ).coalesce()


def _whitened(rows_NV: torch.Tensor, dimension: int, seed: int) -> torch.Tensor:
    """Return the leading right singular vectors, each divided by its singular value: (V, W), scaled to a spread of about one."""
    columns_VN = rows_NV.t().coalesce()
    start = torch.Generator().manual_seed(seed)
    width = min(dimension + _EXTRA, *rows_NV.shape)
    space_VR = torch.randn(rows_NV.shape[1], width, generator=start)
    for _ in range(_ROUNDS):
        basis_NR = torch.linalg.qr(torch.sparse.mm(rows_NV, space_VR)).Q
        space_VR = torch.linalg.qr(torch.sparse.mm(columns_VN, basis_NR)).Q
    inner = torch.linalg.svd(torch.sparse.mm(rows_NV, space_VR), full_matrices=False)
    right_VW = (space_VR @ inner.Vh.T)[:, :dimension]
    signs_W = torch.where(right_VW.gather(0, right_VW.abs().argmax(dim=0)[None])[0] < 0, -1.0, 1.0)
    return right_VW * signs_W / inner.S[:dimension] * inner.S[dimension - 1]
