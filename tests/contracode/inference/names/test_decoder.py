"""The name decoder of words: what it learns, and that it says the same without torch."""

import copy
from pathlib import Path

import msgspec
import numpy as np
import pytest
import torch

import augment
from contracode.encoder.encoders import Encoder
from contracode.export.write import export
from contracode.heads.checkpoint import HeadCheckpoint
from contracode.heads.finetune import finetune
from contracode.heads.names.settings import NameFinetuneConfig
from contracode.heads.names.word_decoder import WordDecoder, pool_hidden_name
from contracode.heads.names.word_examples import (
    WordExample,
    collate_words,
    name_of,
    outputs_of,
    word_example,
    word_vocabulary,
)
from contracode.inference.int8_rows import from_bytes, to_bytes
from contracode.inference.model import load
from contracode.inference.names.beam import END
from contracode.inference.names.decoder import FILE, TABLES, WordNamer, save_words
from contracode.inference.names.decoder import pool_hidden_name as pool_name_without_torch
from contracode.inference.names.features import function_words
from contracode.inference.names.naming import hidden_pieces, is_name
from contracode.inputs.tokenizer import Tokenizer
from contracode.support.errors import InputError

WORDS = ["get", "set", "size", "list"]
OUTPUT_OF = {word: output for output, word in enumerate(WORDS, start=1)}
BUCKETS = 512


def example(source: str, name: str = "", most: int = 8) -> WordExample | None:
    return word_example(source, name, OUTPUT_OF, buckets=BUCKETS, max_words=most)


@pytest.fixture(scope="module")
def decoder() -> WordDecoder:
    torch.manual_seed(0)
    made = WordDecoder(BUCKETS, len(WORDS) + 1, width=16).eval()
    for weight in made.parameters():  # nothing is zero, so that nothing is left out unseen
        torch.nn.init.normal_(weight, std=0.5)
    return made


def stored(decoder: WordDecoder, folder: Path) -> WordNamer:
    save_words({name: weight.numpy() for name, weight in decoder.state_dict().items()}, folder)
    return WordNamer.load(folder, WORDS)


def test_what_is_no_example():
    assert example("function (") is None
    assert example("let a = 1") is None
    assert example("x.map(function (y) { return y })") is None
    assert example("function f(a) { return a }", "not a name") is None
    assert example("function getSizeOfList(a) {}", most=3) is None
    assert name_of("exports.load = function () {}", "") == "load"
    assert name_of("function (", "") == ""
    assert name_of("", "a.b.c") == "c"


def test_outputs_of_a_name_are_words_of_the_vocabulary_then_of_the_function():
    found = example("function getThingOf(list) { return list.thing }")
    assert found is not None
    read = function_words(*_first("function getThingOf(list) { return list.thing }"), BUCKETS)
    thing = read.words.index("thing")
    assert found.name == [OUTPUT_OF["get"], len(WORDS) + 1 + thing, -1, END]
    assert found.taken == [-1, thing, -1, -1]
    assert not found.capital
    batch = collate_words([found], size=len(WORDS) + 1)
    assert batch.label_N.tolist() == [
        OUTPUT_OF["get"],
        len(WORDS) + 1 + thing,
        END,
    ]  # "of" cannot be said: no step
    assert batch.before_N2.tolist() == [
        [END, END],
        [OUTPUT_OF["get"], END],
        [len(WORDS) + 1, len(WORDS) + 1],
    ]
    assert batch.position_N.tolist() == [0, 1, 3]
    assert batch.used_NC[2, thing] == 1
    assert batch.used_NC[1].sum() == 0


def test_the_vocabulary_is_of_the_commonest_words():
    assert word_vocabulary(["getSize", "setSize", "get_list", "only"], size=10) == ["get", "size"]
    assert word_vocabulary(["getSize", "setSize", "get_list", "getAll"], size=1) == ["get"]


def _first(source: str) -> tuple[augment.Program, augment.Function]:
    program = augment.parse(source)
    return program, program.functions[0]


