"""What of a source is read: the same whatever was rewritten, by the training views, the probe, a
packed corpus and an exported model.
"""

import json
import shutil
from pathlib import Path

import msgspec
import numpy as np
import pytest

import augment
from contracode.cli.main import main
from contracode.corpus.packed.packing import PackOptions, pack
from contracode.corpus.packed.reading import Packed
from contracode.corpus.packed.slots import LONGEST as MOST_PIECES
from contracode.corpus.packed.slots import WordEncoder, without_slots
from contracode.inference.model import load as load_model
from contracode.inference.model_folder import read_manifest, write_manifest
from contracode.inputs.input_forms import LONGEST, SourceForms
from contracode.inputs.masking import IGNORED
from contracode.inputs.tokenizer import Tokenizer
from contracode.pretrain import pretrain
from contracode.pretrain.probe import clones
from contracode.support.config import DataConfig, InputForm, MaskingConfig, load, preset
from contracode.support.errors import InputError
from contracode.views.batch_plan import EpochItem
from contracode.views.copy_pairs import CopyDataset
from contracode.views.drawing import DrawnViews, draw_views
from contracode.views.pairs import PairDataset
from tests.contracode.toy_runs import tiny

SOURCE = (
    "function total(items, rate) { /* all */ let sum = 0; for (const item of items) { sum += "
    "item.price * rate } return sum }"
)
RENAMED = 'function t(a, b) { let c = 1 - 1; for (const d of a) c = c + d["price"] * b; return c; }'


def test_a_source_is_spelled_in_three_ways():
    assert SourceForms(SOURCE).spelled("written") == SOURCE
    numbered = SourceForms(SOURCE).spelled("numbered")
    assert numbered.startswith("function v0(v1, v2) {\n  let v3 = 0;\n")
    assert "price" in numbered
    assert "sum" not in numbered
    assert "all" not in numbered
    assert numbered == SourceForms(SOURCE.replace("sum", "result")).spelled("numbered")
    assert numbered != SourceForms(RENAMED).spelled("numbered")
    assert SourceForms(SOURCE).spelled("normal") == SourceForms(RENAMED).spelled("normal")
    assert SourceForms(SOURCE.replace("*", "+")).spelled("normal") != SourceForms(SOURCE).spelled(
        "normal"
    )


def test_numbers_are_given_to_typescript_and_taken_from_no_other_name():
    program = augment.parse(
        "const v0 = (v1: number) => v2(v1)", language="typescript", source_type="commonjs"
    )
    text = augment.number_names(program)
    assert text.split() == "const v0 = (v1: number) => v2(v1);".split()
    other = augment.parse("const f = (a) => v0(a)", source_type="commonjs")
    assert augment.number_names(other).split() == "const v1 = (v2) => v0(v2);".split()


@pytest.mark.parametrize("form", ["written", "numbered", "normal"])
def test_what_does_not_parse_is_read_as_written(form: InputForm):
    for source in ("function (", "", "} no program {", "\ud800"):
        assert SourceForms(source).spelled(form) == source
    assert SourceForms("function (").normal is None


def test_a_long_file_keeps_its_form_but_not_its_names():
    long = "g(1 + 1); const x = 1;\n" + "h(2 + 2);\n" * (LONGEST // 10)
    text = SourceForms(long).spelled("normal")
    assert "1 + 1" in text
    assert "const v0 = 1" in text


def pairs(
    tokenizer: Tokenizer, reads: InputForm, masking: MaskingConfig | None = None, **settings: float
) -> PairDataset:
    config = DataConfig(sampled=0.0, max_length=1000, reads=reads, **settings)  # pyright: ignore[reportArgumentType]
    return PairDataset(
        [SOURCE],
        tokenizer,
        config,
        seed=0,
        masking=masking,
        documentation=["Adds, then ReturnEvidence."],
    )


def test_views_are_read_in_the_form_that_is_set(tokenizer: Tokenizer):
    expected = tokenizer.encode(SourceForms(SOURCE).spelled("normal")).ids.tolist()
    drawn = [pairs(tokenizer, "normal").pair(EpochItem(epoch, 0)) for epoch in range(8)]
    assert sum(pair.first.tolist() == expected for pair in drawn) >= 4
    assert all(
        "price" in tokenizer.decode(pair.first) and "sum" not in tokenizer.decode(pair.first)
        for pair in drawn
    )
    written = pairs(tokenizer, "written")
    for pair, other in zip(
        drawn, (written.pair(EpochItem(epoch, 0)) for epoch in range(8)), strict=True
    ):
        assert pair.label == other.label
        view = tokenizer.decode(
            other.second
        )  # white space is not read, so the view is not there whole
        assert pair.second.tolist() != tokenizer.encode(view).ids.tolist()


def test_documentation_hard_negatives_and_masks_beside_normal_forms(tokenizer: Tokenizer):
    described = pairs(tokenizer, "normal", documentation=1.0).pair(EpochItem(0, 0))
    assert described.first.tolist() == tokenizer.encode("Adds, then ReturnEvidence.").ids.tolist()
    hard = pairs(tokenizer, "normal", hard=1.0).pair(EpochItem(0, 0)).hard
    assert hard is not None
    assert "sum" not in tokenizer.decode(hard)
    for written in (False, True):
        pair = pairs(tokenizer, "normal", MaskingConfig(share=0.4, written=written)).pair(
            EpochItem(0, 0)
        )
        assert pair.masked is not None
        ids_T = np.where(pair.masked.targets_T == IGNORED, pair.masked.ids_T, pair.masked.targets_T)
        assert ("sum" in tokenizer.decode(ids_T.astype(np.uint16))) == written


def test_the_probe_reads_as_training_does(tokenizer: Tokenizer, sources: list[str]):
    def distinct(reads: InputForm) -> list[int]:
        found = clones(
            sources[:12], range(12), tokenizer, tiny(f"data.reads={reads}"), draw=draw_views
        )
        return [len({row.tobytes() for row in views}) for views in found.views]

    assert sum(distinct("normal")) < 0.9 * sum(distinct("written"))


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory, sources: list[str]) -> Path:
    path = tmp_path_factory.mktemp("rows") / "rows.jsonl"
    path.write_text("".join(json.dumps({"code": code}) + "\n" for code in [SOURCE, *sources[:24]]))
    return path


