"""The baselines that stand beside an encoder wherever programs are compared, by name."""

from collections.abc import Callable, Iterable
from functools import cache

import augment
from contracode.evaluate.baselines import bag_of_pieces
from contracode.evaluate.clones.encoders import OpenedEncoder
from contracode.evaluate.clones.methods import (
    BM25,
    EditDistance,
    Embedding,
    Method,
    Rewritten,
    TfIdf,
)
from contracode.evaluate.clones.untrained import Untrained
from contracode.javascript import leaves
from contracode.support.errors import InputError


def _tokens(source: str) -> list[str]:
    return [leaf.text for leaf in leaves.leaves(source)]


@cache
def normal_text(source: str) -> str:
    """Return the normal form of a source; one that does not parse as it is."""
    try:
        return augment.normalize(augment.parse(source))
    except augment.ParseError:
        return source


def _rename_blind() -> Method:
    return TfIdf(leaves.rename_blind, min_df=2)


LEXICAL: dict[str, Callable[[], Method]] = {
    "tf-idf": lambda: TfIdf(leaves.words),
    "bm25": lambda: BM25(leaves.words),
    "token-edits": lambda: EditDistance(_tokens),
    "node-edits": lambda: EditDistance(leaves.node_types),
    "rename-blind": _rename_blind,
    "rename-blind-normal": lambda: Rewritten(_rename_blind(), normal_text),
}
"""Baselines that need no model: sub-words weighed by rarity, edit distances, and n-grams blind to
names, as written and in normal form.
"""

OWN = ("untrained", "bag-of-pieces")
"""Baselines made of the model itself, where it is one of ours."""

NAMES = (*OWN, *LEXICAL)

FAST = (*OWN, "tf-idf", "bm25", "rename-blind")
"""Those that take no longer than a small encoder."""


def choose(wanted: str) -> tuple[str, ...]:
    """Return the baselines that are wanted: "all", "fast", "none", or some of them with commas
    between.

    Raises:
        InputError: there is no such baseline.
    """
    if wanted in _GROUPS:
        return _GROUPS[wanted]
    names = tuple(wanted.split(","))
    for name in names:
        if name not in NAMES:
            raise InputError(f"no baseline {name!r}; there are all, fast, none, {', '.join(NAMES)}")
    return names


_GROUPS: dict[str, tuple[str, ...]] = {"all": NAMES, "fast": FAST, "none": ()}


def methods(
    encoder: OpenedEncoder,
    baselines: Iterable[str],
    *,
    against: Iterable[OpenedEncoder] = (),
    seed: int = 0,
) -> dict[str, Method]:
    """Return the baselines, those that this encoder can have, other encoders, and the encoder
    itself at the end.

    Args:
        encoder: what is measured.
        baselines: names of them.
        against: other encoders.
        seed: of the weights of the untrained encoder.

    Raises:
        InputError: two of them have one name.
    """
    found: dict[str, Method] = {}
    for name in baselines:
        if name in LEXICAL:
            found[name] = LEXICAL[name]()
        elif encoder.model is not None:
            found[name] = _own(name, encoder, seed)
    for one in (*against, encoder):
        if one.name in found:
            raise InputError(f"two methods are called {one.name}")
        found[one.name] = Embedding(one.embed)
    return found


def _own(name: str, encoder: OpenedEncoder, seed: int) -> Method:
    model = encoder.model
    assert model is not None
    if name == "bag-of-pieces":
        return Embedding(lambda sources: bag_of_pieces(model.tokenizer, sources))
    return Embedding(Untrained(model, seed=seed).embed)
