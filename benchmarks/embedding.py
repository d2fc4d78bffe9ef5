"""How many functions a second a model embeds on one core, beside a model of sentence-transformers
on the same functions by turns.

    python -m benchmarks.embedding corpus/functions [--model DIR] [--against all-MiniLM-L6-v2]
    [--count 200] [--turns 3]

Functions are the middle ones by length of the corpus, so that all have about its median. Prints CPU
seconds' rates and their ratio.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from collections.abc import Callable, Sequence

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np

import contracode
from contracode.evaluate.clones.encoders import open_encoder
from contracode.views.training_data import training_sources


def rate(embed: Callable[[Sequence[str]], np.ndarray], sources: Sequence[str]) -> float:
    """Return functions per CPU second."""
    began = time.process_time()
    embed(sources)
    return len(sources) / (time.process_time() - began)


def main(argv: Sequence[str] | None = None) -> None:
    """Measure, and print JSON."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("corpus", nargs="+", metavar="CORPUS", help="functions")
    parser.add_argument(
        "--model", metavar="DIR", help="inference folder (default: the shipped model)"
    )
    parser.add_argument("--against", metavar="DIR", help="a folder of sentence-transformers")
    parser.add_argument("--count", type=int, default=200, help="functions (default: 200)")
    parser.add_argument(
        "--turns",
        type=int,
        default=3,
        help="measurements of each, of which the median counts (default: 3)",
    )
    args = parser.parse_args(argv)
    found = sorted(training_sources(args.corpus), key=len)
    first = max(0, (len(found) - args.count) // 2)
    sources = found[first : first + args.count]
    embedders: dict[str, Callable[[Sequence[str]], np.ndarray]] = {
        "model": contracode.load(args.model).embed
    }
    if args.against:
        import torch

        torch.set_num_threads(1)
        embedders["against"] = open_encoder(args.against).embed
    for embed in embedders.values():
        embed(sources[:8])
    measured = {name: [] for name in embedders}
    for _ in range(args.turns):
        for name, embed in embedders.items():
            measured[name].append(rate(embed, sources))
    rates = {name: float(np.median(several)) for name, several in measured.items()}
    ratio = {"ratio": round(rates["model"] / rates["against"], 1)} if args.against else {}
    middle = len(sources[len(sources) // 2])
    print(
        json.dumps(
            {
                "functions": len(sources),
                "characters": middle,
                **{n: round(r) for n, r in rates.items()},
                **ratio,
            }
        )
    )


if __name__ == "__main__":
    main()
