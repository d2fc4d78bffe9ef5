"""Type hints for JavaScript over the Language Server Protocol, on stdin and stdout."""

import argparse
import gc
import logging
import os
import sys
from collections.abc import Sequence

# Collecting garbage during imports took a fifth of the time until `initialize` was answered.
gc.disable()

from contracode.version import __version__  # noqa: E402
from lsp_server.protocol import logs  # noqa: E402
from lsp_server.server import Server  # noqa: E402

gc.enable()

log = logging.getLogger(__name__)

EPILOG = """\
examples:
  contracode-lsp                            serve the editor, with the shipped model
  contracode-lsp --model ~/models/large     use another folder of `contracode export`
  contracode-lsp --log-level info --log-file /tmp/contracode.log

Editors start this program; see docs/editors.md. Exit codes: 0 after `shutdown` and `exit`, 1 if the
editor ended without them, 2 for wrong options.
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
        help="use stdin and stdout; the default, and the only transport",
    )
    parser.add_argument("--model", metavar="PATH", help="model folder (default: the shipped model)")
    parser.add_argument(
        "--log-level",
        choices=logs.LEVELS,
        default="warning",
        help="lowest level of logged messages (default: warning)",
    )
    parser.add_argument("--log-file", metavar="PATH", help="log to a file instead of stderr")
    parser.add_argument(
        "--feature",
        action="append",
        default=[],
        metavar="MODULE",
        help="also register the features of a Python module (docs/extending.md)",
    )
    parser.add_argument(
        "--clientProcessId",
        type=int,
        metavar="PID",
        dest="parent",
        help="end when this process ends",
    )
    return parser


def run(server: Server, *, parent: int | None = None) -> int:
    """Serve the client on stdin and stdout; nothing else in the process can write to stdout.

    Returns:
        The exit code.
    """
    # A library that prints must not write to the client: descriptor 1 becomes stderr.
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
        # The model stays. Without freezing it, each collection would stop the server for a tenth
        # of a second.
        gc.collect()
        gc.freeze()
        return model

    try:
        server = Server(load, extra=args.feature)
    except ImportError as error:
        print(f"contracode-lsp: --feature: {error}", file=sys.stderr)
        return 2
    code = 1
    try:
        code = run(server, parent=args.parent)
    except KeyboardInterrupt:
        pass
    except Exception as error:
        log.critical("the server failed: %s", logs.describe(error))
    finally:
        # Neither a blocked read nor a running computation may delay the end.
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    sys.exit(main())
