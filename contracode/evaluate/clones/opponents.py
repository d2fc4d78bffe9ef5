"""The methods of a comparison: requested baselines, and encoders."""

from collections.abc import Iterable

from contracode.evaluate.clones.encoders import OpenedEncoder
from contracode.evaluate.clones.methods.baseline import baselines
from contracode.evaluate.clones.methods.interface import Embedding, Method
from contracode.support.errors import InputError


def choose(wanted: str) -> tuple[str, ...]:
    """Return the names of the requested baselines.

    Args:
        wanted: "all", "fast", "none", or comma-separated names.

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
        encoder: the encoder to measure. If it is not one of our models, baselines that need a model
            are left out.
        wanted: names of baselines.
        against: other encoders.
        seed: seed of random weights of baselines.

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
