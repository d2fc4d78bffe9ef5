"""A compiled wheel prints what the same source prints uncompiled, at every transform."""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

# Prints the hash of what the engine makes of every function of the sample corpus, and from what.
PROGRAM = """
import gzip, json, sys
from hashlib import sha256
import augment
from augment.printing import layout, render
digest = sha256()
for line in gzip.open(sys.argv[1]):
    program = augment.parse(json.loads(line)["code"])
    digest.update(augment.normalize(program, names=True).encode())
    for pipeline in augment.Pipeline.default(), augment.Pipeline.everything():
        for view in pipeline.views(program, 2, 7):
            digest.update(view.text.encode() + repr((view.applied, view.refused, view.positions.kept())).encode())
try:
    augment.parse("function (")
except augment.ParseError as error:
    digest.update(str(error).encode())
print(layout.__file__.rpartition(".")[2], render.__file__.rpartition(".")[2], digest.hexdigest())
"""


# What is compiled does the same unoptimised, and is compiled in a quarter of the time.
UNOPTIMISED = """#!/bin/sh
for argument; do
  shift
  case $argument in -O[1-3s]) argument=-O0 ;; -g*) continue ;; esac
  set -- "$@" "$argument"
done
exec cc "$@"
"""


@pytest.mark.compiled
@pytest.mark.timeout(1200)
@pytest.mark.skipif(shutil.which("cc") is None, reason="compiling needs a C compiler")
def test_it_prints_the_same(tmp_path: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "build",
        "--no-isolation",
        "--outdir",
        str(tmp_path / "dist"),
        str(ROOT),
    ]
    compiler = tmp_path / "cc"
    compiler.write_text(UNOPTIMISED)
    compiler.chmod(0o755)
    environment = {**os.environ, "HATCH_BUILD_HOOK_ENABLE_MYPYC": "true", "CC": str(compiler)}
    subprocess.run(command, check=True, capture_output=True, env=environment)
    assert not list((ROOT / "augment").glob("*.so")), "the checkout stays as it was"
    (wheel,) = (tmp_path / "dist").glob("*.whl")
    assert not wheel.name.endswith("-any.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "site")

    def printed(folder: Path) -> tuple[str, str, str]:
        corpus = ROOT / "data/sample/javascript_train_0.jsonl.gz"
        command = [sys.executable, "-c", PROGRAM, str(corpus)]
        environment = {**os.environ, "PYTHONPATH": str(folder)}
        done = subprocess.run(
            command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True
        )
        layout, render, digest = done.stdout.split()
        return layout, render, digest

    compiled, plain = printed(tmp_path / "site"), printed(ROOT)
    assert compiled[:2] == ("so", "so")
    assert plain[:2] == ("py", "py")
    assert compiled[2] == plain[2]
