"""Cutting against its promises; pooling over occurrences against a slow oracle."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import augment
from contracode.inputs import windows


@given(
    st.integers(0, 200),
    st.integers(4, 40),
    st.lists(st.tuples(st.integers(0, 200), st.integers(0, 3)), max_size=30),
)
def test_parts_are_consecutive_and_fit(num_pieces: int, size: int, places: list[tuple[int, int]]):
    parts = windows.cut(num_pieces, size, sorted(dict(places).items()))
    assert [start for start, _ in parts] == ([0] if parts else []) + [
        stop for _, stop in parts[:-1]
    ]
    assert (parts[-1][1] if parts else 0) == num_pieces
    assert all(0 < stop - start <= size for start, stop in parts)
    assert all(stop - start > size // 2 for start, stop in parts[:-1])


def test_the_shallowest_place_is_taken_the_last_among_equals():
    assert windows.cut(20, 10, [(3, 0), (6, 1), (7, 2), (8, 1), (9, 2)])[0] == (0, 8)
    assert windows.cut(20, 10, [(6, 0), (9, 1)])[0] == (0, 6)
    assert windows.cut(20, 10)[0] == (0, 10)


@pytest.mark.parametrize("size", [0, -1])
def test_parts_of_nothing_are_refused(size: int):
    with pytest.raises(ValueError, match=f"parts of {size} pieces"):
        windows.cut(20, size)
    assert len(windows.with_context(3, 1)) == 3


@given(
    st.integers(0, 300),
    st.integers(8, 40),
    st.lists(st.tuples(st.integers(0, 300), st.integers(0, 3)), max_size=30),
)
def test_cores_cover_all_and_windows_fit(num_pieces: int, size: int, places: list[tuple[int, int]]):
    found = windows.with_context(num_pieces, size, sorted(dict(places).items()))
    covered = [piece for window in found for piece in range(window.core_start, window.core_stop)]
    assert covered == list(range(num_pieces))
    for window in found:
        assert (
            0 <= window.start <= window.core_start < window.core_stop <= window.stop <= num_pieces
        )
        assert window.stop - window.start <= size


def test_breaks_are_where_statements_begin():
    source = "const a = 1;\nfunction f() {\n  g();\n  return a;\n}\n"
    program = augment.parse(source)
    spans_T2 = np.asarray([(i, i + 1) for i in range(len(source))], np.int32)
    places = dict(windows.breaks(program, spans_T2))
    assert sorted(places) == [source.index(text) for text in ("const", "function", "g()", "return")]
    assert places[0] == places[source.index("function")] < places[source.index("g()")]


def test_pieces_of_a_span():
    spans_T2 = np.asarray([(0, 3), (3, 4), (4, 8), (8, 9)], np.int32)
    assert windows.pieces_of(spans_T2, (0, 3)) == slice(0, 1)
    assert windows.pieces_of(spans_T2, (3, 8)) == slice(1, 3)
    assert windows.pieces_of(spans_T2, (5, 6)) == slice(2, 3)
    assert windows.pieces_of(spans_T2, (9, 12)) == slice(4, 4)


@given(
    st.lists(st.integers(1, 4), max_size=12),
    st.lists(st.tuples(st.integers(0, 30), st.integers(1, 9)), max_size=5),
)
def test_covered_pieces_are_those_that_overlap(lengths: list[int], asked: list[tuple[int, int]]):
    ends = np.cumsum(lengths, dtype=np.int64)
    spans_T2 = np.stack([ends - lengths, ends], axis=1).reshape(-1, 2).astype(np.int64)
    spans = [(start, start + length) for start, length in asked]
    expected = [
        any(first < end and start < stop for first, stop in spans)
        for start, end in spans_T2.tolist()
    ]
    assert windows.covered(spans_T2, spans).tolist() == expected


@pytest.mark.parametrize("seed", range(5))
def test_pooling_equals_a_slow_oracle(seed: int):
    random = np.random.default_rng(seed)
    lengths = random.integers(1, 4, size=40)
    ends = np.cumsum(lengths)
    spans_T2 = np.stack([ends - lengths, ends], axis=1)
    hidden_TD = random.standard_normal((40, 7)).astype(np.float32)
    targets = []
    for _ in range(9):
        firsts = sorted(random.choice(38, size=random.integers(1, 5), replace=False))
        targets.append(
            [(int(spans_T2[i, 0]), int(spans_T2[i + random.integers(0, 3), 1])) for i in firsts]
        )
    mean_ND, max_ND = windows.pool(hidden_TD, windows.occurrences(spans_T2, targets))
    for number, spans in enumerate(targets):
        rows = []
        for start, end in spans:
            covered = [hidden_TD[t] for t, (a, b) in enumerate(spans_T2) if a < end and b > start]
            rows.append(sum(covered) / len(covered))
        np.testing.assert_allclose(mean_ND[number], np.mean(rows, axis=0), rtol=1e-5, atol=1e-6)
        np.testing.assert_allclose(max_ND[number], np.max(rows, axis=0), rtol=1e-5, atol=1e-6)
