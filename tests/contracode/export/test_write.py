"""Export: graphs equal torch, weights are stored once, and a failed export writes nothing."""

import copy
from pathlib import Path
from typing import Literal

import numpy as np
import onnx
import pytest
import torch
from safetensors.numpy import save_file
from safetensors.torch import load_file
from torch import nn
from torch.nn import functional as F

from contracode.encoder.encoders import Encoder, pool
from contracode.evaluate.clones.methods.untrained import Untrained
from contracode.export.folder_writer import EncoderGraph
from contracode.export.graphs import share_weights, write_graph
from contracode.export.write import export
from contracode.heads.checkpoint import HeadCheckpoint
from contracode.heads.types.settings import TypeFacts
from contracode.inference.model import load
from contracode.inference.model_folder import WEIGHTS, read_manifest
from contracode.inference.onnx_runtime import onnxruntime
from contracode.inputs.tokenizer import Tokenizer, train
from contracode.support.config import EncoderConfig, TokenizerConfig
from contracode.support.errors import InputError

WINDOW = 48


def test_encoder_graph_equals_torch_on_every_shape(
    model_folder: Path, encoder: Encoder, tokenizer: Tokenizer
):
    session = onnxruntime.InferenceSession(model_folder / "encoder.onnx")
    generator = torch.Generator().manual_seed(3)
    for batch, length in ((1, 1), (3, 7), (2, WINDOW), (1, 200)):
        pieces_BT = torch.randint(tokenizer.size, (batch, length), generator=generator)
        mask_BT = torch.arange(length) < torch.randint(
            1, length + 1, (batch, 1), generator=generator
        )
        hidden_BTD, pooled_BD = session.run(
            None, {"pieces": pieces_BT.numpy(), "mask": mask_BT.numpy()}
        )
        with torch.no_grad():
            expected_BTD = encoder(pieces_BT, mask_BT)
        seen_BT = mask_BT.numpy()
        np.testing.assert_allclose(hidden_BTD[seen_BT], expected_BTD.numpy()[seen_BT], atol=1e-4)
        np.testing.assert_allclose(pooled_BD, pool(expected_BTD, mask_BT), atol=1e-4)


@pytest.mark.parametrize("architecture", ["rotary", "sinusoidal"])
def test_transformer_graphs_equal_torch(
    architecture: Literal["rotary", "sinusoidal"], tmp_path: Path
):
    encoder = Encoder(
        EncoderConfig(architecture=architecture, vocab_size=50, dimension=16, layers=1, heads=2)
    ).eval()
    mask_BT = torch.tensor([[True, True, True], [True, False, False]])
    probes = [{"pieces": torch.tensor([[5, 6, 7], [8, 0, 0]]), "mask": mask_BT}]
    free = {0: "batch", 1: "length"}
    dynamic = {"pieces": free, "mask": free}
    write_graph(
        tmp_path / "e.onnx",
        EncoderGraph(encoder),
        probes,
        outputs=("hidden", "pooled"),
        dynamic=dynamic,
    )


def test_heads_on_the_base_encoder_share_its_graph(model_folder: Path):
    manifest = read_manifest(model_folder)
    assert manifest.heads["types"].encoder == manifest.heads["names"].encoder == "encoder.onnx"
    assert sorted(path.name for path in model_folder.iterdir()) == [
        "config.json",
        "encoder.onnx",
        "model.safetensors",
        "modules.json",
        "name_step.onnx",
        "tokenizer.model",
        "types.onnx",
        "types.txt",
    ]


def test_head_with_its_own_encoder_keeps_it(
    encoder: Encoder, tokenizer: Tokenizer, type_head: HeadCheckpoint, tmp_path: Path
):
    tuned = copy.deepcopy(encoder)
    with torch.no_grad():
        tuned.embedding.weight.add_(0.5)
    head = HeadCheckpoint(type_head.facts, tuned, type_head.head, tokenizer)
    manifest = export(tmp_path / "m", encoder, tokenizer, name="m", window=WINDOW, heads=[head])
    assert manifest.heads["types"].encoder == "types_encoder.onnx"
    weights = load_file(tmp_path / "m" / "model.safetensors")
    assert {weight.dtype for weight in weights.values()} == {torch.float16}
    again = Encoder(encoder.config)
    prefix = "types_encoder."
    again.load_state_dict(
        {n.removeprefix(prefix): w for n, w in weights.items() if n.startswith(prefix)}
    )
    session = onnxruntime.InferenceSession(tmp_path / "m" / "types_encoder.onnx")
    pieces_1T, mask_1T = torch.arange(9)[None], torch.ones(1, 9, dtype=torch.bool)
    hidden_BTD = session.run(None, {"pieces": pieces_1T.numpy(), "mask": mask_1T.numpy()})[0]
    with torch.no_grad():
        np.testing.assert_allclose(hidden_BTD, again.eval()(pieces_1T, mask_1T), atol=1e-4)


