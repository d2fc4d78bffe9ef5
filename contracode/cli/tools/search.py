"""Find functions of a workspace by example or by words.

`index` updates the index of a folder: functions of at least ten tokens that are new or have changed
are embedded. The index is stored in your cache folder, not in the workspace. `similar` and `text`
update it first. Files that .gitignore excludes and vendored, generated and minified files are
ignored.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from contracode.cli import options

if TYPE_CHECKING:
    from augment import Language
    from contracode.inference.model import Model
    from contracode.products.search.functions import IndexedFunction
    from contracode.products.search.index import FunctionLocation, Index, IndexReport
    from contracode.products.search.ranking import SearchHit

EXAMPLES = """\
examples:
  contracode search index .                        create or update the index of this folder
  contracode search similar src/parse.js:120       similar functions in the same project
  contracode search similar - --in src < new.js    functions similar to the first of standard input
  contracode search text "parse a date" --in src   functions that contain these words
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of the verb."""
    parser.add_argument("what", choices=["index", "similar", "text"], help="what to do")
    parser.add_argument(
        "query",
        metavar="PATH|FILE:LINE|QUERY",
        help="index: the folder; similar: the place of a function, or - for standard input; text: "
        "the words",
    )
    parser.add_argument(
        "--in",
        dest="root",
        metavar="DIR",
        help="folder to search (default: the project of FILE, or the current folder)",
    )
    parser.add_argument(
        "--top",
        type=options.positive,
        default=10,
        metavar="N",
        help="functions to show (default: 10)",
    )
    add_index_arguments(parser)
    options.add_json(parser)


def add_index_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of verbs that open an index."""
    parser.add_argument(
        "--index", metavar="FILE", help="file of the index (default: in your cache folder)"
    )
    options.add_model(parser)


def run(args: argparse.Namespace) -> int:
    """Search and print."""
    {"index": _index, "similar": _similar, "text": _text}[args.what](args)
    return 0


def open_index(
    args: argparse.Namespace, root: Path, model: Model, report: IndexReport | None = None
) -> Index:
    """Update the index of a folder; progress and unreadable files are reported on stderr."""
    from contracode.cli.progress import bar
    from contracode.products.search.index import run
    from contracode.products.search.store import refresh
    from contracode.support.atomic_files import output_file

    path = output_file(args.index) if args.index else None
    problems: list[str] = []
    with bar("indexing") as show:
        steps = refresh(
            root,
            model,
            path=path,
            report=report,
            on_problem=lambda problem: problems.append(str(problem)),
        )
        index = run(
            steps, lambda progress: show(progress.done, progress.total) if progress.total else None
        )
    for problem in problems:
        print(problem, file=sys.stderr)
    return index


def project_of(path: Path) -> Path:
    """Return the nearest folder above a file with a `.git` or a `package.json`; without one, the
    folder of the file.
    """
    parents = path.resolve().parents
    marked = (
        folder
        for folder in parents
        if (folder / ".git").exists() or (folder / "package.json").exists()
    )
    return next(marked, parents[0])


def _index(args: argparse.Namespace) -> None:
    from contracode.inference.model import load
    from contracode.products.search.index import IndexReport
    from contracode.products.search.store import cached_path

    root, report = Path(args.query), IndexReport()
    model = load(args.model, threads=args.threads)
    index = open_index(args, root, model, report)
    place = args.index or cached_path(root, model.fingerprint)
    summary = {
        "root": str(root.resolve()),
        "index": str(place),
        "files": len(index.files),
        "functions": len(index),
        "embedded": report.embedded,
        "left_out": dict(sorted(report.left_out.items())),
    }
    if args.json:
        print(json.dumps(summary, ensure_ascii=False))
        return
    print(f"{root}: {len(index)} functions in {len(index.files)} files, {report.embedded} embedded")
    print(f"  index: {place}")
    for reason, number in sorted(report.left_out.items()):
        print(f"  left out: {number} {reason}")


def _similar(args: argparse.Namespace) -> None:
    from contracode.inference.model import load
    from contracode.products.search.ranking import nearest

    path, function, text, language = _function(args.query)
    root = Path(args.root) if args.root else project_of(path) if path is not None else Path.cwd()
    model = load(args.model, threads=args.threads)
    index = open_index(args, root, model)

    def wanted(place: FunctionLocation) -> bool:
        """Whether a place neither contains the function nor lies in it."""
        other = place.function
        apart = other.end <= function.start or function.end <= other.start
        return apart or path is None or (root / place.path).resolve() != path.resolve()

    (vector_D,) = model.embed([text], language=language, use_names=False)
    found = nearest(index, vector_D, function.sketch, args.top, wanted=wanted)
    _print(args, root, found, "likeness")


def _text(args: argparse.Namespace) -> None:
    from contracode.inference.bag_model import load_bags
    from contracode.inference.model import load
    from contracode.products.search.ranking import by_text

    root = Path(args.root) if args.root else Path.cwd()
    index = open_index(args, root, load(args.model, threads=args.threads))
    _print(args, root, by_text(index, args.query, args.top, load_bags()), "score")


def _function(query: str) -> tuple[Path | None, IndexedFunction, str, Language]:
    """Find the function of a query: the innermost around FILE:LINE, or the first for `-`.

    Returns:
        Its file (None for standard input), the function, its text and its language.

    Raises:
        InputError: there is no function, or it is too short to compare.
    """
    from collections import Counter

    import augment
    from contracode.cli.sources import read_source
    from contracode.javascript.languages import language_of
    from contracode.products.search.functions import functions_of
    from contracode.support.errors import InputError

    name, _, number = query.rpartition(":") if query != "-" else ("-", "", "0")
    if not name or not number.isdigit():
        raise InputError(f"not of the form FILE:LINE: {query}")
    line, language = int(number), language_of(name)
    if name != "-" and not line:
        raise InputError(f"lines count from 1: {query}")
    left_out: Counter[str] = Counter()
    try:
        found = list(functions_of(read_source(name).encode(), language, left_out))
    except augment.ParseError as error:
        raise InputError(error.message, path=name, line=error.line) from None
    around = (
        found[:1]
        if name == "-"
        else [one for one in found if one[0].line <= line <= one[0].end_line]
    )
    if not around:
        reasons = ", ".join(f"{number} {reason}" for reason, number in left_out.items())
        message = "there is no function to compare" + (f"; left out: {reasons}" if reasons else "")
        raise InputError(message, path=name, line=line or None)
    function, text = min(around, key=lambda one: one[0].end - one[0].start)
    return (None if name == "-" else Path(name)), function, text, language


def _print(args: argparse.Namespace, root: Path, found: list[SearchHit], what: str) -> None:
    if args.json:
        records = [
            {
                "file": str(root / place.path),
                "line": place.function.line,
                "end_line": place.function.end_line,
                "name": place.function.name or None,
                what: round(score, 3),
            }
            for place, score in found
        ]
        print(json.dumps(records, indent=2, ensure_ascii=False))
        return
    for place, score in found:
        name = place.function.name or "(anonymous)"
        print(f"{root / place.path}:{place.function.line}: {name}  {score:.2f}")
