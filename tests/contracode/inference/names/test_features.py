"""What the name decoder of words reads of a function, and how it spells a name."""

import subprocess
import sys

import numpy as np
import pytest

import augment
from contracode.inference.names.features import (
    MARKS,
    MAX_FEATURES,
    MAX_WORDS,
    ROLES,
    FunctionWords,
    function_words,
    spell,
)

SOURCE = """
class Cache {
  findEntry(key, { maxAge }) {
    const entryList = this.loadEntries(key);
    if (isFresh(entryList, maxAge)) return entryList.first;
    log("no such entry"); return this.findEntry(key + 1);
  }
}
"""


def read(source: str, at: int = 0, **settings: str) -> FunctionWords:
    program = augment.parse(source)
    return function_words(program, program.functions[at], 4096, **settings)


def roles(found: FunctionWords, word: str) -> set[str]:
    marks_M = found.marks[found.words.index(word)]
    return {role for role, told in zip(ROLES, marks_M, strict=False) if told}


def test_each_word_is_told_with_the_parts_it_plays():
    found = read(SOURCE)
    assert roles(found, "key") == {"parameter", "name"}
    assert roles(found, "age") == {"parameter", "name"}
    assert roles(found, "load") == {"this"}
    assert roles(found, "fresh") == {"call"}
    assert roles(found, "first") == {"property", "returned"}
    assert roles(found, "such") == {"string"}
    assert roles(found, "list") >= {"variable", "returned"}
    assert found.marks.shape == (len(found.words), MARKS)
    pairs = {(found.words[one], found.words[two]) for one, two in found.pairs}
    assert {("entry", "list"), ("load", "entries"), ("is", "fresh")} <= pairs
    assert ("list", "entry") not in pairs


def test_its_own_name_is_hidden_wherever_it_stands():
    assert "find" not in read(SOURCE).words
    assert (
        "find" in read(SOURCE.replace("this.findEntry(key + 1)", "this.findOther(key + 1)")).words
    )
    other = read(SOURCE.replace("findEntry", "lookUp"))
    found = read(SOURCE)
    assert found.words == other.words
    np.testing.assert_array_equal(found.features, other.features)
    told = read("(function (list) { return size(list.next) })", name="size")
    assert "size" not in told.words


def test_a_function_is_read_without_what_is_around_it():
    alone = read("function f(a) { return a.length }")
    within = read(
        "import x from 'x'; function f(a) { return a.length }\nfunction g(b) { return b.size }"
    )
    np.testing.assert_array_equal(alone.features, within.features)
    assert alone.words == within.words


def test_features_do_not_depend_on_the_process():
    code = (
        "import augment; from contracode.inference.names.features import function_words;"
        f"p = augment.parse({SOURCE!r}); print(function_words(p, p.functions[0], "
        f"4096).features.tolist())"
    )
    told = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={"PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert told == {f"{read(SOURCE).features.tolist()}\n"}


@pytest.mark.parametrize(
    "source",
    [
        "function f() {}",
        "() => 1",
        "class A { [x]() {} }",
        "function größe(a漢) { return '\\u{1F642}' + a漢 }",
    ],
)
def test_any_function_can_be_read(source: str):
    found = read(source)
    assert found.features.min() >= 1
    assert found.marks.shape == (len(found.words), MARKS)
    assert found.pairs.shape[1] == 2


def test_a_long_function_is_read_in_bounds():
    found = read(
        "function f(a) {"
        + "".join(f"thing{chr(97 + i % 26)}{'xyz'[i % 3]}Word = a;" for i in range(5000))
        + "}"
    )
    assert len(found.features) <= MAX_FEATURES
    assert len(found.words) <= MAX_WORDS
    assert found.pairs.max() < len(found.words)


def test_spelling():
    words = ["parse", "html", "2", "node"]
    assert spell(words, snake=False, capital=False) == "parseHtml2Node"
    assert spell(words, snake=True, capital=False) == "parse_html_2_node"
    assert spell(words, snake=True, capital=True) == "ParseHtml2Node"
    assert read("function f(a_b, c_d) { return a_b + someName }").snake
    assert not read("function f(aB, cD) { return a_b }").snake


def test_what_stands_behind_tells_a_parameter():
    found = read("const f = item => other; function g(a = dflt) {}")
    assert (roles(found, "item"), roles(found, "other")) == ({"parameter"}, {"name"})
    found = read("function g(a = dflt) {}")
    assert (roles(found, "a"), roles(found, "dflt")) == ({"parameter"}, {"name"})


def test_types_are_no_strings():
    program = augment.parse(
        "function f(item: string, size?: number) { return 'text' }", language="typescript"
    )
    found = function_words(program, program.functions[0], 4096)
    assert "string" not in found.words
    assert roles(found, "item") == roles(found, "size") == {"parameter"}
    assert roles(found, "text") == {"string", "returned"}
