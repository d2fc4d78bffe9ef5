"""How fast the augmentation engine makes variants, and how different they are.

python -m benchmarks.augment FUNCTIONS.jsonl [--count 2000] [--copies 20] [--against 'CMD'] [--json]

Everything is measured on one core, in CPU seconds of this process (of the child processes, for
`--against`). CMD reads JSON lines {"id","code"} on standard input and answers each with
{"id","variants":[...]}; null for a variant stands for none.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import shlex
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from typing import Any

import augment
import augment.pipeline.pipeline
from augment import ParseError, Pipeline, Program, View
from contracode.corpus.storage.readers import read_functions

_SHORTHANDS = frozenset({"shorthand_property_identifier", "shorthand_property_identifier_pattern"})


def sample(paths: Sequence[str], count: int, seed: int) -> tuple[list[str], int]:
    """Return functions that parse, drawn from all of `paths`, and the number of their
    repositories.
    """
    rows = list(read_functions(paths))
    random.Random(seed).shuffle(rows)
    codes: list[str] = []
    repositories: set[str] = set()
    for row in rows:
        if len(codes) == count:
            break
        if _parsed(row.code) is not None:
            codes.append(row.code)
            repositories.add(row.repo)
    return codes, len(repositories)


def _parsed(text: str) -> Program | None:
    try:
        return augment.parse(text)
    except ParseError:
        return None


def speed(codes: Sequence[str], copies: int) -> float:
    """Return variants per CPU second, from source text to text, with the pipeline that training
    uses.
    """
    pipeline = Pipeline.default()
    begin = time.process_time()
    for code in codes:
        for _ in pipeline.views(augment.parse(code), copies):
            pass
    return len(codes) * copies / (time.process_time() - begin)


def shares(codes: Sequence[str], copies: int) -> dict[str, float]:
    """Return the share of time that each stage takes: parsing, analysis (scopes, tokens),
    transforms, rendering.
    """
    spent: dict[str, float] = dict.fromkeys(("parse", "analysis", "transforms", "rendering"), 0.0)
    render = augment.pipeline.pipeline.render

    def timed(*arguments: Any) -> Any:
        begin = time.perf_counter()
        result = render(*arguments)
        spent["rendering"] += time.perf_counter() - begin
        return result

    augment.pipeline.pipeline.render = timed
    pipeline = Pipeline.default()
    try:
        for code in codes:
            begin = time.perf_counter()
            program = augment.parse(code)
            parsed = time.perf_counter()
            _ = (
                program.scopes,
                program.flags,
                program.trivia,
                program.names_used,
                program.nodes("program"),
            )
            analysed = time.perf_counter()
            for _ in pipeline.views(program, copies):
                pass
            spent["parse"] += parsed - begin
            spent["analysis"] += analysed - parsed
            spent["transforms"] += time.perf_counter() - analysed
    finally:
        augment.pipeline.pipeline.render = render
    spent["transforms"] -= spent["rendering"]
    if not spent[
        "rendering"
    ]:  # a compiled engine calls its own, which nothing can be put in the place of
        spent["transforms and rendering"] = spent.pop("transforms") + spent.pop("rendering")
    whole = sum(spent.values())
    return {stage: seconds / whole for stage, seconds in spent.items()}


def nameless(program: Program) -> str:
    """Return the program with all variable names made equal and without white space."""
    words: list[tuple[int, str]] = []
    for leaf in program.tree.leaves:
        text = program.text_of[leaf.first]
        if leaf.type == "identifier":
            text = "_"
        elif leaf.type in _SHORTHANDS:
            text += " : _"  # renamed, it is a pair
        words.append((leaf.start, text))
    words += [(comment.start, program.text(comment)) for comment in program.comments]
    return " ".join("".join(word.split()) for _, word in sorted(words)).replace(" : ", ":")


def distinctness(variants: Iterable[Sequence[str | None]]) -> dict[str, float]:
    """Return how many of a function's variants differ (median), also without names and white space,
    and how many do not parse.
    """
    plain: list[int] = []
    bare: list[int] = []
    given = broken = 0
    for texts in variants:
        found = [text for text in texts if text is not None]
        programs = [_parsed(text) for text in found]
        given += len(found)
        broken += programs.count(None)
        plain.append(len(set(found)))
        bare.append(len({nameless(program) for program in programs if program is not None}))
    return {
        "distinct": statistics.median(plain),
        "distinct_without_names": statistics.median(bare),
        "unparsable": broken,
        "unparsable_share": broken / max(given, 1),
    }


def pair_cost(codes: Sequence[str]) -> dict[str, float]:
    """Return CPU milliseconds per pair of views as a loader of training draws it, and of its
    parts.
    """
    from contracode.inputs.tokenizer import train
    from contracode.support.config import DataConfig, TokenizerConfig
    from contracode.views.batch_plan import EpochItem
    from contracode.views.drawing import PairRefused, draw_views
    from contracode.views.pairs import PairDataset

    tokenizer = train(codes, TokenizerConfig(vocab_size=2000))

    def milliseconds(job: Callable[[int], object]) -> float:
        begin = time.process_time()
        for number in range(len(codes)):
            job(number)
        return (time.process_time() - begin) / len(codes) * 1000

    def drawn(number: int) -> None:
        with suppress(PairRefused):
            draw_views(codes[number], 0)

    tokenizer.sample(codes[0], seed=0)  # builds what it samples with
    whole = PairDataset(codes, tokenizer, DataConfig(sampled=1.0), seed=0)
    best = PairDataset(codes, tokenizer, DataConfig(sampled=0.0), seed=0)
    return {
        "views_ms": milliseconds(drawn),
        "pair_ms": milliseconds(lambda number: best[EpochItem(0, number)]),
        "pair_sampled_ms": milliseconds(lambda number: whole[EpochItem(0, number)]),
    }


def against(command: str, codes: Sequence[str]) -> tuple[list[list[str | None]], float]:
    """Run another program over the same functions; return its variants and the CPU seconds that it
    took.
    """
    lines = "".join(
        json.dumps({"id": number, "code": code}) + "\n" for number, code in enumerate(codes)
    )
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        shlex.split(command), input=lines.encode(), stdout=subprocess.PIPE, check=True
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    table = {
        answer["id"]: answer["variants"]
        for answer in map(json.loads, done.stdout.split(b"\n")[:-1])
    }
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return [table.get(number, []) for number in range(len(codes))], seconds


def variants(codes: Iterable[str], copies: int) -> Iterable[list[str]]:
    """Yield the variants of each function."""
    pipeline = Pipeline.default()
    for code in codes:
        views: Iterable[View] = pipeline.views(augment.parse(code), copies)
        yield [view.text for view in views]


def measure(codes: Sequence[str], copies: int, command: str | None) -> dict[str, Any]:
    """Return all figures."""
    rates = [speed(codes, copies)]
    theirs: list[list[str | None]] = []
    seconds = 0.0
    if command is not None:
        # between two measurements of ours, since other programs on the machine slow down what runs
        # beside them
        theirs, seconds = against(command, codes)
        rates.append(speed(codes, copies))
    figures: dict[str, Any] = {
        "variants_per_second": statistics.harmonic_mean(rates),
        "time": shares(codes, copies),
        **distinctness(variants(codes, copies)),
        **pair_cost(codes),
    }
    if command is not None:
        rate = sum(map(len, theirs)) / seconds
        figures["against"] = {"variants_per_second": rate, **distinctness(theirs)}
        figures["ratio"] = figures["variants_per_second"] / rate
    return figures


def _show(figures: dict[str, Any], indent: str = "") -> None:
    for key, value in figures.items():
        if isinstance(value, dict):
            print(f"{indent}{key}")
            _show(value, indent + "  ")
        else:
            print(
                f"{indent}{key:{28 - len(indent)}}{value:12.4g}"
                if value < 1000
                else f"{indent}{key:{28 - len(indent)}}{value:12,.0f}"
            )


def main() -> int:
    assert __doc__ is not None
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.augment", description=__doc__.split("\n")[0]
    )
    parser.add_argument("functions", nargs="+", help="JSON lines with a field `code`, or a corpus")
    parser.add_argument(
        "--count", type=int, default=2000, help="functions, drawn from all (default 2000)"
    )
    parser.add_argument("--copies", type=int, default=20, help="variants of each (default 20)")
    parser.add_argument("--seed", type=int, default=0, help="of the draw of functions")
    parser.add_argument(
        "--against", metavar="CMD", help="another program to measure in the same run"
    )
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    codes, repositories = sample(args.functions, args.count, args.seed)
    figures = {
        "functions": len(codes),
        "repositories": repositories,
        **measure(codes, args.copies, args.against),
    }
    if args.json:
        print(json.dumps(figures, indent=2))
    else:
        _show(figures)
    return 0


if __name__ == "__main__":
    sys.exit(main())
