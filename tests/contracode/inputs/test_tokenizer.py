"""Pieces: one character class each, lossless, spans in bytes, reproducible sampling."""

import math
import pickle
import random
import subprocess
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import contracode.inputs.tokenizer as tokenizer_module
from contracode.inputs.subword_sampling import Segmenter
from contracode.inputs.tokenizer import Pieces, Tokenizer, classes, train
from contracode.support.config import TokenizerConfig
from contracode.support.errors import InputError

AWKWARD = [
    "",
    " ",
    "▁",
    "a▁▁b ▁ c",
    "let größe = '漢字 🙂▁\u2028\ufeff';\r\n\t// \u3000 <mask> <s> <0x41> \x00",
    "\U0001f469\u200d\U0001f4bb नमस्ते e\u0301 \ue000\uffff\U0010ffff",
]


@pytest.fixture(scope="module")
def keeping(sources: list[str]) -> Tokenizer:
    return train(sources, TokenizerConfig(vocab_size=800, layout="keep"))


def kinds(text: str) -> int:
    return len(classes("keep").findall(text))


def assert_pure(tokenizer: Tokenizer) -> None:
    impure = [
        text for piece in range(tokenizer.size) if kinds(text := tokenizer.text_of(piece)) > 1
    ]
    assert not impure


def test_learned_pieces_are_class_pure(tokenizer: Tokenizer, keeping: Tokenizer):
    assert_pure(tokenizer)
    assert_pure(keeping)
    lengths = Counter(len(tokenizer.text_of(piece)) for piece in range(tokenizer.size))
    assert (
        sum(number for length, number in lengths.items() if length > 3) > 100
    )  # something was learned


def test_impure_pieces_would_be_found(tokenizer: Tokenizer, monkeypatch: pytest.MonkeyPatch):
    real = Tokenizer.text_of
    name = next(piece for piece in range(tokenizer.size) if tokenizer.text_of(piece).isidentifier())
    monkeypatch.setattr(
        Tokenizer, "text_of", lambda self, piece: real(self, piece) + "(" * (piece == name)
    )
    with pytest.raises(AssertionError):
        assert_pure(tokenizer)


def test_layout_is_dropped_or_kept(tokenizer: Tokenizer, keeping: Tokenizer):
    dense, loose = "if(a){b=c+1}", "if (a)\n\u3000{\n\tb = c + 1\r\n}\n\n"
    assert (tokenizer.layout, keeping.layout) == ("drop", "keep")
    np.testing.assert_array_equal(tokenizer.encode(dense).ids, tokenizer.encode(loose).ids)
    assert len(keeping.encode(loose).ids) > len(keeping.encode(dense).ids)
    assert tokenizer.decode(tokenizer.encode(loose).ids) == dense
    np.testing.assert_array_equal(
        keeping.encode(loose, layout="drop").ids, keeping.encode(dense).ids
    )


def check_spans(text: str, encoding: Pieces) -> None:
    """With layout kept, spans follow each other and cover the text; bytes of a character share its
    span.
    """
    data = text.encode()
    spans = list(dict.fromkeys(map(tuple, encoding.spans.tolist())))
    assert b"".join(data[start:end] for start, end in spans) == data
    assert all(start < end for start, end in spans)
    for start, end in spans:
        data[start:end].decode()


@pytest.mark.parametrize("text", AWKWARD)
def test_texts_survive_with_their_spans(text: str, tokenizer: Tokenizer, keeping: Tokenizer):
    for one in (tokenizer, keeping):
        encoding = one.encode(text, layout="keep")
        assert one.decode(encoding.ids) == text
        check_spans(text, encoding)
        sampled = one.sample(text, seed=1, layout="keep")
        assert one.decode(sampled.ids) == text
        check_spans(text, sampled)
        assert (encoding.ids.dtype, encoding.spans.dtype, encoding.spans.shape[1:]) == (
            np.uint16,
            np.int32,
            (2,),
        )


