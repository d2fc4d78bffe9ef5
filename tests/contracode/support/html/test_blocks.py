"""The page is self-contained and well-formed, and shows the given numbers."""

import math
import re
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from contracode.support.html.blocks import (
    Bar,
    Chart,
    CodePart,
    CountTable,
    Curve,
    Histogram,
    Listing,
    Listings,
    Map,
    Point,
    Section,
    Table,
    Text,
)
from contracode.support.html.drawing import ticks
from contracode.support.html.page import render

VOID = {"meta", "br", "img", "link", "input", "hr"}


class Outline(HTMLParser):
    """Elements with their attributes and text; fails on tags that do not nest."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(page)
        self.close()
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data

    def all(self, tag: str, **attributes: str) -> list[dict[str, str | None]]:
        wanted = {name.rstrip("_"): value for name, value in attributes.items()}
        return [
            found
            for name, found in self.elements
            if name == tag and wanted.items() <= found.items()
        ]


def outline(*blocks: object) -> Outline:
    return Outline(render("Title", "Lead.", [Section("Section", blocks)]))  # pyright: ignore[reportArgumentType]


def test_outline_catches_tags_that_do_not_nest() -> None:
    with pytest.raises(AssertionError):
        Outline("<p><b></p></b>")


def test_page_loads_nothing_and_runs_nothing() -> None:
    page = render(
        "A", "B", [Section("C", [Chart("D", "step", [Curve("loss", [1, 2], [3.0, 2.0])])])]
    )
    found = Outline(page)
    assert not {"script", "link", "img", "iframe", "object"} & {tag for tag, _ in found.elements}
    assert not re.search(r"https?:|url\(|@import|\bon\w+=", page)
    assert {"href", "src"}.isdisjoint(
        name for _, attributes in found.elements for name in attributes
    )
    assert found.all("meta", **{"http-equiv": "Content-Security-Policy"})


def test_text_is_escaped_everywhere() -> None:
    evil = "<script>alert('\"&')</script>"
    found = Outline(
        render(
            evil,
            evil,
            [
                Section(
                    evil,
                    [
                        Text(evil),
                        Table(evil, [evil], [[evil]]),
                        Listing(evil, [CodePart(evil, None), CodePart(evil, 0.5)]),
                        Listings([Listing(evil, [CodePart(evil, None)])]),
                        Map(evil, [Point(0, 0, evil, evil)]),
                        Chart(evil, evil, [Curve(evil, [0, 1], [0, 1])]),
                        Histogram(evil, evil, [Bar(0, 1, 1)]),
                        CountTable(evil, [(evil, 1)]),
                    ],
                )
            ],
        )
    )
    assert not found.all("script")
    assert found.text.count(evil) >= 15


def test_curve_runs_through_its_points_within_the_frame() -> None:
    (line,) = outline(Chart("Loss", "step", [Curve("loss", [0, 5, 10], [1.0, math.nan, 0.0])])).all(
        "polyline"
    )
    (x0, y0), (x1, y1) = (map(float, pair.split(",")) for pair in (line["points"] or "").split())
    assert 0 <= x0 < x1 <= 560
    assert 0 <= y0 < y1 <= 300  # down is larger: 1.0 stands above 0.0


def test_empty_chart_has_a_message_and_single_point_is_drawn() -> None:
    assert "No values." in outline(Chart("Loss", "step", [Curve("loss", [1], [math.inf])])).text
    single = outline(Chart("Loss", "step", [Curve("loss", [1], [2.0])]))
    assert any("translate" in (path.get("transform") or "") for path in single.all("path"))


def test_histogram_has_a_bar_for_each_range_as_high_as_its_share() -> None:
    found = outline(
        Histogram("Lines", "lines", [Bar(1, 1, 10), Bar(2, 3, 30), Bar(4, 7, 0), Bar(8, 15, 60)])
    )
    bars = found.all("rect", class_="bar")
    heights = [float(bar["height"] or "") for bar in bars]
    assert [round(height / heights[0], 1) for height in heights] == [1.0, 3.0, 0.0, 6.0]
    edges = [
        (float(bar["x"] or ""), float(bar["x"] or "") + float(bar["width"] or "")) for bar in bars
    ]
    assert all(0 <= left < right <= next_left for (left, right), (next_left, _) in pairwise(edges))
    assert all(tooltip in found.text for tooltip in ("1: 10 (10.0 %)", "8 to 15: 60 (60.0 %)"))
    assert "No values." in outline(Histogram("Lines", "lines", [])).text


def test_many_bars_get_labels_that_do_not_overlap() -> None:
    found = outline(
        Histogram("Lines", "lines", [Bar(n * 1000, n * 1000 + 999, 1) for n in range(40)])
    )
    labels = [text for text in found.all("text", **{"text-anchor": "middle"}) if text["y"] == "277"]
    places = [float(text["x"] or "") for text in labels]
    assert len(found.all("rect", class_="bar")) == 40
    assert (
        min(b - a for a, b in pairwise(places)) >= 7 * len("39000") + 8
    )  # 7 is the width of a digit


def test_counts_show_their_share_as_number_and_bar() -> None:
    found = outline(CountTable("Licences", [("MIT", 3_000), ("none", 1_000), ("never", 0)]))
    assert re.search(r"3,000\s*75\.0 %", found.text)
    assert [bar["width"] for bar in found.all("rect", class_="bar")] == ["100.00", "33.33", "0.00"]
    assert "none" in outline(CountTable("Licences", [])).text


def test_map_has_a_tooltip_for_each_point_and_a_legend_for_each_group() -> None:
    points = [Point(i, -i, f"group {i % 12}", f"function {i}") for i in range(30)]
    found = outline(Map("Map", points))
    marks = found.all("path", class_="point")
    assert len(marks) == 30
    assert all(f"function {i}" in found.text for i in range(30))
    looks = {(mark["style"], mark["d"]) for mark in marks}
    assert len(looks) == 12  # no two groups look the same
    assert len(found.all("li")) == 12


def test_table_has_every_cell_and_marks_strong_rows() -> None:
    found = outline(Table("T", ["method", "acc"], [["a", "1"], ["b", "2"]], [False, True]))
    assert len(found.all("td")) == 4
    assert len(found.all("tr", class_="strong")) == 1


def test_listing_marks_hints_with_their_probability() -> None:
    found = outline(
        Listing("f.js", [CodePart("f(a", None), CodePart(": number", 0.874), CodePart(")", None)])
    )
    assert "f(a: number)" in found.text
    assert found.all("span", class_="hint") == [{"class": "hint", "title": "87%"}]


@pytest.mark.parametrize(
    ("low", "high"),
    [(0, 1), (0.013, 0.0172), (-3, 1234), (5, 5), (0, 0), (-1e-9, 1e-9), (99.9, 100.1)],
)
def test_ticks_enclose_the_range_evenly(low: float, high: float) -> None:
    found = ticks(low, high)
    steps = {round((b - a) / (found[1] - found[0]), 6) for a, b in pairwise(found)}
    assert found[0] <= low
    assert found[-1] >= high
    assert steps == {1.0}
    assert 2 <= len(found) <= 8


def test_same_input_gives_same_page() -> None:
    sections = [Section("S", [Map("M", [Point(1, 2, "g", "t")]), Text("x")])]
    assert render("A", "B", sections) == render("A", "B", sections)