def test_graph_with_16_bit_weights_equals_32_bits(
    encoder: Encoder, tokenizer: Tokenizer, tmp_path: Path
):
    rounded = copy.deepcopy(encoder).half().float()  # weights that 16 bits represent exactly
    for weights in ("float16", "float32"):
        export(tmp_path / weights, rounded, tokenizer, name="m", window=WINDOW, weights=weights)
    half, full = (tmp_path / weights / "encoder.onnx" for weights in ("float16", "float32"))
    sizes = [sum(path.stat().st_size for path in graph.parent.iterdir()) for graph in (half, full)]
    assert sizes[0] < 0.6 * sizes[1]
    kinds = {
        weight.data_type
        for weight in onnx.load(half).graph.initializer
        if np.prod(weight.dims) >= 1024
    }
    assert kinds == {onnx.TensorProto.FLOAT16}
    given = {"pieces": np.arange(9)[None], "mask": np.ones((1, 9), np.bool_)}
    ours, theirs = (onnxruntime.InferenceSession(path).run(None, given) for path in (half, full))
    for one, other in zip(ours, theirs, strict=True):
        np.testing.assert_array_equal(one, other)


def test_weights_are_stored_once(model_folder: Path):
    weights = onnx.load(model_folder / "encoder.onnx", load_external_data=False).graph.initializer
    outside = [weight for weight in weights if weight.data_location == onnx.TensorProto.EXTERNAL]
    assert {
        fact.value for weight in outside for fact in weight.external_data if fact.key == "location"
    } == {WEIGHTS}
    inside = sum(len(weight.raw_data) for weight in weights)
    assert inside < 0.1 * sum(4 * int(np.prod(weight.dims)) for weight in outside)


def test_graph_shares_weights_as_stored_or_transposed(tmp_path: Path):
    values = np.arange(64 * 48, dtype=np.float32).reshape(64, 48)
    for stored in (values, np.ascontiguousarray(values.T), values + 1):
        x = onnx.helper.make_tensor_value_info("x", onnx.TensorProto.FLOAT, [2, 64])
        y = onnx.helper.make_tensor_value_info("y", onnx.TensorProto.FLOAT, [2, 48])
        weight = onnx.numpy_helper.from_array(values, "w")
        graph = onnx.helper.make_graph(
            [onnx.helper.make_node("MatMul", ["x", "w"], ["y"])], "g", [x], [y], [weight]
        )
        model = onnx.helper.make_model(
            graph, opset_imports=[onnx.helper.make_opsetid("", 18)], ir_version=10
        )
        onnx.save(model, tmp_path / "g.onnx")
        before = (tmp_path / "g.onnx").stat().st_size
        save_file({"other": np.zeros(7, np.float32), "w": stored}, tmp_path / "w.safetensors")
        share_weights(tmp_path / "g.onnx", tmp_path / "w.safetensors")
        shared = (tmp_path / "g.onnx").stat().st_size < 0.1 * before
        assert shared == (not np.array_equal(stored, values + 1))
        given = np.ones((2, 64), np.float32)
        (found,) = onnxruntime.InferenceSession(tmp_path / "g.onnx").run(None, {"x": given})
        np.testing.assert_array_equal(found, given @ values)


def test_weights_that_16_bits_cannot_hold_stay_in_32(tmp_path: Path):
    layer = nn.Linear(64, 64, bias=False)
    nn.init.constant_(layer.weight, 0.1)
    probe = {"x": torch.randn(2, 64)}
    write_graph(tmp_path / "l.onnx", layer.eval(), [probe], outputs=("y",), dynamic={}, half=True)
    assert {weight.data_type for weight in onnx.load(tmp_path / "l.onnx").graph.initializer} == {
        onnx.TensorProto.FLOAT
    }


