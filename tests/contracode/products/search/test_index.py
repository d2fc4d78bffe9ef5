"""The index: what is in it, that only what changed is embedded, that it is kept whole or not at
all.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from contracode.inference.bag_model import load_bags
from contracode.products.search.functions import functions_of, words
from contracode.products.search.index import Index, IndexReport, run, update
from contracode.products.search.ranking import by_text, by_words, nearest
from contracode.products.search.sketches import SIZE, overlap, sketch
from contracode.products.search.store import cached_path, read, refresh, write
from contracode.support.errors import InputError

Workspace = Callable[..., Path]

SUM = "function sum(list) { let total = 0; for (const one of list) total += one; return total }\n"
RENAMED = "function addUp(values) { let all = 0; for (const v of values) all += v; return all }\n"
JOIN = (
    "const join = (parts, by) => { let text = ''; parts.forEach(p => { text += p + by }); return "
    "text }\n"
)
GETTER = "function get() { return 1 }\n"


def named(index: Index) -> list[tuple[str, str]]:
    return [(path, function.name) for path, function in index.places]


def test_what_is_in_it(workspace: Workspace, model: Any) -> None:
    root = workspace(
        {
            "b.js": SUM + GETTER,
            "a/c.ts": "const join = (parts: string[]): string => { let t = ''; for (const p of parts) t += p; return t }",
            "broken.js": "function (",
            "node_modules/x/index.js": SUM,
            "dist/out.js": SUM,
            "a.min.js": SUM,
            "secret.js": SUM,
            ".gitignore": "secret.js\n",
            "long.js": f"function long(a, b, c, d) {{ {'a += b * c;' * 4_000} }}",
        }
    )
    report = IndexReport()
    index = run(update(root, model, report=report))
    assert named(index) == [("b.js", "sum"), ("a/c.ts", "join")]
    assert report.left_out == {
        "fewer than 10 tokens": 1, "does not parse": 1, "generated": 1, "minified": 2, "ignored": 1,
    }  # fmt: skip
    first = index.places[0].function
    assert (first.line, first.end_line, first.start, first.end) == (1, 1, 0, len(SUM) - 1)
    np.testing.assert_allclose(
        np.linalg.norm(index.vectors_ND.astype(np.float32), axis=1), 1, atol=1e-3
    )


def test_functions_that_are_too_long_are_counted(workspace: Workspace, model: Any) -> None:
    root = workspace({"a.js": "function long(a, b, c, d) {\n" + "  a += b * c;\n" * 3_000 + "}"})
    report = IndexReport()
    assert len(run(update(root, model, report=report))) == 0
    assert report.left_out == {"over 32768 bytes": 1}


def test_only_what_changed_is_embedded(workspace: Workspace, model: Any, tmp_path: Path) -> None:
    root = workspace({"a.js": SUM + JOIN, "b.js": RENAMED})
    kept = tmp_path / "index"
    first = run(refresh(root, model, path=kept))
    assert len(model.embedded) == len(first) == 3
    written = kept.stat().st_mtime_ns

    same = run(refresh(root, model, path=kept))
    assert len(model.embedded) == 3
    assert kept.stat().st_mtime_ns == written
    assert same.files == first.files

    # one function moved and one changed; a copy has the vector of what it copies; a file is gone
    (root / "a.js").write_text("// moved\n" + JOIN + SUM.replace("total = 0", "total = 1"))
    (root / "b.js").unlink()
    (root / "c.js").write_text(JOIN)
    index = run(refresh(root, model, path=kept))
    assert len(model.embedded) == 4
    assert named(index) == [("a.js", "join"), ("a.js", "sum"), ("c.js", "join")]
    assert index.places[0].function.line == 2
    fresh = run(update(root, model))
    assert fresh.files == index.files
    np.testing.assert_array_equal(fresh.vectors_ND, index.vectors_ND)


def test_another_model_embeds_all_again(workspace: Workspace, model: Any, tmp_path: Path) -> None:
    root = workspace({"a.js": SUM})
    run(refresh(root, model, path=tmp_path / "index"))
    model.fingerprint = "other"
    report = IndexReport()
    run(refresh(root, model, path=tmp_path / "index", report=report))
    assert report.embedded == 1


def test_a_damaged_or_foreign_file_counts_as_absent(
    workspace: Workspace, model: Any, tmp_path: Path
) -> None:
    root, kept = workspace({"a.js": SUM}), tmp_path / "index"
    index = run(refresh(root, model, path=kept))
    assert read(kept, root, "words") is not None
    assert read(kept, tmp_path, "words") is None
    assert read(kept, root, "other") is None
    content = kept.read_bytes()
    for damaged in (
        b"",
        b"{}",
        content[:40],
        content[:-7],
        b"\xff" * 100,
        content.replace(b"vectors", b"vektors"),
    ):
        kept.write_bytes(damaged)
        assert read(kept, root, "words") is None
    write(index, kept)
    assert read(kept, root, "words") is not None


def test_a_stop_between_steps_leaves_what_was_kept(
    workspace: Workspace, model: Any, tmp_path: Path
) -> None:
    root, kept = workspace({"a.js": SUM}), tmp_path / "index"
    run(refresh(root, model, path=kept))
    before = kept.read_bytes()
    (root / "b.js").write_text(JOIN)
    steps = refresh(root, model, path=kept)
    assert next(steps).files == 1
    steps.close()
    assert kept.read_bytes() == before


def test_a_file_that_changes_meanwhile_waits_for_the_next_update(
    workspace: Workspace, model: Any
) -> None:
    root = workspace({"a.js": SUM, "b.js": JOIN, "c.js": RENAMED})
    steps = update(root, model)
    for _ in range(3):  # all are scanned
        assert next(steps).total is None
    (root / "a.js").write_text("// changed\n" + SUM)
    (root / "b.js").unlink()
    index = run(steps)
    assert named(index) == [("c.js", "addUp")]
    assert named(run(update(root, model, index))) == [("a.js", "sum"), ("c.js", "addUp")]


def test_the_cache_is_outside_the_workspace(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    one, two = cached_path(tmp_path / "one", "m"), cached_path(tmp_path / "two", "m")
    assert one != two
    assert cached_path(tmp_path / "one", "n") != one
    assert cached_path(tmp_path / "two" / ".." / "one", "m") == one


def test_no_such_folder_and_a_place_that_cannot_be_written(
    workspace: Workspace, model: Any, tmp_path: Path
) -> None:
    with pytest.raises(InputError, match="no such folder"):
        run(update(tmp_path / "none", model))
    root = workspace({"a.js": SUM})
    with pytest.raises(InputError, match="the index cannot be written"):
        run(refresh(root, model, path=root / "a.js" / "index"))


def test_an_empty_folder_has_an_index(tmp_path: Path, model: Any) -> None:
    index = run(refresh(tmp_path, model, path=tmp_path / "index"))
    assert len(index) == 0
    assert by_words(index, "sum", 3) == []
    assert read(tmp_path / "index", tmp_path, "words") is not None


def test_nearest(workspace: Workspace, model: Any) -> None:
    index = run(update(workspace({"a.js": JOIN, "b.js": SUM, "c.js": RENAMED}), model))
    sum_ = index.places[1].function
    (vector_D,) = model.embed([SUM[:-1]], language="javascript", batch_size=1)
    found = nearest(index, vector_D, sum_.sketch, 3)
    assert [one.place.function.name for one in found] == ["sum", "addUp", "join"]
    assert found[0].score == pytest.approx(1, abs=2e-3)
    assert found[1].score > 0.6 > found[2].score
    assert [
        one.place.path
        for one in nearest(index, vector_D, sum_.sketch, 1, wanted=lambda p: p.path != "b.js")
    ] == ["c.js"]


def test_texts_are_found_by_meaning_and_by_words(workspace: Workspace, model: Any) -> None:
    folder = workspace({"a.js": JOIN, "b.js": SUM, "test/b.test.js": SUM.replace("sum", "sum2")})
    index = run(update(folder, model))
    bags = load_bags()
    names = [one.place.function.name for one in by_text(index, "sum of numbers", 9, bags)]
    assert names[0] == "sum"
    assert names.index("sum") < names.index("sum2")
    learned = by_text(index, "concatenate", 9, bags)
    assert not by_words(index, "concatenate", 9)
    assert learned[0].place.function.name == "join"
    assert by_text(index, "?!", 9, bags) == []


def test_words_are_found_in_names_code_and_documentation(workspace: Workspace, model: Any) -> None:
    index = run(
        update(
            workspace(
                {"a.js": JOIN + SUM, "b.js": "/** Parses a date. */\n" + RENAMED, "c.js": GETTER}
            ),
            model,
        )
    )
    assert [one.place.function.name for one in by_words(index, "parse dates", 9)] == ["addUp"]
    assert [one.place.function.name for one in by_words(index, "join text", 9)] == ["join"]
    assert [one.place.function.name for one in by_words(index, "total", 9)] == ["sum"]
    assert by_words(index, "?!", 9) == []
    assert by_words(index, "unheard", 9) == []
    assert list(words("parseHTTPDates snake_case x2 Größen class")) == [
        "parse",
        "http",
        "date",
        "snake",
        "case",
        "größen",
        "class",
    ]


def test_sketches_tell_how_much_two_functions_share() -> None:
    one = [f"t{number}" for number in range(202)]
    for shared in (0, 50, 100, 150, 200):
        two = one[: shared + 2] + [f"u{number}" for number in range(200 - shared)]
        expected = shared / (400 - shared)
        pair = [np.frombuffer(sketch(tokens), np.uint8) for tokens in (one, two)]
        assert len(pair[0]) == SIZE
        assert overlap(pair[0], pair[1][None]) == pytest.approx(expected, abs=0.12)
    assert (
        sketch(["\x010", "=", "\x011"])
        == sketch(["\x015", "=", "\x012"])
        != sketch(["a", "=", "\x011"])
    )
    assert len(sketch([])) == SIZE


def test_a_name_does_not_change_the_sketch() -> None:
    from collections import Counter

    (one, two) = (
        next(functions_of(text.encode(), "javascript", Counter()))[0] for text in (SUM, RENAMED)
    )
    assert one.sketch == two.sketch
    assert one.syntax == two.syntax
    assert one.text != two.text
