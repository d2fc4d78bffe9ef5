"""Fine-tuning on toy data: learning, resuming, and errors."""

import copy
import csv
from pathlib import Path
from typing import Any

import msgspec
import pytest
import torch

import augment
from contracode.corpus.labels.deeptyper import TypedLine, as_file
from contracode.corpus.labels.labelled_file import LabelledFile, TypeLabel
from contracode.encoder.encoders import Encoder, Projection
from contracode.heads.batches import HeadBatches
from contracode.heads.checkpoint import HeadCheckpoint
from contracode.heads.finetune import finetune
from contracode.heads.names.piece_decoder import PieceDecoder
from contracode.heads.names.piece_examples import piece_example
from contracode.heads.names.settings import NameFinetuneConfig
from contracode.heads.types.batches import collate
from contracode.heads.types.examples import OTHER, TypeVocabulary, sections
from contracode.heads.types.head import TypeHead
from contracode.heads.types.module import TypeModule
from contracode.heads.types.settings import TypeFinetuneConfig
from contracode.inference.names.naming import NameVocabulary
from contracode.inputs import windows
from contracode.inputs.tokenizer import Tokenizer
from contracode.javascript.typing.targets import find_targets
from contracode.support.errors import InputError

TYPE_OF = {"n": "number", "count": "number", "s": "string", "text": "string", "x": "any"}


def labelled(code: str, path: str = "a.ts") -> LabelledFile:
    labels = [
        TypeLabel(
            target.kind,
            target.name,
            target.span,
            target.hint_offset,
            target.occurrences,
            TYPE_OF[target.name],
        )
        for target in find_targets(augment.parse(code))
        if target.name in TYPE_OF
    ]
    return LabelledFile(repo="r", path=path, code=code, labels=labels)


def toy(number: int) -> list[LabelledFile]:
    names = [("n", "text"), ("count", "s"), ("n", "s"), ("count", "text"), ("x", "n")]
    return [
        labelled(
            f"function f{i}(a, {first}) {{ let {second} = a[{i}]; return {first} + {second} }}",
            f"{i}.ts",
        )
        for i in range(number)
        for first, second in [names[i % len(names)]]
    ]


def common(**settings: object) -> dict[str, Any]:
    """Return settings common to all heads."""
    toy = {"epochs": 4, "batch_size": 8, "window": 48, "learning_rate": 0.01, "dropout": 0.1}
    return toy | settings


CONFIG = TypeFinetuneConfig(**common(), max_windows=2, min_count=2)


def changed(**settings: object) -> TypeFinetuneConfig:
    return msgspec.structs.replace(CONFIG, **settings)


def fresh(encoder: Encoder) -> Encoder:
    return copy.deepcopy(encoder)


def metrics(run: Path) -> list[dict[str, str]]:
    with (run / "metrics.csv").open() as file:
        return list(csv.DictReader(file))


def test_vocabulary_excludes_any_and_rare_types():
    files = [*toy(10), labelled("let n = f()")]
    files[-1].labels[0] = TypeLabel("variable", "n", (4, 5), 5, ((4, 5),), "Rare")
    vocabulary = TypeVocabulary.of_files(files, size=10, min_count=2)
    assert set(vocabulary.types) == {"number", "string"}
    assert vocabulary.output("Rare") == vocabulary.output("any") == OTHER
    assert vocabulary.output(vocabulary.types[0]) == 1
    assert len(TypeVocabulary.of_files(files, size=1, min_count=1).types) == 1


