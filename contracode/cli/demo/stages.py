"""Stages of `contracode demo` that prepare and train: read the sample, rewrite it, pretrain,
fine-tune.

The test split of the sample is two small projects. Figures measured on them show that the parts
work together, not how good a model can get.
"""

from __future__ import annotations

import copy
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import augment
from contracode.cli.demo.results import (
    Augmented,
    Budget,
    Row,
    Sample,
    ShownView,
    Task,
    Trained,
    Watch,
)
from contracode.corpus.labels.datasets import NamedFunction, read_named
from contracode.corpus.labels.labelled_file import LabelledFile
from contracode.corpus.labels.type_corpus import build_types
from contracode.corpus.storage.readers import read_rows
from contracode.corpus.storage.splits import read_splits
from contracode.inputs.tokenizer import Tokenizer
from contracode.support import config as settings
from contracode.support.config import EncoderConfig
from contracode.support.run_folder import METRICS, read_metrics

if TYPE_CHECKING:
    from contracode.encoder.encoders import Encoder, Projection
    from contracode.encoder.pretrained import Pretrained
    from contracode.heads.checkpoint import HeadCheckpoint


def read_sample(folder: Path, work: Path, *, seed: int) -> Sample:
    """Read the sample's functions, and label the types of its TypeScript into `work`, which is
    replaced.

    Raises:
        InputError: the sample is not there.
    """
    splits = read_splits(folder / "splits.json")
    build_types(_projects(folder / "typescript"), work, seed=seed, splits=splits)
    files = [
        file for path in sorted(work.glob("*.jsonl.gz")) for file in read_rows(path, LabelledFile)
    ]
    shards = [str(path) for path in sorted(folder.glob("javascript_*.jsonl.gz"))]
    return Sample(folder, shards, read_named(shards), files)


def _projects(folder: Path) -> list[str]:
    return [f"{project.name}={project}" for project in sorted(folder.iterdir()) if project.is_dir()]


def augment_sample(sample: Sample, budget: Budget, *, seed: int, watch: Watch) -> Augmented:
    """Render views of every function, and choose one function to show: of about a dozen lines, with
    unlike views.
    """
    pipeline = augment.Pipeline.default()
    distinct = total = 0
    began = time.perf_counter()
    programs: list[tuple[NamedFunction, augment.Program]] = []
    for number, function in enumerate(sample.functions, start=1):
        program = augment.parse(function.source)
        texts = [view.text for view in pipeline.views(program, budget.views, seed)]
        programs.append((function, program))
        total += len(texts)
        distinct += len(set(texts))
        watch(number, len(sample.functions), {"views": total, "distinct": distinct})
    seconds = time.perf_counter() - began

    def tellingness(item: tuple[NamedFunction, augment.Program]) -> float:
        taken = [
            {step.transform for step in view.applied} for view in pipeline.views(item[1], 3, seed)
        ]
        return (
            min(map(len, taken))
            + len(set().union(*taken))
            - abs(item[0].source.count("\n") - 9) / 2
        )

    function, program = max(programs, key=tellingness)
    views = [
        ShownView(view.text, list(dict.fromkeys(step.transform for step in view.applied)))
        for view in pipeline.views(program, 3, seed)
    ]
    return Augmented(len(programs), total, distinct, seconds, function.name, function.source, views)


def pretrain_encoder(
    sample: Sample, run: Path, budget: Budget, *, seed: int
) -> tuple[Pretrained, Trained]:
    """Pretrain on the training projects, showing loss and accuracy on stderr."""
    from contracode.export.loading import load_encoder
    from contracode.pretrain import pretrain

    began = time.perf_counter()
    config = settings.load(settings.preset("tiny"), [*budget.pretrain, f"training.seed={seed}"])
    pretrain(sample.shards, run, config)
    return load_encoder(run), Trained(read_metrics(run / METRICS), time.perf_counter() - began)


def fresh_encoder(config: EncoderConfig, *, seed: int) -> Encoder:
    """Return an encoder of this shape with fresh weights."""
    import torch

    from contracode.encoder.encoders import Encoder

    torch.manual_seed(seed)
    return Encoder(config)


def finetune(
    task: Task,
    encoder: Encoder,
    projection: Projection | None,
    tokenizer: Tokenizer,
    sample: Sample,
    output: Path,
    budget: Budget,
    *,
    seed: int,
    watch: Watch,
) -> tuple[HeadCheckpoint, Trained]:
    """Train a head on a copy of an encoder, validated on the projects of the validation split."""
    from contracode.heads.finetune import finetune as train_head
    from contracode.heads.head_training import head_training

    history: list[Row] = []

    def record(done: int, total: int, row: Row) -> None:
        history.append(row)
        watch(done, total, row)

    began = time.perf_counter()
    options: dict[str, Any] = {"min_count": 2} if task == "types" else {}
    config = head_training(task).settings(
        task=task,
        seed=seed,
        epochs=budget.epochs[task],
        batch_size=16,
        encoder_rate=1.0,
        **options,
    )
    if task == "types":
        training, validation = (sample.files_of(split) for split in ("train", "valid"))
    else:
        training, validation = (
            [(one.source, one.name) for one in sample.functions_of(split)]
            for split in ("train", "valid")
        )
    checkpoint = train_head(
        copy.deepcopy(encoder),
        tokenizer,
        training,
        validation,
        output,
        config,
        projection=copy.deepcopy(projection),
        progress=False,
        watch=record,
    )
    return checkpoint, Trained(history, time.perf_counter() - began)
