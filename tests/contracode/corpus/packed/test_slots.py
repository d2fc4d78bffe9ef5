"""Renaming a stored view puts other pieces in: exactly those of the renamed text, and every name
still means what it meant.
"""

import random
from collections.abc import Iterator, Sequence

import numpy as np
import pytest

import augment
from augment.checking.verify import check
from augment.rewriting.edits import Rewrite
from augment.rewriting.registry import Draw, Transform
from augment.rewriting.semantics import Semantics
from augment.transforms.rename_variables import renamable
from contracode.corpus.packed import rendering, slots
from contracode.corpus.packed.rendering import render_views
from contracode.corpus.packed.slots import (
    KINDS,
    LONGEST,
    StoredView,
    WordEncoder,
    draw_names,
    make_view,
    substitute,
)
from contracode.corpus.storage.readers import read_functions
from contracode.inputs.tokenizer import Tokenizer, train
from contracode.support.config import TokenizerConfig
from contracode.support.errors import InputError
from tests.paths import SAMPLE

FORMS = """export default function (options, {size, deep: {inner} = {}}) {
  const point = {size, inner, x: options};
  ({size} = point);
  let caf\\u00e9 = `${size}$${inner}`, \\u0061bc = café + abc, $ = 1, _1 = $ / size / $;
  return [...point, abc, $, _1, café];
}
import {alpha, beta as gamma} from "m";
const local = alpha + gamma;
export {local, alpha as named};
"""


@pytest.fixture(scope="module")
def programs() -> list[augment.Program]:
    """Every view that packing stores of a part of the sample corpus, and a text with each form of
    occurrence.
    """
    sources = [row.code for row in read_functions([SAMPLE])][::6]
    views = [
        view for source in sources for view in render_views(augment.parse(source), seed=1, copies=2)
    ]
    return [*views, augment.parse(FORMS)]


@pytest.fixture(scope="module", params=["drop", "keep"])
def encoder(request: pytest.FixtureRequest, sources: list[str]) -> WordEncoder:
    return WordEncoder(train(sources, TokenizerConfig(vocab_size=600, layout=request.param)))


def renamed(program: augment.Program, view: StoredView, new: Sequence[str | None]) -> augment.View:
    """What the engine makes of the same new names: told apart by name and kind, in order."""
    named = iter(zip(view.names, view.kinds.tolist(), new, strict=False))

    def rename(program: augment.Program, _draw: Draw) -> Iterator[Rewrite]:
        for binding, kind, *_ in renamable(program):
            if any("\\" in program.text(node) for node in binding.occurrences):
                continue
            old, stored, name = next(named)
            assert (old, KINDS[stored]) == (binding.name, kind)
            if name is not None:
                yield Rewrite(renames=((binding, name),))

    transform = Transform(
        "rename-variables",
        family="names",
        phase="names",
        level=Semantics.OBSERVABLE,
        probability=1.0,
        draws=rename,
    )
    return augment.Pipeline([transform]).view(program)


def test_substituted_pieces_are_those_of_the_renamed_text(
    programs: list[augment.Program], encoder: WordEncoder
):
    num_renamed = num_names = 0
    for number, program in enumerate(programs):
        view = make_view(program, encoder)
        assert view.words.pieces.tolist() == encoder.tokenizer.encode(program.source).ids.tolist()
        for seed in range(2 * number, 2 * number + 2):
            new = draw_names(view, seed)
            text = renamed(program, view, new)
            words = substitute(view, new, encoder)
            assert words.pieces.tolist() == encoder.tokenizer.encode(text.text).ids.tolist()
            expected = encoder.tokenizer.sample(text.text, seed=seed, alpha=0.3).ids
            assert (
                encoder.sample(words, seed=seed, alpha=0.3, length=LONGEST).tolist()
                == expected.tolist()
            )
            assert check(program, text) == []
            given = [name for name in new if name is not None]
            assert len(set(given)) == len(given)
            assert not program.names_used.intersection(given)
            num_renamed += bool(given)
            num_names += len(given)
    assert num_renamed > len(programs)
    assert num_names > 4 * num_renamed


def test_every_form_of_occurrence_is_a_slot(encoder: WordEncoder):
    view = make_view(augment.parse(FORMS), encoder)
    forms = {view.names[binding]: set[int]() for *_, binding, _ in view.slots.tolist()}
    for *_, binding, form in view.slots.tolist():
        forms[view.names[binding]].add(form)
    assert set().union(*forms.values()) == {0, 1, 2, 3}
    assert {"size", "inner", "$", "_1", "local", "alpha", "gamma"} <= forms.keys()
    assert "café" not in forms, "spelled with an escape where it is declared"
    assert "abc" not in forms
    assert {"café", "abc", "x", "deep"} <= set(view.names[len(view.kinds) :])


