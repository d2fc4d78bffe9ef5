"""Evaluation reports as one self-contained page: tables with intervals, curves, examples."""

from collections.abc import Mapping, Sequence
from typing import Any

from contracode.evaluate.report import Report
from contracode.support.html.blocks import (
    Block,
    Chart,
    CodePart,
    Curve,
    Listing,
    Listings,
    Section,
    Table,
    Text,
)
from contracode.support.html.page import render

_LONGEST = 1_500
"""Maximum number of characters of a source on the page."""

_TITLES = {
    "retrieval": "Retrieval of views",
    "clones anon": "Clones with the problem's names replaced",
    "clones code": "Clones as their authors wrote them",
    "robustness": "Robustness",
    "types": "Types",
    "names": "Method names",
}

_TEXTS = {
    "retrieval": "The first view of a function is the query; the second views of all functions are "
    "searched.",
    "clones anon": "Pairs of programs that solve the same problem are ranked against pairs that "
    "solve different problems. Under attack, the first program of each pair is rewritten N times: "
    "a true pair takes the lowest similarity of the N, a false pair the highest.",
    "robustness": "True pairs are ranked against false pairs while one side is rewritten: the "
    "worst of N rewrites. A column named after a family of transforms applies only that family, at "
    "all its sites.",
    "types": "Types of parameters, returns, variables and fields, compared with counting tables.",
    "names": "Names of functions from their bodies, scored by sub-tokens.",
}


def page(model: str, reports: Mapping[str, Report]) -> str:
    """Return the page.

    Args:
        model: name of the measured model.
        reports: report of each task, by name.
    """
    sections = [
        Section(_TITLES.get(name, name), _blocks(name, model, report))
        for name, report in reports.items()
    ]
    lead = (
        "All figures have 95 % intervals, and are compared with baselines on the same data; "
        "see docs/evaluation.md."
    )
    return render(f"Evaluation of {model}", lead, sections)


def _blocks(name: str, model: str, report: Report) -> list[Block]:
    unit = (
        f"{report.num_items:,} items in {report.num_groups:,} groups; per cent, "
        "95 % intervals over groups."
    )
    blocks: list[Block] = [Text(f"{_TEXTS.get(name, '')} {unit}".strip()), _figures(model, report)]
    if report.differences:
        blocks.append(_differences(report))
    blocks += _curves(report)
    for method, details in report.details.items():
        blocks += _details(method, details)
    return blocks + _examples(report)


def _figures(model: str, report: Report) -> Table:
    cells = report.cells()
    metrics = list(dict.fromkeys(metric for row in cells.values() for metric in row))
    rows = [[method, *(row.get(metric, "") for metric in metrics)] for method, row in cells.items()]
    return Table("", ["method", *metrics], rows, [method == model for method in cells])


def _differences(report: Report) -> Table:
    metrics = list(dict.fromkeys(one.metric for one in report.differences))
    rows: dict[tuple[str, str], dict[str, str]] = {}
    sure: set[tuple[str, str]] = set()
    for one in report.differences:
        rows.setdefault((one.method, one.other), {})[one.metric] = (
            f"{one.value:+.1f} [{one.low:+.1f}, {one.high:+.1f}]"
        )
        if one.low > 0:
            sure.add((one.method, one.other))
    table = [
        [f"{a} minus {b}", *(row.get(metric, "") for metric in metrics)]
        for (a, b), row in rows.items()
    ]
    title = "Paired differences in points; bold where the whole interval is above zero"
    return Table(title, ["", *metrics], table, [key in sure for key in rows])


def _curves(report: Report) -> list[Block]:
    # Curves of single families and tools are left out; tables have their figures.
    names = dict.fromkeys(curve.name for curve in report.curves if ":" not in curve.name)
    return [
        Chart(
            f"ROC, {name}: true against false positive rate",
            "false positive rate",
            [Curve(one.method, one.xs, one.ys) for one in report.curves if one.name == name],
        )
        for name in names
    ]


def _details(method: str, details: Mapping[str, Any]) -> list[Block]:
    """Draw the confidence and the confusions of a method, if the report has them."""
    blocks: list[Block] = []
    if details.get("risk_coverage"):
        coverage, risk, _ = zip(*details["risk_coverage"], strict=True)
        curve = Curve("wrong among shown", list(coverage), list(risk))
        blocks.append(Chart(f"Risk and coverage, {method}", "share of shown items", [curve]))
    if details.get("reliability"):
        confidence, right, _ = zip(*details["reliability"], strict=True)
        curves = [
            Curve("right", list(confidence), list(right)),
            Curve("calibrated", [0, 1], [0, 1]),
        ]
        blocks.append(Chart(f"Reliability, {method}", "confidence", curves))
    if details.get("confusion"):
        types: Sequence[str] = details["confusion"]["types"]
        rows = [
            [name, *map(str, row)]
            for name, row in zip(types, details["confusion"]["counts"], strict=True)
        ]
        blocks.append(
            Table(
                f"Confusion, {method}: true types in rows, predicted types in columns",
                ["", *types],
                rows,
            )
        )
    if details.get("by_kind"):
        kinds: Mapping[str, Mapping[str, float]] = details["by_kind"]
        columns = list(dict.fromkeys(column for row in kinds.values() for column in row))
        table = [
            [kind, *(f"{row[column]:.3g}" for column in columns)] for kind, row in kinds.items()
        ]
        blocks.append(Table(f"By kind, {method}", ["", *columns], table))
    return blocks


def _examples(report: Report) -> list[Block]:
    blocks: list[Block] = []
    for right, title in ((False, "Wrong"), (True, "Right")):
        for one in report.examples:
            if one.right == right:
                parts = [[CodePart(_cut(source), None)] for source in one.sources]
                blocks.append(
                    Listings(
                        [
                            Listing(f"{title}, {one.method}: {one.text}" if not at else "", part)
                            for at, part in enumerate(parts)
                        ]
                    )
                )
    return blocks


def _cut(source: str) -> str:
    return source if len(source) <= _LONGEST else source[:_LONGEST] + "\n…"
