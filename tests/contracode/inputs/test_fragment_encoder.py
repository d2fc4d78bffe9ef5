"""The fragment vector: counting, whitening, training with it, and equal vectors from an exported
model.
"""

import random
import re
from pathlib import Path

import numpy as np
import pytest
import torch

from contracode.evaluate.clones.methods.untrained import Untrained
from contracode.export.loading import load_encoder
from contracode.export.write import FragmentPart, export
from contracode.inference.model import load
from contracode.inputs.fragment_encoder import FragmentEncoder, FragmentTable, count_fragments
from contracode.inputs.fragments import KINDS, SHAPE
from contracode.inputs.tokenizer import Tokenizer, train
from contracode.pretrain import pretrain
from contracode.pretrain.fit_fragments import fit_fragment_encoder
from contracode.support.config import Config, FragmentConfig
from contracode.support.errors import InputError
from contracode.views.batch_plan import EpochItem
from contracode.views.drawing import draw_views
from contracode.views.pairs import PairDataset
from contracode.views.same_name_pairs import MAX_REPOSITORIES, find_namesakes
from contracode.views.training_data import training_sources
from tests.contracode.inputs.spelling import normal, parsed
from tests.contracode.toy_runs import tiny

OPERATORS = ["+", "-", "*", "%", "&", "|", "^", "<", ">>"]


def functions(number: int) -> list[str]:
    draw = random.Random(0)
    found: list[str] = []
    for _ in range(number):
        first, second, third = draw.sample(OPERATORS, 3)
        found.append(
            f"function f(a, b) {{ let c = a {first} {draw.randrange(9)}; if (c {second} b) {{ c = b.key{draw.randrange(9)}; }}"
            f" return c {third} a.{draw.choice('xyz')}; }}"
        )
    return found


@pytest.fixture(scope="module")
def fragments() -> FragmentEncoder:
    return fit_fragment_encoder(functions(200), FragmentConfig(dimension=8, min_df=2))


def test_the_whitened_vectors_are_those_of_a_whole_decomposition() -> None:
    sources = functions(80)
    found = fit_fragment_encoder(
        sources, FragmentConfig(dimension=4, signature=0, words=0, operations=0, min_df=2)
    )
    bags = [
        dict(zip(*map(np.ndarray.tolist, count_fragments(normal(source))), strict=True))
        for source in sources
    ]
    known = {key for key in set().union(*bags) if key % KINDS in SHAPE}
    keys = sorted(key for key in known if sum(key in bag for bag in bags) >= 2)
    inverse = {
        key: np.log((1 + len(bags)) / (1 + sum(key in bag for bag in bags))) + 1 for key in keys
    }
    rows_NV = np.array(
        [
            [(1 + np.log(bag[key])) * inverse[key] if key in bag else 0 for key in keys]
            for bag in bags
        ]
    )
    rows_NV /= np.linalg.norm(rows_NV, axis=1, keepdims=True)
    left_NR, _, _ = np.linalg.svd(rows_NV, full_matrices=False)
    expected_NW = left_NR[:, :4] / np.linalg.norm(left_NR[:, :4], axis=1, keepdims=True)
    vectors_NW = np.stack([found.embed(source) for source in sources])
    # up to the signs of the directions: what vectors say of each other is the same
    np.testing.assert_allclose(
        vectors_NW @ vectors_NW.T, expected_NW @ expected_NW.T, atol=5e-2
    )  # in 8 bits


