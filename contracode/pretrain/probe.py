"""How well the encoder tells rewritten functions from other functions while it trains, on some that
it does not train on.

Legend: N functions, K views of each, T pieces, D embedding.
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
"""Functions of a probe at most, drawn among those held out: enough for a curve, and little beside
the training steps.
"""

ATTACKS = 4
"""Views of each function by every transform at every site. Source: Jain et al., EMNLP 2021, section
4.1, which has 4 and 16.
"""

AUROC, WORST = "auroc", f"auroc_worst_of_{ATTACKS}"

COLUMNS = ("step", AUROC, WORST, "alignment", "uniformity")
"""Of `probe.csv`."""


class Clones(NamedTuple):
    """Views of functions.

    Attributes:
        views: of each function its anchor, its other natural view, and then those of the attack:
            uint16 (T,) each.
        labels_N: int64, the same for functions that are the same up to the names of variables.
        wide: float32 (W,) of each of the views, where there is a wide part.
    """

    views: list[list[np.ndarray]]
    labels_N: np.ndarray
    wide: list[np.ndarray] | None = None


def clones(
    sources: Sequence[str],
    functions: Sequence[int],
    tokenizer: Tokenizer,
    config: Config,
    *,
    draw: DrawViews,
    wide: FragmentEncoder | None = None,
) -> Clones:
    """Render the views of a probe, by the seed of the run alone.

    Args:
        sources: of the corpus.
        functions: those of it that are held out.
        tokenizer: of the encoder.
        config: settings.
        draw: draws natural views.
        wide: counts the wide part of views.

    Raises:
        InputError: fewer than two of the functions have views and differ.
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
            counted += [wide.embed(text) for text in texts] if wide is not None else []
    if len(set(labels)) < 2:
        raise InputError(
            "fewer than two of the functions held out have views to probe; raise training.held_out"
        )
    return Clones(found, np.asarray(labels, np.int64), counted if wide is not None else None)


def _views(source: str, seed: int, draw: DrawViews) -> tuple[list[str], int]:
    drawn = draw(source, seed)
    program = augment.parse(source)  # what has two views parses
    attacked = [view.text for view in _everything().views(program, ATTACKS, seed=seed)]
    return [drawn.first, drawn.second, *attacked], drawn.label


@cache
def _everything() -> augment.Pipeline:
    return augment.Pipeline.everything()


def probe(model: Encoder | Tower, found: Clones, *, gain: float = 1.0) -> dict[str, float]:
    """Return the figures of an encoder, or of a tower: what `COLUMNS` names but for the step;
    beside a wide part that weighs `gain`.

    They are about unit vectors as an exported model gives them. `uniformity` is the mean of that of
    both natural views.
    """
    rows = [view for views in found.views for view in views]
    vectors_ND = embed(model, rows, wide=found.wide, gain=gain).astype(np.float64)
    vectors_NKD = vectors_ND.reshape(len(found.views), -1, vectors_ND.shape[1])
    anchors_ND, natural_ND, attacked_NKD = vectors_NKD[:, 0], vectors_NKD[:, 1], vectors_NKD[:, 2:]
    return {
        AUROC: metrics.views_auroc(anchors_ND, natural_ND[:, None], found.labels_N),
        WORST: metrics.views_auroc(anchors_ND, attacked_NKD, found.labels_N),
        "alignment": metrics.alignment(anchors_ND, natural_ND),
        "uniformity": (metrics.uniformity(anchors_ND) + metrics.uniformity(natural_ND)) / 2,
    }


class CloneProbe(Callback):
    """Writes a row of `probe.csv` before the first step and every few steps; draws nothing, so that
    a run with it is one without.

    Args:
        run: the run folder.
        every: steps.
        found: the views.
        events: which get the rows too.

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
        """CloneProbe when it is time."""
        step = trainer.global_step
        if step == self._done or step % self._every:
            return  # or the step has further batches
        self._done = step
        self._probe(step, pl_module)

    def _probe(self, step: int, module: lightning.LightningModule) -> None:
        assert isinstance(module, Pretraining)
        tower, wide = module.contrast.query, module.config.wide
        model = tower if wide.joint else tower.encoder
        self.latest = {"step": step, **probe(model, self._clones, gain=wide.gain)}
        self._metrics.append(self.latest)
        self._events.add(self.latest, "probe")

    def state_dict(self) -> dict[str, Any]:
        """Return what a resumed run shows."""
        return {"latest": self.latest}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Take it back."""
        self.latest = state_dict["latest"]
