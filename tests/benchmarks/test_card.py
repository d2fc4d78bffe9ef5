"""The card's tables: figures, differences, and nothing but the place that is meant."""

import pytest

from benchmarks.card import entered, table

REPORT = {
    "figures": [
        {"method": "counting", "metric": "F1", "value": 10.04, "low": 9.0, "high": 11.0},
        {"method": "ours", "metric": "F1", "value": 21.06, "low": 20.0, "high": 22.0},
        {"method": "ours", "metric": "unwanted", "value": 1.0, "low": 0.0, "high": 2.0},
    ],
    "differences": [
        {
            "method": "ours",
            "other": "counting",
            "metric": "F1",
            "value": 11.02,
            "low": 10.5,
            "high": 12.0,
        }
    ],
}


def test_a_table_has_the_figures_wanted_and_the_differences() -> None:
    assert table(REPORT, ("F1", "exact")).splitlines() == [
        "|  | F1 |",
        "|---|---|",
        "| counting | 10.0 [9.0, 11.0] |",
        "| ours | 21.1 [20.0, 22.0] |",
        "| *ours above counting* | +11.0 [10.5, 12.0] |",
    ]


def test_a_table_is_entered_in_its_place_alone() -> None:
    card = "# m\n\n<!-- names -->\nold\n<!-- end -->\n\n<!-- types -->\nkept\n<!-- end -->\n"
    written = entered(card, "names", "| new \\1 |")
    assert (
        written
        == "# m\n\n<!-- names -->\n\n| new \\1 |\n\n<!-- end -->\n\n<!-- types -->\nkept\n<!-- end -->\n"
    )
    assert entered(written, "names", "| new \\1 |") == written
    with pytest.raises(ValueError, match="no <!-- clones anon -->"):
        entered(card, "clones anon", "")