def test_functions_called_alike_lie_closer_than_others_that_are_written_alike() -> None:
    draw = random.Random(1)
    sources, names = [], []
    for _ in range(400):
        name = draw.choice(["first", "last", "size"])
        body = {"first": "a[0]", "last": "a[a.length - 1]", "size": "a.length"}[name]
        noise = "".join(
            f" g{draw.randrange(6)}(a.p{draw.randrange(6)} {draw.choice(OPERATORS)} 1);"
            for _ in range(3)
        )
        sources.append(f"function f(a) {{{noise} return {body}; }}")
        names.append(f"List.{name}")
    plain = fit_fragment_encoder(sources, FragmentConfig(dimension=24, min_df=2, name_alignment=0))
    named = fit_fragment_encoder(
        sources, FragmentConfig(dimension=24, min_df=2, name_alignment=3), names=names
    )
    np.testing.assert_array_equal(
        fit_fragment_encoder(sources, FragmentConfig(dimension=24, min_df=2)).embed(sources[0]),
        plain.embed(sources[0]),
    )

    def margin(encoder: FragmentEncoder) -> float:
        vectors_NW = np.stack([encoder.embed(source) for source in sources])
        alike_NN = np.asarray(names)[:, None] == np.asarray(names)
        cosines_NN = vectors_NW @ vectors_NW.T
        return float(cosines_NN[alike_NN].mean() - cosines_NN[~alike_NN].mean())

    assert margin(named) > margin(plain) + 0.1


def test_names_and_layout_do_not_change_a_vector(fragments: FragmentEncoder) -> None:
    source = functions(1)[0]
    drawn = draw_views(source, 3)
    np.testing.assert_array_equal(
        fragments.embed(source),
        fragments.embed(re.sub(r"\bc\b", "total", source).replace("{ ", "{\n\t")),
    )
    assert fragments.embed(source) @ fragments.embed(drawn.first) > 0.5
    assert not fragments.embed("} not a program {").any()


def test_it_is_read_as_it_was_written(fragments: FragmentEncoder, tmp_path: Path) -> None:
    fragments.save(tmp_path)
    again = FragmentEncoder.load(tmp_path)
    assert again.fingerprint == fragments.fingerprint
    (tmp_path / "wide.safetensors").write_bytes(b"nonsense")
    with pytest.raises(InputError, match="not a fragment encoder"):
        FragmentEncoder.load(tmp_path)
    with pytest.raises(InputError, match=r"wide\.safetensors"):
        FragmentEncoder.load(tmp_path / "nowhere")


def test_parts_stand_side_by_side_and_one_that_knows_nothing_is_zero() -> None:
    found = fit_fragment_encoder(
        functions(200),
        FragmentConfig(dimension=8, signature=4, words=5, operations=3, block_weight=0.5, min_df=2),
    )
    assert found.dimensions == (8, 4, 5, 3)
    shape_W, *others = np.split(found.embed(functions(1)[0]), np.cumsum(found.dimensions)[:-1])
    assert [np.linalg.norm(part) / np.linalg.norm(shape_W) for part in others] == pytest.approx(
        [0.5] * 3
    )
    words_W = np.split(
        found.embed("function f(a, b) { let c = a + b; if (c < b) { c = b; } return c; }"), [12, 17]
    )[1]
    assert not words_W.any()


def test_a_small_corpus_gives_fewer_dimensions() -> None:
    assert (
        fit_fragment_encoder(functions(50), FragmentConfig(dimension=64, min_df=2)).dimensions[0]
        == 25
    )
    with pytest.raises(
        InputError, match=r"1 functions have too few fragments in common for a fragment encoder"
    ):
        fit_fragment_encoder(functions(1), FragmentConfig(dimension=64))


