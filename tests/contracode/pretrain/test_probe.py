"""The probe: its figures equal slow oracles, and it does not change a run."""

import math
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

import augment
from contracode.encoder.embedding import embed
from contracode.encoder.encoders import Encoder
from contracode.inputs.tokenizer import Tokenizer
from contracode.pretrain import pretrain
from contracode.pretrain.monitor import shown_figures
from contracode.pretrain.probe import ATTACKS, COLUMNS, PROBED, clones, probe
from contracode.support import config as settings
from contracode.support import metrics
from contracode.support.errors import InputError
from contracode.support.run_folder import read_metrics
from contracode.views.drawing import draw_views
from tests.contracode.toy_runs import curve, state, tiny

HELD = ["training.held_out=12", "training.validate_every=5"]
PROBED_RUN = [*HELD, "training.probe_every=2"]


def unit(random: np.random.Generator, *shape: int) -> np.ndarray:
    # Few distinct directions, so that there are ties.
    vectors = random.integers(-1, 2, shape).astype(np.float64)
    vectors[..., 0] += 3
    return vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)


def slow_views_auroc(anchors: np.ndarray, views: np.ndarray, labels: np.ndarray) -> float:
    """Share of comparisons that the true pair wins if an attacker chooses the view of each pair."""
    numbers = range(len(anchors))

    def scores(i: int, j: int) -> list[float]:
        return [sum(a * b for a, b in zip(anchors[i], view, strict=True)) for view in views[j]]

    own = [min(scores(i, i)) for i in numbers]
    others = [max(scores(i, j)) for i in numbers for j in numbers if labels[i] != labels[j]]
    if not others:
        return math.nan
    wins = [0.5 if abs(a - b) < 1e-9 else float(a > b) for a in own for b in others]
    return sum(wins) / len(wins)


@given(st.integers(2, 7), st.integers(1, 4), st.integers(1, 7), st.integers(0, 2**32))
def test_views_auroc_assumes_attacker_chooses_view(
    functions: int, views: int, labels: int, seed: int
):
    random = np.random.default_rng(seed)
    # On a grid, so that ties are ties in both computations.
    anchors, rewritten = (
        unit(random, functions, 3).round(3),
        unit(random, functions, views, 3).round(3),
    )
    label = random.integers(0, labels, functions)
    expected = slow_views_auroc(anchors, rewritten, label)
    # Whole numbers, whose sums are exact.
    found = metrics.views_auroc(anchors * 1000, rewritten * 1000, label)
    assert found == pytest.approx(expected, nan_ok=True)


def test_views_auroc_falls_with_more_views():
    random = np.random.default_rng(0)
    anchors, rewritten, labels = unit(random, 20, 4), unit(random, 20, 4, 4), np.arange(20)
    values = [metrics.views_auroc(anchors, rewritten[:, :views], labels) for views in (1, 2, 4)]
    assert values == sorted(values, reverse=True)
    assert values[0] > values[-1]
    assert metrics.views_auroc(np.eye(4), np.eye(4)[:, None], np.arange(4)) == 1.0
    assert metrics.views_auroc(np.eye(4), np.eye(4)[::-1][:, None], np.arange(4)) < 0.5


def test_alignment_and_uniformity_equal_their_definitions():
    random = np.random.default_rng(1)
    first, second = unit(random, 9, 5), unit(random, 9, 5)
    squared = [
        sum((a - b) ** 2 for a, b in zip(x, y, strict=True))
        for x, y in zip(first, second, strict=True)
    ]
    assert metrics.alignment(first, second) == pytest.approx(sum(squared) / 9)
    potential = [math.exp(-2 * sum((first[i] - first[j]) ** 2)) for i in range(9) for j in range(i)]
    assert metrics.uniformity(first) == pytest.approx(math.log(sum(potential) / len(potential)))
    assert metrics.alignment(first, first) == 0
    assert metrics.uniformity(np.ones((3, 1))) == 0


def test_embedding_keeps_random_state_and_mode(tokenizer: Tokenizer, sources: list[str]):
    torch.manual_seed(0)
    encoder = Encoder(
        settings.load(
            overrides=["encoder.dropout=0.5", f"encoder.vocab_size={tokenizer.size}"]
        ).encoder
    )
    rows = [
        tokenizer.encode(source).ids[:length]
        for source, length in zip(sources, (30, 5, 17, 9, 1), strict=False)
    ]
    before = torch.get_rng_state()
    vectors = embed(encoder, rows, batch_size=2)
    assert torch.equal(torch.get_rng_state(), before)
    assert all(module.training for module in encoder.modules())
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)
    alone = np.concatenate([embed(encoder, [row]) for row in rows])  # not changed by padding
    np.testing.assert_allclose(vectors, alone, atol=1e-5)
    embed(encoder.eval(), rows)
    assert not any(module.training for module in encoder.modules())


