"""Build, inspect and label training corpora.

`build` makes CodeSearchNet's JSONL files of the functions of JavaScript and TypeScript sources, or
of such files, without what is there twice; `types` takes the types out of TypeScript sources and
keeps them as labels; `stats` counts what is in a corpus, also in one from elsewhere; `convert`
makes JSONL of CodeSearchNet's pickle; `report` draws a page of what is in a corpus; `pack` writes a
corpus in the form that training maps into memory; `verify` compares a corpus with its checksums.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from contracode.cli.progress import positive, stages
from contracode.cli.training import packing

if TYPE_CHECKING:
    from contracode.corpus.sources.repositories import Repository
    from contracode.corpus.stats import Statistics
    from contracode.corpus.storage.manifest import Manifest, SourceFacts

EXAMPLES = """\
examples:
  contracode corpus build ~/code -o corpus                  every repository below ~/code
  contracode corpus build lodash/lodash=./lodash -o corpus  one folder, with the name of its repository
  contracode corpus build mirror.git -o corpus              a git directory without work tree: its newest commit
  contracode corpus build javascript/ -o corpus --workers 8 CodeSearchNet's files: javascript/**/*.jsonl.gz
  contracode corpus build ~/code -o corpus --near-duplicates 0.8
  contracode corpus build --list repositories.tsv --mirrors clones --leave-out 'test/ *.spec.*' -o corpus
  contracode corpus build --list repositories.tsv --mirrors clones --fetch-from https://github.com -o corpus
  contracode corpus types ~/typescript -o types             labels of types
  contracode corpus types ~/typescript -o types --checker   those that the TypeScript compiler infers as well
  contracode corpus stats corpus                            what is in it
  contracode corpus stats javascript_train_*.jsonl.gz --json
  contracode corpus convert javascript_dedupe_definitions_v2.pkl -o wide/javascript_0.jsonl.gz
  contracode corpus report corpus -o corpus.html            one page to look at, with histograms
  contracode corpus pack corpus -o packed                   what training reads, in flat memory
  contracode corpus pack corpus -o packed --copies 4 --tokenizer tokenizer --workers 8
  contracode corpus verify packed

A PATH is a file, a folder, or a git directory; a folder with repositories directly below it stands for those, any other
folder is one repository. A repository is in one split as a whole. For `build` a PATH is also a file of rows (.jsonl, .jsonl.gz,
.parquet), or a folder that has such files and no sources.

A list is a table with tabs between the columns, named in its first line: `repository` (owner/name), `commit` (whole), and `language`
(javascript, typescript or both; `types` reads the last two). Each is read at its commit, in a clone called owner/name or owner+name.

A `build` or `pack` that was killed goes on where it stopped when the same command is given again; until it is finished, what it has lies in
.DIR.build beside DIR. Engine and workers do not change a byte of the corpus.