@pytest.mark.parametrize("joint", [False, True])
def test_a_run_with_a_fragment_vector_resumes_exports_and_answers_as_in_training(
    toy_corpus: Path, tmp_path: Path, joint: bool
) -> None:
    config: Config = tiny(
        "fragments.dimension=8",
        "fragments.min_df=2",
        "training.steps=4",
        "fragments.fragment_weight=0.5",
        f"fragments.joint={str(joint).lower()}",
    )
    run = tmp_path / "run"
    pretrain([str(toy_corpus)], run, config, progress=False)
    found = load_encoder(run)
    assert found.fragments is not None
    export(
        tmp_path / "model",
        found.encoder,
        found.tokenizer,
        name="toy",
        window=64,
        fragments=FragmentPart(found.fragments, 0.5, found.tower if joint else None),
        weights="float32",
    )
    model = load(tmp_path / "model")
    sources = [
        "function f(a) { return a + 1; }",
        "function g(list) { for (const x of list) h(x); }",
    ]
    for source, vector_D in zip(sources, model.embed(sources), strict=True):
        ids_1T = torch.from_numpy(found.tokenizer.encode(source).ids.astype(np.int64))[None]
        fragments_1W = torch.from_numpy(found.fragments.embed(source))[None]
        mask_1T = torch.ones_like(ids_1T, dtype=torch.bool)
        with torch.no_grad():
            if joint:
                expected_1D = found.tower(ids_1T, mask_1T, fragments_1W)
            else:
                deep_1D = torch.nn.functional.normalize(
                    found.encoder.embed(ids_1T, mask_1T)[1], dim=1
                )
                expected_1D = torch.nn.functional.normalize(
                    torch.cat([deep_1D, 0.5 * fragments_1W], dim=1), dim=1
                )
        assert found.fragments.identifiers is not None
        named_1I = found.fragments.identifiers.vector(parsed(source))[None]
        (expected_D,) = found.fragments.identifiers.concat(expected_1D.numpy(), named_1I)
        np.testing.assert_allclose(vector_D, expected_D, atol=1e-5)
        (blind_D,) = model.embed([source], use_names=False)
        np.testing.assert_allclose(blind_D, expected_1D[0].numpy(), atol=1e-5)
    assert model.embed([]).shape == (0, model.metadata.dimension)
    fresh = Untrained(model).embed(sources)
    assert fresh.shape == (2, found.encoder.config.pooled_width)  # what is fitted counts as trained
    FragmentEncoder(
        [FragmentTable(np.arange(9, dtype=np.uint32), np.ones(9), np.ones((9, 8)), 1.0)]
    ).save(run)
    with pytest.raises(InputError, match="not the fragment encoder of this run"):
        load_encoder(run)


def test_namesakes_are_of_other_repositories_and_of_names_that_say_something() -> None:
    rows = [
        ("binarySearch", "a"),
        ("Tree.binary_search", "b"),
        ("binarySearch", "a"),
        ("get", "a"),
        ("get", "b"),
    ]
    rows += [("render", f"r{number}") for number in range(MAX_REPOSITORIES + 1)] + [
        ("alone", "a"),
        ("alone", "a"),
        ("", "a"),
        ("", "b"),
    ]
    found = find_namesakes(rows)
    assert found.of[:3] == [(1,), (0, 2), (1,)]
    assert not any(found.of[3:])
    assert found.labels[0] == found.labels[1] == found.labels[2] is not None
    assert found.labels[3:] == [None] * len(rows[3:])


def test_a_pair_of_namesakes_has_a_view_of_each(toy_corpus: Path) -> None:
    config = tiny("data.namesakes=1.0", "data.sampled=0.0", "data.max_length=512")
    sources = [
        "function search(a) { return a * 7; }",
        "const search = (b) => { return b.left || b.right; }",
    ]
    namesakes = find_namesakes([("search", "one"), ("search", "two")])
    run_tokenizer = _tokenizer(toy_corpus)
    pairs = PairDataset(sources, run_tokenizer, config.data, seed=0, namesakes=namesakes)
    for epoch in range(8):
        pair = pairs.pair(EpochItem(epoch, 0))
        assert "left" in run_tokenizer.decode(pair.second)
        assert "left" not in run_tokenizer.decode(pair.first)
        assert pair.label == pairs.pair(EpochItem(epoch, 1)).label


def _tokenizer(corpus: Path) -> Tokenizer:
    return train(training_sources([str(corpus)]), tiny().tokenizer, seed=0)
