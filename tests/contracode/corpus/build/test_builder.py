"""Mining functions, and the corpus made of them."""

import gzip
import hashlib
import json
from collections import Counter

import pytest

from augment import Language
from contracode.corpus.build.builder import BuildOptions, build, read_excluded
from contracode.corpus.sources.miner import mine
from contracode.corpus.sources.repositories import SourceFile
from contracode.corpus.storage.manifest import read_manifest
from contracode.corpus.storage.readers import read_functions
from contracode.corpus.storage.splits import SPLITS, read_splits, split_of
from contracode.javascript.syntax_hash import function_key
from contracode.support.errors import InputError

BODY = "{\n  const total = a + b;\n  return total * 7;\n}"


def mined(source: str, language: Language = "javascript", **options):
    left_out: Counter[str] = Counter()
    records = [
        record
        for record, _ in mine(SourceFile("a.js", language, source.encode()), left_out, **options)
    ]
    return records, left_out


def test_every_kind_of_function_has_its_name():
    source = "\n".join(
        form % BODY.replace("7", str(number))
        for number, form in enumerate(
            [
                "function declared(a, b) %s",
                "const assigned = function (a, b) %s;",
                "const arrow = async (a, b) => %s;",
                "exports.property = function* (a, b) %s;",
                "class A { method(a, b) %s\n",
                "  static get accessor() %s\n",
                "  field = (a, b) => %s }\n",
                "x = { pair: function (a, b) %s, y() { } };",
            ]
        )
    )
    records, left_out = mined(source)
    names = "declared assigned arrow property method accessor field pair".split()
    assert [record.func_name for record in records] == names
    assert left_out == {"fewer than 3 lines": 1}
    assert records[1].code.startswith("function (a, b) {\n")
    assert records[2].code.startswith("async (a, b) =>")
    assert records[4].code_tokens[:5] == ["method", "(", "a", ",", "b"]


def test_what_is_left_out():
    source = (
        "".join(f"function {name}(a, b) {BODY}\n" for name in ("toString", "isTested", "kept"))
        + f"class A {{ constructor(a, b) {BODY} }}\nf((a, b) => {BODY});\nfunction few() {{\n\n}}\n"
    )
    records, left_out = mined(source)
    assert [record.func_name for record in records] == ["kept"]
    assert left_out == {
        "constructor or standard conversion": 2,
        "name says test": 1,
        "anonymous": 1,
        "fewer than 10 tokens": 1,
    }
    assert [record.func_name for record in mined(source, anonymous=True)[0]] == ["kept", ""]


@pytest.mark.parametrize(
    ("before", "docstring"),
    [
        (
            "/**\n * Adds *two*\n *  - things.\n * @return {number}\n */\n",
            "Adds *two*\n - things.\n@return {number}",
        ),
        ("// one\n// two\n", "one\ntwo"),
        ("// apart\n\n// near\n", "near"),
        ("/* header */\n\n", "header"),
        ("let x; // of x\n", ""),
        ("", ""),
    ],
)
@pytest.mark.parametrize(
    "form",
    [
        "function f(a, b) %s",
        "export const f = (a, b) => %s;",
        "A.prototype.f = function (a, b) %s;",
    ],
)
def test_documentation(before, docstring, form):
    (record,), _ = mined(before + form % BODY)
    assert record.docstring == docstring


def test_words_and_lines():
    (record,), _ = mined(f"\n// Don't add 2 re-used things, ünï.\nfunction f(a, b) {BODY}\n")
    assert record.docstring_tokens == ["Don't", "add", "2", "re-used", "things", ",", "ünï", "."]
    assert record.lines == (3, 6)
    assert record.url == "a.js#L3-L6"


def test_typescript_is_mined_without_its_types():
    source = (
        f"interface I {{\n  a: string\n}}\n/** adds */\nexport function f(a: number, b?: I): "
        f"number {BODY}\n"
    )
    (record,), _ = mined(source, "typescript")
    assert record.code == f"function f(a, b) {BODY}"
    assert (record.docstring, record.lines, record.language) == ("adds", (5, 8), "javascript")


def test_a_file_with_a_top_level_return_has_no_function_of_the_parser():
    records, left_out = mined(f"function f(a, b) {BODY}\nreturn f(1, 2)\n", anonymous=True)
    assert [record.func_name for record in records] == ["f"]
    assert not left_out


@pytest.fixture
def code(tmp_path):
    def function(name: str, number: int, a: str = "a") -> str:
        return (
            f"function {name}({a}, b) "
            f"{{\n  const total = {a} + b;\n  return total * {number};\n}}\n"
        )

    for repository, files in {
        "one": {
            "a.js": function("f", 1) + function("g", 2) + function("f", 1),
            "broken.js": "let = =",
        },
        "two": {
            "b.js": function("h", 1, "x") + function("i", 3),
            "c.js": function("j", 4),
            "LICENSE": "MIT",
        },
        "three": {"latin.js": b"// \xe9\n", "d.js": function("f", 1)},
    }.items():
        for name, text in files.items():
            path = tmp_path / "code" / repository / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return [tmp_path / "code" / name for name in ("two", "one", "three")]


