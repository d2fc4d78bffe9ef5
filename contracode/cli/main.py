"""Entry point of `contracode`: reads the verb, imports that verb's module alone, turns bad input
into exit code 2.
"""

import argparse
import errno
import importlib
import sys
from collections.abc import Sequence

from contracode.support.errors import InputError
from contracode.version import __version__

VERBS: dict[str, tuple[str, str]] = {
    "augment": ("tools.augment", "rewrite JavaScript into equivalent variants"),
    "corpus": ("training.corpus", "build, inspect and label training corpora"),
    "tokenizer": ("training.tokenizer", "train and try the SentencePiece tokenizer"),
    "pretrain": ("training.pretrain", "pretrain an encoder with momentum contrast"),
    "finetune": ("training.finetune", "fine-tune the type and method-name heads"),
    "report": ("training.report", "draw one page about a run"),
    "evaluate": ("training.evaluate", "measure a model beside its baselines"),
    "export": ("training.export", "turn a checkpoint into an inference folder"),
    "calibrate": ("training.calibrate", "choose the confidence from which types are shown"),
    "embed": ("tools.embed", "write embeddings of functions or files"),
    "predict": ("tools.predict", "predict types or names for a file"),
    "search": ("tools.search", "find functions like one, or by words"),
    "clones": ("tools.clones", "report functions that are alike"),
    "annotate": ("tools.annotate", "write predicted types into a project"),
    "demo": ("demo.verb", "run the whole way through on the sample corpus"),
    "doctor": ("tools.doctor", "say what is installed and what works"),
}
"""Verb: module below `contracode.cli`, and its line in the overview.

A module is imported only when its verb is used, so that `contracode --help` answers at once.
"""

REFUSED = (
    *(errno.ENOSPC, errno.EDQUOT, errno.EFBIG),  # nothing more can be written
    *(errno.EACCES, errno.EPERM, errno.EROFS),
    *(errno.EEXIST, errno.ENOTDIR, errno.EISDIR, errno.ENAMETOOLONG, errno.ELOOP),
)
"""What the system says where a file cannot be read or written as the user asked."""

TRAINING = frozenset(
    {
        "lightning",
        "onnx",
        "onnxscript",
        "pytorch_lightning",
        "tensorboard",
        "torch",
        "torchmetrics",
    }
)
"""Modules that the extra `train` brings."""

EXAMPLES = """\
examples:
  contracode augment app.js --diff             show one equivalent variant of app.js
  contracode predict types app.js              print app.js with predicted types
  contracode embed src/*.js -o vectors.npy     one unit vector per file
  contracode search similar app.js:12          functions like the one at line 12
  contracode corpus build ~/code -o corpus     mine a training corpus
  contracode demo                              train a tiny model and look at it

`contracode VERB --help` explains a verb. The language server is `contracode-lsp`.
"""


def build_parser(verb: str | None) -> argparse.ArgumentParser:
    """Return the parser; only `verb`'s own module is imported, for its options."""
    parser = argparse.ArgumentParser(
        prog="contracode",
        description="Contrastive code representations for JavaScript.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"contracode {__version__}")
    verbs = parser.add_subparsers(dest="verb", metavar="VERB", title="verbs")
    for name, (path, summary) in VERBS.items():
        if name == verb:
            module = importlib.import_module(f"contracode.cli.{path}")
            sub = verbs.add_parser(
                name,
                help=summary,
                description=module.__doc__,
                epilog=module.EXAMPLES,
                formatter_class=argparse.RawDescriptionHelpFormatter,
            )
            module.add_arguments(sub)
            sub.set_defaults(run=module.run)
        else:
            verbs.add_parser(name, help=summary, add_help=False)
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line.

    Returns:
        0 when all went well, 1 when a check asked for by the user found something, 2 for bad input
        or usage, 130 when interrupted.
    """
    arguments = list(sys.argv[1:] if argv is None else argv)
    verb = next((a for a in arguments if not a.startswith("-")), None)
    parser = build_parser(verb if verb in VERBS else None)
    args = parser.parse_args(arguments)
    if args.verb is None:
        parser.print_help()
        return 0
    try:
        return args.run(args) or 0
    except InputError as error:
        print(f"contracode {args.verb}: {error}", file=sys.stderr)
        return 2
    except BrokenPipeError:
        # The reader (head, less) has gone: nothing is wrong. Keep the interpreter from flushing
        # into the closed pipe.
        sys.stdout = None
        return 0
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] not in TRAINING:
            raise
        needed = "needs what trains models: pip install 'contracode[train]'"
        print(f"contracode {args.verb}: {needed} ({error.name} is not installed)", file=sys.stderr)
        return 2
    except OSError as error:
        if error.errno not in REFUSED:
            raise
        where = "" if error.filename is None else f"{error.filename}: "
        print(f"contracode {args.verb}: {where}{error.strerror}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print(f"contracode {args.verb}: interrupted", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main())
