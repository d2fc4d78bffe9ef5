"""From a pretraining run to a loaded model by the command line alone: finetune, export, predict."""

import json
from pathlib import Path

import pytest

from contracode.cli.main import main
from contracode.inference.model import load
from contracode.pretrain import pretrain
from contracode.support.config import Config, EncoderConfig, TokenizerConfig, TrainingConfig

NAMES = ["add", "size", "walk", "merge", "clamp", "zip"]


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("corpus")
    rows = [
        {"repo": f"repo{i % 4}", "path": "a.js", "func_name": name, "partition": "valid" if i % 4 == 0 else "train",
         "code": f"function {name}(list, n) {{ const total = list.{name}(n); return total + {i}; }}"}
        for i in range(24)
        for name in [NAMES[i % len(NAMES)]]
    ]  # fmt: skip
    (folder / "functions.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    for i in range(8):
        text = (
            f"export function f{i}(n: number, s: string): string "
            f"{{ const t: string = s; return t.repeat(n + {i}) }}\n"
        )
        (folder / f"{i}.ts").write_text(text)
    return folder


@pytest.fixture(scope="module")
def pretrained(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    run = tmp_path_factory.mktemp("runs") / "pretrain"
    config = Config(
        tokenizer=TokenizerConfig(vocab_size=400),
        encoder=EncoderConfig(dimension=16, layers=1, heads=2, feedforward=32),
        training=TrainingConfig(steps=2, batch_size=4, log_every=1),
    )
    pretrain([str(corpus / "functions.jsonl")], run, config, progress=False)
    return run


def contracode(*arguments: str | Path) -> int:
    return main([*map(str, arguments)])


def test_the_way_from_a_run_to_predictions(
    corpus: Path, pretrained: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    common = (
        "--model",
        pretrained,
        "--epochs",
        2,
        "--quiet",
        "--set",
        "window=48",
    )
    types = ("--set", "min_count=2", "-o", tmp_path / "types", "--json")
    assert contracode("finetune", "types", corpus, *common, *types) == 0
    assert json.loads(capsys.readouterr().out)["epoch"] == 2
    assert (
        contracode(
            "finetune",
            "names",
            corpus / "functions.jsonl",
            *common,
            "--set",
            "decoder=pieces",
            "-o",
            tmp_path / "names",
            "--freeze",
        )
        == 0
    )
    assert "valid/loss" in capsys.readouterr().out
    heads = ("--types", tmp_path / "types", "--names", tmp_path / "names")
    assert contracode("export", pretrained, "-o", tmp_path / "model", *heads, "--json") == 0
    files = json.loads(capsys.readouterr().out)["files"]
    assert "types_encoder.onnx" in files  # the type head moved its encoder
    assert "names_encoder.onnx" not in files  # the frozen one is the base
    model = load(tmp_path / "model")
    assert (model.metadata.name, model.metadata.window) == ("model", 128)
    assert set(model.metadata.types) == {"number", "string"}
    assert {one.kind for one in model.predict_types("function f(a) { const b = a; return b }")} == {
        "parameter",
        "variable",
        "return",
    }
    assert model.predict_names("function f(list) { return list.size }")


def test_a_run_is_not_overwritten_and_can_be_resumed(
    corpus: Path, pretrained: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    command = (
        "finetune",
        "types",
        corpus,
        "--model",
        pretrained,
        "-o",
        tmp_path / "run",
        "--quiet",
    )
    assert contracode(*command, "--resume") == 2
    assert "no run to resume" in capsys.readouterr().err
    assert contracode(*command, "--epochs", 1, "--set", "window=48", "--from-scratch") == 0
    assert contracode(*command) == 2
    assert "there is a run already" in capsys.readouterr().err
    assert contracode(*command, "--epochs", 2, "--resume", "--json") == 0
    last = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert last["epoch"] == 2
    assert "window = 48" in (tmp_path / "run" / "config.toml").read_text()


def test_fresh_weights_without_a_run(
    corpus: Path, pretrained: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    command = (
        "finetune",
        "types",
        corpus,
        "--model",
        "none",
        "--preset",
        "tiny",
        "--quiet",
        "-o",
        tmp_path / "run",
    )
    assert contracode(*command) == 2
    assert "give --tokenizer" in capsys.readouterr().err
    assert contracode(*command, "--tokenizer", pretrained, "--steps", 1) == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ("finetune", "types", "DATA", "--model", "nowhere", "-o", "x"),
            "is not a pretraining run",
        ),
        (
            ("finetune", "types", "DATA", "--model", "RUN", "-o", "x", "--set", "widow=3"),
            "widow is not a setting; did you mean window?",
        ),
        (("finetune", "names", "nowhere.jsonl", "--model", "RUN", "-o", "x"), "nowhere.jsonl"),
        (("export", "RUN", "-o", "DATA"), "is not a model folder"),
        (("export", "RUN", "-o", "other"), "is not a model folder"),
        (("export", "RUN", "-o", "new", "--types", "RUN"), "not a fine-tuning run"),
    ],
)
def test_bad_input_is_one_line(
    arguments: tuple[str, ...],
    message: str,
    corpus: Path,
    pretrained: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
):
    monkeypatch.chdir(tmp_path)
    Path("other").mkdir()
    Path("other", "config.json").write_text('{"model_type": "of another program"}')
    places = {"DATA": str(corpus), "RUN": str(pretrained)}
    assert contracode(*(places.get(argument, argument) for argument in arguments)) == 2
    error = capsys.readouterr().err
    assert message in error
    assert error.count("\n") == 1
