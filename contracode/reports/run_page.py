"""The page of `contracode report`: a `RunReport` as sections."""

from collections.abc import Mapping, Sequence

from contracode.reports.run_report import RunReport
from contracode.support.html.blocks import Block, Chart, Curve, Section, Table, Text
from contracode.support.html.common_blocks import curve, embedding_map, settings_rows
from contracode.support.html.page import render

Rows = Sequence[Mapping[str, float]]

_TITLES = {
    "loss": "Loss",
    "accuracy": "Accuracy: own key found among all keys",
    "masked_loss": "Masked modelling: loss",
    "masked_accuracy": "Masked modelling: pieces found",
    "temperature": "Temperature",
    "learning_rate": "Learning rate",
    "momentum": "Momentum of the key encoder",
    "pieces_per_second": "Pieces (tokens) per second",
    "waiting": "Share of the time spent waiting for data",
    "refused": "Functions refused so far",
}
"""Titles of the columns of a pretraining run's `metrics.csv`, in the order of the charts."""

_CLOCKS = ("step", "epoch", "seconds")
"""Columns without a chart."""


def page(report: RunReport) -> str:
    """Return the page as HTML."""
    time = "" if report.seconds is None else f" in {duration(report.seconds)}"
    sections = [
        Section("Figures", [Table("", ["figure", "first", "last", "best"], figures(report))]),
        Section("Training", _training(report.metrics)),
    ]
    if report.probe:
        sections.append(Section("Clone detection on held-out functions", _probe(report.probe)))
    if report.validation:
        sections.append(Section("Validation on held-out functions", _validation(report.validation)))
    sections += [
        Section("Map of the embeddings", _map(report)),
        Section("Corpus, machine and time", _facts(report)),
        Section("Settings", [Table("", ["setting", "value"], settings_rows(report.config))]),
    ]
    return render(
        f"Run {report.name}", f"{report.kind.capitalize()}, {report.step:,} steps{time}.", sections
    )


def duration(seconds: float) -> str:
    """Return a time as text, such as 1 h 02 min, 3 min 20 s or 4.2 s."""
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    return (
        f"{minutes // 60} h {minutes % 60:02} min"
        if minutes >= 60
        else f"{minutes} min {rest:02} s"
    )


def figures(report: RunReport) -> list[list[str]]:
    """Return rows of name, first, last and best value, of losses, accuracies and areas."""
    rows: list[list[str]] = []
    for source, history in (
        ("", report.metrics),
        ("validation: ", report.validation),
        ("probe: ", report.probe),
    ):
        for name in history[0] if history else []:
            values = [row[name] for row in history if row[name] == row[name]]
            kind = name.rpartition("/")[2]
            better = min if kind.endswith("loss") or kind in ("alignment", "uniformity") else max
            if values and (
                better is min
                or kind.startswith(("acc", "auroc", "f1"))
                or kind.endswith("accuracy")
            ):
                rows.append(
                    [
                        f"{source}{name}",
                        *(f"{one:.4f}" for one in (values[0], values[-1], better(values))),
                    ]
                )
    return rows


def _training(rows: Rows) -> list[Block]:
    columns = [name for name in rows[0] if name not in _CLOCKS]
    known = [name for name in _TITLES if name in columns]
    blocks: list[Block] = [
        Chart(_TITLES[name], "step", [curve(name, rows, name)]) for name in known
    ]
    grouped: dict[str, list[Curve]] = {}  # fine-tuning: train/loss and valid/loss in one chart
    for name in columns:
        if name not in known:
            part, _, figure = name.rpartition("/")
            grouped.setdefault(figure, []).append(curve(part or figure, rows, name))
    return [*blocks, *(Chart(figure, "step", curves) for figure, curves in grouped.items())]


def _probe(rows: Rows) -> list[Block]:
    text = (
        "AUROC ranks pairs of views of one function against pairs of views of two functions, by "
        "the cosine of their embeddings. Natural views are drawn as in training. Worst of 4: one "
        "view of each pair is the least favourable of four views by all transforms at all sites. "
        "Step 0 is the untrained encoder. Alignment is the mean squared distance of two views of a "
        "function. Uniformity measures how evenly embeddings cover the sphere. Both are better if "
        "lower (Wang and Isola, 2020)."
    )
    areas = [curve("natural", rows, "auroc"), curve("worst of 4", rows, "auroc_worst_of_4")]
    return [
        Text(text),
        Chart("AUROC of clones", "step", areas),
        Chart("Alignment", "step", [curve("alignment", rows, "alignment")]),
        Chart("Uniformity", "step", [curve("uniformity", rows, "uniformity")]),
    ]


def _validation(rows: Rows) -> list[Block]:
    text = (
        "Validation has no dropout, and its negatives are the rest of a batch instead of the "
        "queue. Its loss is not comparable with the loss of training."
    )
    charts = [
        Chart(_TITLES[name], "step", [curve(name, rows, name)]) for name in ("loss", "accuracy")
    ]
    return [Text(text), *charts]


def _map(report: RunReport) -> list[Block]:
    found = report.embeddings
    return [Text(report.no_map)] if found is None else embedding_map(found.places, found.explained)


def _facts(report: RunReport) -> list[Block]:
    spent = "not recorded" if report.seconds is None else duration(report.seconds)
    rows = [["steps", f"{report.step:,}"], ["training time", spent], ["seed", str(report.seed)]]
    facts = report.facts
    if facts is None:
        return [
            Table("", ["", ""], rows),
            Text("A fine-tuning run does not record its corpus and machine."),
        ]
    rows += [
        *(["corpus", place] for place in facts.corpus),
        ["functions", f"{facts.num_functions:,}"],
        ["SHA-256 of the functions", facts.corpus_digest],
        ["tokenizer", facts.tokenizer],
    ]
    machine = [[name, value] for name, value in (facts.machine | facts.versions).items()]
    return [
        Table("", ["", ""], rows),
        Table("Machine that started the run, and versions", ["", ""], machine),
    ]
