"""The probe: how well the encoder in training separates rewritten functions from other functions.

It is measured on held-out functions.

Legend: N functions, K views of each, T pieces, D embedding, W width of a fragment vector.
"""

import random
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytorch_lightning as lightning
from pytorch_lightning.callbacks import Callback

import augment
from contracode.encoder.embedding import embed
from contracode.encoder.encoders import Encoder
from contracode.encoder.momentum_contrast import Tower
from contracode.inputs.fragment_encoder import FragmentEncoder
from contracode.inputs.input_forms import SourceForms
from contracode.inputs.tokenizer import Tokenizer
from contracode.pretrain.module import Pretraining
from contracode.support import metrics
from contracode.support.config import Config
from contracode.support.errors import InputError
from contracode.support.run_folder import PROBE, Metrics
from contracode.trainer.events import Events
from contracode.views.batches import Batch
from contracode.views.drawing import DrawViews, PairRefused

PROBED = 128
"""Maximum number of held-out functions in a probe: enough for a curve, and cheap compared to the
training steps.
"""

ATTACKS = 4
"""Attacking views of each function, by `Pipeline.everything()`. Source: Jain et al., EMNLP 2021,
section 4.1, which has 4 and 16.
"""

AUROC, WORST = "auroc", f"auroc_worst_of_{ATTACKS}"

COLUMNS = ("step", AUROC, WORST, "alignment", "uniformity")
"""Columns of `probe.csv`."""


class Clones(NamedTuple):
    """The views of a probe.

    Attributes:
        views: for each function its anchor, its other natural view, and `ATTACKS` attacking views;
            each uint16 (T,).
        labels_N: int64, equal for functions that are equal up to names of variables.
        fragments: fragment vector of every view, function by function, each float32 (W,); None
            without a fragment encoder.
    """

    views: list[list[np.ndarray]]
    labels_N: np.ndarray
    fragments: list[np.ndarray] | None = None


def clones(
    sources: Sequence[str],
    functions: Sequence[int],
    tokenizer: Tokenizer,
    config: Config,
    *,
    draw: DrawViews,
    fragments: FragmentEncoder | None = None,
) -> Clones:
    """Render the views of a probe. They depend on the seed of the run alone.

    Args:
        sources: all functions of the corpus.
        functions: indices of those that are held out.
        tokenizer: the tokenizer of the encoder.
        config: settings.
        draw: draws natural views.
        fragments: the fragment encoder, or None.

    Raises:
        InputError: fewer than two different functions have views.
    """
    seed = config.training.seed
    found: list[list[np.ndarray]] = []
    labels: list[int] = []
    counted: list[np.ndarray] = []
    for function in random.Random(f"{seed}/probe").sample(functions, len(functions)):
        if len(found) == PROBED:
            break
        try:
            texts, label = _views(
                sources[function], random.Random(f"{seed}/probe/{function}").getrandbits(48), draw
            )
        except PairRefused:
            continue
        spelled = [SourceForms(text).spelled(config.data.reads) for text in texts]
        rows = [tokenizer.encode(text).ids[: config.data.max_length] for text in spelled]
        if all(len(row) for row in rows):
            found.append(rows)
            labels.append(label)
            counted += [fragments.embed(text) for text in texts] if fragments is not None else []
    if len(set(labels)) < 2:
        raise InputError(
            "fewer than two of the functions held out have views to probe; raise training.held_out"
        )
    return Clones(found, np.asarray(labels, np.int64), counted if fragments is not None else None)


def _views(source: str, seed: int, draw: DrawViews) -> tuple[list[str], int]:
    drawn = draw(source, seed)
    program = augment.parse(source)  # a source that has views parses
    attacked = [view.text for view in _everything().views(program, ATTACKS, seed=seed)]
    return [drawn.first, drawn.second, *attacked], drawn.label


@cache
def _everything() -> augment.Pipeline:
    return augment.Pipeline.everything()


def probe(model: Encoder | Tower, found: Clones, *, gain: float = 1.0) -> dict[str, float]:
    """Measure an encoder on the views of a probe.

    Vectors have unit norm, as those of an exported model. `uniformity` is the mean of both natural
    views.

    Args:
        model: an encoder, or a tower that contrasts encoder and fragment vector together.
        found: the views.
        gain: norm of the fragment vector; the encoder's vector has norm 1.

    Returns:
        The figures named by `COLUMNS`, without the step.
    """
    rows = [view for views in found.views for view in views]
    vectors_ND = embed(model, rows, fragments=found.fragments, gain=gain).astype(np.float64)
    vectors_NKD = vectors_ND.reshape(len(found.views), -1, vectors_ND.shape[1])
    anchors_ND, natural_ND, attacked_NKD = vectors_NKD[:, 0], vectors_NKD[:, 1], vectors_NKD[:, 2:]
    return {
        AUROC: metrics.views_auroc(anchors_ND, natural_ND[:, None], found.labels_N),
        WORST: metrics.views_auroc(anchors_ND, attacked_NKD, found.labels_N),
        "alignment": metrics.alignment(anchors_ND, natural_ND),
        "uniformity": (metrics.uniformity(anchors_ND) + metrics.uniformity(natural_ND)) / 2,
    }


class CloneProbe(Callback):
    """Writes a row of `probe.csv` before the first step and every few steps.

    It draws no random numbers, so a run with the probe equals the run without it.

    Args:
        run: the run folder.
        every: steps between rows.
        found: the views.
        events: receives the rows as well.

    Attributes:
        latest: the last row; empty before the first.
    """

    def __init__(self, run: Path, every: int, found: Clones, events: Events) -> None:
        self._run = run
        self._events = events
        self._every = every
        self._clones = found
        self._done = 0
        self.latest: dict[str, float] = {}

    def on_train_start(
        self, trainer: lightning.Trainer, pl_module: lightning.LightningModule
    ) -> None:
        """Open the file; probe the untrained encoder."""
        self._done = trainer.global_step
        self._metrics = Metrics(self._run / PROBE, COLUMNS, upto=trainer.global_step)
        if not trainer.global_step:
            self._probe(0, pl_module)

    def on_train_batch_end(
        self,
        trainer: lightning.Trainer,
        pl_module: lightning.LightningModule,
        outputs: Any,
        batch: Batch,
        batch_idx: int,
    ) -> None:
        """Probe the encoder every few steps."""
        step = trainer.global_step
        if step == self._done or step % self._every:
            return  # not due, or the step has further batches
        self._done = step
        self._probe(step, pl_module)

    def _probe(self, step: int, module: lightning.LightningModule) -> None:
        assert isinstance(module, Pretraining)
        tower, fragments = module.contrast.query, module.config.fragments
        model = tower if fragments.joint else tower.encoder
        self.latest = {"step": step, **probe(model, self._clones, gain=fragments.fragment_weight)}
        self._metrics.append(self.latest)
        self._events.add(self.latest, "probe")

    def state_dict(self) -> dict[str, Any]:
        """Return the last row, which the bar of a resumed run shows."""
        return {"latest": self.latest}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Restore the last row."""
        self.latest = state_dict["latest"]
