"""The way through on the sample corpus, as stages with typed results; `contracode demo` runs and
prints them.

Held out are two small projects: what is measured there shows that the parts work together, not how
    good they can get.

Legend: N functions, D embedding.
"""

from __future__ import annotations

import copy
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import msgspec

import augment
from contracode.corpus.labels.datasets import Function, read_named
from contracode.corpus.labels.labelled_file import LabelledFile
from contracode.corpus.labels.type_corpus import build_types
from contracode.corpus.storage.readers import read_rows
from contracode.corpus.storage.splits import read_splits
from contracode.evaluate.clones.views import Embedder, ViewPair, embedders, view_pairs
from contracode.evaluate.labels import name_answers, type_answers
from contracode.evaluate.report import Report
from contracode.inference.model import Model
from contracode.inputs.tokenizer import Tokenizer
from contracode.products.annotate.draw_hints import draw, shown
from contracode.support import config as settings
from contracode.support import metrics
from contracode.support.config import Config, EncoderConfig
from contracode.support.html.blocks import CodePart
from contracode.support.html.projection_2d import MapPoint, map_points, principal_plane
from contracode.support.run_folder import METRICS, read_metrics

if TYPE_CHECKING:
    from contracode.encoder.encoders import Encoder, Projection
    from contracode.encoder.pretrained import Pretrained
    from contracode.heads.checkpoint import HeadCheckpoint

Watch = Callable[[int, int, dict[str, float]], None]
"""Called with what is done, what there is in all, and the figures so far by name."""

Row = dict[str, float]
Task = Literal["types", "names"]
TASKS: tuple[Task, ...] = ("types", "names")
SHOWN: dict[Task, list[str]] = {"types": ["valid/loss", "valid/acc@1"], "names": ["valid/loss"]}
"""Figures of a head's validation that are printed."""

COMPARED = ("acc@1", "acc@5", "F1", "exact")
"""Figures of the heads that are shown; `contracode evaluate` has more."""

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
    functions: list[Function]
    files: list[LabelledFile]

    def functions_of(self, split: str) -> list[Function]:
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


GUESSES = 10
"""Hints that are drawn at least, sure or not."""


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
    programs: list[tuple[Function, augment.Program]] = []
    for number, function in enumerate(sample.functions, start=1):
        program = augment.parse(function.source)
        texts = [view.text for view in pipeline.views(program, budget.views, seed)]
        programs.append((function, program))
        total += len(texts)
        distinct += len(set(texts))
        watch(number, len(sample.functions), {"views": total, "distinct": distinct})
    seconds = time.perf_counter() - began

    def tellingness(item: tuple[Function, augment.Program]) -> float:
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


def compare(
    model: Model, baseline: Model, sample: Sample, *, seed: int, watch: Watch
) -> list[Report]:
    """Measure both models and the counting baselines on the projects that were held out.

    The intervals draw files, for which every held-out item gets one repository: two projects are
    too few to draw from.

    Returns:
        Reports of types, names and retrieval; in the last, each function's rewritten view is sought
        among those of the whole sample.
    """
    files = [
        msgspec.structs.replace(file, repo="", path=f"{file.repo}/{file.path}")
        for file in sample.files_of("test")
    ]
    functions = [
        one._replace(repo="", path=f"{one.repo}/{one.path}") for one in sample.functions_of("test")
    ]
    training = sample.files_of("train"), sample.functions_of("train")
    types = type_answers.types(model, files, training[0], against=[baseline], seed=seed)
    watch(1, 3, {})
    names = name_answers.names(model, functions, training[1], against=[baseline], seed=seed)
    watch(2, 3, {})
    others = [function for function in sample.functions if function.partition != "test"]
    pairs, distractors = (
        view_pairs([(f.source, f.path) for f in chosen], seed=seed)
        for chosen in (functions, others)
    )
    found = retrieval(
        pairs, [pair.second for pair in distractors], embedders(model, seed=seed), seed=seed
    )
    watch(3, 3, {})
    return [_kept(types), _kept(names), found]


def _kept(report: Report) -> Report:
    """Return a report with the figures that the page compares."""
    return msgspec.structs.replace(
        report, figures=[one for one in report.figures if one.metric in COMPARED]
    )


def retrieval(
    pairs: Sequence[ViewPair],
    distractors: Sequence[str],
    embedders: Mapping[str, Embedder],
    *,
    seed: int,
) -> Report:
    """Seek each pair's second view by its first among all second views and the distractors."""
    groups = [pair.group for pair in pairs]
    report = Report(task="retrieval", num_items=len(pairs), num_groups=len(set(groups)))
    for method, embed in embedders.items():
        queries_ND = embed([pair.first for pair in pairs])
        ranks_N = metrics.partner_ranks(
            queries_ND, embed([*(pair.second for pair in pairs), *distractors])
        )
        report.add(
            method,
            "P@1",
            lambda i, r=ranks_N: metrics.retrieval(r[i]).precision_at_1,
            groups,
            seed=seed,
        )
        report.add(
            method, "MRR", lambda i, r=ranks_N: metrics.retrieval(r[i]).mrr, groups, seed=seed
        )
    return report


def hint(model: Model, sample: Sample) -> Hinted:
    """Predict the types of a held-out JavaScript file: the one in which the model is surest.

    A model of so little data is rarely as sure as an editor asks for; the surest guesses are drawn
    all the same, and marked.
    """
    threshold = model.metadata.threshold
    found: list[tuple[int, float, Hinted]] = []
    for project in sorted({function.repo for function in sample.functions_of("test")}):
        for path in sorted((sample.folder / "javascript" / project).glob("*.js")):
            source = path.read_text("utf-8")
            predictions = [
                one for one in model.predict_types(source) if not one.written and not one.obvious
            ]
            sure = len(shown(predictions, threshold))
            ranked = sorted(shown(predictions, 0.0), key=lambda one: -one.candidates[0].probability)
            chosen = ranked[: max(sure, GUESSES)]
            parts = [
                part
                if part.probability is None or part.probability >= threshold
                else part._replace(text=part.text + "?")
                for part in draw(source, chosen)
            ]
            hinted = Hinted(
                path.relative_to(sample.folder).as_posix(),
                parts,
                threshold,
                len(chosen),
                sure,
                len(predictions) - len(chosen),
            )
            found.append((sure, sum(one.candidates[0].probability for one in chosen), hinted))
    return max(found, key=lambda entry: entry[:2])[2]


def place(model: Model, functions: Sequence[Function]) -> tuple[list[MapPoint], float]:
    """Lay the embeddings of functions into the plane of their two principal components.

    Returns:
        The places, and the share of the variance that the plane shows.
    """
    plane_N2, explained = principal_plane(model.embed([function.source for function in functions]))
    named = [(function.name, function.repo, function.path) for function in functions]
    return map_points(plane_N2, named), explained
