"""The graphs of an inference folder: opened when they are first asked, run by onnxruntime on a CPU.

Legend: B batch, T pieces, D embedding.
"""

import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import cast

import numpy as np
import onnxruntime

from contracode import manifest
from contracode.errors import InputError
from contracode.tokenizer import PAD


class Graphs:
    """The graphs of a folder; several threads may run them at once.

    Args:
        folder: an inference folder.
        threads: that onnxruntime may use for one call.
    """

    def __init__(self, folder: Path, *, threads: int) -> None:
        self._folder = folder
        self._threads = threads
        self._lock = threading.Lock()
        self._sessions: dict[str, onnxruntime.InferenceSession] = {}

    def file(self, name: str) -> Path:
        """Return the path of a file of the folder.

        Raises:
            InputError: there is none.
        """
        path = self._folder / name
        if not path.is_file():
            raise InputError(f"the model folder lacks {name}", path=self._folder)
        return path

    def open(self, name: str) -> onnxruntime.InferenceSession:
        """Return the session of a graph.

        Raises:
            InputError: the graph or the weights are missing or broken.
        """
        with self._lock:
            if name not in self._sessions:
                options = onnxruntime.SessionOptions()
                options.intra_op_num_threads = self._threads
                options.inter_op_num_threads = 1
                path = self.file(name)
                self.file(manifest.WEIGHTS)  # which the graph may read
                try:
                    session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
                except Exception as error:  # onnxruntime's exceptions have no class in common
                    raise InputError(f"onnxruntime cannot load it: {str(error).splitlines()[0]}", path=path) from None
                self._sessions[name] = session
            return self._sessions[name]

    def run(self, name: str, inputs: Mapping[str, np.ndarray]) -> list[np.ndarray]:
        """Return the outputs of a graph, in its order."""
        return cast(list[np.ndarray], self.open(name).run(None, dict(inputs)))

    def encode(self, ids: Sequence[np.ndarray], graph: str = manifest.ENCODER_ONNX) -> tuple[np.ndarray, np.ndarray]:
        """Encode pieces of up to a window's length: hidden states (B, T, D) and unnormalised vectors (B, D)."""
        pieces_BT, mask_BT = self.padded(ids)
        hidden_BTD, pooled_BD = self.run(graph, {"pieces": pieces_BT, "mask": mask_BT})
        return hidden_BTD, pooled_BD

    def padded(self, ids: Sequence[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
        """Return pieces side by side, int64 (B, T), and the mask of what is no filling, bool (B, T)."""
        length = max(map(len, ids))
        pieces_BT = np.full((len(ids), length), PAD, np.int64)
        mask_BT = np.zeros((len(ids), length), np.bool_)
        for row, ids_T in enumerate(ids):
            pieces_BT[row, : len(ids_T)] = ids_T
            mask_BT[row, : len(ids_T)] = True
        return pieces_BT, mask_BT
