"""Model folders read back: encoder, fragment encoder and heads equal the exported ones."""

import json
import shutil
from pathlib import Path

import msgspec
import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

from contracode.cli.main import main
from contracode.encoder.encoders import Encoder
from contracode.export.loading import learned, load_encoder
from contracode.export.read_back import exported_head, load_head
from contracode.export.write import FragmentPart, export
from contracode.heads.checkpoint import HeadCheckpoint
from contracode.heads.names.word_decoder import WordDecoder
from contracode.inference.model import load
from contracode.inputs.tokenizer import Tokenizer
from contracode.pretrain import pretrain
from contracode.support import config as settings
from contracode.support.config import Config
from contracode.support.errors import InputError
from contracode.support.run_folder import read_facts
from tests.contracode.toy_runs import curve, state, tiny
from tests.paths import ROOT

WINDOW = 48


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory, toy_corpus: Path) -> Path:
    """A run with a fragment encoder."""
    folder = tmp_path_factory.mktemp("runs") / "run"
    config = tiny(
        "fragments.dimension=8",
        "fragments.signature=4",
        "fragments.words=4",
        "fragments.operations=4",
        "fragments.identifier_dim=4",
    )
    pretrain([str(toy_corpus)], folder, config, progress=False)
    return folder


@pytest.fixture(scope="module")
def exported(run: Path) -> Path:
    folder = run.parent / "exported"
    assert main(["export", str(run), "-o", str(folder), "--weights", "float32"]) == 0
    return folder


def test_exported_encoder_equals_that_of_the_run(run: Path, exported: Path):
    ours, theirs = load_encoder(exported), load_encoder(run)
    for name, weight in theirs.encoder.state_dict().items():
        assert torch.equal(ours.encoder.state_dict()[name], weight), name
    assert ours.tokenizer.fingerprint == theirs.tokenizer.fingerprint
    assert ours.fragments is not None
    assert theirs.fragments is not None
    assert ours.fragments.fingerprint == theirs.fragments.fingerprint
    assert ours.config.fragments.fragment_weight == theirs.config.fragments.fragment_weight
    assert ours.config.data.max_length == theirs.config.data.max_length
    assert (ours.projected, theirs.projected) == (False, True)


def test_exporting_an_exported_model_again_writes_the_same_files(
    encoder: Encoder,
    tokenizer: Tokenizer,
    type_head: HeadCheckpoint,
    name_head: HeadCheckpoint,
    tmp_path: Path,
):
    export(
        tmp_path / "one",
        encoder,
        tokenizer,
        name="m",
        window=WINDOW,
        heads=[type_head, name_head],
    )
    again = ["--types", str(tmp_path / "one"), "--names", str(tmp_path / "one"), "--name", "m"]
    assert main(["export", str(tmp_path / "one"), "-o", str(tmp_path / "two"), *again]) == 0
    for path in sorted((tmp_path / "one").iterdir()):
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes(), path.name


def test_shipped_model_can_be_exported_again(tmp_path: Path):
    shipped = ROOT / "data" / "models" / "editor"
    heads = ["--types", str(shipped), "--names", str(shipped)]
    assert main(["export", str(shipped), "-o", str(tmp_path / "editor"), *heads]) == 0
    ours, theirs = (load(folder) for folder in (tmp_path / "editor", shipped))
    source = (
        "function total(items) { let sum = 0; for (const item of items) sum += item.price;"
        " return sum }"
    )
    np.testing.assert_array_equal(ours.embed([source]), theirs.embed([source]))
    assert ours.predict_types(source) == theirs.predict_types(source)
    assert ours.predict_names(source) == theirs.predict_names(source)