@settings(max_examples=150, deadline=None)
@given(
    text=st.text(
        st.characters(codec="utf-8") | st.sampled_from("▁ \n\tab$_(;漢🙂\x00"), max_size=40
    )
)
def test_any_text_survives(text: str, tokenizer: Tokenizer):
    encoding = tokenizer.encode(text, layout="keep")
    assert tokenizer.decode(encoding.ids) == text
    check_spans(text, encoding)
    dropped = tokenizer.encode(text)
    data = text.encode()
    spaces = "\t\n\v\f\r \xa0\u1680\u2028\u2029\u202f\u205f\u3000\ufeff" + "".join(
        map(chr, range(0x2000, 0x200B))
    )
    assert tokenizer.decode(dropped.ids) == "".join(c for c in text if c not in spaces)
    assert all(data[start:end].decode()[:1] not in spaces for start, end in dropped.spans.tolist())
    assert tokenizer.decode(tokenizer.sample(text, seed=0).ids) == tokenizer.decode(dropped.ids)


def test_pieces_never_cross_the_edge_of_an_identifier(sources: list[str], tokenizer: Tokenizer):
    source = sources[0] + "\nconst index = $größe_1+naïve\u200dté.of"
    for encoding in (tokenizer.encode(source), tokenizer.sample(source, seed=3, alpha=0.0)):
        data = source.encode()
        assert all(kinds(data[start:end].decode()) == 1 for start, end in encoding.spans.tolist())


def test_a_keyword_inside_a_name_does_not_split_it():
    texts = [
        "for (const index in list) { if (index) return index; }",
        "let index = indexOf(list)",
    ] * 20
    tokenizer = train(texts, TokenizerConfig(vocab_size=600))
    assert [tokenizer.text_of(piece) for piece in tokenizer.encode("index").ids] == ["index"]


def test_bytes_of_a_character_have_its_whole_span(tokenizer: Tokenizer):
    spans = tokenizer.encode("a🙂▁").spans.tolist()
    assert spans == [[0, 1], *[[1, 5]] * 4, *[[5, 8]] * 3]


def test_bytes_and_text_are_the_same(tokenizer: Tokenizer):
    text = AWKWARD[4]
    np.testing.assert_array_equal(
        tokenizer.encode(text).spans, tokenizer.encode(text.encode()).spans
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("ab\ud800", "lone surrogate at character 2"),
        (b"ab\xff", "byte 2 is not UTF-8"),
        (b"\xed\xa0\x80", "not UTF-8"),
    ],
)
def test_what_is_no_text_is_refused(text: str | bytes, message: str, tokenizer: Tokenizer):
    with pytest.raises(InputError, match=message):
        tokenizer.encode(text)
    with pytest.raises(InputError, match=message):
        tokenizer.sample(text, seed=0)


def test_control_pieces_are_apart_and_never_read_from_text(tokenizer: Tokenizer):
    special = [
        tokenizer.pad_id,
        tokenizer.unk_id,
        tokenizer.bos_id,
        tokenizer.eos_id,
        tokenizer.mask_id,
    ]
    assert special == [0, 1, 2, 3, 4]
    assert all(tokenizer.text_of(piece) == "" for piece in special)
    assert tokenizer.decode([*special, *tokenizer.encode("x").ids]) == "x"
    assert not set(special) & set(tokenizer.encode("<pad><unk><s></s><mask>").ids.tolist())


def test_save_load_and_pickle(tokenizer: Tokenizer, keeping: Tokenizer, tmp_path: Path):
    for one in (tokenizer, keeping):
        one.save(tmp_path)
        for other in (
            Tokenizer.load(tmp_path),
            Tokenizer.load(tmp_path / "tokenizer.model"),
            pickle.loads(pickle.dumps(one)),
        ):
            assert (other.fingerprint, other.layout, other.size) == (
                one.fingerprint,
                one.layout,
                one.size,
            )
    assert tokenizer.fingerprint != keeping.fingerprint


