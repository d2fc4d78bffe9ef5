"""A model folder as a module of sentence-transformers.

Tests that need the library are skipped if it is not installed.
"""

import json
import os
import pickle
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest
import torch

from contracode.export.sentence_transformers import CodeEmbedding
from contracode.inference.model import load
from contracode.support.errors import InputError
from contracode.support.resources import data_dir

SOURCES = [
    "function add(a, b) { return a + b; }",
    "const names = (list) => list.map(({ name }) => name);",
    "",
    "function (",
    "function long() {" + " step(1, 'größe');" * 200 + " }",
]


def test_folder_names_the_class(model_folder: Path) -> None:
    written = (model_folder / "modules.json").read_bytes()
    ((module, _, name),) = (one["type"].rpartition(".") for one in json.loads(written))
    assert getattr(import_module(module), name) is CodeEmbedding
    assert (data_dir() / "models" / "editor" / "modules.json").read_bytes() == written


def test_vectors_equal_those_of_the_model(model_folder: Path) -> None:
    module = CodeEmbedding.load(str(model_folder), subfolder="", token=None, backend="torch")
    vectors = load(model_folder).embed(SOURCES)
    found = module(module.preprocess(SOURCES))["sentence_embedding"]
    assert found.dtype == torch.float32
    assert np.array_equal(found, vectors)
    assert np.array_equal(module(module.tokenize(SOURCES))["sentence_embedding"], vectors)
    assert (
        module.get_embedding_dimension()
        == module.get_sentence_embedding_dimension()
        == vectors.shape[1]
    )
    prompted = module(module.preprocess(["f(a);"], prompt="// call\n"))["sentence_embedding"]
    assert np.array_equal(prompted, load(model_folder).embed(["// call\nf(a);"]))


def test_module_can_be_pickled(model_folder: Path) -> None:
    module = pickle.loads(pickle.dumps(CodeEmbedding(model_folder)))
    assert np.array_equal(module.model.embed(SOURCES[:1]), load(model_folder).embed(SOURCES[:1]))


def test_saved_folder_is_a_model_folder(model_folder: Path, tmp_path: Path) -> None:
    CodeEmbedding(model_folder).save(str(tmp_path), safe_serialization=True)
    assert np.array_equal(load(tmp_path).embed(SOURCES), load(model_folder).embed(SOURCES))
    (tmp_path / "encoder.onnx").unlink()
    with pytest.raises(InputError, match=r"lacks encoder\.onnx"):
        CodeEmbedding(tmp_path)


SCRIPT = """
import sys
import numpy as np
from sentence_transformers import SentenceTransformer
assert "contracode" not in sys.modules
folder, sources, saved = sys.argv[1], eval(sys.argv[2]), sys.argv[3]
model = SentenceTransformer(folder, trust_remote_code=True, device="cpu")
import contracode
from contracode.sentence import CodeEmbedding
vectors = contracode.load(folder).embed(sources)
model.save_pretrained(saved)
again = SentenceTransformer(saved, trust_remote_code=True, device="cpu")
handed = SentenceTransformer(modules=[CodeEmbedding(folder)], device="cpu")
for one in (model, again, handed):
    assert np.array_equal(one.encode(sources, batch_size=2), vectors)
    assert np.allclose(one.encode(sources[0], normalize_embeddings=True), vectors[0], atol=1e-6)
print("same", vectors.shape)
"""


def test_sentence_transformers_opens_the_folder(model_folder: Path, tmp_path: Path) -> None:
    pytest.importorskip("sentence_transformers", reason="an optional extra")
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(model_folder), repr(SOURCES), str(tmp_path / "saved")],
        env=os.environ | {"HF_HUB_OFFLINE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.startswith("same"), done.stderr