@pytest.mark.parametrize(
    "source",
    [
        "function f(sizeList, thing) { const listSize = sizeList.thing; return getThing(listSize) "
        "}",
        "function f() {}",
        "function f(unknownWords) { return unknownWords }",
    ],
    ids=["words of both", "no words", "unknown words"],
)
def test_without_torch_each_step_says_the_same(decoder: WordDecoder, tmp_path: Path, source: str):
    namer = stored(decoder, tmp_path)
    rounded = WordDecoder(BUCKETS, len(WORDS) + 1, width=16).eval()
    state = decoder.state_dict()
    for name in TABLES:  # as they are stored
        state[name] = torch.from_numpy(from_bytes(*to_bytes(state[name].numpy())))
    rounded.load_state_dict(state)
    read = function_words(*_first(source), BUCKETS)
    said: list[np.ndarray] = []

    def watched(prefixes_BL: np.ndarray) -> np.ndarray:
        said.append(prefixes_BL)
        return original(read_D, read, outputs_of(read, OUTPUT_OF), prefixes_BL)

    features_F = torch.from_numpy(read.features)
    with torch.no_grad():
        read_1D = rounded.functions(features_F, torch.tensor([0]))
    original, read_D = namer._step, read_1D[0].numpy()  # pyright: ignore[reportPrivateUsage]
    size = len(WORDS) + 1
    unknown = [c for c, word in enumerate(read.words) if word not in OUTPUT_OF]
    names = [
        [1],
        [2, 1],
        [4, 3, 1],
        *([[size + unknown[0]], [size + unknown[-1], 1]] if unknown else []),
    ]
    for name in names:
        places = {word: c for c, word in enumerate(read.words)}
        texts = [
            WORDS[output - 1] if output < size else read.words[output - size] for output in name
        ]
        one = WordExample(
            read.features,
            outputs_of(read, OUTPUT_OF),
            read.marks,
            read.pairs,
            [*name, END],
            [*(places.get(text, -1) for text in texts), -1],
            False,
            np.zeros(0, np.uint16),
        )
        batch = collate_words([one], size=size)
        of_N = batch.function_N
        with torch.no_grad():
            logits_NS = rounded(
                read_1D[of_N],
                batch.before_N2,
                batch.position_N,
                batch.words_BC[of_N],
                batch.marks_BCM[of_N],
                batch.follows_NC,
                batch.used_NC,
            )
        told_NS = logits_NS.log_softmax(dim=1).numpy()
        for length in range(len(name) + 1):
            asked_S = watched(np.asarray([[END, *name[:length]]]))[0]
            np.testing.assert_allclose(asked_S, told_NS[length, : len(asked_S)], atol=1e-4)
            assert np.isneginf(
                told_NS[length, len(asked_S) :]
            ).all()  # a batch has room for a word at least


def test_without_torch_an_encoder_is_read_the_same(tokenizer: Tokenizer):
    torch.manual_seed(0)
    decoder = WordDecoder(BUCKETS, len(WORDS) + 1, width=16, hidden=6).eval()
    namer = WordNamer(
        {name: weight.numpy() for name, weight in decoder.state_dict().items()}, WORDS
    )
    sources = ["function f(list) { return f(list.size) }", "(list) => list"]
    examples = [
        word_example(
            one, "f", OUTPUT_OF, buckets=BUCKETS, max_words=8, tokenizer=tokenizer, window=9
        )
        for one in sources
    ]
    batch = collate_words(
        [one for one in examples if one], size=len(WORDS) + 1, pad=0, mask_id=tokenizer.mask_id
    )
    assert batch.pieces_BT is not None
    assert batch.mask_BT is not None
    assert batch.named_BT is not None
    assert batch.named_BT.sum(dim=1).tolist() == [2, 1]
    hidden_BTH = torch.randn(*batch.pieces_BT.shape, 6)
    pooled_BH = pool_hidden_name(hidden_BTH, batch.named_BT, batch.mask_BT)
    with torch.no_grad():
        read_BD = decoder.functions(batch.features_F, batch.offsets_B, pooled_BH)
        blind_BD = decoder.functions(batch.features_F, batch.offsets_B)
    assert not torch.allclose(read_BD, blind_BD)
    for number, source in enumerate(sources):
        program, function = _first(source)
        ids_T = hidden_pieces(program, function, tokenizer, 9, name="f")
        assert ids_T.tolist() == batch.pieces_BT[number][batch.mask_BT[number]].tolist()
        alone_H = pool_name_without_torch(
            hidden_BTH[number, : len(ids_T)].numpy(), ids_T, tokenizer.mask_id
        )
        np.testing.assert_allclose(alone_H, pooled_BH[number], atol=1e-6)
        read = function_words(program, function, BUCKETS, name="f")
        for pooled_H, expected_BD in ((alone_H, read_BD), (None, blind_BD)):
            found_D = namer._read(read, pooled_H)  # pyright: ignore[reportPrivateUsage]
            np.testing.assert_allclose(found_D, expected_BD[number], atol=1e-5)


