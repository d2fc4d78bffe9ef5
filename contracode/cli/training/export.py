"""Export checkpoints to a model folder: weights, ONNX graphs that read them, tokenizer,
vocabularies.

Every graph is compared with torch before the folder is put in place. `contracode predict`, `embed`
and `evaluate` and the language server load the folder. A head that was trained with its encoder
keeps that encoder.
"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from contracode.encoder.pretrained import Pretrained
    from contracode.export.write import FragmentPart

EXAMPLES = """\
examples:
  contracode export runs/nano -o models/nano --types runs/types --names runs/names
  contracode export runs/nano -o models/search --average
      embeddings alone, of the averaged weights
  contracode export models/nano -o models/named --types models/nano --names runs/names
      the model with another name head
  contracode export runs/names -o models/one --fragments models/nano --names runs/names
      one encoder for names and embeddings
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of the verb."""
    from contracode.inference.head_spec import all_heads

    parser.add_argument(
        "encoder",
        metavar="RUN",
        help="pretraining run, fine-tuning run or model folder: the encoder that embeds",
    )
    parser.add_argument(
        "-o", "--output", required=True, metavar="DIR", help="folder to write, or to replace"
    )
    parser.add_argument(
        "--fragments",
        "--wide",
        metavar="MODEL",
        help="run or model folder whose fragment vector is taken",
    )
    for name, spec in all_heads().items():
        parser.add_argument(
            f"--{name}",
            metavar="RUN",
            help=f"run of `finetune {name}` or model folder: {spec.summary}",
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
    from pathlib import Path

    from contracode.export.bags import export_bags
    from contracode.export.loading import load_encoder
    from contracode.export.read_back import load_head
    from contracode.export.write import export
    from contracode.inference.bag_model import is_bag_model
    from contracode.inference.head_spec import all_heads
    from contracode.inference.model_folder import is_model_folder
    from contracode.pretrain.bag_training import is_bag_run
    from contracode.support.errors import InputError

    output = Path(args.output)
    if output.exists() and not is_model_folder(output) and not is_bag_model(output):
        raise InputError("exists, and is not a model folder", path=output)
    if is_bag_run(Path(args.encoder)):
        export_bags(Path(args.encoder), output, name=args.name or output.resolve().name)
        return _print_files(args, output)
    found = load_encoder(args.encoder, average=args.average)
    heads = [load_head(run, name) for name in all_heads() if (run := getattr(args, name))]
    export(
        output,
        found.encoder,
        found.tokenizer,
        name=args.name or output.resolve().name,
        window=args.window or found.config.data.max_length,
        reads=args.reads or found.config.data.reads,
        heads=heads,
        fragments=_fragments(args, found),
        weights=args.weights,
    )
    return _print_files(args, output)


def _print_files(args: argparse.Namespace, output: Path) -> int:
    import json

    sizes = {path.name: path.stat().st_size for path in sorted(output.iterdir())}
    if args.json:
        print(json.dumps({"output": str(output), "files": sizes}))
    else:
        print(f"{output}: {sum(sizes.values()) / 1e6:.1f} MB")
        for name, size in sizes.items():
            print(f"  {name:20} {size / 1e6:6.2f} MB")
    return 0


def _fragments(args: argparse.Namespace, found: Pretrained) -> FragmentPart | None:
    """Return the fragment vector of --fragments, or that of the encoder's model.

    Raises:
        InputError: the model of --fragments has none, or one that needs its own encoder.
    """
    from contracode.export.loading import load_encoder
    from contracode.export.write import FragmentPart
    from contracode.support.errors import InputError

    source = load_encoder(args.fragments) if args.fragments else found
    if source.fragments is None:
        if args.fragments:
            raise InputError("has no fragment vector", path=args.fragments)
        return None
    settings = source.config.fragments
    if settings.joint and args.fragments:
        raise InputError(
            "its fragment vector was trained with its own encoder", path=args.fragments
        )
    return FragmentPart(
        source.fragments, settings.fragment_weight, found.tower if settings.joint else None
    )
