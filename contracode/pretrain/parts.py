"""The tokenizer and the fragment encoder of a run, and the settings that depend on them."""

from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from contracode.encoder.pretrained import Pretrained
from contracode.inputs.fragment_encoder import FILE as FRAGMENTS
from contracode.inputs.fragment_encoder import FragmentEncoder
from contracode.inputs.tokenizer import FILE as TOKENIZER
from contracode.inputs.tokenizer import Tokenizer, train
from contracode.pretrain.corpus import PretrainingCorpus
from contracode.pretrain.fit_fragments import fit_fragment_encoder
from contracode.support.config import Config
from contracode.support.errors import InputError
from contracode.support.run_folder import read_facts
from contracode.views.training_data import training_names


class RunParts(NamedTuple):
    """The parts of a run besides its corpus and its weights.

    Attributes:
        config: the settings, completed with sizes of the other parts.
        tokenizer: the tokenizer of the encoder.
        fragments: the fragment encoder, or None.
    """

    config: Config
    tokenizer: Tokenizer
    fragments: FragmentEncoder | None


def make_parts(
    corpus: PretrainingCorpus,
    config: Config,
    *,
    tokenizer: Tokenizer | None,
    start: Pretrained | None,
    progress: bool,
) -> RunParts:
    """Make the parts of a new run.

    Args:
        corpus: its functions.
        config: settings.
        tokenizer: by default that of `start` or of a packed corpus, or one trained on the corpus.
        start: a model to begin with; its tokenizer and fragment encoder are kept.
        progress: show a progress bar on stderr.

    Raises:
        InputError: the tokenizer is given twice or does not fit the settings.
    """
    if start is not None:
        if tokenizer is not None:
            raise InputError("the model to begin with has its own tokenizer; do not give another")
        tokenizer = start.tokenizer
        config = msgspec.structs.replace(config, encoder=start.encoder.config)
    if tokenizer is None:
        texts = chain(corpus.sources, corpus.documentation)
        tokenizer = corpus.tokenizer or train(texts, config.tokenizer, seed=config.training.seed)
    fragments = None
    if config.fragments.dimension and start is not None and start.fragments is not None:
        fragments = start.fragments
        counts = start.config.fragments
        section = msgspec.structs.replace(
            config.fragments,
            fragment_weight=counts.fragment_weight,
            identifier_dim=counts.identifier_dim,
        )
        config = msgspec.structs.replace(config, fragments=section)
    elif config.fragments.dimension:
        aligned = corpus.packed is None and config.fragments.name_alignment
        names = training_names(corpus.paths) if aligned else ()
        seed = config.training.seed
        fragments = fit_fragment_encoder(
            corpus.sources, config.fragments, names=names, seed=seed, progress=progress
        )
    return RunParts(_completed(config, tokenizer, fragments), tokenizer, fragments)


def read_parts(run: Path, corpus: PretrainingCorpus, config: Config) -> RunParts:
    """Read the parts of a run that is resumed.

    Raises:
        InputError: the parts or the corpus are not those that the run began with.
    """
    facts = read_facts(run)
    tokenizer = Tokenizer.load(run)
    if tokenizer.fingerprint != facts.tokenizer:
        raise InputError("is not the tokenizer of this run", path=run / TOKENIZER)
    if corpus.digest != facts.corpus_digest:
        raise InputError(
            "the corpus is not the one that the run began with",
            path=", ".join(map(str, corpus.paths)),
        )
    fragments = None
    if config.fragments.dimension:
        fragments = FragmentEncoder.load(run)
        if fragments.fingerprint != facts.fragments:
            raise InputError("is not the fragment encoder of this run", path=run / FRAGMENTS)
    return RunParts(_completed(config, tokenizer, fragments), tokenizer, fragments)


def _completed(config: Config, tokenizer: Tokenizer, fragments: FragmentEncoder | None) -> Config:
    """Return the settings with the sizes of the tokenizer and of the fragment encoder.

    Raises:
        InputError: `encoder.vocab_size` is set and differs from the tokenizer's size.
    """
    if config.encoder.vocab_size not in (0, tokenizer.size):
        raise InputError(
            f"encoder.vocab_size is {config.encoder.vocab_size}, but the tokenizer has "
            f"{tokenizer.size} pieces"
        )
    replace: Any = msgspec.structs.replace
    if fragments is not None:
        dimension, signature, words, operations = fragments.dimensions
        section = replace(
            config.fragments,
            dimension=dimension,
            signature=signature,
            words=words,
            operations=operations,
        )
        config = replace(config, fragments=section)
    return replace(
        config,
        encoder=replace(config.encoder, vocab_size=tokenizer.size),
        tokenizer=replace(config.tokenizer, vocab_size=tokenizer.size, layout=tokenizer.layout),
    )
