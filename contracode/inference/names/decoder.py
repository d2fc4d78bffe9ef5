"""The word decoder of names in numpy, with tables in 8 bits; `contracode.heads.words` trains it.

Legend: B prefixes, C words of the function, D width, V words of the vocabulary and `END`, M marks,
    S = V + C outputs, H width of hidden states.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load_file, save_file

from contracode.inference.int8_rows import SCALE, from_bytes, to_bytes
from contracode.inference.names.beam import END, Hypothesis, beam_search
from contracode.inference.names.features import MARKS, FunctionWords, spell
from contracode.inference.names.naming import is_name
from contracode.javascript.records import NamePrediction
from contracode.javascript.subtokens import subtokens
from contracode.support.atomic_files import replacing
from contracode.support.errors import InputError

FILE = "names.safetensors"

POSITIONS = 8
"""Positions in a name with a vector of their own; later ones share the last."""

ENCODED = "encoded.weight"
"""Weight that projects hidden states, if the decoder reads an encoder."""

TABLES = ("features.weight", "words.weight")
"""Weights that are stored in 8 bits, with a scale for each row."""


def pool_hidden_name(hidden_TH: np.ndarray, ids_T: np.ndarray, mask_id: int) -> np.ndarray:
    """Return the mean hidden state of the masked pieces, and of all pieces, concatenated: (2H,)."""
    masked_T = ids_T == mask_id
    own_H = hidden_TH[masked_T].mean(axis=0) if masked_T.any() else np.zeros_like(hidden_TH[0])
    return np.concatenate([own_H, hidden_TH.mean(axis=0)])


class WordNamer:
    """Spells names word by word.

    Args:
        weights: weights by their names in torch.
        words: the vocabulary, from output 1 on.

    Raises:
        InputError: weights are missing, or do not fit each other or the words.
    """

    def __init__(self, weights: Mapping[str, np.ndarray], words: Sequence[str]) -> None:
        self._weights = {name: weight.astype(np.float32) for name, weight in weights.items()}
        self._check(len(words))
        self._words = list(words)
        self._output_of = {word: output for output, word in enumerate(self._words, start=1)}

    def _check(self, num_words: int) -> None:
        width = (
            self._weights["features.weight"].shape[1] if "features.weight" in self._weights else 0
        )
        square, line, marks = (width, width), (width,), MARKS + 2
        shapes = {
            "words.weight": (num_words + 2, width),
            "positions.weight": (POSITIONS, width),
            **{
                f"{norm}.{part}": line
                for norm in ("read_norm", "state_norm")
                for part in ("weight", "bias")
            },
            **{f"{layer}.weight": square for layer in ("read", "state", "first", "second", "take")},
            **{f"{layer}.bias": line for layer in ("read", "state")},
            "bias": (num_words + 1,),
            "marks.weight": (marks, width),
            "marks.bias": (marks,),
            "unknown": (),
            "capital.weight": (1, width),
            "capital.bias": (1,),
        }
        if ENCODED in self._weights:
            shapes[ENCODED] = (width, self._weights[ENCODED].shape[-1])
        for name, shape in shapes.items():
            if name not in self._weights:
                raise InputError(f"the name decoder lacks {name}")
            if self._weights[name].shape != shape:
                raise InputError(
                    f"{name} of the name decoder does not fit {num_words} words and a width of "
                    f"{width}"
                )

    @property
    def buckets(self) -> int:
        """Number of buckets of the hashed features."""
        return len(self._weights["features.weight"])

    def predict(
        self,
        function: FunctionWords,
        *,
        top: int,
        width: int,
        max_words: int,
        pooled_H: np.ndarray | None = None,
    ) -> list[NamePrediction]:
        """Return names, ranked by agreement among the candidates of the beam search.

        The value of a name is its expected F1 over words, taken over all candidates by their
        probability: minimum Bayes risk for the score by which names are measured.

        Args:
            function: the function, with its own name hidden.
            top: most names to return.
            width: of the beam search.
            max_words: words of the longest name.
            pooled_H: result of `pool_hidden_name`, if the decoder reads an encoder.

        Source: Kumar and Byrne, Minimum Bayes-Risk Decoding for Statistical Machine Translation
            (NAACL 2004), section 2.
        """
        read_D = self._read(function, pooled_H)
        outputs_C = np.asarray([self._output_of.get(word, 0) for word in function.words], np.int64)

        def step(prefixes_BL: np.ndarray) -> np.ndarray:
            return self._step(read_D, function, outputs_C, prefixes_BL)

        found = beam_search(step, width=max(top, width), max_length=max_words)
        capital = float(self._linear("capital", read_D)[0]) > 0
        return _ranked(self._spelt(found, function, capital=capital))[:top]

    def _read(self, function: FunctionWords, pooled_H: np.ndarray | None) -> np.ndarray:
        features_FD = self._weights["features.weight"][function.features]
        x_D = features_FD.sum(axis=0) / math.sqrt(max(1, len(features_FD)))
        if pooled_H is not None:
            x_D = x_D + self._linear("encoded", pooled_H)
        return x_D + _relu(self._linear("read", _relu(self._norm("read_norm", x_D))))

    def _spelt(
        self, found: Sequence[Hypothesis], function: FunctionWords, *, capital: bool
    ) -> dict[str, tuple[float, frozenset[str]]]:
        names: dict[str, tuple[float, frozenset[str]]] = {}
        for one in found:
            words = [self._text(output, function) for output in one.outputs]
            name = spell(words, snake=function.snake, capital=capital)
            if is_name(name):
                probability = math.exp(one.score) + (names[name][0] if name in names else 0.0)
                names[name] = (probability, frozenset(subtokens(name)))
        return names

    def _text(self, output: int, function: FunctionWords) -> str:
        known = len(self._words)
        return self._words[output - 1] if output <= known else function.words[output - known - 1]

    def _step(
        self,
        read_D: np.ndarray,
        function: FunctionWords,
        outputs_C: np.ndarray,
        prefixes_BL: np.ndarray,
    ) -> np.ndarray:
        """Return the log-probabilities of the next output of each prefix: (B, S)."""
        weights, size = self._weights, len(self._words) + 1
        table = weights["words.weight"]
        count, length = prefixes_BL.shape
        before_B = prefixes_BL[:, -1]
        second_B = prefixes_BL[:, -2] if length > 1 else np.full(count, END)
        state_BD = read_D + weights["positions.weight"][min(length - 1, POSITIONS - 1)]
        state_BD = state_BD + table[np.minimum(before_B, size)] @ weights["first.weight"].T
        state_BD = state_BD + table[np.minimum(second_B, size)] @ weights["second.weight"].T
        state_BD = _relu(self._norm("state_norm", state_BD + self._linear("state", state_BD)))
        logits_BV = state_BD @ table[:-1].T + weights["bias"]
        if not len(outputs_C):
            return _log_softmax(logits_BV)
        weight_BM = self._linear("marks", state_BD)
        copy_scores_BC = weight_BM[:, :-2] @ function.marks.T
        for row, prefix in enumerate(prefixes_BL[:, 1:]):
            chosen = [self._place(int(output), outputs_C, size) for output in prefix]
            for place in chosen:
                copy_scores_BC[row, place] += weight_BM[row, -1]
            if chosen:
                follow = {int(two) for one, two in function.pairs if one in chosen[-1]}
                copy_scores_BC[row, sorted(follow)] += weight_BM[row, -2]
        copy_scores_BC += (self._linear("take", state_BD) @ table[outputs_C].T) * (outputs_C > 0)
        known_C = outputs_C > 0
        np.add.at(logits_BV.T, outputs_C[known_C], copy_scores_BC.T[known_C])
        unknown_BC = np.where(known_C, -np.inf, copy_scores_BC + weights["unknown"])
        return _log_softmax(np.concatenate([logits_BV, unknown_BC], axis=1))

    @staticmethod
    def _place(output: int, outputs_C: np.ndarray, size: int) -> np.ndarray:
        """Return the index of the function's word for an output: int64 (1,), or empty."""
        return (
            np.asarray([output - size]) if output >= size else np.flatnonzero(outputs_C == output)
        )

    def _linear(self, name: str, x: np.ndarray) -> np.ndarray:
        y = x @ self._weights[f"{name}.weight"].T
        return y + self._weights[f"{name}.bias"] if f"{name}.bias" in self._weights else y

    def _norm(self, name: str, x: np.ndarray) -> np.ndarray:
        centred = x - x.mean(axis=-1, keepdims=True)
        scale = np.sqrt((centred**2).mean(axis=-1, keepdims=True) + 1e-5)
        return centred / scale * self._weights[f"{name}.weight"] + self._weights[f"{name}.bias"]

    @classmethod
    def load(cls, folder: Path, words: Sequence[str]) -> WordNamer:
        """Read a decoder from a folder.

        Raises:
            InputError: a file is missing or broken.
        """
        try:
            return cls(load_words(folder), words)
        except InputError as error:
            raise error if error.path else InputError(str(error), path=folder / FILE) from None


