"""How well a function is found again after it was rewritten, and how many pairs of different
functions a threshold takes for clones.

    python -m benchmarks.search FOLDER... [--count 600] [--model DIR]

Functions of 40 to 400 tokens of the folders, different up to names, each with one view of
`Pipeline.default()`. A pair of a function and its view should be told to be alike, two functions
should not; some of these are true clones that nobody has labelled, so that the rate of false ones
is an upper bound.
"""

import argparse
import random
from collections import Counter
from pathlib import Path

import numpy as np

import augment
from contracode.corpus.sources.repositories import Repository
from contracode.inference.model import load
from contracode.products.search.functions import functions_of
from contracode.products.search.sketches import overlap

THRESHOLDS = (0.6, 0.7, 0.75, 0.8, 0.9)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folders", nargs="+", metavar="FOLDER")
    parser.add_argument("--count", type=int, default=600, help="functions (default: 600)")
    parser.add_argument(
        "--model", metavar="DIR", help="inference folder (default: the shipped model)"
    )
    args = parser.parse_args()
    originals, views = pairs(args.folders, args.count)
    model = load(args.model)
    cosine_NN = (
        model.embed([text for text, _ in views])
        @ (vectors_ND := model.embed([text for text, _ in originals])).T
    )
    within_NN = vectors_ND @ vectors_ND.T
    sketches_NK, of_views_NK = (
        np.stack([np.frombuffer(sketch, np.uint8) for _, sketch in some])
        for some in (originals, views)
    )
    shared_NN = np.stack([overlap(one, sketches_NK) for one in of_views_NK])
    shared_within_NN = np.stack([overlap(one, sketches_NK) for one in sketches_NK])
    print(f"{len(originals)} functions, model {model.metadata.name}")
    print(
        "share of tokens   found first   " + "  ".join(f"at {t}: kept, false" for t in THRESHOLDS)
    )
    different = np.triu_indices(len(originals), 1)
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        score_NN = (1 - share) * cosine_NN + share * shared_NN
        true_N = np.diag(score_NN)
        false_M = ((1 - share) * within_NN + share * shared_within_NN)[different]
        first = (score_NN > true_N[:, None]).sum(axis=1) == 0
        rates = "  ".join(
            f"{(true_N >= t).mean():.3f} {(false_M >= t).mean():.5f}" for t in THRESHOLDS
        )
        print(f"{share:15.2f}   {first.mean():11.3f}   {rates}")


def pairs(
    folders: list[str], count: int
) -> tuple[list[tuple[str, bytes]], list[tuple[str, bytes]]]:
    """Return functions, and a view of each, as text and sketch."""
    found: dict[bytes, tuple[str, bytes]] = {}
    for folder in folders:
        for source in Repository(name=folder, place=Path(folder)).sources():
            if source.language == "javascript" and "test" not in source.path:
                try:
                    functions = list(functions_of(source.content, source.language, Counter()))
                except augment.ParseError:
                    continue
                found |= {
                    f.syntax: (text, f.sketch) for f, text in functions if 40 <= f.tokens <= 400
                }
    chosen = sorted(found.values())
    random.Random(0).shuffle(chosen)
    pipeline = augment.Pipeline.default()
    originals, views = [], []
    for seed, (text, _) in enumerate(chosen):
        if len(views) == count:
            break
        try:
            view = pipeline.view(augment.parse(text), seed=seed).text
            sketches = [
                next(functions_of(code.encode(), "javascript", Counter()))[0].sketch
                for code in (text, view)
            ]
        except (augment.ParseError, StopIteration):
            continue
        originals.append((text, sketches[0]))
        views.append((view, sketches[1]))
    return originals, views


if __name__ == "__main__":
    main()
