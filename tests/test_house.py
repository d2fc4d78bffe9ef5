"""The product keeps the rules of the house, and the checker finds every kind of violation."""

from pathlib import Path

import pytest

from tests import house


def test_the_product_keeps_the_rules() -> None:
    assert house.violations(house.product()) == []


WRONG = {
    "room": ({f"contracode/room/file{number}.py": "" for number in range(13)}, "contracode/room:"),
    "file": ({"augment/long.py": "x = 1\n" * 401}, "augment/long.py: 401 lines"),
    "function": (
        {"augment/long.py": "def long():\n" + "    x = 1\n" * 60},
        "augment/long.py:1: long has 61 lines",
    ),
    "class": (
        {"augment/one.py": "class A: ...\n", "contracode/other.py": "class A: ...\n"},
        "class A: augment/one.py, contracode/other.py",
    ),
    "circle": (
        {
            "augment/one.py": "from augment.other import b\n",
            "augment/other.py": "from augment.one import a\n",
        },
        "circle: augment.one -> augment.other -> augment.one",
    ),
    "type-time circle": (
        {
            "augment/one.py": "from typing import TYPE_CHECKING\n"
            "if TYPE_CHECKING:\n    from augment.other import B\n",
            "augment/other.py": "from augment.one import a\n",
        },
        "circle: augment.one -> augment.other -> augment.one",
    ),
    "circle inside a function": (
        {
            "augment/one.py": "def f():\n    from augment.other import b\n",
            "augment/other.py": "import augment.one\n",
        },
        "circle: augment.one -> augment.other -> augment.one",
    ),
}


@pytest.mark.parametrize("kind", WRONG)
def test_violations_are_found(kind: str) -> None:
    sources, expected = WRONG[kind]
    (found,) = house.violations(sources)
    assert found.startswith(expected)


def test_what_is_just_within_the_limits_passes() -> None:
    sources = {f"contracode/room/file{number}.py": "" for number in range(12)}
    sources["contracode/room/__init__.py"] = ""
    sources["augment/long.py"] = "def long():\n" + "    x = 1\n" * 59 + "x = 1\n" * 340
    assert house.violations(sources) == []


def test_sources_of_every_room_are_read_and_vendored_ones_are_not(tmp_path: Path) -> None:
    places = ("augment", "contracode/room/inner", "lsp_server", "lsp_server/node_modules/x", "docs")
    for place in places:
        (tmp_path / place).mkdir(parents=True, exist_ok=True)
        (tmp_path / place / "same.py").write_text("class Same: ...\n")
    assert house.violations(house.product(tmp_path)) == [
        "class Same: augment/same.py, contracode/room/inner/same.py, lsp_server/same.py"
    ]
