"""The edited function is found by what was known, and only what is new in it is taken from its own
text.
"""

import augment
from contracode.javascript.records import Candidate, TypePrediction
from contracode.javascript.typing.targets import find_targets
from lsp_server.protocol.documents import Edit
from lsp_server.services.edited_function import LONGEST, around, merge, text_of, touch
from lsp_server.services.moved_predictions import move

SOURCE = """\
class A {
  /** @param {string} written */
  constructor(written, 𝒳) { this.field = 𝒳 }
}
var outer = function (list) {
  return list.map(item => { var inner = item; return inner })
}
"""


def predict(source: str, *, type: str) -> list[TypePrediction]:
    return [
        TypePrediction(
            t.kind,
            t.name,
            t.span,
            t.hint_offset,
            (Candidate(type, 1.0),),
            t.written,
            t.obvious,
            t.function,
        )
        for t in find_targets(augment.parse(source))
    ]


def after(at: str, text: str) -> tuple[str, list[TypePrediction], tuple[int, int]]:
    """Insert `text` before `at`: the source, what was known of it, and what was touched."""
    start = len(SOURCE[: SOURCE.index(at)].encode())
    edit = Edit(start, start, text)
    known = [moved for p in predict(SOURCE, type="old") if (moved := move(p, edit)) is not None]
    return SOURCE.replace(at, text + at, 1), known, touch(None, edit)


def place(p: TypePrediction) -> tuple[object, ...]:
    return p.kind, p.name, p.span, p.hint_offset, p.written, p.obvious, p.function


def again(
    source: str, known: list[TypePrediction], touched: tuple[int, int]
) -> list[TypePrediction]:
    region = around(known, touched)
    assert region is not None
    return merge(known, predict(text_of(source, region), type="new"), region)


def test_a_new_name_gets_what_its_function_says_and_the_others_keep_theirs() -> None:
    for at, text, expected in (
        (") {", ", added", {"added"}),  # of the constructor
        (" item;", " item, more =", {"more"}),
        ("return list", "var one = list, two = list\n  ", {"one", "two"}),
    ):
        source, known, touched = after(at, text)
        found = again(source, known, touched)
        assert {p.name for p in found if p.candidates[0].type == "new"} == expected, at
        exact = predict(source, type="old")
        assert len(found) == len(exact)
        assert set(map(place, found)) == set(map(place, exact)), at


def test_a_name_that_is_gone_and_one_that_became_obvious() -> None:
    source, known, touched = after(" item;", " 1 +")
    assert {p.name for p in again(source, known, touched)} == {
        p.name for p in predict(SOURCE, type="old")
    }
    start = SOURCE.encode().index(b"var inner = item;")
    for text, names in (("var inner = 1;", {"inner"}), ("inner = item;", set[str]())):
        edit = Edit(start, start + len("var inner = item;"), text)
        known = [moved for p in predict(SOURCE, type="old") if (moved := move(p, edit)) is not None]
        source = SOURCE.replace("var inner = item;", text)
        found = [
            p
            for p in again(source, known, touch(None, edit))
            if p.kind == "variable" and p.name != "outer"
        ]
        assert {p.name for p in found} == names
        assert all(p.obvious for p in found)


def test_the_smallest_function_around_all_edits() -> None:
    known = predict(SOURCE, type="old")
    data = SOURCE.encode()
    inner = data.index(b"inner =")
    assert around(known, (inner, inner)) == (data.index(b"item =>"), data.index(b"})\n") + 1)
    whole = (data.index(b"function (list)"), len(data) - 1)
    assert around(known, (data.index(b"list.map"), inner)) == whole
    assert around(known, whole) is None  # from its first byte on
    assert around(known, (0, inner)) is None
    assert around([], (inner, inner)) is None


def test_a_long_function_is_not_predicted_by_itself() -> None:
    source = f"function f(a) {{ {'g();' * (LONGEST // 4)} return a }}"
    assert around(predict(source, type="old"), (12, 12)) is None


def test_edits_one_after_the_other() -> None:
    text, touched = "0123456789", None
    for edit in (Edit(4, 6, "ab"), Edit(1, 1, "X"), Edit(8, 9, ""), Edit(5, 6, "YYY")):
        text = text[: edit.start] + edit.text + text[edit.end :]
        touched = touch(touched, edit)
    assert text == "0X123YYYb689"
    assert touched == (1, 10)
    assert text[slice(*touched)] == "X123YYYb6"
