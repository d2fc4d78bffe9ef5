"""What the verbs that train print when a signal ends a run."""

from __future__ import annotations

import os
import shlex
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from contracode.trainer.interruption import RunInterrupted


def print_resume(error: RunInterrupted, run: str, command: list[str]) -> int:
    """Print to stderr how to resume a run, and return the exit code that names its signal."""
    if os.environ.get("RANK", "0") == "0":
        print(f"{run}: {error}", end="", file=sys.stderr)
        if error.step is None:
            print("; there is no checkpoint yet", file=sys.stderr)
        else:
            print(f"; resume it with: {shlex.join(command)}", file=sys.stderr)
            print(f"the checkpoint is of step {error.step}", file=sys.stderr)
    return 128 + error.signal
