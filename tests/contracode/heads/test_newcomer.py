"""A head in one file, as a third party would write it.

It predicts whether a function changes its argument; labels come from a rule. The head is trained on
the sample and exported, and then predicts and is evaluated without torch. The product finds its
`HeadSpec` by an entry point.
"""

import argparse
import json
import re
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pytest

import augment
from contracode.inference.head_answers import HeadAnswers, ModelFiles
from contracode.inference.head_spec import HeadSection, HeadSpec
from contracode.inference.onnx_graphs import GraphSignature
from contracode.support.run_folder import read_metrics
from tests.paths import ROOT, SAMPLE

if TYPE_CHECKING:
    from contracode.evaluate.report import Report
    from contracode.heads.head_training import HeadTraining

GRAPH = "mutates.onnx"

_HEADER = re.compile(r"(?:function\b[^(]*)?\(([^()]*)\)|(\w+)\s*=>")


def mutates(source: str) -> bool | None:
    """Whether a function assigns to a part of a parameter; None if it has no parameters."""
    header = _HEADER.search(source)
    names = re.findall(r"[\w$]+", (header[1] or header[2] or "") if header else "")
    if header is None or not names:
        return None
    parts = "|".join(map(re.escape, names))
    write = rf"\b(?:{parts})(?:\.\w+|\[[^\]]*\])+\s*(?:[-+*/]?=(?!=)|\+\+|--)"
    call = rf"\b(?:{parts})\.(?:push|pop|shift|splice|sort|reverse|set|delete|add)\("
    return re.search(f"{write}|{call}", source[header.end() :]) is not None


# Inference, with numpy and onnxruntime alone.


class MutationAnswers(HeadAnswers):
    """Predicts for each function of a file whether it changes an argument."""

    def __init__(self, files: ModelFiles, section: HeadSection) -> None:
        self._files, self._section = files, section
        self.signatures = {
            GRAPH: GraphSignature({"pooled": (None, files.hidden_width)}, {"logit": (None,)})
        }

    def probability(self, source: str) -> float:
        ids_T = self._files.tokenizer.encode(source).ids[: self._section.window]
        hidden_BTD, _ = self._files.graphs.encode([ids_T], self._section.encoder)
        (logit_B,) = self._files.graphs.run(GRAPH, {"pooled": hidden_BTD.mean(axis=1)})
        return float(1 / (1 + np.exp(-logit_B[0])))

    def records(
        self, source: str, *, language: augment.Language, top: int
    ) -> list[dict[str, object]]:
        program = augment.parse(source, language=language)
        return [
            {
                "name": function.name or "",
                "line": program.source.count(b"\n", 0, function.node.start) + 1,
                "candidates": [
                    {
                        "answer": "changes an argument",
                        "probability": self.probability(program.text(function.node)),
                    }
                ],
            }
            for function in program.functions
        ]


# Training, which imports torch when it is called.


class Labelled(NamedTuple):
    source: str
    label: float


class Batch(NamedTuple):
    pieces_BT: Any
    mask_BT: Any
    label_B: Any


def training() -> "HeadTraining":
    from functools import partial

    import torch
    from torch import nn
    from torch.nn import functional as F

    from contracode.corpus.labels.datasets import read_named, split
    from contracode.encoder.encoders import pool
    from contracode.heads.batches import HeadBatches, pad_rows
    from contracode.heads.checkpoint import HeadCheckpoint
    from contracode.heads.facts import HeadFacts
    from contracode.heads.head_module import HeadModule
    from contracode.heads.head_training import GraphWriter, HeadPlan, HeadRequest, HeadTraining

    class Probability(nn.Module):
        def __init__(self, width: int) -> None:
            super().__init__()
            self.output = nn.Linear(width, 1)

        def forward(self, pooled_BD: torch.Tensor) -> torch.Tensor:
            return self.output(pooled_BD)[:, 0]

    class Module(HeadModule):
        def loss(self, batch: Batch) -> torch.Tensor:
            hidden_BTD = self.encoder(batch.pieces_BT, batch.mask_BT)
            logit_B = self.head(pool(hidden_BTD, batch.mask_BT))
            return F.binary_cross_entropy_with_logits(logit_B, batch.label_B)

    def collate(chosen: Sequence[tuple[np.ndarray, float]], pad: int) -> Batch:
        rows = pad_rows([pieces_T for pieces_T, _ in chosen], pad=pad)
        return Batch(*rows, torch.tensor([label for _, label in chosen]))

    class Training(HeadTraining):
        def read(self, data: Sequence[str], config: Any) -> tuple[list[Labelled], list[Labelled]]:
            parts = split(read_named(data), lambda one: (one.repo, one.path, one.partition))
            found = [[(one.source, mutates(one.source)) for one in part] for part in parts]
            learned, validated = (
                [Labelled(source, float(label)) for source, label in part if label is not None]
                for part in found
            )
            return learned, validated

        def plan(self, request: HeadRequest) -> HeadPlan:
            encode, config = request.tokenizer.encode, request.config
            examples = [
                [(encode(one.source).ids[: config.window], one.label) for one in part]
                for part in (request.training, request.validation)
            ]
            batches = HeadBatches(
                *examples,
                collate=partial(collate, pad=request.tokenizer.pad_id),
                batch_size=config.batch_size,
                seed=config.seed,
            )
            facts = HeadFacts(**request.base_facts())
            return HeadPlan(self.build(facts), Module, facts, batches)

        def build(self, facts: HeadFacts) -> nn.Module:
            return Probability(facts.encoder.hidden_width)

        def write(self, checkpoint: HeadCheckpoint, writer: GraphWriter) -> HeadSection:
            encoder = writer.encoder(checkpoint)
            probes = [
                {"pooled": torch.randn(n, checkpoint.facts.encoder.hidden_width)} for n in (3, 1)
            ]
            head = writer.rounded("mutates", checkpoint.head)
            dynamic = {"pooled": {0: "functions"}}
            writer.graph(GRAPH, head, probes, outputs=("logit",), dynamic=dynamic)
            return HeadSection(encoder=encoder, window=checkpoint.facts.window)

    return Training()


