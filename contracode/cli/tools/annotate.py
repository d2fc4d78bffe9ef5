"""Write predicted types into a project: JSDoc in JavaScript, annotations in TypeScript.

A type is written if its probability reaches the threshold, the place has no type yet, and the type
is not obvious. Only comments and annotations are added. With --check, the TypeScript compiler
checks the whole project with its tsconfig.json and installed packages, and every annotation that
adds an error is removed again. Without --diff or --write, only the figures are printed.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from contracode.cli import options
from contracode.support.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from contracode.corpus.sources.repositories import Repository
    from contracode.inference.model import Model
    from contracode.products.annotate.project_annotations import AnnotatedFile, ChosenType, Outcome

EXAMPLES = """\
examples:
  contracode annotate src --diff                      show the changes
  contracode annotate src --check --write             write types that pass TypeScript's check
  contracode annotate src --only-any --check --write  clear TypeScript's implicit anys
  contracode annotate app.js --threshold 0.95 --diff  only types with a high probability
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of the verb."""
    parser.add_argument("path", metavar="PATH", help="source file or folder of a project")
    options.add_model(parser)
    parser.add_argument(
        "--threshold",
        type=float,
        metavar="P",
        help="minimum probability of a written type (default: from the model)",
    )
    parser.add_argument(
        "--kinds",
        nargs="+",
        choices=["parameters", "returns", "variables", "fields"],
        default=["parameters", "returns"],
        help="names that get types (default: parameters returns)",
    )
    parser.add_argument(
        "--only-any",
        action="store_true",
        help="only names that strict TypeScript reports as an implicit any (TS7005, TS7006, "
        "TS7019, TS7031, TS7034); needs Node and TypeScript",
    )
    parser.add_argument(
        "--check",
        action="store_true",
        help="remove annotations that add errors; needs Node and TypeScript",
    )
    options.add_typescript(parser, "with --check or --only-any")
    options.add_limit(
        parser, "with --check: maximum runs of the compiler (default: 1000)", default=1000
    )
    shape = parser.add_mutually_exclusive_group()
    shape.add_argument("--diff", action="store_true", help="print the changes as a unified diff")
    shape.add_argument("--write", action="store_true", help="change the files")
    options.add_json(parser, "print the figures as JSON")


def run(args: argparse.Namespace) -> int:
    """Predict, check, and show or write."""
    import json

    from contracode.corpus.labels.checker import find_typescript
    from contracode.corpus.sources.repositories import find_repositories
    from contracode.inference.model import load

    if args.typescript and not (args.check or args.only_any):
        raise InputError("--typescript needs --check or --only-any")
    if args.json and args.diff:
        raise InputError("--json and --diff exclude each other")
    place = Path(args.path)
    found = find_repositories([str(place)])
    if len(found) > 1:
        raise InputError("is a folder of several projects; give one of them", path=place)
    typescript = Path(args.typescript) if args.typescript else None
    compiler = (
        find_typescript(
            typescript, foreign=[place], option="--check" if args.check else "--only-any"
        )
        if args.check or args.only_any
        else None
    )
    model = load(args.model, threads=args.threads)
    if not model.metadata.types:
        raise InputError("the model has no type head")
    threshold = model.metadata.threshold if args.threshold is None else args.threshold
    files, refused = _predict(model, found[0], place, threshold, args.kinds)
    left_out = found[0].left_out + Counter(problem.reason for problem in refused)
    if not files:
        if len(refused) == 1:
            raise refused[0]
        raise InputError(f"no file to annotate ({_counted(left_out)})", path=place)
    for problem in refused:
        _report(problem)
    root = place if place.is_dir() else place.parent
    outcome, kept, complaints = _chosen(files, root, compiler, args)
    if args.write:
        kept = {number: chosen for number, chosen in kept.items() if _is_unchanged(files[number])}
    _show(files, kept, root, write=args.write, diff=args.diff)
    figures = _figures(files, kept, outcome) | complaints
    figures |= {"threshold": threshold, "left_out": left_out.total()}
    if args.json:
        print(json.dumps(figures))
    else:
        omitted = f"; files left out: {_counted(left_out)}" if left_out else ""
        print(_sentence(figures) + omitted, file=sys.stderr if args.diff else sys.stdout)
    return 0


def _unchecked(files: Sequence[AnnotatedFile]) -> dict[int, list[ChosenType]]:
    return {
        number: [choice for choice in file.choices if file.written(choice)]
        for number, file in enumerate(files)
        if file.is_same_code(file.edits(file.choices))
    }


def _chosen(
    files: Sequence[AnnotatedFile],
    root: Path,
    compiler: tuple[str, Path, str] | None,
    args: argparse.Namespace,
) -> tuple[Outcome | None, dict[int, list[ChosenType]], dict[str, int]]:
    """Return the outcome of a check, the types to write, and the number of implicit anys."""
    from contracode.cli.progress import bar
    from contracode.products.annotate.diagnostics import Diagnostics
    from contracode.products.annotate.implicit_any import complained, keep_complained
    from contracode.products.annotate.project_annotations import keep_sound

    if compiler is None:
        return None, _unchecked(files), {}
    node, typescript, _ = compiler
    paths = [file.path for file in files]
    with Diagnostics(node, typescript, root, paths, implicit_any=args.only_any) as diagnostics:
        before = keep_complained(files, diagnostics) if args.only_any else 0
        outcome = None
        if args.check:
            with bar("checks") as progress:
                outcome = keep_sound(
                    files,
                    diagnostics,
                    limit=args.limit,
                    progress=lambda done, _: progress(done, args.limit),
                )
        kept = _unchecked(files) if outcome is None else outcome.kept
        if not args.only_any:
            return outcome, kept, {}
        texts = {n: file.text(file.edits(kept.get(n, ()))) for n, file in enumerate(files)}
        after = len(complained(diagnostics.errors(texts)))
    return outcome, kept, {"complaints_before": before, "complaints_after": after}


def _report(problem: Exception) -> None:
    print(f"contracode annotate: {problem}", file=sys.stderr)


class _Refused(InputError):
    """A file is not UTF-8 or does not parse; `reason` lacks the place."""

    def __init__(self, reason: str, path: Path, line: int) -> None:
        super().__init__(reason, path=path, line=line)
        self.reason = reason


def _counted(left_out: Counter[str]) -> str:
    reasons = ", ".join(f"{number} {reason}" for reason, number in left_out.most_common())
    return reasons or "there are none"


def _predict(
    model: Model, project: Repository, place: Path, threshold: float, kinds: Sequence[str]
) -> tuple[list[AnnotatedFile], list[_Refused]]:
    import augment
    from contracode.cli.progress import bar
    from contracode.javascript.typing.targets import find_targets
    from contracode.products.annotate.draw_hints import shown
    from contracode.products.annotate.project_annotations import AnnotatedFile, ChosenType

    files: list[AnnotatedFile] = []
    refused: list[_Refused] = []
    sources = list(project.sources(_report))
    with bar("files") as progress:
        for number, source in enumerate(sources, start=1):
            progress(number, len(sources))
            path = place if place.is_file() else place / source.path
            try:
                text = source.content.decode()
                program = augment.parse(text, language=source.language)
            except UnicodeDecodeError as error:
                line = source.content.count(b"\n", 0, error.start) + 1
                refused.append(_Refused("is not UTF-8", path, line))
                continue
            except augment.ParseError as error:
                refused.append(_Refused(error.message, path, error.line))
                continue
            targets = {(target.kind, target.span): target for target in find_targets(program)}
            choices = [
                ChosenType(targets[one.kind, one.span], one.candidates[0].spelling)
                for one in shown(
                    model.predict_types(text, language=source.language, top=1), threshold
                )
                if f"{one.kind}s" in kinds
            ]
            untyped = sum(
                not (target.written or target.obvious) and f"{target.kind}s" in kinds
                for target in targets.values()
            )
            files.append(AnnotatedFile(path, program, choices, untyped))
    return files, refused


def _is_unchanged(file: AnnotatedFile) -> bool:
    """Whether a file still has the content that was read; a check may take minutes."""
    try:
        unchanged = file.path.read_bytes() == file.program.source
    except OSError:
        unchanged = False
    if not unchanged:
        _report(InputError("has changed since it was read; not written", path=file.path))
    return unchanged


def _show(
    files: Sequence[AnnotatedFile],
    kept: dict[int, list[ChosenType]],
    root: Path,
    *,
    write: bool,
    diff: bool,
) -> None:
    import difflib

    from contracode.support.atomic_files import replacing

    for number, chosen in kept.items():
        file = files[number]
        edits = file.edits(chosen)
        if not edits:
            continue
        after = file.text(edits)
        if write:
            mode = file.path.stat().st_mode
            with replacing(file.path) as beside:
                beside.write_bytes(after.encode())
                beside.chmod(mode)
        elif diff:
            name = file.path.relative_to(root).as_posix()
            lines = difflib.unified_diff(
                _lines(file.text([])), _lines(after), f"a/{name}", f"b/{name}"
            )
            for line in lines:
                sys.stdout.write(
                    line if line.endswith("\n") else line + "\n\\ No newline at end of file\n"
                )


def _lines(text: str) -> list[str]:
    """Split a text into lines as `patch` does: only a line feed ends a line."""
    return re.findall(r"[^\n]*\n|[^\n]+", text)


def _figures(
    files: Sequence[AnnotatedFile], kept: dict[int, list[ChosenType]], outcome: Outcome | None
) -> dict[str, float | int]:
    written = sum(map(len, kept.values()))
    untyped = sum(file.untyped for file in files)
    figures: dict[str, float | int] = {
        "files": len(files),
        "untyped": untyped,
        "proposed": sum(len(file.choices) for file in files),
        "written": written,
        "coverage": written / untyped if untyped else 0.0,
    }
    if outcome is not None:
        figures |= {
            "errors_before": outcome.errors_before,
            "errors_after": outcome.errors_after,
            "unknown": outcome.unknown,
            "checks": outcome.asked,
        }
    return figures


def _sentence(figures: dict[str, float | int]) -> str:
    text = (
        f"{figures['written']:,} of {figures['untyped']:,} untyped names in {figures['files']:,} "
        f"files get a type ({figures['coverage']:.1%}); {figures['proposed']:,} types reach the "
        f"threshold of {figures['threshold']:.2f}"
    )
    if "complaints_before" in figures:
        before, after = figures["complaints_before"], figures["complaints_after"]
        text += f"; implicit any: {before:,} before, {after:,} after"
    if "checks" in figures:
        text += (
            f"; TypeScript errors: {figures['errors_before']:,} before, "
            f"{figures['errors_after']:,} after ({figures['checks']:,} runs)"
        )
        if figures["unknown"]:
            text += (
                f"; {figures['unknown']:,} of them are unknown modules or names: types from there "
                "are not checked until the project's dependencies and @types/node are installed"
            )
    return text
