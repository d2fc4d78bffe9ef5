"""What the documentation says is so: generated pages are up to date, code blocks run."""

import re
from pathlib import Path

import augment
from contracode.evaluate.clones.methods.baseline import baselines
from tests.augment.catalogue import COMMAND, catalogue

DOCS = Path(__file__).parents[1] / "docs"


def test_the_page_of_transforms_is_up_to_date() -> None:
    written = (DOCS / "transforms.md").read_text(encoding="utf-8")
    assert written == catalogue(), f"docs/transforms.md is out of date: run `{COMMAND}`"


def test_it_lists_every_transform() -> None:
    text = catalogue()
    for name in augment.registry():
        assert f"| [`{name}`]" in text
        assert f"### {name}\n" in text


def test_code_blocks_in_python_run() -> None:
    blocks = re.findall(
        r"^```python\n(.*?)^```",
        (DOCS / "transforms.md").read_text(encoding="utf-8"),
        re.DOTALL | re.MULTILINE,
    )
    assert blocks
    for block in blocks:
        exec(compile(block, "docs/transforms.md", "exec"), {})


def test_the_page_on_evaluation_names_every_baseline_family_and_task() -> None:
    text = (DOCS / "evaluation.md").read_text(encoding="utf-8")
    for name in baselines():
        assert f"| `{name}` |" in text
    families = text[text.index("`--families` adds") :].partition("`--without`")[0]
    for name in augment.families():
        assert re.search(rf"\b{name}\b", families), name
    for task in ("clones", "robustness", "retrieval", "names", "types", "all"):
        assert f"| `contracode evaluate {task} " in text


def test_the_normal_form_is_what_the_page_on_evaluation_says() -> None:
    text = augment.normalize(
        augment.parse(
            "function f(xs) { if (!xs) return; for (var i = 0; i < 1 + 1; ++i) g({ xs }) }"
        )
    )
    assert "else" not in text
    assert "i < 2" in text
    assert augment.normalize(augment.parse(text)) == text