exit codes: 0 all went well; 1 something broken was left out, each told in a line: lines and files of rows, items of a pickle, and in
`build` sources that cannot be read or are not UTF-8; 2 bad input, or with --strict the first such thing: nothing is written; and a shard
that `verify` finds changed; 130 interrupted
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the actions and their options."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    form: dict[str, Any] = {"formatter_class": argparse.RawDescriptionHelpFormatter}

    build = actions.add_parser(
        "build", help="mine functions", description="Mine functions into a corpus.", **form
    )
    _add_common(build)
    build.add_argument("--anonymous", action="store_true", help="keep functions that have no name")
    build.add_argument(
        "--exclude-hashes",
        metavar="FILE",
        help="leave out functions with these keys (16 hex digits each)",
    )
    build.add_argument(
        "--keep-splits",
        action="store_true",
        help="leave rows of files in the splits that they say they are in",
    )
    build.add_argument(
        "--near-duplicates",
        type=float,
        metavar="SHARE",
        help="leave out functions that are near to an earlier one that is kept: of all the runs of five tokens that either has, names "
        "of local variables aside, both have this share (Jaccard index, 0.5 to 1; 0.8 is usual)",
    )
    build.add_argument(
        "--strict", action="store_true", help="stop at the first broken line or file"
    )
    build.add_argument(
        "--engine",
        choices=("local", "ray"),
        default="local",
        help="run in processes of this machine, or as tasks of Ray: on the cluster that RAY_ADDRESS names, or one of this machine "
        "(default: local)",
    )
    build.add_argument(
        "--workers", type=int, default=1, metavar="N", help="number of processes (default: 1)"
    )

    types = actions.add_parser(
        "types", help="label types", description="Label the types of TypeScript sources.", **form
    )
    _add_common(types)
    types.add_argument(
        "--spelling",
        choices=["javascript", "typescript", "both"],
        default="javascript",
        help="leave files as JavaScript (default), as TypeScript that lacks the annotations of what is labelled, or as both",
    )
    types.add_argument(
        "--checker",
        action="store_true",
        help="ask the TypeScript compiler too: the type of what has no annotation, and of every name; takes Node; packages that "
        "are installed in a PATH's node_modules are read, and nothing of it is run",
    )
    types.add_argument(
        "--typescript",
        metavar="DIR",
        help="the npm package typescript 5.9.x, or a folder with it in node_modules (default: looked for in NODE_PATH, "
        "node_modules here and above, and npm's global folder)",
    )

    stats = actions.add_parser(
        "stats", help="count", description="Count what is in a corpus.", **form
    )
    stats.add_argument(
        "paths",
        nargs="+",
        metavar="PATH",
        help="folder of shards, file of JSONL (.gz or not) or parquet, or -",
    )
    stats.add_argument(
        "--strict", action="store_true", help="stop at the first broken line or file"
    )
    stats.add_argument("--json", action="store_true", help="print JSON")

    convert = actions.add_parser(
        "convert",
        help="read CodeSearchNet's pickle",
        description="Write the functions of CodeSearchNet's deduplicated pickle as JSONL. Nothing in a pickle is run: whatever "
        "asks for more than lists, dicts, strings and numbers is refused. The pickle is read twice, as a stream: memory holds a "
        "thousand functions, and what the pickle mentions again later.",
        **form,
    )
    convert.add_argument(
        "pickle", metavar="PICKLE", help="{language}_dedupe_definitions_v2.pkl (.gz or not)"
    )
    convert.add_argument(
        "-o", "--output", required=True, metavar="FILE", help="what to write: .jsonl.gz or .jsonl"
    )
    convert.add_argument(
        "--strict", action="store_true", help="stop at the first item that is no function"
    )
    convert.add_argument("--json", action="store_true", help="print JSON")

    packing.add_actions(actions)

    report = actions.add_parser(
        "report",
        help="draw a page",
        description="Say on one HTML page what is in a corpus: splits, repositories, licences, what was left out and why, how large "
        "the functions are, and their style. The page loads nothing. Each function is parsed, about 4,000 in a second.",
        **form,
    )
    report.add_argument(
        "folder", metavar="DIR", help="a corpus, or a folder or file of CodeSearchNet's rows"
    )
    report.add_argument(
        "-o", "--output", metavar="FILE", help="the page (default: report.html; with --json: none)"
    )
    report.add_argument(
        "--strict", action="store_true", help="stop at the first broken line or file"
    )
    report.add_argument("--json", action="store_true", help="print what is on the page as JSON")


def _add_common(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "paths", nargs="*", metavar="[NAME=]PATH", help="source file, folder, or git directory"
    )
    parser.add_argument(
        "--list", metavar="FILE", help="repositories to read besides, with their commits"
    )
    parser.add_argument(
        "--mirrors", metavar="DIR", help="where the clones of --list are (bare ones will do)"
    )
    parser.add_argument(
        "--fetch-from",
        metavar="URL",
        help="fetch commits of --list that are not in --mirrors from URL/owner/name",
    )
    parser.add_argument(
        "--leave-out",
        default="",
        metavar="PATTERNS",
        help="leave out files that match, as in .gitignore; blanks between",
    )
    parser.add_argument(
        "-o",
        "--output",
        required=True,
        metavar="DIR",
        help="the corpus; an older one there is replaced",
    )
    parser.add_argument(
        "--splits",
        metavar="FILE",
        help='JSON of split to repositories: {"train": ["owner/name", ...], ...}',
    )
    parser.add_argument(
        "--seed", type=int, default=0, metavar="N", help="of the splits of all others (default: 0)"
    )
    parser.add_argument(
        "--shard-rows",
        type=int,
        default=30_000,
        metavar="N",
        help="rows of a full shard (default: 30000)",
    )
    parser.add_argument("--json", action="store_true", help="print the manifest as JSON")


def run(args: argparse.Namespace) -> int:
    """Run one action."""
    own = {
        "build": _build,
        "types": _types,
        "stats": _stats,
        "convert": _convert,
        "report": _report,
    }
    return own[args.action](args) if args.action in own else packing.run(args)