def test_batch_of_sections_equals_single_sections(tokenizer: Tokenizer, encoder: Encoder):
    code = "\n".join(f"function f{i}(n, text) {{ return n * {i} + text }}" for i in range(12))
    file = labelled(f"// größe 漢字\n{code}")
    vocabulary = TypeVocabulary(["number", "string"])
    found = [
        s
        for f in (file, *toy(2))
        for s in sections(f, tokenizer, vocabulary, window=48, max_windows=2)
    ]
    assert len(found) > 3
    assert sum(len(section.labels) for section in found) >= 24
    batch = collate(found, pad=tokenizer.pad_id)
    torch.manual_seed(0)
    module = TypeModule(encoder, TypeHead(encoder.config.dimension, 8, 3).eval(), CONFIG, 1)
    with torch.no_grad():
        logits_NV = module.scores(batch)
        alone = [module.scores(collate([section], pad=tokenizer.pad_id)) for section in found]
    torch.testing.assert_close(logits_NV, torch.cat(alone), atol=1e-5, rtol=1e-4)
    # the first covered piece is the first piece of the first labelled name
    encoding = tokenizer.encode(file.code)
    first = found[0]
    (row, column) = first.covered_P2[0]
    assert (
        first.rows[row][column]
        == encoding.ids[windows.pieces_of(encoding.spans, file.labels[0].occurrences[0])][0]
    )


def test_types_are_learned(tokenizer: Tokenizer, encoder: Encoder, tmp_path: Path):
    found = finetune(
        fresh(encoder), tokenizer, toy(40), toy(10), tmp_path / "run", CONFIG, progress=False
    )
    rows = metrics(tmp_path / "run")
    assert [row["epoch"] for row in rows] == ["1", "2", "3", "4"]
    assert float(rows[-1]["valid/loss"]) < float(rows[0]["valid/loss"])
    assert max(float(row["valid/acc@1"]) for row in rows) > 0.9
    assert set(found.facts.types) == {"number", "string"}
    assert found.facts.splitter == "unicode"
    assert all(0.19 < temperature < 10.1 for temperature in found.facts.temperatures)
    assert 0 < found.facts.threshold <= 1
    assert not list(tmp_path.glob("run/.*"))


def test_sources_and_tokens_are_learned_together(
    tokenizer: Tokenizer, encoder: Encoder, tmp_path: Path
):
    def tokens(number: int) -> list[LabelledFile]:
        lines = [["let", "n", "=", "s", ";"], ["if", "(", "s", ")", "n"]]
        types = [
            [
                "O" if len(t) > 1 or not t.isalpha() else {"n": "$flag$", "s": "$text$"}[t]
                for t in line
            ]
            for line in lines
        ]
        return [as_file(TypedLine(lines[i % 2], types[i % 2], i), "lines") for i in range(number)]

    mixed, asked = [*toy(30), *tokens(30)], [*toy(10), *tokens(10)]
    config = changed(
        uses_encoder=False, feature_buckets=256, pointer_dim=0, width=12, epochs=6, min_repos=1
    )
    found = finetune(
        fresh(encoder), tokenizer, mixed, asked, tmp_path / "both", config, progress=False
    )
    assert float(metrics(tmp_path / "both")[-1]["valid/acc@1"]) > 0.9
    assert set(found.facts.types) == {"number", "string", "flag", "text"}
    assert found.facts.width == 12
    # editors show types of sources alone, so tokens do not change the threshold
    alike = [*toy(10), *(f for f in tokens(200) if f.labels)]
    again = finetune(
        fresh(encoder), tokenizer, mixed, alike, tmp_path / "more", config, progress=False
    )
    assert (again.facts.precision, again.facts.coverage) == (
        found.facts.precision,
        found.facts.coverage,
    )


@pytest.mark.parametrize("freeze", [True, False])
def test_frozen_encoder_does_not_change(
    tokenizer: Tokenizer, encoder: Encoder, tmp_path: Path, freeze: bool
):
    config = changed(freeze=freeze, epochs=1)
    found = finetune(
        fresh(encoder), tokenizer, toy(10), toy(5), tmp_path / "run", config, progress=False
    )
    before, after = encoder.state_dict(), found.encoder.state_dict()
    assert all(torch.equal(before[name], after[name]) for name in before) == freeze


class Killed(Exception):
    pass


