"""Write embeddings of files, of their functions, or of a field of JSONL records.

One row of unit norm for each, float32, in the order given. With --functions a file OUT.jsonl beside
says which function each row is.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

EXAMPLES = """\
examples:
  contracode embed src/*.js -o files.npy                       one vector per file
  contracode embed src/*.js --functions -o functions.npy       one per function, listed in functions.jsonl
  contracode embed src/*.js --no-names -o copies.npy           so that copies are alike whatever they are called
  contracode embed --jsonl corpus.jsonl --field code -o f.npy  one per record
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of the verb."""
    parser.add_argument(
        "files", nargs="*", metavar="FILE", help="source files; - reads standard input"
    )
    parser.add_argument(
        "--jsonl", metavar="IN", help="embed a field of every record of this file instead"
    )
    parser.add_argument("--field", default="code", metavar="NAME", help="the field (default: code)")
    parser.add_argument(
        "-o", "--output", required=True, metavar="OUT.npy", help="where the vectors go"
    )
    parser.add_argument(
        "--functions", action="store_true", help="one vector for each function of the files"
    )
    parser.add_argument(
        "--model",
        metavar="DIR",
        help="inference folder, or editor or search, which ship (default: editor)",
    )
    parser.add_argument(
        "--no-names",
        action="store_true",
        help="vectors that names do not change: for copies renamed",
    )
    parser.add_argument(
        "--batch-size",
        type=int,
        default=32,
        metavar="N",
        help="sources encoded at once (default: 32)",
    )
    parser.add_argument(
        "--threads", type=int, default=1, metavar="N", help="threads for the model (default: 1)"
    )
    parser.add_argument("--json", action="store_true", help="print a summary as JSON")


def run(args: argparse.Namespace) -> int:
    """Embed and write."""
    from contracode.cli.progress import bar
    from contracode.inference.model import load
    from contracode.support.atomic_files import output_file
    from contracode.support.errors import InputError

    if bool(args.files) == bool(args.jsonl):
        raise InputError("give either files or --jsonl")
    if args.functions and args.jsonl:
        raise InputError("--functions works on files")
    output = output_file(args.output, [*args.files, *([args.jsonl] if args.jsonl else [])])
    model = load(args.model, threads=args.threads)
    listing = None
    with bar("embedding") as progress:
        if args.functions:
            sources, listing = _functions(args.files)
        elif args.jsonl:
            sources = list(_field(Path(args.jsonl), args.field))
        else:
            sources = list(_files(args.files))
        function_names = [str(row["name"] or "") for row in listing or ()]
        vectors_ND = model.embed(
            sources,
            use_names=not args.no_names,
            function_names=function_names,
            batch_size=args.batch_size,
            progress=progress,
        )
    _write(output, vectors_ND)
    if listing is not None:
        _write_listing(output.with_suffix(".jsonl"), listing)
    summary = {"output": str(output), "rows": len(sources), "dimension": vectors_ND.shape[1]}
    print(
        json.dumps(summary)
        if args.json
        else f"{output}: {summary['rows']} vectors of {summary['dimension']}"
    )
    return 0


def _files(files: list[str]) -> Iterator[str]:
    from contracode.cli.sources import read_source

    for file in files:
        yield read_source(file)


def _functions(files: list[str]) -> tuple[list[str], list[dict[str, object]]]:
    import augment
    from contracode.cli.sources import language_of, read_source
    from contracode.support.errors import InputError

    sources: list[str] = []
    listing: list[dict[str, object]] = []
    for file in files:
        try:
            program = augment.parse(read_source(file), language=language_of(file))
        except augment.ParseError as error:
            raise InputError(error.message, path=file, line=error.line) from None
        for function in program.functions:
            sources.append(program.text(function.node))
            line = program.source.count(b"\n", 0, function.node.start) + 1
            listing.append(
                {"file": file, "line": line, "name": function.name, "span": function.node.span}
            )
    return sources, listing


def _field(path: Path, field: str) -> Iterator[str]:
    from contracode.support.errors import InputError

    try:
        lines = path.read_bytes().splitlines()
    except OSError as error:
        raise InputError(error.strerror or str(error), path=path) from None
    for number, line in enumerate(lines, start=1):
        try:
            record = json.loads(line)
        except ValueError:
            raise InputError("is not JSON", path=path, line=number) from None
        if not isinstance(record, dict) or not isinstance(record.get(field), str):
            raise InputError(f"has no text in field {field!r}", path=path, line=number)
        yield record[field]


def _write(output: Path, vectors_ND: np.ndarray) -> None:
    import numpy as np

    from contracode.support.atomic_files import replacing

    with replacing(output) as beside, beside.open("wb") as file:
        np.save(file, vectors_ND)


def _write_listing(output: Path, listing: list[dict[str, object]]) -> None:
    from contracode.support.atomic_files import replacing

    with replacing(output) as beside:
        beside.write_text(
            "".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in listing), "utf-8"
        )
