"""Training of a bag model, from a counted corpus to a run folder; resuming.

Legend: B functions of a batch, P parts.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytorch_lightning as lightning
import torch
from torch.utils.data import DataLoader, IterableDataset

from contracode.corpus.counted.arrays import CountedCorpus
from contracode.encoder.bag_towers import BagBatch, BagContrast, BagTower, Items, Pairs, View
from contracode.encoder.checkpoint_io import load_weights, read_checkpoint
from contracode.inputs.bags.table import FILE, BagTable, quantized_table
from contracode.inputs.bags.vocabulary import BagVocabulary
from contracode.inputs.bags.word_vectors import WordVectors
from contracode.pretrain.monitor import RATE, Monitor
from contracode.pretrain.scheduled import ScheduledTraining
from contracode.support import config as settings
from contracode.support import run_folder
from contracode.support.config import Config
from contracode.support.errors import InputError
from contracode.support.run_folder import RunFacts
from contracode.trainer.events import Events
from contracode.trainer.frame import FrameSettings, train
from contracode.trainer.interruption import Interruption
from contracode.trainer.run_lock import run_lock
from contracode.trainer.saving import Saving
from contracode.views.bag_pairs import BagPairs, Drawn, DrawnPairs, fit_bag_vocabulary

RESUMABLE = frozenset(
    {
        "training.log_every",
        "training.checkpoint_every",
        "training.steps",
        "training.max_time",
        "training.threads",
        "training.tensorboard",
    }
)
"""Settings that may change when a run is resumed."""


class BagPretraining(ScheduledTraining):
    """Momentum contrast over bags.

    Args:
        config: settings.
        rows: number of rows of the table.
    """

    def __init__(self, config: Config, rows: int) -> None:
        super().__init__(config, BagContrast(rows, config))

    def training_step(self, batch: BagBatch, _index: int) -> dict[str, Any]:
        """Return the loss and the accuracy."""
        self.seen = (float(batch.num_items), 0.0)
        self._learned = True
        contrast, keys = self.contrast(batch)
        self._keys.append(keys)
        return {
            "loss": contrast.loss,
            "whole_loss": contrast.loss.detach(),
            "accuracy": contrast.accuracy,
        }


class BagData(lightning.LightningDataModule):
    """An endless stream of batches, beginning with the trainer's next one."""

    def __init__(self, pairs: BagPairs) -> None:
        super().__init__()
        self._pairs = pairs

    def train_dataloader(self) -> DataLoader[Any]:
        """Return the loader."""
        assert self.trainer is not None
        batches = _Batches(self._pairs, self.trainer.global_step)
        return DataLoader(batches, batch_size=None, generator=torch.Generator())


class _Batches(IterableDataset[BagBatch]):
    def __init__(self, pairs: BagPairs, start: int) -> None:
        self._pairs = pairs
        self._start = start

    def __iter__(self) -> Iterator[BagBatch]:
        number = self._start
        while True:
            code, text = self._pairs.draw(number)
            yield BagBatch(_tensors(code), _tensors(text))
            number += 1


def pretrain_bags(
    corpus: CountedCorpus,
    run: Path,
    config: Config,
    *,
    words: WordVectors | None = None,
    resume: bool = False,
    progress: bool = True,
) -> dict[str, float]:
    """Train a bag model.

    Args:
        corpus: a counted corpus.
        run: folder to write.
        config: settings.
        words: initial vectors of the rows of words; random by default.
        resume: resume the run.
        progress: show a bar on stderr.

    Returns:
        The last row of `metrics.csv`; empty if the run was too short for one.

    Raises:
        InputError: the corpus has no pairs, the folder has another run, or a resumed run changes
            what cannot change.
    """
    if (run / run_folder.FACTS).exists() and not resume:
        raise InputError("there is a run already; resume it, or choose another folder", path=run)
    if config.training.threads:
        torch.set_num_threads(config.training.threads)
    if resume:
        if corpus.facts.corpus != run_folder.read_facts(run).corpus_digest:
            raise InputError("the corpus is not the one that the run began with", path=run)
        settings.refuse_changes(settings.load(run / run_folder.CONFIG), config, but=RESUMABLE)
        vocabulary = BagTable.load(run).vocabulary
    else:
        run_folder.refuse_others(run, (FILE, run_folder.CONFIG))
        vocabulary = fit_bag_vocabulary(corpus, config.bag)
    pairs = BagPairs(
        corpus,
        vocabulary,
        config.bag,
        batch_size=config.training.batch_size,
        seed=config.training.seed,
    )
    torch.manual_seed(config.training.seed)
    module = BagPretraining(config, len(vocabulary))
    if words is not None:
        module.contrast.begin_with(*words.rows(vocabulary))
    with run_lock(run):
        if not resume:
            _begin(run, corpus, config, module, vocabulary)
        settings.save(config, run / run_folder.CONFIG)
        checkpoint = run / run_folder.CHECKPOINT
        if checkpoint.exists():
            load_weights(module, read_checkpoint(checkpoint)["state_dict"], checkpoint)
        elif resume:
            module.contrast.query.load_state_dict(_read_start(run))
            module.contrast.key.load_state_dict(module.contrast.query.state_dict())
        return _fit(module, BagData(pairs), run, config, progress=progress)


