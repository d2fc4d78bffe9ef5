"""Throws broken and odd inputs at the augmentation engine.

python -m benchmarks.fuzz_augment --inputs 100000 [--seed 0] [--first N] [--keep DIR] [PATH ...]

Inputs are mutated real code (the sample corpus and the case files, or PATHs), bytes, nesting of 10
000 levels and lines of a megabyte. Each must be refused with `ParseError`, or give a view that
parses and in which every name means what it meant; an input below 10 kB within a second. Exit code
1 if one does not. The number of a failure reproduces it: `--first NUMBER --inputs 1`.
"""

from __future__ import annotations

import argparse
import random
import re
import signal
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

import augment
from augment import Language, ParseError, Pipeline
from augment.checking.verify import check

ROOT = Path(__file__).parents[1]

LANGUAGES: dict[str, Language] = {".js": "javascript", ".ts": "typescript", ".tsx": "tsx"}

ORDINARY = 10_000
"""Bytes up to which an input must be done within a second."""

_PATIENCE = 120
"""CPU seconds after which any input counts as a hang."""

_TOKEN = re.compile(r"[\w$]+|\s+|=>|[^\w\s]")

Input = tuple[str, str | bytes, Language]
"""Kind, source, language."""


def nests(depth: int, size: int | None = None) -> Iterator[Input]:
    """Yield sources nested in every way the grammar has, to `depth` or up to `size` bytes."""
    pairs = {
        "parentheses": ("(", "x", ")"),
        "arrays": ("[", "", "]"),
        "blocks": ("{", "", "}"),
        "calls": ("f(", "", ")"),
        "objects": ("({a:", "1", "})"),
        "functions": ("(function(){", "", "})"),
        "arrows": ("a=>", "a", ""),
        "unary": ("!", "x", ""),
        "minus": ("- ", "x", ""),
        "ternaries": ("a?b:", "c", ""),
        "additions": ("", "a", "+a"),
        "concatenations": ("", "'a'", "+'b'"),
        "members": ("", "a", ".b"),
        "elements": ("", "a", "[0]"),
        "chained calls": ("", "a", "()"),
        "ifs": ("if(a)", ";", ""),
        "elses": ("if(a);else ", ";", ""),
        "whiles": ("while(a)", ";", ""),
        "labels": ("if(1)a:", ";", ""),
        "sequences": ("", "a", ",a"),
        "assignments": ("a=", "b", ""),
        "templates": ("`${", "x", "}`"),
        "patterns": ("[", "a", "]=b"),
        "classes": ("(class{a=", "1", "})"),
        "ands": ("", "a", "&&a"),
        "powers": ("a**", "a", ""),
        "tries": ("try{", "", "}catch(e){}"),
        "switches": ("switch(a){case 0:", "", "}"),
        "fors": ("for(;;){", "", "}"),
        "news": ("new ", "a", ""),
        "awaits": ("await ", "a", ""),
        "commas": ("var a=[", "", "]"),
        "tags": ("<a>", "", "</a>"),
        "openings": ("({[", "", ""),
        "comments": ("/*", "", "*/"),
        "closings": ("", "", "})"),
        "strings": ("'", "", "'"),
        "declared functions": ("function f(){", "", "}"),
        "statements": ("a();", "", ""),
        "lines": ("a\n", "", ""),
    }
    for name, (before, core, behind) in pairs.items():
        levels = min(depth, (size or sys.maxsize) // len(before + behind) - 2)
        yield f"nested {name}", before * levels + core + behind * levels, "javascript"
    yield "nested types", "let a: " + "A<" * (depth // 2) + "B" + ">" * (depth // 2), "typescript"


def lines(size: int) -> Iterator[Input]:
    """Yield sources of about `size` bytes on one line."""
    units = (
        "var a=1;",
        "f(a,b);",
        "a+",
        "'x'+",
        "[1,2],",
        "(",
        "a",
        "/",
        "`",
        "\\u0061",
        "é",
        "x=>",
        "if(a)b();else c();",
        "\t",
        "//",
        "function f(a){return a+1}",
    )
    for unit in units:
        yield f"line of {unit}", unit * (size // len(unit)), "javascript"
    yield "line of one string", "x='" + "a" * size + "'", "javascript"
    yield "line of one number", "x=" + "9" * size, "javascript"
    yield "line of one array", "x=[" + "1," * (size // 2) + "]", "javascript"
    yield "line of bytes", bytes(range(256)) * (size // 256), "javascript"


def mutate(draw: random.Random, tokens: list[str], other: list[str]) -> str:
    """Return the text of `tokens` with a few of them gone, doubled, moved, or replaced by some of
    `other`.
    """
    tokens = tokens[:]
    if (
        draw.random() < 0.4
    ):  # mildly: one token for another of its kind, which most often still parses
        at = draw.randrange(len(tokens))
        alike = [token for token in other if _kind(token) == _kind(tokens[at])]
        return "".join([*tokens[:at], draw.choice(alike or tokens), *tokens[at + 1 :]])
    for _ in range(draw.choice((1, 1, 1, 2, 3, 8))):
        if not tokens:
            break
        at = draw.randrange(len(tokens))
        width = draw.choice((1, 1, 1, 2, 5, 20))
        kind = draw.randrange(5)
        if kind == 0:
            del tokens[at : at + width]
        elif kind == 1:
            tokens[at:at] = tokens[at : at + width]
        elif kind == 2:
            to = draw.randrange(len(tokens))
            tokens[at], tokens[to] = tokens[to], tokens[at]
        elif kind == 3:
            start = draw.randrange(len(other))
            tokens[at : at + width] = other[start : start + width]
        else:
            tokens[at] = draw.choice(other)
    return "".join(tokens)


def _kind(token: str) -> str:
    return (
        "word"
        if token[0].isidentifier()
        else "number"
        if token[0].isdigit()
        else "space"
        if token.isspace()
        else "sign"
    )


def corpus(paths: Sequence[str]) -> list[tuple[list[str], Language]]:
    """Return the files to mutate, in tokens: whole ones of ordinary size, pieces of longer ones."""
    files: list[Path] = []
    for path in map(Path, paths or (ROOT / "data" / "sample", ROOT / "tests" / "cases")):
        files += (
            [path]
            if path.is_file()
            else sorted(file for file in path.rglob("*") if file.suffix in LANGUAGES)
        )
    found: list[tuple[list[str], Language]] = []
    for file in files:
        tokens: list[str] = _TOKEN.findall(file.read_text(encoding="utf-8", errors="ignore"))
        language = LANGUAGES[file.suffix]
        found.extend(
            (tokens[start : start + 600], language) for start in range(0, len(tokens), 600)
        )
        if 600 < len(tokens) < 2500:
            found.append((tokens, language))
    return [(tokens, language) for tokens, language in found if any(map(str.strip, tokens))]


def drawn(number: int, seed: int, files: Sequence[tuple[list[str], Language]]) -> Input:
    """Return input `number`."""
    draw = random.Random(f"{seed}/{number}")
    tokens, language = draw.choice(files)
    kind = draw.random()
    if kind < 0.8:
        if draw.random() < 0.5:
            start = draw.randrange(len(tokens))
            tokens = tokens[start : start + draw.randrange(10, 200)]
        return "mutated code", mutate(draw, tokens, draw.choice(files)[0]), language
    if kind < 0.9:
        data = bytearray("".join(tokens).encode())
        for _ in range(draw.choice((1, 2, 5))):
            data[draw.randrange(len(data))] = draw.randrange(256)
        return "mutated bytes", bytes(data), language
    if kind < 0.95:
        return "random bytes", draw.randbytes(draw.randrange(400)), language
    alphabet = "(){}[]<>=!+-*/%&|^~?:;,.`'\"\\#@$ \n\ra1\u2028é😀"
    return (
        "random signs",
        "".join(draw.choice(alphabet) for _ in range(draw.randrange(40))),
        language,
    )


def exercise(
    source: str | bytes, language: Language, pipelines: Sequence[Pipeline], number: int
) -> str:
    """Parse, rewrite and check one input.

    Returns:
        "parsed", "refused", or what went wrong.
    """
    try:
        program = augment.parse(source, language=language)
    except ParseError:
        return "refused"
    view = pipelines[number % len(pipelines)].view(program, number)
    problems = check(program, view) if len(program.source) < 10 * ORDINARY else []
    return (
        "; ".join(f"{problem.checker}: {problem.message}" for problem in problems[:3]) or "parsed"
    )


def _hang(*_: object) -> None:
    raise TimeoutError(f"not done after {_PATIENCE} s of CPU time")


def guarded(job: Callable[[], str]) -> tuple[str, float]:
    """Run one input; return what came of it and the CPU seconds."""
    begin = time.process_time()
    signal.setitimer(signal.ITIMER_PROF, _PATIENCE)
    try:
        outcome = job()
    except Exception as error:
        frame = traceback.extract_tb(error.__traceback__)[-1]
        outcome = f"{type(error).__name__} in {Path(frame.filename).name}:{frame.lineno}: {error}"[
            :300
        ]
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
    return outcome, time.process_time() - begin


def main() -> int:
    assert __doc__ is not None
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.fuzz_augment", description=__doc__.split("\n")[0]
    )
    parser.add_argument(
        "paths", nargs="*", help="files or folders to mutate (default: the project's own samples)"
    )
    parser.add_argument("--inputs", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--first", type=int, default=0, help="number of the first input")
    parser.add_argument("--keep", type=Path, help="folder for the inputs that fail")
    args = parser.parse_args()
    signal.signal(signal.SIGPROF, _hang)
    pipelines = (Pipeline.everything(), Pipeline.default())
    files = corpus(args.paths)
    special = [*nests(10_000), *nests(10_000, ORDINARY), *lines(1_000_000)]
    counts: Counter[str] = Counter()
    slowest = 0.0
    failures = 0
    for number in range(args.first, args.first + args.inputs):
        kind, source, language = (
            special[number] if number < len(special) else drawn(number, args.seed, files)
        )
        job = partial(exercise, source, language, pipelines, number)
        outcome, seconds = guarded(job)
        if len(source) < ORDINARY:
            if seconds > 1:  # once more: a collection of earlier garbage is not this input's fault
                seconds = min(seconds, guarded(job)[1])
            slowest = max(slowest, seconds)
            if seconds > 1:
                outcome = f"took {seconds:.1f} s"
        if outcome not in ("parsed", "refused"):
            failures += 1
            print(f"{number} ({kind}, {language}, {len(source)}): {outcome}", flush=True)
            if args.keep:
                args.keep.mkdir(parents=True, exist_ok=True)
                (args.keep / f"{number}.txt").write_bytes(
                    source if isinstance(source, bytes) else source.encode()
                )
            outcome = "failed"
        counts[outcome] += 1
        counts[f"{kind if number >= len(special) else 'special'}, {outcome}"] += 1
    for key, count in sorted(counts.items()):
        print(f"{count:8,}  {key}")
    print(f"slowest input below {ORDINARY:,} bytes: {slowest:.2f} s")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
