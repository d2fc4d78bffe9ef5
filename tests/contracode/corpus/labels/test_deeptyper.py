"""DeepTyper's lines: tokens and labels, and every way in which a line can lack one."""

import gzip

import pytest

from contracode.corpus.labels.deeptyper import (
    NO_TYPE,
    TypedLine,
    as_file,
    as_tokens,
    known_words,
    read_deeptyper,
)
from contracode.corpus.labels.labelled_file import IdentifierType, LabelledFile
from contracode.support.errors import InputError

LINE = '<s> let total = 0 ; add ( total , "s" ) </s>\tO O $number$ O O O $any$ O $number$ O O O O\n'


def write(path, text):
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def read(path, **options):
    problems: list[str] = []
    return list(
        read_deeptyper(path, on_problem=lambda problem: problems.append(str(problem)), **options)
    ), problems


@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "gzip"])
def test_tokens_labels_and_line_numbers(tmp_path, pack):
    second = "<s> größe\u00a0x </s>\tO $Map<string,$T>$ O\n"  # a no-break space parts no tokens
    (first, other), problems = read(write(tmp_path / "a.txt", pack(f"{LINE}\r\n{second}".encode())))
    assert problems == []
    assert (first.line, other.line) == (1, 3)
    assert first.tokens[:4] == ["<s>", "let", "total", "="]
    typed = [pair for pair in zip(first.tokens, first.labels, strict=True) if pair[1] != NO_TYPE]
    assert typed == [("total", "$number$"), ("add", "$any$"), ("total", "$number$")]
    assert other == TypedLine(["<s>", "größe\u00a0x", "</s>"], ["O", "$Map<string,$T>$", "O"], 3)


@pytest.mark.parametrize(
    ("broken", "message"),
    [
        (b"<s> a </s>", "has 1 columns, not tokens, TAB and labels"),
        (b"<s> a </s>\tO O O\tO", "has 3 columns, not tokens, TAB and labels"),
        (b"<s> a </s>\tO O", "has 3 tokens and 2 labels"),
        (b"<s> a </s>\tO O O O", "has 3 tokens and 4 labels"),
        (b"<s>  a </s>\tO O O O", "has an empty token: a space too many"),
        (b"<s> a </s>\tO  O", "'' is no label"),
        (b"<s> a </s>\tO number O", "'number' is no label"),
        (b"<s> a </s>\tO $$ O", "'$$' is no label"),
        (b"<s> a </s>\t", "'' is no label"),
        (b"<s> \xff </s>\tO O O", "is not UTF-8"),
    ],
)
def test_a_broken_line_is_told_and_left_out(tmp_path, broken, message):
    path = write(tmp_path / "a.txt", LINE.encode() + broken + b"\n" + LINE.encode())
    lines, (problem,) = read(path)
    assert [line.line for line in lines] == [1, 3]
    assert problem.startswith(f"{path}:2: {message}")
    with pytest.raises(InputError) as caught:
        read(path, strict=True)
    assert str(caught.value) == problem


def test_truncated_gzip_and_empty_files_are_told(tmp_path):
    path = write(tmp_path / "a.txt.gz", gzip.compress((LINE * 50).encode())[:-12])
    assert f"{path}:" in read(path)[1][0]
    assert read(write(tmp_path / "b.txt", "")) == ([], [f"{tmp_path}/b.txt: no rows in this file"])
    with pytest.raises(InputError, match="No such file"):
        read(tmp_path / "c.txt")


def test_a_file_is_brought_into_the_form_of_a_line():
    code = 'const größe = rare.size("x", `y`, x1); größe()'
    at = {name: len(code[: code.index(name)].encode()) for name in ("größe", "rare", "size")}
    types = {"größe": "Map<string,number>", "rare": "Rare", "size": "string[]"}
    identifiers = [
        IdentifierType(at[name], at[name] + len(name.encode()), type)
        for name, type in types.items()
    ]
    file = LabelledFile(repo="r", path="a.ts", code=code, labels=[], identifiers=identifiers)
    made = as_tokens(file, {"const", "größe", "size"})
    assert made.code == 'const größe = _UNKNOWN_ . size ( "s" , template , 0 ) ; größe ( )'
    assert (made.language, made.repo, made.path) == ("tokens", "r", "a.ts")
    told = [(label.name, label.type) for label in made.labels]
    assert told == [("größe", "complex"), ("_UNKNOWN_", "Rare"), ("size", "string[]")]
    source = made.code.encode()
    assert [
        [source[start:end].decode() for start, end in label.occurrences] for label in made.labels
    ] == [
        ["größe", "größe"],
        ["_UNKNOWN_"],  # which stands for any rare word: no other occurrence is its own
        ["size"],
    ]


def test_words_are_known_that_occur_often():
    files = [LabelledFile(repo="r", path="a.ts", code="a b; a", labels=[])] * 2
    assert known_words(files, min_count=3) == {"a"}


def test_a_line_becomes_a_file_whose_targets_are_its_labelled_tokens():
    line = TypedLine(["<s>", "x", "=", "x", "</s>"], ["O", "$number$", "O", "$any$", "O"], 7)
    file = as_file(line, "lines.txt")
    assert (file.code, file.path) == ("x = x", "lines.txt:7")
    assert [(label.span, label.type, label.occurrences) for label in file.labels] == [
        ((0, 1), "number", ((0, 1), (4, 5))),
        ((4, 5), "any", ((0, 1), (4, 5))),
    ]
