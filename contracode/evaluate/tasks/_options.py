"""Options that several tasks of `contracode evaluate` share, and the models that they name."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from contracode.evaluate.clones.encoders import OpenedEncoder
    from contracode.evaluate.clones.methods.interface import Method
    from contracode.inference.model import Model


def add_data(parser: argparse.ArgumentParser, description: str) -> None:
    """Add `--data` and `--limit`."""
    parser.add_argument("--data", nargs="+", required=True, metavar="DATA", help=description)
    parser.add_argument(
        "--limit", type=int, metavar="N", help="maximum number of items (default: all)"
    )


def add_model(parser: argparse.ArgumentParser, *, any_encoder: bool = False) -> None:
    """Add `--model`, `--against`, `--seed` and `--threads`.

    Args:
        parser: the parser of the task.
        any_encoder: whether the task accepts encoders other than model folders of contracode.
    """
    others = (
        "; also a sentence-transformers folder, an ONNX file with a tokenizer in its folder, or "
        "module:function, a Python function from sources to vectors"
    )
    parser.add_argument(
        "--model",
        metavar="MODEL",
        help="model folder (default: the shipped model)" + (others if any_encoder else ""),
    )
    parser.add_argument(
        "--against",
        nargs="+",
        default=[],
        metavar="MODEL",
        help="models to measure in the same run, with paired differences",
    )
    parser.add_argument(
        "--seed",
        type=int,
        default=0,
        metavar="N",
        help="seed of samples and intervals (default: 0)",
    )
    parser.add_argument(
        "--threads", type=int, default=1, metavar="N", help="threads for the model (default: 1)"
    )


def add_training(parser: argparse.ArgumentParser) -> None:
    """Add `--train`."""
    parser.add_argument(
        "--train",
        nargs="+",
        metavar="DATA",
        help="training data of the baselines (default: the training split of --data)",
    )


def add_baselines(parser: argparse.ArgumentParser) -> None:
    """Add `--baselines`."""
    parser.add_argument(
        "--baselines",
        default="fast",
        metavar="NAMES",
        help="all, fast, none, or comma-separated names (docs/evaluation.md; default: fast)",
    )


def open_models(args: argparse.Namespace) -> tuple[Model, list[Model]]:
    """Return the model, and the models of `--against`."""
    from contracode.inference.model import load

    model = load(args.model, threads=args.threads)
    return model, [load(spec, threads=args.threads) for spec in args.against]


def open_methods(args: argparse.Namespace) -> tuple[OpenedEncoder, dict[str, Method]]:
    """Return the encoder, and all methods of the comparison including the encoder's own."""
    from contracode.evaluate.clones import opponents
    from contracode.evaluate.clones.encoders import open_encoder

    wanted = opponents.choose(args.baselines)
    encoder = open_encoder(args.model, threads=args.threads)
    against = [open_encoder(spec, threads=args.threads) for spec in args.against]
    return encoder, opponents.methods(encoder, wanted, against=against, seed=args.seed)
