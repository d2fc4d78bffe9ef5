"""What a loaded model answers: against torch, for every kind of text, and without torch."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import torch

import augment
import contracode
from augment.program.program import Program
from contracode.encoder.encoders import Encoder, pool
from contracode.heads.checkpoint import HeadCheckpoint
from contracode.heads.names.piece_decoder import NameStep, PieceDecoder
from contracode.heads.types import head as type_module
from contracode.inference import source_encoder
from contracode.inference.head_spec import ENCODER_ONNX
from contracode.inference.model import Cancelled, Model, load
from contracode.inference.names.naming import hide_name, is_name
from contracode.inference.onnx_graphs import Graphs
from contracode.inputs import windows
from contracode.inputs.input_forms import SourceForms
from contracode.javascript.records import KINDS
from contracode.javascript.typing.targets import find_targets
from contracode.support.errors import InputError
from contracode.support.resources import data_dir

UNICODE = """// 🙂 größe
class Ärger {
  länge = liste.length;
  zähle(größe, opts = 3) { const 漢字 = größe * 2; return 漢字 + größe }
}
"""


def test_vectors_are_those_of_torch(model: Model, encoder: Encoder, sources: list[str]):
    source = sources[0][:60]
    pieces_1T = torch.from_numpy(model.tokenizer.encode(source).ids.astype(np.int64))[None]
    mask_1T = torch.ones_like(pieces_1T, dtype=torch.bool)
    with torch.no_grad():
        vector_D = pool(encoder(pieces_1T, mask_1T), mask_1T)[0].numpy()
    np.testing.assert_allclose(
        model.embed([source])[0], vector_D / np.linalg.norm(vector_D), atol=1e-4
    )


def test_vectors_have_unit_norm_and_do_not_depend_on_their_mates(model: Model, sources: list[str]):
    texts = [source[: 20 * (i + 1)] for i, source in enumerate(sources[:8])] + [sources[0]]
    vectors_ND = model.embed(texts, batch_size=4)
    assert vectors_ND.dtype == np.float32
    assert vectors_ND.shape == (9, model.metadata.dimension)
    np.testing.assert_allclose(np.linalg.norm(vectors_ND, axis=1), 1, atol=1e-5)
    alone_ND = np.concatenate([model.embed([text]) for text in texts])
    np.testing.assert_allclose(vectors_ND, alone_ND, atol=1e-5)
    assert model.embed([]).shape == (0, model.metadata.dimension)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "}}} function ((",
        "\0\ufffd🙂",
        "x" * 5000,
        "a;" * 3000,
        "f(" * 2000,
        "\udc80 alone",
        "/* never closed",
    ],
    ids=[
        "empty",
        "blank",
        "broken",
        "binary",
        "one word",
        "one line",
        "deep",
        "surrogate",
        "comment",
    ],
)
def test_no_text_is_refused(model: Model, text: str):
    vectors_ND = model.embed([text])
    assert np.isfinite(vectors_ND).all()
    assert np.linalg.norm(vectors_ND) == pytest.approx(1, abs=1e-5)


def test_a_long_source_is_the_mean_of_its_parts(model: Model):
    functions = [f"function f{i}(a) {{ return a * {i} + {i}; }}" for i in range(30)]
    source = "\n".join(functions)
    encoding = model.tokenizer.encode(source)
    places = windows.breaks(augment.parse(source), encoding.spans)
    parts = windows.cut(len(encoding.ids), model.metadata.window, places)
    assert len(parts) > 3
    starts = {source.encode().index(function.encode()) for function in functions}
    assert all(int(encoding.spans[start, 0]) in starts for start, _ in parts)
    assert sum(stop - start for start, stop in parts) == len(encoding.ids)
    assert float(model.embed([source])[0] @ model.embed([functions[0]])[0]) < 1


def test_a_source_is_parsed_once_and_its_normal_form_once(monkeypatch: pytest.MonkeyPatch):
    shipped = load()
    parsed: list[bytes] = []
    read = Program.__init__

    def counted(self: Program, source: bytes, *args: object) -> None:
        parsed.append(source)
        read(self, source, *args)  # pyright: ignore[reportArgumentType]

    monkeypatch.setattr(Program, "__init__", counted)
    functions = [f"function f{i}(a, b) {{ return a + b * {i}; }}" for i in range(5)]
    shipped.embed(functions[:1])
    assert len(parsed) == 2
    parsed.clear()
    shipped.embed(["\n".join(functions * 60)])  # longer than the window
    assert len(parsed) == 2
    parsed.clear()
    shipped.embed_functions("\n".join(functions))
    assert len(parsed) == 1 + 2 * len(functions)


def test_a_long_normal_form_is_cut_where_its_own_text_is(sources: list[str]):
    tokenizer = load().tokenizer
    for source in sources[:12]:
        forms = SourceForms(source)
        text = forms.spelled("normal")
        spans_T2 = tokenizer.encode(text).spans
        assert forms.breaks("normal", spans_T2) == windows.breaks(augment.parse(text), spans_T2)
        assert forms.breaks("written", spans_T2) == windows.breaks(augment.parse(source), spans_T2)
    broken = SourceForms("function (")
    assert broken.breaks("normal", tokenizer.encode(broken.text).spans) == []


def test_many_sources_are_embedded_in_chunks(
    model: Model, sources: list[str], monkeypatch: pytest.MonkeyPatch
):
    texts = [source[:80] for source in sources[:5]]
    whole_ND = model.embed(texts)
    monkeypatch.setattr(source_encoder, "CHUNK", 2)
    seen: list[tuple[int, int]] = []
    chunked_ND = model.embed(texts, progress=lambda done, total: seen.append((done, total)))
    np.testing.assert_allclose(chunked_ND, whole_ND, atol=1e-6)
    assert seen == [(2, 5), (4, 5), (5, 5)]
    with pytest.raises(ValueError, match="6 names for 5 sources"):
        model.embed(texts, function_names=["f"] * 6)
    assert model.embed([]).shape == (0, model.metadata.dimension)


def test_functions_of_a_file_are_embedded_one_by_one(model: Model):
    found = model.embed_functions(UNICODE)
    (method,) = found
    assert UNICODE.encode()[slice(*method.span)].decode().startswith("zähle(größe")
    assert method.name == "zähle"
    np.testing.assert_allclose(
        method.vector, model.embed([UNICODE.encode()[slice(*method.span)].decode()])[0], atol=1e-5
    )
    with pytest.raises(augment.ParseError):
        model.embed_functions("function (")


def test_types_are_those_of_torch(model: Model, encoder: Encoder, type_head: HeadCheckpoint):
    source = "function f(a, b) { return a + b }"
    targets = find_targets(augment.parse(source))
    encoding = model.tokenizer.encode(source)
    pieces_1T = torch.from_numpy(encoding.ids.astype(np.int64))[None]
    with torch.no_grad():
        hidden_TD = encoder(pieces_1T, torch.ones_like(pieces_1T, dtype=torch.bool))[0]
        which = windows.occurrences(encoding.spans, [target.occurrences for target in targets])
        pooled = type_module.pool_targets(hidden_TD, *(torch.from_numpy(part) for part in which))
        (logits_NV,) = type_head.head(
            *pooled, torch.tensor([KINDS.index(target.kind) for target in targets])
        )
    probability_NV = (logits_NV / type_head.facts.temperatures[0]).softmax(dim=1)[:, 1:].numpy()
    found = model.predict_types(source, top=99)
    assert [(one.kind, one.name) for one in found] == [
        (target.kind, target.name) for target in targets
    ]
    for prediction, probability_V in zip(found, probability_NV, strict=True):
        assert {candidate.type for candidate in prediction.candidates} == set(type_head.facts.types)
        for candidate in prediction.candidates:
            expected = probability_V[type_head.facts.types.index(candidate.type)]
            assert candidate.probability == pytest.approx(expected, abs=1e-4)


def test_predictions_carry_byte_spans(model: Model):
    data = UNICODE.encode()
    found = model.predict_types(UNICODE, top=2)
    assert [(one.kind, data[slice(*one.span)].decode()) for one in found] == [
        ("field", "länge"),
        ("return", "zähle"),
        ("parameter", "größe"),
        ("parameter", "opts"),
        ("variable", "漢字"),
    ]
    for prediction in found:
        assert prediction.name == data[slice(*prediction.span)].decode()
        if prediction.kind != "return":
            assert prediction.hint_offset == prediction.span[1]
        probabilities = [candidate.probability for candidate in prediction.candidates]
        assert probabilities == sorted(probabilities, reverse=True)
        assert len(probabilities) == 2
        assert sum(probabilities) <= 1
    returned = found[1]
    assert data[: returned.hint_offset].endswith(b"opts = 3)")
    assert [one.name for one in found if one.obvious] == ["opts"]


def test_types_of_long_files(model: Model):
    source = "\n".join(
        f"function f{i}(a, b) {{ const c = a * b; return c + {i} }}" for i in range(60)
    )
    found = model.predict_types(source)
    assert len(found) == 240
    assert model.predict_types("") == []
    with pytest.raises(augment.ParseError):
        model.predict_types("function (")


def test_an_edit_changes_the_windows_around_it_alone(
    model_folder: Path, monkeypatch: pytest.MonkeyPatch
):
    model, encoded = load(model_folder), list[int]()
    encode = Graphs.encode

    def counted(
        self: Graphs, ids: Sequence[np.ndarray], graph: str = ENCODER_ONNX
    ) -> tuple[np.ndarray, np.ndarray]:
        encoded.append(len(ids))
        return encode(self, ids, graph)

    monkeypatch.setattr(Graphs, "encode", counted)
    lines = [f"function f{i}(a) {{ {'a += 1; ' * (i * 7 % 11)}return a }}" for i in range(80)]
    before = {
        one.name: one.candidates
        for one in model.predict_types("\n".join(lines))
        if one.kind == "return"
    }
    in_all = len(encoded)
    lines[40] = "function edited(x, y) { return !x }"
    after = {
        one.name: one.candidates
        for one in model.predict_types("\n".join(lines))
        if one.kind == "return"
    }
    same = [name for name in before if after.get(name) == before[name]]
    assert len(same) > 70
    assert {"f0", "f79"} <= set(same)
    assert in_all > 20
    assert 1 <= len(encoded) - in_all < 8  # the others were kept


def test_cancelling(model: Model, sources: list[str]):
    with pytest.raises(Cancelled):
        model.predict_types(sources[0], cancelled=lambda: True)
    asked: list[bool] = []
    model.predict_types(sources[0], cancelled=lambda: bool(asked.append(True)))
    assert len(asked) > 4  # between steps and windows, not only at the start
    for step in range(len(asked)):
        answers = iter([False] * step + [True])
        with pytest.raises(Cancelled):
            model.predict_types(sources[0], cancelled=lambda answers=answers: next(answers))


def test_fewer_candidates_are_the_first_ones(model: Model, sources: list[str]):
    every = model.predict_types(sources[0], top=len(model.metadata.types))
    for top in (0, 1, 3, 10_000):
        found = model.predict_types(sources[0], top=top)
        assert [one.candidates for one in found] == [one.candidates[:top] for one in every]


def test_names_are_legal_and_their_probabilities_those_of_torch(
    model: Model, name_head: HeadCheckpoint
):
    source = "function größe(a) { return a.length }"
    found = model.predict_names(source, top=4)
    assert 1 <= len(found) <= 4
    assert all(is_name(one.name) for one in found)
    assert [one.probability for one in found] == sorted(
        (one.probability for one in found), reverse=True
    )
    program = augment.parse(source)
    ids_T = hide_name(program, program.functions[0], model.tokenizer)
    pieces_1T = torch.from_numpy(ids_T)[None]
    assert isinstance(name_head.head, PieceDecoder)
    step = NameStep(name_head.head)
    with torch.no_grad():
        hidden_1TD = name_head.encoder(pieces_1T, torch.ones_like(pieces_1T, dtype=torch.bool))
        first_V = step(hidden_1TD, torch.tensor([[0]]))[0].exp()
    assert found[0].probability <= float(first_V.max()) + 1e-4


def test_the_name_asked_for_does_not_leak(model: Model):
    body = "(a) { return a.length }"
    assert model.predict_names(f"function size{body}") == model.predict_names(
        f"function colour{body}"
    )
    nested = "function outer(x) { return function inner(y) { return y } }"
    span = (nested.index("function inner"), len(nested) - 2)
    assert model.predict_names(nested, function=span) == model.predict_names(
        "function inner(y) { return y }"
    )
    with pytest.raises(InputError, match="no function"):
        model.predict_names("let x = 1")


def test_metadata(model: Model):
    facts = model.metadata
    assert (facts.name, facts.predicts_names, facts.threshold) == ("tiny", True, 0.3)
    assert facts.types == ("string", "number", "boolean", "string[]", "Größe")
    assert facts.tokenizer == model.tokenizer.fingerprint


@pytest.mark.parametrize(
    "missing", ["config.json", "tokenizer.model", "encoder.onnx", "model.safetensors", "types.txt"]
)
def test_what_is_missing_is_named(model_folder: Path, tmp_path: Path, missing: str):
    folder = tmp_path / "model"
    shutil.copytree(model_folder, folder)
    (folder / missing).unlink()
    with pytest.raises(InputError, match=missing):
        load(folder)


def test_a_shipped_model_is_loaded_by_name_unless_a_folder_is_called_so(
    model_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    found = load("search")
    assert (found.metadata.name, found.metadata.types, found.metadata.predicts_names) == (
        "search",
        (),
        False,
    )
    assert found.embed(["const f = (a) => a + 1"]).shape == (1, found.metadata.dimension)
    shutil.copytree(model_folder, tmp_path / "search")
    assert load("search").metadata.name == "tiny"
    with pytest.raises(InputError, match="no such model folder"):
        load("../models/search")


def test_wrong_folders_are_told(model_folder: Path, tmp_path: Path):
    with pytest.raises(InputError, match="no such model folder"):
        load(tmp_path / "nowhere")
    folder = tmp_path / "model"
    shutil.copytree(model_folder, folder)
    config = folder / "config.json"
    config.write_text(config.read_text().replace('"format": 3', '"format": 99'))
    with pytest.raises(InputError, match="format 99"):
        load(folder)


SOURCE = "function add(a, b) { const c = a + b; return c }\n" * 9
"""Of more pieces than a window."""


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("window", 0, "`int` >= 1"),
        ("window", -3, "`int` >= 1"),
        ("types.window", 0, "`int` >= 1"),
        ("names.window", 0, "`int` >= 1"),
        ("names.beam", 0, "`int` >= 1"),
        ("names.pieces", [10**6], "the tokenizer has 800 pieces"),
        ("types.temperature", 0, "`float` > 0.0"),
        ("types.temperatures", [1.0], "1 temperatures for 5 kinds"),
        ("dimension", -1, "`int` >= 1"),
        (
            "dimension",
            97,
            r"encoder\.onnx: does not fit .* pooled \(\*, 32\), not .* pooled \(\*, 97\)",
        ),
        ("hidden", 7, r"encoder\.onnx: does not fit .* hidden \(\*, \*, 32\)"),
        ("types.names", 8, r"types\.onnx: does not fit .* outputs are logits"),
        ("types.features", 50, r"types\.onnx: does not fit .* inputs are kind"),
    ],
)
def test_a_manifest_that_does_not_fit_is_told(
    key: str, value: object, message: str, model_folder: Path, tmp_path: Path
):
    shutil.copytree(model_folder, tmp_path / "model")
    config = tmp_path / "model" / "config.json"
    told = json.loads(config.read_text())
    *sections, name = key.split(".")
    (told[sections[0]] if sections else told)[name] = value
    config.write_text(json.dumps(told))
    with pytest.raises(InputError, match=message):
        load(tmp_path / "model").predict_types(SOURCE)


@pytest.mark.parametrize(
    ("file", "content", "message"),
    [
        ("types.txt", b"", r"types\.onnx: does not fit .* logits \(\*, 6\), not logits \(\*, 1\)"),
        (
            "types.txt",
            b"string\n",
            r"types\.onnx: does not fit .* logits \(\*, 6\), not logits \(\*, 2\)",
        ),
        ("types.txt", b"\xff\n", r"types\.txt: is not UTF-8"),
        ("types.onnx", None, r"types\.onnx: does not fit .* inputs are mask \(\*, \*\), pieces"),
        ("config.json", b'{"name": "\xff"}', r"config\.json: "),
    ],
)
def test_files_that_do_not_fit_each_other_are_told(
    file: str, content: bytes | None, message: str, model_folder: Path, tmp_path: Path
):
    folder = tmp_path / "model"
    shutil.copytree(model_folder, folder)
    (folder / file).write_bytes(
        (folder / "encoder.onnx").read_bytes() if content is None else content
    )
    with pytest.raises(InputError, match=message):
        load(folder).predict_types(SOURCE)


def test_features_of_another_number_than_the_head_has_are_told(tmp_path: Path):
    shutil.copytree(data_dir() / "models" / "editor", tmp_path / "model")
    config = tmp_path / "model" / "config.json"
    config.write_text(config.read_text().replace('"features": 14336', '"features": 64'))
    with pytest.raises(
        InputError, match=r"config\.json: types\.features is 64, but the head has 14336"
    ):
        load(tmp_path / "model")


def test_weights_cut_short_are_told(model_folder: Path, tmp_path: Path):
    folder = tmp_path / "model"
    shutil.copytree(model_folder, folder)
    weights = folder / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:5000])
    with pytest.raises(InputError, match=r"encoder\.onnx: onnxruntime cannot load it"):
        load(folder)


def test_documented_object_types_do_not_stop_predictions():
    source = (
        "/** @param {{x: number, y: number}} p */\nfunction f(p) { return p.x + p.y }\n"
        "/** @type {{x: number, y: number}[]} */ const ps = [];\n"
        "function g() { const q = ps[0]; return q.x.toFixed(2) + q.z }\n"
    )
    found = load().predict_types(source)
    assert [one.name for one in found] == ["f", "p", "ps", "g", "q"]


def test_inference_imports_no_torch(model_folder: Path):
    code = f"""
