"""The engine on Ray, where it is installed: the same bytes, whatever dies. `pip install
'contracode[ray]'` first.
"""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from contracode.corpus.build.builder import BuildOptions, build

pytest.importorskip("ray")


@pytest.fixture
def code(tmp_path) -> list[Path]:
    for repository in range(6):
        (tmp_path / f"code{repository}").mkdir()
        for number in range(repository, 10 + repository):
            text = (
                f"function f{repository}(a, b) "
                f"{{\n  const total = a + b;\n  return total * {number};\n}}\n"
            )
            (tmp_path / f"code{repository}" / f"{number}.js").write_text(text)
    return [tmp_path / f"code{repository}" for repository in range(6)]


# Each kind of task kills its process when it is first called, as a machine does that goes away.
DYING = """\
import os, signal, sys
from dataclasses import dataclass
from pathlib import Path

from contracode.corpus.build import builder as module
from contracode.corpus.build.ray_engine import ray_engine

output, *places = map(Path, sys.argv[1:])

def dying(function):
    def call(task):
        mark = output.with_name(f"{function.__name__}-died")
        if not mark.exists():
            mark.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return function(task)
    return call

class DyingEngine:
    def __init__(self, engine):
        self.engine = engine

    def map_ordered(self, function, items):
        return self.engine.map_ordered(dying(function), items)

with ray_engine(2) as engine:
    module.build(places, output, module.BuildOptions(shard_rows=4), engine=DyingEngine(engine))
"""


def test_the_same_bytes_although_workers_die(code, tmp_path):
    build(code, tmp_path / "expected", BuildOptions(shard_rows=4))
    subprocess.run([sys.executable, "-c", DYING, tmp_path / "out", *code], check=True)
    assert {path.name for path in tmp_path.glob("*-died")} == {"extract-died", "assemble-died"}
    for path in (tmp_path / "expected").iterdir():
        assert path.read_bytes() == (tmp_path / "out" / path.name).read_bytes()


def test_the_command(code, tmp_path):
    (tmp_path / "bad.jsonl").write_text("[]\n")
    build([*code, tmp_path / "bad.jsonl"], tmp_path / "expected", BuildOptions())
    command = [
        sys.executable,
        "-m",
        "contracode.cli.main",
        "corpus",
        "build",
        *code,
        tmp_path / "bad.jsonl",
    ]
    ray = ["--engine", "ray", "--workers", "2"]
    done = subprocess.run(
        [*command, "-o", tmp_path / "out", *ray, "--json"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert done.stderr.startswith(f"contracode corpus: {tmp_path}/bad.jsonl:1: is not a row")
    for path in (tmp_path / "expected").iterdir():
        assert path.read_bytes() == (tmp_path / "out" / path.name).read_bytes()
    assert json.loads(done.stdout) == json.loads((tmp_path / "out" / "manifest.json").read_text())
    strict = [*command, "-o", tmp_path / "strict", *ray, "--strict"]
    done = subprocess.run(strict, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)


def test_an_item_that_kills_its_process_is_named(tmp_path):
    program = (
        "import os, signal, sys\nfrom pathlib import Path\n"
        "from contracode.corpus.build.ray_engine import ray_engine\n"
        "def die(path):\n    os.kill(os.getpid(), signal.SIGKILL)\n"
        "try:\n    with ray_engine(2) as engine:\n        list(engine.map_ordered(die, [Path('a'), "
        "Path('b')]))\n"
        "except ValueError as error:\n    print(error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.startswith("a: the process of this input died 4 times: ")
