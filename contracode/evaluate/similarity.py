"""Zero-shot figures of embeddings: retrieving the other view of a function, and telling clones from other programs.

Legend: N functions, P pairs, D embedding.
"""

import random
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

import msgspec
import numpy as np

import augment
from contracode.errors import InputError
from contracode.evaluate import metrics
from contracode.evaluate.report import Report

Embedder = Callable[[Sequence[str]], np.ndarray]
"""Sources to float (N, D), rows of unit norm."""


_T = TypeVar("_T")


class ViewPair(msgspec.Struct):
    """Two views of one function, and the file or repository it is from."""

    first: str
    second: str
    group: str


def view_pairs(functions: Sequence[tuple[str, str]], *, seed: int) -> list[ViewPair]:
    """Render two views of each function, given as source and group; what does not parse is left out."""
    pipeline = augment.Pipeline.default()
    pairs: list[ViewPair] = []
    for source, group in functions:
        try:
            program = augment.parse(source)
        except augment.ParseError:
            continue
        first, second = pipeline.views(program, 2, seed=seed)
        pairs.append(ViewPair(first.text, second.text, group))
    return pairs


def evaluate_views(pairs: Sequence[ViewPair], embedders: Mapping[str, Embedder], *, seed: int = 0) -> Report:
    """Retrieve the second view of each function by its first among all functions, and score pairs by cosine.

    AUROC sets every function's own pair against one pair with another function, drawn by `seed`.
    """
    groups = [pair.group for pair in pairs]
    order = list(range(len(pairs)))
    random.Random(seed).shuffle(order)
    other_N = np.empty(len(pairs), np.int64)
    other_N[order] = np.roll(order, 1)  # a cycle through all: nobody's other is itself
    report = Report(task="views", num_items=len(pairs), num_groups=len(set(groups)))
    for method, embed in embedders.items():
        first_ND = embed([pair.first for pair in pairs])
        second_ND = embed([pair.second for pair in pairs])
        ranks_N = metrics.partner_ranks(first_ND, second_ND)
        positive_N = (first_ND * second_ND).sum(axis=1)
        negative_N = (first_ND * second_ND[other_N]).sum(axis=1)
        report.add(method, "P@1", lambda i, r=ranks_N: metrics.retrieval(r[i]).precision_at_1, groups)
        report.add(method, "MRR", lambda i, r=ranks_N: metrics.retrieval(r[i]).mrr, groups)
        report.add(method, "AUROC", lambda i, p=positive_N, n=negative_N: _pairs_auroc(p[i], n[i]), groups)
    return report


def _pairs_auroc(positive: np.ndarray, negative: np.ndarray) -> float:
    scores = np.concatenate([positive, negative])
    return metrics.auroc(scores, np.arange(len(scores)) < len(positive))


class Program(msgspec.Struct):
    """One line of `clones.jsonl`: a solution, as its author wrote it and with the problem's names replaced."""

    problem: str | int
    code: str
    anon: str


class Pair(msgspec.Struct):
    """One line of `clone_pairs.jsonl`: two line numbers of programs, and whether they solve the same problem."""

    a: int
    b: int
    kind: str
    label: int


def read_clones(folder: Path) -> tuple[list[Program], list[Pair]]:
    """Read a clone set: `clones.jsonl` and `clone_pairs.jsonl`.

    Raises:
        InputError: a file is missing or a line of it is not of the form.
    """
    programs = _read_lines(folder / "clones.jsonl", Program)
    return programs, _read_lines(folder / "clone_pairs.jsonl", Pair)


def evaluate_clones(
    programs: Sequence[Program], pairs: Sequence[Pair], embedders: Mapping[str, Embedder], *, field: str = "anon"
) -> Report:
    """Tell pairs of programs that solve the same problem from random ones: AUROC and average precision of the cosine.

    The intervals draw problems, by that of a pair's first program.

    Args:
        programs: the set.
        pairs: of them; those of kind "pos" and "neg" are used.
        embedders: by name.
        field: "anon" or "code".

    Source: Jain et al., EMNLP 2021, section 4.1.
    """
    used = [pair for pair in pairs if pair.kind in ("pos", "neg")]
    groups = [programs[pair.a].problem for pair in used]
    positive_P = np.asarray([pair.label == 1 for pair in used])
    report = Report(task=f"clones, {field}", num_items=len(used), num_groups=len(set(groups)))
    for method, embed in embedders.items():
        vectors_ND = embed([getattr(program, field) for program in programs])
        score_P = (vectors_ND[[pair.a for pair in used]] * vectors_ND[[pair.b for pair in used]]).sum(axis=1)
        report.add(method, "AUROC", lambda i, s=score_P: metrics.auroc(s[i], positive_P[i]), groups)
        report.add(method, "AP", lambda i, s=score_P: metrics.average_precision(s[i], positive_P[i]), groups)
    return report


def _read_lines(path: Path, form: type[_T]) -> list[_T]:
    if not path.is_file():
        raise InputError("no such file", path=path)
    decoder = msgspec.json.Decoder(form)
    found: list[_T] = []
    for number, line in enumerate(path.read_bytes().splitlines(), start=1):
        try:
            found.append(decoder.decode(line))
        except msgspec.MsgspecError as error:
            raise InputError(str(error), path=path, line=number) from None
    return found
