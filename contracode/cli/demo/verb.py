"""Run the whole way through on the sample corpus: rewrite, pretrain, fine-tune, measure, export,
predict.

Takes minutes on two CPU cores and needs neither a GPU nor the network. Every figure is measured in
the run. The folder that is written holds the pretraining run, the heads, the model, results.json
and report.html.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console

    from contracode.cli.demo import stages
    from contracode.cli.demo.stages import Results, Watch

EXAMPLES = """\
examples:
  contracode demo                    in minutes; writes runs/demo
  contracode demo -o out --seed 1    elsewhere, with other random numbers
  contracode demo --quick            to see that every stage works; what it trains has learned nothing

exit codes: 0 all went well, 1 a stage failed, 2 bad input
"""

RESULTS, PAGE = "results.json", "report.html"


class StageError(Exception):
    """A stage failed; the message says which and why."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of the verb."""
    parser.add_argument(
        "-o",
        "--output",
        default="runs/demo",
        metavar="DIR",
        help="folder to write (default: runs/demo)",
    )
    parser.add_argument(
        "--seed", type=int, default=0, metavar="N", help="of all that is drawn (default: 0)"
    )
    parser.add_argument("--quick", action="store_true", help="a few seconds for each stage")


def run(args: argparse.Namespace) -> int:
    """Run every stage and print what it measured."""
    import sys

    from contracode.support.atomic_files import is_object_of, replacing
    from contracode.support.errors import InputError

    output = Path(args.output)
    if output.exists() and not is_object_of(
        output / RESULTS, ("pretraining", "finetuning", "seconds")
    ):
        raise InputError("is there and not of an earlier demo; choose another folder", path=output)
    began = time.perf_counter()
    try:
        with replacing(output) as folder:
            folder.mkdir()
            _stages(folder, seed=args.seed, quick=args.quick)
    except StageError as error:
        print(f"contracode demo: {error}", file=sys.stderr)
        return 1
    print(f"\n{output / PAGE}: the report, after {time.perf_counter() - began:.0f} seconds in all")
    return 0


def _stages(folder: Path, *, seed: int, quick: bool) -> None:
    import msgspec
    from rich.console import Console

    out, err = Console(), Console(stderr=True)
    seconds: dict[str, float] = {}

    @contextmanager
    def stage(title: str) -> Iterator[None]:
        err.rule(f"{len(seconds) + 1}  {title}", align="left", style="dim")
        began = time.perf_counter()
        try:
            yield
        except Exception as error:
            raise StageError(f"the stage {title!r} failed: {error}") from error
        seconds[title] = time.perf_counter() - began

    with stage("load"):
        from contracode.cli.demo import stages
        from contracode.cli.demo.page import page
        from contracode.cli.demo.stages import PRETRAINED, UNTRAINED
        from contracode.export.write import export
        from contracode.inference.model import load
        from contracode.support import run_folder
        from contracode.support.resources import data_dir

        budget = stages.QUICK if quick else stages.FULL
        sample = stages.read_sample(data_dir() / "sample", folder / "labels", seed=seed)

    with stage("augment"), watching("views", err) as watch:
        augmented = stages.augment_sample(sample, budget, seed=seed, watch=watch)
    print_augmented(augmented, out)

    with stage("pretrain"):
        pretrained, pretraining = stages.pretrain_encoder(
            sample, folder / "pretrain", budget, seed=seed
        )
    print_curve("pretraining", pretraining, ["loss", "accuracy"], out)

    finetuning: dict[str, stages.Trained] = {}
    encoders = {
        PRETRAINED: (pretrained.encoder, pretrained.projection),
        UNTRAINED: (stages.fresh_encoder(pretrained.config.encoder, seed=seed), None),
    }
    folders = {PRETRAINED: folder / "model", UNTRAINED: folder / "untrained" / "model"}
    for kind, (encoder, projection) in encoders.items():
        heads = {}
        for task in stages.TASKS:
            with stage(f"fine-tune {task}, {kind}"), watching(f"{task}, {kind}", err) as watch:
                run = folders[kind].parent / task
                heads[task], finetuning[f"{task}, {kind}"] = stages.finetune(
                    task,
                    encoder,
                    projection,
                    pretrained.tokenizer,
                    sample,
                    run,
                    budget,
                    seed=seed,
                    watch=watch,
                )
            print_curve(f"{task}, {kind}", finetuning[f"{task}, {kind}"], stages.SHOWN[task], out)
        with stage(f"export, {kind}"):
            window = pretrained.config.data.max_length
            reads = pretrained.config.data.reads
            export(
                folders[kind],
                encoder,
                pretrained.tokenizer,
                name=kind,
                window=window,
                reads=reads,
                heads=list(heads.values()),
            )

    with stage("evaluate"), watching("held-out projects", err) as watch:
        model = load(folders[PRETRAINED])
        reports = stages.compare(model, load(folders[UNTRAINED]), sample, seed=seed, watch=watch)
    with stage("predict"):
        hinted = stages.hint(model, sample)
        places, explained = stages.place(model, sample.functions)

    results = stages.Results(
        seed=seed,
        quick=quick,
        machine=run_folder.machine(),
        versions=run_folder.versions(),
        config=pretrained.config,
        projects={split: sample.projects_of(split) for split in stages.SPLITS},
        num_functions={split: len(sample.functions_of(split)) for split in stages.SPLITS},
        num_types={
            split: sum(len(f.labels) for f in sample.files_of(split)) for split in stages.SPLITS
        },
        augmented=augmented,
        pretraining=pretraining,
        finetuning=finetuning,
        reports=reports,
        hinted=hinted,
        places=places,
        explained=explained,
        seconds=seconds,
    )
    print_results(results, out)
    with stage("report"):
        text = page(results)
    (folder / PAGE).write_text(text, "utf-8")
    (folder / RESULTS).write_bytes(msgspec.json.format(msgspec.json.encode(results)) + b"\n")


