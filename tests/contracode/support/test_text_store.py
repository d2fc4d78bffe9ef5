"""Texts in one block behave as a list of strings."""

import hashlib
import pickle

import pytest

from contracode.support.text_store import Texts

PLAIN = ["f()", "", "größe 日本 😀", "lone \ud800", "g()"]


def texts() -> Texts:
    found = Texts()
    for text in PLAIN:
        found.append(text)
    return found


def test_texts_are_a_sequence():
    found = texts()
    assert list(found) == PLAIN
    assert [found[number] for number in (0, 3, -1)] == [PLAIN[0], PLAIN[3], PLAIN[-1]]
    assert found[1:4] == PLAIN[1:4]
    assert list(pickle.loads(pickle.dumps(found))) == PLAIN
    for index in (5, -6):
        with pytest.raises(IndexError):
            found[index]


def test_lengths_and_digest():
    found = texts()
    encoded = [text.encode("utf-8", "surrogatepass") for text in PLAIN]
    assert found.lengths.tolist() == [len(data) for data in encoded]
    assert found.digest == hashlib.sha256(b"\0".join(encoded)).hexdigest()


def test_clear_removes_all_texts():
    found = texts()
    found.clear()
    assert (len(found), list(found), found.lengths.tolist()) == (0, [], [])
    assert not found
