"""Modules as ONNX graphs that compute what torch does, and weights that graphs and safetensors
share.
"""

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
"""Of the graphs: it has LayerNormalization, and every onnxruntime since 1.14 runs it."""

TOLERANCE = 1e-4
"""Largest difference of a graph from torch."""

_LARGE = 1024
"""Elements of a weight that is worth storing in 16 bits."""

_DTYPES = {"F16": np.float16, "F32": np.float32}
"""Of safetensors, which may be shared."""


def write_graph(
    path: Path,
    module: nn.Module,
    probes: Sequence[Mapping[str, torch.Tensor]],
    *,
    outputs: Sequence[str],
    dynamic: Mapping[str, Mapping[int, str]],
    half: bool = False,
) -> None:
    """Write a module as an ONNX graph that onnxruntime computes as torch does.

    Args:
        path: of the graph.
        module: takes the values of a probe in order.
        probes: inputs by name; the graph is traced with the first and compared on all.
        outputs: names of the results.
        dynamic: names of the free axes of each input; the first probe has more than one along each
            of them.
        half: store weights in 16 bits; onnxruntime makes 32 of them when it loads. Those that 16 do
            not hold stay as they are.

    Raises:
        InputError: onnxruntime's result differs from torch's by more than `TOLERANCE`.
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
    """Write a graph with LSTMs by PyTorch's older exporter: the newer one unrolls them, so that
    their length is fixed (torch 2.9).
    """
    with quiet(
        "torch.onnx"
    ):  # which warns that it is the older one, and that batches may differ, as the probes do
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
    """Remove what the exporter notes of the Python that a graph came from: stack traces with the
    paths of this machine.
    """
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
    """Store each large weight that 16 bits hold exactly in these, behind a cast that onnxruntime
    folds away when it loads.
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
    """Let a graph read the large weights that a file of safetensors beside it has from there, so
    that they are stored once.

    Source: ONNX's specification, "External Tensor Data"; safetensors' README, "Format".
    """
    stored = weights.read_bytes()
    begin = 8 + int.from_bytes(stored[:8], "little")
    places: dict[
        tuple[bytes, tuple[int, ...]], tuple[int, bool]
    ] = {}  # where it is, and whether it lies on its side there
    for name, facts in json.loads(stored[8:begin]).items():
        if name == "__metadata__":
            continue
        first, last = (begin + offset for offset in facts["data_offsets"])
        data = stored[first:last]
        if len(facts["shape"]) == 2 and facts["dtype"] in _DTYPES:
            values = np.frombuffer(data, _DTYPES[facts["dtype"]]).reshape(facts["shape"])
            places.setdefault((values.T.tobytes(), values.T.shape), (first, True))
        places[data, tuple(facts["shape"])] = (first, False)
    model = onnx.load(path)
    turned: list[onnx.NodeProto] = []
    for weight in model.graph.initializer:
        values = onnx.numpy_helper.to_array(weight)
        data = values.tobytes()
        if values.size < _LARGE or (data, values.shape) not in places:
            continue
        offset, on_its_side = places[data, values.shape]
        name = weight.name
        if on_its_side:
            turned.append(
                onnx.helper.make_node("Transpose", [f"{name}.turned"], [name], perm=[1, 0])
            )
            weight.name = f"{name}.turned"
            weight.dims[:] = weight.dims[::-1]
        onnx.external_data_helper.set_external_data(weight, weights.name, offset, len(data))
        weight.ClearField("raw_data")
    nodes = [*turned, *model.graph.node]
    del model.graph.node[:]
    model.graph.node.extend(nodes)
    path.write_bytes(model.SerializeToString())
