"""Parameters of JavaScript files that TypeScript leaves as `any`: how many get a type from the
model, how many from "infer from usage".

    python -m benchmarks.any_parameters FILE... [--typescript FOLDER] [--model DIR] [--threshold
    0.6] [--json]

Each file is checked by itself with TypeScript 5.9 (`checkJs`, `noImplicitAny` off; JSDoc counts).
Every name that is a parameter, or part of a destructured one, counts. The model answers with what
the editor shows at the threshold, its own by default, the fix with what it writes. `any`,
`unknown`, `null` and `undefined` are no answers. Where both answer, `the same` counts equal labels
(see contracode/javascript/typing/type_labels.py), and `in its union` those where the model's is one
of the
members of what the fix writes.
"""

import argparse
import json
import subprocess
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from contracode.corpus.labels.checker import find_typescript, utf16_to_bytes
from contracode.inference.model import Model, load
from contracode.javascript.records import Span
from contracode.javascript.typing.type_labels import label_of_text
from contracode.support.errors import InputError

SAYS_NOTHING = frozenset({"any", "unknown", "null", "undefined"})

SCRIPT = Path(__file__).with_suffix(".js")


@dataclass
class Row:
    """Counts of one file; all but the first are of parameters that are `any`."""

    parameters: int = 0
    any: int = 0
    model: int = 0
    usage: int = 0
    either: int = 0
    both: int = 0
    same: int = 0
    member: int = 0

    def __add__(self, other: "Row") -> "Row":
        return Row(*(getattr(self, one.name) + getattr(other, one.name) for one in fields(Row)))


def compiled(source: str, node: str, typescript: Path) -> dict[Span, tuple[str, str | None]]:
    """Return of each parameter the type that TypeScript infers, and the one that its fix writes."""
    command = [node, str(SCRIPT), str(typescript / "lib" / "typescript.js")]
    done = subprocess.run(command, input=source.encode(), stdout=subprocess.PIPE, check=True)
    at = utf16_to_bytes(source)
    four = iter(json.loads(done.stdout))
    return {
        (at[start], at[end]): (inferred, fixed)
        for start, end, inferred, fixed in zip(four, four, four, four, strict=True)
    }


def count(said: dict[Span, tuple[str, str | None]], hints: dict[Span, str]) -> Row:
    """Count what TypeScript says of parameters, beside the hints that an editor would show."""
    row = Row(parameters=len(said))
    for span, (inferred, fixed) in said.items():
        if inferred != "any":
            continue
        hint, usage = _answer(hints.get(span)), _answer(fixed)
        row.any += 1
        row.model += hint is not None
        row.usage += usage is not None
        row.either += hint is not None or usage is not None
        if hint is not None and usage is not None:
            label = label_of_text(usage) or ""
            row.both += 1
            row.same += hint == label
            row.member += hint != label and hint in label.split("|")
    return row


def _answer(type: str | None) -> str | None:
    return None if type in SAYS_NOTHING else type


def hints_of(source: str, model: Model, threshold: float) -> dict[Span, str]:
    """Return the types of parameters that an editor would show."""
    return {
        one.span: one.candidates[0].type
        for one in model.predict_types(source)
        if one.kind == "parameter"
        and not (one.written or one.obvious)
        and one.candidates
        and one.candidates[0].probability >= threshold
    }


def table(rows: dict[str, Row]) -> str:
    """Return the rows as a table, shares of the `any` parameters in per cent."""
    lines = [
        "| | parameters | `any` | model | infer from usage | either | both | the same | in its "
        "union |",
        "|---|" + "---:|" * 8,
    ]
    for name, row in rows.items():
        shares = [
            f"{one} ({100 * one / max(1, row.any):.0f} %)"
            for one in (row.model, row.usage, row.either)
        ]
        cells = [row.parameters, row.any, *shares, row.both, row.same, row.member]
        lines.append(f"| {name} | " + " | ".join(map(str, cells)) + " |")
    return "\n".join(lines)


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="JavaScript")
    parser.add_argument(
        "--typescript",
        type=Path,
        metavar="FOLDER",
        help="npm package typescript 5.9 (default: looked for)",
    )
    parser.add_argument("--model", metavar="DIR", help="model folder (default: the shipped one)")
    parser.add_argument(
        "--threshold",
        type=float,
        help="probability from which a type is shown (default: the model's)",
    )
    parser.add_argument("--json", action="store_true", help="print JSON")
    args = parser.parse_args(argv)
    try:
        node, typescript, _ = find_typescript(
            args.typescript, foreign=args.files, option="--typescript"
        )
        model = load(args.model)
    except InputError as error:
        parser.error(str(error))
    threshold = args.threshold if args.threshold is not None else model.metadata.threshold
    rows: dict[str, Row] = {}
    for path in args.files:
        source = path.read_text("utf-8")
        rows[str(path)] = count(
            compiled(source, node, typescript), hints_of(source, model, threshold)
        )
    if len(rows) > 1:
        rows["all"] = sum(rows.values(), Row())
    print(
        json.dumps({name: asdict(row) for name, row in rows.items()}, indent=2)
        if args.json
        else table(rows)
    )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
