"""Lists of repositories with commits: what is read of them, from clones, at the commit that they
name.
"""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from contracode.corpus.sources.repository_list import find_listed, read_list
from contracode.corpus.storage.readers import read_functions
from contracode.support.errors import InputError

OLD = "function add(a, b) {\n  const total = a + b;\n  return total;\n}\n"
NEW = "function subtract(a, b) {\n  const rest = a - b;\n  return rest;\n}\n"
TYPED = (
    "export function scale(value: number, by: number): number {\n  const scaled = value * by;\n  "
    "return scaled;\n}\n"
)


def git(folder: Path, *arguments: str) -> str:
    command = ["git", "-c", "user.name=a", "-c", "user.email=a@b", "-C", str(folder), *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def commit(folder: Path, files: dict[str, str]) -> str:
    """Commit files of a new or old repository and return the commit."""
    if not folder.exists():
        folder.mkdir(parents=True)
        git(folder, "init", "--quiet")
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    git(folder, "add", ".")
    git(folder, "commit", "--quiet", "-m", "x")
    return git(folder, "rev-parse", "HEAD")


def write_list(
    path: Path, *rows: tuple[str, ...], columns: str = "repository\tcommit\tlanguage"
) -> Path:
    path.write_text("\n".join(["# a comment", columns, *("\t".join(row) for row in rows)]) + "\n")
    return path


def corpus(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "contracode.cli.main", "corpus", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def names(folder: Path) -> list[tuple[str, str, str]]:
    return sorted((row.repo, row.sha, row.func_name) for row in read_functions([folder]))


@pytest.fixture
def clones(tmp_path):
    """A work tree that has moved on since `one`, and a git directory with TypeScript at `two`."""
    folder = tmp_path / "clones"
    one = commit(
        folder / "some" / "one",
        {"a.js": OLD, "LICENSE": "MIT", "test/a.js": OLD.replace("add", "check")},
    )
    commit(folder / "some" / "one", {"a.js": NEW})
    two = commit(tmp_path / "work", {"b.ts": TYPED})
    git(
        tmp_path,
        "clone",
        "--quiet",
        "--bare",
        str(tmp_path / "work"),
        str(folder / "other+two.git"),
    )
    return folder, one, two


def test_a_corpus_is_of_the_commits_that_the_list_names(clones, tmp_path):
    folder, one, two = clones
    listed = write_list(
        tmp_path / "list.tsv", ("some/one", one, "javascript"), ("other/two", two, "typescript")
    )
    options = ("--list", listed, "--mirrors", folder, "--leave-out", "test/ *.spec.js")
    done = corpus("build", *options, "-o", tmp_path / "out")
    assert (done.returncode, done.stderr) == (0, "")
    assert names(tmp_path / "out") == [("other/two", two, "scale"), ("some/one", one, "add")]
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text())
    assert [(source["name"], source["licence"]) for source in manifest["sources"]] == [
        ("other/two", ""),
        ("some/one", "LICENSE"),
    ]
    assert (manifest["files_left_out"], manifest["options"]["leave_out"]) == (
        {"pattern": 1},
        "test/ *.spec.js",
    )

    done = corpus("types", *options, "-o", tmp_path / "types", "--json")
    assert [source["name"] for source in json.loads(done.stdout)["sources"]] == ["other/two"], (
        done.stderr
    )


def test_the_bytes_do_not_depend_on_what_came_after_the_commit(clones, tmp_path):
    folder, one, two = clones
    listed = write_list(
        tmp_path / "list.tsv", ("some/one", one, "javascript"), ("other/two", two, "typescript")
    )
    found: list[dict[str, bytes]] = []
    for number in range(2):
        assert (
            corpus(
                "build", "--list", listed, "--mirrors", folder, "-o", tmp_path / f"{number}"
            ).returncode
            == 0
        )
        found.append({file.name: file.read_bytes() for file in (tmp_path / f"{number}").iterdir()})
        commit(folder / "some" / "one", {"a.js": "", "c.js": f"// {number}\n{NEW}"})
    assert found[0] == found[1]


def test_what_is_missing_is_fetched_once(clones, tmp_path):
    folder, one, two = clones
    away = tmp_path / "away"
    shutil.move(folder, away)
    (away / "other").mkdir()
    (away / "other+two.git").rename(away / "other" / "two")
    git(away / "some" / "one", "config", "uploadpack.allowAnySHA1InWant", "true")
    newer = git(away / "some" / "one", "rev-parse", "HEAD")
    rows = [
        ("some/one", one, "javascript"),
        ("other/two", two, "typescript"),
        ("some/one", newer, "javascript"),
    ]
    listed = write_list(tmp_path / "list.tsv", *rows)

    options = ("build", "--list", listed, "--mirrors", folder, "-o", tmp_path / "out")
    done = corpus(*options)
    assert done.returncode == 2
    assert (
        done.stderr
        == f"contracode corpus: {listed}:3: {folder} has no clone of some/one with the commit {one}\n"
    )
    done = corpus(*options, "--fetch-from", away.as_uri())
    assert (done.returncode, done.stderr) == (0, "")
    found = [("other/two", two, "scale"), ("some/one", one, "add"), ("some/one", newer, "subtract")]
    assert names(tmp_path / "out") == sorted(found)
    shutil.rmtree(away)
    assert [repository.sha for repository in find_listed(listed, folder)] == [one, two, newer]


def test_what_cannot_be_fetched_is_told_and_leaves_nothing(tmp_path):
    listed = write_list(tmp_path / "list.tsv", ("some/one", "0" * 40))
    with pytest.raises(InputError, match=r"list\.tsv:3: some/one cannot be fetched: "):
        find_listed(listed, tmp_path / "clones", fetch_from=(tmp_path / "nowhere").as_uri())
    assert list((tmp_path / "clones").iterdir()) == []


def test_a_repository_around_the_clones_is_none_of_them(tmp_path):
    around = commit(tmp_path / "around", {"a.js": OLD})
    (tmp_path / "around" / "some" / "one").mkdir(parents=True)
    listed = write_list(tmp_path / "list.tsv", ("some/one", around))
    with pytest.raises(InputError, match="has no clone of some/one"):
        find_listed(listed, tmp_path / "around")


@pytest.mark.parametrize(
    ("columns", "row", "message"),
    [
        ("repository\tsha", ("a/b", "0" * 40), "2: its first line names no column 'commit'"),
        ("repository\tcommit", ("b", "0" * 40), "3: 'b' is no repository: owner/name"),
        ("repository\tcommit", ("--upload-pack=x/b", "0" * 40), "is no repository"),
        ("repository\tcommit", ("a/..", "0" * 40), "3: 'a/..' is no repository"),
        ("repository\tcommit", ("a/b", "v1.0"), "3: 'v1.0' is no commit: 40 hexadecimal digits"),
        ("repository\tcommit", ("a/b",), "3: '' is no commit"),
        (
            "repository\tcommit\tlanguage",
            ("a/b", "0" * 40, "js"),
            "3: 'js' is none of javascript, typescript, both",
        ),
    ],
)
def test_a_list_that_is_none(tmp_path, columns, row, message):
    with pytest.raises(InputError) as caught:
        read_list(write_list(tmp_path / "list.tsv", row, columns=columns))
    assert message in str(caught.value)


def test_a_commit_is_listed_once(tmp_path):
    with pytest.raises(InputError, match=r"5: a/b is in line 3 too, at this commit"):
        read_list(
            write_list(
                tmp_path / "list.tsv", ("a/b", "0" * 40), ("a/b", "1" * 40), ("a/b", "0" * 40)
            )
        )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ("--list", "list.tsv"),
            "--list and --mirrors need each other",
        ),
        (
            ("--fetch-from", "file:///", "."),
            "--fetch-from needs --list",
        ),
        ((), "nothing to read: give a PATH or a --list"),
    ],
)
def test_options_that_need_each_other(tmp_path, arguments, message):
    done = corpus("build", *arguments, "-o", tmp_path / "out")
    assert (done.returncode, done.stderr) == (2, f"contracode corpus: {message}\n")
