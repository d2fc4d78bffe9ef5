"""All stages of `contracode demo` in their order."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from contracode.cli.demo import held_out, stages
from contracode.cli.demo.results import (
    FULL,
    PRETRAINED,
    QUICK,
    SHOWN,
    SPLITS,
    TASKS,
    UNTRAINED,
    Results,
    Trained,
)
from contracode.cli.demo.terminal import StageClock, print_augmented, print_curve, watching
from contracode.inference.model import load
from contracode.support import run_folder
from contracode.support.resources import data_dir

if TYPE_CHECKING:
    from rich.console import Console

    from contracode.encoder.encoders import Encoder, Projection
    from contracode.encoder.pretrained import Pretrained
    from contracode.heads.checkpoint import HeadCheckpoint


class Demo:
    """One run of the demo over the sample corpus.

    Args:
        folder: where runs, heads and models are written.
        seed: of every random choice.
        quick: whether each stage only shows that it works.
        clock: announces and times the stages.
        out: console for results.
        err: console for progress.

    Raises:
        InputError: the sample corpus is missing.
    """

    def __init__(
        self, folder: Path, *, seed: int, quick: bool, clock: StageClock, out: Console, err: Console
    ) -> None:
        self._folder = folder
        self._seed = seed
        self._quick = quick
        self._clock = clock
        self._out = out
        self._err = err
        self._budget = QUICK if quick else FULL
        self._sample = stages.read_sample(data_dir() / "sample", folder / "labels", seed=seed)
        self._finetuning: dict[str, Trained] = {}
        self._models = {
            PRETRAINED: folder / "model",
            UNTRAINED: folder / "untrained" / "model",
        }

    def run(self) -> Results:
        """Run every stage, printing the results of training on the way.

        Raises:
            StageError: a stage failed.
        """
        from contracode.export.start import first_layer

        sample, seed, clock = self._sample, self._seed, self._clock
        with clock.stage("augment"), watching("views", self._err) as watch:
            augmented = stages.augment_sample(sample, self._budget, seed=seed, watch=watch)
        print_augmented(augmented, self._out)

        with clock.stage("pretrain"):
            pretrained, pretraining = stages.pretrain_encoder(
                sample, self._folder / "pretrain", self._budget, seed=seed
            )
        print_curve("pretraining", pretraining, ["loss", "accuracy"], self._out)

        fresh = stages.fresh_encoder(pretrained.config.encoder, seed=seed)
        projection = first_layer(pretrained.encoder, pretrained.projection)
        self._finetune(PRETRAINED, pretrained, pretrained.encoder, projection)
        self._finetune(UNTRAINED, pretrained, fresh, None)

        with clock.stage("evaluate"), watching("held-out projects", self._err) as watch:
            model, baseline = (load(self._models[kind]) for kind in (PRETRAINED, UNTRAINED))
            reports = held_out.compare(model, baseline, sample, seed=seed, watch=watch)
        with clock.stage("predict"):
            hinted = held_out.hint(model, sample)
            places, explained = held_out.place(model, sample.functions)
        return Results(
            seed=seed,
            quick=self._quick,
            machine=run_folder.machine(),
            versions=run_folder.versions(),
            config=pretrained.config,
            projects={split: sample.projects_of(split) for split in SPLITS},
            num_functions={split: len(sample.functions_of(split)) for split in SPLITS},
            num_types={
                split: sum(len(f.labels) for f in sample.files_of(split)) for split in SPLITS
            },
            augmented=augmented,
            pretraining=pretraining,
            finetuning=self._finetuning,
            reports=reports,
            hinted=hinted,
            places=places,
            explained=explained,
            seconds=clock.seconds,
        )

    def _finetune(
        self, kind: str, pretrained: Pretrained, encoder: Encoder, projection: Projection | None
    ) -> None:
        """Train the heads on an encoder and export them with it as one model folder."""
        from contracode.export.write import export

        heads: list[HeadCheckpoint] = []
        for task in TASKS:
            title = f"{task}, {kind}"
            with self._clock.stage(f"fine-tune {title}"), watching(title, self._err) as watch:
                head, trained = stages.finetune(
                    task,
                    encoder,
                    projection,
                    pretrained.tokenizer,
                    self._sample,
                    self._models[kind].parent / task,
                    self._budget,
                    seed=self._seed,
                    watch=watch,
                )
            heads.append(head)
            self._finetuning[title] = trained
            print_curve(title, trained, SHOWN[task], self._out)
        with self._clock.stage(f"export, {kind}"):
            export(
                self._models[kind],
                encoder,
                pretrained.tokenizer,
                name=kind,
                window=pretrained.config.data.max_length,
                reads=pretrained.config.data.reads,
                heads=heads,
            )
