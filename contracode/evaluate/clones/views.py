"""Retrieval of the other view of a function.

Legend: N functions, D embedding.
"""

import random
from collections.abc import Mapping, Sequence

import msgspec
import numpy as np

import augment
from contracode.evaluate.clones.methods.bag_of_pieces import bag_of_pieces
from contracode.evaluate.clones.methods.interface import Embedder
from contracode.evaluate.clones.methods.untrained import Untrained
from contracode.evaluate.report import Progress, Report
from contracode.inference.model import Model
from contracode.support import metrics


def embedders(
    model: Model, *, seed: int = 0, progress: Progress | None = None
) -> Mapping[str, Embedder]:
    """Return the compared embedders: a bag of pieces, fresh weights, the model."""
    untrained = Untrained(model, seed=seed)
    return {
        "bag of pieces": lambda sources: bag_of_pieces(model.tokenizer, sources),
        "untrained": lambda sources: untrained.embed(sources, progress=progress),
        model.metadata.name: lambda sources: model.embed(sources, progress=progress),
    }


class ViewPair(msgspec.Struct):
    """Two views of one function, and its file or repository."""

    first: str
    second: str
    group: str


def view_pairs(functions: Sequence[tuple[str, str]], *, seed: int) -> list[ViewPair]:
    """Render two views of each (source, group); sources that do not parse are left out."""
    pipeline = augment.Pipeline.default()
    pairs: list[ViewPair] = []
    for source, group in functions:
        try:
            program = augment.parse(source)
        except augment.ParseError:
            continue
        first, second = pipeline.views(program, 2, seed=seed)
        pairs.append(ViewPair(first.text, second.text, group))
    return pairs


def evaluate_views(
    pairs: Sequence[ViewPair], embedders: Mapping[str, Embedder], *, seed: int = 0
) -> Report:
    """Search the second views of all functions with the first view of each as the query.

    AUROC ranks the pair of every function against one pair with another, randomly chosen function.
    """
    groups = [pair.group for pair in pairs]
    order = list(range(len(pairs)))
    random.Random(seed).shuffle(order)
    other_N = np.empty(len(pairs), np.int64)
    other_N[order] = np.roll(order, 1)  # one cycle, so no function is paired with itself
    report = Report(task="views", num_items=len(pairs), num_groups=len(set(groups)))
    for method, embed in embedders.items():
        first_ND = embed([pair.first for pair in pairs])
        second_ND = embed([pair.second for pair in pairs])
        ranks_N = metrics.partner_ranks(first_ND, second_ND)
        positive_N = (first_ND * second_ND).sum(axis=1)
        negative_N = (first_ND * second_ND[other_N]).sum(axis=1)
        report.add(
            method, "P@1", lambda i, r=ranks_N: metrics.retrieval(r[i]).precision_at_1, groups
        )
        report.add(method, "MRR", lambda i, r=ranks_N: metrics.retrieval(r[i]).mrr, groups)
        report.add(
            method, "AUROC", lambda i, p=positive_N, n=negative_N: _pairs_auroc(p[i], n[i]), groups
        )
    return report


def _pairs_auroc(positive: np.ndarray, negative: np.ndarray) -> float:
    scores = np.concatenate([positive, negative])
    return metrics.auroc(scores, np.arange(len(scores)) < len(positive))