def test_head_is_read_back_with_its_own_encoder(
    encoder: Encoder, tokenizer: Tokenizer, type_head: HeadCheckpoint, tmp_path: Path
):
    torch.manual_seed(5)
    own = Encoder(encoder.config).eval()
    head = HeadCheckpoint(type_head.facts, own, type_head.head, tokenizer)
    export(
        tmp_path / "m", encoder, tokenizer, name="m", window=WINDOW, heads=[head], weights="float32"
    )
    found = exported_head(tmp_path / "m", "types")
    for name, weight in own.state_dict().items():
        assert torch.equal(found.encoder.state_dict()[name], weight), name
    assert msgspec.structs.replace(found.facts, temperatures=[]) == msgspec.structs.replace(
        type_head.facts, temperatures=[]
    )
    with pytest.raises(InputError, match="has no head for names"):
        load_head(tmp_path / "m", "names")


def test_word_decoder_is_read_back_up_to_rounding(
    encoder: Encoder, tokenizer: Tokenizer, name_head: HeadCheckpoint, tmp_path: Path
):
    facts = msgspec.structs.replace(
        name_head.facts,
        words=["add", "size"],
        pieces=[],
        layers=0,
        feature_buckets=50,
        width=8,
        reads_encoder=True,
    )
    torch.manual_seed(6)
    decoder = facts.build().eval()
    assert isinstance(decoder, WordDecoder)
    head = HeadCheckpoint(facts, encoder, decoder, tokenizer)
    export(
        tmp_path / "m", encoder, tokenizer, name="m", window=WINDOW, heads=[head], weights="float32"
    )
    found = exported_head(tmp_path / "m", "names")
    assert found.facts == facts
    for name, weight in decoder.state_dict().items():
        largest = (
            0.6 * float(weight.abs().max()) / 127
            if name in ("features.weight", "words.weight")
            else 0.0
        )
        assert float((found.head.state_dict()[name] - weight).abs().max()) <= largest, name


def test_run_can_begin_with_an_exported_model(
    run: Path, exported: Path, toy_corpus: Path, tmp_path: Path
):
    """With a negligible learning rate, the encoder stays the exported one.

    With the usual rate, the curve differs from that of fresh weights.
    """
    still = tiny(
        "training.steps=1",
        "optimizer.learning_rate=1e-12",
        "fragments.dimension=8",
        "encoder.dimension=64",
    )
    pretrain([str(toy_corpus)], tmp_path / "still", still, start=learned(exported), progress=False)
    ours, theirs = load_encoder(tmp_path / "still"), load_encoder(run)
    for name, weight in theirs.encoder.state_dict().items():
        torch.testing.assert_close(ours.encoder.state_dict()[name], weight, atol=1e-6, rtol=0)
    assert ours.fragments is not None
    assert theirs.fragments is not None
    assert ours.fragments.fingerprint == theirs.fragments.fingerprint
    facts = read_facts(tmp_path / "still")
    assert (facts.start, facts.tokenizer) == (str(exported), theirs.tokenizer.fingerprint)
    pretrain([str(toy_corpus)], tmp_path / "fresh", tiny(), progress=False)
    pretrain([str(toy_corpus)], tmp_path / "warm", tiny(), start=learned(exported), progress=False)
    assert curve(tmp_path / "warm") != curve(tmp_path / "fresh")


def test_run_without_checkpoint_restarts_from_its_initial_model(
    exported: Path, toy_corpus: Path, tmp_path: Path
):
    pretrain([str(toy_corpus)], tmp_path / "warm", tiny(), start=learned(exported), progress=False)
    expected = state(tmp_path / "warm")
    (tmp_path / "warm" / "last.ckpt").unlink()
    config = settings.load(tmp_path / "warm" / "config.toml")
    pretrain([str(toy_corpus)], tmp_path / "warm", config, resume=True, progress=False)
    for name, weight in state(tmp_path / "warm").items():
        assert torch.equal(weight, expected[name]), name


def test_learned_encoder_is_the_average(toy_corpus: Path, tmp_path: Path):
    pretrain([str(toy_corpus)], tmp_path / "run", tiny("training.average=0.5"), progress=False)
    average = load_encoder(tmp_path / "run", average=True).encoder.state_dict()
    found = learned(tmp_path / "run").encoder.state_dict()
    assert all(torch.equal(found[name], weight) for name, weight in average.items())
    plain = load_encoder(tmp_path / "run").encoder.state_dict()
    assert not all(torch.equal(found[name], weight) for name, weight in plain.items())


