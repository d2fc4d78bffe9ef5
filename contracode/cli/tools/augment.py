"""Rewrite JavaScript or TypeScript into equivalent variants: files, or standard input as `-`, to
standard output.
"""

from __future__ import annotations

import argparse
import difflib
import json
import sys
import traceback
from pathlib import Path
from typing import TYPE_CHECKING

from contracode.support.errors import InputError

if TYPE_CHECKING:
    from augment import Language, Program, View
    from contracode.corpus.rewriting import Settings

EXAMPLES = """\
examples:
  contracode augment app.js                            one variant of app.js
  contracode augment app.js --copies 3 --seed 7        three variants, the same ones every time
  contracode augment app.js --diff                     what changed, as a diff
  contracode augment - --transform rename-variables    read standard input, rename only
  contracode augment app.js --normal-form              one spelling for what can be said in several ways
  contracode augment src/*.js --all --check            rewrite all that can be, and verify each variant
  contracode augment --batch < requests.jsonl          serve another program over JSON lines
  contracode augment --jsonl in.jsonl.gz -o out.jsonl.gz --copies 4 --workers 8     a corpus; killed, it goes on
  contracode augment --minimize app.js --all           shrink app.js while --check finds something wrong
  contracode augment --minimize app.js --check-command 'node'    ... while `node < candidate` fails
  contracode augment --list                            the transforms, with what each may change

exit codes: 0 done, 1 --check found something wrong, 2 a file could not be read or parsed.
"""

