"""The graphs of a model folder, and their shared weights.

Legend: B functions, T pieces, D hidden width, W width of a function's vector.
"""

import copy
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

import numpy as np
import torch
from safetensors.torch import save_file
from torch import nn

from contracode.encoder.encoders import Encoder
from contracode.encoder.momentum_contrast import Tower
from contracode.export.graphs import share_weights, write_graph
from contracode.heads.batches import pad_rows
from contracode.heads.checkpoint import HeadCheckpoint
from contracode.inference.model_folder import WEIGHTS
from contracode.inputs.tokenizer import Tokenizer

PROBES = (
    "x",
    "function add(a, b) { return a + b; }",
    "const größe = (liste) => liste.map(({ länge }) => länge ?? 0)"
    ".reduce((a, b) => a + b, 0); // 漢字 🙂",
    """async function retry(task, { attempts = 3, delay = 100 } = {}) {
  for (let attempt = 1; ; attempt++) {
    try {
      return await task(attempt);
    } catch (error) {
      if (attempt >= attempts) throw error;
      await new Promise((resolve) => setTimeout(resolve, delay * 2 ** attempt));
    }
  }
}""",
)
"""Functions of several lengths. Every encoder graph is compared with torch on them, and on a full
window of them.
"""


class EncoderGraph(nn.Module):
    """The graph of an encoder: hidden states, and one vector per function.

    Args:
        encoder: the encoder of pieces.
        projection: applied to the pooled vectors of an encoder that was trained together with its
            fragment vector; otherwise None.
    """

    def __init__(self, encoder: Encoder, projection: nn.Module | None = None) -> None:
        super().__init__()
        self.encoder = encoder
        self.projection = projection

    def forward(
        self, pieces_BT: torch.Tensor, mask_BT: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Return hidden states (B, T, D) and vectors that are not normalised (B, W)."""
        hidden_BTD, pooled_BW = self.encoder.embed(pieces_BT, mask_BT)
        return hidden_BTD, pooled_BW if self.projection is None else self.projection(pooled_BW)


class FolderWriter:
    """Writes graphs into a model folder, and collects their weights.

    Weights are rounded to their stored precision before a graph is written, so that both are equal.

    Args:
        folder: an existing folder.
        tokenizer: the tokenizer of all encoders.
        precision: precision of the weights in `model.safetensors`.

    Attributes:
        folder: the folder.
        half: whether weights are stored in 16 bits.
    """

    def __init__(
        self, folder: Path, tokenizer: Tokenizer, precision: Literal["float16", "float32"]
    ) -> None:
        self.folder = folder
        self.half = precision == "float16"
        self._tokenizer = tokenizer
        self._precision = getattr(torch, precision)
        self._weights: dict[str, torch.Tensor] = {}
        self._encoders: list[tuple[str, Encoder]] = []

    def encoder(self, checkpoint: HeadCheckpoint) -> str:
        """Write the graph of a head's encoder, unless a graph with the same weights is there.

        Returns:
            Name of the file; "" if the head does not use the encoder.
        """
        if not checkpoint.facts.uses_encoder():
            return ""
        file = f"{checkpoint.facts.task}_encoder.onnx"
        return self.encoder_graph(checkpoint.encoder, file, checkpoint.facts.window)

    def encoder_graph(self, encoder: Encoder, file: str, window: int) -> str:
        """Write the graph of an encoder, unless a graph with the same weights is there.

        Returns:
            Name of the file with the graph.
        """
        state = encoder.state_dict()
        for known, other in self._encoders:
            if all(torch.equal(weight, state[name]) for name, weight in other.state_dict().items()):
                return known
        self._encoders.append((file, encoder))
        graph = self.rounded(file.removesuffix(".onnx"), EncoderGraph(encoder), encoder)
        self._encoder_graph(file, graph, window)
        return file

    def tower_graph(self, tower: Tower, file: str, window: int) -> None:
        """Write the graph of an encoder and its projection."""
        graph = EncoderGraph(tower.encoder, tower.projection)
        self._encoder_graph(file, self.rounded("encoder", graph), window)

    def _encoder_graph(self, file: str, module: nn.Module, window: int) -> None:
        rows = [self._tokenizer.encode(source).ids[:window] for source in PROBES]
        whole = np.resize(np.concatenate(rows), window)
        probes: list[dict[str, torch.Tensor]] = []
        for batch in (rows, [whole], [rows[0]]):
            pieces_BT, mask_BT = pad_rows(batch, pad=self._tokenizer.pad_id)
            probes.append({"pieces": pieces_BT, "mask": mask_BT})
        axes = {0: "batch", 1: "length"}
        dynamic = {"pieces": axes, "mask": axes}
        self.graph(file, module, probes, outputs=("hidden", "pooled"), dynamic=dynamic)

    def graph(
        self,
        file: str,
        module: nn.Module,
        probes: Sequence[Mapping[str, torch.Tensor]],
        *,
        outputs: Sequence[str],
        dynamic: Mapping[str, Mapping[int, str]],
    ) -> None:
        """Write a module as an ONNX graph and compare it with torch; see `write_graph`."""
        path = self.folder / file
        write_graph(path, module, probes, outputs=outputs, dynamic=dynamic, half=self.half)

    def rounded(self, prefix: str, module: nn.Module, stored: nn.Module | None = None) -> Any:
        """Store weights in `model.safetensors`, rounded to the precision of the model.

        Args:
            prefix: put before the names of the weights.
            module: the module of the graph.
            stored: the part of it whose weights are stored; by default all of it.

        Returns:
            A copy of the module that computes with the rounded weights.
        """
        stored = module if stored is None else stored
        module = copy.deepcopy(module)
        for name, weight in stored.state_dict().items():
            kept = weight.detach().cpu()
            if kept.is_floating_point():
                kept = kept.to(self._precision)
            self._weights[f"{prefix}.{name}"] = kept.contiguous()
        for weight in (*module.parameters(), *module.buffers()):
            if weight.is_floating_point():
                weight.data = weight.data.cpu().to(self._precision).float()
        return module.eval()

    def finish(self) -> None:
        """Write `model.safetensors`, and make the graphs read their large weights from it."""
        path = self.folder / WEIGHTS
        save_file(self._weights, path)
        path.chmod(0o644)  # safetensors creates it for its owner only
        for graph in sorted(self.folder.glob("*.onnx")):
            share_weights(graph, path)
