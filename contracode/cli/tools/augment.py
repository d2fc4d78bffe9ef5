"""Rewrite JavaScript or TypeScript into equivalent variants, printed to standard output."""

from __future__ import annotations

import argparse
import difflib
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from contracode.cli import options
from contracode.cli.tools.view_checks import problems_of
from contracode.support.errors import InputError

if TYPE_CHECKING:
    from augment import Program, View
    from contracode.corpus.rewriting import RewriteSettings

EXAMPLES = """\
examples:
  contracode augment app.js                            one variant of app.js
  contracode augment app.js --copies 3 --seed 7        three variants, the same ones every time
  contracode augment app.js --diff                     the changes as a diff
  contracode augment - --transform rename-variables    read standard input, rename only
  contracode augment app.js --normal-form              one spelling of equivalent constructs
  contracode augment src --all --check                 rewrite every site, and verify each variant
  contracode augment --batch < requests.jsonl          serve another program over JSON lines
  contracode augment --jsonl in.jsonl.gz -o out.jsonl.gz --copies 4 --workers 8
                                                       rewrite a corpus; resumes if it was killed
  contracode augment --minimize app.js --all           shrink app.js while --check fails
  contracode augment --minimize app.js --check-command 'node'
                                                       shrink app.js while `node < candidate` fails
  contracode augment --list                            the transforms and what each may change

exit codes: 0 success, 1 --check found a problem, 2 bad input
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `contracode augment`."""
    options.add_sources(parser)
    _add_variants(parser.add_argument_group("variants"))
    output = parser.add_argument_group("output")
    output.add_argument("--diff", action="store_true", help="print unified diffs")
    options.add_json(
        output, "print a JSON object per variant: file, copy, code, applied, refused, level"
    )
    output.add_argument(
        "--check",
        action="store_true",
        help="verify each variant: it parses, with a second parser too where that reads the "
        "source, and every name keeps its meaning",
    )
    _add_modes(parser)


def _add_variants(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--transform",
        action="append",
        metavar="NAME",
        help="always apply this transform; may be repeated (default: a random choice of all)",
    )
    group.add_argument("--all", action="store_true", help="apply every transform at every site")
    level = group.add_mutually_exclusive_group()
    level.add_argument(
        "--keep-names", action="store_true", help="keep the names of functions and classes"
    )
    level.add_argument(
        "--plain-data",
        action="store_true",
        help="rewrite also where only plain data gives the same results: arrays without holes, "
        "objects without getters",
    )
    group.add_argument(
        "--normal-form",
        action="store_true",
        help="print the normal form: constants folded, dead code and comments dropped, one "
        "spelling of equivalent constructs",
    )
    group.add_argument(
        "--number-names",
        action="store_true",
        help="with --normal-form: rename local names to v0, v1, ...",
    )
    group.add_argument(
        "--seed", type=int, default=0, metavar="N", help="seed of the variants (default: 0)"
    )
    group.add_argument(
        "--copies",
        type=options.positive,
        default=1,
        metavar="N",
        help="variants per file (default: 1)",
    )
    group.add_argument(
        "--source-type",
        choices=("auto", "script", "module", "commonjs"),
        default="auto",
        help="kind of the sources (default: auto)",
    )
    options.add_language(group)


def _add_modes(parser: argparse.ArgumentParser) -> None:
    corpus = parser.add_argument_group("corpora")
    corpus.add_argument(
        "--jsonl", metavar="IN", type=Path, help="rewrite the rows of this file, in order"
    )
    corpus.add_argument(
        "-o",
        "--output",
        metavar="OUT",
        type=Path,
        help="file of the variants: each row with its new source, and its number as `copy`; rows "
        "without variants are listed in OUT.errors.jsonl",
    )
    corpus.add_argument(
        "--field", default="code", metavar="NAME", help="field of the source (default: code)"
    )
    options.add_workers(corpus)
    shrink = parser.add_argument_group("failing cases")
    shrink.add_argument(
        "--minimize",
        action="store_true",
        help="print the smallest source found whose variants fail --check",
    )
    shrink.add_argument(
        "--check-command",
        metavar="CMD",
        help="with --minimize: the smallest source for which this command fails, given the source "
        "on standard input",
    )
    other = parser.add_argument_group("other modes")
    other.add_argument(
        "--batch",
        action="store_true",
        help='answer JSON lines {"id", "file", "code", "name", "seed"} with {"id", "code", '
        '"applied"} or {"id", "error"}; name is a transform, all, names-kept or normal-form',
    )
    other.add_argument("--list", action="store_true", help="list the transforms")


