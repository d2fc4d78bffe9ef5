"""Packing: the same bytes on any number of workers and after any death; what is read back is what
was in the corpus.
"""

import gzip
import json
import os
import pickle
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file

import augment
from contracode.corpus.build.engine import LocalEngine
from contracode.corpus.packed.arrays import Arrays, pack_rows, write_arrays
from contracode.corpus.packed.manifest import is_packed, read_packed_manifest
from contracode.corpus.packed.packing import PackOptions, pack
from contracode.corpus.packed.reading import Packed, open_packed
from contracode.corpus.packed.rendering import render_views
from contracode.corpus.packed.slots import WordEncoder, make_view
from contracode.corpus.storage.readers import read_functions
from contracode.corpus.storage.verification import verify
from contracode.inputs.tokenizer import Tokenizer
from contracode.javascript.syntax_hash import renamed_label
from contracode.support.errors import InputError
from contracode.views.training_data import training_sources
from tests.paths import SAMPLE


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two files of sixty functions of the sample, with rows of other splits and one that does not
    parse.
    """
    folder = tmp_path_factory.mktemp("rows")
    codes = [row.code for row in read_functions([SAMPLE])][:60]
    codes[5] = "function ("
    codes[6] = "let größe = '日本';"
    for number in range(2):
        lines = [json.dumps({"code": code, "partition": "train"}) for code in codes[number::2]]
        lines[3:3] = [json.dumps({"code": "no(training)", "partition": "test"})]
        path = folder / f"javascript_train_{number}.jsonl.gz"
        path.write_bytes(gzip.compress("".join(f"{line}\n" for line in lines).encode()))
    return folder


@pytest.fixture(scope="module")
def options(tokenizer: Tokenizer) -> PackOptions:
    return PackOptions(copies=2, tokenizer=tokenizer, seed=3, shard_rows=8)


@pytest.fixture(scope="module")
def packed_folder(
    rows: Path, options: PackOptions, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    output = tmp_path_factory.mktemp("packed") / "whole"
    pack([rows], output, options)
    return output


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def command(rows: Path, output: Path, tokenizer: Path, *more: object) -> list[str]:
    arguments = [
        rows,
        "-o",
        output,
        "--copies",
        2,
        "--tokenizer",
        tokenizer,
        "--seed",
        3,
        "--shard-rows",
        8,
        "--reads",
        "written",
        *more,
    ]
    return ["corpus", "pack", *map(str, arguments)]


def test_what_is_read_back_is_what_was_in_the_corpus(
    rows: Path, packed_folder: Path, options: PackOptions
):
    packed = Packed(packed_folder)
    sources = [source for source in training_sources([str(rows)]) if source != "function ("]
    assert list(packed) == sources
    assert list(packed[3:5]) == sources[3:5]
    assert packed[-1] == sources[-1]
    assert packed.lengths.tolist() == [len(source.encode()) for source in sources]
    assert packed.manifest.left_out == {"does not parse": 1}
    assert [source.rows for source in packed.manifest.sources] == [30, 30]
    assert len(packed.manifest.shards) == 8
    assert options.tokenizer is not None
    encoder = WordEncoder(options.tokenizer)
    for number, source in enumerate(sources):
        program = augment.parse(source)
        assert packed.label(number) == renamed_label(program)
        expected = [make_view(view, encoder) for view in render_views(program, seed=3, copies=2)]
        found = [packed.view(number, view) for view in packed.views(number)]
        assert len(found) == len(expected)
        for one, other in zip(found, expected, strict=True):
            assert one.names == other.names
            for ours, theirs in zip(
                (*one.words, one.slots, one.kinds), (*other.words, *other[1:3]), strict=True
            ):
                assert ours.dtype == theirs.dtype
                assert ours.tolist() == theirs.tolist()
    with pytest.raises(IndexError):
        packed[len(sources)]


def test_other_programs_read_the_shards(packed_folder: Path):
    arrays = load_file(packed_folder / "shard_00000.safetensors")
    assert arrays["pieces"].dtype == np.uint16
    assert (
        bytes(arrays["text"][: int(arrays["text.offsets"][1])]).decode() == Packed(packed_folder)[0]
    )


def test_any_number_of_workers_gives_the_same_bytes(
    rows: Path, packed_folder: Path, options: PackOptions, tmp_path: Path
):
    told: list[tuple[str, int, int]] = []
    pack(
        [rows],
        tmp_path / "two",
        options,
        engine=LocalEngine(2),
        progress=lambda *step: told.append(step),
    )
    assert contents(tmp_path / "two") == contents(packed_folder)
    assert told == [("files read", n, 2) for n in range(3)] + [
        ("shards packed", n, 8) for n in range(9)
    ]


DYING = """
import os, signal, sys
from contracode.cli.main import main
from contracode.corpus.packed import packing

