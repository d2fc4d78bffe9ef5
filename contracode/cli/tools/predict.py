"""Predict types or names for source files, or the answers of another installed head.

`types` prints the source with the predicted types at the places where an editor shows them; `name`
prints candidate names for each function, predicted from its body.
"""

from __future__ import annotations

import argparse
import json
import sys
from typing import TYPE_CHECKING, Any

from contracode.cli import options

if TYPE_CHECKING:
    from collections.abc import Iterator

    from augment import Language
    from contracode.inference.types.answers import TypeAnswers

EXAMPLES = """\
examples:
  contracode predict types app.js                   the source with types drawn in place
  contracode predict types app.js --threshold 0.3   show less certain types as well
  contracode predict types app.js --json --top 5    every variable with its ranked types
  contracode predict name src                       names for the functions of every file

With several files, each part of the output has a heading, and --json prints an object of file to
predictions.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of the verb."""
    parser.add_argument(
        "head", metavar="HEAD", help="what to predict: types, name, or another head of the model"
    )
    options.add_sources(parser, nargs="+")
    options.add_language(parser)
    parser.add_argument(
        "--top",
        type=options.positive,
        default=3,
        metavar="N",
        help="candidates per prediction (default: 3)",
    )
    parser.add_argument(
        "--threshold",
        type=options.share,
        metavar="P",
        help="minimum probability of a drawn type (default: from the model)",
    )
    options.add_model(parser)
    options.add_json(parser)


def run(args: argparse.Namespace) -> int:
    """Predict and print."""
    import augment
    from contracode.cli.sources import read_sources
    from contracode.inference.head_spec import find_head, resolve
    from contracode.inference.model import load
    from contracode.support.errors import InputError

    spec = find_head(args.head)
    sources = list(read_sources(args.files, language=args.language, on_problem=_report))
    answers = load(args.model, threads=args.threads).head(spec.name)
    found: dict[str, list[dict[str, Any]]] = {}
    for source in sources:
        if len(sources) > 1 and not args.json:
            print(f"==> {source.name} <==")
        try:
            if spec.text is not None and not args.json:
                parts = resolve(spec.text)(answers, source.text, source.language, args)
                sys.stdout.writelines(parts)
                continue
            records = answers.records(source.text, language=source.language, top=args.top)
        except augment.ParseError as error:
            raise InputError(error.message, path=source.name, line=error.line) from None
        if args.json:
            found[source.name] = records
        else:
            print("".join(f"{_line(record)}\n" for record in records), end="")
    if args.json:
        single = args.files == list(found)
        printed = found[args.files[0]] if single else found
        print(json.dumps(printed, indent=2, ensure_ascii=False))
    return 0


def drawn_types(
    answers: TypeAnswers, source: str, language: Language, args: argparse.Namespace
) -> Iterator[str]:
    """Yield a source with the predicted types in place, coloured on a terminal.

    Raises:
        augment.ParseError: the source does not parse.
    """
    import augment
    from contracode.products.annotate.draw_hints import draw, placed, shown

    program = augment.parse(source, language=language)
    found = answers.predict(source, program, top=args.top)
    threshold = answers.section.threshold if args.threshold is None else args.threshold
    colour = sys.stdout.isatty()
    for part in draw(source, placed(shown(found, threshold), found)):
        predicted = colour and part.probability is not None
        yield f"\x1b[36m{part.text}\x1b[0m" if predicted else part.text


def _report(problem: Exception) -> None:
    print(f"contracode predict: {problem}", file=sys.stderr)


def _line(record: dict[str, Any]) -> str:
    candidates = (
        f"{next(iter(one.values()))} {one['probability']:.0%}" for one in record["candidates"]
    )
    return f"{record['line']:6}  {record['name']}: {', '.join(candidates)}"
