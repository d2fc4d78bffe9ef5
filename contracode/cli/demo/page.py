"""The page that `contracode demo` leaves behind: `Results` as sections of a report."""

import msgspec

from contracode.cli.demo.results import PRETRAINED, UNTRAINED, Results
from contracode.evaluate.report import Report
from contracode.support.html.blocks import (
    Block,
    Chart,
    CodePart,
    Listing,
    Listings,
    Section,
    Table,
    Text,
)
from contracode.support.html.common_blocks import curve, embedding_map, settings_rows
from contracode.support.html.page import render


def page(results: Results) -> str:
    """Return the page."""
    functions = sum(results.num_functions.values())
    lead = (
        f"A tiny model, trained from nothing in {sum(results.seconds.values()):.0f} seconds on "
        f"{functions} functions of "
        f"{sum(map(len, results.projects.values()))} sample projects. Every figure on this page "
        f"was measured in that run."
    )
    return render(
        "contracode demo",
        lead,
        [
            Section("Map of the embeddings", embedding_map(results.places, results.explained)),
            Section("Training", _training(results)),
            Section("Held-out projects", _figures(results)),
            Section("Predicted types", _hints(results)),
            Section("One function, rewritten", _views(results)),
            Section("Configuration and machine", _settings(results)),
        ],
    )


def _training(results: Results) -> list[Block]:
    pretraining = results.pretraining.history
    charts: list[Block] = [
        Chart("Pretraining: loss (InfoNCE)", "step", [curve("loss", pretraining, "loss")]),
        Chart(
            "Pretraining: own key found among all keys",
            "step",
            [curve("accuracy", pretraining, "accuracy")],
        ),
    ]
    for task, metric, title in (
        ("types", "valid/acc@1", "Types: accuracy on validation"),
        ("types", "valid/loss", "Types: loss on validation"),
        ("names", "valid/loss", "Names: loss on validation"),
        ("names", "train/loss", "Names: loss in training"),
    ):
        curves = [
            curve(kind, results.finetuning[f"{task}, {kind}"].history, metric)
            for kind in (PRETRAINED, UNTRAINED)
        ]
        charts.append(Chart(title, "step", curves))
    return charts


def _figures(results: Results) -> list[Block]:
    return [Text(caution(results)), *(figures_table(report) for report in results.reports)]


def caution(results: Results) -> str:
    """Say how small the data are."""
    types, names, retrieval = results.reports
    return (
        f"Held out: {', '.join(results.projects['test'])}; {types.num_items} typed names in "
        f"{types.num_groups} files and "
        f"{names.num_items} named functions in {names.num_groups} files; for retrieval, "
        f"{retrieval.num_items} functions are "
        f"sought among {sum(results.num_functions.values())}. Per cent, with 95 % intervals from "
        f"drawing files again. This is "
        "very little data, and one run: where intervals overlap, nothing is decided. The untrained "
        "encoder has the same "
        "shape and tokenizer; its heads had the same data and steps."
    )


def figures_table(report: Report) -> Table:
    """Return the figures of a report, one row for each method."""
    cells: dict[str, dict[str, str]] = {}
    for figure in report.figures:
        text = f"{figure.value:.1f} [{figure.low:.1f}, {figure.high:.1f}]"
        cells.setdefault(figure.method, {})[figure.metric] = text
    names = list(dict.fromkeys(figure.metric for figure in report.figures))
    rows = [[method, *(row.get(name, "") for name in names)] for method, row in cells.items()]
    return Table(report.task, ["method", *names], rows, [row[0] == PRETRAINED for row in rows])


def _hints(results: Results) -> list[Block]:
    hinted = results.hinted
    return [Text(hints_note(results)), Listing(hinted.path, hinted.parts)]


def hints_note(results: Results) -> str:
    """Say what is drawn and what is not."""
    hinted = results.hinted
    return (
        f"{hinted.drawn} types drawn, of which an editor would show {hinted.sure}: those at least "
        f"{hinted.threshold:.0%} probable. The "
        f"others are guesses, with a question mark; {hinted.silent} more names stay without. The "
        f"file is of a project that no "
        "stage was trained on."
    )


def _views(results: Results) -> list[Block]:
    made = results.augmented
    text = (
        f"{made.views:,} views of {made.functions} functions in {made.seconds:.1f} s on one core, "
        f"{made.views / made.seconds:,.0f} a second; {made.distinct:,} of them distinct."
    )
    views = [
        Listing(
            ", ".join(view.transforms) or "unchanged", [CodePart(view.text, None)]
        )  # the engine may leave a function alone
        for view in made.shown
    ]
    return [
        Text(text),
        Listings([Listing(f"{made.name}, as written", [CodePart(made.source, None)]), *views]),
    ]


def _settings(results: Results) -> list[Block]:
    seconds = [[stage, f"{spent:.1f} s"] for stage, spent in results.seconds.items()]
    settings = settings_rows(msgspec.to_builtins(results.config))
    return [
        Text(f"Seed {results.seed}{', quick run' if results.quick else ''}."),
        Table(
            "Machine",
            ["", ""],
            [[name, value] for name, value in (results.machine | results.versions).items()],
        ),
        Table("Time", ["stage", "wall time"], seconds),
        Table("Pretraining settings", ["setting", "value"], settings),
    ]