left = int(sys.argv[1])
whole = packing.write_arrays

def write(path, arrays):
    global left
    left -= 1
    if left < 0:
        path.write_bytes(b"half")
        os.kill(os.getpid(), signal.SIGKILL)
    whole(path, arrays)

packing.write_arrays = write
sys.exit(main(sys.argv[2:]))
"""


@pytest.mark.parametrize("finished", [0, 5])
def test_a_killed_run_goes_on(
    rows: Path, packed_folder: Path, options: PackOptions, finished: int, tmp_path: Path
):
    arguments = command(rows, tmp_path / "out", packed_folder)
    killed = subprocess.run(
        [sys.executable, "-c", DYING, str(finished), *arguments], capture_output=True, check=False
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()
    assert not (tmp_path / "out").exists()
    work = tmp_path / ".out.build"
    there = {path.name: path.stat().st_mtime_ns for path in work.glob("packed-*/shard_*")}
    assert len(there) == finished
    told: list[tuple[str, int, int]] = []
    written: dict[str, int] = {}

    def progress(stage: str, done: int, total: int) -> None:
        told.append((stage, done, total))
        if done == total:
            written.update(
                {path.name: path.stat().st_mtime_ns for path in work.glob("packed-*/shard_*")}
            )

    pack([rows], tmp_path / "out", options, progress=progress)
    assert ("shards packed", finished, 8) in told
    assert written.items() >= there.items(), "what was finished was not written again"
    assert contents(tmp_path / "out") == contents(packed_folder)
    assert not work.exists()


def test_the_command_line(rows: Path, packed_folder: Path, tmp_path: Path):
    base = [sys.executable, "-m", "contracode.cli.main"]
    arguments = command(rows, tmp_path / "out", packed_folder, "--json")
    done = subprocess.run([*base, *arguments], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout) == json.loads((packed_folder / "manifest.json").read_text())
    verified = subprocess.run(
        [*base, "corpus", "verify", str(tmp_path / "out")], capture_output=True, check=False
    )
    assert verified.returncode == 0
    shard = tmp_path / "out" / "shard_00003.safetensors"
    data = bytearray(shard.read_bytes())
    data[-1] ^= 1
    shard.write_bytes(data)
    verified = subprocess.run(
        [*base, "corpus", "verify", str(tmp_path / "out")], capture_output=True, check=False
    )
    assert verified.returncode == 2
    lines = verified.stderr.decode().splitlines()
    assert len(lines) == 1
    assert f"{shard}: has the sha256 " in lines[0]


def test_a_shard_that_is_cut_short_or_gone_is_told_when_it_is_opened(
    packed_folder: Path, tmp_path: Path
):
    for name, data in contents(packed_folder).items():
        (tmp_path / name).write_bytes(data)
    shard = tmp_path / "shard_00001.safetensors"
    whole = shard.read_bytes()
    shard.write_bytes(whole[:-1])
    with pytest.raises(InputError, match=f"{shard}: has .* bytes instead of"):
        Packed(tmp_path)
    shard.write_bytes(bytes(len(whole)))
    with pytest.raises(InputError, match=f"{shard}: is no shard"):
        Packed(tmp_path)[9]
    shard.unlink()
    with pytest.raises(InputError, match=f"{shard}: No such file"):
        Packed(tmp_path)
    assert [str(problem).split(":")[0] for problem in verify(tmp_path)] == [str(shard)]


def test_corpora_that_are_not_packed_are_verified_too(tmp_path: Path):
    (tmp_path / "a.jsonl").write_text("{}\n")
    (tmp_path / "manifest.json").write_text(
        '{"kind": "functions", "shards": [{"name": "a.jsonl", "sha256": "0"}]}'
    )
    assert len(list(verify(tmp_path))) == 1
    for told in (b'{"kind": "functions"}', b'{"kind": "\xff"}'):
        (tmp_path / "manifest.json").write_bytes(told)
        with pytest.raises(InputError, match="is no manifest"):
            Packed(tmp_path)
        assert not is_packed(tmp_path)


def test_another_tokenizer_in_the_folder_is_told(packed_folder: Path, tmp_path: Path):
    for name, data in contents(packed_folder).items():
        (tmp_path / name).write_bytes(data)
    (tmp_path / "tokenizer.model").write_bytes(
        (SAMPLE.parent / "models" / "editor" / "tokenizer.model").read_bytes()
    )
    with pytest.raises(InputError, match="is not the tokenizer"):
        Packed(tmp_path).tokenizer()


def test_without_copies_there_are_sources_and_labels(rows: Path, tmp_path: Path):
    manifest = pack([rows], tmp_path / "out", PackOptions())
    packed = Packed(tmp_path / "out")
    assert (packed.copies, packed.tokenizer(), manifest.tokenizer) == (0, None, "")
    assert len(packed) == 59
    assert load_file(tmp_path / "out" / "shard_00000.safetensors").keys() == {
        "labels",
        "text",
        "text.offsets",
    }


def test_it_pickles_as_its_path_and_gives_memory_back(packed_folder: Path):
    packed = Packed(packed_folder)
    for _ in range(6):  # more functions than memory is given back after
        assert len("".join(packed)) == len("".join(packed))
    data = pickle.dumps(packed)
    assert len(data) < 1000
    assert list(pickle.loads(data)) == list(packed)


def bad(folder: Path) -> dict[str, tuple[list[Path], Path, str]]:
    rows, other = folder / "rows", folder / "other"
    return {
        "nothing there": ([folder / "none"], folder / "out", "none: no such file"),
        "standard input": ([Path("-")], folder / "out", "standard input cannot be packed"),
        "no training rows": ([folder / "test.jsonl"], folder / "out", "no functions to train on"),
        "nothing parses": ([folder / "wrong.jsonl"], folder / "out", "none of 1 functions parses"),
        "broken": ([folder / "broken.jsonl"], folder / "out", "broken.jsonl:2: is not JSON"),
        "foreign": ([rows], other, "other: exists and is not a packed corpus"),
        "over its input": ([rows], rows, "rows: exists and is not a packed corpus"),
    }


@pytest.mark.parametrize("case", bad(Path()))
def test_bad_input_is_one_line(case: str, tmp_path: Path):
    (tmp_path / "rows").mkdir()
    (tmp_path / "rows" / "a.jsonl").write_text('{"code": "f()"}\n')
    (tmp_path / "test.jsonl").write_text('{"code": "f()", "partition": "test"}\n')
    (tmp_path / "wrong.jsonl").write_text('{"code": "f("}\n')
    (tmp_path / "broken.jsonl").write_text('{"code": "f()"}\n{\n')
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "file").touch()
    places, output, message = bad(tmp_path)[case]
    with pytest.raises(InputError, match=message):
        pack(places, output, PackOptions())
    assert not (tmp_path / "out").exists()
    assert (tmp_path / "other" / "file").exists()


def test_an_older_packed_corpus_is_replaced_but_no_other(
    rows: Path, packed_folder: Path, tmp_path: Path
):
    output = tmp_path / "out"
    pack([rows], output, PackOptions(shard_rows=20))
    pack([rows], output, PackOptions(shard_rows=40))
    assert len(read_packed_manifest(output).shards) == 2
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "manifest.json").write_text('{"kind": "functions"}')
    with pytest.raises(InputError, match="is a corpus that is not packed"):
        pack([rows], tmp_path / "corpus", PackOptions())
    assert open_packed([tmp_path / "corpus"]) is None
    with pytest.raises(InputError, match="is given alone"):
        open_packed([tmp_path / "corpus", output])


def test_arrays_of_no_rows(tmp_path: Path):
    write_arrays(tmp_path / "a", pack_rows("slots", [], np.zeros((0, 4), np.uint16)))
    arrays = Arrays(tmp_path / "a")
    assert arrays.num_rows("slots") == 0
    assert arrays["slots"].shape == (0, 4)
    with pytest.raises(InputError, match="a shard without text"):
        arrays.row("text", 0)
    assert os.path.getsize(tmp_path / "a") > 0
