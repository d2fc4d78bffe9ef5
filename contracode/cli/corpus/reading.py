"""`contracode corpus stats`, `report` and `convert`."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from contracode.cli import options
from contracode.cli.corpus.building import count_lines, counted, report_problem

if TYPE_CHECKING:
    from contracode.corpus.stats import CorpusStatistics

_EVERY = 500
"""Functions between two updates of the progress."""


def add_stats(actions: Any) -> None:
    """Declare the action `stats`."""
    parser = actions.add_parser(
        "stats", help="count the contents", description="Count the contents of a corpus."
    )
    parser.add_argument(
        "paths",
        nargs="+",
        metavar="PATH",
        help="folder of shards, file of rows (.jsonl, .jsonl.gz, .parquet), or -",
    )
    options.add_strict(parser, "stop at the first broken row or file")
    options.add_json(parser)
    parser.set_defaults(act=_stats)


def add_report(actions: Any) -> None:
    """Declare the action `report`."""
    parser = actions.add_parser(
        "report",
        help="draw a page",
        description="Draw an HTML page about a corpus: splits, repositories, licences, functions "
        "left out, sizes and style. The page loads nothing. Every function is parsed, about 4,000 "
        "per second.",
    )
    parser.add_argument("folder", metavar="DIR", help="folder of a corpus, or a file of rows")
    options.add_output(parser, "the page (default: report.html; none with --json)")
    options.add_strict(parser, "stop at the first broken row or file")
    options.add_json(parser, "print the contents of the page as JSON")
    parser.set_defaults(act=_report)


def add_convert(actions: Any) -> None:
    """Declare the action `convert`."""
    parser = actions.add_parser(
        "convert",
        help="read CodeSearchNet's pickle",
        description="Write the functions of CodeSearchNet's deduplicated pickle as JSONL. No code "
        "of the pickle is run: anything besides lists, dicts, strings and numbers is refused. The "
        "pickle is read twice, as a stream; memory holds a thousand functions and the objects that "
        "the pickle refers to again.",
    )
    parser.add_argument(
        "pickle", metavar="PICKLE", help="{language}_dedupe_definitions_v2.pkl, or the same as .gz"
    )
    options.add_output(parser, "output file: .jsonl.gz or .jsonl", required=True)
    options.add_strict(parser, "stop at the first item that is not a function")
    options.add_json(parser)
    parser.set_defaults(act=_convert)


def _stats(args: argparse.Namespace) -> int:
    import msgspec

    from contracode.corpus.stats import statistics

    found = statistics(args.paths, strict=args.strict, on_problem=report_problem)
    print(json.dumps(msgspec.to_builtins(found)) if args.json else "\n".join(_lines(found)))
    return 1 if found.problems else 0


def _lines(found: CorpusStatistics) -> Iterator[str]:
    yield (
        f"{sum(found.functions.values()):,} functions, {found.documented:,} documented, "
        f"{found.anonymous:,} anonymous"
    )
    for title, counts, unknown in (
        ("functions by split", found.functions, "no split"),
        ("repositories by split", found.repositories, "no split"),
        ("quantiles of tokens per function", found.tokens, ""),
        ("functions by licence file", found.licences, "none found"),
    ):
        yield from count_lines(title, {name or unknown: count for name, count in counts.items()})
    if found.problems:
        yield f"{found.problems:,} broken rows or files were skipped"


def _report(args: argparse.Namespace) -> int:
    import msgspec

    from contracode.cli.progress import display
    from contracode.corpus.corpus_page import page
    from contracode.corpus.profile import profile
    from contracode.corpus.storage.manifest import MANIFEST, read_manifest
    from contracode.support.atomic_files import output_file, replacing
    from contracode.support.errors import InputError

    folder = Path(args.folder)
    output = args.output or (None if args.json else "report.html")
    if output:
        output_file(output)
    manifest = read_manifest(folder) if (folder / MANIFEST).is_file() else None
    if manifest is not None and manifest.kind != "functions":
        raise InputError(f"is a corpus of {manifest.kind}, not of functions", path=folder)
    with display() as show:

        def progress(repository: str, functions: int) -> None:
            if functions % _EVERY == 0:
                show("functions", functions, None, repository)

        found = profile([folder], strict=args.strict, on_problem=report_problem, progress=progress)
    if not found.total:
        raise InputError("has no function to report on", path=folder)
    if output:
        with replacing(Path(output)) as beside:
            beside.write_text(page(folder.resolve().name, found, manifest), "utf-8")
    if args.json:
        known = {"profile": msgspec.to_builtins(found), "manifest": msgspec.to_builtins(manifest)}
        print(json.dumps(known))
    else:
        repositories = counted(found.num_repositories, "repository")
        print(f"{output}: {counted(found.total, 'function')} of {repositories}")
    return 1 if found.problems else 0


def _convert(args: argparse.Namespace) -> int:
    import msgspec

    from contracode.cli.progress import display
    from contracode.corpus.storage.convert import convert

    with display() as show:
        done = convert(
            Path(args.pickle),
            Path(args.output),
            strict=args.strict,
            on_problem=report_problem,
            progress=lambda rows: show("functions", rows, None),
        )
    if args.json:
        print(json.dumps(msgspec.to_builtins(done)))
    else:
        print(
            f"{args.output}: {done.rows:,} functions, {done.left_out:,} items left out; at most "
            f"{done.max_kept:,} objects in memory for later references"
        )
    return 1 if done.left_out else 0
