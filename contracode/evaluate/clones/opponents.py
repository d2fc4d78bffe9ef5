"""The baselines that a user asks for, and the encoders beside them."""

from collections.abc import Iterable

from contracode.evaluate.clones.encoders import OpenedEncoder
from contracode.evaluate.clones.methods.baseline import baselines
from contracode.evaluate.clones.methods.interface import Embedding, Method
from contracode.support.errors import InputError


def choose(wanted: str) -> tuple[str, ...]:
    """Return the names of the wanted baselines.

    Args:
        wanted: "all", "fast", "none", or names with commas between.

    Raises:
        InputError: there is no such baseline.
    """
    known = baselines()
    groups = {
        "all": tuple(known),
        "fast": tuple(name for name, one in known.items() if one.fast),
        "none": (),
    }
    if wanted in groups:
        return groups[wanted]
    names = tuple(wanted.split(","))
    for name in names:
        if name not in known:
            raise InputError(f"no baseline {name!r}; there are all, fast, none, {', '.join(known)}")
    return names


def methods(
    encoder: OpenedEncoder,
    wanted: Iterable[str],
    *,
    against: Iterable[OpenedEncoder] = (),
    seed: int = 0,
) -> dict[str, Method]:
    """Return the methods of one comparison by name: baselines, other encoders, the encoder last.

    Args:
        encoder: what is measured; baselines that need one of our models are left out for others.
        wanted: names of baselines.
        against: other encoders.
        seed: of weights that a baseline draws.

    Raises:
        InputError: two methods have one name.
    """
    found: dict[str, Method] = {}
    for name in wanted:
        method = baselines()[name].build(encoder.model, seed)
        if method is not None:
            found[name] = method
    for one in (*against, encoder):
        if one.name in found:
            raise InputError(f"two methods are called {one.name}")
        found[one.name] = Embedding(one.embed)
    return found
