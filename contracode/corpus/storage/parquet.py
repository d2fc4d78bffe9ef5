"""Reads CodeSearchNet as it is re-published in parquet files: row group by row group, under the
column names that are in use.

Source: the columns of the data sets code_search_net, code_x_glue_ct_code_to_text and
    Nan-Do/code-search-net-javascript on the
Hugging Face hub.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from contracode.corpus.storage.rows import FunctionRecord
from contracode.support.errors import InputError

if TYPE_CHECKING:
    import pyarrow

COLUMNS: dict[str, tuple[str, ...]] = {
    "repo": ("repo", "repository_name", "nwo"),
    "path": ("path", "func_path_in_repository"),
    "func_name": ("func_name", "identifier"),
    "original_string": ("original_string", "whole_func_string"),
    "language": ("language",),
    "code": ("code", "func_code_string"),
    "code_tokens": ("code_tokens", "func_code_tokens"),
    "docstring": ("docstring", "func_documentation_string"),
    "docstring_tokens": ("docstring_tokens", "func_documentation_tokens"),
    "sha": ("sha",),
    "url": ("url", "func_code_url"),
    "partition": ("partition", "split_name"),
}
"""The columns that hold a field of `FunctionRecord`; the first that a file has counts."""

_BATCH_ROWS = 256
"""Rows that are Python objects at a time: some megabytes."""


def read_parquet(path: Path, tell: Callable[[str, int | None], None]) -> Iterator[FunctionRecord]:
    """Yield the functions of one file, with one row group in memory.

    Args:
        path: the file.
        tell: called with what is broken and the number of its row, from 1; that row, row group or
            file is left out.

    Raises:
        InputError: pyarrow is not installed, or the file cannot be opened.
    """
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError:
        raise InputError(
            "parquet needs pyarrow: pip install 'contracode[parquet]'", path=path
        ) from None
    try:
        file = pyarrow.parquet.ParquetFile(path, memory_map=True)
    except (pyarrow.ArrowException, OSError) as error:
        tell(f"is no parquet file: {_first_line(error)}", None)
        return
    with file:
        columns = _columns(file.schema_arrow.names)
        if not {"code", "original_string"} & columns.keys():
            tell(
                f"has no column `code` or `original_string`, only "
                f"{', '.join(file.schema_arrow.names)}",
                None,
            )
            return
        if file.metadata.num_rows == 0:
            tell("no rows in this file", None)
        start = 1
        for group in range(file.num_row_groups):
            number = start
            start += file.metadata.row_group(group).num_rows
            try:
                for batch in file.iter_batches(
                    _BATCH_ROWS, row_groups=[group], columns=list(columns.values())
                ):
                    for cells in _rows(batch):
                        row = _record(cells, columns)
                        if isinstance(row, str):
                            tell(row, number)
                        else:
                            yield row
                        number += 1
            except (pyarrow.ArrowException, OSError) as error:
                tell(f"row group {group} is broken from here on: {_first_line(error)}", number)


def _columns(names: list[str]) -> dict[str, str]:
    found = {
        field: [name for name in candidates if name in names]
        for field, candidates in COLUMNS.items()
    }
    return {field: candidates[0] for field, candidates in found.items() if candidates}


def _rows(batch: pyarrow.RecordBatch) -> list[dict[str, Any] | None]:
    """Return the rows of a batch; None for those that are not UTF-8."""
    try:
        return batch.to_pylist()
    except UnicodeDecodeError:
        if batch.num_rows == 1:
            return [None]
        return [row for number in range(batch.num_rows) for row in _rows(batch.slice(number, 1))]


def _record(cells: dict[str, Any] | None, columns: dict[str, str]) -> FunctionRecord | str:
    """Return the function in a row, or what is wrong with the row."""
    if cells is None:
        return "is not UTF-8"
    present = {
        field: cells[column] for field, column in columns.items() if cells[column] is not None
    }
    try:
        row = msgspec.convert(
            {field: _text(value) for field, value in present.items()}, FunctionRecord
        )
    except UnicodeDecodeError:
        return "is not UTF-8"
    except msgspec.ValidationError as error:
        return f"is not a row: {error}"
    row.code = row.code or row.original_string
    row.partition = "valid" if row.partition == "validation" else row.partition
    return row if row.code else "a row with neither `code` nor `original_string`"


def _text(value: object) -> object:
    """Return the value, as text where the column was declared as bytes."""
    return value.decode() if isinstance(value, bytes) else value


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0][:200]
