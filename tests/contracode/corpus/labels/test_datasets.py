"""Splits that hang on names alone; readers that name what is wrong."""

from pathlib import Path

import msgspec
import pytest

from contracode.cli.main import main
from contracode.corpus.labels.datasets import read_named, read_typed, readable, split, written
from contracode.corpus.labels.labelled_file import LabelledFile
from contracode.support.errors import InputError

Item = tuple[str, str, str]


def facts(item: Item) -> Item:
    return item


def test_a_split_corpus_is_taken_as_it_is():
    items = [("r", "a", "train"), ("r", "b", "valid"), ("r", "c", "test")]
    assert split(items, facts) == ([items[0]], [items[1]])


def test_repositories_are_kept_together():
    items = [(f"repo{i % 20}", f"file{i}", "") for i in range(200)]
    training, validation = split(items, facts)
    assert len({repo for repo, _, _ in validation}) == 2
    assert not {repo for repo, _, _ in validation} & {repo for repo, _, _ in training}
    assert len(training) + len(validation) == 200
    shuffled = split(items[::-1], facts)
    assert sorted(shuffled[1]) == sorted(validation)


def test_one_repository_is_split_by_file():
    items = [("repo", f"file{i % 5}", "") for i in range(20)]
    training, validation = split(items, facts)
    assert len({path for _, path, _ in validation}) == 1
    assert len(training) == 16


def test_typescript_is_read_from_a_folder(tmp_path: Path):
    (tmp_path / "a.ts").write_text(
        "export function f(größe: number): string { return `${größe}` }\n", "utf-8"
    )
    (file,) = read_typed([str(tmp_path)], spelling="javascript")
    assert [one.language for one in read_typed([str(tmp_path)])] == ["javascript", "typescript"]
    assert {(label.kind, label.name, label.type) for label in file.labels} == {
        ("parameter", "größe", "number"),
        ("return", "f", "string"),
    }


def test_the_folder_that_corpus_types_wrote_is_read_like_its_shards(tmp_path: Path):
    source = tmp_path / "project"
    source.mkdir()
    (source / "a.ts").write_text(
        "export function f(size: number): string { return `${size}` }\n", "utf-8"
    )
    assert main(["corpus", "types", str(source), "-o", str(tmp_path / "labels")]) == 0
    (shard,) = (tmp_path / "labels").glob("types_*.jsonl.gz")
    (file,) = read_typed([str(tmp_path / "labels")])
    assert sorted(label.type for label in file.labels) == ["number", "string"]
    assert read_typed([str(shard)]) == [file]


def test_wrong_input_is_named(tmp_path: Path):
    (tmp_path / "a.js").write_text("let x = 1\n")
    with pytest.raises(InputError, match="no TypeScript"):
        read_typed([str(tmp_path)])
    rows = tmp_path / "rows.jsonl"
    rows.write_text('{"code": "function f() {}"}\nbroken\n')
    with pytest.raises(InputError, match=r"rows\.jsonl:2: "):
        read_named([str(rows)])


def test_labels_of_the_compiler_are_left_out_where_authors_are_asked(tmp_path: Path):
    (tmp_path / "a.ts").write_text("function f(a: number) { return a }\n")
    (file,) = read_typed([str(tmp_path)], spelling="javascript")
    (label,) = file.labels
    inferred = msgspec.structs.replace(label, source="checker", name="b")
    both = msgspec.structs.replace(file, labels=[label, inferred])
    assert written([both, msgspec.structs.replace(file, labels=[inferred])]) == [file]
    with pytest.raises(InputError, match="all are the compiler's"):
        written([msgspec.structs.replace(file, labels=[inferred])])


def test_what_does_not_parse_is_left_out():
    files = [
        LabelledFile(repo="r", path="a", code="f(a)", labels=[]),
        LabelledFile(repo="r", path="b", code="f(", labels=[]),
        LabelledFile(repo="r", path="c", code="let a: T", labels=[], language="typescript"),
        LabelledFile(repo="r", path="d", code="a ( b", labels=[], language="tokens"),
    ]
    assert [file.code for file in readable(files)] == ["f(a)", "let a: T", "a ( b"]
