"""Checkpoints to an inference folder: weights, graphs, tokenizer, types; checked against torch,
then renamed into place.

A head that was trained together with its encoder keeps that encoder as a graph of its own; a head
on the frozen base encoder shares the base's.

Legend: B batch or beams, T pieces, L prefix, D embedding, N targets, V outputs of a head.
"""

import copy
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal, NamedTuple

import msgspec
import numpy as np
import torch
from safetensors.torch import save_file
from torch import nn

from contracode.encoder.encoders import Encoder
from contracode.encoder.momentum_contrast import Tower
from contracode.export.graphs import share_weights, write_graph
from contracode.heads.checkpoint import HeadCheckpoint
from contracode.heads.names import NameDecoder, NameStep
from contracode.heads.type_data import pad_rows
from contracode.heads.types import FeatureSum, TypeHead
from contracode.inference import model_folder as folder_format
from contracode.inference.head_spec import ENCODER_ONNX
from contracode.inference.heads.names import NAME_STEP_ONNX, WORDS, NameSection
from contracode.inference.heads.types import TYPE_NAMES_ONNX, TYPES, TYPES_ONNX, TypeSection
from contracode.inference.int8_rows import SCALE, to_bytes
from contracode.inference.model_folder import ModelManifest, write_manifest
from contracode.inference.names.decoder import save_words
from contracode.inference.types.features import NAME_SLOTS, TARGET_SLOTS
from contracode.inputs.fragment_encoder import FragmentEncoder
from contracode.inputs.tokenizer import Tokenizer
from contracode.javascript.records import KINDS
from contracode.support.atomic_files import replacing
from contracode.support.config import InputForm
from contracode.support.errors import InputError

BEAM = 8
"""Width of the beam search for names; the paper has 5 answers."""

WORD_BEAM = 12
"""The same for the decoder of words, which weighs all that are found against each other."""

