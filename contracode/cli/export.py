"""Turn checkpoints into an inference folder: weights, ONNX graphs that read them, tokenizer, types, words of names.

Every graph is compared with torch before the folder is put in place. The folder is what `contracode predict`, `contracode
embed`, `contracode evaluate` and the language server load. A head that was trained with its encoder keeps that encoder.
"""

from __future__ import annotations

import argparse

EXAMPLES = """\
examples:
  contracode export runs/nano -o models/nano --types runs/types --names runs/names
  contracode export runs/nano -o models/search --average        embeddings alone, of the averaged weights
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of the verb."""
    parser.add_argument("encoder", metavar="RUN", help="pretraining run: the encoder that embeds")
    parser.add_argument("-o", "--output", required=True, metavar="DIR", help="folder to write, or to replace")
    parser.add_argument("--types", metavar="RUN", help="run of `finetune types`")
    parser.add_argument("--names", metavar="RUN", help="run of `finetune names`")
    parser.add_argument("--name", metavar="NAME", help="of the model (default: the folder's)")
    parser.add_argument("--window", type=int, metavar="N", help="pieces embedded at once (default: as pretrained)")
    parser.add_argument("--average", action="store_true", help="the moving average of the weights")
    parser.add_argument(
        "--weights", choices=["float16", "float32"], default="float16", help="of model.safetensors (default: float16)"
    )
    parser.add_argument("--json", action="store_true", help="print what was written as JSON")


def run(args: argparse.Namespace) -> int:
    """Export, and print the files."""
    import json
    from pathlib import Path

    from contracode.errors import InputError
    from contracode.export import Wide, export
    from contracode.heads.checkpoint import HeadCheckpoint
    from contracode.manifest import CONFIG
    from contracode.pretrain import load_encoder

    output = Path(args.output)
    if output.exists() and not (output / CONFIG).is_file():
        raise InputError("is there, and is no model folder", path=output)
    found = load_encoder(args.encoder, average=args.average)
    heads = {task: HeadCheckpoint.load(Path(path)) for task in ("types", "names") if (path := getattr(args, task))}
    for task, head in heads.items():
        if head.facts.task != task:
            raise InputError(f"is a run of `finetune {head.facts.task}`", path=getattr(args, task))
    wide = None
    if found.wide is not None:
        settings = found.config.wide
        wide = Wide(found.wide, settings.gain, found.tower if settings.joint else None)
    export(
        output,
        found.encoder,
        found.tokenizer,
        name=args.name or output.resolve().name,
        window=args.window or found.config.data.max_length,
        reads=found.config.data.reads,
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
