"""Predict types or names for a file.

`types` prints the source with the predicted types drawn in place, as an editor would; `name` prints
names for each function, predicted from its body alone.
"""

from __future__ import annotations

import argparse
import json
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from augment import Language
    from contracode.inference.model import Model
    from contracode.javascript.records import TypePrediction

EXAMPLES = """\
examples:
  contracode predict types app.js                   the source with types drawn in place
  contracode predict types app.js --threshold 0.3   show less certain ones too
  contracode predict types app.js --json --top 5    every name with its ranked types
  contracode predict name app.js                    names for the functions of app.js
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of the verb."""
    parser.add_argument(
        "what",
        choices=["types", "name"],
        help="what to predict; names come with their own probability, and first is the one that shares most words with all the others",
    )
    parser.add_argument("file", metavar="FILE", help="source file; - reads standard input")
    parser.add_argument(
        "--model", metavar="DIR", help="inference folder (default: editor, which ships)"
    )
    parser.add_argument(
        "--language",
        choices=["javascript", "typescript", "tsx"],
        help="default: by the file's suffix",
    )
    parser.add_argument(
        "--top", type=int, default=3, metavar="N", help="candidates for each (default: 3)"
    )
    parser.add_argument(
        "--threshold",
        type=float,
        metavar="P",
        help="least probability of a type that is drawn (default: the model's)",
    )
    parser.add_argument(
        "--threads", type=int, default=1, metavar="N", help="threads for the model (default: 1)"
    )
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(args: argparse.Namespace) -> int:
    """Predict and print."""
    import augment
    from contracode.cli.progress import positive
    from contracode.cli.sources import language_of, read_source
    from contracode.inference.model import load
    from contracode.support.errors import InputError

    positive("--top", args.top)
    if args.threshold is not None and not 0 <= args.threshold <= 1:
        raise InputError(f"--threshold must be from 0 to 1, not {args.threshold}")
    source = read_source(args.file)
    language = args.language or language_of(args.file)
    model = load(args.model, threads=args.threads)
    predict = _types if args.what == "types" else _names
    try:
        predict(args, model, source, language)
    except augment.ParseError as error:
        raise InputError(error.message, path=args.file, line=error.line) from None
    return 0


def _types(args: argparse.Namespace, model: Model, source: str, language: Language) -> None:
    from contracode.products.annotate.draw_hints import draw, placed, shown
    from contracode.support.errors import InputError

    if not model.metadata.types:
        raise InputError("the model has no type head")
    found = model.predict_types(source, language=language, top=args.top)
    if args.json:
        print(
            json.dumps(
                [_type_record(source, prediction) for prediction in found],
                indent=2,
                ensure_ascii=False,
            )
        )
        return
    threshold = model.metadata.threshold if args.threshold is None else args.threshold
    color = sys.stdout.isatty()
    for part in draw(source, placed(shown(found, threshold), found)):
        sys.stdout.write(
            f"\x1b[36m{part.text}\x1b[0m" if color and part.probability is not None else part.text
        )


def _type_record(source: str, prediction: TypePrediction) -> dict[str, object]:
    before = source.encode()[: prediction.span[0]].decode()
    return {
        "kind": prediction.kind,
        "name": prediction.name,
        "line": before.count("\n") + 1,
        "column": len(before) - before.rfind("\n"),
        "span": prediction.span,
        "hint_offset": prediction.hint_offset,
        "written": prediction.written,
        "obvious": prediction.obvious,
        "candidates": [
            {"type": c.type, "probability": round(c.probability, 6)} for c in prediction.candidates
        ],
    }


def _names(args: argparse.Namespace, model: Model, source: str, language: Language) -> None:
    import augment
    from contracode.support.errors import InputError

    if not model.metadata.predicts_names:
        raise InputError("the model has no name decoder")
    program = augment.parse(source, language=language)
    records: list[dict[str, object]] = []
    for function in program.functions:
        if function.name is None:
            continue
        found = model.predict_name(program, top=args.top, function=function.node.span)
        line = program.source.count(b"\n", 0, function.node.start) + 1
        candidates = [{"name": c.name, "probability": round(c.probability, 6)} for c in found]
        records.append(
            {
                "name": function.name,
                "line": line,
                "span": function.node.span,
                "candidates": candidates,
            }
        )
        if not args.json:
            print(
                f"{line:6}  {function.name}: "
                + ", ".join(f"{c.name} {c.probability:.0%}" for c in found)
            )
    if args.json:
        print(json.dumps(records, indent=2, ensure_ascii=False))
