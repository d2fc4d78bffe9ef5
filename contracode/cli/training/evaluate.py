"""Measure a model beside its baselines, with 95 % intervals over repositories, files or problems.

retrieval  find the other view of a function among all; functions as JSON lines
clones     tell programs that solve the same problem from others, also under given rewrites; a
           folder with clones.jsonl, clone_pairs.jsonl and, for the rewrites, clone_pairs_adv.jsonl
           and clones_adv.jsonl
robustness tell programs from others while they are rewritten, worst of 1, 4 and 16; a folder as for
clones, or functions types      accuracy, calibration, and what the threshold shows; TypeScript, or
JSON lines of `corpus types` names      sub-token precision, recall, F1; functions as JSON lines all
each of these that there is data for, and one page about them

Counting baselines are counted on --train. Without it, DATA is split as `contracode finetune` splits
it, counted on the training part and measured on the rest.
"""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from contracode.evaluate.labels.tasks import Progress
    from contracode.evaluate.report import Report
    from contracode.inference.model import Model

EXAMPLES = """\
examples:
  contracode evaluate retrieval --data corpus --model out/model
  contracode evaluate clones --data clones --field anon --baselines all
  contracode evaluate clones --data clones --model my_encoders:embed
  contracode evaluate clones --data clones --against all-MiniLM-L6-v2
  contracode evaluate robustness --data corpus --families
  contracode evaluate robustness --data clones --without loops branches --tool 'terser=node rewrite.cjs terser'
  contracode evaluate types --data valid.jsonl --train train.jsonl --json
  contracode evaluate types --data ~/code/project --train types --typescript node_modules/typescript
  contracode evaluate types --format deeptyper --data development.txt --train types --model out/tokens
  contracode evaluate names --data corpus --limit 500
  contracode evaluate names --data functions.jsonl --train corpus --model out/pretrained --against out/scratch
  contracode evaluate all --model out/model --data clones=clones functions=corpus types=valid.jsonl -o evaluation
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of the verb."""
    parser.add_argument(
        "task",
        choices=["retrieval", "clones", "robustness", "types", "names", "all"],
        help="what to measure",
    )
    parser.add_argument(
        "--data",
        nargs="+",
        metavar="DATA",
        help="what to measure on; all: any of clones=DIR, functions=DATA and types=DATA (default of all: the sample corpus)",
    )
    parser.add_argument(
        "-o",
        "--output",
        metavar="DIR",
        help="all: where evaluation.json and evaluation.html are written",
    )
    parser.add_argument(
        "--train", nargs="+", metavar="DATA", help="types, names: what the baselines are counted on"
    )
    parser.add_argument(
        "--model",
        metavar="MODEL",
        help="inference folder (default: the shipped model); clones, robustness: also a sentence-transformers folder, an ONNX "
        "file with its tokenizer beside it, or module:function of a Python function from sources to vectors",
    )
    parser.add_argument(
        "--against",
        nargs="+",
        default=[],
        metavar="MODEL",
        help="other models that are measured beside the model, named like it, with paired differences (types, names: ours alone)",
    )
    parser.add_argument(
        "--field",
        choices=["anon", "code"],
        default="anon",
        help="clones, robustness: with or without names",
    )
    parser.add_argument(
        "--baselines",
        default="fast",
        metavar="NAMES",
        help="clones, robustness: all, fast, none, or names with commas between: untrained, bag-of-pieces, tf-idf, bm25, "
        "token-edits, node-edits, rename-blind, rename-blind-normal (default: fast, without the edit distances and the normal form)",
    )
    parser.add_argument(
        "--families", action="store_true", help="robustness: also each family of transforms alone"
    )
    parser.add_argument(
        "--without",
        nargs="+",
        default=[],
        metavar="FAMILY",
        help="robustness: families or transforms that are left out",
    )
    parser.add_argument(
        "--tool",
        action="append",
        default=[],
        metavar="NAME=CMD",
        help="robustness: also what this command makes of JSON lines with id, source and seed (docs/evaluation.md)",
    )
    parser.add_argument(
        "--limit",
        type=int,
        metavar="N",
        help="most functions or files (default: all), or pairs that are attacked (500)",
    )
    parser.add_argument(
        "--format",
        choices=["sources", "deeptyper"],
        default="sources",
        help="types: TypeScript or JSON lines of `corpus types`; or DeepTyper's lines (default: sources)",
    )
    parser.add_argument(
        "--spelling",
        choices=["javascript", "typescript", "both"],
        default="typescript",
        help="types: leave TypeScript without its annotations, as JavaScript, or as both (default: typescript)",
    )
    parser.add_argument(
        "--labels",
        choices=["written", "all"],
        default="written",
        help="types: of sources, annotations that their authors wrote, or also what the compiler inferred where `corpus types --checker` "
        "asked it (default: written)",
    )
    parser.add_argument(
        "--typescript",
        metavar="DIR",
        help="types: the npm package typescript, whose own inference is measured too",
    )
    parser.add_argument(
        "--seed",
        type=int,
        default=0,
        metavar="N",
        help="of views, samples and intervals (default: 0)",
    )
    parser.add_argument(
        "--threads", type=int, default=1, metavar="N", help="threads for the model (default: 1)"
    )
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(args: argparse.Namespace) -> int:
    """Measure and print."""
    import msgspec
    from rich.console import Console

    from contracode.cli.progress import bar
    from contracode.support.errors import InputError

    if args.task == "all":
        reports = _all(args)
        told = msgspec.json.encode(reports)
    else:
        if not args.data:
            raise InputError(f"{args.task} takes --data")
        with bar(args.task) as progress:
            reports = {args.task: _measure(args, progress)}
        told = msgspec.json.encode(reports[args.task])
    if args.json:
        print(msgspec.json.format(told).decode())
    else:
        console = Console(width=None if sys.stdout.isatty() else 140)
        for report in reports.values():
            console.print(*report.tables())
    return 0