def test_views_are_packed_in_the_form_that_is_set(rows: Path, tokenizer: Tokenizer, tmp_path: Path):
    tokenizer.save(tmp_path)
    folder = tmp_path / "packed"
    arguments = ["--copies", "3", "--tokenizer", str(tmp_path)]
    assert main(["corpus", "pack", str(rows), "-o", str(folder), *arguments]) == 0
    packed = Packed(folder)
    assert packed.manifest.reads == "normal"
    expected = tokenizer.encode(SourceForms(SOURCE).spelled("normal")).ids.tolist()
    assert packed.view(0, 0).words.pieces.tolist() == expected
    assert all(not len(packed.view(0, view).slots) for view in packed.views(0))
    pair = CopyDataset(
        packed, DataConfig(sampled=0.0, max_length=1000, reads="normal"), seed=0
    ).pair(EpochItem(0, 0))
    assert "price" in tokenizer.decode(pair.first)  # two views of one normal form are a pair still
    pretrain(
        [str(folder)],
        tmp_path / "run",
        tiny("data.reads=normal", "training.steps=2"),
        progress=False,
    )
    with pytest.raises(
        InputError,
        match=r'views spelled "normal", not "written".*--reads written, or --set data\.copies=false',
    ):
        pretrain([str(folder)], tmp_path / "other", tiny(), progress=False)
    sources = tiny("data.copies=false", "training.steps=2")
    pretrain([str(folder)], tmp_path / "other", sources, progress=False)
    again = pack([rows], tmp_path / "written", PackOptions(copies=3, tokenizer=tokenizer))
    assert again.reads == "written"


def test_a_long_text_is_cut_between_words(tokenizer: Tokenizer):
    encoder = WordEncoder(tokenizer)
    text = "value + " * MOST_PIECES
    words = without_slots(text, encoder).words
    assert MOST_PIECES - 64 < len(words.pieces) <= MOST_PIECES
    assert words.pieces.tolist() == encoder.encode(text).pieces[: len(words.pieces)].tolist()
    assert encoder.encode(text).begins[len(words.pieces)]


def test_an_exported_model_embeds_what_its_manifest_says_it_reads(
    model_folder: Path, tmp_path: Path
):
    folder = tmp_path / "model"
    shutil.copytree(model_folder, folder)
    facts = read_manifest(folder)
    assert facts.reads == "written"
    written = load_model(folder)
    write_manifest(msgspec.structs.replace(facts, reads="normal"), folder)
    normal = load_model(folder)
    assert normal.fingerprint != written.fingerprint
    one, other, broken = normal.embed([SOURCE, RENAMED, "function ("])
    np.testing.assert_array_equal(one, other)
    np.testing.assert_allclose(
        one, written.embed([SourceForms(SOURCE).spelled("normal")])[0], atol=1e-6
    )
    np.testing.assert_allclose(broken, written.embed(["function ("])[0], atol=1e-6)
    assert not np.allclose(one, written.embed([SOURCE])[0])
    # heads read text as it was written: what they say of names is about places in it
    assert normal.predict_types(SOURCE) == written.predict_types(SOURCE)


def test_presets_of_ours_read_normal_forms_and_those_of_the_paper_text_as_written():
    for name in ("nano", "small", "base"):
        assert load(preset(name)).data.reads == "normal"
    for name in ("paper-transformer", "paper-bilstm", "paper-hybrid"):
        assert load(preset(name)).data.reads == "written"
    with pytest.raises(InputError, match="reads"):
        load(overrides=["data.reads=other"])


def test_pairs_are_of_the_two_views_in_order(tokenizer: Tokenizer):
    def stand_in(source: str, seed: int) -> DrawnViews:
        return DrawnViews("f(1 + 1)", "g(x ? true : false)", 7)

    config = DataConfig(sampled=0.0, reads="normal")
    pair = PairDataset([SOURCE], tokenizer, config, seed=0, draw=stand_in).pair(EpochItem(0, 0))
    assert ["".join(tokenizer.decode(ids).split()) for ids in (pair.first, pair.second)] == [
        "f(2);",
        "g(!!x);",
    ]
