"""Write embeddings of files, of their functions, or of a field of JSONL records.

The output is a float32 array in NumPy's format with one row of unit norm per item, in input order.
With --functions, OUT.jsonl lists the function of each row.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from contracode.cli import options

if TYPE_CHECKING:
    import numpy as np

    from augment import Language
    from contracode.inference.model import Model

EXAMPLES = """\
examples:
  contracode embed src -o files.npy                            one vector per file of src
  contracode embed 'src/**/*.js' --functions -o functions.npy  one per function; functions.jsonl
                                                               lists them
  contracode embed src --no-names -o structure.npy             ignore names: finds renamed copies
  contracode embed --jsonl corpus.jsonl --field code -o f.npy  one per record
"""

Rows = tuple["np.ndarray", list[dict[str, object]] | None]
"""Vectors, and the listing of their functions if there is one."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of the verb."""
    options.add_sources(parser)
    parser.add_argument("--jsonl", metavar="IN", help="embed a field of the records of this file")
    parser.add_argument(
        "--field", default="code", metavar="NAME", help="field to embed (default: code)"
    )
    options.add_output(parser, "file of the vectors", metavar="OUT.npy", required=True)
    parser.add_argument("--functions", action="store_true", help="embed each function by itself")
    parser.add_argument("--no-names", action="store_true", help="ignore identifiers")
    options.add_model(parser)
    parser.add_argument(
        "--batch-size",
        type=options.positive,
        default=32,
        metavar="N",
        help="sources per batch (default: 32)",
    )
    options.add_json(parser, "print a summary as JSON")


def run(args: argparse.Namespace) -> int:
    """Embed and write."""
    from contracode.cli.progress import bar
    from contracode.inference.model import load
    from contracode.support.atomic_files import output_file
    from contracode.support.errors import InputError

    if bool(args.files) == bool(args.jsonl):
        raise InputError("give either source files or --jsonl")
    if args.functions and args.jsonl:
        raise InputError("--functions needs source files, not --jsonl")
    output = output_file(args.output, [*args.files, *([args.jsonl] if args.jsonl else [])])
    model = load(args.model, threads=args.threads)
    with bar("embedding") as progress:
        vectors_ND, listing = (_functions if args.functions else _texts)(args, model, progress)
    _write(output, vectors_ND, listing)
    summary = {"output": str(output), "rows": len(vectors_ND), "dimension": vectors_ND.shape[1]}
    text = f"{output}: {summary['rows']} vectors of {summary['dimension']} dimensions"
    print(json.dumps(summary) if args.json else text)
    return 0


def _texts(args: argparse.Namespace, model: Model, progress: Callable[[int, int], None]) -> Rows:
    import numpy as np

    from contracode.cli.sources import NamedSource, read_sources

    if args.jsonl:
        texts = _field(Path(args.jsonl), args.field)
        sources = [NamedSource(args.jsonl, text, "javascript") for text in texts]
    else:
        sources = list(read_sources(args.files, on_problem=_report))
    dimension = model.embed([], use_names=not args.no_names).shape[1]
    vectors_ND = np.zeros((len(sources), dimension), np.float32)
    rows_of: dict[Language, list[int]] = {}
    for row, source in enumerate(sources):
        rows_of.setdefault(source.language, []).append(row)
    for language, rows in rows_of.items():
        vectors_ND[rows] = model.embed(
            [sources[row].text for row in rows],
            language=language,
            use_names=not args.no_names,
            batch_size=args.batch_size,
            progress=progress,
        )
    return vectors_ND, None


def _functions(
    args: argparse.Namespace, model: Model, progress: Callable[[int, int], None]
) -> Rows:
    import numpy as np

    import augment
    from contracode.cli.sources import read_sources
    from contracode.support.errors import InputError

    listing: list[dict[str, object]] = []
    vectors = [model.embed([], use_names=not args.no_names)]
    sources = list(read_sources(args.files, on_problem=_report))
    for number, source in enumerate(sources, start=1):
        try:
            found = model.embed_functions(
                source.text, language=source.language, use_names=not args.no_names
            )
        except augment.ParseError as error:
            raise InputError(error.message, path=source.name, line=error.line) from None
        data = source.text.encode()
        for one in found:
            line = data.count(b"\n", 0, one.span[0]) + 1
            listing.append({"file": source.name, "line": line, "name": one.name, "span": one.span})
            vectors.append(one.vector[None])
        progress(number, len(sources))
    return np.concatenate(vectors), listing


def _report(problem: Exception) -> None:
    print(f"contracode embed: {problem}", file=sys.stderr)


def _field(path: Path, field: str) -> Iterator[str]:
    from contracode.cli.sources import read_bytes
    from contracode.support.errors import InputError

    for number, line in enumerate(read_bytes(path).splitlines(), start=1):
        try:
            record = json.loads(line)
        except ValueError:
            raise InputError("is not JSON", path=path, line=number) from None
        if not isinstance(record, dict) or not isinstance(record.get(field), str):
            raise InputError(f"has no text in field {field!r}", path=path, line=number)
        yield record[field]


def _write(
    output: Path, vectors_ND: np.ndarray, listing: Sequence[dict[str, object]] | None
) -> None:
    import numpy as np

    from contracode.support.atomic_files import replacing

    with replacing(output) as beside, beside.open("wb") as file:
        np.save(file, vectors_ND)
    if listing is not None:
        with replacing(output.with_suffix(".jsonl")) as beside:
            lines = (f"{json.dumps(row, ensure_ascii=False)}\n" for row in listing)
            beside.write_text("".join(lines), "utf-8")