ROWS = [
    {
        "repo": f"repo{i % 4}",
        "path": "a.js",
        "func_name": name,
        "partition": "valid" if i % 4 == 0 else "train",
        "code": f"function {name}(list, n) {{ const total = list.{name}(n); return total + {i}; }}",
    }
    for i in range(24)
    for name in [["add", "size", "walk", "merge"][i % 4]]
]


@pytest.mark.parametrize("uses_encoder", ["true", "false"])
def test_name_head_is_continued(exported: Path, tmp_path: Path, uses_encoder: str):
    """With a negligible learning rate, decoder and words stay those that were exported.

    Settings of the decoder's shape are ignored.
    """
    (tmp_path / "f.jsonl").write_text("".join(json.dumps(row) + "\n" for row in ROWS))
    begin = ["finetune", "names", str(tmp_path / "f.jsonl"), "--quiet"]
    chosen = ("wide=64", "width=8", f"deep={uses_encoder}", "window=48")
    small = [part for setting in chosen for part in ("--set", setting)]
    assert (
        main(
            [
                *begin,
                "--model",
                str(exported),
                "--epochs",
                "1",
                "-o",
                str(tmp_path / "names"),
                *small,
            ]
        )
        == 0
    )
    assert (
        main(
            ["export", str(exported), "--names", str(tmp_path / "names"), "-o", str(tmp_path / "m")]
        )
        == 0
    )
    on = [
        "--from-head",
        str(tmp_path / "m"),
        "--steps",
        "1",
        "--set",
        "learning_rate=1e-12",
        "--set",
        "words=1",
    ]
    assert main([*begin, *on, "-o", str(tmp_path / "on")]) == 0
    ours, theirs = load_head(tmp_path / "on", "names"), load_head(tmp_path / "m", "names")
    assert (
        ours.facts.words,
        ours.facts.feature_buckets,
        ours.facts.width,
        ours.facts.reads_encoder,
    ) == (
        theirs.facts.words,
        64,
        8,
        uses_encoder == "true",
    )
    for name, weight in theirs.head.state_dict().items():
        torch.testing.assert_close(ours.head.state_dict()[name], weight, atol=1e-6, rtol=0)
    if uses_encoder == "true":  # also on an encoder that was trained further
        learned_on = [
            "pretrain",
            str(tmp_path / "f.jsonl"),
            "--from",
            str(exported),
            "--quiet",
            "--max-time",
            "1s",
        ]
        assert main([*learned_on, "-o", str(tmp_path / "longer"), "--set", "training.steps=2"]) == 0
        moved = ["--model", str(tmp_path / "longer"), "--freeze", "-o", str(tmp_path / "moved")]
        assert main([*begin, *on, *moved]) == 0
        found, base = load_head(tmp_path / "moved", "names"), learned(tmp_path / "longer")
        assert found.facts.words == theirs.facts.words
        for name, weight in base.encoder.state_dict().items():
            torch.testing.assert_close(found.encoder.state_dict()[name], weight)


