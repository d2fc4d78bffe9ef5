"""Scores of the type names of a file, joined to those of the vocabulary, in numpy.

Legend: N targets, V vocabulary, C type names of the file, R forms of types made of a name, P width
    of a pointer, M measures of a fit.
"""

import numpy as np


def point(
    query_NRP: np.ndarray, fit_NRM: np.ndarray, key_CP: np.ndarray, fits_NCM: np.ndarray
) -> np.ndarray:
    """Return the score of each form of each name for each target: float32 (N, C, R)."""
    similarity_NCR = np.einsum("nrp,cp->ncr", query_NRP, key_CP) / np.sqrt(
        np.float32(key_CP.shape[1])
    )
    return similarity_NCR + np.einsum("nrm,ncm->ncr", fit_NRM, fits_NCM)


def join_scores(
    logits_NV: np.ndarray, pointed_NCR: np.ndarray, output_CR: np.ndarray
) -> np.ndarray:
    """Join both to the scores of one softmax.

    Args:
        logits_NV: scores of the vocabulary.
        pointed_NCR: scores that `point` returns.
        output_CR: the vocabulary's output for the same type, which then gets the joint probability;
            0 if it has none.

    Returns:
        float32 (N, V + C * R), minus infinity for types that the vocabulary has.
    """
    pointed_NA = pointed_NCR.reshape(len(pointed_NCR), -1)
    output_A = output_CR.reshape(-1)
    known_A = output_A > 0
    top_N1 = np.maximum(logits_NV.max(axis=1), pointed_NA.max(axis=1, initial=-np.inf))[:, None]
    sums_NV = np.exp(logits_NV - top_N1)
    np.add.at(sums_NV.T, output_A[known_A], np.exp(pointed_NA[:, known_A] - top_N1).T)
    floor = np.finfo(np.float32).tiny
    return np.concatenate(
        [np.log(np.maximum(sums_NV, floor)) + top_N1, np.where(known_A, -np.inf, pointed_NA)],
        axis=1,
        dtype=np.float32,
    )


def softmax(scores_NS: np.ndarray) -> np.ndarray:
    """Return the probabilities of scores, row by row."""
    exp_NS = np.exp(scores_NS - scores_NS.max(axis=1, keepdims=True))
    return exp_NS / exp_NS.sum(axis=1, keepdims=True)
