"""The public API of a model: its names, its copies, and the former names of its arguments."""

import json
import pickle
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import contracode
from contracode.inference.model import Model, load
from contracode.support.errors import InputError

ADD = "function add(a, b) { return a + b }"
SUB = "const sub = (x, y) => x - y"


def test_encode_takes_a_text_a_list_or_a_generator(model: Model):
    rows_2D = model.encode([ADD, SUB])
    assert rows_2D.shape == (2, model.dimension)
    np.testing.assert_allclose(model.encode(ADD), rows_2D[0], atol=1e-5)
    generated_2D = model.encode(text for text in (ADD, SUB))
    np.testing.assert_array_equal(generated_2D, rows_2D)
    np.testing.assert_array_equal(model.embed(iter([ADD, SUB])), rows_2D)
    assert model.encode([]).shape == (0, model.dimension)


def test_other_things_than_texts_are_refused(model: Model):
    with pytest.raises(TypeError, match="encode takes one as well"):
        model.embed(ADD)
    with pytest.raises(TypeError, match="must be texts"):
        model.encode([ADD, None])  # pyright: ignore[reportArgumentType]
    with pytest.raises(TypeError):
        model.encode(b"a")  # pyright: ignore[reportArgumentType]
    with pytest.raises(ValueError, match="1 names for 2 sources"):
        model.encode([ADD, SUB], function_names=["add"])


def test_similarity_is_the_cosine_of_each_with_each(model: Model):
    rows_2D = model.encode([ADD, SUB])
    matrix_22 = model.similarity(rows_2D, rows_2D)
    np.testing.assert_allclose(np.diag(matrix_22), 1, atol=1e-5)
    np.testing.assert_allclose(matrix_22, rows_2D @ rows_2D.T, atol=1e-5)
    assert model.similarity(3 * rows_2D[0], rows_2D).shape == (1, 2)
    assert model.similarity(3 * rows_2D[0], rows_2D[0])[0, 0] == pytest.approx(1, abs=1e-5)
    assert not model.similarity(np.zeros(model.dimension), rows_2D).any()


def test_a_model_is_saved_and_loaded_again(model: Model, tmp_path: Path):
    folder = tmp_path / "deep" / "copy"
    model.save_pretrained(folder)
    again = Model.from_pretrained(folder)
    assert again.fingerprint == model.fingerprint
    assert again.predict_types(ADD) == model.predict_types(ADD)
    again.save_pretrained(folder)  # onto itself
    model.save_pretrained(str(folder))  # onto another model
    assert load(folder).fingerprint == model.fingerprint


def test_a_model_is_not_saved_over_other_files(model: Model, tmp_path: Path):
    (tmp_path / "letter.txt").write_text("mine")
    with pytest.raises(InputError, match="not empty, and not a model folder"):
        model.save_pretrained(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_a_shipped_model_is_loaded_by_name():
    assert Model.from_pretrained("search").metadata.name == load("search").metadata.name
    assert Model.from_pretrained().fingerprint == load().fingerprint
    with pytest.raises(InputError, match="no such model folder"):
        Model.from_pretrained("nothing")


def test_a_model_can_be_pickled(model: Model, tmp_path: Path):
    path = tmp_path / "model.pickle"
    path.write_bytes(pickle.dumps(model))
    code = (
        "import pickle, sys; model = pickle.load(open(sys.argv[1], 'rb'));"
        f"print(model.fingerprint, model.encode({ADD!r}).shape[0])"
    )
    result = subprocess.run(
        [sys.executable, "-c", code, str(path)],
        capture_output=True,
        text=True,
        check=True,
        cwd=tmp_path,
    )
    assert result.stdout.split() == [model.fingerprint, str(model.dimension)]


def test_the_repr_names_the_model_and_its_facts(model: Model):
    text = repr(model)
    assert text.startswith(f"Model({model.metadata.name!r}, dimension={model.dimension}, ")
    assert repr(str(model.folder)) in text


def test_former_names_of_arguments_work_and_warn():
    shipped = load()
    with pytest.warns(DeprecationWarning, match=r"names= is now use_names="):
        blind_1D = shipped.embed([ADD], names=False)  # pyright: ignore[reportCallIssue]
    np.testing.assert_array_equal(blind_1D, shipped.encode([ADD], use_names=False))
    with pytest.warns(DeprecationWarning, match=r"called= is now function_names="):
        called_1D = shipped.embed([SUB], called=["minus"])  # pyright: ignore[reportCallIssue]
    np.testing.assert_array_equal(called_1D, shipped.encode([SUB], function_names=["minus"]))
    with pytest.warns(DeprecationWarning, match=r"names= is now use_names="):
        shipped.embed_functions(ADD, names=False)  # pyright: ignore[reportCallIssue]
    with pytest.warns(DeprecationWarning, match="predict_name is now predict_names"):
        found = shipped.predict_name(ADD, top=2)
    assert found == shipped.predict_names(ADD, top=2)


def test_nested_embeddings_are_cut_to_the_lengths_that_the_model_names(
    model: Model, model_folder: Path, tmp_path: Path
):
    folder = tmp_path / "nested"
    shutil.copytree(model_folder, folder)
    manifest = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps({**manifest, "nested": [8, 16]}))
    nested = load(folder)
    whole_2D = nested.encode([ADD, SUB])
    cut_28 = nested.encode([ADD, SUB], dimensions=8)
    assert cut_28.shape == (2, 8)
    np.testing.assert_allclose(np.linalg.norm(cut_28, axis=1), 1, atol=1e-5)
    np.testing.assert_allclose(nested.similarity(cut_28, whole_2D[:, :8]).diagonal(), 1, atol=1e-5)
    np.testing.assert_allclose(
        nested.encode([ADD], dimensions=model.dimension), whole_2D[:1], atol=1e-5
    )
    with pytest.raises(ValueError, match=r"have \[8, 16, 32\] dimensions, not 12"):
        nested.encode(ADD, dimensions=12)
    with pytest.raises(ValueError, match=r"have \[32\] dimensions, not 8"):
        model.encode(ADD, dimensions=8)


def test_the_package_lists_its_public_names():
    assert set(contracode.__all__) <= set(dir(contracode))
    for name in contracode.__all__:
        assert getattr(contracode, name) is not None
