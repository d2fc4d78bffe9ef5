"""A tiny model with untrained weights, exported once for all tests that load a folder, and a small
corpus.
"""

import json
from pathlib import Path

import pytest
import torch

import augment
from contracode.encoder.encoders import Encoder
from contracode.export.write import export
from contracode.heads.checkpoint import HeadCheckpoint
from contracode.heads.names.settings import NameFacts
from contracode.heads.types.settings import TypeFacts
from contracode.inference.model import Model, load
from contracode.inference.names.naming import NameVocabulary
from contracode.inputs.tokenizer import Tokenizer, train
from contracode.javascript.records import KINDS
from contracode.support.config import EncoderConfig, TokenizerConfig
from tests.paths import SAMPLE

WINDOW = 48

TYPES = ["string", "number", "boolean", "string[]", "Größe"]


@pytest.fixture(scope="session", autouse=True)
def one_thread() -> None:
    torch.set_num_threads(1)


@pytest.fixture(scope="session")
def sources() -> list[str]:
    return [path.read_text("utf-8") for path in sorted((SAMPLE / "javascript").rglob("*.js"))]


@pytest.fixture(scope="session")
def toy_corpus(tmp_path_factory: pytest.TempPathFactory, sources: list[str]) -> Path:
    """Forty functions, half of them documented, one of which does not parse."""
    path = tmp_path_factory.mktemp("corpus") / "functions.jsonl"
    programs = map(augment.parse, sources)
    functions = [
        program.text(function.node) for program in programs for function in program.functions
    ]
    chosen = [text for text in functions if 100 < len(text) < 600][::3][:40]
    chosen[7] = "function ("
    path.write_text(
        "".join(
            json.dumps({"code": source, "docstring": f"Does thing {number}." * (number % 2)}) + "\n"
            for number, source in enumerate(chosen)
        )
    )
    return path


@pytest.fixture(scope="session")
def tokenizer(sources: list[str]) -> Tokenizer:
    return train(sources, TokenizerConfig(vocab_size=800))


@pytest.fixture(scope="session")
def encoder(tokenizer: Tokenizer) -> Encoder:
    torch.manual_seed(0)
    return Encoder(
        EncoderConfig(vocab_size=tokenizer.size, dimension=32, layers=1, heads=2, feedforward=64)
    ).eval()


@pytest.fixture(scope="session")
def type_head(encoder: Encoder, tokenizer: Tokenizer) -> HeadCheckpoint:
    torch.manual_seed(1)
    facts = TypeFacts(
        encoder=encoder.config,
        window=WINDOW,
        types=TYPES,
        width=16,
        temperatures=[0.5] * len(KINDS),
        threshold=0.3,
    )
    return HeadCheckpoint(facts, encoder, facts.build().eval(), tokenizer)


@pytest.fixture(scope="session")
def name_head(encoder: Encoder, tokenizer: Tokenizer) -> HeadCheckpoint:
    torch.manual_seed(2)
    pieces = NameVocabulary.of_tokenizer(tokenizer).pieces
    facts = NameFacts(encoder=encoder.config, window=WINDOW, pieces=pieces, max_pieces=3, layers=1)
    return HeadCheckpoint(facts, encoder, facts.build().eval(), tokenizer)


@pytest.fixture(scope="session")
def model_folder(
    tmp_path_factory: pytest.TempPathFactory,
    encoder: Encoder,
    tokenizer: Tokenizer,
    type_head: HeadCheckpoint,
    name_head: HeadCheckpoint,
) -> Path:
    folder = tmp_path_factory.mktemp("models") / "tiny"
    export(
        folder,
        encoder,
        tokenizer,
        name="tiny",
        window=WINDOW,
        heads=[type_head, name_head],
        weights="float32",
    )
    return folder


@pytest.fixture(scope="session")
def model(model_folder: Path) -> Model:
    return load(model_folder)
