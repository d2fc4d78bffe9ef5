"""Find functions of a workspace by what they do, or by words.

`index` brings the index of a folder up to date: every function of at least ten tokens is embedded
once, and again when it changes. It is kept in your cache folder, never in the workspace. `similar`
and `text` bring it up to date first. What .gitignore files name, and vendored, generated and
minified files, are left out.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from augment import Language
    from contracode.inference.model import Model
    from contracode.products.search.functions import IndexedFunction
    from contracode.products.search.index import FunctionLocation, Index, IndexReport
    from contracode.products.search.ranking import SearchHit

EXAMPLES = """\
examples:
  contracode search index .                        make or update the index of this folder
  contracode search similar src/parse.js:120       functions like the one at this line, in its project
  contracode search similar - --in src < new.js    functions like the first of standard input
  contracode search text "parse a date" --in src   functions that have these words, the rarest first
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of the verb."""
    parser.add_argument("what", choices=["index", "similar", "text"], help="what to do")
    parser.add_argument(
        "query",
        metavar="PATH|FILE:LINE|QUERY",
        help="folder to index; place of a function, or -; words",
    )
    parser.add_argument(
        "--in",
        dest="root",
        metavar="DIR",
        help="folder to look in (default: the project around FILE; the current one)",
    )
    parser.add_argument(
        "--top", type=int, default=10, metavar="N", help="functions shown (default: 10)"
    )
    add_index_arguments(parser)
    parser.add_argument("--json", action="store_true", help="print JSON")


def add_index_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of verbs that open an index."""
    parser.add_argument(
        "--index", metavar="FILE", help="keep the index here (default: in your cache folder)"
    )
    parser.add_argument(
        "--model",
        metavar="DIR",
        help="inference folder, or editor or search, which ship (default: editor)",
    )
    parser.add_argument(
        "--threads", type=int, default=1, metavar="N", help="threads for the model (default: 1)"
    )


def run(args: argparse.Namespace) -> int:
    """Search and print."""
    from contracode.cli.progress import positive

    positive("--top", args.top)
    {"index": _index, "similar": _similar, "text": _text}[args.what](args)
    return 0


def open_index(
    args: argparse.Namespace, root: Path, model: Model, report: IndexReport | None = None
) -> Index:
    """Bring the index of a folder up to date, with a bar on stderr; files that cannot be read are
    named there.
    """
    import sys

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
    """Return the folder above a file that has a `.git` or a `package.json`, the nearest; else the
    file's own.
    """
    parents = path.resolve().parents
    return next(
        (
            folder
            for folder in parents
            if (folder / ".git").exists() or (folder / "package.json").exists()
        ),
        parents[0],
    )


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
    print(
        f"{root}: {len(index)} functions of {len(index.files)} files, {report.embedded} of them embedded now; kept in {place}"
    )
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
        """Not the function itself, nor what is in it or around it."""
        other = place.function
        apart = other.end <= function.start or function.end <= other.start
        return apart or path is None or (root / place.path).resolve() != path.resolve()

    (vector_D,) = model.embed([text], language=language, use_names=False)
    _print(
        args, root, nearest(index, vector_D, function.sketch, args.top, wanted=wanted), "likeness"
    )


def _text(args: argparse.Namespace) -> None:
    from contracode.inference.model import load
    from contracode.products.search.ranking import by_words

    root = Path(args.root) if args.root else Path.cwd()
    index = open_index(args, root, load(args.model, threads=args.threads))
    _print(args, root, by_words(index, args.query, args.top), "score")


def _function(query: str) -> tuple[Path | None, IndexedFunction, str, Language]:
    """Return file, function, its text and language for FILE:LINE, the innermost around the line;
    the first one for `-`.

    Raises:
        InputError: there is none, or it is too short to be compared.
    """
    from collections import Counter

    import augment
    from contracode.cli.sources import language_of, read_source
    from contracode.products.search.functions import functions_of
    from contracode.support.errors import InputError

    name, _, number = query.rpartition(":") if query != "-" else ("-", "", "0")
    if not name or not number.isdigit():
        raise InputError(f"give FILE:LINE, not {query}")
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
        short = (
            f"; left out: {', '.join(f'{number} {reason}' for reason, number in left_out.items())}"
            if left_out
            else ""
        )
        raise InputError(
            f"no function that can be compared is there{short}", path=name, line=line or None
        )
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
        print(
            f"{root / place.path}:{place.function.line}: {place.function.name or '(anonymous)'}  {score:.2f}"
        )
