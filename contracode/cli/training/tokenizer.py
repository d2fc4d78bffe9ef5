"""Train a tokenizer on a corpus, or show how one cuts a file into pieces.

Pieces never cross the edge of an identifier, and white space is left out of what models read unless
--layout is keep.
"""

from __future__ import annotations

import argparse

EXAMPLES = """\
examples:
  contracode tokenizer train corpus -o tokenizer                   8000 pieces from a corpus of functions
  contracode tokenizer train corpus -o tokenizer --vocab-size 16000 --layout keep
  contracode tokenizer show app.js --tokenizer tokenizer           its pieces, with their bytes in the file
  contracode tokenizer show app.js --tokenizer tokenizer --json    one object for each piece
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of the verb."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION", title="actions")
    train = actions.add_parser(
        "train", help="train one on functions in CodeSearchNet's JSONL schema"
    )
    train.add_argument(
        "corpus",
        nargs="+",
        metavar="CORPUS",
        help="JSONL files (gzip too), folders of them, patterns",
    )
    train.add_argument(
        "-o", "--output", required=True, metavar="DIR", help="folder to write tokenizer.model into"
    )
    train.add_argument("--vocab-size", type=int, metavar="N", help="pieces at most (default: 8000)")
    train.add_argument(
        "--layout", choices=["drop", "keep"], help="white space in what models read (default: drop)"
    )
    train.add_argument(
        "--max-texts", type=int, metavar="N", help="functions to sample from a larger corpus"
    )
    train.add_argument(
        "--seed", type=int, default=0, metavar="N", help="of that sample (default: 0)"
    )
    train.add_argument("--json", action="store_true", help="print the result as JSON")
    show = actions.add_parser("show", help="show the pieces of a file")
    show.add_argument("file", metavar="FILE", help="source; - reads standard input")
    show.add_argument(
        "--tokenizer", required=True, metavar="DIR", help="tokenizer, run or model folder"
    )
    show.add_argument(
        "--layout", choices=["drop", "keep"], help="otherwise than the tokenizer is set to"
    )
    show.add_argument(
        "--seed", type=int, metavar="N", help="draw the pieces (subword regularisation)"
    )
    show.add_argument(
        "--alpha",
        type=float,
        default=0.1,
        metavar="A",
        help="smoothness of the drawing (default: 0.1)",
    )
    show.add_argument("--json", action="store_true", help="one JSON object for each piece")


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
        print(
            json.dumps(
                {"output": file, "pieces": tokenizer.size, "fingerprint": tokenizer.fingerprint}
            )
        )
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
            print(
                json.dumps(
                    {"id": piece, "text": text or None, "span": [start, end], "source": whole},
                    ensure_ascii=False,
                )
            )
        else:
            print(
                f"{start:>7}-{end:<7} {piece:>5}  {text!r}"
                if text
                else f"{start:>7}-{end:<7} {piece:>5}  byte of {whole!r}"
            )
    return 0