def _places(
    args: argparse.Namespace, languages: Sequence[str], show: Callable[[str, int, int], None]
) -> list[str | Path | Repository]:
    """Return what is to be read: the paths, then the repositories of the list."""
    from contracode.corpus.sources.repository_list import find_listed
    from contracode.support.errors import InputError

    if bool(args.list) != bool(args.mirrors):
        raise InputError(
            "--list and --mirrors go together: a list says what to read, and not where it is"
        )
    if args.fetch_from and not args.list:
        raise InputError("--fetch-from fetches what a --list names; give that too")
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


def _build(args: argparse.Namespace) -> int:
    from contextlib import nullcontext

    from contracode.corpus.build.builder import BuildOptions, build, read_excluded
    from contracode.corpus.build.engine import LocalEngine
    from contracode.corpus.build.ray_engine import ray_engine
    from contracode.corpus.storage.splits import read_splits
    from contracode.support.errors import InputError

    if args.keep_splits and args.splits:
        raise InputError("--keep-splits and --splits exclude each other")
    if args.near_duplicates is not None and not 0.5 <= args.near_duplicates <= 1:
        raise InputError(f"--near-duplicates must be from 0.5 to 1, not {args.near_duplicates:g}")
    options = BuildOptions(
        seed=args.seed,
        splits=read_splits(Path(args.splits)) if args.splits else {},
        keep_splits=args.keep_splits,
        anonymous=args.anonymous,
        excluded=read_excluded(Path(args.exclude_hashes)) if args.exclude_hashes else frozenset(),
        shard_rows=positive("--shard-rows", args.shard_rows),
        strict=args.strict,
        leave_out=tuple(args.leave_out.split()),
        near_duplicates=args.near_duplicates,
    )
    workers = positive("--workers", args.workers)
    problems = 0

    def tell(problem: InputError) -> None:
        nonlocal problems
        problems += 1
        print(f"contracode corpus: {problem}", file=sys.stderr)

    with (
        ray_engine(workers)
        if args.engine == "ray"
        else nullcontext(LocalEngine(workers)) as engine,
        stages() as show,
    ):
        places = _places(args, ("javascript", "typescript", "both"), show)
        manifest = build(
            places, Path(args.output), options, engine=engine, progress=show, on_problem=tell
        )
    _print_manifest(manifest, args, "functions")
    return 1 if problems else 0


def _types(args: argparse.Namespace) -> int:
    from contextlib import nullcontext

    from contracode.corpus.labels.checker import find_checker
    from contracode.corpus.labels.type_corpus import build_types
    from contracode.corpus.storage.splits import read_splits
    from contracode.support.errors import InputError

    if args.typescript and not args.checker:
        raise InputError("--typescript says where the compiler of --checker is; give that too")
    splits = read_splits(Path(args.splits)) if args.splits else {}
    rows = positive("--shard-rows", args.shard_rows)
    with stages() as tell_stage:
        places = _places(args, ("typescript", "both"), tell_stage)
    # A compiler that lies in what is labelled would be code of somebody else.
    foreign = [
        Path(place if Path(place).exists() else place.partition("=")[2]) for place in args.paths
    ]
    foreign += [Path(args.mirrors)] if args.mirrors else []
    compiler = (
        find_checker(Path(args.typescript) if args.typescript else None, foreign=foreign)
        if args.checker
        else None
    )
    with compiler or nullcontext(), _bar("files") as show:
        manifest = build_types(
            places,
            Path(args.output),
            seed=args.seed,
            splits=splits,
            shard_rows=rows,
            leave_out=args.leave_out.split(),
            checker=compiler,
            spelling=args.spelling,
            progress=show,
            on_problem=lambda problem: print(f"contracode corpus: {problem}", file=sys.stderr),
        )
    _print_manifest(manifest, args, "files")
    return 0


def _stats(args: argparse.Namespace) -> int:
    import msgspec

    from contracode.corpus.stats import statistics

    found = statistics(args.paths, strict=args.strict, on_problem=_tell)
    print(json.dumps(msgspec.to_builtins(found)) if args.json else _statistics_text(found))
    return 1 if found.problems else 0


