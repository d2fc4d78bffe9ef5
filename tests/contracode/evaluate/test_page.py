"""`contracode evaluate all`: all tasks on the shipped sample, as JSON, tables and a page."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

import augment
from contracode.cli.main import main
from contracode.evaluate.page import page
from contracode.evaluate.report import Difference, EvaluationCurve, Example, Figure, Report
from tests.paths import SAMPLE


def report(**more: Any) -> Report:
    """A report with one figure of a model and of a baseline."""
    figures = [
        Figure(method=method, metric="AUROC", value=value, low=value - 5, high=value + 5)
        for method, value in (("counting", 60.0), ("mine", 70.0))
    ]
    return Report(task="clones", num_items=10, num_groups=2, figures=figures, **more)


class Page(HTMLParser):
    """Collects the text of a page, and every element that could load something."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.loading: list[str] = []
        self.open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open.append(tag)
        if tag in ("script", "img", "link", "iframe") or any(
            name in ("src", "href") for name, _ in attrs
        ):
            self.loading.append(tag)

    def handle_data(self, data: str) -> None:
        self.words.append(data.strip())


def test_page_has_tables_curves_and_examples() -> None:
    difference = Difference(
        method="mine", other="counting", metric="AUROC", value=10, low=2, high=18
    )
    curve = EvaluationCurve(method="mine", name="natural", xs=[0, 0.5, 1], ys=[0, 0.9, 1])
    example = Example(
        method="mine", right=False, text="solve one problem", sources=["f(a < b)", "g()" * 900]
    )
    text = page(
        "mine",
        {"clones anon": report(differences=[difference], curves=[curve], examples=[example])},
    )
    found = Page(text)
    assert found.loading == []
    assert {
        "70.0 [65.0, 75.0]",
        "60.0 [55.0, 65.0]",
        "+10.0 [+2.0, +18.0]",
        "mine minus counting",
    } <= set(found.words)
    assert "ROC, natural: true against false positive rate" in found.words
    assert "f(a < b)" in found.words
    assert "Wrong, mine: solve one problem" in found.words
    assert len(text) < 20_000  # a long source is cut
    # the model, and the difference whose interval is above zero
    assert len(re.findall('<tr class="strong">', text)) == 2


def test_page_draws_confidence_and_confusion_of_types() -> None:
    details: dict[str, dict[str, object]] = {
        "mine": {
            "threshold": 0.8,
            "risk_coverage": [(0.1, 0.0, 0.9), (1.0, 0.4, 0.1)],
            "reliability": [(0.2, 0.1, 5), (0.9, 0.8, 7)],
            "confusion": {"types": ["string", "others"], "counts": [[6, 1], [2, 3]]},
            "by_kind": {"parameter": {"items": 4, "acc@1": 0.5}},
        },
        "other": {"threshold": 0.5},
    }
    words = Page(page("mine", {"types": report(details=details)})).words
    assert {"Risk and coverage, mine", "Reliability, mine", "By kind, mine"} <= set(words)
    confusion = words.index("Confusion, mine: true types in rows, predicted types in columns")
    assert [word for word in words[confusion + 1 :] if word][:8] == [
        "string",
        "others",
        "string",
        "6",
        "1",
        "others",
        "2",
        "3",
    ]
    assert not any("other" in word and "Risk" in word for word in words)


def test_evaluate_all_measures_the_shipped_sample(
    tmp_path: Path,
    model_folder: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from contracode.evaluate.clones import robustness

    monkeypatch.setattr(robustness, "WORST", (1, 2))
    families = {"loops": ("convert-loops",), "layout": ("reformat",)}
    monkeypatch.setattr(augment, "families", lambda: families)
    functions, types = SAMPLE / "javascript_valid_0.jsonl.gz", SAMPLE / "typescript"
    options = [
        "--model",
        str(model_folder),
        "--limit",
        "8",
        "--baselines",
        "rename-blind",
        "-o",
        str(tmp_path / "out"),
    ]
    assert (
        main(
            [
                "evaluate",
                "all",
                "--data",
                f"functions={functions}",
                f"types={types}",
                *options,
                "--json",
            ]
        )
        == 0
    )
    printed = capsys.readouterr()
    reports = json.loads(printed.out)
    assert list(reports) == ["robustness", "retrieval", "names", "types"]
    assert reports == json.loads((tmp_path / "out" / "evaluation.json").read_text())
    text = (tmp_path / "out" / "evaluation.html").read_text()
    assert Page(text).loading == []
    assert {"Robustness", "Retrieval of views", "Types", "Method names"} <= set(Page(text).words)
    for figure in reports["robustness"]["figures"]:
        assert f"{figure['value']:.1f} [{figure['low']:.1f}, {figure['high']:.1f}]" in text


def test_evaluate_all_names_missing_options(
    tmp_path: Path, model_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def error(*arguments: str) -> str:
        assert main(["evaluate", *arguments, "--model", str(model_folder)]) == 2
        return capsys.readouterr().err

    for arguments, missing in ((["all"], "-o/--output"), (["retrieval"], "--data")):
        assert missing in error(*arguments)
    assert "clones=DIR, functions=DATA or types=DATA" in error(
        "all", "-o", str(tmp_path), "--data", "corpus"
    )
    assert "no such file" in error(
        "all", "-o", str(tmp_path / "out"), "--data", f"clones={tmp_path}"
    )
    assert not (tmp_path / "out").exists()
