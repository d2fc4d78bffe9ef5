"""The training functions of a corpus, their documentation and their names, in the same order."""

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from contracode.corpus.storage.readers import read_functions
from contracode.corpus.storage.rows import FunctionRecord
from contracode.support.errors import InputError
from contracode.support.text_store import Texts
from contracode.views.same_name_pairs import Namesakes, find_namesakes

_T = TypeVar("_T")


def training_sources(paths: Iterable[str]) -> Texts:
    """Read the training functions of a corpus.

    They are the functions of its split `train`, or all functions if it has no splits.

    Raises:
        InputError: a file is missing or has a broken line, or there is no function.
    """
    paths = list(paths)
    unsplit, train = Texts(), Texts()
    split = False
    for row in read_functions(paths, strict=True):
        if row.partition and not split:
            split = True
            unsplit.clear()
        if row.partition == "train":
            train.append(row.code)
        elif not split:
            unsplit.append(row.code)
    sources = train if split else unsplit
    if not sources:
        where = ", ".join(map(str, paths))
        if split:
            raise InputError(
                "no function is in the split train; "
                "build the corpus from more repositories, or with --splits",
                path=where,
            )
        raise InputError("no functions to train on", path=where)
    return sources


def training_documentation(paths: Iterable[str]) -> list[str]:
    """Read the documentation of the training functions; "" for functions without documentation.

    Raises:
        InputError: see `training_sources`; or no function has documentation.
    """
    paths = list(paths)
    found = _of_training(paths, lambda row: row.docstring.strip())
    if not any(found):
        raise InputError(
            "no function has documentation; set data.documentation to 0",
            path=", ".join(map(str, paths)),
        )
    return found


def training_names(paths: Iterable[str]) -> list[str]:
    """Read the names of the training functions, possibly qualified (`Queue.push`); "" if anonymous.

    Raises:
        InputError: see `training_sources`.
    """
    return _of_training(list(paths), lambda row: row.func_name)


def training_namesakes(paths: Iterable[str]) -> Namesakes:
    """Find the namesakes among the training functions.

    Raises:
        InputError: see `training_sources`; or no function has a namesake.
    """
    paths = list(paths)
    found = find_namesakes(_of_training(paths, lambda row: (row.func_name, row.repo)))
    if not any(found.of):
        raise InputError(
            "no two repositories have functions of the same name; set data.namesakes to 0",
            path=", ".join(map(str, paths)),
        )
    return found


def _of_training(paths: Sequence[str], fact: Callable[[FunctionRecord], _T]) -> list[_T]:
    """Return a fact of each training function, in the order of `training_sources`."""
    rows = [(fact(row), row.partition) for row in read_functions(paths, strict=True)]
    split = any(partition for _, partition in rows)
    return [found for found, partition in rows if not split or partition == "train"]