import sys, contracode
model = contracode.load({str(model_folder)!r})
model.embed(["function f(a) {{ return a }}"])
model.predict_types("function f(a) {{ return a }}")
model.predict_names("function f(a) {{ return a }}")
wrong = {{"torch", "pytorch_lightning", "onnx", "rich"}} & set(sys.modules)
sys.exit(f"imported {{wrong}}" if wrong else 0)
"""
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stderr


def test_the_package_itself_has_what_users_name():
    assert contracode.Model is Model
    assert contracode.load is load
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        getattr(contracode, "nothing")  # noqa: B009 (its type is what is asked)


def test_a_type_that_nobody_can_write_there_is_not_said() -> None:
    source = (
        "function first(list, fallback) { return list.length ? list[0] : fallback }\nfunction "
        "map(list, f) { return list.map(f) }\n"
    )
    model = load()

    def said(source: str, language: augment.Language) -> set[str]:
        found = model.predict_types(source, language=language, top=len(model.metadata.types))
        return {candidate.type for prediction in found for candidate in prediction.candidates}

    here, declared = (
        said(source, "javascript"),
        said(source.replace("first(", "first<T>("), "typescript"),
    )
    assert {"complex", "T", "Promise<T>"} <= set(model.metadata.types)
    assert not {"complex", "T", "Promise<T>", "K"} & here
    assert {"T", "Promise<T>"} <= declared
    assert not {"complex", "K"} & declared


def test_nothing_is_told_to_anybody(model_folder: Path, tmp_path: Path):
    """What reports what it runs keeps a number of this machine, and what it has not sent yet, in
    the user's folders.
    """
    script = (
        "import os, sys\n"
        "import contracode\n"
        "contracode.load(sys.argv[1]).predict_types('function f(a) { return a }')\n"
        "print(os.environ['ORT_DISABLE_TELEMETRY'])"
    )
    told = {
        name: value
        for name, value in os.environ.items()
        if name != "CI" and not name.startswith("ORT_")
    }
    homes = {
        name: str(tmp_path)
        for name in ("HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME")
    }
    command = [sys.executable, "-c", script, str(model_folder)]
    ran = subprocess.run(command, env=told | homes, capture_output=True, text=True, check=True)
    assert ran.stdout == "1\n"
    assert list(tmp_path.rglob("*")) == []
