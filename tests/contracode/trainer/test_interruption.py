"""Signals end a run after the current step, and the run resumes exactly."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from contracode.pretrain import pretrain
from contracode.support.run_folder import read_metrics
from contracode.trainer.interruption import RunInterrupted
from contracode.views.drawing import DrawnViews, draw_views
from tests.contracode.toy_runs import curve, state, tiny


def signalled(number: int, at: int, times: int = 1):
    """Return a function that draws views, and sends this process a signal in call number `at`."""
    calls = iter(range(10_000))

    def draw(source: str, seed: int) -> DrawnViews:
        if next(calls) == at:
            for _ in range(times):
                os.kill(os.getpid(), number)
        return draw_views(source, seed)

    return draw


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_signal_saves_the_run_after_the_current_step(
    number: int, toy_corpus: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    corpus, handler = [str(toy_corpus)], signal.getsignal(number)
    pretrain(corpus, tmp_path / "whole", tiny(), progress=False)
    draw = signalled(number, at=33)
    with pytest.raises(RunInterrupted) as caught:
        pretrain(corpus, tmp_path / "run", tiny(), draw=draw, progress=False)
    assert signal.getsignal(number) == handler
    assert "ending after this step" in capsys.readouterr().err
    step = torch.load(tmp_path / "run" / "last.ckpt", weights_only=True)["global_step"]
    assert (caught.value.signal, caught.value.step) == (number, step)
    assert 0 < step < 12
    assert step % 3  # not one of the regular checkpoints
    pretrain(corpus, tmp_path / "run", tiny(), resume=True, progress=False)
    assert curve(tmp_path / "run")[-1] == curve(tmp_path / "whole")[-1]
    whole, resumed = state(tmp_path / "whole"), state(tmp_path / "run")
    assert all(torch.equal(whole[name], resumed[name]) for name in whole)


def test_second_signal_ends_the_run_at_once(toy_corpus: Path, tmp_path: Path):
    draw = signalled(signal.SIGINT, at=33, times=2)
    with pytest.raises(RunInterrupted) as caught:
        pretrain([str(toy_corpus)], tmp_path / "run", tiny(), draw=draw, progress=False)
    assert caught.value.step == 3  # the last checkpoint


def test_command_line_prints_how_to_resume(toy_corpus: Path, tmp_path: Path):
    program = (
        "import sys; from contracode.pretrain import running; "
        "from tests.contracode.trainer.test_interruption import signalled; "
        "from contracode.cli import main; "
        "given = running.pretrain.__kwdefaults__; given['draw'] = signalled(15, at=33); "
        "sys.exit(main.main(sys.argv[1:]))"
    )
    run, corpus = str(tmp_path / "run"), str(toy_corpus)
    options = ["--preset", "tiny", "--quiet", "--steps", "9", "--batch-size", "6"]
    done = subprocess.run(
        [sys.executable, "-c", program, "pretrain", corpus, "-o", run, *options],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 128 + signal.SIGTERM, done.stderr
    assert f"resume it with: contracode pretrain --resume {run}" in done.stderr
    assert "Traceback" not in done.stderr
    assert read_metrics(tmp_path / "run" / "metrics.csv")
