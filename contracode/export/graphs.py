"""Torch modules as ONNX graphs, and weights shared between graphs and a safetensors file."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import onnx
import onnx.external_data_helper
import torch
from torch import nn
from torch.export import Dim

from contracode.inference.onnx_runtime import onnxruntime
from contracode.support.errors import InputError
from contracode.support.silence import quiet

OPSET = 18
"""ONNX operator set of the graphs. It has LayerNormalization; onnxruntime 1.14 or later runs it."""

TOLERANCE = 1e-4
"""Largest allowed difference between the outputs of a graph and of torch."""

_LARGE = 1024
"""Minimum number of elements of a weight that is stored in 16 bits, or shared."""

_DTYPES = {"F16": np.float16, "F32": np.float32}
"""Safetensors' name of a type that can be shared -> numpy's type."""


def write_graph(
    path: Path,
    module: nn.Module,
    probes: Sequence[Mapping[str, torch.Tensor]],
    *,
    outputs: Sequence[str],
    dynamic: Mapping[str, Mapping[int, str]],
    half: bool = False,
) -> None:
    """Write a module as an ONNX graph, and compare onnxruntime's outputs with torch's.

    Args:
        path: the file to write.
        module: called with the values of a probe, in order.
        probes: sample inputs by name. The graph is traced with the first probe and compared on all.
        outputs: names of the outputs.
        dynamic: names of the free axes of each input. Inputs of the first probe must be larger than
            1 along every free axis.
        half: store weights in 16 bits, which onnxruntime converts to 32 bits when it loads them.
            Weights that 16 bits do not represent exactly stay in 32 bits.

    Raises:
        InputError: an output differs from torch's by more than `TOLERANCE`.
    """
    if any(isinstance(part, nn.LSTM) for part in module.modules()):
        _script(path, module, probes[0], outputs, dynamic)
    else:
        _trace(path, module, probes[0], outputs, dynamic)
    _forget_origin(path)
    if half:
        _halve(path)
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    for probe in probes:
        found = session.run(None, {name: value.numpy() for name, value in probe.items()})
        with torch.no_grad():
            expected = module(*probe.values())
        expected = (expected,) if isinstance(expected, torch.Tensor) else expected
        for output, ours, theirs in zip(outputs, found, expected, strict=True):
            difference = float(np.abs(ours - theirs.numpy()).max())
            if not difference <= TOLERANCE:
                raise InputError(
                    f"{output} of the graph differs from torch by {difference:.2g}", path=path.name
                )


def _trace(
    path: Path,
    module: nn.Module,
    probe: Mapping[str, torch.Tensor],
    outputs: Sequence[str],
    dynamic: Mapping[str, Mapping[int, str]],
) -> None:
    axes = {
        name: Dim(name)
        for name in dict.fromkeys(name for axis in dynamic.values() for name in axis.values())
    }
    shapes = tuple(
        {at: axes[name] for at, name in dynamic.get(given, {}).items()} for given in probe
    )
    with quiet("torch.onnx"):
        program = torch.onnx.export(
            module,
            tuple(probe.values()),
            dynamo=True,
            input_names=list(probe),
            output_names=list(outputs),
            dynamic_shapes=shapes,
            opset_version=OPSET,
            verbose=False,
        )
    assert program is not None
    program.save(path)


def _script(
    path: Path,
    module: nn.Module,
    probe: Mapping[str, torch.Tensor],
    outputs: Sequence[str],
    dynamic: Mapping[str, Mapping[int, str]],
) -> None:
    """Write a graph with LSTMs by PyTorch's older exporter.

    The newer one unrolls LSTMs, so that their length is fixed (torch 2.9).
    """
    # It warns that it is deprecated, and about varying batch sizes, which the probes cover.
    with quiet("torch.onnx"):
        torch.onnx.export(
            module,
            tuple(probe.values()),
            path,
            dynamo=False,
            input_names=list(probe),
            output_names=list(outputs),
            dynamic_axes={name: dict(axes) for name, axes in dynamic.items()},
            opset_version=OPSET,
        )


def _forget_origin(path: Path) -> None:
    """Remove stack traces from a graph: the exporter adds them, with paths of this machine."""
    model = onnx.load(path)
    graph = model.graph
    for noted in (
        model,
        graph,
        *graph.node,
        *graph.value_info,
        *graph.input,
        *graph.output,
        *model.functions,
    ):
        noted.ClearField("metadata_props")
        noted.ClearField("doc_string")
    onnx.save(model, path)


def _halve(path: Path) -> None:
    """Store large weights in 16 bits where this is exact.

    Each is followed by a cast to 32 bits, which onnxruntime evaluates when it loads the graph.
    """
    model = onnx.load(path)
    graph = model.graph
    casts: list[onnx.NodeProto] = []
    for weight in graph.initializer:
        values = onnx.numpy_helper.to_array(weight)
        if (
            values.dtype != np.float32
            or values.size < _LARGE
            or not np.array_equal(values, np.float16(values))
        ):
            continue
        name = weight.name
        weight.CopyFrom(onnx.numpy_helper.from_array(values.astype(np.float16), f"{name}.half"))
        casts.append(
            onnx.helper.make_node("Cast", [weight.name], [name], to=onnx.TensorProto.FLOAT)
        )
    nodes = [*casts, *graph.node]
    del graph.node[:]
    graph.node.extend(nodes)
    onnx.save(model, path)


def share_weights(path: Path, weights: Path) -> None:
    """Make a graph read its large weights from a safetensors file, so that they are stored once.

    Weights that the file does not contain, as they are or transposed, stay in the graph.

    Args:
        path: the graph.
        weights: the safetensors file, in the same folder.

    Source: ONNX's specification, "External Tensor Data"; safetensors' README, "Format".
    """
    stored = weights.read_bytes()
    begin = 8 + int.from_bytes(stored[:8], "little")
    # Data and shape of a weight -> its offset in the file, and whether it is transposed there.
    offsets: dict[tuple[bytes, tuple[int, ...]], tuple[int, bool]] = {}
    for name, facts in json.loads(stored[8:begin]).items():
        if name == "__metadata__":
            continue
        first, last = (begin + offset for offset in facts["data_offsets"])
        data = stored[first:last]
        if len(facts["shape"]) == 2 and facts["dtype"] in _DTYPES:
            values = np.frombuffer(data, _DTYPES[facts["dtype"]]).reshape(facts["shape"])
            offsets.setdefault((values.T.tobytes(), values.T.shape), (first, True))
        offsets[data, tuple(facts["shape"])] = (first, False)
    model = onnx.load(path)
    transposes: list[onnx.NodeProto] = []
    for weight in model.graph.initializer:
        values = onnx.numpy_helper.to_array(weight)
        data = values.tobytes()
        if values.size < _LARGE or (data, values.shape) not in offsets:
            continue
        offset, transposed = offsets[data, values.shape]
        name = weight.name
        if transposed:
            transposes.append(
                onnx.helper.make_node("Transpose", [f"{name}.turned"], [name], perm=[1, 0])
            )
            weight.name = f"{name}.turned"
            weight.dims[:] = weight.dims[::-1]
        onnx.external_data_helper.set_external_data(weight, weights.name, offset, len(data))
        weight.ClearField("raw_data")
    nodes = [*transposes, *model.graph.node]
    del model.graph.node[:]
    model.graph.node.extend(nodes)
    path.write_bytes(model.SerializeToString())
