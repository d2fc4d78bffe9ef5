"""Functions and clones of a folder as rows and as pandas frames."""

import subprocess
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

import contracode
from contracode.support.errors import InputError
from tests.contracode.products.search.conftest import WordModel

SUM = """function sum(values) {
  let total = 0;
  for (const value of values) {
    if (value > 0) { total += value * 2 } else { total -= value }
  }
  return total / values.length + Math.max(...values) - Math.min(...values);
}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "one.js").write_text(f"// sums\n{SUM}")
    (tmp_path / "deep").mkdir()
    renamed = SUM.replace("sum", "addUp").replace("total", "result").replace("value", "number")
    (tmp_path / "deep" / "two.js").write_text(renamed)
    return tmp_path


@pytest.fixture
def frames(monkeypatch: pytest.MonkeyPatch) -> list[tuple[list[dict[str, object]], list[str]]]:
    """A stand-in for pandas that records its frames."""
    made: list[tuple[list[dict[str, object]], list[str]]] = []
    pandas = ModuleType("pandas")

    def frame(records: list[dict[str, object]], columns: list[str]) -> str:
        made.append((records, list(columns)))
        return "frame"

    pandas.DataFrame = frame  # pyright: ignore[reportAttributeAccessIssue]
    monkeypatch.setitem(sys.modules, "pandas", pandas)
    return made


def test_a_folder_becomes_rows(folder: Path, model: WordModel):
    rows = contracode.index_folder(folder, model=model, cache=False)
    assert [(row.path, row.line, row.end_line, row.name) for row in rows] == [
        ("one.js", 2, 8, "sum"),
        ("deep/two.js", 1, 7, "addUp"),
    ]
    assert rows[0].tokens > 40
    np.testing.assert_allclose(
        rows[0].vector, model.embed([SUM[:-1]], language="javascript", batch_size=1)[0], atol=2e-3
    )


def test_clones_are_rows_with_the_number_of_their_group(folder: Path, model: WordModel):
    rows = contracode.find_clones(str(folder), model=model, cache=False)
    assert [(row.group, row.kind, row.name) for row in rows] == [
        (1, "renamed", "sum"),
        (1, "renamed", "addUp"),
    ]
    assert contracode.find_clones(folder, model=model, cache=False, min_tokens=1_000) == []


def test_rows_become_a_pandas_frame(
    folder: Path, model: WordModel, frames: list[tuple[list[dict[str, object]], list[str]]]
):
    rows = contracode.index_folder(folder, model=model, cache=False)
    assert rows.to_pandas() == "frame"
    ((records, columns),) = frames
    assert columns == ["path", "line", "end_line", "name", "tokens", "vector"]
    assert [record["name"] for record in records] == ["sum", "addUp"]
    contracode.find_clones(folder, model=model, cache=False, min_tokens=1_000).to_pandas()
    assert frames[1] == ([], [])


def test_a_missing_folder_is_an_input_error(model: WordModel, tmp_path: Path):
    with pytest.raises(InputError, match="no such folder"):
        contracode.index_folder(tmp_path / "nothing", model=model, cache=False)


def test_importing_the_package_imports_no_library():

    code = "import sys, contracode; sys.exit(bool({'numpy', 'onnxruntime'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
