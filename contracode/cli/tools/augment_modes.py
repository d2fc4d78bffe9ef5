"""The modes of `contracode augment` besides printing variants: corpora, minimizing, batches, the
list of transforms.
"""

from __future__ import annotations

import argparse
import json
import sys
import traceback
from typing import TYPE_CHECKING, Any

from contracode.support.errors import InputError

if TYPE_CHECKING:
    from augment import Pipeline
    from contracode.corpus.rewriting import RewriteSettings

SHOWN_REASONS = 20


def rewrite(args: argparse.Namespace, settings: RewriteSettings) -> int:
    """Rewrite the rows of a file of JSON lines, and print a summary."""
    from contracode.cli.progress import bar
    from contracode.corpus.rewriting import errors_of, rewrite_corpus

    with bar("rewriting") as progress:
        summary = rewrite_corpus(
            args.jsonl, args.output, settings, workers=args.workers, progress=progress
        )
    if args.json:
        import msgspec

        print(msgspec.json.encode(summary).decode())
        return 0
    refused = sum(summary.refused.values())
    print(f"{args.output}: {summary.variants:,} variants of {summary.rows - refused:,} rows")
    print(f"{summary.unchanged:,} equal the source, {summary.repeated:,} an earlier variant")
    if refused:
        print(f"{refused:,} rows without variants, listed in {errors_of(args.output)}:")
        ranked = sorted(summary.refused.items(), key=lambda item: (-item[1], item[0]))
        for reason, count in ranked[:SHOWN_REASONS]:
            print(f"{count:8,}  {reason}")
    return 0


def shrink(args: argparse.Namespace, settings: RewriteSettings) -> int:
    """Print the smallest source found that still fails."""
    import shlex
    import subprocess

    from augment import ParseError, parse
    from augment.checking.minimize import minimize
    from contracode.cli.sources import read_source
    from contracode.cli.tools.view_checks import problems_of
    from contracode.javascript.languages import language_of

    if len(args.files) != 1:
        raise InputError("--minimize needs exactly one file")
    name = args.files[0]
    language = args.language or language_of(name)
    pipeline = settings.pipeline()

    def wrong(text: str) -> bool:
        try:
            program = parse(text, language=language, source_type=args.source_type)
        except ParseError:
            return False
        views = pipeline.views(program, args.copies, args.seed)
        return any(True for view in views for _ in problems_of(program, view))

    def fails(text: str) -> bool:
        done = subprocess.run(
            shlex.split(args.check_command),
            input=text.encode(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        return done.returncode != 0

    try:
        print(minimize(read_source(name), fails if args.check_command else wrong, language))
    except OSError as error:
        raise InputError(f"{args.check_command}: {error.strerror}") from None
    except InputError:
        raise
    except ValueError as error:
        raise InputError(str(error), path=name) from None
    return 0


def serve(source_type: Any) -> int:
    """Answer one request per line of standard input until it ends."""
    from augment import Pipeline, Semantics

    pipelines = {
        "all": Pipeline.everything(),
        "names-kept": Pipeline.everything(Semantics.PRESERVED),
    }
    # Bytes, because only "\n" ends a line here; text would also be split at U+2028.
    for number, line in enumerate(sys.stdin.buffer, 1):
        if not line.strip():
            continue
        try:
            request = json.loads(line)
            _ = request["code"], request.get("name")
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            message = f"not a request: {error}"
            raise InputError(message, path="standard input", line=number) from None
        sys.stdout.write(json.dumps(_answer(request, pipelines, source_type)) + "\n")
        sys.stdout.flush()
    return 0


def _answer(
    request: dict[str, Any], pipelines: dict[str, Pipeline], source_type: Any
) -> dict[str, object]:
    from augment import ParseError, Pipeline, normalize, parse
    from contracode.javascript.languages import language_of

    name = request.get("name", "all")
    answer: dict[str, object] = {"id": request.get("id")}
    try:
        if name not in pipelines and name != "normal-form":
            pipelines[name] = Pipeline([name], probability=1.0, strength=1.0)
        language = language_of(request.get("file") or "")
        program = parse(request["code"], language=language, source_type=source_type)
        if name == "normal-form":
            return answer | {"code": normalize(program, names=True)}
        view = pipelines[name].view(program, int(request.get("seed", 0)))
        applied = [[step.transform, step.level.name, step.span] for step in view.applied]
        return answer | {"code": view.text, "applied": applied}
    except (ParseError, ValueError) as error:
        return answer | {"error": str(error)}
    except Exception as error:  # a fault of the engine must not end the other requests
        traceback.print_exc()
        return answer | {"error": f"internal error: {type(error).__name__}: {error}"}


def list_transforms(*, as_json: bool) -> int:
    """Print the transforms with their phase, level and summary."""
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
