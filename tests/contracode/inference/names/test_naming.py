"""Names hidden from the encoder, and spelled from pieces."""

import math

import pytest

import augment
from contracode.inference.names.beam import Hypothesis
from contracode.inference.names.naming import NameVocabulary, hide_name, is_name, own_names
from contracode.inputs.tokenizer import Tokenizer


@pytest.mark.parametrize("name", ["add", "_private", "$el", "größe", "toJSON2", "of", "async"])
def test_legal_names(name: str):
    assert is_name(name)


@pytest.mark.parametrize("name", ["", "2nd", "a-b", "class", "yield", "a b", "arguments", "🙂"])
def test_illegal_names(name: str):
    assert not is_name(name)


@pytest.mark.parametrize(
    ("source", "hidden"),
    [
        ("function fact(n) { return n ? n * fact(n - 1) : 1 }", ["fact", "fact"]),
        (
            "const walk = (tree) => tree.map(walk)",
            ["walk"],
        ),  # the variable's name is outside the function
        ("class A { size() { return this.child.size() } }", ["size", "size"]),
        ("module.exports = { load: function (x) { return load(x) } }", ["load"]),
        ("x.map(function (y) { return y })", []),
        ("function größe(a) { return größe }", ["größe", "größe"]),
    ],
)
def test_own_names(source: str, hidden: list[str]):
    program = augment.parse(source)
    function = program.functions[0]
    assert [
        program.text(span) for span in own_names(program, function, function.name or "")
    ] == hidden


def test_the_name_is_one_mask_piece_wherever_it_stands(tokenizer: Tokenizer):
    source = "/* é */ function computeTotalPrice(n) { return computeTotalPrice(n - 1) }"
    program = augment.parse(source)
    ids_T = hide_name(program, program.functions[0], tokenizer)
    short = augment.parse(source.replace("computeTotalPrice", "f"))
    assert list(ids_T) == list(hide_name(short, short.functions[0], tokenizer))
    assert list(ids_T).count(tokenizer.mask_id) == 2


def test_outputs_spell_names_again(tokenizer: Tokenizer):
    vocabulary = NameVocabulary.of_tokenizer(tokenizer)
    for name in ("encodeBase64", "_private", "x"):
        outputs = vocabulary.outputs(name)
        assert outputs is not None
        assert vocabulary.starts_V[outputs[0]]
        found = vocabulary.names([Hypothesis(tuple(outputs), math.log(0.25))])
        assert [(one.name, one.probability) for one in found] == [(name, pytest.approx(0.25))]
    assert vocabulary.outputs("a b") is None


def test_spellings_of_one_name_are_added_and_illegal_names_dropped(tokenizer: Tokenizer):
    vocabulary = NameVocabulary.of_tokenizer(tokenizer)
    letters = [(vocabulary.outputs(letter) or [0])[0] for letter in "if"]
    whole = vocabulary.outputs("fi")
    spelled = (letters[1], letters[0])
    assert whole is not None
    found = vocabulary.names(
        [
            Hypothesis(spelled, math.log(0.2)),
            Hypothesis(tuple(whole), math.log(0.1)),
            Hypothesis(tuple(letters), 0.0),
        ]
    )
    assert [(one.name, one.probability) for one in found] == [
        ("fi", pytest.approx(0.3))
    ]  # `if` is reserved
