import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lsprotocol import converters, types
from text_oracle import Oracle, random_text

from lsp_server.protocol.documents import Document, Documents, Edit, language_of, split_lines
from lsp_server.protocol.positions import PositionEncoding, utf8

CHANGE = types.TextDocumentContentChangePartial
CONVERTER = converters.get_converter()


def document(text: str, encoding: PositionEncoding = PositionEncoding.UTF16) -> Document:
    return Document(
        "file:///a.js", language_id="javascript", version=1, text=text, encoding=encoding
    )


def replace_in(before: bytes, edit: Edit) -> bytes:
    return before[: edit.start] + utf8(edit.text) + before[edit.end :]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", [""]),
        ("a", ["a"]),
        ("a\n", ["a\n", ""]),
        ("\n\r\r\n\n", ["\n", "\r", "\r\n", "\n", ""]),
        ("a\fb\vc\x85d\u2028e\u2029f\x1cg", ["a\fb\vc\x85d\u2028e\u2029f\x1cg"]),
    ],
)
def test_only_the_protocols_separators_end_a_line(text: str, lines: list[str]) -> None:
    assert split_lines(text) == lines


@pytest.mark.parametrize("encoding", PositionEncoding)
@pytest.mark.parametrize("seed", range(8))
def test_random_edits_against_the_oracle(encoding: PositionEncoding, seed: int) -> None:
    chance = random.Random(f"{encoding} {seed}")
    oracle = Oracle(random_text(chance, 60), encoding)
    ours = document(oracle.text, encoding)
    for _ in range(150):
        before = utf8(ours.text)
        change = CONVERTER.structure(oracle.random_edit(chance), CHANGE)
        done = ours.apply(change)
        assert ours.text == oracle.text
        assert replace_in(before, done) == utf8(ours.text)
        assert ours.size == len(utf8(ours.text))
        assert ours.position(ours.size).line == len(split_lines(ours.text)) - 1


@given(st.text("ab\r\n😀\ud83d\ude00\u2028"), st.text("ab\r\n😀\ud83d\ude00\u2028"))
def test_full_text_is_narrowed_to_what_differs(old: str, new: str) -> None:
    ours = document(old)
    before = utf8(ours.text)
    edit = ours.apply(types.TextDocumentContentChangeWholeDocument(new))
    assert replace_in(before, edit) == utf8(ours.text)
    assert ours.text == document(new).text


def test_one_typed_character_in_a_full_text_is_one_character() -> None:
    edit = document("let a\nlet b\nlet c\n").apply(
        types.TextDocumentContentChangeWholeDocument("let a\nlet bb\nlet c\n")
    )
    assert edit == Edit(11, 11, "b")


@given(st.text("a\r\né😀\u2028", max_size=30), st.sampled_from(PositionEncoding))
def test_every_byte_offset_of_a_character_has_its_position(
    text: str, encoding: PositionEncoding
) -> None:
    ours = document(text, encoding)
    for index in range(len(text) + 1):
        if text[index - 1 : index + 1] == "\r\n":
            continue  # between the two there is no position
        offset = len(text[:index].encode())
        assert ours.offset(ours.position(offset)) == offset


def test_positions_past_the_end_are_clamped() -> None:
    ours = document("ab\r\n😀")
    assert ours.offset(types.Position(0, 99)) == 2
    assert ours.offset(types.Position(99, 0)) == 8
    assert ours.position(99) == types.Position(1, 2)
    ours.apply(
        types.TextDocumentContentChangePartial(
            types.Range(types.Position(0, 9), types.Position(9, 9)), "!"
        )
    )
    assert ours.text == "ab!"


def test_end_before_start_means_the_same_range() -> None:
    ours = document("abcdef")
    ours.apply(
        types.TextDocumentContentChangePartial(
            types.Range(types.Position(0, 4), types.Position(0, 1)), "-"
        )
    )
    assert ours.text == "a-ef"


def test_half_a_pair_can_be_replaced() -> None:
    ours = document("a😀b")  # D83D DE00
    edit = ours.apply(
        types.TextDocumentContentChangePartial(
            types.Range(types.Position(0, 2), types.Position(0, 3)), "\ude01"
        )
    )
    assert ours.text == "a😁b"
    assert edit == Edit(1, 5, "😁")


def test_lone_surrogates_stay_in_the_text_but_not_in_the_source() -> None:
    ours = document("a\ud83d b")
    assert ours.text == "a\ud83d b"
    assert ours.source == "a\ufffd b"
    assert ours.size == 6


@pytest.mark.parametrize(
    ("language_id", "uri", "language"),
    [
        ("javascript", "untitled:Untitled-1", "javascript"),
        ("javascriptreact", "file:///a.jsx", "javascript"),
        ("typescript", "file:///a.ts", "typescript"),
        ("typescriptreact", "file:///a.tsx", "tsx"),
        ("", "file:///a.MJS", "javascript"),
        ("js2", "file:///a.cts", "typescript"),
        ("python", "file:///a.py", None),
        ("plaintext", "untitled:javascript", None),
        ("plaintext", "file:///a.js", None),
    ],
)
def test_language_by_identifier_then_by_extension(
    language_id: str, uri: str, language: str | None
) -> None:
    assert language_of(language_id, uri) == language


def test_older_versions_and_unknown_documents_are_ignored() -> None:
    documents = Documents()
    ours = documents.open(types.TextDocumentItem("file:///a.js", "javascript", 5, "a"))
    change = types.TextDocumentContentChangeWholeDocument("b")
    assert (
        documents.change(types.VersionedTextDocumentIdentifier(4, "file:///a.js"), [change]) is None
    )
    assert (ours.text, ours.version) == ("a", 5)
    assert (
        documents.change(types.VersionedTextDocumentIdentifier(6, "file:///b.js"), [change]) is None
    )
    assert (
        documents.change(types.VersionedTextDocumentIdentifier(6, "file:///a.js"), [change])
        is not None
    )
    assert (ours.text, ours.version) == ("b", 6)
    documents.close("file:///a.js")
    documents.close("file:///a.js")
    assert list(documents) == []
