"""The numpy side of a head: what it reads of a model folder, and what it answers."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import augment
from contracode.inference.onnx_graphs import Graphs, GraphSignature
from contracode.inputs.tokenizer import Tokenizer
from contracode.support.errors import InputError


@dataclass(frozen=True)
class ModelFiles:
    """What the answers of a head may read.

    Attributes:
        folder: the model folder.
        graphs: its ONNX graphs.
        tokenizer: the tokenizer of all its encoders.
        hidden_width: width of the encoders' hidden states.
    """

    folder: Path
    graphs: Graphs
    tokenizer: Tokenizer
    hidden_width: int

    def lines(self, name: str) -> list[str]:
        """Return the lines of a text file of the folder.

        Raises:
            InputError: the file is missing or not UTF-8.
        """
        path = self.graphs.file(name)
        try:
            return path.read_text("utf-8").splitlines()
        except UnicodeDecodeError:
            raise InputError("is not UTF-8", path=path) from None


class HeadAnswers(ABC):
    """A loaded head: answers with numpy and onnxruntime alone.

    Attributes:
        signatures: inputs and outputs that each graph of the head must have.
    """

    signatures: Mapping[str, GraphSignature] = {}

    def check(self) -> None:  # noqa: B027 - most heads have nothing to check
        """Compare the files of the head with each other when the model is loaded.

        Raises:
            InputError: they do not fit each other.
        """

    @abstractmethod
    def records(
        self, source: str, *, language: augment.Language, top: int
    ) -> list[dict[str, object]]:
        """Return what `contracode predict --json` prints for a source.

        Args:
            source: a whole file.
            language: "javascript", "typescript" or "tsx".
            top: candidates for each record.

        Returns:
            A record for each answer. Without a `text` of the head's own, `contracode predict`
            prints "line", "name" and "candidates" of each: a list of dictionaries whose first value
            is the answer and which have its "probability".

        Raises:
            augment.ParseError: the source does not parse.
        """
