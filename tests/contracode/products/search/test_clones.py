"""Groups of clones: what is one, what is none, and that all rows are compared with all."""

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from contracode.products.search import clones as module
from contracode.products.search.clones import clones
from contracode.products.search.functions import IndexedFunction
from contracode.products.search.index import Index, IndexedFile, run, update
from contracode.products.search.sketches import SIZE, overlap

Workspace = Callable[..., Path]

SUM = (
    "function sum(list) { let total = 0; for (const one of list) { if (one > 0) total += one * 2 } "
    "return total }\n"
)
RENAMED = (
    "function plus(xs) {\n  let t = 0;\n  for (const x of xs) { if (x > 0) t += x * 2 }\n  return "
    "t\n}\n"
)
EDITED = SUM.replace("total += one * 2", "total -= one * 2").replace("sum", "less")
OTHER = (
    "function join(parts, by) { let text = ''; parts.forEach(p => { text = text.concat(p, by, "
    "p.length) }); return text.trim() }\n"
)


def names(group: module.CloneGroup) -> list[str]:
    return [member.place.function.name for member in group.members]


def test_kinds(workspace: Workspace, model: Any) -> None:
    root = workspace({"a.js": SUM + OTHER, "b.js": "// copy\n" + SUM})
    (group,) = clones(run(update(root, model)), min_tokens=20)
    assert (group.kind, group.likeness, names(group)) == ("identical", 1.0, ["sum", "sum"])
    assert group.repeated == group.members[0].place.function.tokens

    (root / "b.js").write_text(RENAMED)
    (group,) = clones(run(update(root, model)), threshold=1, min_tokens=20)
    assert (group.kind, group.likeness, names(group)) == ("renamed", 1.0, ["sum", "plus"])

    (root / "b.js").write_text(EDITED)
    index = run(update(root, model))
    (group,) = clones(index, min_tokens=20)
    assert (group.kind, names(group)) == ("similar", ["sum", "less"])
    assert 0.75 < group.likeness < 1
    assert clones(index, threshold=0.99, min_tokens=20) == []
    assert clones(index, min_tokens=100) == []


def test_a_function_is_no_clone_of_what_is_in_it(workspace: Workspace, model: Any) -> None:
    wrapped = f"function outer() {{ return {RENAMED} }}\n"
    root = workspace({"a.js": wrapped})
    assert clones(run(update(root, model)), threshold=0.1, min_tokens=20) == []
    (root / "b.js").write_text(wrapped)
    (group,) = clones(
        run(update(root, model)), min_tokens=20
    )  # the inner ones are repeated inside of it
    assert names(group) == ["outer", "outer"]


def random_index(chance: random.Random, count: int) -> Index:
    """Functions near to one of few centres in vector and sketch, some of them the same but for
    names.
    """
    draw = np.random.default_rng(chance.randrange(2**32))
    centres = draw.normal(size=(6, 8))
    sketches = draw.integers(0, 256, (6, SIZE), dtype=np.uint8)
    functions, vectors = [], []
    for number in range(count):
        centre = chance.randrange(6)
        vectors.append(centres[centre] + draw.normal(size=8) * chance.choice([0.05, 0.5]))
        sketch = np.where(
            draw.random(SIZE) < chance.choice([0.05, 0.5]),
            draw.integers(0, 256, SIZE),
            sketches[centre],
        )
        syntax = bytes([chance.randrange(4)]) if chance.random() < 0.1 else number.to_bytes(4)
        start = number * 10 - (
            5 if chance.random() < 0.1 else 0
        )  # some overlap, none contains another
        functions.append(
            IndexedFunction(
                "f",
                1,
                1,
                start,
                start + 11,
                50,
                b"",
                syntax,
                sketch.astype(np.uint8).tobytes(),
                b"",
            )
        )
    vectors_ND = np.stack(vectors)
    vectors_ND /= np.linalg.norm(vectors_ND, axis=1, keepdims=True)
    return Index(
        Path(),
        model="m",
        files=[IndexedFile("a.js", b"", functions)],
        vectors_ND=vectors_ND.astype(np.float16),
    )


def slow_clones(index: Index, threshold: float) -> dict[int, int]:
    """Return for each row its leader, by the definition."""
    vectors_ND, leader_of, by_syntax = index.unit(slice(None)), dict[int, int](), dict[bytes, int]()
    for row, place in enumerate(index.places):
        best = (threshold, 1, row)
        for leader in dict.fromkeys(leader_of.values()):
            shared = float(
                overlap(index.sketches_NK[row], index.sketches_NK[leader : leader + 1])[0]
            )
            alike = (max(float(vectors_ND[row] @ vectors_ND[leader]), 0) + shared) / 2
            best = max(best, (alike, -leader, leader)) if alike >= threshold else best
        leader_of[row] = by_syntax.get(place.function.syntax, best[2])
        if leader_of[row] == row:
            by_syntax[place.function.syntax] = row
    return leader_of


@pytest.mark.parametrize("threshold", [0.4, 0.75, 0.9])
@pytest.mark.parametrize("rows", [7, 64, 1_000])
def test_blocks_against_the_definition(
    monkeypatch: pytest.MonkeyPatch, threshold: float, rows: int
) -> None:
    monkeypatch.setattr(module, "_ROWS", rows)
    monkeypatch.setattr(module, "_PAIRS", 50)
    index = random_index(random.Random(rows), 150)
    expected: dict[int, list[int]] = {}
    for row, leader in slow_clones(index, threshold).items():
        expected.setdefault(leader, []).append(row)
    found = clones(index, threshold=threshold)
    row_of = {place.function.start: row for row, place in enumerate(index.places)}
    groups = sorted(
        [row_of[member.place.function.start] for member in group.members] for group in found
    )
    assert groups == sorted(group for group in expected.values() if len(group) > 1)
    assert len(groups) > 3
