"""Report groups of similar functions in a folder: copies, renamed copies, and functions that the
model considers similar.

The functions of a group are similar to its first one. Likeness is the mean of two values: the
cosine similarity of the embeddings, and the share of common token runs, with local names ignored.
Files that .gitignore excludes and vendored, generated and minified files are ignored.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from contracode.cli import options

if TYPE_CHECKING:
    from contracode.products.search.clones import CloneGroup

EXAMPLES = """\
examples:
  contracode clones .                                   similar functions, most repetition first
  contracode clones src --threshold 1 --min-tokens 60   exact copies of at least 60 tokens
  contracode clones src --html -o clones.html           a page with the functions side by side
  contracode clones . --sarif --fail-over 0 > c.sarif   for a code scanner; fails if there is any

exit codes: 0 success, 1 more groups than --fail-over allows, 2 bad input
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of the verb."""
    from contracode.cli.tools.search import add_index_arguments

    parser.add_argument("folder", metavar="PATH", help="folder of sources")
    parser.add_argument(
        "--threshold",
        type=float,
        metavar="S",
        help="minimum likeness to the first function of a group, 0 to 1 (default: 0.75)",
    )
    parser.add_argument(
        "--min-tokens",
        type=options.positive,
        metavar="N",
        help="minimum size of a function (default: 40)",
    )
    form = parser.add_mutually_exclusive_group()
    options.add_json(form)
    form.add_argument("--sarif", action="store_true", help="print a SARIF log")
    form.add_argument("--html", action="store_true", help="print a page")
    options.add_output(parser, "write to this file")
    parser.add_argument(
        "--fail-over",
        type=options.natural,
        metavar="N",
        help="exit with 1 if there are more groups than this",
    )
    add_index_arguments(parser)


def run(args: argparse.Namespace) -> int:
    """Compare and report."""
    from contracode.cli.progress import bar
    from contracode.cli.tools.search import open_index
    from contracode.inference.model import load
    from contracode.products.search.clones import MIN_TOKENS, THRESHOLD, clones
    from contracode.support.atomic_files import output_file, replacing
    from contracode.support.errors import InputError

    threshold = THRESHOLD if args.threshold is None else args.threshold
    if not 0 < threshold <= 1:
        raise InputError(f"--threshold must be above 0 and at most 1, not {threshold}")
    min_tokens = args.min_tokens or MIN_TOKENS
    root = Path(args.folder)
    output = output_file(args.output) if args.output else None
    index = open_index(args, root, load(args.model, threads=args.threads))
    with bar("comparing") as progress:
        groups = clones(index, threshold=threshold, min_tokens=min_tokens, progress=progress)
    text = _report(args, root, groups, len(index))
    if output is not None:
        with replacing(output) as beside:
            beside.write_text(text, "utf-8")
    else:
        sys.stdout.write(text)
    if args.fail_over is not None and len(groups) > args.fail_over:
        message = f"{len(groups)} groups, more than {args.fail_over}"
        print(f"contracode clones: {message}", file=sys.stderr)
        return 1
    return 0


def _report(args: argparse.Namespace, root: Path, groups: list[CloneGroup], functions: int) -> str:
    from contracode.products.search.clone_reports import as_json, as_lines, as_sarif

    if args.html:
        from contracode.products.search.clone_page import page

        return page(root, groups, functions)
    if args.sarif:
        return as_sarif(root, groups) + "\n"
    if args.json:
        return as_json(root, groups) + "\n"
    return "".join(f"{line}\n" for line in as_lines(root, groups))
