from typing import Any

import pytest

from lsp_server.services.settings import HintSettings, ServerSettings, read


def test_nothing_set_means_the_defaults() -> None:
    assert read(None) == (ServerSettings(), [])
    assert read({"threshold": None}) == (ServerSettings(), [])


def test_values_are_taken_over_those_below() -> None:
    base, _ = read({"threshold": 0.9, "hints": {"returns": False}})
    settings, problems = read({"maxFileSize": 10, "hints": {"variables": False}}, base=base)
    assert settings == ServerSettings(
        threshold=0.9, max_file_size=10, hints=HintSettings(returns=False, variables=False)
    )
    assert problems == []


@pytest.mark.parametrize(
    ("value", "named"),
    [
        ({"threshold": 2}, "contracode.threshold"),
        ({"threshold": "high"}, "contracode.threshold"),
        ({"enabled": 1}, "contracode.enabled"),
        ({"maxFileSize": -1}, "contracode.maxFileSize"),
        ({"hints": {"parameters": "yes"}}, "contracode.hints.parameters"),
        ({"hints": {"edits": "never"}}, "contracode.hints.edits"),
        ({"hints": True}, "contracode.hints"),
        ({"model": "/somewhere"}, "contracode.model"),
        ({"hints": {"everything": True}}, "contracode.hints.everything"),
        ([], "contracode"),
    ],
)
def test_a_wrong_value_is_named_and_leaves_the_rest(value: Any, named: str) -> None:
    settings, problems = read(value)
    assert settings == ServerSettings()
    assert len(problems) == 1
    assert problems[0].startswith(f"{named}: ")


def test_right_values_beside_wrong_ones_count() -> None:
    settings, problems = read({"threshold": -1, "enabled": False})
    assert settings == ServerSettings(enabled=False)
    assert len(problems) == 1
