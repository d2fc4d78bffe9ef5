"""Bags: what is counted of a function, what a table makes of it."""

from pathlib import Path

import numpy as np
import pytest

from contracode.inputs.bags.counting import (
    FunctionBag,
    function_bag,
    summary_bag,
    text_bag,
    word_key,
)
from contracode.inputs.bags.table import FILE, BagTable, quantized_table
from contracode.inputs.bags.vocabulary import PARTS, count_items, fit_vocabulary
from contracode.inputs.bags.word_vectors import read_word_vectors
from contracode.inputs.input_forms import SourceForms
from contracode.support.errors import InputError

SUM = (
    "function sumPrices(list) { let total = 0; for (const x of list) total += x.price; return "
    "total }"
)
RENAMED = "function f(a) { let b = 0; for (const c of a) b += c.price; return b }"
MAX = "function largest(rows) { return Math.max(...rows.map((row) => row.size)) }"


def _bag(source: str, name: str = "") -> FunctionBag:
    return function_bag(SourceForms(source), name)


def _table(*bags: FunctionBag, dimension: int = 16) -> BagTable:
    fragments = count_items(
        [bag.fragments.keys_F for bag in bags], [bag.fragments.counts_F for bag in bags]
    )
    fields = [field for bag in bags for field in (bag.words, bag.locals, bag.name)]
    words = count_items([one.keys_F for one in fields], [one.counts_F for one in fields])
    sizes = dict.fromkeys(("shape", "signature", "literals", "operations", "words"), 1000)
    vocabulary = fit_vocabulary(fragments, words, functions=len(bags), sizes=sizes, min_bags=1)
    random = np.random.default_rng(0)
    table_VD = random.standard_normal((len(vocabulary), dimension)).astype(np.float32)
    return quantized_table(vocabulary, table_VD, np.zeros((len(PARTS), 2), np.float32))


def _keys(*words: str) -> set[int]:
    return {word_key(word) for word in words}


def test_words_of_names_and_of_properties_are_kept_apart() -> None:
    bag = _bag(SUM)
    assert set(bag.name.keys_F.tolist()) == _keys("sum", "prices")
    assert set(bag.locals.keys_F.tolist()) == _keys("list", "total", "x")
    assert set(bag.words.keys_F.tolist()) == _keys("price")


def test_given_name_replaces_the_name_in_the_text() -> None:
    bag = _bag(RENAMED, "Cart.addUp")
    assert set(bag.name.keys_F.tolist()) == _keys("cart", "add", "up")


def test_renaming_does_not_change_the_vector_without_names() -> None:
    one, other = _bag(SUM), _bag(RENAMED)
    table = _table(one, other)
    np.testing.assert_array_equal(
        table.function(one, names=False), table.function(other, names=False)
    )
    assert not np.allclose(table.function(one), table.function(other))


def test_different_functions_have_different_vectors() -> None:
    one, other = _bag(SUM), _bag(MAX)
    table = _table(one, other)
    assert table.function(one, names=False) @ table.function(other, names=False) < 0.9


def test_source_that_does_not_parse_has_a_vector_of_zeros() -> None:
    broken = _bag("function (")
    assert not _table(_bag(SUM)).function(broken).any()


def test_summary_ends_before_tags_and_after_the_first_sentence() -> None:
    told = summary_bag("Adds {@link Price prices}. Slow.\n@param list <b>all</b>")
    assert set(told.keys_F.tolist()) == _keys("adds", "price", "prices")


def test_query_with_the_words_of_a_name_is_nearest_to_that_function() -> None:
    one, other = _bag(SUM), _bag(MAX)
    table = _table(one, other, dimension=64)
    query_D = table.query(text_bag("sum prices"))
    assert query_D @ table.function(one) > query_D @ table.function(other)


def test_table_is_the_same_after_saving_and_loading(tmp_path: Path) -> None:
    bag = _bag(SUM)
    table = _table(bag)
    table.save(tmp_path)
    loaded = BagTable.load(tmp_path)
    assert loaded.fingerprint == table.fingerprint
    np.testing.assert_array_equal(loaded.function(bag), table.function(bag))


def test_broken_table_is_refused(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"nothing")
    with pytest.raises(InputError, match="not a table of bags"):
        BagTable.load(tmp_path)


def test_vocabulary_keeps_the_commonest_items() -> None:
    counts = count_items([np.asarray([0, 7, 7, 14], np.uint32)], [np.ones(4, np.float32)])
    none = count_items([np.zeros(0, np.uint32)], [np.zeros(0, np.float32)])
    sizes = {"shape": 4, "signature": 1, "literals": 1, "operations": 1, "words": 1}
    vocabulary = fit_vocabulary(counts, none, functions=4, sizes=sizes, min_bags=1)
    assert vocabulary.fragments_G.tolist() == [7]


def test_word_vectors_are_placed_at_the_rows_of_their_words(tmp_path: Path) -> None:
    path = tmp_path / "words.txt"
    path.write_text("2 3\nprice 1 0 0\nnowhere 0 1 0\n")
    table = _table(_bag(SUM))
    rows_U, vectors_UD = read_word_vectors(path).rows(table.vocabulary)
    assert vectors_UD.tolist() == [[1, 0, 0]]
    own = int(rows_U[0]) - len(table.vocabulary.fragments_G)
    assert int(table.vocabulary.words_U[own]) == word_key("price")


@pytest.mark.parametrize("text", ["", "price 1 0\nlist 1\n", "price one\n"])
def test_file_that_has_no_word_vectors_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "words.txt"
    path.write_text(text)
    with pytest.raises(InputError):
        read_word_vectors(path)
