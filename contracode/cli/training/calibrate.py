"""Choose the confidence from which a model shows types, by what it answers on labelled files.

The lowest threshold is taken at which so many of the shown types are right, or the highest at which
so many are shown; it is written into the model's config.json, where hints, annotate and evaluate
find it. Use files that the model did not learn from: your own project has other habits than those
it was calibrated on. Of sources labelled by `corpus types` the split valid is taken, all of them
where none is split.
"""

from __future__ import annotations

import argparse

EXAMPLES = """\
examples:
  contracode calibrate models/mine --data labels
  contracode calibrate models/mine --data ~/code/project --precision 0.95     fewer hints, and hardly a wrong one
  contracode calibrate models/mine --data labels --coverage 0.3                a hint for three of ten annotations, the surest
  contracode calibrate models/mine --data labels --labels all --dry-run       only say what it would be
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of the verb."""
    parser.add_argument(
        "model",
        metavar="MODEL",
        help="inference folder with a type head; its config.json is changed",
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
        help="share of shown types that is to be right (default: 0.9)",
    )
    wanted.add_argument(
        "--coverage", type=float, metavar="P", help="or share of all types that is to be shown"
    )
    parser.add_argument(
        "--labels",
        choices=["written", "all"],
        default="written",
        help="annotations that authors wrote, or also what the compiler inferred (default: written)",
    )
    parser.add_argument(
        "--spelling",
        choices=["javascript", "typescript", "both"],
        default="both",
        help="leave TypeScript without its annotations, as JavaScript, or as both (default: both)",
    )
    parser.add_argument("--dry-run", action="store_true", help="leave the model as it is")
    parser.add_argument(
        "--threads", type=int, default=1, metavar="N", help="threads for the model (default: 1)"
    )
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(args: argparse.Namespace) -> int:
    """Calibrate, and print what was chosen."""
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
            f"{model.folder}: threshold {found.threshold:.3f} (before {before:.3f}): of {found.labels} types "
            f"{100 * found.coverage:.1f} % are shown, {100 * found.precision:.1f} % of these right"
        )
    return 0