def run(args: argparse.Namespace) -> int:
    """Rewrite the files; see `EXAMPLES` for the exit codes."""
    from contracode.cli.tools import augment_modes

    if args.list:
        return augment_modes.list_transforms(as_json=args.json)
    if args.batch:
        return augment_modes.serve(args.source_type)
    if args.jsonl is not None:
        if args.output is None or args.files:
            raise InputError("--jsonl needs -o OUT, and no other files")
        return augment_modes.rewrite(args, settings(args))
    if not args.files:
        raise InputError("give a source file, or - for standard input")
    if args.minimize:
        return augment_modes.shrink(args, settings(args))
    return _variants(args)


def settings(args: argparse.Namespace) -> RewriteSettings:
    """Return the settings of the variants."""
    from contracode.corpus.rewriting import RewriteSettings

    return RewriteSettings(
        field=args.field,
        copies=args.copies,
        seed=args.seed,
        transforms=tuple(args.transform) if args.transform else None,
        everything=args.all,
        keep_names=args.keep_names,
        plain_data=args.plain_data,
        language=args.language or "javascript",
        source_type=args.source_type,
    )


def _variants(args: argparse.Namespace) -> int:
    from augment import ParseError, parse
    from contracode.cli.sources import read_sources

    pipeline = settings(args).pipeline()
    wrong = 0
    for source in read_sources(args.files, language=args.language, on_problem=_report):
        try:
            program = parse(source.text, language=source.language, source_type=args.source_type)
        except ParseError as error:
            raise InputError(error.message, path=source.name, line=error.line) from None
        if args.normal_form:
            _write_normal_form(args, source.name, program)
            continue
        for copy, view in enumerate(pipeline.views(program, args.copies, args.seed)):
            for problem in problems_of(program, view) if args.check else ():
                wrong += 1
                place = f"{source.name}: variant {copy}"
                print(f"{place}: {problem.checker}: {problem.message}", file=sys.stderr)
            _write(args, source.name, source.text, copy, view)
    return 1 if wrong else 0


def _report(problem: Exception) -> None:
    print(f"contracode augment: {problem}", file=sys.stderr)


def _write(args: argparse.Namespace, name: str, source: str, copy: int, view: View) -> None:
    if args.json:
        record = {
            "file": name,
            "copy": copy,
            "code": view.text,
            "level": view.level.name,
            "applied": [[step.transform, step.level.name, step.span] for step in view.applied],
            "refused": [[step.transform, step.reason, step.span] for step in view.refused],
        }
        print(json.dumps(record, ensure_ascii=False))
    elif args.diff:
        _write_diff(source, view.text, name, f"{name} (variant {copy})")
    else:
        sys.stdout.write(view.text)
        if args.copies > 1 and not view.text.endswith("\n"):
            sys.stdout.write("\n")


def _write_normal_form(args: argparse.Namespace, name: str, program: Program) -> None:
    from augment import Semantics, normalize

    level = Semantics.PRESERVED if args.keep_names else Semantics.OBSERVABLE
    text = normalize(program, names=args.number_names, level=level)
    if args.json:
        print(json.dumps({"file": name, "code": text}, ensure_ascii=False))
    elif args.diff:
        _write_diff(program.source.decode(), text, name, f"{name} (normal form)")
    else:
        sys.stdout.write(text)


def _write_diff(before: str, after: str, name: str, new_name: str) -> None:
    lines = difflib.unified_diff(
        before.splitlines(keepends=True), after.splitlines(keepends=True), name, new_name
    )
    for line in lines:
        sys.stdout.write(line if line.endswith("\n") else line + "\n\\ No newline at end of file\n")
