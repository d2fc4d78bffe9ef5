"""Export of the run of a bag model to a folder for `contracode.inference.bag_model`."""

from __future__ import annotations

from pathlib import Path

from contracode.inference.bag_model import BagManifest, write_bag_model
from contracode.pretrain.bag_training import load_bag_run
from contracode.support import config as settings
from contracode.support import run_folder


def export_bags(run: Path, output: Path, *, name: str) -> None:
    """Write the table of a run, in 8 bits, and its facts.

    Args:
        run: the run folder.
        output: the folder to write into.
        name: name of the model.

    Raises:
        InputError: the run has no checkpoint yet.
    """
    table = load_bag_run(run)
    config, facts = settings.load(run / run_folder.CONFIG), run_folder.read_facts(run)
    output.mkdir(parents=True, exist_ok=True)
    manifest = BagManifest(
        name=name,
        dimension=config.bag.dimension,
        nested=list(config.bag.nested),
        functions=facts.num_functions,
        corpus=facts.corpus_digest,
    )
    write_bag_model(manifest, table, output)
