"""Parquet re-publications: under whichever column names, row group by row group, broken in the ways
files break.
"""

import pyarrow
import pyarrow.parquet
import pytest

from contracode.corpus.storage.readers import find_shards, read_functions
from contracode.support.errors import InputError

CODE = "function double(x) {\n  return x * 2;\n}"

# One row under the names of each re-publication.
CODE_SEARCH_NET = {
    "repository_name": "someone/thing",
    "func_path_in_repository": "lib/thing.js",
    "func_name": "double",
    "whole_func_string": CODE,
    "language": "javascript",
    "func_code_string": CODE,
    "func_code_tokens": ["function", "double"],
    "func_documentation_string": "Doubles. ünï 😀",
    "func_documentation_tokens": ["Doubles", "."],
    "split_name": "train",
    "func_code_url": "https://example.org/thing.js#L1-L3",
}
CODE_X_GLUE = {
    "id": 7,
    "repo": "someone/thing",
    "path": "lib/thing.js",
    "func_name": "double",
    "original_string": CODE,
    "language": "javascript",
    "code": CODE,
    "code_tokens": ["function", "double"],
    "docstring": "Doubles. ünï 😀",
    "docstring_tokens": ["Doubles", "."],
    "sha": "",
    "url": "https://example.org/thing.js#L1-L3",
}


def write(path, rows, schema=None, **options):
    path.parent.mkdir(parents=True, exist_ok=True)
    pyarrow.parquet.write_table(pyarrow.Table.from_pylist(rows, schema=schema), path, **options)
    return path


def read(path, **options):
    problems: list[str] = []
    rows = list(
        read_functions([path], on_problem=lambda problem: problems.append(str(problem)), **options)
    )
    return rows, problems


@pytest.mark.parametrize(
    "row", [CODE_SEARCH_NET, CODE_X_GLUE], ids=["code_search_net", "code_x_glue"]
)
def test_a_row_has_all_its_fields(tmp_path, row):
    rows, problems = read(write(tmp_path / "train-00000-of-00001.parquet", [row]))
    assert problems == []
    (found,) = rows
    assert (found.repo, found.path, found.func_name) == ("someone/thing", "lib/thing.js", "double")
    assert (found.code, found.original_string, found.language) == (CODE, CODE, "javascript")
    assert (found.code_tokens, found.docstring_tokens) == (["function", "double"], ["Doubles", "."])
    assert (found.docstring, found.url) == ("Doubles. ünï 😀", "https://example.org/thing.js#L1-L3")
    assert found.partition == "train"  # told by the row, or by the name of the file


def test_it_is_known_by_its_first_bytes(tmp_path):
    rows, _ = read(write(tmp_path / "functions", [CODE_X_GLUE]))
    assert rows[0].code == CODE


def test_rows_come_in_order_across_row_groups(tmp_path):
    names = [f"f{number}" for number in range(700)]
    path = write(
        tmp_path / "a.parquet",
        [{"code": name, "func_name": name} for name in names],
        row_group_size=300,
    )
    assert pyarrow.parquet.ParquetFile(path).num_row_groups == 3
    assert [row.func_name for row in read(path)[0]] == names


def test_folders_of_parquet_and_their_splits(tmp_path):
    for name in (
        "train-00000-of-00002",
        "train-00001-of-00002",
        "validation-00000-of-00001",
        "test-00000-of-00001",
    ):
        write(tmp_path / "data" / f"{name}.parquet", [{"code": name}])
    write(tmp_path / "test" / "0000.parquet", [{"code": "folder"}])
    assert [row.code for row in read(tmp_path, split="train")[0]] == [
        "train-00000-of-00002",
        "train-00001-of-00002",
    ]
    assert [(row.code, row.partition) for row in read(tmp_path, split="valid")[0]] == [
        ("validation-00000-of-00001", "valid")
    ]
    assert {row.code for row in read(tmp_path, split="test")[0]} == {
        "test-00000-of-00001",
        "folder",
    }
    with pytest.raises(InputError, match="no shards of the split 'train'"):
        find_shards([tmp_path / "test"], split="train")


