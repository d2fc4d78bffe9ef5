"""A proof that rewrites of TypeScript and JSX keep what programs do.

python -m tests.augment.typed --npm DIR [--variants 20] [--seed 0]

Every program of tests/programs is rewritten by all transforms, as training draws them, with names
kept, and by each transform alone; esbuild strips types and compiles JSX, and Node runs what comes
of it. DIR is a folder whose node_modules has esbuild; without one there is nothing to run.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import augment
from augment import Pipeline, Semantics
from augment.program.files import language_of

PROGRAMS = Path(__file__).parents[1] / "programs"
RUNNER = Path(__file__).with_name("typed.cjs")


def variants(path: Path, count: int, seed: int) -> Iterator[tuple[str, str]]:
    """Yield the variants of a program that differ from it, each with what made it."""
    source = path.read_text(encoding="utf-8")
    program = augment.parse(source, language=language_of(path.name))
    pipelines = {
        "all": (Pipeline.everything(), 3),
        "default": (Pipeline.default(), count),
        "names kept": (Pipeline.everything(Semantics.PRESERVED), 3),
    }
    for name, item in augment.registry().items():
        if item.level <= Semantics.OBSERVABLE:
            pipelines[name] = (Pipeline([name], probability=1, strength=1), 1)
    for name, (pipeline, views) in pipelines.items():
        for number in range(views):
            text = pipeline.view(program, seed + number).text
            if text != source:
                yield name, text


def answers(npm: Path, path: Path, texts: list[str]) -> list[str]:
    """Return what `main` of each text answers in Node."""
    loader = {".ts": "ts", ".tsx": "tsx"}.get(path.suffix, "jsx")
    jsx = "automatic" if "automatic" in path.stem else "transform"
    jobs = [{"code": text, "loader": loader, "jsx": jsx} for text in texts]
    done = subprocess.run(
        ["node", str(RUNNER), str(npm)],
        input=json.dumps(jobs),
        capture_output=True,
        text=True,
        check=True,
    )
    found: list[str] = json.loads(done.stdout)
    return found


def differences(npm: Path, path: Path, made: list[tuple[str, str]]) -> list[tuple[str, str, str]]:
    """Return the variants that answer otherwise than the program: transform, text and how."""
    expected, *found = answers(
        npm, path, [path.read_text(encoding="utf-8"), *(text for _, text in made)]
    )
    if expected.startswith("throws"):
        raise ValueError(f"{path}: the program itself {expected}")
    return [
        (name, text, f"{expected[:200]} became {answer[:200]}")
        for (name, text), answer in zip(made, found, strict=True)
        if answer != expected
    ]


def _check_that_a_wrong_variant_is_seen(npm: Path) -> None:
    path = PROGRAMS / "parameter_properties.ts"
    wrong = path.read_text(encoding="utf-8").replace("private x:", "private renamed:")
    if not differences(npm, path, [("renamed", wrong)]):
        raise AssertionError("a lost property is not seen")


def main() -> int:
    assert __doc__ is not None
    parser = argparse.ArgumentParser(
        prog="python -m tests.augment.typed", description=__doc__.split("\n")[0]
    )
    parser.add_argument("--npm", type=Path, required=True, help="a folder with node_modules")
    parser.add_argument("--variants", type=int, default=20, help="drawn as for training, a program")
    parser.add_argument("--seed", type=int, default=0, help="of the first variant")
    args = parser.parse_args()
    if shutil.which("node") is None or not (args.npm / "node_modules" / "esbuild").is_dir():
        print(f"{args.npm}: no esbuild for Node here; nothing was run", file=sys.stderr)
        return 2
    _check_that_a_wrong_variant_is_seen(args.npm)
    total: Counter[str] = Counter()
    failures: Counter[str] = Counter()
    for path in sorted(PROGRAMS.iterdir()):
        made = list(variants(path, args.variants, args.seed))
        total[path.suffix] += len(made)
        for name, text, how in differences(args.npm, path, made):
            failures[path.suffix] += 1
            print(f"{path.name}, {name}: {how}\n{text}\n", flush=True)
    for suffix in sorted(total):
        print(f"{suffix[1:]:4} {total[suffix]:6,} variants {failures[suffix]:4,} failures")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