def test_a_hidden_name_has_a_mask_wherever_it_stands(tokenizer: Tokenizer):
    source = "function f(list) { const total = list.length + list.size + 1; return f(total); }"
    program, function = _first(source)
    whole = hidden_pieces(program, function, tokenizer, 100)
    assert (whole == tokenizer.mask_id).sum() == 2
    assert hidden_pieces(program, function, tokenizer, 5).tolist() == whole[:5].tolist()
    other = hidden_pieces(program, function, tokenizer, 100, name="g")
    assert (other == tokenizer.mask_id).tolist() == [True] + [False] * (len(other) - 1)
    assert other[1:].tolist() == tokenizer.encode(source).ids.tolist()
    assert len(hidden_pieces(program, function, tokenizer, 5, name="g")) == 5


def test_names_are_legal_and_distinct(decoder: WordDecoder, tmp_path: Path):
    namer = stored(decoder, tmp_path)
    read = function_words(
        *_first("function f(sizeList, class_) { return this.delete(sizeList) }"), namer.buckets
    )
    found = namer.predict(read, top=6, width=8, max_words=3)
    assert len(found) == 6
    assert all(is_name(one.name) and 0 < one.probability <= 1 for one in found)
    assert len({one.name for one in found}) == 6
    assert namer.predict(read, top=2, width=8, max_words=3) == found[:2]


def test_it_learns_to_take_words_over_from_the_function():
    nouns = ["apple", "bread", "cheese", "donut", "egg", "flour", "grape", "honey"]
    verbs = {"get": "return this.{}", "set": "this.{} = value"}
    made = [
        example(f"function {verb}{noun.title()}(value) {{ {body.format(noun)} }}")
        for noun in nouns
        for verb, body in verbs.items()
    ]
    examples = [one for one in made if one is not None]
    torch.manual_seed(0)
    decoder = WordDecoder(BUCKETS, len(WORDS) + 1, width=32, dropout=0.0)
    optimizer = torch.optim.Adam(decoder.parameters(), lr=0.01)
    for _ in range(60):
        loss = decoder.loss(collate_words(examples[:-4], size=len(WORDS) + 1))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    namer = WordNamer(
        {name: weight.numpy() for name, weight in decoder.eval().state_dict().items()}, WORDS
    )
    for verb, body in verbs.items():  # a noun that it never saw
        read = function_words(*_first(f"function f(value) {{ {body.format('walnut')} }}"), BUCKETS)
        assert namer.predict(read, top=1, width=5, max_words=4)[0].name == f"{verb}Walnut"


def test_a_broken_file_is_told(decoder: WordDecoder, tmp_path: Path):
    with pytest.raises(InputError, match=FILE):
        WordNamer.load(tmp_path, WORDS)
    stored(decoder, tmp_path)
    with pytest.raises(InputError, match="does not fit 3 words"):
        WordNamer.load(tmp_path, WORDS[:-1])
    (tmp_path / FILE).write_bytes(b"nothing")
    with pytest.raises(InputError, match="is not a name decoder"):
        WordNamer.load(tmp_path, WORDS)
    whole = {name: weight.numpy() for name, weight in decoder.state_dict().items()}
    WordNamer(whole, WORDS)
    for missing in whole:
        with pytest.raises(InputError, match=f"lacks {missing}|does not fit"):
            WordNamer({name: weight for name, weight in whole.items() if name != missing}, WORDS)


