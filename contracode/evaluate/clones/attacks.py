"""Scores of pairs of programs under attack: the first program is rewritten.

Legend: P pairs, K rewrites, N rewrites that count.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from contracode.evaluate.clones.methods.interface import Method, ProgramSet


def rewritten_scores(
    method: Method,
    programs: ProgramSet,
    first_P: np.ndarray,
    second_P: np.ndarray,
    rewrites: Mapping[int, Sequence[str]],
) -> np.ndarray:
    """Return the similarity of every rewrite of the first program of each pair with the second.

    Args:
        method: compares the programs.
        programs: all programs, as the method reads them.
        first_P: indices of the rewritten programs.
        second_P: indices of the programs that they are compared with.
        rewrites: the rewrites of each first program, equally many.

    Returns:
        Float (P, K).
    """
    attacked = sorted(set(first_P.tolist()))
    variants = [rewrites[number] for number in attacked]
    place = {number: at for at, number in enumerate(attacked)}
    at_P = np.asarray([place[number] for number in first_P.tolist()])
    num_rewrites = min(map(len, variants))
    columns = [
        method.read([texts[k] for texts in variants]).similarities(at_P, programs, second_P)
        for k in range(num_rewrites)
    ]
    return np.stack(columns, axis=1)


def worst_of(scores_PN: np.ndarray, positive_P: np.ndarray) -> np.ndarray:
    """Return the score that an attacker picks: the lowest of true pairs, the highest of false ones.

    Source: Jain et al., EMNLP 2021, section 4.1.
    """
    return np.where(positive_P, scores_PN.min(axis=1), scores_PN.max(axis=1))
