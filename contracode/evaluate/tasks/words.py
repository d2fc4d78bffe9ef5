"""Find a function by the first sentence of its documentation."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from contracode.evaluate.tasks._options import add_data

if TYPE_CHECKING:
    from contracode.evaluate.report import Progress, Report

EXAMPLES = """\
examples:
  contracode evaluate words --data corpus/javascript_test_0.jsonl.gz
  contracode evaluate words --data corpus --repositories paperjs/paper.js Turfjs/turf
  contracode evaluate words --data corpus --model out/words --against all-MiniLM-L6-v2
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of the task."""
    add_data(parser, "functions with documentation as JSON lines; --limit is for each repository")
    parser.add_argument(
        "--repositories", nargs="+", metavar="OWNER/NAME", help="repositories (default: all)"
    )
    parser.add_argument(
        "--model", metavar="DIR", help="folder of a bag model (default: the shipped one)"
    )
    parser.add_argument(
        "--against",
        nargs="+",
        default=[],
        metavar="MODEL",
        help="encoders of texts: a sentence-transformers folder, an ONNX file, or module:function",
    )
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="seed of the intervals")
    parser.add_argument("--threads", type=int, default=1, metavar="N", help="threads of encoders")


def measure(args: argparse.Namespace, progress: Progress) -> Report:
    """Measure the model, BM25, TF-IDF, other encoders, and fusions with BM25."""
    from contracode.corpus.storage.readers import read_functions
    from contracode.evaluate import search_by_words as words
    from contracode.evaluate.clones.encoders import open_encoder
    from contracode.inference.bag_model import load_bags
    from contracode.products.search.ranking import NAME_SIMILARITY

    model = load_bags(args.model)
    wanted = set(args.repositories or ())
    rows = (
        row for row in read_functions(args.data, strict=True) if not wanted or row.repo in wanted
    )
    found = words.galleries(rows, limit=args.limit)
    own = model.manifest.name
    methods: dict[str, words.Scorer] = {"bm25": words.bm25, "tf-idf": words.tf_idf}
    fusions: dict[str, tuple[str, str]] = {}
    for spec in args.against:
        other = open_encoder(spec, threads=args.threads)
        methods[other.name] = words.by_encoder(other.embed)
        fusions[f"{other.name} + bm25"] = (other.name, "bm25")
    methods[own] = words.by_bags(model, NAME_SIMILARITY)
    fusions[f"{own} + bm25"] = (own, "bm25")
    return words.evaluate_words(
        found,
        methods,
        fusions,
        models=[own, f"{own} + bm25"],
        seed=args.seed,
        progress=progress,
    )
