"""Turn checkpoints into an inference folder: weights, ONNX graphs that read them, tokenizer, types,
words of names.

Every graph is compared with torch before the folder is put in place. The folder is what `contracode
predict`, `contracode embed`, `contracode evaluate` and the language server load. A head that was
trained with its encoder keeps that encoder.
"""

from __future__ import annotations

import argparse

EXAMPLES = """\
examples:
  contracode export runs/nano -o models/nano --types runs/types --names runs/names
  contracode export runs/nano -o models/search --average        embeddings alone, of the averaged weights
  contracode export models/nano -o models/named --types models/nano --names runs/names    the model, with other names of functions
  contracode export runs/names -o models/one --wide models/nano --names runs/names    one encoder for names and embeddings
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of the verb."""
    parser.add_argument(
        "encoder",
        metavar="RUN",
        help="pretraining run, fine-tuning run or exported model: the encoder that embeds",
    )
    parser.add_argument(
        "-o", "--output", required=True, metavar="DIR", help="folder to write, or to replace"
    )
    parser.add_argument(
        "--wide", metavar="MODEL", help="run or exported model whose wide part is taken"
    )
    parser.add_argument(
        "--types", metavar="RUN", help="run of `finetune types`, or an exported model with types"
    )
    parser.add_argument(
        "--names", metavar="RUN", help="run of `finetune names`, or an exported model with names"
    )
    parser.add_argument("--name", metavar="NAME", help="of the model (default: the folder's)")
    parser.add_argument(
        "--window", type=int, metavar="N", help="pieces embedded at once (default: as pretrained)"
    )
    parser.add_argument(
        "--reads",
        choices=["written", "numbered", "normal"],
        help="how sources are spelled before they are embedded (default: as pretrained)",
    )
    parser.add_argument("--average", action="store_true", help="the moving average of the weights")
    parser.add_argument(
        "--weights",
        choices=["float16", "float32"],
        default="float16",
        help="of model.safetensors (default: float16)",
    )
    parser.add_argument("--json", action="store_true", help="print what was written as JSON")


def run(args: argparse.Namespace) -> int:
    """Export, and print the files."""
    import json
    from pathlib import Path

    from contracode.export.loading import load_encoder
    from contracode.export.read_back import load_head
    from contracode.export.write import Wide, export
    from contracode.inference.model_folder import is_model_folder
    from contracode.support.errors import InputError

    output = Path(args.output)
    if output.exists() and not is_model_folder(output):
        raise InputError("is there, and is no model folder", path=output)
    found = load_encoder(args.encoder, average=args.average)
    heads = {
        task: load_head(path, task) for task in ("types", "names") if (path := getattr(args, task))
    }
    counted = load_encoder(args.wide) if args.wide else found
    wide = None
    if counted.wide is not None:
        settings = counted.config.wide
        if settings.joint and args.wide:
            raise InputError("its wide part learned together with its own encoder", path=args.wide)
        wide = Wide(counted.wide, settings.gain, found.tower if settings.joint else None)
    elif args.wide:
        raise InputError("has no wide part", path=args.wide)
    export(
        output,
        found.encoder,
        found.tokenizer,
        name=args.name or output.resolve().name,
        window=args.window or found.config.data.max_length,
        reads=args.reads or found.config.data.reads,
        types=heads.get("types"),
        names=heads.get("names"),
        wide=wide,
        weights=args.weights,
    )
    sizes = {path.name: path.stat().st_size for path in sorted(output.iterdir())}
    if args.json:
        print(json.dumps({"output": str(output), "files": sizes}))
    else:
        print(f"{output}: {sum(sizes.values()) / 1e6:.1f} MB")
        for name, size in sizes.items():
            print(f"  {name:20} {size / 1e6:6.2f} MB")
    return 0
