"""`contracode corpus build`, and what it shares with `types`: inputs, splits, the summary."""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

from contracode.cli import options

if TYPE_CHECKING:
    from contracode.corpus.build.engine import Engine
    from contracode.corpus.sources.repositories import Repository
    from contracode.corpus.storage.manifest import CorpusManifest


def add_build(actions: Any) -> None:
    """Declare the action."""
    parser = actions.add_parser(
        "build", help="collect functions", description="Collect functions into a corpus."
    )
    add_inputs(parser)
    parser.add_argument("--anonymous", action="store_true", help="keep functions without a name")
    parser.add_argument(
        "--exclude-hashes",
        metavar="FILE",
        help="leave out functions with these keys, each 16 hexadecimal digits",
    )
    parser.add_argument(
        "--keep-splits", action="store_true", help="keep the splits that rows of files name"
    )
    parser.add_argument(
        "--near-duplicates",
        type=float,
        metavar="SHARE",
        help="leave out functions similar to an earlier one: of the runs of five tokens of both, "
        "with local names ignored, they share at least this part (Jaccard index, 0.5 to 1; 0.8 is "
        "usual)",
    )
    options.add_strict(parser, "stop at the first broken row or file")
    options.add_workers(parser, engine=True)
    parser.set_defaults(act=_build)


def add_inputs(parser: argparse.ArgumentParser) -> None:
    """Declare the options that `build` and `types` share."""
    parser.add_argument(
        "paths", nargs="*", metavar="[NAME=]PATH", help="source file, folder, or git directory"
    )
    parser.add_argument("--list", metavar="FILE", help="list of repositories and commits to read")
    parser.add_argument("--mirrors", metavar="DIR", help="folder of the clones of --list")
    parser.add_argument(
        "--fetch-from",
        metavar="URL",
        help="fetch commits that --mirrors lacks from URL/owner/name",
    )
    parser.add_argument(
        "--leave-out",
        default="",
        metavar="PATTERNS",
        help="leave out files that match these patterns, as in .gitignore, separated by spaces",
    )
    options.add_output(
        parser, "folder of the corpus; an older one is replaced", metavar="DIR", required=True
    )
    parser.add_argument(
        "--splits",
        metavar="FILE",
        help='JSON of split to repositories: {"train": ["owner/name", ...], ...}',
    )
    options.add_seed(parser, "the splits of all other repositories")
    parser.add_argument(
        "--shard-rows",
        type=options.positive,
        default=30_000,
        metavar="N",
        help="rows per shard (default: 30000)",
    )
    options.add_json(parser, "print the manifest as JSON")


def find_places(
    args: argparse.Namespace, languages: Sequence[str], show: Callable[[str, int, int], None]
) -> list[str | Path | Repository]:
    """Return the inputs: the paths, then the repositories of the list."""
    from contracode.corpus.sources.repository_list import find_listed
    from contracode.support.errors import InputError

    if bool(args.list) != bool(args.mirrors):
        raise InputError("--list and --mirrors need each other")
    if args.fetch_from and not args.list:
        raise InputError("--fetch-from needs --list")
    if not args.list and not args.paths:
        raise InputError("nothing to read: give a PATH or a --list")
    if not args.list:
        return args.paths
    listed = find_listed(
        Path(args.list),
        Path(args.mirrors),
        languages=languages,
        fetch_from=args.fetch_from,
        progress=show,
    )
    return [*args.paths, *listed]


def engine_of(args: argparse.Namespace) -> AbstractContextManager[Engine]:
    """Return the engine that --engine and --workers choose."""
    from contracode.corpus.build.engine import LocalEngine
    from contracode.corpus.build.ray_engine import ray_engine

    if args.engine == "ray":
        return ray_engine(args.workers)
    return nullcontext(LocalEngine(args.workers))


def report_problem(problem: Exception | str) -> None:
    """Print a problem that does not end the command."""
    print(f"contracode corpus: {problem}", file=sys.stderr)


def _build(args: argparse.Namespace) -> int:
    from contracode.cli.progress import stages
    from contracode.corpus.build.builder import BuildOptions, build, read_excluded
    from contracode.corpus.storage.splits import read_splits
    from contracode.support.errors import InputError

    if args.keep_splits and args.splits:
        raise InputError("--keep-splits and --splits exclude each other")
    if args.near_duplicates is not None and not 0.5 <= args.near_duplicates <= 1:
        raise InputError(f"--near-duplicates must be from 0.5 to 1, not {args.near_duplicates:g}")
    chosen = BuildOptions(
        seed=args.seed,
        splits=read_splits(Path(args.splits)) if args.splits else {},
        keep_splits=args.keep_splits,
        anonymous=args.anonymous,
        excluded=read_excluded(Path(args.exclude_hashes)) if args.exclude_hashes else frozenset(),
        shard_rows=args.shard_rows,
        strict=args.strict,
        leave_out=tuple(args.leave_out.split()),
        near_duplicates=args.near_duplicates,
    )
    problems: list[InputError] = []

    def on_problem(problem: InputError) -> None:
        problems.append(problem)
        report_problem(problem)

    with engine_of(args) as engine, stages() as show:
        places = find_places(args, ("javascript", "typescript", "both"), show)
        manifest = build(
            places, Path(args.output), chosen, engine=engine, progress=show, on_problem=on_problem
        )
    print_manifest(manifest, args, "functions")
    return 1 if problems else 0


def print_manifest(manifest: CorpusManifest, args: argparse.Namespace, unit: str) -> None:
    """Print a manifest, as JSON or as counts, and warn of an empty training split."""
    import msgspec

    if args.json:
        print(json.dumps(msgspec.to_builtins(manifest)))
        return
    print("\n".join(_summary(manifest, args.output, unit)))
    trains = manifest.rows.get("train") or not any(manifest.rows.values())
    if manifest.kind == "functions" and not trains:
        print(
            "contracode corpus: the split train is empty, because each repository is in one split "
            "as a whole; add repositories, or give --splits",
            file=sys.stderr,
        )


def _summary(manifest: CorpusManifest, output: str, unit: str) -> Iterator[str]:
    repositories = [source for source in manifest.sources if source.split]
    of_them = f" of {counted(len(repositories), 'repository')}" if repositories else ""
    total = sum(manifest.rows.values())
    yield f"{output}: {total:,} {unit} from {manifest.files:,} files{of_them}"
    yield from count_lines("split", manifest.rows)
    yield from count_lines("labels", manifest.labels)
    yield from count_lines("annotations whose inferred type is", manifest.agreement)
    yield from count_lines("files left out", manifest.files_left_out)
    left_out = "functions left out" if manifest.kind == "functions" else "left without a label"
    yield from count_lines(left_out, manifest.rows_left_out)
    licences = Counter(source.licence or "none found" for source in repositories)
    yield from count_lines("licence files", licences)
    by_source = {
        f"{source.name} ({source.split})" if source.split else source.name: source.rows
        for source in manifest.sources
    }
    yield from count_lines(f"{unit} by source", by_source)


def counted(number: int, unit: str) -> str:
    """Return a number with its unit, such as "1 repository" or "2 repositories"."""
    plural = f"{unit[:-1]}ies" if unit.endswith("y") else f"{unit}s"
    return f"{number:,} {unit if number == 1 else plural}"


def count_lines(title: str, counts: dict[str, int]) -> list[str]:
    """Return a title and a line per count; nothing if there are no counts."""
    if not counts:
        return []
    width = max(len(f"{count:,}") for count in counts.values())
    return [f"{title}:", *(f"  {count:>{width},}  {name}" for name, count in counts.items())]