def _convert(args: argparse.Namespace) -> int:
    import msgspec

    from contracode.corpus.storage.convert import convert

    with _bar("functions") as show:
        done = convert(
            Path(args.pickle),
            Path(args.output),
            strict=args.strict,
            on_problem=_tell,
            progress=lambda rows: show(args.pickle, rows),
        )
    if args.json:
        print(json.dumps(msgspec.to_builtins(done)))
    else:
        print(
            f"{args.output}: {done.rows:,} functions; {done.left_out:,} items left out; at most {done.max_kept:,} objects kept for "
            "a later mention"
        )
    return 1 if done.left_out else 0


def _report(args: argparse.Namespace) -> int:
    import msgspec

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
    with _bar("functions") as show:
        found = profile(
            [folder],
            strict=args.strict,
            on_problem=_tell,
            # A redraw for each function would cost more than the function.
            progress=lambda repository, functions: (
                show(repository, functions) if functions % 500 == 0 else None
            ),
        )
    if not found.total:
        raise InputError("has no function to report on", path=folder)
    if output:
        with replacing(Path(output)) as beside:
            beside.write_text(page(folder.resolve().name, found, manifest), "utf-8")
    if args.json:
        known = {"profile": msgspec.to_builtins(found), "manifest": msgspec.to_builtins(manifest)}
        print(json.dumps(known))
    else:
        repositories = "repository" if found.num_repositories == 1 else "repositories"
        print(f"{output}: {found.total:,} functions of {found.num_repositories:,} {repositories}")
    return 1 if found.problems else 0


def _tell(problem: Exception) -> None:
    print(f"contracode corpus: {problem}", file=sys.stderr)


@contextmanager
def _bar(unit: str) -> Iterator[Callable[[str, int], None]]:
    """Show the repository that is read and what was kept so far; yields what to call with both."""
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    console = Console(stderr=True)
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as progress:
        task = progress.add_task("looking for sources")
        yield lambda repository, rows: progress.update(
            task, description=f"{repository}: {rows:,} {unit} kept"
        )


def _print_manifest(manifest: Manifest, args: argparse.Namespace, unit: str) -> None:
    import msgspec

    if args.json:
        print(json.dumps(msgspec.to_builtins(manifest)))
        return
    num_repositories = sum(bool(source.split) for source in manifest.sources)
    of_them = f" of {num_repositories} {'repository' if num_repositories == 1 else 'repositories'}"
    lines = [
        f"{args.output}: {sum(manifest.rows.values()):,} {unit} from {manifest.files:,} files"
        f"{of_them if num_repositories else ''}",
        *_section("split", manifest.rows),
        *_section("labels", manifest.labels),
        *_section("written types whose label by the compiler is", manifest.agreement),
        *_section("files left out", manifest.files_left_out),
        *_section(
            "functions left out" if manifest.kind == "functions" else "left without a label",
            manifest.rows_left_out,
        ),
        *_section("licence files", _licences(manifest)),
        *_section(f"{unit} by source", {_with_split(s): s.rows for s in manifest.sources}),
    ]
    print("\n".join(lines))
    if (
        manifest.kind == "functions"
        and any(manifest.rows.values())
        and not manifest.rows.get("train")
    ):
        print(
            "contracode corpus: nothing is in the split train, as repositories go whole into one by their names; add some, or give "
            "--splits",
            file=sys.stderr,
        )


def _with_split(source: SourceFacts) -> str:
    return f"{source.name} ({source.split})" if source.split else source.name


def _licences(manifest: Manifest) -> dict[str, int]:
    found: dict[str, int] = {}
    for source in (source for source in manifest.sources if source.split):
        found[source.licence or "none found"] = found.get(source.licence or "none found", 0) + 1
    return found


def _section(title: str, counts: dict[str, int]) -> list[str]:
    if not counts:
        return []
    width = max(len(f"{count:,}") for count in counts.values())
    return [f"{title}:", *(f"  {count:>{width},}  {name}" for name, count in counts.items())]


def _statistics_text(found: Statistics) -> str:
    total = sum(found.functions.values())
    lines = [
        f"{total:,} functions, {found.documented:,} with documentation, {found.anonymous:,} without a name",
        *_section(
            "functions by split",
            {split or "none given": count for split, count in found.functions.items()},
        ),
        *_section(
            "repositories by split",
            {split or "none given": count for split, count in found.repositories.items()},
        ),
        *_section("tokens of a function, quantiles", found.tokens),
        *_section(
            "functions by licence file",
            {name or "none found": count for name, count in found.licences.items()},
        ),
    ]
    if found.problems:
        lines.append(f"{found.problems:,} broken lines or files were left out")
    return "\n".join(lines)
