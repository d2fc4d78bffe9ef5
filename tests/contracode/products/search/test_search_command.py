"""`contracode search` and `contracode clones` as a user runs them, with the shipped model."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from contracode.cli.main import main

SUM = """\
function sum(list) {
  let total = 0;
  for (const one of list) { if (one > 0) total += one * 2 }
  return total;
}
"""
OTHER = (
    "// Joins parts.\nexport const join = (parts, by) => {\n  return parts.filter(Boolean).map(p "
    "=> p.trim()).join(by)\n}\n"
)


@pytest.fixture
def root(workspace: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return workspace(
        {
            "package.json": "{}",
            "a/one.js": SUM,
            "b/two.js": SUM.replace("total", "all"),
            "c.ts": OTHER,
        }
    )


def test_an_index_is_kept_in_the_cache_folder_and_not_in_the_workspace(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = sorted(root.rglob("*"))
    assert main(["search", "index", str(root), "--json"]) == 0
    summary = json.loads(capsys.readouterr().out)
    assert (summary["files"], summary["functions"], summary["embedded"]) == (3, 3, 3)
    assert Path(summary["index"]).is_relative_to(root.parent / "cache")
    assert main(["search", "index", str(root)]) == 0
    assert "3 functions in 3 files, 0 embedded" in capsys.readouterr().out
    assert sorted(root.rglob("*")) == before
    assert main(["search", "index", str(root), "--index", str(root / ".index")]) == 0
    assert (root / ".index").is_file()


def test_similar_functions_of_the_project_around_a_file(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["search", "similar", f"{root}/a/one.js:3", "--top", "1"]) == 0
    assert capsys.readouterr().out.startswith(f"{root}/b/two.js:1: sum  ")
    assert main(["search", "similar", f"{root}/a/one.js:3", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [(one["name"], one["line"]) for one in found] == [("sum", 1), ("join", 2)]
    assert found[0]["likeness"] > 0.9 > found[1]["likeness"]


def test_similar_functions_to_standard_input(root: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "contracode.cli.main",
        "search",
        "similar",
        "-",
        "--in",
        str(root),
        "--top",
        "2",
    ]
    done = subprocess.run(command, input=SUM, capture_output=True, text=True, check=True)
    assert [line.partition(":")[0] for line in done.stdout.splitlines()] == [
        f"{root}/a/one.js",
        f"{root}/b/two.js",
    ]


def test_text(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["search", "text", "join parts", "--in", str(root)]) == 0
    first, *_ = capsys.readouterr().out.splitlines()
    assert first.startswith(f"{root}/c.ts:2: join  ")


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["similar", "a/one.js"], ": a/one.js\n"),
        (["similar", "a/one.js:99"], "a/one.js:99: "),
        (["similar", "none.js:1"], "none.js: "),
        (["index", "none"], "none: "),
        (["text", "x", "--top", "0"], "--top: must be at least 1, not 0"),
    ],
)
def test_bad_input_is_reported_in_one_line(
    root: Path,
    arguments: list[str],
    problem: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(root)
    assert main(["search", *arguments]) == 2
    error = capsys.readouterr().err
    assert error.startswith("contracode search: ")
    assert problem in error
    assert error.count("\n") == 1


def test_clones_as_lines_with_an_exit_code(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command = ["clones", str(root), "--min-tokens", "20"]
    assert main(command) == 0
    assert capsys.readouterr().out.splitlines() == [
        "1. 2 renamed functions, 35 tokens repeated",
        f"   {root}/a/one.js:1: sum  1.00",
        f"   {root}/b/two.js:1: sum  1.00",
        "1 groups of clones, 35 tokens repeated",
    ]
    assert main([*command, "--fail-over", "1"]) == 0
    assert main([*command, "--fail-over", "0"]) == 1
    assert capsys.readouterr().err == "contracode clones: 1 groups, more than 0\n"
    assert main(["clones", str(root)]) == 0  # 35 tokens are too few by default
    assert capsys.readouterr().out == "0 groups of clones\n"


def test_clones_as_json_sarif_and_a_page(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (root / "a/one.js").rename(root / "a/ö <b>.js")
    command = ["clones", str(root), "--min-tokens", "20"]
    assert main([*command, "--json"]) == 0
    (group,) = json.loads(capsys.readouterr().out)["groups"]
    assert [one["path"] for one in group["functions"]] == ["a/ö <b>.js", "b/two.js"]
    assert main([*command, "--sarif"]) == 0
    log = json.loads(capsys.readouterr().out)
    (result,) = log["runs"][0]["results"]
    assert result["ruleId"] in {rule["id"] for rule in log["runs"][0]["tool"]["driver"]["rules"]}
    assert result["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "a/%C3%B6%20%3Cb%3E.js", "uriBaseId": "ROOT"},
        "region": {"startLine": 1, "endLine": 5},
    }
    assert result["relatedLocations"][0]["id"] == 1
    assert main([*command, "--html", "-o", str(root / "page.html")]) == 0
    page = (root / "page.html").read_text("utf-8")
    assert "a/ö &lt;b&gt;.js:1" in page
    assert "<b>.js" not in page
    assert main([*command, "--threshold", "0"]) == 2
    assert main([*command, "--fail-over", "-1"]) == 2
