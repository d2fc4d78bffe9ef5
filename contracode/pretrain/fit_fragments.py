"""Fits the fragment encoder to a corpus, in closed form.

For each block, a program is a bag of weighted fragments. A truncated singular value decomposition
finds the leading directions of the corpus, and each is divided by its singular value (whitening),
so that no direction dominates. Then the directions that best predict the names of functions by a
linear map get more weight: functions with similar names tend to do similar things, however they
are written.

Source: Deerwester et al., Indexing by Latent Semantic Analysis, JASIS 41(6), 1990, and Halko,
Martinsson and Tropp, Finding Structure with Randomness (arXiv 0909.4061), algorithm 4.4, for the
decomposition; Su et al., Whitening Sentence Representations for Better Semantics and Faster
Retrieval (arXiv 2103.15316), for whitening; Hotelling, Relations Between Two Sets of Variates,
Biometrika 28, 1936, for the canonical correlations of code and names.

Legend: N programs, V fragments of the vocabulary, F fragments of a program, W dimensions of a
block, R dimensions of the random subspace, U words of names, L dimensions of names.
"""

import math
import random
import warnings
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import chain

import numpy as np
import torch
from rich.console import Console
from rich.progress import track

from contracode.inputs.fragment_encoder import (
    NOTHING,
    FragmentEncoder,
    FragmentTable,
    count_fragments,
    quantize,
)
from contracode.inputs.fragments import KINDS, OPERATIONS, SHAPE, SIGNATURE, WORDS
from contracode.inputs.identifier_vector import declared_words, fit_identifier_encoder
from contracode.inputs.input_forms import SourceForms
from contracode.javascript.subtokens import subtokens
from contracode.support.config import FragmentConfig
from contracode.support.errors import InputError

Counted = tuple[np.ndarray, np.ndarray]
"""Keys and counts of a program's fragments."""

_PREFERRED_LENGTH = 250
"""Characters from which a function is preferred for the sample: in shorter ones, such as getters,
few fragments occur together.
"""

_SHARE = 0.5
"""Maximum number of dimensions, as a share of the functions and of the fragments: the smallest
singular values of a small matrix are noise.
"""

_EXTRA = 32
"""Dimensions of the random subspace in excess of the dimensions that are kept."""

_ROUNDS = 2
"""Power iterations of the random subspace."""

_NAME_DIMENSIONS = 300
"""Maximum L: dimensions that names are reduced to."""

_MIN_NAMED = 5
"""Minimum number of functions with a word in their names for the word to count."""

_RIDGE = 1e-3
"""Added to the variance of each direction, as a share of the mean variance: a covariance estimated
from few functions is unreliable.
"""


def fit_fragment_encoder(
    sources: Sequence[str],
    config: FragmentConfig,
    *,
    names: Sequence[str] = (),
    seed: int = 0,
    progress: bool = False,
) -> FragmentEncoder:
    """Fit a fragment encoder to functions.

    It has fewer dimensions than the settings ask for if there are few functions, or if they have
    few fragments in common.

    Args:
        sources: functions; if there are more than `config.max_functions`, a sample of them is used.
        config: settings.
        names: names of the functions, such as `load` or `Store.load`; without names all directions
            have equal weight.
        seed: seed of the sample and of the random subspace.
        progress: show a progress bar on stderr while fragments are counted.

    Raises:
        InputError: the functions have hardly any fragments in common.
    """
    chosen: Sequence[int] = range(len(sources))
    if len(sources) > config.max_functions:
        long_enough = [number for number in chosen if len(sources[number]) >= _PREFERRED_LENGTH]
        if len(long_enough) >= config.max_functions:
            chosen = long_enough
        chosen = sorted(random.Random(f"{seed}/wide").sample(chosen, config.max_functions))
    programs: list[Counted] = []
    called: list[str] = []
    own: list[list[str]] = []
    console = Console(stderr=True)
    shown = progress and console.is_terminal
    for number in track(
        chosen, "counting fragments", console=console, transient=True, disable=not shown
    ):
        forms = SourceForms(sources[number])
        if forms.program is None or forms.normal is None:
            continue
        programs.append(count_fragments(forms.normal))
        own.append(list(declared_words(forms.program)))
        called.append(names[number] if names else "")
    fragments = fit_counted(programs, config, names=called, seed=seed)
    if config.identifier_dim:
        fragments.identifiers = fit_identifier_encoder(
            own,
            config.identifier_dim,
            config.identifier_weight,
            vocabulary=config.vocabulary,
            min_df=config.min_df,
        )
    return fragments


