"""Entry point of `contracode`: imports the module of the given verb only, and turns bad input into
exit code 2.
"""

import argparse
import errno
import importlib
import sys
from collections.abc import Sequence

from contracode.cli.parser import CommandParser, nearest
from contracode.support.errors import InputError
from contracode.version import __version__

VERBS: dict[str, tuple[str, str]] = {
    "augment": ("tools.augment", "rewrite JavaScript into equivalent variants"),
    "ast": ("tools.ast", "print the syntax tree of a file"),
    "corpus": ("corpus.verb", "build, inspect and label training corpora"),
    "tokenizer": ("training.tokenizer", "train and try the SentencePiece tokenizer"),
    "pretrain": ("training.pretrain", "pretrain an encoder with momentum contrast"),
    "finetune": ("training.finetune", "fine-tune the type and method-name heads"),
    "report": ("training.report", "draw one page about a run"),
    "evaluate": ("training.evaluate", "measure a model and its baselines"),
    "export": ("training.export", "convert checkpoints to a model folder"),
    "calibrate": ("training.calibrate", "choose the confidence at which types are shown"),
    "embed": ("tools.embed", "write embeddings of functions or files"),
    "predict": ("tools.predict", "predict types or names"),
    "search": ("tools.search", "find functions by example or by words"),
    "clones": ("tools.clones", "report groups of similar functions"),
    "annotate": ("tools.annotate", "write predicted types into a project"),
    "demo": ("demo.verb", "run every stage on the sample corpus"),
    "doctor": ("tools.doctor", "check the installation"),
}
"""Verb: its module below `contracode.cli`, and its line in the overview.

A module is imported only when its verb is used, to keep `contracode --help` fast.
"""

REFUSED = (
    *(errno.ENOSPC, errno.EDQUOT, errno.EFBIG),
    *(errno.EACCES, errno.EPERM, errno.EROFS),
    *(errno.EEXIST, errno.ENOTDIR, errno.EISDIR, errno.ENAMETOOLONG, errno.ELOOP),
)
"""Errors of the operating system that the user can resolve: full disks, permissions, paths."""

TRAINING = frozenset(
    {"lightning", "onnx", "onnxscript", "pytorch_lightning", "tensorboard", "torch", "torchmetrics"}
)
"""Modules of the extra `train`."""

EXAMPLES = """\
examples:
  contracode augment app.js --diff             show one equivalent variant of app.js
  contracode predict types app.js              print app.js with predicted types
  contracode embed src -o vectors.npy          one unit vector per file of src
  contracode search similar app.js:12          functions similar to the one at line 12
  contracode corpus build ~/code -o corpus     build a training corpus
  contracode demo                              train a tiny model and look at it

`contracode VERB --help` explains a verb. The language server is `contracode-lsp`.
"""


def build_parser(verb: str | None) -> argparse.ArgumentParser:
    """Return the parser; only the module of `verb` is imported, for its options."""
    parser = CommandParser(
        prog="contracode",
        description="Contrastive code representations for JavaScript.",
        epilog=EXAMPLES,
    )
    parser.add_argument("-V", "--version", action="version", version=f"contracode {__version__}")
    verbs = parser.add_subparsers(dest="verb", metavar="VERB", title="verbs")
    for name, (path, summary) in VERBS.items():
        if name == verb:
            module = importlib.import_module(f"contracode.cli.{path}")
            sub = verbs.add_parser(
                name, help=summary, description=module.__doc__, epilog=module.EXAMPLES
            )
            module.add_arguments(sub)
            sub.set_defaults(run=module.run)
        else:
            verbs.add_parser(name, help=summary, add_help=False)
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line.

    Returns:
        0 for success, 1 if a requested check found something, 2 for bad input or usage, 130 after
        an interrupt.
    """
    arguments = list(sys.argv[1:] if argv is None else argv)
    verb = next((a for a in arguments if not a.startswith("-")), None)
    if verb is not None and verb not in VERBS:
        print(f"contracode: unknown verb {verb}{nearest(verb, VERBS)}", file=sys.stderr)
        return 2
    try:
        return _run(arguments, verb)
    except BrokenPipeError:
        # The reader of the output (head, less) has closed it. Keep the interpreter from flushing
        # into the closed pipe.
        sys.stdout = None
        return 0
    except KeyboardInterrupt:
        message, code = "interrupted", 130
    except InputError as error:
        message, code = str(error), 2
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] not in TRAINING:
            raise
        message, code = f"{error.name} is missing: pip install 'contracode[train]'", 2
    except OSError as error:
        if error.errno not in REFUSED:
            raise
        where = "" if error.filename is None else f"{error.filename}: "
        message, code = f"{where}{error.strerror}", 2
    print(f"contracode{f' {verb}' if verb else ''}: {message}", file=sys.stderr)
    return code


def _run(arguments: list[str], verb: str | None) -> int:
    parser = build_parser(verb)
    args = parser.parse_args(arguments)
    if args.verb is None:
        parser.print_help()
        return 0
    return args.run(args) or 0


if __name__ == "__main__":
    sys.exit(main())
