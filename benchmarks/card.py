"""Measure a shipped model on development sets, and write the figures into its card.

    python -m benchmarks.card data/models/editor --clones clones --types valid.jsonl.gz
    --train-types train.jsonl.gz python -m benchmarks.card data/models/editor --clones clones
    --against all-MiniLM-L6-v2 python -m benchmarks.card data/models/editor --types-typescript
    typescript.jsonl.gz --train-types train.jsonl.gz python -m benchmarks.card data/models/editor
    --others other-clones python -m benchmarks.card data/models/editor --names functions.jsonl.gz
    --train-names corpus python -m benchmarks.card data/models/editor --deeptyper development.txt
    --train-types types

Each set is measured by `contracode evaluate`, and its table replaces what stands between `<!-- NAME
-->` and `<!-- end -->` in the card; sets that are not given keep theirs. `make card` calls this.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

FIGURES = {
    "clones": ("AUROC", "AP", "worst of 1", "worst of 4", "worst of 8", "P@1", "MAP@R"),
    "others": ("AUROC", "AP", "worst of 1", "worst of 4", "worst of 8", "P@1", "MAP@R"),
    "encoders": ("AUROC", "AP", "worst of 1", "worst of 4", "worst of 8", "P@1", "MAP@R"),
    "types": ("acc@1", "acc@5", "over counting", "shown", "right of shown", "ECE"),
    "deeptyper": ("acc@1", "acc@5", "over counting", "acc@1 all", "acc@5 all"),
    "names": ("precision", "recall", "F1", "exact"),
}
"""What stands in the tables, where it was measured, in this order."""


def measured(task: str, options: Sequence[str | Path]) -> dict[str, Any]:
    """Return what `contracode evaluate` prints."""
    command = [
        sys.executable,
        "-m",
        "contracode.cli.main",
        "evaluate",
        task,
        *map(str, options),
        "--json",
    ]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.returncode)
    return json.loads(done.stdout)


def table(report: dict[str, Any], wanted: Sequence[str]) -> str:
    """Return a report as a table: figures with intervals, and below what the model is above each
    other method by.
    """
    value = {(figure["method"], figure["metric"]): figure for figure in report["figures"]}
    methods = list(dict.fromkeys(figure["method"] for figure in report["figures"]))
    metrics = [metric for metric in wanted if any((method, metric) in value for method in methods)]
    lines = ["| " + " | ".join(["", *metrics]) + " |", "|---" * (len(metrics) + 1) + "|"]
    rows = [
        (method, [_cell(value.get((method, metric))) for metric in metrics]) for method in methods
    ]
    above = {(one["method"], one["other"], one["metric"]): one for one in report["differences"]}
    for mine, other in dict.fromkeys(
        (one["method"], one["other"]) for one in report["differences"]
    ):
        cells = [_cell(above.get((mine, other, metric)), sign=True) for metric in metrics]
        rows.append((f"*{mine} above {other}*", cells))
    return "\n".join([*lines, *("| " + " | ".join([name, *cells]) + " |" for name, cells in rows)])


def _cell(figure: dict[str, Any] | None, *, sign: bool = False) -> str:
    if figure is None:
        return ""
    form = "+.1f" if sign else ".1f"
    return f"{figure['value']:{form}} [{figure['low']:.1f}, {figure['high']:.1f}]"


def entered(card: str, name: str, written: str) -> str:
    """Return a card with another table.

    Raises:
        ValueError: it has no place for that.
    """
    place = re.compile(rf"(<!-- {re.escape(name)} -->\n).*?(<!-- end -->)", re.DOTALL)
    if not place.search(card):
        raise ValueError(f"the card has no <!-- {name} --> ... <!-- end -->")
    return place.sub(lambda found: f"{found[1]}\n{written}\n\n{found[2]}", card, count=1)


def main(argv: Sequence[str] | None = None) -> None:
    """Measure what is given, and write."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("model", type=Path, help="folder with a README.md")
    parser.add_argument("--clones", metavar="DIR", help="clone set")
    parser.add_argument(
        "--against",
        nargs="+",
        default=[],
        metavar="MODEL",
        help="on the clone set, other encoders instead of the baselines: tables of their own",
    )
    parser.add_argument(
        "--others",
        metavar="DIR",
        help="clone set of other problems: with the judge's names replaced alone",
    )
    parser.add_argument("--types", nargs="+", metavar="DATA", help="labelled files, as JavaScript")
    parser.add_argument(
        "--types-typescript",
        nargs="+",
        metavar="DATA",
        help="labelled files that are TypeScript but for what is asked",
    )
    parser.add_argument("--deeptyper", metavar="FILE", help="DeepTyper's lines")
    parser.add_argument(
        "--train-types", nargs="+", metavar="DATA", help="what tables of types are counted on"
    )
    parser.add_argument("--names", nargs="+", metavar="DATA", help="functions")
    parser.add_argument(
        "--train-names",
        nargs="+",
        metavar="DATA",
        help="functions among which neighbours are looked for",
    )
    parser.add_argument(
        "--limit", type=int, default=2000, help="files of types, and functions of names, at most"
    )
    args = parser.parse_args(argv)
    card, limit = args.model / "README.md", ("--limit", str(args.limit))
    model = ("--model", args.model)
    tasks: list[tuple[str, str, Sequence[str | Path]]] = []
    if args.clones:
        name = "encoders" if args.against else "clones"
        beside = (
            ("--baselines", "none", "--against", *args.against)
            if args.against
            else ("--baselines", "all")
        )
        for field in ("anon", "code"):
            options = ("--data", args.clones, "--field", field, *beside, *model)
            tasks.append((f"{name} {field}", "clones", options))
    if args.others:
        options = ("--data", args.others, "--field", "anon", "--baselines", "all", *model)
        tasks.append(("others", "clones", options))
    for name, files in (("types", args.types), ("types typescript", args.types_typescript)):
        if files:
            counted = ("--train", *args.train_types) if args.train_types else ()
            tasks.append((name, "types", ("--data", *files, *counted, *limit, *model)))
    if args.deeptyper:
        options = (
            "--data",
            args.deeptyper,
            "--format",
            "deeptyper",
            "--train",
            *(args.train_types or ()),
            *model,
        )
        tasks.append(("deeptyper", "types", options))
    if args.names:
        counted = ("--train", *args.train_names) if args.train_names else ()
        tasks.append(("names", "names", ("--data", *args.names, *counted, *limit, *model)))
    for name, task, options in tasks:
        report = measured(task, options)
        written = table(report, FIGURES[name.partition(" ")[0]])
        card.write_text(entered(card.read_text("utf-8"), name, written), "utf-8")
        print(f"{name}\n{written}\n", flush=True)


if __name__ == "__main__":
    main()
