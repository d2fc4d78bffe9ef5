"""The shipped sample corpus is what its command makes of the shipped sources."""

from pathlib import Path

import pytest

from contracode.corpus.build.builder import BuildOptions, build
from contracode.corpus.storage.readers import find_shards, read_functions
from contracode.corpus.storage.splits import SPLITS, read_splits
from tests.paths import SAMPLE


@pytest.fixture(scope="module")
def rebuilt(tmp_path_factory: pytest.TempPathFactory) -> Path:
    output = tmp_path_factory.mktemp("sample") / "corpus"
    build(
        sorted((SAMPLE / "javascript").iterdir()),
        output,
        BuildOptions(splits=read_splits(SAMPLE / "splits.json")),
    )
    return output


@pytest.mark.parametrize("split", SPLITS)
def test_the_shipped_rows_are_those_of_the_shipped_sources(rebuilt, split):
    (shipped,) = find_shards([f"{SAMPLE}/javascript_{split}_*.jsonl.gz"])
    (made,) = find_shards([rebuilt], split=split)
    # Not the bytes: how gzip packs them depends on the version of zlib.
    assert list(read_functions([made], strict=True)) == list(read_functions([shipped], strict=True))


def test_no_project_is_in_two_splits(rebuilt):
    splits = {(row.repo, row.partition) for row in read_functions([rebuilt], strict=True)}
    assert (
        len(splits)
        == len({repo for repo, _ in splits})
        == len(list((SAMPLE / "javascript").iterdir()))
    )
