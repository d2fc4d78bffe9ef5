"""A script in two processes of this machine, as torchrun starts them."""

import os
import subprocess
import sys
from pathlib import Path

from tests.paths import ROOT


def run_in_two(script: str, folder: Path, *arguments: str | Path) -> None:
    """Run the text of a script, which is put into a folder, in two processes without a GPU; a
    failure of either fails the test.
    """
    path = folder / "script.py"
    path.write_text(script)
    command = [
        sys.executable,
        "-m",
        "torch.distributed.run",
        "--standalone",
        "--nproc-per-node",
        "2",
        path,
        *arguments,
    ]
    done = subprocess.run(
        list(map(str, command)),
        env={
            **os.environ,
            "CUDA_VISIBLE_DEVICES": "",
            "PYTHONPATH": str(ROOT),
        },
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
