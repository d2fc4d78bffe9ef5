"""Outputs are replaced whole, or left as they were."""

from pathlib import Path

import pytest

from contracode.files import replacing


def test_a_file_is_replaced_when_the_block_ends(tmp_path: Path):
    path = tmp_path / "sub" / "file.txt"
    for text in ("first", "second"):
        with replacing(path) as beside:
            beside.write_text(text)
        assert path.read_text() == text
    assert list(path.parent.iterdir()) == [path]


def test_a_folder_is_replaced_as_a_whole(tmp_path: Path):
    path = tmp_path / "folder"
    for name in ("first", "second"):
        with replacing(path) as beside:
            beside.mkdir()
            (beside / name).touch()
    assert [file.name for file in path.iterdir()] == ["second"]
    assert list(tmp_path.iterdir()) == [path]


def test_a_failure_leaves_what_was_there(tmp_path: Path):
    path = tmp_path / "file.txt"
    path.write_text("kept")
    with pytest.raises(RuntimeError), replacing(path) as beside:  # noqa: PT012
        beside.write_text("half")
        raise RuntimeError
    assert path.read_text() == "kept"
    assert list(tmp_path.iterdir()) == [path]