def test_type_head_is_continued(exported: Path, tmp_path: Path):
    for i in range(8):
        text = (
            f"export function f{i}(n: number, s: string): string {{ return s.repeat(n + {i}) }}\n"
        )
        (tmp_path / f"{i}.ts").write_text(text)
    begin = [
        "finetune",
        "types",
        str(tmp_path),
        "--quiet",
        "--set",
        "window=48",
        "--set",
        "min_count=2",
    ]
    small = ["--set", "wide=64", "--set", "names=4"]
    assert (
        main(
            [
                *begin,
                "--model",
                str(exported),
                "--epochs",
                "1",
                "-o",
                str(tmp_path / "types"),
                *small,
            ]
        )
        == 0
    )
    assert (
        main(
            ["export", str(exported), "--types", str(tmp_path / "types"), "-o", str(tmp_path / "m")]
        )
        == 0
    )
    on = ["--from-head", str(tmp_path / "m"), "--steps", "1", "--set", "learning_rate=1e-12"]
    assert main([*begin, *on, "-o", str(tmp_path / "on")]) == 0
    ours, theirs = load_head(tmp_path / "on", "types"), load_head(tmp_path / "m", "types")
    assert (ours.facts.types, ours.facts.width, ours.facts.pointer_dim) == (
        theirs.facts.types,
        theirs.facts.width,
        4,
    )
    for name, weight in theirs.head.state_dict().items():
        torch.testing.assert_close(ours.head.state_dict()[name], weight, atol=1e-6, rtol=0)


@pytest.mark.parametrize(
    ("file", "content", "message"),
    [
        ("model.safetensors", None, "model.safetensors: is missing"),
        ("model.safetensors", b"x", "model.safetensors: is not a file of safetensors"),
        ("tokenizer.model", None, "tokenizer.model"),
        ("config.json", b"{}", "config.json"),
    ],
)
def test_broken_folder_is_refused(
    exported: Path, tmp_path: Path, file: str, content: bytes | None, message: str
):
    folder = tmp_path / "broken"
    shutil.copytree(exported, folder)
    (folder / file).unlink()
    if content is not None:
        (folder / file).write_bytes(content)
    with pytest.raises(InputError, match=message):
        load_encoder(folder)


@pytest.mark.parametrize(
    "table", [None, torch.zeros(4), torch.zeros(3, 2)], ids=["none", "a row", "other rows"]
)
def test_scales_without_a_table_are_refused(
    exported: Path, tmp_path: Path, table: torch.Tensor | None
):
    folder = tmp_path / "scaled"
    shutil.copytree(exported, folder)
    weights = load_file(folder / "model.safetensors") | {"types.x_scale": torch.ones(4)}
    save_file(
        weights if table is None else weights | {"types.x": table}, folder / "model.safetensors"
    )
    with pytest.raises(InputError, match=r"model\.safetensors: types\.x_scale does not fit"):
        load_encoder(folder)


def test_weights_of_another_shape_are_refused(exported: Path, tmp_path: Path):
    folder = tmp_path / "other"
    shutil.copytree(exported, folder)
    config = json.loads((folder / "config.json").read_text())
    config["encoder"]["layers"] = 2
    (folder / "config.json").write_text(json.dumps(config))
    with pytest.raises(
        InputError, match=r"encoder\.layers\.1\..* is missing, or its shape is not that of config"
    ):
        load_encoder(folder)


def test_encoder_trained_with_fragments_cannot_be_read_back(toy_corpus: Path, tmp_path: Path):
    config = tiny("fragments.dimension=8", "fragments.joint=true")
    pretrain([str(toy_corpus)], tmp_path / "run", config, progress=False)
    found = load_encoder(tmp_path / "run")
    assert found.fragments is not None
    fragments = FragmentPart(found.fragments, found.config.fragments.fragment_weight, found.tower)
    export(
        tmp_path / "m", found.encoder, found.tokenizer, name="m", window=WINDOW, fragments=fragments
    )
    with pytest.raises(InputError, match="begin with the run"):
        load_encoder(tmp_path / "m")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["pretrain", "--resume", "{run}", "--from", "{run}"], "--resume takes"),
        (
            ["pretrain", "{corpus}", "-o", "{tmp}", "--from", "{run}", "--tokenizer", "{run}"],
            "brings its tokenizer",
        ),
        (["pretrain", "{corpus}", "-o", "{tmp}", "--from", "{corpus}"], "is not a pretraining run"),
        (
            ["finetune", "names", "{corpus}", "-o", "{tmp}", "--from-head", "{run}"],
            "not a fine-tuning run",
        ),
        (
            ["finetune", "names", "{corpus}", "-o", "{tmp}", "--from-head", "{exported}"],
            "has no head for names",
        ),
        (
            [
                "finetune",
                "names",
                "{corpus}",
                "-o",
                "{tmp}",
                "--from-head",
                "{exported}",
                "--from-scratch",
            ],
            "continues with",
        ),
        (["finetune", "names", "{corpus}", "-o", "{tmp}"], "nothing to begin with"),
        (
            [
                "finetune",
                "names",
                "{corpus}",
                "-o",
                "{tmp}",
                "--from-head",
                "{exported}",
                "--model",
                "none",
            ],
            "continues with",
        ),
    ],
)
def test_conflicting_options_are_refused(
    arguments: list[str],
    message: str,
    run: Path,
    exported: Path,
    toy_corpus: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
):
    paths = {"run": run, "exported": exported, "corpus": toy_corpus, "tmp": tmp_path / "out"}
    assert main([argument.format(**paths) for argument in arguments]) == 2
    error = capsys.readouterr().err
    assert message in error
    assert error.count("\n") == 1
    assert not (tmp_path / "out").exists()