@contextmanager
def watching(title: str, console: Console) -> Iterator[Watch]:
    """Show a bar with figures while the block runs; a line for every quarter where the console is
    no terminal.
    """
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    bar = Progress(
        TextColumn(title),
        BarColumn(bar_width=24),
        TextColumn("{task.fields[figures]}"),
        TimeRemainingColumn(),
        console=console,
        disable=not console.is_terminal,
    )
    task = bar.add_task("", total=None, figures="")
    quarters = 0

    def watch(done: int, total: int, figures: dict[str, float]) -> None:
        nonlocal quarters
        text = "  ".join(f"{name} {value:.4g}" for name, value in figures.items())
        bar.update(task, completed=done, total=total, figures=text)
        if not console.is_terminal and 4 * done // total > quarters:
            quarters = 4 * done // total
            console.print(f"{title} {done}/{total}  {text}", soft_wrap=True, highlight=False)

    with bar:
        yield watch


def print_augmented(augmented: stages.Augmented, out: Console) -> None:
    """Print the counts, and one function beside three views."""
    from rich.columns import Columns
    from rich.panel import Panel
    from rich.syntax import Syntax

    out.print(
        f"{augmented.functions} functions, {augmented.views:,} views in {augmented.seconds:.1f} s on one core: "
        f"{augmented.views / augmented.seconds:,.0f} a second, {augmented.distinct:,} distinct",
        highlight=False,
    )
    shown = [(f"{augmented.name}, as written", augmented.source)]
    shown += [(", ".join(view.transforms) or "unchanged", view.text) for view in augmented.shown]
    in_row = 4 if out.width >= 160 else 2 if out.width >= 80 else 1
    width = out.width // in_row - 1
    panels = [
        Panel(
            Syntax(
                text.strip(),
                "javascript",
                theme="ansi_dark",
                background_color="default",
                word_wrap=True,
            ),
            title=title,
            width=width,
        )
        for title, text in shown
    ]
    out.print(Columns(panels, width=width))


def print_curve(title: str, trained: stages.Trained, metrics: list[str], out: Console) -> None:
    """Print where figures began and where they ended."""
    parts = []
    for metric in metrics:
        values = [row[metric] for row in trained.history if metric in row]
        if values:
            parts.append(f"{metric} {values[0]:.3f} -> {values[-1]:.3f}")
    steps = int(trained.history[-1]["step"]) if trained.history else 0
    out.print(
        f"{title}: {steps} steps in {trained.seconds:.1f} s, {', '.join(parts)}", highlight=False
    )


def print_results(results: Results, out: Console) -> None:
    """Print the tables and the file with its hints."""
    from rich.text import Text

    from contracode.cli.demo.page import caution, hints_note

    for report in results.reports:
        out.print(report.table())
    out.print(caution(results), highlight=False)
    out.print(f"\n{results.hinted.path}: {hints_note(results)}\n", highlight=False)
    drawn = Text()
    for part in results.hinted.parts:
        drawn.append(part.text, style=None if part.probability is None else "italic magenta")
    out.print(drawn, soft_wrap=True)