def test_head_with_features_alone_has_no_encoder(
    encoder: Encoder, tokenizer: Tokenizer, tmp_path: Path
):
    facts = TypeFacts(
        encoder=encoder.config,
        window=WINDOW,
        types=["number", "string"],
        width=16,
        feature_buckets=64,
        reads_encoder=False,
        temperatures=[1.0] * 4,
        threshold=0.3,
    )
    tuned = copy.deepcopy(encoder)
    with torch.no_grad():
        tuned.embedding.weight.add_(0.5)
    head = HeadCheckpoint(facts, tuned, facts.build().eval(), tokenizer)
    manifest = export(tmp_path / "m", encoder, tokenizer, name="m", window=WINDOW, heads=[head])
    assert manifest.heads["types"].encoder == ""
    assert not (tmp_path / "m" / "types_encoder.onnx").exists()
    model = load(tmp_path / "m")
    (_, answer, _) = model.predict_types("function f(first, second) { return first; }")
    assert answer.name == "first"
    assert sum(candidate.probability for candidate in answer.candidates) <= 1 + 1e-6


class Unfaithful(nn.Module):
    """A module whose result differs when it is traced."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x if torch.compiler.is_compiling() else x + 1e-3


def test_graph_that_differs_from_torch_is_refused(tmp_path: Path):
    with pytest.raises(InputError, match="differs from torch"):
        write_graph(
            tmp_path / "u.onnx", Unfaithful(), [{"x": torch.zeros(2)}], outputs=("y",), dynamic={}
        )


def test_failed_export_does_not_change_the_folder(
    encoder: Encoder, tokenizer: Tokenizer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    folder = tmp_path / "model"
    folder.mkdir()
    (folder / "kept").touch()
    monkeypatch.setattr("contracode.export.graphs.TOLERANCE", -1.0)
    with pytest.raises(InputError, match="differs from torch"):
        export(folder, encoder, tokenizer, name="m", window=WINDOW)
    assert [path.name for path in folder.iterdir()] == ["kept"]
    assert list(tmp_path.iterdir()) == [folder]


def test_head_of_another_tokenizer_is_refused(
    encoder: Encoder, tokenizer: Tokenizer, type_head: HeadCheckpoint, tmp_path: Path
):
    other = train(["function other(x) { return x }"] * 20, TokenizerConfig(vocab_size=400))
    head = HeadCheckpoint(type_head.facts, encoder, type_head.head, other)
    with pytest.raises(InputError, match="another tokenizer"):
        export(tmp_path / "m", encoder, tokenizer, name="m", window=WINDOW, heads=[head])


def test_graphs_contain_no_paths_of_the_machine(model_folder: Path):
    for graph in model_folder.glob("*.onnx"):
        data = graph.read_bytes()
        assert b".py" not in data
        assert str(Path.cwd()).encode() not in data


def test_bilstm_is_exported_with_heads(
    tokenizer: Tokenizer, type_head: HeadCheckpoint, tmp_path: Path
):
    """Hidden states are wider than embeddings of pieces, and vectors of functions wider still."""
    torch.manual_seed(0)
    shape = EncoderConfig(
        architecture="bilstm", pooling="ends", vocab_size=tokenizer.size, dimension=16, layers=2
    )
    encoder = Encoder(shape).eval()
    facts = copy.copy(type_head.facts)
    facts.encoder = shape
    head = HeadCheckpoint(facts, encoder, facts.build().eval(), tokenizer)
    export(
        tmp_path / "model",
        encoder,
        tokenizer,
        name="bilstm",
        window=WINDOW,
        heads=[head],
        weights="float32",
    )
    model = load(tmp_path / "model")
    sources = ["f(a)", "function g(list) { return list.map((one) => one + 1); }"]
    for source, vector in zip(sources, model.embed(sources), strict=True):
        pieces_BT = torch.from_numpy(tokenizer.encode(source).ids.astype("int64"))[None]
        with torch.no_grad():
            expected = F.normalize(
                encoder.embed(pieces_BT, torch.ones_like(pieces_BT, dtype=torch.bool))[1]
            )
        np.testing.assert_allclose(vector, expected[0], atol=1e-5)
    assert model.metadata.dimension == 2 * 2 * 16
    assert Untrained(model).embed(sources).shape == (2, 64)
    one, other = Untrained(model, seed=1), Untrained(model, seed=2)
    np.testing.assert_array_equal(one.embed(sources), Untrained(model, seed=1).embed(sources))
    assert not np.allclose(one.embed(sources), other.embed(sources), atol=1e-3)
    assert model.predict_types("\n".join(sources[1:] * 9))  # longer than the window