def test_encoder_shape_is_that_of_the_initial_model(
    exported: Path, toy_corpus: Path, tmp_path: Path
):
    """The encoder has the shape of the initial model, and `config.toml` records that shape."""
    pretrain(
        [str(toy_corpus)],
        tmp_path / "run",
        tiny("encoder.layers=3"),
        start=learned(exported),
        progress=False,
    )
    kept: Config = settings.load(tmp_path / "run" / "config.toml")
    assert kept.encoder.layers == 1


def test_tuned_encoder_can_use_fragments_of_another_model(exported: Path, tmp_path: Path):
    """The encoder is stored once, for names and for embeddings."""
    (tmp_path / "f.jsonl").write_text("".join(json.dumps(row) + "\n" for row in ROWS))
    small = [
        "--quiet",
        "--epochs",
        "1",
        "--set",
        "wide=64",
        "--set",
        "width=8",
        "--set",
        "window=48",
    ]
    tuned = str(tmp_path / "names")
    assert (
        main(
            [
                "finetune",
                "names",
                str(tmp_path / "f.jsonl"),
                "--model",
                str(exported),
                "-o",
                tuned,
                *small,
            ]
        )
        == 0
    )
    out = ["-o", str(tmp_path / "m")]
    parts = ["--names", tuned, "--fragments", str(exported)]
    assert main(["export", tuned, *parts, "--reads", "normal", *out]) == 0
    assert sorted(path.name for path in (tmp_path / "m").glob("*.onnx")) == ["encoder.onnx"]
    model, other = load(tmp_path / "m"), load(exported)
    assert (model.manifest.dimension, model.manifest.reads) == (other.manifest.dimension, "normal")
    assert main(["export", tuned, "--wide", tuned, *out]) == 2


def test_head_on_the_frozen_average_shares_its_graph(toy_corpus: Path, tmp_path: Path):
    pretrain([str(toy_corpus)], tmp_path / "run", tiny("training.average=0.5"), progress=False)
    (tmp_path / "f.jsonl").write_text("".join(json.dumps(row) + "\n" for row in ROWS))
    small = [
        "--quiet",
        "--epochs",
        "1",
        "--set",
        "wide=64",
        "--set",
        "width=8",
        "--set",
        "window=48",
        "--freeze",
    ]
    run, names, out = (str(tmp_path / name) for name in ("run", "names", "m"))
    assert (
        main(["finetune", "names", str(tmp_path / "f.jsonl"), "--model", run, "-o", names, *small])
        == 0
    )
    assert main(["export", run, "--average", "--names", names, "-o", out]) == 0
    assert [path.name for path in Path(out).glob("*.onnx")] == ["encoder.onnx"]
    assert main(["export", run, "--names", names, "-o", out]) == 0  # last weights, not the average
    assert len([*Path(out).glob("*.onnx")]) == 2
