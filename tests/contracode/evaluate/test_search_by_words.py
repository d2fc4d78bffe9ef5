"""Search by words: galleries, ranks, fusion, the report."""

import numpy as np
import pytest

from contracode.corpus.storage.rows import FunctionRecord
from contracode.evaluate.search_by_words import (
    Gallery,
    bm25,
    evaluate_words,
    fused,
    galleries,
    ranks_of,
    tf_idf,
)
from contracode.support.errors import InputError


def _row(name: str, code: str, docstring: str = "") -> FunctionRecord:
    path = f"{name}.js"
    return FunctionRecord(repo="a/b", path=path, func_name=name, code=code, docstring=docstring)


ROWS = [
    _row(
        "addPrices",
        "function addPrices(list) { return list.reduce((a, b) => a + b.price, 0) }",
        "Adds the prices of a list.",
    ),
    _row("drawCircle", "function drawCircle(c, r) { c.arc(0, 0, r) }", "Draws a circle on c."),
    _row("close", "function close(file) { file.end() }"),
]


def test_only_documented_functions_are_queries() -> None:
    (gallery,) = galleries(ROWS)
    assert gallery.right_Q.tolist() == [0, 1]
    assert len(gallery.sources) == 3


def test_corpus_without_documentation_is_refused() -> None:
    with pytest.raises(InputError, match="documentation"):
        galleries(ROWS[2:])


@pytest.mark.parametrize("method", [bm25, tf_idf])
def test_lexical_methods_find_functions_by_shared_words(method) -> None:
    (gallery,) = galleries(ROWS)
    assert ranks_of(method(gallery), gallery.right_Q).tolist() == [1, 1]


def test_equal_scores_share_their_mean_rank() -> None:
    scores_QN = np.asarray([[1.0, 1.0, 0.0], [3.0, 2.0, 1.0]])
    assert ranks_of(scores_QN, np.asarray([0, 2])).tolist() == [1.5, 3]


def test_fusion_prefers_what_both_rank_high() -> None:
    one, other = np.asarray([[3.0, 2.0, 1.0]]), np.asarray([[1.0, 2.9, 3.0]])
    assert fused(one, one, other).argmax() == 0
    assert fused(np.asarray([[3.0, 2.9, 1.0]]), np.asarray([[1.0, 3.0, 2.9]])).argmax() == 1


def test_method_that_is_always_wrong_scores_below_one_that_is_right() -> None:
    def right(gallery: Gallery) -> np.ndarray:
        return np.eye(len(gallery.sources))[gallery.right_Q]

    def wrong(gallery: Gallery) -> np.ndarray:
        return -right(gallery)

    report = evaluate_words(
        galleries(ROWS),
        {"right": right, "wrong": wrong},
        {"both": ("right", "wrong")},
        models=["right"],
    )
    assert report.value("right", "R@1") == 100
    assert report.value("wrong", "R@1") == 0
    (difference,) = [
        one for one in report.differences if (one.other, one.metric) == ("wrong", "R@1")
    ]
    assert difference.value == 100