def _measure(args: argparse.Namespace, progress: Progress) -> Report:
    """Return the report of one task."""
    from contracode.inference.model import load

    if args.task in ("clones", "robustness"):
        return (_clones if args.task == "clones" else _robustness)(args, progress)
    measure = {"retrieval": _retrieval, "types": _types, "names": _names}[args.task]
    return measure(args, load(args.model, threads=args.threads), progress)


def _all(args: argparse.Namespace) -> dict[str, Report]:
    """Measure everything that there is data for, and write the page."""
    from pathlib import Path

    import msgspec

    from contracode.cli.progress import bar
    from contracode.evaluate.clones.encoders import open_encoder
    from contracode.evaluate.page import page
    from contracode.support.atomic_files import replacing
    from contracode.support.errors import InputError
    from contracode.support.resources import data_dir

    if not args.output:
        raise InputError("all takes -o DIR, where it writes the page")
    sample = data_dir() / "sample"
    data = {"functions": str(sample), "types": str(sample / "typescript")}
    if args.data:
        data = dict(one.partition("=")[::2] for one in args.data)
        unknown = set(data) - {"clones", "functions", "types"}
        if unknown or not all(data.values()):
            raise InputError("all takes --data clones=DIR, functions=DATA or types=DATA")
    encoder = open_encoder(args.model, threads=args.threads)
    tasks: list[tuple[str, str, dict[str, object]]] = []
    if "clones" in data:
        tasks.append(("clones anon", "clones", {"field": "anon"}))
        tasks.append(("clones code", "clones", {"field": "code"}))
    if "clones" in data or "functions" in data:
        tasks.append(
            ("robustness", "clones" if "clones" in data else "functions", {"families": True})
        )
    if "functions" in data and encoder.model is not None:
        tasks.append(("retrieval", "functions", {}))
        if encoder.model.metadata.predicts_names:
            tasks.append(("names", "functions", {}))
    if "types" in data and encoder.model is not None and encoder.model.metadata.types:
        tasks.append(("types", "types", {}))
    reports: dict[str, Report] = {}
    for name, kind, options in tasks:
        chosen = argparse.Namespace(
            **{**vars(args), "task": name.partition(" ")[0], "data": [data[kind]], **options}
        )
        with bar(name) as progress:
            reports[name] = _measure(chosen, progress)
    output = Path(args.output)
    with replacing(output / "evaluation.json") as beside:
        beside.write_bytes(msgspec.json.format(msgspec.json.encode(reports)))
    with replacing(output / "evaluation.html") as beside:
        beside.write_text(page(encoder.name, reports), "utf-8")
    print(f"contracode evaluate: {output / 'evaluation.html'}", file=sys.stderr)
    return reports


def _retrieval(args: argparse.Namespace, model: Model, progress: Progress) -> Report:
    from contracode.corpus.labels.datasets import read_named
    from contracode.evaluate.clones.similarity import evaluate_views, view_pairs
    from contracode.evaluate.labels import tasks
    from contracode.support.errors import InputError

    functions = read_named(args.data)[: args.limit]
    by_path = len({function.repo for function in functions}) == 1
    told = [
        (function.source, function.path if by_path else function.repo) for function in functions
    ]
    pairs = view_pairs(told, seed=args.seed)
    if len(pairs) < 2:
        raise InputError("retrieval takes at least two functions that parse")
    return evaluate_views(
        pairs, tasks.embedders(model, seed=args.seed, progress=progress), seed=args.seed
    )