def load_words(folder: Path) -> dict[str, np.ndarray]:
    """Read the weights of a decoder, by their names in torch.

    Raises:
        InputError: the file is missing or broken.
    """
    path = folder / FILE
    try:
        stored = load_file(path)
        weights = {name: weight for name, weight in stored.items() if not name.endswith(SCALE)}
        for name in TABLES:
            weights[name] = from_bytes(weights[name], stored[name + SCALE])
    except OSError as error:
        raise InputError(error.strerror or "is missing", path=path) from None
    except (SafetensorError, KeyError):
        raise InputError("is not a name decoder", path=path) from None
    return weights


def save_words(weights: Mapping[str, np.ndarray], folder: Path) -> None:
    """Write the weights of a decoder into a folder, as `FILE`: `TABLES` in a byte a number, the
    rest in float32.
    """
    stored: dict[str, np.ndarray] = {}
    for name, weight in weights.items():
        if name in TABLES:
            stored[name], stored[name + SCALE] = to_bytes(weight)
        else:
            stored[name] = np.require(weight, np.float32, "C")
    with replacing(folder / FILE) as beside:
        save_file(stored, beside)
        beside.chmod(0o644)  # safetensors makes it the owner's alone


def _ranked(names: Mapping[str, tuple[float, frozenset[str]]]) -> list[NamePrediction]:
    """Return names by the expected F1 of their words; ties by probability."""

    def worth(name: str) -> float:
        own = names[name][1]
        return sum(
            probability * 2 * len(own & words) / max(1, len(own) + len(words))
            for probability, words in names.values()
        )

    order = sorted(names, key=lambda name: (-worth(name), -names[name][0], name))
    return [NamePrediction(name, names[name][0]) for name in order]


def _relu(x: np.ndarray) -> np.ndarray:
    return np.maximum(x, 0)


def _log_softmax(x_BS: np.ndarray) -> np.ndarray:
    x_BS = x_BS - x_BS.max(axis=1, keepdims=True)
    return x_BS - np.log(np.exp(x_BS).sum(axis=1, keepdims=True))
