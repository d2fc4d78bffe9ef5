"""`contracode corpus count`: the bags of a corpus, which bag models are trained on."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from contracode.cli import options


def add_count(actions: Any) -> None:
    """Declare the action `count`."""
    parser = actions.add_parser(
        "count",
        help="count fragments and words for a bag model",
        description="Count the fragments of the normal form and the words of each training "
        "function that has documentation, or the name of a function in another repository. The "
        "folder holds memory-mapped arrays; `contracode pretrain --preset bag` takes it as its "
        "corpus. A function takes some 10 ms. An interrupted command resumes.",
        epilog="example:\n  contracode corpus count corpus -o counted --workers 8",
    )
    parser.add_argument(
        "paths", nargs="+", metavar="CORPUS", help="folder of shards, or file of rows"
    )
    options.add_output(
        parser, "folder to write; an older one is replaced", metavar="DIR", required=True
    )
    parser.add_argument(
        "--limit",
        type=options.natural,
        default=0,
        metavar="N",
        help="most functions, drawn at random (default: all)",
    )
    parser.add_argument(
        "--leave-out",
        nargs="+",
        default=[],
        metavar="OWNER/NAME",
        help="repositories to leave out, such as those of an evaluation",
    )
    options.add_seed(parser, "the sample")
    options.add_workers(parser)
    options.add_json(parser, "print the facts as JSON")
    parser.set_defaults(act=_count)


def _count(args: argparse.Namespace) -> int:
    """Count, and print how much."""
    from contracode.cli.progress import bar
    from contracode.corpus.build.engine import LocalEngine
    from contracode.corpus.counted.writing import count_corpus

    with bar("counting") as show:
        counted = count_corpus(
            args.paths,
            Path(args.output),
            limit=args.limit,
            leave_out=args.leave_out,
            seed=args.seed,
            engine=LocalEngine(args.workers),
            progress=show,
        )
    facts = counted.facts
    if args.json:
        print(json.dumps({"functions": facts.functions, "repositories": len(facts.repositories)}))
    else:
        repositories = len(facts.repositories)
        print(f"{args.output}: {facts.functions:,} functions of {repositories:,} repositories")
    return 0