def _clones(args: argparse.Namespace, progress: Progress) -> Report:
    from pathlib import Path

    from contracode.evaluate.clones import opponents
    from contracode.evaluate.clones.clone_set import evaluate_clones, read_clones
    from contracode.evaluate.clones.encoders import open_encoder
    from contracode.support.errors import InputError

    if len(args.data) > 1:
        raise InputError("clones takes one folder")
    baselines = opponents.choose(args.baselines)
    encoder = open_encoder(args.model, threads=args.threads)
    against = [open_encoder(spec, threads=args.threads) for spec in args.against]
    methods = opponents.methods(encoder, baselines, against=against, seed=args.seed)
    clones = read_clones(Path(args.data[0]))
    return evaluate_clones(
        clones, methods, field=args.field, models=[encoder.name], seed=args.seed, progress=progress
    )


def _robustness(args: argparse.Namespace, progress: Progress) -> Report:
    from pathlib import Path

    from contracode.corpus.labels.datasets import read_named
    from contracode.evaluate.clones import opponents, rewrites, robustness
    from contracode.evaluate.clones.encoders import open_encoder

    baselines = opponents.choose(args.baselines)
    attacks = [robustness.Attack("", rewrites.engine(without=args.without), robustness.WORST)]
    left_out = rewrites.transforms_of(args.without)
    for family, members in rewrites.FAMILIES.items() if args.families else ():
        if not left_out.issuperset(members):
            attacks.append(
                robustness.Attack(f"{family}: ", rewrites.family(family), (robustness.OF_FAMILY,))
            )
    for given in args.tool:
        name, command = rewrites.named_command(given)
        rewriter = rewrites.tool(
            command, on_problem=lambda said: print(f"contracode evaluate: {said}", file=sys.stderr)
        )
        attacks.append(robustness.Attack(f"{name}: ", rewriter, (1, robustness.OF_FAMILY)))
    most = robustness.PAIRS if args.limit is None else args.limit
    if len(args.data) == 1 and (Path(args.data[0]) / "clones.jsonl").is_file():
        pairs = robustness.pairs_of_clones(
            Path(args.data[0]), field=args.field, most=most, seed=args.seed
        )
    else:
        pairs = robustness.pairs_of_functions(read_named(args.data), most=most, seed=args.seed)
    encoder = open_encoder(args.model, threads=args.threads)
    against = [open_encoder(spec, threads=args.threads) for spec in args.against]
    methods = opponents.methods(encoder, baselines, against=against, seed=args.seed)
    return robustness.evaluate_robustness(
        pairs, methods, attacks, models=[encoder.name], seed=args.seed, progress=progress
    )


def _types(args: argparse.Namespace, model: Model, progress: Progress) -> Report:
    from pathlib import Path

    from contracode.corpus.labels.datasets import read_tokens, read_typed, readable, split, written
    from contracode.evaluate.labels import tasks
    from contracode.evaluate.labels.compiler import silent_tools
    from contracode.inference.model import load
    from contracode.support.errors import InputError

    if args.format == "deeptyper":
        if not args.train:
            raise InputError("--format deeptyper takes --train, what the baselines are counted on")
        training = read_tokens(args.train)
        files = read_tokens(args.data)
    else:
        files = read_typed(args.data, spelling=args.spelling)
        if args.train:
            training = read_typed(args.train, spelling=args.spelling)
        else:
            training, files = split(files, lambda file: (file.repo, file.path, file.partition))
        if args.labels == "written":
            files = written(files)
    files = readable(files)[: args.limit]
    silent = {}
    if args.typescript:
        silent = silent_tools(
            files, Path(args.typescript), foreign=[Path(place) for place in args.data]
        )
    against = [load(spec, threads=args.threads) for spec in args.against]
    return tasks.types(
        model, files, training, against=against, silent=silent, seed=args.seed, progress=progress
    )


def _names(args: argparse.Namespace, model: Model, progress: Progress) -> Report:
    from contracode.corpus.labels.datasets import read_named, split
    from contracode.evaluate.labels import tasks
    from contracode.inference.model import load

    functions = read_named(args.data)
    if args.train:
        training = read_named(args.train)
    else:
        training, functions = split(functions, lambda one: (one.repo, one.path, one.partition))
    against = [load(spec, threads=args.threads) for spec in args.against]
    return tasks.names(
        model, functions[: args.limit], training, against=against, seed=args.seed, progress=progress
    )
