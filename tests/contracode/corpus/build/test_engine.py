"""Engines give the results in order, and survive what happens to their processes."""

import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from contracode.corpus.build.engine import LocalEngine
from contracode.support.errors import InputError
from tests.paths import ROOT


@dataclass(frozen=True)
class Number:
    value: int
    marks: Path

    @property
    def name(self) -> str:
        return f"number {self.value}"


def square(number: Number) -> int:
    return number.value**2


def die_at_seven_once(number: Number) -> int:
    if number.value == 7 and not (number.marks / "died").exists():
        (number.marks / "died").touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return number.value**2


def die_at_seven(number: Number) -> int:
    if number.value == 7:
        os.kill(os.getpid(), signal.SIGKILL)
    return number.value**2


def refuse_odd(number: Number) -> int:
    if number.value % 2:
        raise InputError("is odd", path=number.name)
    return number.value


@pytest.mark.parametrize("workers", [1, 2])
def test_results_are_in_order(tmp_path, workers):
    numbers = [Number(value, tmp_path) for value in range(30)]
    assert list(LocalEngine(workers).map_ordered(square, numbers)) == [
        value**2 for value in range(30)
    ]
    assert list(LocalEngine(workers).map_ordered(square, [])) == []


def test_what_a_dead_process_had_is_done_again(tmp_path):
    numbers = [Number(value, tmp_path) for value in range(30)]
    assert list(LocalEngine(2).map_ordered(die_at_seven_once, numbers)) == [
        value**2 for value in range(30)
    ]
    assert (tmp_path / "died").exists()


def test_an_item_that_kills_its_process_is_named(tmp_path):
    numbers = [Number(value, tmp_path) for value in range(30)]
    found = LocalEngine(2).map_ordered(die_at_seven, numbers)
    with pytest.raises(InputError, match=r"^number 7: the process of this input died"):
        list(found)


@pytest.mark.parametrize("workers", [1, 2])
def test_what_is_raised_comes_in_order(tmp_path, workers):
    found = LocalEngine(workers).map_ordered(
        refuse_odd, [Number(value, tmp_path) for value in (0, 2, 3, 5)]
    )
    assert [next(found), next(found)] == [0, 2]
    with pytest.raises(InputError) as caught:
        next(found)
    assert (str(caught.value), caught.value.path) == ("number 3: is odd", "number 3")


def wait_for_ever(number: Number) -> None:
    print(number.value, flush=True)
    (number.marks / "pipe").read_bytes()


def test_the_processes_end_with_the_one_that_started_them(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    code = (
        "import sys; from pathlib import Path; sys.path.insert(0, sys.argv[1])\n"
        "from tests.contracode.corpus.build.test_engine import LocalEngine, Number, wait_for_ever\n"
        "if __name__ == '__main__':\n"
        "    list(LocalEngine(2).map_ordered(wait_for_ever, [Number(value, Path(sys.argv[2])) for "
        "value in (1, 2)]))\n"
    )
    (tmp_path / "main.py").write_text(code)
    command = [sys.executable, tmp_path / "main.py", ROOT, tmp_path]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert {process.stdout.readline(), process.stdout.readline()} == {"1\n", "2\n"}
        process.kill()
        # The workers hold the other end: it is closed when the last of them is gone.
        assert process.stdout.read() == ""
