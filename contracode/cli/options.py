"""Options that several commands share, and the types of their values."""

import argparse
from collections.abc import Callable

SPELLINGS = ("javascript", "typescript", "both")


def at_least(low: int) -> Callable[[str], int]:
    """Return a converter of integers that are not below `low`."""

    def integer(text: str) -> int:
        number = int(text)
        if number < low:
            raise argparse.ArgumentTypeError(f"must be at least {low}, not {number}")
        return number

    return integer


positive = at_least(1)
natural = at_least(0)


def share(text: str) -> float:
    """Convert a number from 0 to 1."""
    number = float(text)
    if not 0 <= number <= 1:
        raise argparse.ArgumentTypeError(f"must be from 0 to 1, not {text}")
    return number


def add_sources(parser: argparse.ArgumentParser, *, nargs: str = "*") -> None:
    """Add the source files that a command reads."""
    parser.add_argument(
        "files",
        nargs=nargs,
        metavar="FILE",
        help="source file, folder, or glob pattern; - reads standard input",
    )


def add_output(
    parser: argparse.ArgumentParser, help: str, *, metavar: str = "FILE", required: bool = False
) -> None:
    """Add the output file or folder."""
    parser.add_argument("-o", "--output", metavar=metavar, required=required, help=help)


def add_json(parser: argparse._ActionsContainer, help: str = "print JSON") -> None:
    """Add the choice of JSON output."""
    parser.add_argument("--json", action="store_true", help=help)


def add_model(parser: argparse.ArgumentParser, *, threads: bool = True) -> None:
    """Add the model of a command and, unless it does not compute, its threads."""
    parser.add_argument(
        "--model",
        metavar="DIR",
        help="model folder, or a shipped model: editor or search (default: editor)",
    )
    if threads:
        add_threads(parser)


def add_threads(parser: argparse._ActionsContainer) -> None:
    """Add the number of threads of the model."""
    parser.add_argument(
        "--threads", type=positive, default=1, metavar="N", help="threads of the model (default: 1)"
    )


def add_workers(parser: argparse._ActionsContainer, *, engine: bool = False) -> None:
    """Add the number of processes and, if there is a choice, the engine that runs them."""
    if engine:
        parser.add_argument(
            "--engine",
            choices=("local", "ray"),
            default="local",
            help="run in processes of this machine, or as tasks of Ray, on the cluster in "
            "RAY_ADDRESS or on this machine (default: local)",
        )
    parser.add_argument(
        "--workers", type=positive, default=1, metavar="N", help="processes (default: 1)"
    )


def add_seed(parser: argparse._ActionsContainer, of: str) -> None:
    """Add the seed of random choices.

    Args:
        parser: parser of the command.
        of: what the seed determines, such as "the views".
    """
    parser.add_argument(
        "--seed", type=int, default=0, metavar="N", help=f"seed of {of} (default: 0)"
    )


def add_limit(parser: argparse._ActionsContainer, help: str, *, default: int | None = None) -> None:
    """Add a maximum number of items."""
    parser.add_argument("--limit", type=positive, default=default, metavar="N", help=help)


def add_language(parser: argparse._ActionsContainer) -> None:
    """Add the language of the sources."""
    parser.add_argument(
        "--language",
        choices=("javascript", "typescript", "tsx"),
        help="language of the sources (default: by file extension)",
    )


def add_strict(parser: argparse._ActionsContainer, help: str) -> None:
    """Add the choice to stop at the first broken input."""
    parser.add_argument("--strict", action="store_true", help=help)


def add_spelling(parser: argparse._ActionsContainer, *, default: str, prefix: str = "") -> None:
    """Add the form in which TypeScript sources are labelled."""
    parser.add_argument(
        "--spelling",
        choices=SPELLINGS,
        default=default,
        help=f"{prefix}read TypeScript as JavaScript, as TypeScript without the labelled "
        f"annotations, or as both (default: {default})",
    )


def add_labels(parser: argparse._ActionsContainer, *, prefix: str = "") -> None:
    """Add the labels to compare with."""
    parser.add_argument(
        "--labels",
        choices=("written", "all"),
        default="written",
        help=f"{prefix}the author's annotations only, or also the types that the compiler inferred "
        "for `corpus types --checker` (default: written)",
    )


def add_typescript(parser: argparse._ActionsContainer, help: str) -> None:
    """Add the location of the TypeScript compiler."""
    parser.add_argument(
        "--typescript",
        metavar="DIR",
        help=f"{help}: the npm package typescript 5.9.x, or a folder with it in node_modules "
        "(default: searched in NODE_PATH, in node_modules here and above, and in npm's global "
        "folder)",
    )
