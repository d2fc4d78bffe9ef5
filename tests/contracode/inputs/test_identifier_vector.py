"""The part of an embedding that reads names: what it reads, what it weighs, and that it can be left
out.
"""

from pathlib import Path

import numpy as np
import pytest

from contracode.inputs.fragment_encoder import FILE, NOTHING, FragmentEncoder
from contracode.inputs.identifier_vector import (
    FULL,
    IdentifierEncoder,
    declared_words,
    fit_identifier_encoder,
)
from contracode.pretrain.fit_fragments import fit_fragment_encoder
from contracode.support.config import FragmentConfig
from contracode.support.errors import InputError
from contracode.support.resources import data_dir
from tests.contracode.inputs.spelling import parsed
from tests.contracode.inputs.test_fragment_encoder import functions


def fitted(gain: float = 1.0) -> IdentifierEncoder:
    """Knows that `get` is common and `lattice` is rare."""
    texts = [["get"]] * 900 + [["lattice"]] * 5 + [["other"]] * 95
    return fit_identifier_encoder(texts, 256, gain, vocabulary=100, min_df=5)


def test_words_of_what_stands_outermost_weigh_most() -> None:
    program = parsed(
        "const parseHTMLNode = (sourceText) => { let charCount = 0; return sourceText[charCount] }"
    )
    assert declared_words(program) == {
        "parse": 1.0,
        "html": 1.0,
        "node": 1.0,
        "source": 0.5,
        "text": 0.5,
        "char": 0.25,
        "count": 0.25,
    }


def test_a_word_counts_where_it_weighs_most_and_what_says_nothing_is_left_out() -> None:
    assert declared_words(
        parsed("function list(list, a0) { for (const i of list) console.log(i, list.length) }")
    ) == {"list": 1.0}
    assert declared_words(parsed("exports.area = function (width) { return width }")) == {
        "area": 1.0,
        "width": 0.5,
    }
    assert declared_words(parsed("({ area(width) { return width } })")) == {
        "area": 1.0,
        "width": 0.5,
    }
    assert declared_words(parsed("(a, b) => a * b")) == {}
    assert declared_words(parsed("(a, b) => a * b"), "areaOf") == {"area": 1.0, "of": 1.0}


def test_rare_words_weigh_more_and_many_words_no_more_than_all() -> None:
    found = fitted()
    common, rare, unknown = (
        np.linalg.norm(found.vector(parsed(f"function {name}(a) {{}}")))
        for name in ("get", "lattice", "zygote")
    )
    assert 0 < common < rare == pytest.approx(unknown)
    assert rare == pytest.approx(np.log(1001 / 6) / FULL)
    many = "Alpha Beta Gamma Delta Epsilon Zeta Eta Theta Iota Kappa Lambda".replace(" ", "")
    assert np.linalg.norm(found.vector(parsed(f"function {many}(a) {{}}"))) == pytest.approx(1)


def test_names_decide_between_programs_that_are_otherwise_alike() -> None:
    found = fitted(gain=0.8)
    rest_N2 = np.asarray([[1.0, 0.0]] * 4, np.float32)
    named = ("latticeZygoteQuartz", "quartzLatticeZygote", "violinHarborMeadow", "f0")
    vectors = found.concat(
        rest_N2, np.stack([found.vector(parsed(f"function {name}(a) {{}}")) for name in named])
    )
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, rtol=1e-6)
    alike, other, unnamed = vectors[0] @ vectors[1:].T
    assert alike == pytest.approx(1)
    assert other < 0.87 < unnamed < 0.95


def test_a_fragment_encoder_keeps_it_in_its_file_and_reads_it_apart(tmp_path: Path) -> None:
    settings = FragmentConfig(dimension=8, identifier_dim=64, identifier_weight=0.5, min_df=2)
    fragments = fit_fragment_encoder(functions(60), settings)
    assert fragments.identifiers is not None
    fragments.save(tmp_path)
    again = FragmentEncoder.load(tmp_path)
    assert again.fingerprint == fragments.fingerprint
    source = "function latticeOf(a, b) { let c = a + 1; return c * a.x; }"
    assert again.identifiers is not None
    blind_W, named_I = again.embed(source), again.identifiers.vector(parsed(source))
    assert (blind_W.shape, named_I.shape) == ((again.dimension,), (64,))
    np.testing.assert_array_equal(blind_W, fragments.embed(source))
    np.testing.assert_array_equal(named_I, fragments.identifiers.vector(parsed(source)))
    assert not again.embed("} no program {").any()
    without = fit_fragment_encoder(
        functions(60), FragmentConfig(dimension=8, identifier_dim=0, min_df=2)
    )
    assert without.identifiers is None
    assert without.fingerprint != fragments.fingerprint


def test_names_of_all_scripts_count_in_newly_fitted_encoders(tmp_path: Path) -> None:
    program = parsed("function größeMessen(Число) {}")
    assert declared_words(program) == {"größe": 1.0, "messen": 1.0, "число": 0.5}
    assert declared_words(program, splitter="ascii") == {"gr": 1.0, "messen": 1.0}
    FragmentEncoder([NOTHING], fitted()).save(tmp_path)
    again = FragmentEncoder.load(tmp_path).identifiers
    assert again is not None
    assert again.splitter == "unicode"


def test_encoders_fitted_by_ascii_words_keep_them(tmp_path: Path) -> None:
    old = fitted()
    old.splitter = "ascii"
    FragmentEncoder([NOTHING], old).save(tmp_path)
    again = FragmentEncoder.load(tmp_path).identifiers
    assert again is not None
    assert again.splitter == "ascii"
    blind = "function größe() {}", "function gr_e() {}"
    np.testing.assert_array_equal(*(again.vector(parsed(source)) for source in blind))
    shipped = FragmentEncoder.load(data_dir() / "models" / "editor").identifiers
    assert shipped is not None
    assert shipped.splitter == "ascii"


def test_a_file_whose_arrays_do_not_fit_is_refused(tmp_path: Path) -> None:
    found = fitted()
    found.weights_V = found.weights_V[:-1]
    FragmentEncoder([NOTHING], found).save(tmp_path)
    with pytest.raises(
        InputError, match=rf"{FILE}: is not a fragment encoder: its arrays do not fit"
    ):
        FragmentEncoder.load(tmp_path)
