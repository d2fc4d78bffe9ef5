"""Export of checkpoints to a model folder.

All graphs are compared with torch before the folder is renamed into place. A head that was trained
together with its encoder has a graph of that encoder; a head on the frozen base encoder shares the
graph of the base.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Literal, NamedTuple

import msgspec

from contracode.encoder.encoders import Encoder
from contracode.encoder.momentum_contrast import Tower
from contracode.export.folder_writer import FolderWriter
from contracode.heads.checkpoint import HeadCheckpoint
from contracode.heads.head_training import head_training
from contracode.inference.head_spec import ENCODER_ONNX, HeadSection, find_head
from contracode.inference.model_folder import TOKENIZER, ModelManifest, write_manifest
from contracode.inputs.fragment_encoder import FragmentEncoder
from contracode.inputs.tokenizer import Tokenizer
from contracode.support.atomic_files import replacing
from contracode.support.config import InputForm
from contracode.support.errors import InputError


class FragmentPart(NamedTuple):
    """The fragment vector of a model, which is appended to the encoder's vector.

    Attributes:
        encoder: the fragment encoder.
        weight: weight of its vector relative to the encoder's.
        tower: the tower, if it was trained together with the fragment vector; the vector is then
            appended to its projected vectors, otherwise to the pooled hidden states.
    """

    encoder: FragmentEncoder
    weight: float
    tower: Tower | None = None

    def dimension(self, encoder: Encoder) -> int:
        """Return the dimension of an embedding, all parts together."""
        pooled = encoder.config.pooled_width if self.tower is None else self.tower.projection.width
        identifiers = self.encoder.identifiers
        names = 0 if identifiers is None else identifiers.dimension
        return pooled + self.encoder.dimension + names


def export(
    output: Path,
    encoder: Encoder,
    tokenizer: Tokenizer,
    *,
    name: str,
    window: int,
    reads: InputForm = "written",
    heads: Sequence[HeadCheckpoint] = (),
    fragments: FragmentPart | None = None,
    weights: Literal["float16", "float32"] = "float16",
) -> ModelManifest:
    """Write a model folder.

    Args:
        output: the folder; an existing one is replaced.
        encoder: the encoder of the model's embeddings.
        tokenizer: the tokenizer of all encoders.
        name: name of the model.
        window: maximum number of pieces that are embedded at once.
        reads: input form of the sources that are embedded.
        heads: at most one head for each task.
        fragments: the fragment vector, or None.
        weights: precision of the weights in `model.safetensors`.

    Returns:
        The content of `config.json`.

    Raises:
        InputError: a head has another tokenizer, or a graph differs from torch; nothing is written.
    """
    _check_tokenizers(heads, tokenizer)
    tower = None if fragments is None else fragments.tower
    assert tower is None or tower.encoder is encoder
    pooled_width = encoder.config.pooled_width
    with replacing(output) as folder:
        folder.mkdir()
        writer = FolderWriter(folder, tokenizer, weights)
        if tower is None:
            writer.encoder_graph(encoder, ENCODER_ONNX, window)
        else:
            writer.tower_graph(tower, ENCODER_ONNX, window)
        if fragments is not None:
            fragments.encoder.save(folder)
        manifest = ModelManifest(
            name=name,
            dimension=pooled_width if fragments is None else fragments.dimension(encoder),
            hidden=encoder.config.hidden_width,
            window=window,
            reads=reads,
            tokenizer=tokenizer.fingerprint,
            weights=weights,
            encoder=msgspec.to_builtins(encoder.config),
            fragment_weight=None if fragments is None else fragments.weight,
            heads=_write_heads(heads, writer),
        )
        writer.finish()
        tokenizer.save(folder / TOKENIZER)
        write_manifest(manifest, folder)
    return manifest


def _check_tokenizers(heads: Sequence[HeadCheckpoint], tokenizer: Tokenizer) -> None:
    for head in heads:
        other = head.tokenizer.fingerprint != tokenizer.fingerprint
        if other and head.facts.uses_encoder():
            raise InputError(
                f"the {head.facts.task} head was trained with another tokenizer than the encoder"
            )


def _write_heads(heads: Sequence[HeadCheckpoint], writer: FolderWriter) -> dict[str, HeadSection]:
    ordered = sorted(heads, key=lambda head: (find_head(head.facts.task).rank, head.facts.task))
    return {head.facts.task: head_training(head.facts.task).write(head, writer) for head in ordered}
