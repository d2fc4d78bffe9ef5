"""Near-duplicates: what is near, that it is found, and that the bytes of a corpus do not depend on
how it was built.
"""

import gzip
import json
import random
import subprocess
import sys
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

import augment
from contracode.corpus.build import near_duplicates
from contracode.corpus.build.builder import BuildOptions, build
from contracode.corpus.build.engine import LocalEngine
from contracode.corpus.build.near_duplicates import FIRST, thin_out
from contracode.corpus.build.parts import writing_part
from contracode.corpus.build.shingles import (
    MIN_RECALL,
    WIDTH,
    Bands,
    TokenBatch,
    band_keys,
    choose_bands,
)
from contracode.corpus.storage.readers import read_functions
from contracode.corpus.storage.rows import FunctionRecord
from contracode.javascript.syntax_hash import function_key, snippet_tokens
from contracode.support.errors import InputError

LONG = """function render(list, options) {
  const rows = [];
  for (const item of list) {
    if (item.hidden && !options.all) continue;
    const label = options.format ? options.format(item.label) : item.label.trim();
    rows.push({ label, count: item.children.length, width: label.length * options.scale });
  }
  rows.sort((one, other) => one.width - other.width || one.count - other.count);
  return rows.slice(0, options.limit).map((row) => row.label + ' (' + row.count + ')').join(options.separator);
}"""
NEAR = (
    LONG.replace("hidden", "removed")
    .replace("rows", "lines")
    .replace("function render", "function draw")
)
OTHER = LONG.replace("rows.", "this.rows.").replace("options.", "this.").replace("row.", "row.own.")


def jaccard(one: list[str], other: list[str]) -> float:
    """From the definition, without a hash."""

    def shingles(tokens: list[str]) -> set[tuple[str, ...]]:
        blind = ["\x01" if token[0] == "\x01" else token for token in tokens] + [""] * (WIDTH - 1)
        return {tuple(blind[at : at + WIDTH]) for at in range(len(tokens))}

    a, b = shingles(one), shingles(other)
    return len(a & b) / len(a | b)


def tokens(code: str) -> list[str]:
    return snippet_tokens(augment.parse(code))


def thin(
    tmp_path: Path, functions: list[list[str]], threshold: float, *, reserved: tuple[int, ...] = ()
) -> list[int]:
    """Return the numbers of those that stay, of two parts."""
    bands = choose_bands(threshold)
    half = len(functions) // 2
    parts = [tmp_path / "one", tmp_path / "two"]
    for place, some in zip(parts, (functions[:half], functions[half:]), strict=True):
        with writing_part(place, bands) as part:
            for function in some:
                part.write(FunctionRecord(code="f", partition="train"), "0", "0", function)
    kept = np.ones(len(functions), bool)
    kept[list(reserved)] = False
    excluded = np.array(reserved, np.int64)
    starts = np.array([0, half, len(functions)])
    counts = thin_out(
        tmp_path / "near", parts, starts, kept, excluded, bands, threshold, LocalEngine()
    )
    assert sum(counts.values()) == len(functions) - len(reserved) - kept.sum()
    return np.flatnonzero(kept).tolist()


def test_a_pair_that_is_near_is_found_and_one_that_is_not_stays(tmp_path):
    assert jaccard(tokens(LONG), tokens(NEAR)) > 0.9
    assert 0.3 < jaccard(tokens(LONG), tokens(OTHER)) < 0.8
    assert thin(tmp_path, [tokens(code) for code in (LONG, OTHER, NEAR)], 0.8) == [0, 1]


def test_names_of_variables_do_not_count_and_all_others_do(tmp_path):
    renamed = (
        LONG.replace("rows", "a")
        .replace("item", "b")
        .replace("options", "c")
        .replace("label }", "d }")
    )
    assert jaccard(tokens(LONG.replace("{ label,", "{ label: label,")), tokens(renamed)) < 1
    short = [
        "function f(a) { return a.x }",
        "function g(b) { return b.x }",
        "function f(a) { return a.y }",
    ]
    assert thin(tmp_path, [tokens(code) for code in short], 1.0) == [0, 2]