def _begin(
    run: Path,
    corpus: CountedCorpus,
    config: Config,
    module: BagPretraining,
    vocabulary: BagVocabulary,
) -> None:
    """Write the files of a new run, `run.json` last: a folder that has it is complete."""
    run.mkdir(parents=True, exist_ok=True)
    table_of(module.contrast.query, vocabulary).save(run)
    torch.save(module.contrast.query.state_dict(), run / START)
    settings.save(config, run / run_folder.CONFIG)
    run_folder.write_facts(
        RunFacts(
            corpus=[str(corpus.folder.absolute())],
            num_functions=len(corpus),
            corpus_digest=corpus.facts.corpus,
            tokenizer="",
            machine=run_folder.machine(),
            versions=run_folder.versions(),
        ),
        run,
    )


START = ".start.pt"
"""Initial weights, for resuming a run that was killed before its first checkpoint."""


def _read_start(run: Path) -> dict[str, torch.Tensor]:
    try:
        return torch.load(run / START, map_location="cpu", weights_only=True)
    except OSError as error:
        raise InputError(error.strerror or "is missing", path=run / START) from None


def _fit(
    module: BagPretraining, data: BagData, run: Path, config: Config, *, progress: bool
) -> dict[str, float]:
    events = Events(run, wanted=config.training.tensorboard)
    monitor = Monitor(run, config, events, progress=progress)
    interruption = Interruption()
    saving = Saving(run, config.training.checkpoint_every, rate=RATE, interruption=interruption)
    frame = FrameSettings(
        clip=config.optimizer.clip,
        max_steps=config.training.steps or -1,
        accumulate=1,
        precision=config.training.precision,
        unused_weights=False,
    )
    resume = (run / run_folder.CHECKPOINT).exists()
    train(module, data, run, frame, [events, monitor, saving], interruption, resume=resume)
    return monitor.latest


def is_bag_run(run: Path) -> bool:
    """Whether a folder is the run of a bag model."""
    return (run / FILE).is_file() and (run / run_folder.FACTS).is_file()


def load_bag_run(run: Path) -> BagTable:
    """Return the table of a run at its last checkpoint.

    Raises:
        InputError: there is no checkpoint yet, or it does not fit the settings.
    """
    vocabulary = BagTable.load(run).vocabulary
    config = settings.load(run / run_folder.CONFIG)
    module = BagPretraining(config, len(vocabulary))
    checkpoint = run / run_folder.CHECKPOINT
    load_weights(module, read_checkpoint(checkpoint)["state_dict"], checkpoint)
    return table_of(module.average or module.contrast.query, vocabulary)


def table_of(tower: BagTower, vocabulary: BagVocabulary) -> BagTable:
    """Return the table of a tower, quantized to 8 bits."""
    gates_P2 = torch.stack(list(tower.gates)).detach().numpy()
    return quantized_table(vocabulary, tower.table.weight.detach().numpy(), gates_P2)


def _tensors(pairs: DrawnPairs) -> Pairs:
    return Pairs(_view(pairs.query), _view(pairs.key), torch.from_numpy(pairs.labels_B))


def _view(drawn: Drawn) -> View:
    return {
        part: Items(
            torch.from_numpy(rows.astype(np.int64)),
            torch.from_numpy(weights),
            torch.from_numpy(starts),
        )
        for part, (rows, weights, starts) in drawn.parts.items()
    }
