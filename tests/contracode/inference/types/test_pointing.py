"""Types that a file names: the exported model answers as the module that was trained, on both
spellings and across windows.
"""

from pathlib import Path

import numpy as np
import pytest
import torch
from torch.nn import functional as F

import augment
from contracode.corpus.labels.labelled_file import LabelledFile, TypeLabel
from contracode.encoder.encoders import Encoder
from contracode.export.write import export
from contracode.heads.checkpoint import HeadCheckpoint
from contracode.heads.types.batches import collate
from contracode.heads.types.examples import TypeReading, TypeVocabulary, sections
from contracode.heads.types.head import TypeHead, join_scores
from contracode.heads.types.module import TypeModule
from contracode.heads.types.settings import TypeFacts, TypeFinetuneConfig
from contracode.heads.types.temperature import fit_temperatures
from contracode.inference.model import load
from contracode.inference.types import pointing
from contracode.inference.types.evidence import ShownEvidence, contradicted, unless_all
from contracode.inference.types.features import FORMS, type_names
from contracode.inputs.tokenizer import Tokenizer
from contracode.javascript.typing.targets import find_targets
from contracode.support.provenance import CorpusReference

WINDOW = 48

SOURCES: list[tuple[augment.Language, str]] = [
    (
        "javascript",
        "import { Shape } from 'x';\nclass Größe {}\n"
        + "function f(shape, n) { return new Größe(n) }\n" * 9,
    ),
    (
        "typescript",
        "import { Shape } from 'x';\ninterface string2 { a: Shape }\nconst shapes = [], b = a as "
        "Shape;\n",
    ),
    ("javascript", "let plain = 1"),
]


@pytest.fixture(scope="module")
def checkpoint(encoder: Encoder, tokenizer: Tokenizer) -> HeadCheckpoint:
    torch.manual_seed(5)
    facts = TypeFacts(
        encoder=encoder.config,
        window=WINDOW,
        types=["string", "Shape", "number", "Shape[]"],
        width=16,
        feature_buckets=64,
        pointer_dim=8,
        temperatures=[0.5, 1.0, 1.5, 2.0, 1.0],
        threshold=0.4,
        precision=0.9,
        coverage=0.5,
        splitter="unicode",
        trained_on=[CorpusReference(path="corpus", fingerprint="ab")],
    )
    head = facts.build()
    for weight in head.parameters():
        torch.nn.init.normal_(weight, std=0.5)
    return HeadCheckpoint(facts, encoder, head.eval(), tokenizer)


def test_the_exported_model_answers_as_torch(checkpoint: HeadCheckpoint, tmp_path: Path):
    facts, tokenizer = checkpoint.facts, checkpoint.tokenizer
    manifest = export(
        tmp_path / "m",
        checkpoint.encoder,
        tokenizer,
        name="m",
        window=WINDOW,
        heads=[checkpoint],
        weights="float32",
    )
    assert (manifest.heads["types"].precision, manifest.heads["types"].coverage) == (0.9, 0.5)
    assert manifest.heads["types"].splitter == "unicode"
    assert manifest.heads["types"].corpora == [CorpusReference(path="corpus", fingerprint="ab")]
    model = load(tmp_path / "m")
    assert isinstance(checkpoint.head, TypeHead)
    module = TypeModule(checkpoint.encoder, checkpoint.head, TypeFinetuneConfig(), 1).eval()
    vocabulary = TypeVocabulary(facts.types)
    made = []
    for language, source in SOURCES:
        program = augment.parse(source, language=language)
        targets = find_targets(program)
        labels = [
            TypeLabel(t.kind, t.name, t.span, t.hint_offset, t.occurrences, "string")
            for t in targets
        ]
        file = LabelledFile(repo="r", path="p", language=language, code=source, labels=labels)
        reading = TypeReading(facts.feature_buckets, pointers=True, splitter=facts.splitter)
        (section,) = sections(
            file, tokenizer, vocabulary, window=WINDOW, max_windows=100, reading=reading
        )
        made.append(section)
        with torch.no_grad():
            scores_NS = module.scores(collate([section], pad=tokenizer.pad_id))
        temperature_N = torch.tensor([facts.temperatures[kind] for kind in section.kinds])
        types = [
            *facts.types,
            *(form.format(one.name) for one in type_names(program) for form in FORMS),
        ]
        out_NS = torch.zeros_like(scores_NS, dtype=torch.bool)
        for out_S, target in zip(out_NS, targets, strict=True):
            given = target.return_evidence if target.kind == "return" else None
            shown = ShownEvidence(target.value_kind, given)
            out_S[1:] = torch.from_numpy(unless_all(contradicted(types, shown)))
        is_return_N = torch.tensor([target.kind == "return" for target in targets])
        probability_NS = (scores_NS / temperature_N[:, None]).masked_fill(
            out_NS & is_return_N[:, None], -torch.inf
        )
        probability_NS = probability_NS.softmax(dim=1).masked_fill(out_NS, 0)
        found = model.predict_types(source, language=language, top=100, evidence=False)
        assert len(found) == len(targets)
        for probability_S, prediction in zip(probability_NS, found, strict=True):
            expected = {
                type: float(p) for type, p in zip(types, probability_S[1:], strict=True) if p > 0
            }
            said = {one.type: one.probability for one in prediction.candidates}
            assert said == pytest.approx(expected, abs=1e-4)
            assert len(said) == len(prediction.candidates), "a type is said once"
    # files of a batch do not see each other's names
    with torch.no_grad():
        together_NS = module.scores(collate(made, pad=tokenizer.pad_id))
        alone = [module.scores(collate([section], pad=tokenizer.pad_id)) for section in made]
    widest = together_NS.shape[1]
    expected_NS = torch.cat(
        [F.pad(part, (0, widest - part.shape[1]), value=-torch.inf) for part in alone]
    )
    torch.testing.assert_close(together_NS, expected_NS, atol=1e-4, rtol=1e-4)


