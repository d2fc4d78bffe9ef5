"""Words of identifiers, split at letters of all scripts or at the letters A to Z alone."""

import itertools

import pytest

from contracode.javascript.subtokens import split_name, subtokens


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("parseHTMLNode2", ["parse", "html", "node", "2"]),
        ("_max_ALL", ["max", "all"]),
        ("$", []),
        ("größe", ["größe"]),
        ("gro\u0308ße", ["größe"]),
        ("ÄrgerÜber", ["ärger", "über"]),
        ("ЧислоСтрок", ["число", "строк"]),
        ("हिन्दी", ["हिन्दी"]),
        ("漢字2", ["漢字", "2"]),
    ],
)
def test_identifiers_of_all_scripts_are_split_into_words(name: str, words: list[str]) -> None:
    assert subtokens(name) == words
    assert split_name(name, "unicode") == words


def test_the_ascii_splitter_sees_ascii_letters_alone() -> None:
    assert split_name("größe", "ascii") == ["gr", "e"]
    assert split_name("Число", "ascii") == []


def test_both_splitters_agree_on_ascii_names() -> None:
    for letters in itertools.product("aBZ1_$", repeat=6):
        name = "".join(letters)
        assert split_name(name, "ascii") == subtokens(name)