# Evaluation by `contracode evaluate`.


class MutationTask:
    """Measure how well a model predicts whether a function changes an argument."""

    EXAMPLES = "example:\n  contracode evaluate mutates --data corpus"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--data", nargs="+", required=True)
        parser.add_argument("--model")

    def measure(self, args: argparse.Namespace, progress: Callable[[int, int], None]) -> "Report":
        from contracode.corpus.labels.datasets import read_named
        from contracode.evaluate.report import Report
        from contracode.inference.model import load

        answers = load(args.model).head("mutates")
        assert isinstance(answers, MutationAnswers)
        asked = [
            (one, label)
            for one in read_named(args.data)
            if (label := mutates(one.source)) is not None
        ]
        right = np.asarray(
            [(answers.probability(one.source) > 0.5) == label for one, label in asked]
        )
        report = Report(task="mutates", num_items=len(asked), num_groups=len(asked))
        groups = [one.path for one, _ in asked]
        report.add("model", "accuracy", lambda chosen: float(right[chosen].mean()), groups)
        return report


HEAD = HeadSpec(
    name="mutates",
    summary="whether a function changes an argument",
    section=HeadSection,
    answers=MutationAnswers,
    training=training,
    evaluation=MutationTask,
)


# The test.


@pytest.mark.parametrize(
    ("source", "label"),
    [
        ("function f(a) { a.b = 1 }", True),
        ("function f(a) { a.b == 1 }", False),
        ("function f(list, x) { list.push(x) }", True),
        ("x => x.count++", True),
        ("function f() { this.a = 1 }", None),
    ],
)
def test_rule_labels_functions(source: str, label: bool | None):
    assert mutates(source) is label


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for `PYTHONPATH` that contains metadata of an installed package with this head."""
    folder = tmp_path_factory.mktemp("site-packages")
    info = folder / "toy_head-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: toy-head\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(f"[contracode.heads]\nmutates = {__name__}:HEAD\n")
    return folder


def contracode(*arguments: str, path: Path, torch: bool = True) -> str:
    """Run the command line in a new process that finds the package, with or without torch."""
    hidden = "" if torch else "sys.modules['torch'] = None; "
    program = f"import sys; {hidden}from contracode.cli.main import main; sys.exit(main())"
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments],
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": "", "OMP_NUM_THREADS": "1", "PYTHONPATH": f"{ROOT}:{path}"},
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_third_party_head_is_trained_exported_and_evaluated(
    installed: Path, tmp_path: Path, tokenizer: Any
):
    tokenizer.save(tmp_path)
    run, model = str(tmp_path / "run"), str(tmp_path / "model")
    data = [str(path) for path in sorted(SAMPLE.glob("javascript_*.jsonl.gz"))]
    options = ["--model", "none", "--tokenizer", str(tmp_path), "--preset", "tiny", "--quiet"]
    steps = ["--steps", "24", "--set", "learning_rate=0.01", "--set", "encoder_rate=1.0"]
    contracode("finetune", "mutates", *data, "-o", run, *options, *steps, path=installed)
    rows = read_metrics(tmp_path / "run" / "metrics.csv")
    assert rows[-1]["step"] == 24
    contracode("export", run, "-o", model, "--mutates", run, path=installed)
    assert json.loads((tmp_path / "model" / "config.json").read_text())["mutates"]["window"] == 256

    file = tmp_path / "file.js"
    file.write_text("function keep(a) { return a }\n\nfunction change(a) { a.b = 1 }\n")
    arguments = ["predict", "mutates", str(file), "--model", model]
    lines = contracode(*arguments, path=installed, torch=False).splitlines()
    assert [line.split(":")[0].split() for line in lines] == [["1", "keep"], ["3", "change"]]
    assert all("changes an argument" in line for line in lines)
    records = json.loads(contracode(*arguments, "--json", path=installed, torch=False))
    assert [record["line"] for record in records] == [1, 3]

    arguments = ["evaluate", "mutates", "--data", *data, "--model", model, "--json"]
    (figure,) = json.loads(contracode(*arguments, path=installed, torch=False))["figures"]
    assert figure["metric"] == "accuracy"
    assert figure["value"] > 70


def test_unknown_head_of_a_model_is_refused(
    model_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    import shutil

    from contracode.cli.main import main

    shutil.copytree(model_folder, tmp_path / "m")
    config = json.loads((tmp_path / "m" / "config.json").read_text())
    config["mutates"] = {"encoder": "encoder.onnx", "window": 16}
    (tmp_path / "m" / "config.json").write_text(json.dumps(config))
    (tmp_path / "a.js").write_text("let a")
    assert main(["predict", "types", str(tmp_path / "a.js"), "--model", str(tmp_path / "m")]) == 2
    error = capsys.readouterr().err
    assert "config.json: no head 'mutates'; the heads are types, names" in error
    assert error.count("\n") == 1