def test_joined_scores_are_those_of_numpy_and_sum_what_says_the_same():
    torch.manual_seed(0)
    logits_NV, pointed_NCR = torch.randn(4, 5), torch.randn(4, 2, 3)
    output_CR = torch.tensor([[3, 0, 0], [0, 2, 0]])
    there_NC = torch.ones(4, 2, dtype=torch.bool)
    joined_NS = join_scores(logits_NV, pointed_NCR, there_NC, output_CR.expand(4, 2, 3))
    np.testing.assert_allclose(
        joined_NS.numpy(),
        pointing.join_scores(logits_NV.numpy(), pointed_NCR.numpy(), output_CR.numpy()),
        atol=1e-6,
    )
    plain_NS = torch.cat([logits_NV, pointed_NCR.flatten(1)], dim=1).softmax(dim=1)
    joined_NS = joined_NS.softmax(dim=1)
    torch.testing.assert_close(joined_NS[:, 3], plain_NS[:, 3] + plain_NS[:, 5])
    torch.testing.assert_close(joined_NS[:, 2], plain_NS[:, 2] + plain_NS[:, 9])
    assert (joined_NS[:, 5] == 0).all()


def test_a_new_type_is_learned_by_the_words_that_it_shares(encoder: Encoder, tokenizer: Tokenizer):
    names = ["Runner", "Shape", "User", "Query", "Window", "Parcel", "Driver", "Monitor"]
    vocabulary = TypeVocabulary(["string"])
    reading = TypeReading(64, pointers=True)

    def example(right: str, wrong: str) -> LabelledFile:
        code = f"import {{ {wrong}, {right} }} from 'x';\nfunction f({right.lower()}) {{}}"
        targets = [one for one in find_targets(augment.parse(code)) if one.kind == "parameter"]
        labels = [
            TypeLabel(t.kind, t.name, t.span, t.hint_offset, t.occurrences, right) for t in targets
        ]
        return LabelledFile(repo="r", path=right, code=code, labels=labels)

    def batch(chosen: list[tuple[str, str]]):
        made = [
            section
            for right, wrong in chosen
            for section in sections(
                example(right, wrong),
                tokenizer,
                vocabulary,
                window=WINDOW,
                max_windows=4,
                reading=reading,
            )
        ]
        return collate(made, pad=tokenizer.pad_id)

    torch.manual_seed(0)
    head = TypeHead(
        encoder.config.hidden_width, 16, len(vocabulary), feature_buckets=64, pointer_dim=8
    )
    module = TypeModule(encoder, head, TypeFinetuneConfig(), 1)
    training = batch([(a, b) for a in names[:5] for b in names[:5] if a != b])
    assert (training.label_N >= len(vocabulary)).all()
    optimizer = torch.optim.Adam(head.parameters(), lr=0.03)
    for _ in range(40):
        optimizer.zero_grad()
        F.cross_entropy(module.scores(training), training.label_N).backward()
        optimizer.step()
    module.eval()
    unseen = batch([(a, b) for a in names[5:] for b in names[5:] if a != b])
    assert (module.scores(unseen).argmax(dim=1) == unseen.label_N).all()


def test_kinds_have_temperatures_of_their_own_where_they_differ():
    generator = torch.Generator().manual_seed(0)
    scores_NS = torch.randn(6000, 5, generator=generator)
    label_N = torch.distributions.Categorical(logits=scores_NS).sample()
    kind_N = torch.arange(6000) % 3
    factor_N = torch.tensor([3.0, 1.0, 0.5])[kind_N]
    found = fit_temperatures(scores_NS * factor_N[:, None], label_N, kind_N)
    assert found[:3] == pytest.approx([3, 1, 0.5], rel=0.2)
    same = fit_temperatures(scores_NS[:300] * 2, label_N[:300], torch.zeros(300, dtype=torch.long))
    assert len(set(same)) == 1