PROBES = (
    "x",
    "function add(a, b) { return a + b; }",
    "const größe = (liste) => liste.map(({ länge }) => länge ?? 0).reduce((a, b) => a + b, 0); // 漢字 🙂",
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
"""Functions of several lengths on which every graph is compared with torch, and once more joined to
the whole window.
"""


class EncoderGraph(nn.Module):
    """What an encoder graph computes: hidden states and what stands for each function.

    Args:
        encoder: of pieces.
        projection: of what is pooled, where that is what stands beside a wide part.
    """

    def __init__(self, encoder: Encoder, projection: nn.Module | None = None) -> None:
        super().__init__()
        self.encoder = encoder
        self.projection = projection

    def forward(
        self, pieces_BT: torch.Tensor, mask_BT: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Return hidden states (B, T, D) and unnormalised vectors (B, W)."""
        hidden_BTD, pooled_BW = self.encoder.embed(pieces_BT, mask_BT)
        return hidden_BTD, pooled_BW if self.projection is None else self.projection(pooled_BW)


class _ByteEmbedding(nn.Module):
    """An embedding in a byte a number: what is looked up is a number of 32 bits, the table never
    is.
    """

    weight: torch.Tensor
    weight_scale: torch.Tensor

    def __init__(self, table_VW: torch.Tensor) -> None:
        super().__init__()
        bytes_VW, scale_V = map(torch.from_numpy, to_bytes(table_VW.detach().cpu().numpy()))
        self.register_buffer("weight", bytes_VW)
        self.register_buffer(f"weight{SCALE}", scale_V.float())

    def forward(self, index: torch.Tensor) -> torch.Tensor:
        return self.weight[index].float() * self.weight_scale[index][..., None]


def _in_bytes(head: TypeHead) -> TypeHead:
    """Return the head with its tables of features, most of its weights, in a byte a number."""
    head = copy.deepcopy(head)
    for part in head.modules():
        if isinstance(part, FeatureSum):
            part.register_module("embedding", _ByteEmbedding(part.embedding.weight))
    return head


def export(
    output: Path,
    encoder: Encoder,
    tokenizer: Tokenizer,
    *,
    name: str,
    window: int,
    reads: InputForm = "written",
    types: HeadCheckpoint | None = None,
    names: HeadCheckpoint | None = None,
    wide: "Wide | None" = None,
    weights: Literal["float16", "float32"] = "float16",
) -> ModelManifest:
    """Write an inference folder.

    Weights are rounded to what is stored before the graphs are made, so that both say the same.

    Args:
        output: the folder; one that is there is replaced.
        encoder: whose vectors the model embeds with.
        tokenizer: of it.
        name: of the model.
        window: longest piece sequence that is embedded at once.
        reads: how sources are spelled before they are embedded.
        types: type head.
        names: name decoder.
        wide: what stands beside the encoder in embeddings.
        weights: precision in which `model.safetensors` stores them.

    Returns:
        What was written to `config.json`.

    Raises:
        InputError: a head was trained with another tokenizer, or a graph differs from torch
            (nothing is written then).
    """
    for head in (types, names):
        if (
            head is not None
            and (head.facts.deep or bool(head.facts.pieces))
            and head.tokenizer.fingerprint != tokenizer.fingerprint
        ):
            raise InputError(
                f"the {head.facts.task} head was trained with another tokenizer than the encoder"
            )
    assert wide is None or wide.tower is None or wide.tower.encoder is encoder
    manifest = ModelManifest(
        name=name,
        dimension=encoder.config.pooled_width if wide is None else wide.dimension(encoder),
        hidden=encoder.config.hidden_width,
        window=window,
        reads=reads,
        tokenizer=tokenizer.fingerprint,
        weights=weights,
        encoder=msgspec.to_builtins(encoder.config),
        fragment_weight=None if wide is None else wide.gain,
    )
    with replacing(output) as folder:
        folder.mkdir()
        writer = _Writer(folder, tokenizer, weights)
        if wide is None or wide.tower is None:
            writer.encoder(encoder, ENCODER_ONNX, window)
        else:
            writer.tower(wide.tower, ENCODER_ONNX, window)
        if wide is not None:
            wide.counts.save(folder)
        if types is not None:
            graph = ""
            if types.facts.deep:  # features alone need no encoder
                graph = writer.encoder(types.encoder, "types_encoder.onnx", types.facts.window)
            writer.types(types)
            manifest.heads["types"] = TypeSection(
                encoder=graph,
                window=types.facts.window,
                temperature=types.facts.temperatures[0],
                temperatures=types.facts.temperatures
                if len(set(types.facts.temperatures)) > 1
                else [],
                threshold=types.facts.threshold,
                precision=types.facts.precision,
                coverage=types.facts.coverage,
                features=types.facts.features,
                names=types.facts.names,
                splitter=types.facts.splitter,
                corpora=types.facts.trained_on,
            )
        if names is not None:
            of_words = bool(names.facts.words)
            graph = ""
            if names.facts.deep or not of_words:  # words alone need no encoder
                graph = writer.encoder(names.encoder, "names_encoder.onnx", names.facts.window)
            (writer.words if of_words else writer.names)(names)
            manifest.heads["names"] = NameSection(
                encoder=graph,
                window=names.facts.window,
                pieces=names.facts.pieces,
                max_pieces=names.facts.max_pieces,
                beam=WORD_BEAM if of_words else BEAM,
            )
        save_file(writer.weights, folder / folder_format.WEIGHTS)
        (folder / folder_format.WEIGHTS).chmod(0o644)  # safetensors makes it the owner's alone
        for graph in sorted(folder.glob("*.onnx")):
            share_weights(graph, folder / folder_format.WEIGHTS)
        tokenizer.save(folder / folder_format.TOKENIZER)
        write_manifest(manifest, folder)
    return manifest


class Wide(NamedTuple):
    """What stands beside an encoder in embeddings.

    Attributes:
        counts: the wide encoder.
        gain: what it weighs.
        tower: whose projection stands beside it, where both were compared together; otherwise what
            the encoder pools does.
    """

    counts: FragmentEncoder
    gain: float
    tower: Tower | None = None

    def dimension(self, encoder: Encoder) -> int:
        """Return the width of what all of it gives together."""
        deep = encoder.config.pooled_width if self.tower is None else self.tower.projection.width
        names = self.counts.identifiers.dimension if self.counts.identifiers is not None else 0
        return deep + self.counts.dimension + names


class _Writer:
    """Writes graphs into a folder and gathers the weights they are made of."""

    def __init__(
        self, folder: Path, tokenizer: Tokenizer, precision: Literal["float16", "float32"]
    ) -> None:
        self.weights: dict[str, torch.Tensor] = {}
        self._folder = folder
        self._tokenizer = tokenizer
        self._precision = getattr(torch, precision)
        self._encoders: list[tuple[str, Encoder]] = []

    def encoder(self, encoder: Encoder, file: str, window: int) -> str:
        """Write an encoder's graph, unless one with the same weights is there; return the file that
        holds it.
        """
        state = encoder.state_dict()
        for known, other in self._encoders:
            if all(torch.equal(weight, state[name]) for name, weight in other.state_dict().items()):
                return known
        self._encoders.append((file, encoder))
        self._graph(
            file, self._rounded(file.removesuffix(".onnx"), EncoderGraph(encoder), encoder), window
        )
        return file

    def _graph(self, file: str, module: nn.Module, window: int) -> None:
        probes: list[dict[str, torch.Tensor]] = []
        for rows in self._probes(window):
            pieces_BT, mask_BT = pad_rows(rows, pad=self._tokenizer.pad_id)
            probes.append({"pieces": pieces_BT, "mask": mask_BT})
        self._write(
            file,
            module,
            probes,
            outputs=("hidden", "pooled"),
            dynamic={"pieces": {0: "batch", 1: "length"}, "mask": {0: "batch", 1: "length"}},
        )

    def _write(
        self,
        file: str,
        module: nn.Module,
        probes: Sequence[Mapping[str, torch.Tensor]],
        *,
        outputs: Sequence[str],
        dynamic: Mapping[str, Mapping[int, str]],
    ) -> None:
        half = self._precision == torch.float16
        write_graph(
            self._folder / file, module, probes, outputs=outputs, dynamic=dynamic, half=half
        )

    def tower(self, tower: Tower, file: str, window: int) -> None:
        """Write the graph of an encoder and its projection."""
        graph = EncoderGraph(tower.encoder, tower.projection)
        self._graph(file, self._rounded("encoder", graph, graph), window)

    def types(self, checkpoint: HeadCheckpoint) -> None:
        """Write the type head's graphs and its vocabulary."""
        facts, head = checkpoint.facts, checkpoint.head
        assert isinstance(head, TypeHead)
        targets: list[dict[str, torch.Tensor]] = []
        named: list[dict[str, torch.Tensor]] = []
        for number in (7, 1):
            mean_ND, max_ND = torch.randn(
                2, number, facts.encoder.hidden_width, generator=_generator()
            )
            probe = {"mean": mean_ND, "max": max_ND, "kind": torch.arange(number) % len(KINDS)}
            name = {"mean": mean_ND}
            if facts.features:
                probe["features"] = torch.randint(
                    facts.features, (number, TARGET_SLOTS), generator=_generator()
                )
                name["features"] = torch.randint(
                    facts.features, (number, NAME_SLOTS), generator=_generator()
                )
            targets.append(probe)
            named.append(name)
        if self._precision == torch.float16:
            head = _in_bytes(head)
        head = self._rounded("types", head, head)
        assert isinstance(head, TypeHead)
        key = head.key if facts.names else None
        if key is not None:
            del head.key  # it is a graph of its own: there are as many names as there are
            self._write(
                TYPE_NAMES_ONNX,
                key,
                named,
                outputs=("key",),
                dynamic={given: {0: "names"} for given in named[0]},
            )
        self._write(
            TYPES_ONNX,
            head,
            targets,
            outputs=("logits", "query", "fit") if facts.names else ("logits",),
            dynamic={given: {0: "targets"} for given in targets[0]},
        )
        (self._folder / TYPES).write_text("".join(f"{t}\n" for t in facts.types), "utf-8")

    def names(self, checkpoint: HeadCheckpoint) -> None:
        """Write the graph of one step of the name decoder."""
        facts = checkpoint.facts
        assert isinstance(checkpoint.head, NameDecoder)
        probes: list[dict[str, torch.Tensor]] = []
        for length, beams, prefix in (
            (9, 5, 3),
            (1, 1, 1),
            (facts.window, 2, facts.max_pieces + 1),
        ):
            hidden_1TD = torch.randn(1, length, facts.encoder.hidden_width, generator=_generator())
            prefixes_BL = torch.arange(beams * prefix).reshape(beams, prefix) % (
                len(facts.pieces) + 1
            )
            probes.append({"hidden": hidden_1TD, "prefixes": prefixes_BL})
        self._write(
            NAME_STEP_ONNX,
            self._rounded("names", NameStep(checkpoint.head), checkpoint.head),
            probes,
            outputs=("log_probability",),
            dynamic={"hidden": {1: "length"}, "prefixes": {0: "beams", 1: "prefix"}},
        )

    def words(self, checkpoint: HeadCheckpoint) -> None:
        """Write the weights of a decoder of words, which needs no graph, and its vocabulary."""
        state = checkpoint.head.state_dict()
        save_words(
            {name: weight.detach().cpu().numpy() for name, weight in state.items()}, self._folder
        )
        told = "".join(f"{word}\n" for word in checkpoint.facts.words)
        (self._folder / WORDS).write_text(told, "utf-8")

    def _probes(self, window: int) -> list[list[np.ndarray]]:
        rows = [self._tokenizer.encode(source).ids[:window] for source in PROBES]
        whole = np.resize(np.concatenate(rows), window)
        return [rows, [whole], [rows[0]]]

    def _rounded(self, prefix: str, module: nn.Module, stored: nn.Module) -> nn.Module:
        """Keep the weights of `stored`, a part of `module`, in the folder's precision; return
        `module` computing with them.
        """
        module = copy.deepcopy(module)
        for name, weight in stored.state_dict().items():
            kept = weight.detach().cpu()
            if kept.is_floating_point():
                kept = kept.to(self._precision)
            self.weights[f"{prefix}.{name}"] = kept.contiguous()
        for weight in (*module.parameters(), *module.buffers()):
            if weight.is_floating_point():
                weight.data = weight.data.cpu().to(self._precision).float()
        return module.eval()


def _generator() -> torch.Generator:
    return torch.Generator().manual_seed(0)
