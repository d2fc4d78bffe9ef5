"""Splits by repository: what one project repeats must not be on both sides."""

import hashlib
from collections.abc import Mapping
from pathlib import Path

import msgspec

from contracode.support.errors import InputError

SPLITS = ("train", "valid", "test")

# Of CodeSearchNet (arXiv 1909.09436, section 3).
_SHARES = {"train": 0.8, "valid": 0.1, "test": 0.1}


def split_of(repository: str, *, seed: int = 0, fixed: Mapping[str, str] | None = None) -> str:
    """Return the split of a repository: the one that `fixed` gives it, else drawn by the hash of
    its name.

    So the split of a repository does not depend on what else is in the corpus.
    """
    if fixed is not None and repository in fixed:
        return fixed[repository]
    digest = hashlib.blake2b(f"{seed}\0{repository}".encode(), digest_size=8).digest()
    drawn = int.from_bytes(digest, "big") / 2**64
    for name, share in _SHARES.items():
        if drawn < share:
            return name
        drawn -= share
    return SPLITS[0]


def read_splits(path: Path) -> dict[str, str]:
    """Read a JSON file that names the repositories of each split: `{"train": ["owner/name", ...],
    "valid": [...], ...}`.

    Returns:
        Repository to split.

    Raises:
        InputError: it is of another form, or gives a repository two splits.
    """
    try:
        found = msgspec.json.decode(path.read_bytes(), type=dict[str, list[str]])
    except OSError as error:
        raise InputError(error.strerror or str(error), path=path) from None
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise InputError(
            f"is no JSON object of split to list of repositories: {error}", path=path
        ) from None
    split_of_repository: dict[str, str] = {}
    for split, repositories in found.items():
        if split not in SPLITS:
            raise InputError(f"{split!r} is none of {', '.join(SPLITS)}", path=path)
        for repository in repositories:
            if split_of_repository.setdefault(repository, split) != split:
                raise InputError(f"{repository!r} is in two splits", path=path)
    return split_of_repository
