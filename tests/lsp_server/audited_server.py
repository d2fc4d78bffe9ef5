"""The real server under an audit hook that denies, and tells on stderr, what it must never do.

That is connecting, resolving names, starting programs, and opening a file for writing, or making or
moving one, outside the folder named by `ALLOWED`. With `--misbehave` it tries each itself first.
"""

import contextlib
import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

ALLOWED = Path(os.environ["ALLOWED"])

NEVER = (
    "socket.connect",
    "socket.getaddrinfo",
    "socket.bind",
    "subprocess.Popen",
    "os.system",
    "os.exec",
    "os.fork",
    "os.posix_spawn",
)
CHANGES = ("os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.truncate", "os.link", "os.symlink")
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


def is_outside(path: Any) -> bool:
    return isinstance(path, str | bytes | os.PathLike) and not Path(
        os.fsdecode(path)
    ).is_relative_to(ALLOWED)


def deny(event: str, args: tuple[Any, ...]) -> None:
    written = (
        event == "open"
        and args[2] & WRITING
        and is_outside(args[0])
        and os.fsdecode(args[0]) != os.devnull
    )
    if event in NEVER or written or (event in CHANGES and is_outside(args[0])):
        sys.stderr.write(f"DENIED {event}\n")
        sys.stderr.flush()
        raise PermissionError(event)


def misbehave() -> None:
    with contextlib.suppress(PermissionError):
        socket.create_connection(("127.0.0.1", 9))
    with contextlib.suppress(PermissionError), socket.socket() as one:
        one.connect(("127.0.0.1", 9))
    with contextlib.suppress(PermissionError):
        subprocess.run(["true"], check=False)
    with contextlib.suppress(PermissionError):
        (ALLOWED.parent / "file").write_text("")
    with contextlib.suppress(PermissionError):
        (ALLOWED.parent / "folder").mkdir()


if __name__ == "__main__":
    sys.addaudithook(deny)
    if "--misbehave" in sys.argv:
        sys.argv.remove("--misbehave")
        misbehave()
    from lsp_server.main import main

    sys.exit(main())