def test_probe_figures_equal_slow_oracles(tokenizer: Tokenizer, sources: list[str]):
    functions = [p.text(f.node) for p in map(augment.parse, sources[:8]) for f in p.functions][:40]
    functions[3] = "function ("  # does not parse
    config = tiny("training.held_out=20", "data.max_length=60")
    found = clones(functions, range(5, 25), tokenizer, config, draw=draw_views)
    again = clones(functions, range(5, 25), tokenizer, config, draw=draw_views)
    assert 2 < len(found.views) <= 20 < PROBED
    assert all(len(views) == 2 + ATTACKS and max(map(len, views)) <= 60 for views in found.views)
    assert found.labels_N.tolist() == again.labels_N.tolist()
    assert all(
        np.array_equal(one, other)
        for views, others in zip(found.views, again.views, strict=True)
        for one, other in zip(views, others, strict=True)
    )
    torch.manual_seed(0)
    encoder = Encoder(settings.load(overrides=[f"encoder.vocab_size={tokenizer.size}"]).encoder)
    row = probe(encoder, found)
    assert tuple(row) == COLUMNS[1:]
    sides = [embed(encoder, [views[side] for views in found.views]) for side in range(2 + ATTACKS)]
    rewritten = np.stack(sides[2:], axis=1)
    assert row["auroc"] == pytest.approx(
        slow_views_auroc(sides[0], sides[1][:, None], found.labels_N), abs=1e-3
    )
    assert row["auroc_worst_of_4"] == pytest.approx(
        slow_views_auroc(sides[0], rewritten, found.labels_N), abs=1e-3
    )
    assert row["auroc_worst_of_4"] < row["auroc"]
    assert row["alignment"] == pytest.approx(metrics.alignment(sides[0], sides[1]), abs=1e-5)
    assert row["uniformity"] == pytest.approx(
        (metrics.uniformity(sides[0]) + metrics.uniformity(sides[1])) / 2, abs=1e-5
    )
    with pytest.raises(InputError, match="fewer than two of the functions held out"):
        clones(functions, [3, 6], tokenizer, config, draw=draw_views)


@pytest.fixture(scope="module")
def probed(tmp_path_factory: pytest.TempPathFactory, toy_corpus: Path) -> Path:
    run = tmp_path_factory.mktemp("runs") / "probed"
    pretrain([str(toy_corpus)], run, tiny(*PROBED_RUN), progress=False)
    return run


def test_probe_does_not_change_the_run(probed: Path, toy_corpus: Path, tmp_path: Path):
    pretrain([str(toy_corpus)], tmp_path / "plain", tiny(*HELD), progress=False)
    assert not (tmp_path / "plain" / "probe.csv").exists()
    assert curve(probed) == curve(tmp_path / "plain")
    assert read_metrics(probed / "validation.csv") == read_metrics(
        tmp_path / "plain" / "validation.csv"
    )
    expected = state(tmp_path / "plain")
    for name, weight in state(probed).items():
        assert torch.equal(weight, expected[name]), name
    rows = read_metrics(probed / "probe.csv")
    assert [row["step"] for row in rows] == [0, 2, 4, 6, 8, 10, 12]
    assert tuple(rows[0]) == COLUMNS
    assert all(0 <= row[name] <= 1 for row in rows for name in ("auroc", "auroc_worst_of_4"))
    assert all(row["uniformity"] < 0 < row["alignment"] for row in rows)
    assert len({row["alignment"] for row in rows}) == 7  # the encoder in training is probed


def test_interrupted_run_has_the_same_probe_rows(probed: Path, toy_corpus: Path, tmp_path: Path):
    run = tmp_path / "cut"

    def draw(source: str, seed: int):
        rows = read_metrics(run / "probe.csv")
        if rows and rows[-1]["step"] == 4:
            raise KeyboardInterrupt
        return draw_views(source, seed)

    with pytest.raises(KeyboardInterrupt):
        pretrain([str(toy_corpus)], run, tiny(*PROBED_RUN), draw=draw, progress=False)
    assert read_metrics(run / "probe.csv")[-1]["step"] == 4
    assert torch.load(run / "last.ckpt", weights_only=True)["global_step"] == 3
    pretrain(
        [str(toy_corpus)], run, settings.load(run / "config.toml"), resume=True, progress=False
    )
    assert (run / "probe.csv").read_bytes() == (probed / "probe.csv").read_bytes()
    assert curve(run) == curve(probed)


def test_validation_and_probe_reach_tensorboard(toy_corpus: Path, tmp_path: Path):
    """Every figure appears once, with its step, also after a resumption."""
    config = tiny(*PROBED_RUN, "training.tensorboard=true", "training.steps=5")
    pretrain([str(toy_corpus)], tmp_path, config, progress=False)
    longer = settings.load(
        tmp_path / "config.toml", ["training.steps=8", "training.validate_every=4"]
    )
    pretrain([str(toy_corpus)], tmp_path, longer, resume=True, progress=False)
    events = EventAccumulator(str(tmp_path / "tensorboard"))
    events.Reload()
    for group, name in (("", "metrics"), ("validation/", "validation"), ("probe/", "probe")):
        rows = read_metrics(tmp_path / f"{name}.csv")
        for column in rows[0].keys() - {"step", "seconds"}:
            shown = [(one.step, one.value) for one in events.Scalars(group + column)]
            assert shown == [(row["step"], pytest.approx(row[column], rel=1e-5)) for row in rows], (
                column
            )


def test_events_are_not_written_by_default(probed: Path):
    assert not (probed / "tensorboard").exists()


def test_probe_needs_held_out_functions():
    with pytest.raises(InputError, match="probe_every needs functions to probe on: held_out is 0"):
        tiny("training.probe_every=5")


def test_progress_bar_shows_probe_figures():
    row = {
        "step": 5,
        "loss": 1.5,
        "accuracy": 0.25,
        "temperature": 0.07,
        "pieces_per_second": 1234,
        "waiting": 0.0,
    }
    shown = shown_figures(row, {"auroc": 0.912, "auroc_worst_of_4": 0.7})
    assert shown.endswith("1,234 pieces/s  clones 91.2%, rewritten 70.0%")
