"""The ONNX graphs of a model folder: opened when first used, and run by onnxruntime on a CPU.

Legend: B batch, T pieces, D embedding.
"""

import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple, cast

import numpy as np
from safetensors import SafetensorError, safe_open

from contracode.inference import model_folder
from contracode.inference.head_spec import ENCODER_ONNX
from contracode.inference.onnx_runtime import onnxruntime
from contracode.inputs.tokenizer import PAD
from contracode.inputs.windows import padded
from contracode.support.errors import InputError

Shape = tuple[int | None, ...]
"""Shape of an input or output; None for axes of any length."""


class GraphSignature(NamedTuple):
    """The inputs of a graph, in any order, and its outputs, in this order."""

    inputs: Mapping[str, Shape]
    outputs: Mapping[str, Shape]


def encoder_signature(hidden_width: int, pooled_width: int | None = None) -> GraphSignature:
    """Return the form of an encoder's graph; None for a pooled vector of any width."""
    return GraphSignature(
        {"pieces": (None, None), "mask": (None, None)},
        {"hidden": (None, None, hidden_width), "pooled": (None, pooled_width)},
    )


class Graphs:
    """The graphs of a folder. Several threads may run them at once.

    Args:
        folder: a model folder.
        threads: threads of onnxruntime for one call.

    Attributes:
        signatures: what each graph must have as inputs and outputs when it is opened.
    """

    def __init__(self, folder: Path, *, threads: int) -> None:
        self._folder = folder
        self._threads = threads
        self._lock = threading.Lock()
        self._sessions: dict[str, onnxruntime.InferenceSession] = {}
        self.signatures: Mapping[str, GraphSignature] = {}

    def file(self, name: str) -> Path:
        """Return the path of a file of the folder.

        Raises:
            InputError: there is no such file.
        """
        path = self._folder / name
        if not path.is_file():
            raise InputError(f"the model folder lacks {name}", path=self._folder)
        return path

    def open(self, name: str) -> onnxruntime.InferenceSession:
        """Return the session of a graph.

        Raises:
            InputError: the graph or the weights are missing or broken, or do not fit the other
                files of the folder.
        """
        with self._lock:
            if name not in self._sessions:
                options = onnxruntime.SessionOptions()
                options.intra_op_num_threads = self._threads
                options.inter_op_num_threads = 1
                path = self.file(name)
                self.file(model_folder.WEIGHTS)  # which the graph may read
                try:
                    session = onnxruntime.InferenceSession(
                        path, options, providers=["CPUExecutionProvider"]
                    )
                except Exception as error:  # onnxruntime's exceptions have no class in common
                    raise InputError(
                        f"onnxruntime cannot load it: {str(error).splitlines()[0]}", path=path
                    ) from None
                if name in self.signatures:
                    _check(session, self.signatures[name], path)
                self._sessions[name] = session
            return self._sessions[name]

    def rows(self, weight: str) -> int | None:
        """Return the number of rows of a stored weight, from its header only; None if there is no
        such weight.

        Raises:
            InputError: the weights are missing or broken.
        """
        path = self.file(model_folder.WEIGHTS)
        try:
            with safe_open(path, "numpy") as weights:
                return (
                    weights.get_slice(weight).get_shape()[0] if weight in weights.keys() else None  # noqa: SIM118
                )
        except SafetensorError as error:
            raise InputError(str(error), path=path) from None

    def run(self, name: str, inputs: Mapping[str, np.ndarray]) -> list[np.ndarray]:
        """Return the outputs of a graph, in its order."""
        return cast(list[np.ndarray], self.open(name).run(None, dict(inputs)))

    def encode(
        self, ids: Sequence[np.ndarray], graph: str = ENCODER_ONNX
    ) -> tuple[np.ndarray, np.ndarray]:
        """Encode rows of pieces, each at most a window: hidden states (B, T, D) and pooled vectors
        (B, D), not normalized.
        """
        pieces_BT, mask_BT = padded(ids, PAD)
        hidden_BTD, pooled_BD = self.run(graph, {"pieces": pieces_BT, "mask": mask_BT})
        return hidden_BTD, pooled_BD


def _check(session: onnxruntime.InferenceSession, form: GraphSignature, path: Path) -> None:
    """Compare the inputs and outputs of a graph with its signature: names, and lengths of known
    axes.

    Raises:
        InputError: they differ.
    """
    for place, expected, nodes in (
        (
            "inputs",
            sorted(form.inputs.items()),
            sorted(session.get_inputs(), key=lambda node: node.name),
        ),
        ("outputs", list(form.outputs.items()), session.get_outputs()),
    ):
        found = [
            (node.name, tuple(size if isinstance(size, int) else None for size in node.shape))
            for node in nodes
        ]
        if len(found) != len(expected) or not all(map(_alike, found, expected)):
            described = [
                ", ".join(f"{name} {shape}" for name, shape in those).replace("None", "*")
                for those in (found, expected)
            ]
            raise InputError(
                f"does not fit the other files of the folder: its {place} are {described[0]}, "
                f"not {described[1]}",
                path=path,
            )


def _alike(found: tuple[str, Shape], expected: tuple[str, Shape]) -> bool:
    sizes = zip(found[1], expected[1], strict=False)
    return (
        found[0] == expected[0]
        and len(found[1]) == len(expected[1])
        and all(one is None or other is None or one == other for one, other in sizes)
    )
