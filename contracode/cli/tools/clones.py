"""Report functions of a folder that are alike: copies, copies with other names, and what the model
holds to be alike.

A group holds functions that are like its first one: likeness is the mean of the cosine similarity
of the embeddings and of the share of token runs that both have, local names aside. What .gitignore
files name, and vendored, generated and minified files, are left out.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from contracode.products.search.clones import CloneGroup

EXAMPLES = """\
examples:
  contracode clones .                                   groups of alike functions, most repetition first
  contracode clones src --threshold 1 --min-tokens 60   copies alone, of at least 60 tokens
  contracode clones src --html -o clones.html           a page with the functions side by side
  contracode clones . --sarif --fail-over 0 > c.sarif   for a code scanner; exit code 1 if there is any

exit codes: 0 all went well, 1 more groups than --fail-over allows, 2 bad input
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of the verb."""
    from contracode.cli.tools.search import add_index_arguments

    parser.add_argument("folder", metavar="PATH", help="folder of sources")
    parser.add_argument(
        "--threshold",
        type=float,
        metavar="S",
        help="least likeness to the first of a group, 0 to 1 (default: 0.75)",
    )
    parser.add_argument(
        "--min-tokens", type=int, metavar="N", help="of the functions compared (default: 40)"
    )
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="print JSON")
    form.add_argument("--sarif", action="store_true", help="print a SARIF log")
    form.add_argument("--html", action="store_true", help="print a page")
    parser.add_argument("-o", "--output", metavar="FILE", help="write there instead")
    parser.add_argument(
        "--fail-over", type=int, metavar="N", help="exit with 1 if there are more groups than this"
    )
    add_index_arguments(parser)


def run(args: argparse.Namespace) -> int:
    """Compare and report."""
    from contracode.cli.progress import bar, positive
    from contracode.cli.tools.search import open_index
    from contracode.inference.model import load
    from contracode.products.search.clones import MIN_TOKENS, THRESHOLD, clones
    from contracode.support.atomic_files import output_file, replacing
    from contracode.support.errors import InputError

    threshold = THRESHOLD if args.threshold is None else args.threshold
    if not 0 < threshold <= 1:
        raise InputError(f"--threshold must be over 0 and at most 1, not {threshold}")
    if args.fail_over is not None and args.fail_over < 0:
        raise InputError(f"--fail-over must be at least 0, not {args.fail_over}")
    min_tokens = positive(
        "--min-tokens", MIN_TOKENS if args.min_tokens is None else args.min_tokens
    )
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
        print(
            f"contracode clones: {len(groups)} groups, more than {args.fail_over}", file=sys.stderr
        )
        return 1
    return 0


def _report(args: argparse.Namespace, root: Path, groups: list[CloneGroup], functions: int) -> str:
    from contracode.products.search.clone_reports import as_json, as_lines, as_sarif

    if args.html:
        from contracode.products.search.clone_page import page

        return page(root, groups, functions)
    if args.sarif:
        return as_sarif(root, groups) + "\n"
    return (
        as_json(root, groups) + "\n"
        if args.json
        else "".join(f"{line}\n" for line in as_lines(root, groups))
    )
