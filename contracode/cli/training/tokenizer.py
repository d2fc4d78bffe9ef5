"""Train a tokenizer on a corpus, or show the pieces of a file.

A piece never extends beyond an identifier. White space is not part of a model's input unless
--layout is keep.
"""

from __future__ import annotations

import argparse

from contracode.cli import options

EXAMPLES = """\
examples:
  contracode tokenizer train corpus -o tokenizer                 8000 pieces
  contracode tokenizer train corpus -o tokenizer --vocab-size 16000 --layout keep
  contracode tokenizer show app.js --tokenizer tokenizer         the pieces with their byte spans
  contracode tokenizer show app.js --tokenizer tokenizer --json  an object per piece
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of the verb."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION", title="actions")
    train = actions.add_parser("train", help="train on the functions of a corpus")
    train.add_argument(
        "corpus", nargs="+", metavar="CORPUS", help="files of rows, folders of them, glob patterns"
    )
    options.add_output(train, "folder to write tokenizer.model to", metavar="DIR", required=True)
    train.add_argument(
        "--vocab-size", type=int, metavar="N", help="maximum number of pieces (default: 8000)"
    )
    train.add_argument(
        "--layout",
        choices=["drop", "keep"],
        help="white space in the input of models (default: drop)",
    )
    train.add_argument(
        "--max-texts", type=int, metavar="N", help="functions to sample from a larger corpus"
    )
    options.add_seed(train, "that sample")
    options.add_json(train, "print the result as JSON")
    show = actions.add_parser("show", help="show the pieces of a file")
    show.add_argument("file", metavar="FILE", help="source file; - reads standard input")
    show.add_argument(
        "--tokenizer", required=True, metavar="DIR", help="folder of a tokenizer, run or model"
    )
    show.add_argument(
        "--layout", choices=["drop", "keep"], help="override the layout of the tokenizer"
    )
    show.add_argument(
        "--seed", type=int, metavar="N", help="sample the pieces (subword regularisation)"
    )
    show.add_argument(
        "--alpha",
        type=float,
        default=0.1,
        metavar="A",
        help="smoothing of the sampling (default: 0.1)",
    )
    options.add_json(show, "print an object per piece")


def run(args: argparse.Namespace) -> int:
    """Train or show."""
    return _train(args) if args.action == "train" else _show(args)


def _train(args: argparse.Namespace) -> int:
    import json
    from pathlib import Path

    from contracode.corpus.storage.readers import read_functions
    from contracode.inputs.tokenizer import FILE, train
    from contracode.support.config import TokenizerConfig, load

    given = {"vocab_size": args.vocab_size, "layout": args.layout, "max_texts": args.max_texts}
    config = load(
        overrides=[f"{key}={value}" for key, value in given.items() if value is not None],
        kind=TokenizerConfig,
    )
    rows = read_functions(args.corpus, strict=True)
    tokenizer = train(
        (row.code for row in rows if row.partition in ("", "train")), config, seed=args.seed
    )
    tokenizer.save(Path(args.output))
    file = str(Path(args.output) / FILE)
    if args.json:
        facts = {"output": file, "pieces": tokenizer.size, "fingerprint": tokenizer.fingerprint}
        print(json.dumps(facts))
    else:
        print(f"{file}: {tokenizer.size} pieces")
    return 0


def _show(args: argparse.Namespace) -> int:
    import json

    from contracode.cli.sources import read_source
    from contracode.inputs.tokenizer import Tokenizer

    tokenizer = Tokenizer.load(args.tokenizer)
    source = read_source(args.file)
    if args.seed is None:
        encoding = tokenizer.encode(source, layout=args.layout)
    else:
        encoding = tokenizer.sample(source, seed=args.seed, alpha=args.alpha, layout=args.layout)
    data = source.encode()
    for piece, (start, end) in zip(encoding.ids.tolist(), encoding.spans.tolist(), strict=True):
        text = tokenizer.text_of(piece)
        whole = data[start:end].decode()
        if args.json:
            facts = {"id": piece, "text": text or None, "span": [start, end], "source": whole}
            print(json.dumps(facts, ensure_ascii=False))
        else:
            shown = repr(text) if text else f"byte of {whole!r}"
            print(f"{start:>7}-{end:<7} {piece:>5}  {shown}")
    return 0
