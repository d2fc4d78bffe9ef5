"""The corpus of a pretraining run: its functions, and the pairs of views drawn from them."""

import random
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from contracode.corpus.packed.reading import Packed, open_packed
from contracode.inputs.fragment_encoder import FragmentEncoder
from contracode.inputs.tokenizer import Tokenizer
from contracode.support.config import Config
from contracode.support.errors import InputError
from contracode.views.batch_plan import EpochItem
from contracode.views.copy_pairs import CopyDataset
from contracode.views.drawing import DrawViews, PairRefused
from contracode.views.pairs import PairDataset
from contracode.views.same_name_pairs import Namesakes
from contracode.views.training_data import (
    training_documentation,
    training_namesakes,
    training_sources,
)

TRIED = 64
"""A run is refused if none of its first 64 functions has a pair of views."""


class PretrainingCorpus(NamedTuple):
    """The functions of a run.

    Attributes:
        paths: files and folders, as given by the user.
        sources: all functions, those held out included.
        digest: digest of the sources.
        lengths: length of each function, in any unit.
        packed: the packed corpus, or None.
        tokenizer: the tokenizer of a packed corpus that holds views.
        documentation: documentation of each function; empty if the settings do not use it.
        namesakes: functions that share a name; None if the settings do not use them.
        held_out: indices of functions that are not trained on.
    """

    paths: Sequence[str]
    sources: Sequence[str]
    digest: str
    lengths: Sequence[int] | np.ndarray
    packed: Packed | None
    tokenizer: Tokenizer | None
    documentation: list[str]
    namesakes: Namesakes | None
    held_out: list[int]

    @property
    def trained_on(self) -> np.ndarray:
        """Indices of the functions to train on, int64 (N,)."""
        return np.setdiff1d(np.arange(len(self.sources)), self.held_out)

    def pairs(
        self,
        config: Config,
        tokenizer: Tokenizer,
        fragments: FragmentEncoder | None,
        draw: DrawViews,
    ) -> PairDataset:
        """Return the dataset of pairs; those of a packed corpus with `data.copies` are its views.

        Raises:
            InputError: the packed views were cut by another tokenizer.
        """
        if self.packed is None or self.tokenizer is None or not config.data.copies:
            return PairDataset(
                self.sources,
                tokenizer,
                config.data,
                seed=config.training.seed,
                draw=draw,
                masking=config.masking,
                documentation=self.documentation,
                namesakes=self.namesakes,
                fragments=fragments if config.fragments.joint else None,
            )
        if self.tokenizer.fingerprint != tokenizer.fingerprint:
            raise InputError(
                "its views are pieces of another tokenizer; --set data.copies=false",
                path=self.packed.folder,
            )
        return CopyDataset(
            self.packed, config.data, seed=config.training.seed, masking=config.masking
        )


def open_corpus(paths: Sequence[str], config: Config) -> PretrainingCorpus:
    """Open the corpus of a run.

    Raises:
        InputError: it is missing, broken or too small, or lacks data that the settings use.
    """
    packed = open_packed(paths)
    tokenizer = None
    if packed is None:
        sources = training_sources(paths)
        digest, lengths = sources.digest, sources.lengths
    else:
        sources, tokenizer = packed, packed.tokenizer()
        _check_packed(packed, config, views=tokenizer is not None and config.data.copies)
        digest, lengths = packed.digest, packed.lengths
    documentation = training_documentation(paths) if config.data.documentation else []
    held_out = _held_out(len(sources), config)
    namesakes = training_namesakes(paths).without(held_out) if config.data.namesakes else None
    return PretrainingCorpus(
        paths, sources, digest, lengths, packed, tokenizer, documentation, namesakes, held_out
    )


def _check_packed(packed: Packed, config: Config, *, views: bool) -> None:
    """Refuse settings that a packed corpus cannot serve.

    Raises:
        InputError: see above.
    """
    reason = ""
    if config.data.documentation:
        reason = "has no documentation; set data.documentation to 0"
    elif config.data.namesakes:
        reason = "has no names of functions; set data.namesakes to 0"
    elif views and packed.manifest.reads != config.data.reads:
        reason = (
            f'has views spelled "{packed.manifest.reads}", not "{config.data.reads}" as data.reads '
            f"says; pack it with --reads {config.data.reads}, or --set data.copies=false"
        )
    elif views and config.fragments.dimension and config.fragments.joint:
        reason = (
            "a fragment vector that is contrasted needs sources, not copies; "
            "--set data.copies=false"
        )
    elif views and config.masking.share and config.masking.written:
        reason = "masking.written needs sources, not copies; --set data.copies=false"
    if reason:
        raise InputError(reason, path=packed.folder)


def _held_out(num_functions: int, config: Config) -> list[int]:
    """Choose the held-out functions by the seed alone, as a resumed run needs the same ones."""
    number = config.training.held_out
    if number and num_functions - number < 2:
        raise InputError(
            f"training.held_out is {number}, which leaves fewer than two of {num_functions} "
            "functions to train on"
        )
    return sorted(
        random.Random(f"{config.training.seed}/held out").sample(range(num_functions), number)
    )


def check_pairs(pairs: PairDataset, functions: Sequence[int], config: Config) -> None:
    """Check that a corpus has pairs to train on.

    Pairs are drawn until two come from different functions; one pair is enough if the settings
    contrast nothing.

    Raises:
        InputError: none of the first `TRIED` functions has a pair, or all pairs come from copies
            of one function.
    """
    labels: set[int] = set()
    reason = ""
    for number, function in enumerate(functions):
        if number == TRIED and not labels:
            break
        try:
            labels.add(pairs.pair(EpochItem(0, function)).label)
        except PairRefused as error:
            reason = reason or str(error)
        if len(labels) == (2 if config.masking.contrast else 1):
            return
    if labels:
        raise InputError("no two functions differ, so there is nothing to contrast")
    raise InputError(
        f"none of the first {min(TRIED, len(functions))} functions has two views; "
        f"the first: {reason}"
    )
