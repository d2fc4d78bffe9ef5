"""Entry point of `contracode-lsp`: learned type hints for JavaScript over the Language Server
Protocol, on stdin and stdout.
"""

import argparse
import gc
import logging
import os
import sys
from collections.abc import Sequence

# what imports leave can be collected later: it took a fifth of the time until `initialize` is
# answered
gc.disable()

from contracode.version import __version__  # noqa: E402
from lsp_server import logs  # noqa: E402
from lsp_server.server import Server  # noqa: E402

gc.enable()

log = logging.getLogger(__name__)

EPILOG = """\
examples:
  contracode-lsp                            serve the editor that started this, with the shipped model
  contracode-lsp --model ~/models/large     with another model folder (see `contracode export`)
  contracode-lsp --log-level info --log-file /tmp/contracode.log

Editors start this program; docs/editors.md says how. Exit code: 0 after `shutdown` and `exit`, 1 when the editor ended without
them, 2 for wrong options.
"""


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    parser = argparse.ArgumentParser(
        prog="contracode-lsp",
        description=__doc__,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"contracode-lsp {__version__}")
    parser.add_argument(
        "--stdio",
        action="store_true",
        help="talk over stdin and stdout; the only way, and the default",
    )
    parser.add_argument(
        "--model", metavar="PATH", help="model folder to use instead of the shipped one"
    )
    parser.add_argument(
        "--log-level",
        choices=logs.LEVELS,
        default="warning",
        help="least that is logged (default: warning)",
    )
    parser.add_argument("--log-file", metavar="PATH", help="log there instead of stderr")
    parser.add_argument(
        "--clientProcessId",
        type=int,
        metavar="PID",
        dest="parent",
        help="end when this process does",
    )
    return parser


def run(server: Server, *, parent: int | None = None) -> int:
    """Let the server serve the client on this process's stdin and stdout, which nothing else in the
    process can then write to.

    Returns:
        The exit code.
    """
    # A library that prints must not speak to the client: descriptor 1 is stderr from here on.
    sys.stdout.flush()
    client = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return server.serve(sys.stdin.buffer, client, parent=parent)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line."""
    args = build_parser().parse_args(argv)
    try:
        logs.configure(args.log_level, args.log_file)
    except OSError as error:
        print(f"contracode-lsp: {args.log_file}: {error.strerror}", file=sys.stderr)
        return 2
    if sys.stdin.isatty():
        print(
            "contracode-lsp: waiting for an editor's messages on stdin; Ctrl-D ends",
            file=sys.stderr,
        )

    def load():
        from contracode.inference.model import load

        model = load(args.model)
        # What is there now stays: looking through it for garbage again and again would each time
        # stop the server for a tenth of a second.
        gc.collect()
        gc.freeze()
        return model

    code = 1
    try:
        code = run(Server(load), parent=args.parent)
    except KeyboardInterrupt:
        pass
    except Exception as error:
        log.critical("the server failed: %s", logs.describe(error))
    finally:
        # The reader may be in the middle of a read, and the model of a computation: neither may
        # hold up the end.
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    sys.exit(main())