def fit_counted(
    programs: Sequence[Counted], config: FragmentConfig, *, names: Sequence[str], seed: int = 0
) -> FragmentEncoder:
    """Fit a fragment encoder, without its identifier vector, to counts of fragments.

    Args:
        programs: counts of each function, from `count_fragments`.
        config: settings.
        names: see `fit_fragment_encoder`.
        seed: see `fit_fragment_encoder`.

    Raises:
        InputError: the functions have hardly any fragments in common.
    """
    few = config.vocabulary // 2
    wanted = (
        (SHAPE, config.dimension, config.vocabulary, 1.0),
        (SIGNATURE, config.signature, few, config.block_weight),
        (WORDS, config.words, few, config.block_weight),
        (OPERATIONS, config.operations, few, config.block_weight),
    )
    occurs: Counter[int] = Counter()
    for keys_F, _ in programs:
        occurs.update(keys_F.tolist())
    # Ties are broken by key, so that the vocabulary does not depend on the order of the programs.
    ranked = sorted(
        (key for key, number in occurs.items() if number >= config.min_df),
        key=lambda key: (-occurs[key], key),
    )
    names_NU = _name_rows(names) if config.name_alignment else None
    parts: list[FragmentTable] = []
    for kinds, dimension, vocabulary, gain in wanted:
        of_kinds = (
            [key for key in ranked if key % KINDS == kind][: vocabulary // len(kinds)]
            for kind in kinds
        )
        keys_V = np.sort(np.asarray(list(chain.from_iterable(of_kinds)), np.uint32))
        dimension = min(dimension, int(_SHARE * min(len(keys_V), len(programs))))
        if not dimension:
            parts.append(NOTHING)
            continue
        frequency_V = np.asarray([occurs[key] for key in keys_V.tolist()])
        weights_V = (np.log((1 + len(programs)) / (1 + frequency_V)) + 1).astype(np.float32)
        matrix_VW = _fragment_vectors(
            _rows(programs, keys_V, weights_V), dimension, config.name_alignment, names_NU, seed
        )
        parts.append(quantize(keys_V, weights_V, matrix_VW.numpy(), gain))
    if parts[0] is NOTHING:
        raise InputError(
            f"{len(programs):,} functions have too few fragments in common for a fragment encoder"
        )
    return FragmentEncoder(parts)


def _fragment_vectors(
    rows_NV: torch.Tensor, dimension: int, meaning: float, names_NU: torch.Tensor | None, seed: int
) -> torch.Tensor:
    """Return the vector of each fragment: (V, W)."""
    right_VW, values_W = _leading(rows_NV, dimension, seed)
    matrix_VW = right_VW / values_W * values_W[-1]
    if names_NU is not None:
        vectors_NW = torch.nn.functional.normalize(rows_NV @ matrix_VW, dim=1)
        matrix_VW = matrix_VW + meaning * matrix_VW @ _name_directions(vectors_NW, names_NU, seed)
    return matrix_VW


def _rows(programs: Sequence[Counted], keys_V: np.ndarray, weights_V: np.ndarray) -> torch.Tensor:
    """Return the weighted counts of programs as rows of unit norm, sparse (N, V)."""
    columns: list[np.ndarray] = []
    values: list[np.ndarray] = []
    for keys_F, counts_F in programs:
        places_F = np.minimum(np.searchsorted(keys_V, keys_F), len(keys_V) - 1)
        known_F = keys_V[places_F] == keys_F
        places_F = places_F[known_F]
        columns.append(places_F)
        values.append((1 + np.log(counts_F[known_F])) * weights_V[places_F])
    return _sparse(columns, values, len(keys_V))


def _sparse(
    columns: Sequence[np.ndarray], values: Sequence[np.ndarray], width: int
) -> torch.Tensor:
    """Return rows, scaled to unit norm, as a sparse matrix (N, width)."""
    starts = np.cumsum([0, *map(len, columns)])
    scaled = [row / max(float(np.linalg.norm(row)), 1e-9) for row in values]
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Sparse CSR tensor support is in beta state")
        return torch.sparse_csr_tensor(
            torch.from_numpy(starts),
            torch.from_numpy(np.concatenate(columns).astype(np.int64)),
            torch.from_numpy(np.concatenate(scaled).astype(np.float32)),
            (len(columns), width),
            check_invariants=False,
        )


def _leading(rows_NV: torch.Tensor, dimension: int, seed: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Return the leading right singular vectors (V, W), and their singular values (W,)."""
    columns_VN = rows_NV.to_sparse_coo().t().to_sparse_csr()
    start = torch.Generator().manual_seed(seed)
    width = min(dimension + _EXTRA, *rows_NV.shape)
    space_VR = torch.randn(rows_NV.shape[1], width, generator=start)
    for _ in range(_ROUNDS):
        basis_NR = torch.linalg.qr(rows_NV @ space_VR).Q
        space_VR = torch.linalg.qr(columns_VN @ basis_NR).Q
    inner = torch.linalg.svd(rows_NV @ space_VR, full_matrices=False)
    right_VW = (space_VR @ inner.Vh.T)[:, :dimension]
    signs_W = torch.where(right_VW.gather(0, right_VW.abs().argmax(dim=0)[None])[0] < 0, -1.0, 1.0)
    return right_VW * signs_W, inner.S[:dimension]


def _name_rows(names: Iterable[str]) -> torch.Tensor | None:
    """Return names as rows of unit norm, sparse (N, U).

    A name is the set of its subtokens and the whole name, weighted by rarity. Returns None if
    names have hardly any words in common.
    """
    words = [_name_words(name) for name in names]
    occurs = Counter(word for row in words for word in row)
    known = sorted(word for word, number in occurs.items() if number >= _MIN_NAMED)
    if len(known) < 2:
        return None
    place = {word: number for number, word in enumerate(known)}
    rows = [[place[word] for word in row if word in place] for row in words]
    weights_U = np.log(len(rows) / np.asarray([occurs[word] for word in known])) + 1e-3
    columns = [np.asarray(row, np.int64) for row in rows]
    return _sparse(columns, [weights_U[row] for row in columns], len(known))


def _name_words(name: str) -> list[str]:
    last = name.rpartition(".")[2]
    return sorted({*subtokens(last), f"={last.lower()}"}) if last else []


def _name_directions(vectors_NW: torch.Tensor, names_NU: torch.Tensor, seed: int) -> torch.Tensor:
    """Return the projection onto directions of code that correlate with names: (W, W).

    Each direction is scaled by its canonical correlation.
    """
    right_UL, values_L = _leading(names_NU, min(_NAME_DIMENSIONS, *names_NU.shape), seed)
    # The square root whitens only in part, as directions of rare words are noisy.
    scale_L = values_L.clamp_min(1e-6 * values_L[0]).rsqrt()
    names_NL = torch.nn.functional.normalize(names_NU @ (right_UL * scale_L), dim=1)
    code_NW, called_NL = vectors_NW - vectors_NW.mean(dim=0), names_NL - names_NL.mean(dim=0)
    both_WL = (
        _inverse_root(code_NW) @ (code_NW.T @ called_NL / len(code_NW)) @ _inverse_root(called_NL)
    )
    found = torch.linalg.svd(both_WL, full_matrices=False)
    return (found.U * found.S) @ found.U.T


def _inverse_root(rows_ND: torch.Tensor) -> torch.Tensor:
    """Return the inverse square root of the covariance of centred rows: (D, D)."""
    covariance_DD = rows_ND.T @ rows_ND / len(rows_ND)
    mean = float(covariance_DD.diagonal().mean())
    if not math.isfinite(mean) or mean <= 0:
        return torch.eye(len(covariance_DD))
    values_D, vectors_DD = torch.linalg.eigh(
        covariance_DD + _RIDGE * mean * torch.eye(len(covariance_DD))
    )
    return (vectors_DD * values_D.rsqrt()) @ vectors_DD.T
