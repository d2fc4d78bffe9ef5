"""Predict types or names for a file, or what another installed head predicts.

`types` prints the source with the predicted types drawn in place, as an editor would; `name` prints
names for each function, predicted from its body alone.
"""

from __future__ import annotations

import argparse
import json
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from augment import Language
    from contracode.inference.types.answers import TypeAnswers

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
        "head",
        metavar="HEAD",
        help="what to predict: types, name, or another head of the model; names come with their "
        "own probability, ranked by agreement among the candidates",
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
    from contracode.inference.head_spec import find_head, resolve
    from contracode.inference.model import load
    from contracode.support.errors import InputError

    positive("--top", args.top)
    if args.threshold is not None and not 0 <= args.threshold <= 1:
        raise InputError(f"--threshold must be from 0 to 1, not {args.threshold}")
    spec = find_head(args.head)
    source = read_source(args.file)
    language = args.language or language_of(args.file)
    answers = load(args.model, threads=args.threads).head(spec.name)
    try:
        if spec.text is not None and not args.json:
            for text in resolve(spec.text)(answers, source, language, args):
                sys.stdout.write(text)
            return 0
        records = answers.records(source, language=language, top=args.top)
    except augment.ParseError as error:
        raise InputError(error.message, path=args.file, line=error.line) from None
    if args.json:
        print(json.dumps(records, indent=2, ensure_ascii=False))
    else:
        for record in records:
            print(_line(record))
    return 0


def drawn_types(
    answers: TypeAnswers, source: str, language: Language, args: argparse.Namespace
) -> Iterator[str]:
    """Yield a source with the predicted types in place, colored on a terminal.

    Raises:
        augment.ParseError: the source does not parse.
    """
    import augment
    from contracode.products.annotate.draw_hints import draw, placed, shown

    program = augment.parse(source, language=language)
    found = answers.predict(source, program, top=args.top)
    threshold = answers.section.threshold if args.threshold is None else args.threshold
    color = sys.stdout.isatty()
    for part in draw(source, placed(shown(found, threshold), found)):
        predicted = color and part.probability is not None
        yield f"\x1b[36m{part.text}\x1b[0m" if predicted else part.text


def _line(record: dict[str, Any]) -> str:
    candidates = (
        f"{next(iter(one.values()))} {one['probability']:.0%}" for one in record["candidates"]
    )
    return f"{record['line']:6}  {record['name']}: {', '.join(candidates)}"