def test_a_run_is_exported_and_answers(tmp_path: Path, tokenizer: Tokenizer, encoder: Encoder):
    made = [
        ("function getSize(list) { return list.size }", ""),
        ("function setSize(list) { list.size = 1 }", ""),
    ] * 8
    config = NameFinetuneConfig(
        epochs=2, batch_size=4, feature_buckets=BUCKETS, width=16, uses_encoder=False
    )
    head = finetune(encoder, tokenizer, made, made[:4], tmp_path / "run", config, progress=False)
    assert head.facts.words == ["size", "get", "set"]
    folder = tmp_path / "model"
    export(
        folder,
        encoder,
        tokenizer,
        name="m",
        window=48,
        heads=[HeadCheckpoint.load(tmp_path / "run")],
    )
    assert not list(folder.glob("name*.onnx"))
    model = load(folder)
    assert model.metadata.predicts_names
    body = "(list) { return list.size }"
    found = model.predict_names(f"function f{body}")
    assert found
    assert found == model.predict_names(f"function other{body}")
    for name in ("#parseDate", "'parseDate'"):
        method = (
            f"class A {{ {name}(x) {{ return this{'.#parseDate' if name[0] == '#' else ''}(x) }} }}"
        )
        hidden = method.replace("parseDate", "f")
        assert model.predict_names(method) == model.predict_names(hidden)
    with pytest.raises(InputError, match="no word occurs twice"):
        finetune(
            encoder,
            tokenizer,
            [("function a(){}", "")],
            made,
            tmp_path / "none",
            config,
            progress=False,
        )
    (folder / "words.txt").unlink()
    with pytest.raises(InputError, match=r"words\.txt"):
        load(folder)


def test_a_run_on_an_encoder_is_exported_with_it(
    tmp_path: Path, tokenizer: Tokenizer, encoder: Encoder
):
    made = [
        ("function getSize(list) { return list.size }", ""),
        ("function setSize(list) { list.size = 1 }", ""),
    ] * 8
    config = NameFinetuneConfig(
        epochs=25, batch_size=4, feature_buckets=BUCKETS, width=32, window=48, learning_rate=0.01
    )
    tuned = copy.deepcopy(encoder)
    head = finetune(tuned, tokenizer, made, made[:4], tmp_path / "run", config, progress=False)
    assert head.facts.uses_encoder()
    assert any(
        not torch.equal(a, b) for a, b in zip(tuned.parameters(), encoder.parameters(), strict=True)
    )
    export(
        tmp_path / "model",
        encoder,
        tokenizer,
        name="m",
        window=48,
        heads=[HeadCheckpoint.load(tmp_path / "run")],
    )
    model = load(tmp_path / "model")
    assert model.manifest.heads["names"].encoder == "names_encoder.onnx"
    for name in ("getSize", "setSize"):
        source = next(source for source, _ in made if name in source)
        assert model.predict_names(source)[0].name == name
        assert model.predict_names(source) == model.predict_names(source.replace(name, "other"))
    # frozen, it is the model's own encoder, and stored once
    config = msgspec.structs.replace(config, freeze=True)
    finetune(
        copy.deepcopy(encoder),
        tokenizer,
        made,
        made[:4],
        tmp_path / "frozen",
        config,
        progress=False,
    )
    export(
        tmp_path / "two",
        encoder,
        tokenizer,
        name="m",
        window=48,
        heads=[HeadCheckpoint.load(tmp_path / "frozen")],
    )
    two = load(tmp_path / "two")
    assert two.manifest.heads["names"].encoder == "encoder.onnx"
    assert two.predict_names(made[0][0])
    with pytest.raises(ValueError, match=r"has no encoder .uses_encoder is false"):
        msgspec.convert(
            {"task": "names", "uses_encoder": False, "freeze": True}, NameFinetuneConfig
        )
