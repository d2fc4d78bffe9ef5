"""A synthetic CodeSearchNet: as many functions as asked for, in the layout that it was published
in.

python -m benchmarks.synthetic FOLDER --functions 200000 [--seed 0]

Functions are made of statements drawn from templates, with names from a seeded vocabulary, at
lengths that are those of real ones (median about 70 tokens, one in a hundred above 600). What a
function is follows from the seed and its number alone, so that a duplicate of any earlier one is
made again and nothing is kept in memory.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

ROWS = 30_000
"""Rows of a file, as published."""

REPOSITORY = 60
"""Functions of a repository."""

COPIES, RENAMED, NEAR, BROKEN = 0.20, 0.05, 0.03, 0.01
"""Shares of the rows: exact duplicates, duplicates up to renaming, functions with a statement more
than an earlier one, broken lines.
"""

_SYLLABLES = (
    "al ba co den er fi gra ho in jo ka lum me nor ob par qui ren sol tu un ver wi xen yor zet"
).split()
_TOKEN = re.compile(r"//[^\n]*|'[^']*'|[\w$]+|=>|===|!==|&&|\|\||\+=|\+\+|[^\s\w]")


@dataclass(slots=True)
class Row:
    """A row, and what it was made as: "new", "copy", "renamed", "near" or "broken"."""

    kind: str
    line: bytes


@dataclass
class Synthetic:
    """The corpus of a seed.

    Attributes:
        seed: of all.
    """

    seed: int = 0
    _properties: list[str] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        draw = Random(self.seed)
        words = sorted(
            {"".join(draw.choices(_SYLLABLES, k=draw.randint(2, 3))) for _ in range(3_000)}
        )
        self._properties = words + [
            one + other.title()
            for one, other in zip(words, draw.sample(words, len(words)), strict=True)
        ]

    def rows(self, functions: int) -> Iterator[Row]:
        """Yield the rows."""
        for number in range(functions):
            kind, draw = self._kind(number)
            if kind == "broken":
                yield Row(kind, b'{"repo": "cut/short", "code": "function (')
                continue
            of = number
            while kind != "new" and (of == number or self._kind(of)[0] != "new"):
                of = draw.randrange(number)
            code = self.function(
                of, names=number if kind == "renamed" else of, longer=kind == "near"
            )
            yield Row(kind, self._row(number, code, draw))

    def _kind(self, number: int) -> tuple[str, Random]:
        draw = Random(f"{self.seed}/row/{number}")
        drawn = draw.random() if number else 1.0
        for name, share in (
            ("broken", BROKEN),
            ("copy", COPIES),
            ("renamed", RENAMED),
            ("near", NEAR),
        ):
            if drawn < share:
                return name, draw
            drawn -= share
        return "new", draw

    def function(self, number: int, *, names: int, longer: bool = False) -> str:
        """Return a function.

        Args:
            number: which.
            names: which names its variables have.
            longer: with one statement more.
        """
        draw, naming = Random(f"{self.seed}/{number}"), Random(f"{self.seed}/names/{names}")
        count = min(max(round(draw.lognormvariate(1.3, 0.95)), 1), 300)
        # No property has an underscore, so that a renamed variable can take none's place.
        locals_ = [f"{naming.choice(_SYLLABLES)}_{place}" for place in range(4 + count // 4)]
        writer = _Writer(draw, locals_, self._properties)
        body = [writer.statement(1) for _ in range(count)]
        if longer:
            body.insert(
                len(body) // 2, f"  console.log({locals_[0]}.{self._properties[number % 997]});"
            )
        name = self._properties[naming.randrange(len(self._properties))]
        return "\n".join(
            [
                f"function {name}({locals_[0]}, {locals_[1]}) {{",
                *body,
                f"  return {writer.expression()};",
                "}",
            ]
        )

    def _row(self, number: int, code: str, draw: Random) -> bytes:
        repository = number // REPOSITORY
        name = code[9 : code.index("(")]
        docstring = " ".join(draw.choices(self._properties, k=draw.randint(4, 24)))
        row = {
            "repo": f"owner{repository % 997}/project{repository}",
            "path": f"lib/{name}.js",
            "func_name": name,
            "original_string": code,
            "language": "javascript",
            "code": code,
            "code_tokens": _TOKEN.findall(code),
            "docstring": docstring,
            "docstring_tokens": docstring.split(),
            "sha": f"{repository:040x}",
            "url": f"https://example.org/owner{repository % 997}/project{repository}/lib/"
            f"{name}.js#L1-L9",
            "partition": "train",
        }
        return json.dumps(row).encode()


class _Writer:
    """Writes statements: what they are comes from `draw`, so that with other names the same
    function is written.
    """

    def __init__(self, draw: Random, names: list[str], properties: list[str]) -> None:
        self._draw = draw
        self._names = names
        self._properties = properties
        self._declared = 2
        self._templates: list[Callable[[str, int], str]] = [
            self._declaration,
            lambda pad, depth: f"{pad}{self._name()}.{self._property()} = {self.expression()};",
            lambda pad, depth: (
                f"{pad}{self._name()}.{self._property()}({self.expression()}, {self.expression()});"
            ),
            lambda pad, depth: (
                f"{pad}// {self._property()} "
                f"{self._property()}\n{pad}{self._property()}({self.expression()});"
            ),
            lambda pad, depth: (
                f"{pad}if ({self.expression()}) {{\n{self.statement(depth + 1)}\n{pad}}}"
            ),
            lambda pad, depth: (
                f"{pad}if (!{self._name()}.{self._property()}) return '{self._property()}';"
            ),
            lambda pad, depth: (
                f"{pad}for (let i = 0; i < {self._name()}.length; i++) "
                f"{{\n{self.statement(depth + 1)}\n{pad}}}"
            ),
            lambda pad, depth: (
                f"{pad}{self._name()}.forEach(function (each) "
                f"{{\n{pad}  each.{self._property()} += {self.expression()};\n{pad}}});"
            ),
        ]

    def statement(self, depth: int) -> str:
        templates = self._templates if depth < 4 else self._templates[:4]
        return templates[int(self._draw.random() * len(templates))]("  " * depth, depth)

    def expression(self) -> str:
        kind = int(self._draw.random() * 6)
        if kind == 0:
            return self._name()
        if kind == 1:
            return f"{self._name()}.{self._property()}"
        if kind == 2:
            return f"'{self._property()}'"
        if kind == 3:
            return str(int(self._draw.random() * 100))
        if kind == 4:
            return f"{self._name()}.{self._property()}({self.expression()})"
        return f"{self._name()} + {self.expression()}"

    def _declaration(self, pad: str, depth: int) -> str:
        value = self.expression()
        if depth > 1 or self._declared == len(self._names):
            return f"{pad}{self._property()}({value});"
        self._declared += 1
        return f"{pad}var {self._names[self._declared - 1]} = {value};"

    def _name(self) -> str:
        return self._names[int(self._draw.random() * self._declared)]

    def _property(self) -> str:
        return self._properties[int(self._draw.random() * len(self._properties))]


def write(folder: Path, functions: int, seed: int = 0) -> dict[str, int]:
    """Write the files, and return the number of rows of each kind."""
    folder.mkdir(parents=True, exist_ok=True)
    counts: dict[str, int] = dict.fromkeys(("new", "copy", "renamed", "near", "broken"), 0)
    rows = Synthetic(seed).rows(functions)
    for file in range(-(-functions // ROWS)):
        with gzip.open(
            folder / f"javascript_train_{file}.jsonl.gz", "wb", compresslevel=1
        ) as stream:
            for _, row in zip(range(ROWS), rows, strict=False):
                counts[row.kind] += 1
                stream.write(row.line + b"\n")
    return counts


def main() -> None:
    parser = argparse.ArgumentParser(description="Write a synthetic CodeSearchNet.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--functions", type=int, default=200_000)
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    print(json.dumps(write(args.folder, args.functions, args.seed)))


if __name__ == "__main__":
    main()
