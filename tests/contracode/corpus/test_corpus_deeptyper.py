"""DeepTyper's lines: tokens and labels, and every way in which a line can lack one."""

import gzip

import pytest

from contracode.corpus.deeptyper import NO_TYPE, TypedLine, read_deeptyper
from contracode.errors import InputError

LINE = '<s> let total = 0 ; add ( total , "s" ) </s>\tO O $number$ O O O $any$ O $number$ O O O O\n'


def write(path, text):
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def read(path, **options):
    problems: list[str] = []
    return list(read_deeptyper(path, on_problem=lambda problem: problems.append(str(problem)), **options)), problems


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