def test_dictionary_and_bytes_columns(tmp_path):
    schema = pyarrow.schema(
        [
            ("code", pyarrow.binary()),
            ("language", pyarrow.dictionary(pyarrow.int8(), pyarrow.string())),
        ]
    )
    rows, problems = read(
        write(tmp_path / "a.parquet", [{"code": b"f()", "language": "javascript"}], schema)
    )
    assert ([(row.code, row.language) for row in rows], problems) == ([("f()", "javascript")], [])


def test_broken_rows_are_told_by_number_and_left_out(tmp_path):
    schema = pyarrow.schema([("code", pyarrow.binary()), ("repo", pyarrow.string())])
    table = [
        {"code": b"a"},
        {"code": None},
        {"code": b"\xff"},
        {"code": b"", "repo": "x"},
        {"code": b"b"},
    ]
    path = write(tmp_path / "a.parquet", table, schema)
    rows, problems = read(path)
    assert [row.code for row in rows] == ["a", "b"]
    assert problems == [
        f"{path}:2: a row with neither `code` nor `original_string`",
        f"{path}:3: is not UTF-8",
        f"{path}:4: a row with neither `code` nor `original_string`",
    ]
    with pytest.raises(InputError, match=":2: "):
        read(path, strict=True)


def test_text_that_is_not_utf8_costs_only_its_row(tmp_path):
    broken = pyarrow.array([b"a", b"\xff", b"c"]).view(pyarrow.string())
    path = tmp_path / "a.parquet"
    pyarrow.parquet.write_table(pyarrow.table({"code": broken}), path)
    rows, problems = read(path)
    assert ([row.code for row in rows], problems) == (["a", "c"], [f"{path}:2: is not UTF-8"])


def test_a_column_of_another_type_is_told(tmp_path):
    path = write(tmp_path / "a.parquet", [{"code": "f()", "code_tokens": 5}])
    rows, (problem,) = read(path)
    assert rows == []
    assert problem.startswith(f"{path}:1: is not a row: Expected `array`, got `int`")


def test_a_broken_row_group_costs_only_itself(tmp_path):
    rows = [{"code": f"f{number}"} for number in range(30)]
    path = write(
        tmp_path / "a.parquet", rows, row_group_size=10, compression="gzip", use_dictionary=False
    )
    column = pyarrow.parquet.ParquetFile(path).metadata.row_group(1).column(0)
    data = bytearray(path.read_bytes())
    data[column.data_page_offset : column.data_page_offset + column.total_compressed_size] = bytes(
        column.total_compressed_size
    )
    path.write_bytes(data)
    found, (problem,) = read(path)
    assert [row.code for row in found] == [f"f{number}" for number in (*range(10), *range(20, 30))]
    assert problem.startswith(f"{path}:11: row group 1 is broken from here on: ")
    assert "\n" not in problem


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda data: data[:-20], "is no parquet file"),
        (lambda data: b"", "is no parquet file"),
    ],
    ids=["truncated", "empty"],
)
def test_a_broken_file_is_one_line(tmp_path, spoil, message):
    path = write(tmp_path / "a.parquet", [CODE_X_GLUE])
    path.write_bytes(spoil(path.read_bytes()))
    rows, (problem,) = read(path)
    assert rows == []
    assert problem.startswith(f"{path}: {message}")
    assert "\n" not in problem
    with pytest.raises(InputError):
        read(path, strict=True)


def test_files_without_code_or_rows_are_told(tmp_path):
    assert read(write(tmp_path / "a.parquet", [{"text": "f()", "n": 1}]))[1] == [
        f"{tmp_path}/a.parquet: has no column `code` or `original_string`, only text, n"
    ]
    empty = write(tmp_path / "b.parquet", [], pyarrow.schema([("code", pyarrow.string())]))
    assert read(empty) == ([], [f"{empty}: no rows in this file"])


def test_without_pyarrow_the_extra_is_named(tmp_path, monkeypatch):
    path = write(tmp_path / "a.parquet", [CODE_X_GLUE])
    monkeypatch.setitem(__import__("sys").modules, "pyarrow", None)
    with pytest.raises(
        InputError, match=r"parquet needs pyarrow: pip install 'contracode\[parquet\]'"
    ):
        read(path)
