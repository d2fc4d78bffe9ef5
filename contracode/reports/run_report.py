"""The report on a run folder: curves, settings, and a map of its encoder's embeddings.

Legend: N functions, D embedding.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import msgspec
import numpy as np

from contracode.corpus.labels.datasets import NamedFunction
from contracode.corpus.packed.reading import open_packed
from contracode.corpus.storage.readers import find_shards, read_functions
from contracode.inputs.input_forms import SourceForms
from contracode.support import config as settings
from contracode.support import run_folder
from contracode.support.config import InputForm
from contracode.support.errors import InputError
from contracode.support.html.projection_2d import (
    MapPoint,
    map_points,
    neighbour_plane,
    principal_plane,
)
from contracode.support.run_folder import RunFacts

if TYPE_CHECKING:
    from contracode.encoder.encoders import Encoder
    from contracode.encoder.momentum_contrast import Tower
    from contracode.inputs.fragment_encoder import FragmentEncoder
    from contracode.inputs.tokenizer import Tokenizer

MIN_FUNCTIONS = 4
"""Minimum number of functions of a map."""

_BATCH = 256
"""Number of functions encoded between two updates of the progress."""

_TITLE = 60
"""Maximum length of a first line that replaces a missing name."""

Progress = Callable[[int, int], None]
"""Called with the number of finished items and the number of all."""

Method = Literal["pca", "umap"]


class Embeddings(msgspec.Struct, kw_only=True):
    """The map of a run's encoder.

    Attributes:
        method: method of the projection.
        explained: share of the variance in the two principal components; None with UMAP.
        places: the points of the functions.
    """

    method: Method
    explained: float | None
    places: list[MapPoint]


class RunReport(msgspec.Struct, kw_only=True):
    """The content of the page of a run.

    Attributes:
        name: the name of the folder.
        kind: the kind of the run.
        step: the step of the last row of `metrics.csv`.
        seconds: training time until that step; None if the run does not record it.
        seed: the seed of the run.
        config: all settings, with defaults filled in.
        facts: corpus, tokenizer, machine and versions; None for a fine-tuning run.
        metrics: rows of `metrics.csv`.
        validation: rows of `validation.csv`.
        probe: rows of `probe.csv`.
        embeddings: the map, or None.
        no_map: the reason why there is no map; "" if there is one.
    """

    name: str
    kind: Literal["pretraining", "fine-tuning"]
    step: int
    seconds: float | None
    seed: int
    config: dict[str, Any]
    facts: RunFacts | None
    metrics: list[dict[str, float]]
    validation: list[dict[str, float]]
    probe: list[dict[str, float]]
    embeddings: Embeddings | None = None
    no_map: str = ""


def read_run(run: Path) -> RunReport:
    """Read a run folder, without a map.

    Raises:
        InputError: the folder is not a run folder, one of its files is broken, or `metrics.csv` has
            no row yet.
    """
    if not run.is_dir():
        raise InputError("is not a run folder" if run.exists() else "no such run folder", path=run)
    pretraining = (run / run_folder.FACTS).is_file()
    if not pretraining and not (run / run_folder.CONFIG).is_file():
        raise InputError(
            f"is not a run folder: it has neither {run_folder.FACTS} nor {run_folder.CONFIG}",
            path=run,
        )
    facts = run_folder.read_facts(run) if pretraining else None
    config, seed = _settings(run, pretraining=pretraining)
    rows = run_folder.read_metrics(run / run_folder.METRICS)
    if not rows or "step" not in rows[-1]:
        raise InputError(f"the run has no step yet: {run_folder.METRICS} has no row", path=run)
    return RunReport(
        name=run.resolve().name,
        kind="pretraining" if pretraining else "fine-tuning",
        step=int(rows[-1]["step"]),
        seconds=rows[-1].get("seconds"),
        seed=seed,
        config=config,
        facts=facts,
        metrics=rows,
        validation=run_folder.read_metrics(run / run_folder.VALIDATION),
        probe=run_folder.read_metrics(run / run_folder.PROBE),
    )


def _settings(run: Path, *, pretraining: bool) -> tuple[dict[str, Any], int]:
    """Return the settings of a run, and its seed."""
    if pretraining:
        config = settings.load(run / run_folder.CONFIG)
        return msgspec.to_builtins(config), config.training.seed
    from contracode.heads.head_training import head_training

    path = run / run_folder.CONFIG
    task = settings.read_toml(path).get("task")
    tuning = settings.load(path, kind=head_training(str(task)).settings)
    return msgspec.to_builtins(tuning), tuning.seed


def add_map(
    report: RunReport,
    run: Path,
    *,
    data: Sequence[str],
    number: int,
    method: Method,
    progress: Progress,
) -> None:
    """Add a map of functions, or the reason why there is none, to a report.

    Args:
        report: the report of the run, changed in place.
        run: the run folder.
        data: files or folders of functions; empty for the corpus of the run, if it still exists.
        number: maximum number of functions, a fixed random sample; 0 for no map.
        method: method of the projection.
        progress: called with the numbers of encoded functions and of all.

    Raises:
        InputError: there are no functions in `data`, or the checkpoint is broken.
    """
    report.no_map = _obstacle(report, run, data, number)
    if report.no_map:
        return
    encoder = _run_encoder(report, run)
    drawn = sample(data or (report.facts.corpus if report.facts else []), number)
    spelled = [SourceForms(function.source).spelled(encoder.reads) for function in drawn]
    pieces = [encoder.tokenizer.encode(text).ids[: encoder.length] for text in spelled]
    kept = [(function, row) for function, row in zip(drawn, pieces, strict=True) if len(row)]
    if len(kept) < MIN_FUNCTIONS:
        report.no_map = f"There is no map of fewer than {MIN_FUNCTIONS} functions."
        return
    vectors_ND = _embedded(encoder, kept, progress)
    plane_N2, explained = (
        principal_plane(vectors_ND) if method == "pca" else (neighbour_plane(vectors_ND), None)
    )
    found = map_points(plane_N2, [(f.name, f.repo, f.path) for f, _ in kept])
    report.embeddings = Embeddings(method=method, explained=explained, places=found)


def _obstacle(report: RunReport, run: Path, data: Sequence[str], number: int) -> str:
    if not number:
        return "No map was requested."
    if report.kind == "pretraining" and not (run / run_folder.CHECKPOINT).is_file():
        return "There is no map: the run has no checkpoint yet."
    if report.kind == "fine-tuning" and not (run / "best").is_dir():
        return "There is no map: the run has no validated checkpoint yet."
    if data:
        return ""
    if report.facts is None:
        return "There is no map: the run does not record its corpus; give functions with --data."
    try:
        if open_packed(report.facts.corpus) is None:
            find_shards(report.facts.corpus)
    except InputError as error:  # the corpus was moved, or is on another machine
        return f"There is no map: {error}; give functions with --data."
    return ""


class _RunEncoder(NamedTuple):
    model: Encoder | Tower
    tokenizer: Tokenizer
    length: int  # maximum number of pieces of a function
    reads: InputForm = "written"
    fragments: FragmentEncoder | None = None
    gain: float = 1.0


def _run_encoder(report: RunReport, run: Path) -> _RunEncoder:
    if report.kind == "pretraining":
        from contracode.export.loading import load_encoder

        found = load_encoder(run)
        data = found.config.data
        return _RunEncoder(
            found.embeds,
            found.tokenizer,
            data.max_length,
            data.reads,
            found.fragments,
            found.config.fragments.fragment_weight,
        )
    from contracode.heads.checkpoint import HeadCheckpoint

    head = HeadCheckpoint.load(run)
    return _RunEncoder(head.encoder, head.tokenizer, head.facts.window)


def _embedded(
    encoder: _RunEncoder, kept: Sequence[tuple[NamedFunction, np.ndarray]], progress: Progress
) -> np.ndarray:
    from contracode.encoder.embedding import embed

    parts: list[np.ndarray] = []
    for start in range(0, len(kept), _BATCH):
        progress(start, len(kept))
        batch = kept[start : start + _BATCH]
        fragments = (
            None
            if encoder.fragments is None
            else [encoder.fragments.embed(function.source) for function, _ in batch]
        )
        parts.append(
            embed(encoder.model, [row for _, row in batch], fragments=fragments, gain=encoder.gain)
        )
    return np.concatenate(parts)


def sample(paths: Sequence[str], number: int) -> list[NamedFunction]:
    """Draw a uniform sample of the functions of a corpus, packed or not, always the same one.

    Args:
        paths: files or folders of the corpus.
        number: maximum number of functions.

    Raises:
        InputError: there is no such corpus, or it is broken.

    Source: Vitter, Random Sampling with a Reservoir, ACM TOMS 11(1), 1985, algorithm R.
    """
    draw = random.Random(0)
    packed = open_packed(paths)
    if packed is not None:
        chosen = sorted(draw.sample(range(len(packed)), min(number, len(packed))))
        return [NamedFunction(packed[one], _first_line(packed[one]), "", "", "") for one in chosen]
    kept: list[tuple[int, NamedFunction]] = []
    for count, row in enumerate(read_functions(paths, strict=True)):
        slot = count if count < number else draw.randrange(count + 1)
        if slot < number:
            function = NamedFunction(
                row.code, row.func_name or _first_line(row.code), row.repo, row.path, row.partition
            )
            kept[slot : slot + 1] = [(count, function)]
    return [function for _, function in sorted(kept, key=lambda entry: entry[0])]


def _first_line(source: str) -> str:
    line = next(chain(filter(None, map(str.strip, source.splitlines())), [""]))
    return line if len(line) <= _TITLE else f"{line[: _TITLE - 1]}…"