@pytest.mark.parametrize("wrong", ["taken", "shared"])
def test_a_name_that_is_not_free_is_caught(
    wrong: str, programs: list[augment.Program], encoder: WordEncoder
):
    """What the checks above would say if names were drawn without regard to those that are used."""
    caught = tried = 0
    for program in programs:
        view = make_view(program, encoder)
        new: list[str | None] = [None] * len(view.kinds)
        if wrong == "shared" and len(new) > 1:
            new[:2] = ["both", "both"]
        elif wrong == "taken" and len(new) and program.scopes.unresolved:
            new[0] = program.scopes.name_of(program.scopes.unresolved[0].node)
        else:
            continue
        tried += 1
        caught += check(program, renamed(program, view, new)) != []
    assert tried > 20
    assert caught > 0.5 * tried, "others are in scopes of their own, where the name does no harm"


def test_a_substitution_in_a_wrong_place_is_caught(
    programs: list[augment.Program], encoder: WordEncoder
):
    differ = tried = 0
    for program in programs:
        view = make_view(program, encoder)
        if not len(view.slots):
            continue
        shifted = view._replace(slots=view.slots[:-1])
        new: list[str | None] = ["replacement"] * len(view.kinds)
        pieces = substitute(shifted, new, encoder).pieces.tolist()
        tried += 1
        differ += pieces != encoder.tokenizer.encode(renamed(program, view, new).text).ids.tolist()
    assert differ == tried > 50


def test_only_as_many_pieces_are_made_as_are_needed(
    programs: list[augment.Program], encoder: WordEncoder
):
    for program in programs:
        view = make_view(program, encoder)
        new = draw_names(view, 5)
        whole = substitute(view, new, encoder)
        part = substitute(view, new, encoder, length=20)
        assert part.pieces[:20].tolist() == whole.pieces[:20].tolist()
        assert part.begins[:20].tolist() == whole.begins[:20].tolist()
        sampled = [
            encoder.sample(words, seed=3, alpha=0.1, length=20).tolist() for words in (whole, part)
        ]
        assert sampled[0] == sampled[1]


def test_names_are_drawn_by_their_seed_and_as_often_as_in_the_pipeline(encoder: WordEncoder):
    view = make_view(
        augment.parse("function f(a, b, c) { class D {} function g() {} return [a, b, c, D, g]; }"),
        encoder,
    )
    assert view.names[:5] == ["a", "b", "c", "D", "g"]
    drawn = [draw_names(view, seed) for seed in range(400)]
    assert drawn == [draw_names(view, seed) for seed in range(400)]
    assert 0.19 < np.mean([not any(new) for new in drawn]) < 0.31
    classes = [new[3] for new in drawn if new[3] and len(new[3]) > 3]
    assert classes
    assert all(name[0].isupper() for name in classes)


def test_the_end_of_a_long_view_is_lost(encoder: WordEncoder, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(slots, "LONGEST", 500)
    body = " ".join(f"total = total + {number % 10};" for number in range(120))
    view = make_view(
        augment.parse(f"function f(total, last) {{ {body} let end; return last; }}"), encoder
    )
    assert 480 < len(view.words.pieces) <= 500
    assert view.slots[:, 1].max() <= len(view.words.pieces)
    assert view.names == ["total", "last", "end", "f"], (
        "what is lost counts among the names that are used"
    )
    assert len(view.kinds) == 2
    pieces = substitute(view, ["sum", "other"], encoder).pieces
    expected = encoder.tokenizer.encode(
        f"function f(sum, other) {{ {body.replace('total', 'sum')}"
    ).ids
    common = min(len(pieces), len(expected))
    assert pieces[:common].tolist() == expected[:common].tolist()


def test_a_tokenizer_with_more_pieces_than_16_bits_is_refused(
    tokenizer: Tokenizer, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(Tokenizer, "size", 2**16 + 1)
    with pytest.raises(InputError, match="65,537 pieces"):
        WordEncoder(tokenizer)


def test_runs_of_words_do_not_depend_on_what_is_around_them(encoder: WordEncoder):
    draw = random.Random(0)
    words = ["value", "x1", "(", ");", "\n\t", "é", "▁", "日本", "\x00", "😀=>", "a" * 60]
    for _ in range(200):
        text = "".join(draw.choices(words, k=12))
        assert encoder.encode(text).pieces.tolist() == encoder.tokenizer.encode(text).ids.tolist()


class Broken:
    """A pipeline whose views do not parse."""

    def view(self, program: augment.Program, seed: int, copy: int = 0) -> augment.View:
        whole = augment.Pipeline(["reformat"]).view(program, seed, copy)
        return augment.View("function (", whole.positions, [], [])


def test_what_the_parser_refuses_is_no_view(monkeypatch: pytest.MonkeyPatch):
    program = augment.parse("f( g );")
    for name in ("_unrenamed", "_as_written"):
        monkeypatch.setattr(rendering, name, Broken)
        views = render_views(program, seed=0, copies=3)
        assert views[0].source.replace(b" ", b"") == b"f(g);"
    assert views == [program]
