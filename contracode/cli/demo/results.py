"""Typed results of the stages of `contracode demo`, and the budget of each stage."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Literal

import msgspec

from contracode.corpus.labels.datasets import NamedFunction
from contracode.corpus.labels.labelled_file import LabelledFile
from contracode.evaluate.report import Report
from contracode.support.config import Config
from contracode.support.html.blocks import CodePart
from contracode.support.html.projection_2d import MapPoint

Watch = Callable[[int, int, dict[str, float]], None]
"""Called with what is done, what there is in all, and the figures so far by name."""

Row = dict[str, float]
Task = Literal["types", "names"]
TASKS: tuple[Task, ...] = ("types", "names")
SHOWN: dict[Task, list[str]] = {"types": ["valid/loss", "valid/acc@1"], "names": ["valid/loss"]}
"""Figures of a head's validation that are printed."""

SPLITS = ("train", "valid", "test")

UNTRAINED, PRETRAINED = "untrained", "pretrained"
"""Names of the two encoders that are compared."""


class Budget(msgspec.Struct, frozen=True, kw_only=True):
    """How much each stage does.

    Attributes:
        views: of each function, to count and time.
        pretrain: overrides of the preset "tiny".
        epochs: of each head.
    """

    views: int
    pretrain: list[str]
    epochs: dict[Task, int]


# Chosen on the validation projects. The bound in time is for slow or busy machines; two free cores
# need about half of it.
FULL = Budget(
    views=20,
    pretrain=["training.steps=500", "training.max_time=120s", "data.workers=1"],
    epochs={"types": 12, "names": 6},
)
QUICK = Budget(
    views=2,
    pretrain=[
        "training.steps=4",
        "training.batch_size=8",
        "encoder.layers=1",
        "training.log_every=2",
    ],
    epochs={"types": 1, "names": 1},
)


class Sample(msgspec.Struct):
    """The sample corpus, split by project.

    Attributes:
        folder: with `javascript/`, `typescript/`, `splits.json` and the functions of `javascript/`
            as JSON lines.
        shards: of the functions.
        functions: of the shards.
        files: TypeScript with its types taken off.
    """

    folder: Path
    shards: list[str]
    functions: list[NamedFunction]
    files: list[LabelledFile]

    def functions_of(self, split: str) -> list[NamedFunction]:
        """Return the functions of one split."""
        return [function for function in self.functions if function.partition == split]

    def projects_of(self, split: str) -> list[str]:
        """Return the names of the projects of one split."""
        return sorted({item.repo for item in (*self.functions_of(split), *self.files_of(split))})

    def files_of(self, split: str) -> list[LabelledFile]:
        """Return the labelled files of one split."""
        return [file for file in self.files if file.partition == split]


class ShownView(msgspec.Struct):
    """A view and the transforms that made it."""

    text: str
    transforms: list[str]


class Augmented(msgspec.Struct):
    """What the engine made of the sample, on one core.

    Attributes:
        functions: that parse.
        views: of them in all.
        distinct: different texts among them.
        seconds: for parsing and rendering.
        name: of the function that is shown.
        source: of it.
        shown: three of its views.
    """

    functions: int
    views: int
    distinct: int
    seconds: float
    name: str
    source: str
    shown: list[ShownView]


class Trained(msgspec.Struct):
    """One training: its rows of figures, and the seconds it took."""

    history: list[Row]
    seconds: float


class Hinted(msgspec.Struct):
    """A file with predicted types where an editor draws them.

    Attributes:
        path: of the file.
        parts: text and hints.
        threshold: probability from which an editor draws a type.
        drawn: number of hints; those below the threshold carry a question mark.
        sure: how many of them an editor would draw.
        silent: names without a hint.
    """

    path: str
    parts: list[CodePart]
    threshold: float
    drawn: int
    sure: int
    silent: int


class Results(msgspec.Struct, kw_only=True):
    """Everything that one run measured: `results.json`."""

    seed: int
    quick: bool
    machine: dict[str, str]
    versions: dict[str, str]
    config: Config
    projects: dict[str, list[str]]
    num_functions: dict[str, int]
    num_types: dict[str, int]
    augmented: Augmented
    pretraining: Trained
    finetuning: dict[str, Trained]
    reports: list[Report]
    hinted: Hinted
    places: list[MapPoint]
    explained: float
    seconds: dict[str, float]