def test_build(code, tmp_path):
    options = BuildOptions(
        splits={"one": "train", "two": "test"}, shard_rows=2, excluded=frozenset()
    )
    manifest = build(code, tmp_path / "out", options)
    assert manifest.rows == {"train": 2, "test": 2}
    assert manifest.rows_left_out == {"duplicate": 2, "duplicate up to renaming": 1}
    assert manifest.files_left_out == {"does not parse": 1, "not UTF-8": 1}
    assert [(s.name, s.split, s.licence, s.rows) for s in manifest.sources] == [
        ("one", "train", "", 2),
        ("three", split_of("three"), "", 0),
        ("two", "test", "LICENSE", 2),
    ]
    assert read_manifest(tmp_path / "out") == manifest
    rows = list(read_functions([tmp_path / "out"], split="test", strict=True))
    assert [(row.repo, row.path, row.func_name, row.licence, row.partition) for row in rows] == [
        ("two", "b.js", "i", "LICENSE", "test"),
        ("two", "c.js", "j", "LICENSE", "test"),
    ]
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"manifest.json"} | {
        s.name for s in manifest.shards
    }
    for shard in manifest.shards:
        assert (
            hashlib.sha256((tmp_path / "out" / shard.name).read_bytes()).hexdigest() == shard.sha256
        )


def test_the_layout_is_codesearchnets(code, tmp_path):
    manifest = build(
        code,
        tmp_path / "out",
        BuildOptions(splits=dict.fromkeys(("one", "two", "three"), "train"), shard_rows=3),
    )
    assert [(s.name, s.rows) for s in manifest.shards] == [
        ("javascript_train_0.jsonl.gz", 3),
        ("javascript_train_1.jsonl.gz", 1),
    ]
    with gzip.open(
        tmp_path / "out" / "javascript_train_0.jsonl.gz", "rt", encoding="utf-8"
    ) as lines:
        row = json.loads(next(lines))
    published = (
        "repo path func_name original_string language code code_tokens docstring docstring_tokens "
        "sha url partition"
    ).split()
    assert list(row)[: len(published)] == published


def test_the_same_input_gives_the_same_bytes(code, tmp_path):
    for name in ("first", "second"):
        build(code, tmp_path / name, BuildOptions())
    for path in (tmp_path / "first").iterdir():
        assert path.read_bytes() == (tmp_path / "second" / path.name).read_bytes()


def test_excluded_functions_are_not_in_it(code, tmp_path):
    row = next(
        row for row in read_rows_of(build_to(code, tmp_path / "all")) if row.func_name == "i"
    )
    (tmp_path / "keys.txt").write_text(f"{'0' * 16}\n{function_key(row.code)}\n")
    excluded = read_excluded(tmp_path / "keys.txt")
    assert "i" not in {
        row.func_name for row in read_rows_of(build_to(code, tmp_path / "some", excluded=excluded))
    }


def build_to(code, output, **options):
    build(code, output, BuildOptions(**options))
    return output


def read_rows_of(folder):
    return list(read_functions([folder], strict=True))


def test_an_older_corpus_is_replaced_and_anything_else_is_not(code, tmp_path):
    output = build_to(code, tmp_path / "out")
    (output / "javascript_train_7.jsonl.gz").write_bytes(b"old")
    assert not (build_to(code, output) / "javascript_train_7.jsonl.gz").exists()
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").touch()
    for manifest in (None, '{"name": "an extension of a browser"}', "[]", "\xff"):
        if manifest is not None:
            (tmp_path / "mine" / "manifest.json").write_text(manifest, "latin-1")
        with pytest.raises(InputError, match="is no corpus"):
            build_to(code, tmp_path / "mine")
        assert (tmp_path / "mine" / "letter.txt").exists()


def test_nothing_is_left_of_a_build_that_fails(code, tmp_path):
    output = build_to(code, tmp_path / "out")
    before = {path.name: path.read_bytes() for path in output.iterdir()}
    with pytest.raises(InputError, match="no functions found in 1 files"):
        build_to([code[1] / "broken.js"], output)
    assert {path.name: path.read_bytes() for path in output.iterdir()} == before
    assert {path.name for path in tmp_path.iterdir()} == {"code", "out"}


def test_splits_keep_a_repository_together_and_have_their_shares():
    drawn = Counter(split_of(f"owner/{number}") for number in range(4_000))
    assert [round(drawn[split] / 4_000, 1) for split in SPLITS] == [0.8, 0.1, 0.1]
    assert split_of("owner/1", seed=1) == split_of("owner/1", seed=1)
    assert any(split_of(f"{n}") != split_of(f"{n}", seed=1) for n in range(50))
    assert split_of("owner/1", fixed={"owner/1": "test"}) == "test"


def test_files_of_splits(tmp_path):
    (tmp_path / "splits.json").write_text('{"train": ["a/b", "c"], "test": ["d"]}')
    assert read_splits(tmp_path / "splits.json") == {"a/b": "train", "c": "train", "d": "test"}


@pytest.mark.parametrize(
    "text", ['["train"]', '{"a": 1}', '{"dev": ["a"]}', '{"train": ["a"], "test": ["a"]}', "{"]
)
def test_bad_files_of_splits(tmp_path, text):
    (tmp_path / "splits.json").write_text(text)
    with pytest.raises(InputError, match=r"splits\.json"):
        read_splits(tmp_path / "splits.json")


def test_a_bad_list_of_exclusions(tmp_path):
    (tmp_path / "keys.txt").write_text(f"{'0' * 16}\nXYZ\n")
    with pytest.raises(InputError, match=r"keys\.txt:2: 'XYZ'"):
        read_excluded(tmp_path / "keys.txt")
