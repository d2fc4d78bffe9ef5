"""Choose the confidence at which a model shows types, from its answers on labelled files.

The threshold is the lowest at which the shown types reach a precision, or the highest at which they
reach a coverage. It is written to the model's config.json, which hints, annotate and evaluate read.
Use files that the model was not trained on, such as your own project. From a corpus of
`corpus types`, the split valid is used, or all files if there are no splits.
"""

from __future__ import annotations

import argparse

from contracode.cli import options

EXAMPLES = """\
examples:
  contracode calibrate models/mine --data labels
  contracode calibrate models/mine --data ~/code/project --precision 0.95  few wrong hints
  contracode calibrate models/mine --data labels --coverage 0.3            the surest 30 %
  contracode calibrate models/mine --data labels --labels all --dry-run    print the threshold only
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of the verb."""
    parser.add_argument(
        "model",
        metavar="MODEL",
        help="model folder with a type head, whose config.json is changed",
    )
    parser.add_argument(
        "--data",
        nargs="+",
        required=True,
        metavar="DATA",
        help="TypeScript, or JSON lines of `corpus types`",
    )
    wanted = parser.add_mutually_exclusive_group()
    wanted.add_argument(
        "--precision",
        type=float,
        metavar="P",
        help="share of the shown types that are right (default: 0.9)",
    )
    wanted.add_argument(
        "--coverage", type=float, metavar="P", help="share of all types that are shown"
    )
    options.add_labels(parser)
    options.add_spelling(parser, default="both")
    parser.add_argument("--dry-run", action="store_true", help="do not change the model")
    options.add_threads(parser)
    options.add_json(parser)


def run(args: argparse.Namespace) -> int:
    """Calibrate, and print the threshold."""
    import json
    from dataclasses import asdict

    import msgspec

    from contracode.cli.progress import bar
    from contracode.corpus.labels.datasets import read_typed, written
    from contracode.evaluate.labels.calibration import calibrate
    from contracode.inference.heads.types import TypeSection
    from contracode.inference.model import load
    from contracode.inference.model_folder import write_manifest
    from contracode.support.errors import InputError

    precision = 0.9 if args.precision is None and args.coverage is None else args.precision
    for option, share in (("--precision", precision), ("--coverage", args.coverage)):
        if share is not None and not 0 < share < 1:
            raise InputError(f"{option} {share} is not between 0 and 1")
    model = load(args.model, threads=args.threads)
    files = read_typed(args.data, spelling=args.spelling)
    files = [file for file in files if file.partition == "valid"] or files
    if args.labels == "written":
        files = written(files)
    with bar("files") as progress:
        found = calibrate(
            model, files, precision=precision, coverage=args.coverage, progress=progress
        )
    head = model.manifest.heads["types"]
    assert isinstance(head, TypeSection)
    before = head.threshold
    if not args.dry_run:
        chosen = msgspec.structs.replace(
            head, threshold=found.threshold, precision=found.precision, coverage=found.coverage
        )
        heads = model.manifest.heads | {"types": chosen}
        write_manifest(msgspec.structs.replace(model.manifest, heads=heads), model.folder)
    if args.json:
        print(json.dumps({"before": before, **asdict(found)}))
    else:
        print(
            f"{model.folder}: threshold {found.threshold:.3f} (was {before:.3f}) shows "
            f"{100 * found.coverage:.1f} % of {found.labels} types, {100 * found.precision:.1f} % "
            "of them right"
        )
    return 0
