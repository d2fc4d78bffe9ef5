"""What the documentation says is so: generated pages are up to date, code blocks run."""

import re
from pathlib import Path

import augment
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
        r"^```python\n(.*?)^```", (DOCS / "transforms.md").read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE
    )
    assert blocks
    for block in blocks:
        exec(compile(block, "docs/transforms.md", "exec"), {})
