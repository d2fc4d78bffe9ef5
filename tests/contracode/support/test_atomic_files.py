"""Outputs are replaced whole, or left as they were."""

import os
import threading
from pathlib import Path

import pytest

from contracode.support.atomic_files import output_file, replacing
from contracode.support.errors import InputError


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


def test_a_failure_keeps_the_old_output(tmp_path: Path):
    path = tmp_path / "file.txt"
    path.write_text("kept")
    with pytest.raises(RuntimeError), replacing(path) as beside:  # noqa: PT012
        beside.write_text("half")
        raise RuntimeError
    assert path.read_text() == "kept"
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_is_not_replaced_by_a_file(tmp_path: Path):
    kept = tmp_path / "project" / "kept.js"
    kept.parent.mkdir()
    kept.touch()
    with pytest.raises(InputError, match="is a folder"), replacing(kept.parent) as beside:
        beside.write_text("a page")
    with pytest.raises(InputError, match="is a folder"):
        output_file(kept.parent)
    assert kept.exists()
    assert list(tmp_path.iterdir()) == [kept.parent]


def test_a_symbolic_link_is_followed(tmp_path: Path):
    (tmp_path / "real").mkdir()
    target, link = tmp_path / "real" / "file.txt", tmp_path / "link.txt"
    target.write_text("old")
    link.symlink_to(target)
    with replacing(link) as beside:
        beside.write_text("new")
    assert link.is_symlink()
    assert target.read_text() == "new"


def test_devices_and_pipes_are_written_to(tmp_path: Path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    read: list[str] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_text()))
    reader.start()
    with replacing(output_file(pipe)) as beside:
        beside.write_text("through")
    reader.join()
    assert read == ["through"]
    assert pipe.is_fifo()
    assert list(tmp_path.iterdir()) == [pipe]


def test_an_input_is_refused_as_output(tmp_path: Path):
    source = tmp_path / "a.js"
    source.touch()
    (tmp_path / "b.js").hardlink_to(source)
    with pytest.raises(InputError, match="is an input"):
        output_file(tmp_path / "b.js", ["-", source])
    assert output_file(tmp_path / "c.js", ["-", source]) == tmp_path / "c.js"
