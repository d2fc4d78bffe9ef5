import pytest
from hypothesis import given
from hypothesis import strategies as st

from lsp_server.protocol import positions
from lsp_server.protocol.positions import PositionEncoding

# Characters of 1, 2, 3 and 4 bytes, with a combining one; and lone surrogates, which JSON can
# carry.
TEXT = st.text(st.sampled_from("ax\té\u0301한\u2028😀𝒳\ud83d\ude00"), max_size=20)


@pytest.mark.parametrize(
    ("offered", "chosen"),
    [
        (None, "utf-16"),
        ([], "utf-16"),
        (["utf-7"], "utf-16"),
        (["utf-32", "utf-8", "utf-16"], "utf-32"),
        (["latin-1", "utf-8"], "utf-8"),
    ],
)
def test_first_known_encoding_of_the_client_is_taken(
    offered: list[str] | None, chosen: str
) -> None:
    assert positions.negotiate(offered) == chosen


def test_units_of_a_character_outside_the_basic_plane() -> None:
    assert [positions.units("a😀é", encoding) for encoding in PositionEncoding] == [7, 4, 3]


@given(TEXT.map(positions.pair_surrogates), st.integers(0, 20), st.sampled_from(PositionEncoding))
def test_cut_is_the_inverse_of_units(text: str, index: int, encoding: PositionEncoding) -> None:
    column = positions.units(text[:index], encoding)
    assert positions.cut(text, column, encoding) == (text[:index], text[index:])


@given(TEXT.map(positions.pair_surrogates), st.integers(0, 90), st.sampled_from(PositionEncoding))
def test_cut_loses_nothing(text: str, column: int, encoding: PositionEncoding) -> None:
    head, tail = positions.cut(text, column, encoding)
    assert positions.pair_surrogates(head + tail) == text
    assert positions.units(head, encoding) <= column


def test_cut_inside_a_pair_gives_its_halves() -> None:
    assert positions.cut("a😀b", 2, PositionEncoding.UTF16) == ("a\ud83d", "\ude00b")
    assert positions.cut("a😀b", 3, PositionEncoding.UTF8) == ("a", "😀b")


@given(TEXT)
def test_readable_text_keeps_byte_offsets_and_is_utf8(text: str) -> None:
    readable = positions.readable(text)
    assert [len(positions.utf8(char)) for char in text] == [len(char.encode()) for char in readable]


@given(TEXT.map(positions.pair_surrogates), st.integers(0, 60))
def test_from_utf8_leaves_out_an_unfinished_character(text: str, size: int) -> None:
    whole = positions.from_utf8(positions.utf8(text)[:size])
    assert text.startswith(whole)
    assert size - len(positions.utf8(whole)) < 4 or len(positions.utf8(text)) < size