LANGUAGES: dict[str, Language] = {
    ".ts": "typescript",
    ".mts": "typescript",
    ".cts": "typescript",
    ".tsx": "tsx",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `contracode augment`."""
    parser.add_argument(
        "files", nargs="*", metavar="FILE", help="source files, or - for standard input"
    )
    parser.add_argument(
        "--transform",
        action="append",
        metavar="NAME",
        help="use this transform, always; may be repeated (default: all, drawn)",
    )
    parser.add_argument(
        "--all", action="store_true", help="every transform, at every site it can rewrite"
    )
    parser.add_argument(
        "--keep-names",
        action="store_true",
        help="only rewrites that keep the names of functions and classes",
    )
    parser.add_argument(
        "--normal-form",
        action="store_true",
        help="the normal form instead of a variant: constants folded, dead code and comments dropped, one spelling of the rest",
    )
    parser.add_argument(
        "--number-names",
        action="store_true",
        help="with --normal-form: local names become v0, v1, ... as they occur",
    )
    parser.add_argument(
        "--seed", type=int, default=0, help="the same seed gives the same variants (default 0)"
    )
    parser.add_argument(
        "--copies", type=int, default=1, metavar="N", help="variants per file (default 1)"
    )
    parser.add_argument(
        "--source-type", choices=("auto", "script", "module", "commonjs"), default="auto"
    )
    parser.add_argument(
        "--language",
        choices=("javascript", "typescript", "tsx"),
        help="default: by the file's extension",
    )
    parser.add_argument(
        "--diff", action="store_true", help="print a unified diff instead of the variant"
    )
    parser.add_argument(
        "--check",
        action="store_true",
        help="verify each variant: it parses and every name means what it meant",
    )
    parser.add_argument(
        "--json",
        action="store_true",
        help="one JSON object per variant: file, copy, code, applied, refused, level",
    )
    parser.add_argument(
        "--batch",
        action="store_true",
        help='JSON lines {"id","file","code","name","seed"} in, {"id","code","applied"} or {"id","error"} out, in order;'
        " name is a transform, `all`, `names-kept` or `normal-form`",
    )
    corpus = parser.add_argument_group("corpora")
    corpus.add_argument(
        "--jsonl",
        metavar="IN",
        type=Path,
        help="rewrite the rows of JSON lines (.gz or not), in order",
    )
    corpus.add_argument(
        "-o",
        "--output",
        metavar="OUT",
        type=Path,
        help="a line for each variant: its row with the new source, and its number as `copy`;"
        " rows without variants go to OUT.errors.jsonl",
    )
    corpus.add_argument("--field", default="code", help="where a row has its source (default code)")
    corpus.add_argument(
        "--workers", type=int, default=0, metavar="N", help="processes (default: this one alone)"
    )
    shrink = parser.add_argument_group("failing cases")
    shrink.add_argument(
        "--minimize",
        action="store_true",
        help="print the smallest source found whose variants --check finds wrong; or with --check-command",
    )
    shrink.add_argument(
        "--check-command",
        metavar="CMD",
        help="... for which this command fails, given it on standard input",
    )
    parser.add_argument("--list", action="store_true", help="list the transforms and stop")


def run(args: argparse.Namespace) -> int:
    """Rewrite the files; see `EXAMPLES` for the exit codes."""
    from augment import ParseError, parse

    if args.list:
        return _list(args.json)
    if args.batch:
        return _batch(args)
    if args.copies < 1:
        raise InputError("--copies must be at least 1")
    if args.jsonl is not None:
        return _corpus(args)
    if not args.files:
        raise InputError("name a file, or - for standard input")
    if args.minimize:
        return _minimize(args)
    pipeline = _settings(args).pipeline()
    wrong = 0
    for name in args.files:
        source = _read(name)
        language = args.language or LANGUAGES.get(Path(name).suffix, "javascript")
        try:
            program = parse(source, language=language, source_type=args.source_type)
        except ParseError as error:
            raise InputError(error.message, path=name, line=error.line) from None
        if args.normal_form:
            _write_normal_form(args, name, program)
            continue
        for copy, view in enumerate(pipeline.views(program, args.copies, args.seed)):
            if args.check:
                from augment.checking.verify import check

                for problem in check(program, view):
                    wrong += 1
                    print(
                        f"{name}: variant {copy}: {problem.checker}: {problem.message}",
                        file=sys.stderr,
                    )
            _write(args, name, source.decode(), copy, view)
    return 1 if wrong else 0


def _settings(args: argparse.Namespace) -> Settings:
    from contracode.corpus.rewriting import Settings

    return Settings(
        field=args.field,
        copies=args.copies,
        seed=args.seed,
        transforms=tuple(args.transform) if args.transform else None,
        everything=args.all,
        keep_names=args.keep_names,
        language=args.language or "javascript",
        source_type=args.source_type,
    )


def _corpus(args: argparse.Namespace) -> int:
    """Rewrite the rows of a file of JSON lines, and tell what came of them."""
    from contracode.cli.progress import bar
    from contracode.corpus.rewriting import errors_of, rewrite_corpus

    if args.output is None or args.files:
        raise InputError("--jsonl needs -o OUT, and no other files")
    with bar("rewriting") as progress:
        summary = rewrite_corpus(
            args.jsonl,
            args.output,
            _settings(args),
            workers=max(args.workers, 0),
            progress=progress,
        )
    if args.json:
        import msgspec

        print(msgspec.json.encode(summary).decode())
        return 0
    refused = sum(summary.refused.values())
    print(f"{args.output}: {summary.variants:,} variants of {summary.rows - refused:,} rows")
    print(
        f"{summary.unchanged:,} equal their source, {summary.repeated:,} an earlier variant of it"
    )
    if refused:
        print(f"{refused:,} rows refused, see {errors_of(args.output)}:")
        for reason, count in sorted(summary.refused.items(), key=lambda item: (-item[1], item[0]))[
            :20
        ]:
            print(f"{count:8,}  {reason}")
    return 0


def _minimize(args: argparse.Namespace) -> int:
    """Print the smallest source found that still fails."""
    import shlex
    import subprocess

    from augment import ParseError, parse
    from augment.checking.minimize import minimize
    from augment.checking.verify import check

    if len(args.files) != 1:
        raise InputError("--minimize takes one file")
    name = args.files[0]
    language = args.language or LANGUAGES.get(Path(name).suffix, "javascript")
    pipeline = _settings(args).pipeline()

    def wrong(text: str) -> bool:
        try:
            program = parse(text, language=language, source_type=args.source_type)
        except ParseError:
            return False
        return any(check(program, view) for view in pipeline.views(program, args.copies, args.seed))

    def fails(text: str) -> bool:
        done = subprocess.run(
            shlex.split(args.check_command),
            input=text.encode(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        return done.returncode != 0

    try:
        print(minimize(_read(name).decode(), fails if args.check_command else wrong, language))
    except OSError as error:
        raise InputError(f"{args.check_command}: {error.strerror}") from None
    except ValueError as error:
        raise InputError(str(error), path=name) from None
    return 0


def _batch(args: argparse.Namespace) -> int:
    """Answer one request a line until the input ends."""
    from augment import ParseError, Pipeline, Semantics, normalize, parse

    pipelines: dict[str, Pipeline] = {
        "all": Pipeline.everything(),
        "names-kept": Pipeline.everything(Semantics.PRESERVED),
    }
    for number, line in enumerate(
        sys.stdin.buffer, 1
    ):  # bytes: only "\n" ends a line, U+2028 does not
        if not line.strip():
            continue
        try:
            request = json.loads(line)
            code, name = request["code"], request.get("name", "all")
        except (ValueError, TypeError, KeyError) as error:
            raise InputError(
                f"not a request: {error}", path="standard input", line=number
            ) from None
        answer: dict[str, object] = {"id": request.get("id")}
        try:
            if name not in pipelines and name != "normal-form":
                pipelines[name] = Pipeline([name], probability=1.0, strength=1.0)
            language = LANGUAGES.get(Path(request.get("file") or "").suffix, "javascript")
            program = parse(code, language=language, source_type=args.source_type)
            if name == "normal-form":
                answer["code"] = normalize(program, names=True)
            else:
                view = pipelines[name].view(program, int(request.get("seed", 0)))
                answer |= {
                    "code": view.text,
                    "applied": [
                        [step.transform, step.level.name, step.span] for step in view.applied
                    ],
                }
        except (ParseError, ValueError) as error:
            answer["error"] = str(error)
        except Exception as error:  # a fault of the engine must not take the other requests with it
            answer["error"] = f"internal error: {type(error).__name__}: {error}"
            traceback.print_exc()
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()
    return 0


def _read(name: str) -> bytes:
    if name == "-":
        return sys.stdin.buffer.read()
    try:
        return Path(name).read_bytes()
    except OSError as error:
        raise InputError(error.strerror or "cannot be read", path=name) from None


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


def _list(as_json: bool) -> int:
    from augment import registry

    table = registry()
    if as_json:
        rows = [
            {
                "name": item.name,
                "phase": item.phase,
                "level": item.level.name,
                "probability": item.probability,
                "strength": item.strength,
                "summary": item.summary,
            }
            for item in table.values()
        ]
        print(json.dumps(rows, indent=2))
        return 0
    width = max(map(len, table))
    for item in table.values():
        print(f"{item.name:{width}}  {item.phase:9}  {item.level.name.lower():10}  {item.summary}")
    return 0