def test_what_is_no_tokenizer_is_named(tmp_path: Path):
    (tmp_path / "tokenizer.model").write_bytes(b"nonsense")
    with pytest.raises(InputError, match=r"tokenizer\.model: not a SentencePiece model"):
        Tokenizer.load(tmp_path)
    with pytest.raises(InputError, match="No such file"):
        Tokenizer.load(tmp_path / "none.model")


def test_training_is_reproducible_and_says_what_is_wrong(sources: list[str]):
    config = TokenizerConfig(vocab_size=500, max_texts=5)
    same = [train(iter(sources), config, seed=1).fingerprint for _ in range(2)]
    assert same[0] == same[1]
    assert train(iter(sources), config, seed=2).fingerprint != same[0]
    with pytest.raises(InputError, match="no text"):
        train(["", ""])
    with pytest.raises(InputError, match="no tokenizer of 300 pieces"):
        train(sources, TokenizerConfig(vocab_size=300))


SAMPLE = "function indexOf(list) { return größe + 12345 }"


def test_of_a_very_large_corpus_runs_count_in_proportion(
    sources: list[str], monkeypatch: pytest.MonkeyPatch
):
    config = TokenizerConfig(vocab_size=500)
    model = train(sources, config).fingerprint
    assert train(sources * 3, config).fingerprint != model
    runs = (run for source in sources for run in classes("drop").findall(source))
    monkeypatch.setattr(
        tokenizer_module, "_MAX_CHARACTERS", sum(len(run) for run in runs if "\t" not in run)
    )
    assert train(sources, config).fingerprint == model
    assert (
        train(sources * 3, config).fingerprint == model
    )  # whose counts are divided by three again


def test_samples_vary_and_any_process_repeats_them(tokenizer: Tokenizer, tmp_path: Path):
    tokenizer.save(tmp_path)
    found = [tokenizer.sample(SAMPLE, seed=seed).ids.tolist() for seed in range(8)]
    assert len(set(map(tuple, found))) > 2
    script = (
        "import sys; from contracode.inputs.tokenizer import Tokenizer; t = "
        "Tokenizer.load(sys.argv[1]); "
        "print([t.sample(sys.argv[2], seed=seed).ids.tolist() for seed in range(8)])"
    )
    result = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path), SAMPLE],
        capture_output=True,
        text=True,
        check=True,
    )
    assert result.stdout.strip() == str(found)


def test_a_large_alpha_samples_the_best_segmentation(tokenizer: Tokenizer, sources: list[str]):
    """The sampler and SentencePiece have the same model: at zero temperature both find the most
    probable pieces.

    They may break a tie otherwise, of "(" and "((" in either order for example.
    """
    for source in sources:
        sampled = tokenizer.sample(source, seed=0, alpha=1000.0).ids
        assert Counter(sampled.tolist()) == Counter(tokenizer.encode(source).ids.tolist())


def test_segmentations_have_their_probability():
    """All segmentations of a word by brute force against the frequencies of samples."""
    scores = {"a": -2.0, "b": -2.5, "ab": -3.0, "ba": -3.5, "aba": -5.0}
    segmenter = Segmenter(
        {text: (number, score) for number, (text, score) in enumerate(scores.items())}, []
    )
    ids = {text: number for number, text in enumerate(scores)}

    def segmentations(word: str) -> list[tuple[str, ...]]:
        if not word:
            return [()]
        return [
            (word[:n], *rest)
            for n in range(1, len(word) + 1)
            if word[:n] in scores
            for rest in segmentations(word[n:])
        ]

    alpha = 0.7
    weights = {
        tuple(ids[text] for text in one): math.exp(alpha * sum(scores[text] for text in one))
        for one in segmentations("abab")
    }
    draw = random.Random(0)
    total = 20_000
    counts = Counter(
        tuple(step.ids[0] for step in segmenter.sample("abab", alpha, draw)) for _ in range(total)
    )
    assert counts.keys() == weights.keys()
    for one, weight in weights.items():
        share = weight / sum(weights.values())
        assert abs(counts[one] / total - share) < 5 * math.sqrt(share * (1 - share) / total)