def generated(count: int, seed: int) -> list[list[str]]:
    """Functions by their tokens, in families of three: one of 30 to 300 tokens, and two that differ
    from it in some places.
    """
    draw = random.Random(seed)
    functions: list[list[str]] = []
    for _ in range(count // 3):
        first = [f"t{draw.randrange(400)}" for _ in range(round(30 * 10 ** draw.random()))]
        functions.append(first)
        for _ in range(2):
            places = draw.sample(
                range(len(first)), max(1, round(len(first) * draw.uniform(0, 0.05)))
            )
            functions.append(
                [
                    f"u{draw.randrange(400)}" if at in places else token
                    for at, token in enumerate(first)
                ]
            )
    return functions


@pytest.mark.parametrize("threshold", [0.5, 0.8, 0.9])
def test_so_many_of_the_pairs_are_found_and_no_others(tmp_path, threshold):
    functions = generated(600, seed=1)
    draw = random.Random(2)
    order = draw.sample(range(len(functions)), len(functions))
    functions = [functions[number] for number in order]
    thin(tmp_path, functions, threshold)
    found = {
        pair
        for file in (tmp_path / "near").glob("pairs-*.u4")
        for pair in map(tuple, np.fromfile(file, "<u4").reshape(-1, 2).tolist())
    }
    family = [number // 3 for number in order]
    within = [(a, b) for a, b in combinations(range(len(functions)), 2) if family[a] == family[b]]
    expected = {(a, b) for a, b in within if jaccard(functions[a], functions[b]) >= threshold}
    assert found <= expected
    assert len(expected) > 50
    assert len(found) / len(expected) >= MIN_RECALL


def test_without_misses_it_is_what_a_slow_loop_keeps(tmp_path):
    functions = generated(150, seed=3) * 2
    random.Random(4).shuffle(functions)
    expected: list[int] = []
    for number, function in enumerate(functions):
        if all(jaccard(functions[before], function) < 0.8 for before in expected):
            expected.append(number)
    # MinHash misses none of these: which pairs it does is as fixed as its functions are.
    assert thin(tmp_path, functions, 0.8) == expected


def test_of_very_many_that_are_alike_one_is_kept(tmp_path):
    alike = [
        ["a"] * 5 + [f"t{at}" for at in range(200)] + [f"v{number}"] for number in range(10 * FIRST)
    ]
    assert thin(tmp_path, alike, 0.8) == [0]


def test_what_is_near_to_an_excluded_function_goes_wherever_it_stands(tmp_path):
    functions = [tokens(code) for code in (NEAR, OTHER, LONG)]
    assert thin(tmp_path, functions, 0.8, reserved=(2,)) == [1]


def test_batches_do_not_change_what_is_found(tmp_path, monkeypatch):
    functions = generated(150, seed=5) * 3
    whole = thin(tmp_path / "whole", functions, 0.6, reserved=(3, 100, 449))
    monkeypatch.setattr(near_duplicates, "_BATCH", 64)
    monkeypatch.setattr(near_duplicates, "_ROWS", 7)
    assert thin(tmp_path / "batches", functions, 0.6, reserved=(3, 100, 449)) == whole
    assert 0 < len(whole) < 150


def test_bands_are_chosen_for_their_recall():
    for threshold in (0.5, 0.6, 0.7, 0.8, 0.9, 1.0):
        bands = choose_bands(threshold)
        assert bands.recall(threshold) >= MIN_RECALL
        assert (
            Bands(128 // (bands.rows + 1), bands.rows + 1).recall(threshold) < MIN_RECALL
            or bands.rows == 128
        )
    assert choose_bands(0.8) == (18, 7)


def test_keys_of_bands_are_the_same_everywhere_and_meet_as_often_as_they_should():
    draw = random.Random(6)
    batch = TokenBatch()
    for _ in range(
        400
    ):  # pairs that share 100 of 150 shingles; a shingle that both have is one of 100 runs
        common = [f"c{draw.random()}" for _ in range(100 + WIDTH - 1)]
        for side in "ab":
            batch.add([*common, *(f"{side}{draw.random()}" for _ in range(25 - WIDTH + 1))])
    shingles = batch.take()
    assert shingles.sizes.tolist() == [125] * 800
    keys = band_keys(shingles, Bands(20, 1))
    assert abs((keys[:, ::2] == keys[:, 1::2]).mean() - 100 / 150) < 0.02
    batch.add(["a", "b"])
    assert band_keys(batch.take(), Bands(2, 2)).tolist() == [[8043783], [1676782459]]


def rows_file(path: Path, codes: list[str], repo: str) -> Path:
    rows = [
        {"repo": repo, "path": "a.js", "func_name": "f", "original_string": code, "code": code}
        for code in codes
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(
        gzip.compress(
            "".join(json.dumps(row | {"language": "javascript"}) + "\n" for row in rows).encode()
        )
    )
    return path


@pytest.fixture
def places(tmp_path) -> list[Path]:
    """Files with functions of which every third is near to one before it."""
    found: list[Path] = []
    for file in range(4):
        codes: list[str] = []
        for number in range(file * 10, file * 10 + 10):
            own = (
                LONG.replace("rows.", f"rows[{number}].")
                .replace("item.", f"item.own{number}.")
                .replace("1", f"{number}")
            )
            codes += [
                own,
                own.replace("scale", "ratio"),
                own.replace("options.", f"this.{number % 7}x."),
            ]
        found.append(
            rows_file(
                tmp_path / "rows" / f"javascript_train_{file}.jsonl.gz",
                codes,
                f"some/repository{file}",
            )
        )
    return found


def command(places: list[Path], output: Path, *options: object) -> list[str]:
    arguments = [*places, "-o", output, "--shard-rows", 20, "--near-duplicates", "0.8", *options]
    return [sys.executable, "-m", "contracode.cli.main", "corpus", "build", *map(str, arguments)]


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


# Dies as `kill -9` makes it, when it has finished a number of tasks: 4 parts, 18 bands, shards.
DYING = """\
import os, signal, sys
from contracode.corpus.build.engine import LocalEngine

left = int(sys.argv.pop(1))

def map_ordered(self, function, items):
    global left
    for item in items:
        if not left:
            os.kill(os.getpid(), signal.SIGKILL)
        left -= 1
        yield function(item)

LocalEngine.map_ordered = map_ordered
from contracode.cli.main import main
main(sys.argv[1:])
"""


def test_workers_and_a_kill_change_no_byte(places, tmp_path):
    manifest = build(
        places, tmp_path / "expected", BuildOptions(shard_rows=20, near_duplicates=0.8)
    )
    expected = contents(tmp_path / "expected")
    assert 0 < manifest.rows_left_out["near-duplicate"] < 80
    assert manifest.options["near_duplicates"] == 0.8
    done = subprocess.run(
        command(places, tmp_path / "two", "--workers", 2),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert f"{manifest.rows_left_out['near-duplicate']}  near-duplicate" in done.stdout
    assert contents(tmp_path / "two") == expected
    arguments = command(places, tmp_path / "killed")[3:]
    for finished in (2, 7, 18):  # among the parts, among the bands, behind them
        killed = subprocess.run(
            [sys.executable, "-c", DYING, str(finished), *arguments],
            capture_output=True,
            check=False,
        )
        assert killed.returncode == -9
    bands = next((tmp_path / ".killed.build").glob("near-*"))
    assert len(list(bands.glob("pairs-*"))) == 18
    assert not (tmp_path / "killed").exists()
    done = subprocess.run(
        command(places, tmp_path / "killed"), capture_output=True, text=True, check=False
    )
    assert (done.returncode, "4 of 4 inputs read" in done.stderr) == (0, True)
    assert contents(tmp_path / "killed") == expected
    assert not list(tmp_path.glob(".*"))


def test_near_duplicates_of_what_is_excluded_are_left_out_too(tmp_path):
    path = rows_file(tmp_path / "x.jsonl.gz", [NEAR, OTHER, LONG], "a/b")
    options = BuildOptions(excluded=frozenset([function_key(LONG)]), near_duplicates=0.8)
    manifest = build([path], tmp_path / "out", options)
    assert [row.code for row in read_functions([tmp_path / "out"])] == [OTHER]
    assert manifest.rows_left_out == {"excluded": 1, "near-duplicate of an excluded function": 1}


def test_a_corpus_of_none_that_is_left_is_refused(tmp_path):
    path = rows_file(tmp_path / "x.jsonl.gz", [NEAR], "a/b")
    with pytest.raises(InputError, match="no functions found"):
        build(
            [path],
            tmp_path / "out",
            BuildOptions(excluded=frozenset([function_key(NEAR)]), near_duplicates=0.8),
        )


def test_another_threshold_is_another_corpus(places, tmp_path):
    left_out = [
        build(places, tmp_path / "out", BuildOptions(near_duplicates=threshold)).rows_left_out.get(
            "near-duplicate", 0
        )
        for threshold in (0.6, 0.8, 0.9, 0.99)
    ]
    assert left_out == sorted(left_out, reverse=True)
    assert left_out[0] > left_out[-1]


@pytest.mark.parametrize("threshold", ["0.49", "1.01", "nan"])
def test_a_threshold_out_of_range_is_refused(places, tmp_path, threshold):
    arguments = command(places, tmp_path / "out")
    arguments[arguments.index("0.8")] = threshold
    done = subprocess.run(arguments, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert (
        done.stderr
        == f"contracode corpus: --near-duplicates must be from 0.5 to 1, not {threshold}\n"
    )
