"""What a wide part is made of: the fragments that a corpus has, laid so that all directions carry
alike, and those further that tell what functions are called.

For each part of the encoder a program is a bag of weighted fragments. The leading directions of
many programs are found by singular values, and each is divided by its own: directions that hardly
any two programs differ in no longer drown the others. Then those directions of code from which its
name can be told best, linearly, are made longer: two functions that are called alike do alike,
however they are written. Nothing is learned by steps.

Source: Deerwester et al., Indexing by Latent Semantic Analysis, JASIS 41(6), 1990, and Halko,
    Martinsson and Tropp, Finding Structure with
Randomness (arXiv 0909.4061), algorithm 4.4, for the decomposition; whitening as in Su et al.,
Whitening Sentence Representations for Better Semantics and Faster Retrieval (arXiv 2103.15316);
Hotelling, Relations Between Two Sets of Variates, Biometrika 28, 1936, for the canonical
correlations of code and names.

Legend: N programs, V fragments, W dimensions, R of the random subspace, U words of names, L
    dimensions of names.
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
from contracode.support.config import WideConfig
from contracode.support.errors import InputError

Counted = tuple[np.ndarray, np.ndarray]
"""Keys and counts of a program's fragments."""

_TELLING = 250
"""Characters of a function that tells which fragments go together: a getter does not. Shorter ones
are taken where there are few.
"""

_SHARE = 0.5
"""Dimensions at most, as a share of the functions and of the fragments: the last singular values of
few are noise.
"""

_EXTRA = 32
"""Dimensions of the random subspace above those that are kept."""

_ROUNDS = 2
"""Times that the subspace is multiplied through."""

_NAME_DIMENSIONS = 300
"""L at most: what whole names and their words are reduced to."""

_NAMED = 5
"""Functions whose names have a word, for it to be told."""

_RIDGE = 1e-3
"""What is added to the variance of each direction, as a share of the mean: few functions do not
tell a covariance whole.
"""


def fit_wide(
    sources: Sequence[str],
    config: WideConfig,
    *,
    names: Sequence[str] = (),
    seed: int = 0,
    progress: bool = False,
) -> FragmentEncoder:
    """Make a wide encoder from functions. Where they are few, or have few fragments in common, it
    has fewer dimensions than are set.

    Args:
        sources: functions; of more than `config.functions` a sample is drawn.
        config: settings.
        names: of the functions, what each is a member of in front perhaps; without them all
            directions weigh alike.
        seed: of what is drawn.
        progress: show a bar on stderr while they are counted.

    Raises:
        InputError: they have next to no fragments in common.
    """
    chosen: Sequence[int] = range(len(sources))
    if len(sources) > config.functions:
        telling = [number for number in chosen if len(sources[number]) >= _TELLING]
        if len(telling) >= config.functions:
            chosen = telling
        chosen = sorted(random.Random(f"{seed}/wide").sample(chosen, config.functions))
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
    wide = fit_counted(programs, config, names=called, seed=seed)
    if config.names:
        wide.identifiers = fit_identifier_encoder(
            own, config.names, config.naming, vocabulary=config.vocabulary, min_df=config.least
        )
    return wide


def fit_counted(
    programs: Sequence[Counted], config: WideConfig, *, names: Sequence[str], seed: int = 0
) -> FragmentEncoder:
    """Do what `fit_wide` does, but for names, with what `contracode.inputs.fragment_encoder.count` returned for each
    function.

    Raises:
        InputError: as there.
    """
    few = config.vocabulary // 2
    wanted = (
        (SHAPE, config.dimension, config.vocabulary, 1.0),
        (SIGNATURE, config.signature, few, config.beside),
        (WORDS, config.words, few, config.beside),
        (OPERATIONS, config.operations, few, config.beside),
    )
    occurs: Counter[int] = Counter()
    for keys_F, _ in programs:
        occurs.update(keys_F.tolist())
    # Of those that occur alike often, which are known must not depend on the order in which they
    # were met.
    ranked = sorted(
        (key for key, number in occurs.items() if number >= config.least),
        key=lambda key: (-occurs[key], key),
    )
    names_NU = _named(names) if config.meaning else None
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
        matrix_VW = _matrix(
            _rows(programs, keys_V, weights_V), dimension, config.meaning, names_NU, seed
        )
        parts.append(quantize(keys_V, weights_V, matrix_VW.numpy(), gain))
    if parts[0] is NOTHING:
        raise InputError(
            f"{len(programs):,} functions have too few fragments in common for a wide part"
        )
    return FragmentEncoder(parts)


def _matrix(
    rows_NV: torch.Tensor, dimension: int, meaning: float, names_NU: torch.Tensor | None, seed: int
) -> torch.Tensor:
    """Return where each fragment lies: (V, W)."""
    right_VW, values_W = _leading(rows_NV, dimension, seed)
    matrix_VW = right_VW / values_W * values_W[-1]
    if names_NU is not None:
        vectors_NW = torch.nn.functional.normalize(rows_NV @ matrix_VW, dim=1)
        matrix_VW = matrix_VW + meaning * matrix_VW @ _meaning(vectors_NW, names_NU, seed)
    return matrix_VW


def _rows(programs: Sequence[Counted], keys_V: np.ndarray, weights_V: np.ndarray) -> torch.Tensor:
    """Return programs as rows of unit norm, sparse (N, V)."""
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
    """Return rows, each made of unit norm, as a sparse matrix."""
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


def _named(names: Iterable[str]) -> torch.Tensor | None:
    """Return the words of names and the names themselves as rows of unit norm, sparse (N, U), the
    rarer the heavier.

    None where hardly any two functions share one.
    """
    told = [_told(name) for name in names]
    occurs = Counter(word for row in told for word in row)
    known = sorted(word for word, number in occurs.items() if number >= _NAMED)
    if len(known) < 2:
        return None
    place = {word: number for number, word in enumerate(known)}
    rows = [[place[word] for word in row if word in place] for row in told]
    weights_U = np.log(len(rows) / np.asarray([occurs[word] for word in known])) + 1e-3
    columns = [np.asarray(row, np.int64) for row in rows]
    return _sparse(columns, [weights_U[row] for row in columns], len(known))


def _told(name: str) -> list[str]:
    last = name.rpartition(".")[2]
    return sorted({*subtokens(last), f"={last.lower()}"}) if last else []


def _meaning(vectors_NW: torch.Tensor, names_NU: torch.Tensor, seed: int) -> torch.Tensor:
    """Return the projection onto the directions of code that go with directions of names, each as
    long as their correlation: (W, W).
    """
    right_UL, values_L = _leading(names_NU, min(_NAME_DIMENSIONS, *names_NU.shape), seed)
    scale_L = values_L.clamp_min(
        1e-6 * values_L[0]
    ).rsqrt()  # half way to white: rare words are noise
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
