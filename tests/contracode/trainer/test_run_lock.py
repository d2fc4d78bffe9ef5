"""One process at a time writes a run folder."""

import subprocess
import sys
from pathlib import Path

import pytest

from contracode.pretrain import pretrain
from contracode.support.errors import InputError
from contracode.trainer.run_lock import run_lock
from tests.contracode.toy_runs import tiny


def test_second_process_is_refused(toy_corpus: Path, tmp_path: Path):
    run = tmp_path / "run"
    program = (
        "import sys; from pathlib import Path; from contracode.trainer.run_lock import run_lock\n"
        "with run_lock(Path(sys.argv[1])): print(flush=True); input()"
    )
    other = subprocess.Popen(
        [sys.executable, "-c", program, str(run)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert other.stdout is not None
    other.stdout.readline()  # it has the lock
    with pytest.raises(InputError, match="another process is writing this run"):
        pretrain([str(toy_corpus)], run, tiny(), progress=False)
    assert not (run / "config.toml").exists()
    other.communicate("\n")
    assert other.returncode == 0


def test_lock_is_released_when_its_process_ends(tmp_path: Path):
    with pytest.raises(RuntimeError, match="as if killed"), run_lock(tmp_path / "run"):
        raise RuntimeError("as if killed")
    (tmp_path / "run" / ".lock").touch()  # SIGKILL leaves the file, but no lock
    with run_lock(tmp_path / "run"):
        pass
    assert list((tmp_path / "run").iterdir()) == []
