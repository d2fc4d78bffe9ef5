"""Write predicted types into a project: JSDoc in JavaScript, annotations in TypeScript.

Types are written where the model is sure enough, nothing has a type yet, and none is obvious. Only
comments or annotations are added. With --check the TypeScript compiler looks at the whole project,
with its tsconfig.json and installed packages, and every annotation that adds an error is taken
back. Without --diff or --write nothing but the figures is printed.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from contracode.support.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from contracode.corpus.sources.repositories import Repository
    from contracode.inference.model import Model
    from contracode.products.annotate.project_annotations import AnnotatedFile, ChosenType, Outcome

EXAMPLES = """\
examples:
  contracode annotate src --diff                      show what would be written
  contracode annotate src --check --write             write what TypeScript has nothing against
  contracode annotate app.js --threshold 0.95 --diff  only what is very sure
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of the verb."""
    parser.add_argument("path", metavar="PATH", help="source file or folder")
    parser.add_argument(
        "--model", metavar="DIR", help="inference folder (default: editor, which ships)"
    )
    parser.add_argument(
        "--threshold",
        type=float,
        metavar="P",
        help="least probability of a type that is written (default: the model's)",
    )
    parser.add_argument(
        "--check",
        action="store_true",
        help="take back what adds an error; takes Node and TypeScript",
    )
    parser.add_argument(
        "--typescript",
        metavar="DIR",
        help="with --check: the npm package typescript 5.9.x, or a folder with it in node_modules (default: looked for in NODE_PATH, "
        "node_modules here and above, and npm's global folder)",
    )
    parser.add_argument(
        "--limit",
        type=int,
        default=1000,
        metavar="N",
        help="with --check: runs of the compiler at most (default: 1000)",
    )
    shape = parser.add_mutually_exclusive_group()
    shape.add_argument("--diff", action="store_true", help="print what changes as a unified diff")
    shape.add_argument("--write", action="store_true", help="change the files")
    parser.add_argument(
        "--threads", type=int, default=1, metavar="N", help="threads for the model (default: 1)"
    )
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")


def run(args: argparse.Namespace) -> int:
    """Predict, check, and show or write."""
    import json

    from contracode.cli.progress import bar
    from contracode.corpus.labels.checker import find_typescript
    from contracode.corpus.sources.repositories import find_repositories
    from contracode.inference.model import load
    from contracode.products.annotate.diagnostics import Diagnostics
    from contracode.products.annotate.project_annotations import keep_sound

    if args.typescript and not args.check:
        raise InputError("--typescript says where the compiler of --check is; give that too")
    if args.json and args.diff:
        raise InputError("--json prints figures, --diff a diff; give one of them")
    place = Path(args.path)
    found = find_repositories([str(place)])
    if len(found) > 1:
        raise InputError("is a folder of several projects; give one of them", path=place)
    compiler = (
        find_typescript(
            Path(args.typescript) if args.typescript else None, foreign=[place], option="--check"
        )
        if args.check
        else None
    )
    model = load(args.model, threads=args.threads)
    if not model.metadata.types:
        raise InputError("the model has no type head")
    threshold = model.metadata.threshold if args.threshold is None else args.threshold
    files, refused = _predict(model, found[0], place, threshold)
    left_out = found[0].left_out + Counter(problem.reason for problem in refused)
    if not files:
        if len(refused) == 1:
            raise refused[0]
        raise InputError(
            f"no JavaScript or TypeScript that can be annotated ({_counted(left_out)})", path=place
        )
    for problem in refused:
        print(f"contracode annotate: {problem}", file=sys.stderr)
    root = place if place.is_dir() else place.parent
    if compiler is None:
        kept = {
            number: [choice for choice in file.choices if file.written(choice)]
            for number, file in enumerate(files)
            if file.is_same_code(file.edits(file.choices))
        }
        outcome = None
    else:
        node, typescript, _ = compiler
        paths = [file.path for file in files]
        with Diagnostics(node, typescript, root, paths) as asked, bar("check") as progress:
            outcome = keep_sound(
                files, asked, limit=args.limit, progress=lambda done, _: progress(done, args.limit)
            )
        kept = outcome.kept
    if args.write:
        kept = {number: chosen for number, chosen in kept.items() if _is_unchanged(files[number])}
    _show(files, kept, root, write=args.write, diff=args.diff)
    figures = _figures(files, kept, outcome) | {
        "threshold": threshold,
        "left_out": left_out.total(),
    }
    if args.json:
        print(json.dumps(figures))
    else:
        told = _sentence(figures) + (f"; files left out: {_counted(left_out)}" if left_out else "")
        print(told, file=sys.stderr if args.diff else sys.stdout)
    return 0


class _Refused(InputError):
    """A file is no text, or does not parse; `reason` says so without the place."""

    def __init__(self, reason: str, path: Path, line: int) -> None:
        super().__init__(reason, path=path, line=line)
        self.reason = reason


def _counted(left_out: Counter[str]) -> str:
    return (
        ", ".join(f"{number} {reason}" for reason, number in left_out.most_common())
        or "none is there"
    )


def _predict(
    model: Model, project: Repository, place: Path, threshold: float
) -> tuple[list[AnnotatedFile], list[_Refused]]:
    import augment
    from contracode.cli.progress import bar
    from contracode.javascript.typing.targets import find_targets
    from contracode.products.annotate.draw_hints import shown
    from contracode.products.annotate.project_annotations import AnnotatedFile, ChosenType

    files: list[AnnotatedFile] = []
    refused: list[_Refused] = []
    sources = list(
        project.sources(lambda problem: print(f"contracode annotate: {problem}", file=sys.stderr))
    )
    with bar("predict") as progress:
        for number, source in enumerate(sources, start=1):
            progress(number, len(sources))
            path = place if place.is_file() else place / source.path
            try:
                text = source.content.decode()
                program = augment.parse(text, language=source.language)
            except UnicodeDecodeError as error:
                refused.append(
                    _Refused("is not UTF-8", path, source.content.count(b"\n", 0, error.start) + 1)
                )
                continue
            except augment.ParseError as error:
                refused.append(_Refused(error.message, path, error.line))
                continue
            targets = {(target.kind, target.span): target for target in find_targets(program)}
            choices = [
                ChosenType(targets[one.kind, one.span], one.candidates[0].type)
                for one in shown(
                    model.predict_types(text, language=source.language, top=1), threshold
                )
            ]
            untyped = sum(not target.written and not target.obvious for target in targets.values())
            files.append(AnnotatedFile(path, program, choices, untyped))
    return files, refused


def _is_unchanged(file: AnnotatedFile) -> bool:
    """Whether a file is as it was read: a check may take minutes, in which somebody saves."""
    try:
        unchanged = file.path.read_bytes() == file.program.source
    except OSError:
        unchanged = False
    if not unchanged:
        print(
            f"contracode annotate: {file.path}: has changed meanwhile, and is left as it is",
            file=sys.stderr,
        )
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
    """Return lines as `patch` counts them: no other character than a line feed ends one."""
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
    told = (
        f"{figures['written']:,} of {figures['untyped']:,} names without a type in {figures['files']:,} files get one "
        f"({figures['coverage']:.1%}); {figures['proposed']:,} were proposed at a confidence of {figures['threshold']:.2f} or more"
    )
    if "checks" in figures:
        told += f"; TypeScript errors: {figures['errors_before']:,} before, {figures['errors_after']:,} after ({figures['checks']:,} runs)"
        if figures["unknown"]:
            told += (
                f"; {figures['unknown']:,} of them say that a module or name is not known: nothing that comes from there is checked "
                "before the project's dependencies and @types/node are installed"
            )
    return told