def test_killed_run_resumes_exactly(
    tokenizer: Tokenizer, encoder: Encoder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    config = changed(epochs=3)
    whole = finetune(
        fresh(encoder), tokenizer, toy(30), toy(10), tmp_path / "whole", config, progress=False
    )
    step = TypeModule.training_step

    def killed(self: TypeModule, batch, index: int):
        if self.current_epoch == 2 and index == 1:
            raise Killed
        return step(self, batch, index)

    with monkeypatch.context() as patch:
        patch.setattr(TypeModule, "training_step", killed)
        with pytest.raises(Killed):
            finetune(
                fresh(encoder),
                tokenizer,
                toy(30),
                toy(10),
                tmp_path / "cut",
                config,
                progress=False,
            )
    assert len(metrics(tmp_path / "cut")) == 2
    resumed = finetune(
        fresh(encoder),
        tokenizer,
        toy(30),
        toy(10),
        tmp_path / "cut",
        config,
        resume=True,
        progress=False,
    )
    assert metrics(tmp_path / "cut") == metrics(tmp_path / "whole")
    assert resumed.facts == whole.facts
    for part in ("encoder", "head"):
        expected = getattr(whole, part).state_dict()
        for name, weight in getattr(resumed, part).state_dict().items():
            torch.testing.assert_close(weight, expected[name], rtol=0, atol=0)


def test_run_that_ends_within_an_epoch_is_validated(
    tokenizer: Tokenizer, encoder: Encoder, tmp_path: Path
):
    config = changed(steps=2)
    found = finetune(
        fresh(encoder), tokenizer, toy(30), toy(5), tmp_path / "run", config, progress=False
    )
    assert [row["step"] for row in metrics(tmp_path / "run")] == ["2"]
    assert found.facts.task == "types"


def test_resumed_run_keeps_its_last_validation(
    tokenizer: Tokenizer, encoder: Encoder, tmp_path: Path
):
    run = tmp_path / "run"
    finetune(fresh(encoder), tokenizer, toy(30), toy(5), run, changed(steps=2), progress=False)
    row = metrics(run)[0]
    state = torch.load(run / "last.ckpt", weights_only=True)["callbacks"]["Record"]
    assert state["validated"] == int(row["step"]) == 2
    finetune(
        fresh(encoder),
        tokenizer,
        toy(30),
        toy(5),
        run,
        changed(steps=5),
        resume=True,
        progress=False,
    )
    assert row.items() <= metrics(run)[0].items()
    assert len(metrics(run)) > 1


@pytest.mark.parametrize(
    ("file", "content", "message"),
    [
        ("head.safetensors", b"cut short", r"head\.safetensors: is not a file of safetensors"),
        ("head.safetensors", None, r"head\.safetensors: "),
        ("head.json", b'{"task": "\xff"}', r"head\.json: "),
    ],
)
def test_broken_best_checkpoint_is_refused(
    file: str, content: bytes | None, message: str, type_head: HeadCheckpoint, tmp_path: Path
):
    (tmp_path / "best").mkdir()
    type_head.save(tmp_path / "best")
    (tmp_path / "best" / file).unlink()
    if content is not None:
        (tmp_path / "best" / file).write_bytes(content)
    with pytest.raises(InputError, match=message):
        HeadCheckpoint.load(tmp_path)


def test_folder_with_other_files_is_refused(tokenizer: Tokenizer, encoder: Encoder, tmp_path: Path):
    (tmp_path / "notes.md").write_text("mine")
    with pytest.raises(InputError, match="holds other files, such as notes"):
        finetune(fresh(encoder), tokenizer, toy(12), toy(4), tmp_path, CONFIG, progress=False)
    assert [path.name for path in tmp_path.iterdir()] == ["notes.md"]
    # a run that is killed before its first validation leaves only its settings
    (tmp_path / "notes.md").rename(tmp_path / "config.toml")
    finetune(
        fresh(encoder), tokenizer, toy(12), toy(4), tmp_path, changed(epochs=1), progress=False
    )


@pytest.mark.parametrize("settings", [{}, {"steps": 1}, {"batch_size": 1000, "epochs": 1}])
def test_infinite_loss_ends_the_run(
    settings: dict[str, object], tokenizer: Tokenizer, encoder: Encoder, tmp_path: Path
):
    config = changed(learning_rate=1e30, warmup=0.0, **settings)
    with pytest.raises(InputError, match=r"is -?(nan|inf) at step \d; lower learning_rate; "):
        finetune(
            fresh(encoder), tokenizer, toy(30), toy(5), tmp_path / "run", config, progress=False
        )


@pytest.fixture(scope="module")
def short(tokenizer: Tokenizer, encoder: Encoder, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished run of one epoch."""
    run = tmp_path_factory.mktemp("short") / "run"
    finetune(fresh(encoder), tokenizer, toy(12), toy(4), run, changed(epochs=1), progress=False)
    return run


def swapped(number: int) -> list[LabelledFile]:
    """Return toy files with the types of names swapped, so that outputs have another order."""
    other = {"number": "string", "string": "number", "any": "any"}
    files = toy(number)
    for file in files:
        file.labels = [
            msgspec.structs.replace(label, type=other[label.type]) for label in file.labels
        ]
    return files


@pytest.mark.parametrize(
    ("settings", "files", "message"),
    [
        ({}, swapped(12), "the data are not those that the run began with"),
        ({}, toy(13), "the data are not those that the run began with"),
        ({"pointer_dim": 0}, toy(12), "pointer_dim cannot change: the run has 64"),
        ({"freeze": True}, toy(12), "freeze cannot change: the run has false"),
        ({"task": "names"}, toy(12), 'task cannot change: the run has "types"'),
        ({"learning_rate": 1.0}, toy(12), r"learning_rate cannot change: the run has 0\.01"),
    ],
)
def test_data_and_settings_cannot_change_on_resume(
    settings: dict[str, object],
    files: list[LabelledFile],
    message: str,
    short: Path,
    tokenizer: Tokenizer,
    encoder: Encoder,
):
    before = {path.name: path.read_bytes() for path in short.iterdir() if path.is_file()}
    config = changed(**{"epochs": 2, **settings})
    with pytest.raises(InputError, match=message):
        finetune(
            fresh(encoder), tokenizer, files, toy(4), short, config, resume=True, progress=False
        )
    assert {path.name: path.read_bytes() for path in short.iterdir() if path.is_file()} == before


def test_checkpoint_of_another_shape_is_refused(
    short: Path, tokenizer: Tokenizer, encoder: Encoder, tmp_path: Path
):
    def resumed() -> None:
        finetune(
            fresh(encoder),
            tokenizer,
            toy(12),
            toy(4),
            tmp_path,
            changed(epochs=2),
            resume=True,
            progress=False,
        )

    for name in ("config.toml", "metrics.csv", "last.ckpt"):
        (tmp_path / name).write_bytes((short / name).read_bytes())
    whole = torch.load(tmp_path / "last.ckpt", weights_only=True)
    (tmp_path / "last.ckpt").write_bytes((short / "last.ckpt").read_bytes()[:3000])
    with pytest.raises(InputError, match=r"last\.ckpt: is not a checkpoint"):
        resumed()
    name = next(iter(whole["state_dict"]))
    torch.save(
        {**whole, "state_dict": {**whole["state_dict"], name: torch.zeros(3)}},
        tmp_path / "last.ckpt",
    )
    with pytest.raises(InputError, match=r"last\.ckpt: a checkpoint of another shape"):
        resumed()
    del whole["contracode"]  # as in a run of an older version
    torch.save(whole, tmp_path / "last.ckpt")
    resumed()
    assert len(metrics(tmp_path)) == 2


def test_names_are_learned(tokenizer: Tokenizer, encoder: Encoder, tmp_path: Path):
    functions = [
        (f"function {name}(a) {{ {body}; return {i} }}", "")
        for i in range(24)
        for name, body in [("add", "a += 1"), ("size", "a = a.length"), ("walk", "walk(a.left)")]
    ]
    config = NameFinetuneConfig(**common(epochs=6), decoder="pieces", layers=1)
    found = finetune(
        fresh(encoder),
        tokenizer,
        functions,
        functions[:6],
        tmp_path / "run",
        config,
        progress=False,
    )
    rows = metrics(tmp_path / "run")
    assert float(rows[-1]["valid/loss"]) < 0.5 * float(rows[0]["valid/loss"])
    assert isinstance(found.head, PieceDecoder)
    assert len(found.facts.pieces) + 1 == found.head.outputs.num_embeddings
    assert isinstance(HeadCheckpoint.load(tmp_path / "run").head, PieceDecoder)


def test_functions_without_a_legal_name_are_skipped(tokenizer: Tokenizer):
    vocabulary = NameVocabulary.of_tokenizer(tokenizer)

    def example(source: str, name: str = ""):
        return piece_example(source, name, tokenizer, vocabulary, window=16, max_pieces=4)

    assert example("function (") is None
    assert example("let a = 1") is None
    assert example("x.map(function (y) { return y })") is None
    assert example("function f(a) { return a }", "not a name") is None
    found = example("exports.load = function (path) { return load(path) }", "exports.load")
    assert found is not None
    assert list(found.pieces).count(tokenizer.mask_id) == 1
    assert len(found.pieces) <= 16


def test_batches_depend_on_seed_and_epoch_alone():
    def batches(seed: int) -> HeadBatches:
        return HeadBatches(
            range(20), [], cost=lambda i: 1 + i % 3, collate=list, batch_size=5, seed=seed
        )

    drawn = batches(1).drawn(3)
    assert drawn == batches(1).drawn(3)
    assert drawn != batches(1).drawn(4)
    assert drawn != batches(2).drawn(3)
    assert sorted(i for batch in drawn for i in batch) == list(range(20))
    assert all(sum(1 + i % 3 for i in batch) <= 5 for batch in drawn)


def test_data_without_labels_is_refused(tokenizer: Tokenizer, encoder: Encoder, tmp_path: Path):
    with pytest.raises(InputError, match="no type occurs"):
        finetune(fresh(encoder), tokenizer, [], toy(3), tmp_path / "run", CONFIG, progress=False)
    with pytest.raises(InputError, match="no typed name"):
        finetune(fresh(encoder), tokenizer, toy(10), [], tmp_path / "run", CONFIG, progress=False)
    config, nothing = NameFinetuneConfig(**common()), [("let a", "")]
    with pytest.raises(InputError, match="training split"):
        finetune(fresh(encoder), tokenizer, nothing, [], tmp_path / "run", config, progress=False)


def test_type_head_starts_from_projection_head(
    tokenizer: Tokenizer, encoder: Encoder, tmp_path: Path
):
    projection = Projection(encoder.config.dimension, 24, 8)
    config = changed(epochs=1, learning_rate=1e-9)
    found = finetune(
        fresh(encoder),
        tokenizer,
        toy(6),
        toy(3),
        tmp_path / "run",
        config,
        projection=projection,
        progress=False,
    )
    assert isinstance(found.head, TypeHead)
    pooled_ND = torch.randn(4, encoder.config.dimension)
    torch.testing.assert_close(
        found.head.norm(found.head.mean(pooled_ND)),
        projection.first_norm(projection.first(pooled_ND)),
        atol=1e-4,
        rtol=0,
    )


def test_checkpoint_of_another_version_is_refused(tmp_path: Path):
    (tmp_path / "best").mkdir()
    (tmp_path / "best" / "head.json").write_text('{"task": "types", "temperature": 1}')
    with pytest.raises(InputError, match=r"best/head\.json: .*another version"):
        HeadCheckpoint.load(tmp_path)
