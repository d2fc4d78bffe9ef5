"""Draw one page about a run of `contracode pretrain` or `contracode finetune`, finished or not.

It shows curves (loss, retrieval accuracy, temperature, learning rate, speed; validation and probe
where the run has them), a map of the embeddings, all settings, corpus, seed, machine and time. The
page is one HTML file that loads nothing.
"""

from __future__ import annotations

import argparse

from contracode.cli.options import positive

PAGE = "report.html"

EXAMPLES = """\
examples:
  contracode report runs/nano                        writes runs/nano/report.html
  contracode report runs/nano -o nano.html           elsewhere
  contracode report runs/types --data corpus         map these functions; needed for a head
  contracode report runs/nano --points 0 --json      print JSON, without a map or a page

exit codes: 0 all went well, 2 it is no run folder, or the run has no step yet
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of the verb."""
    parser.add_argument("folder", metavar="RUN", help="run folder")
    parser.add_argument(
        "-o",
        "--output",
        metavar="FILE",
        help=f"the page (default: {PAGE} in the folder; with --json: none)",
    )
    parser.add_argument(
        "--data",
        nargs="+",
        default=[],
        metavar="DATA",
        help="functions of the map (default: the corpus of the run)",
    )
    parser.add_argument(
        "--points", type=int, default=500, metavar="N", help="functions of the map (default: 500)"
    )
    parser.add_argument(
        "--map",
        choices=["pca", "umap"],
        help="what lays it out (default: umap if umap-learn is installed, or else pca)",
    )
    parser.add_argument(
        "--threads", type=positive, default=1, metavar="N", help="of torch (default: 1)"
    )
    parser.add_argument("--json", action="store_true", help="print what is on the page as JSON")


def run(args: argparse.Namespace) -> int:
    """Read the run, draw the map, write the page."""
    from pathlib import Path

    import msgspec

    from contracode.cli.progress import bar
    from contracode.reports.run_page import page
    from contracode.reports.run_report import add_map, read_run
    from contracode.support.atomic_files import output_file, replacing
    from contracode.support.errors import InputError
    from contracode.support.html.projection_2d import has_umap

    if args.points < 0:
        raise InputError(f"--points must be at least 0, not {args.points}")
    if args.map == "umap" and not has_umap():
        raise InputError("--map umap needs the package umap-learn, which is not installed")
    folder = Path(args.folder)
    output = output_file(args.output) if args.output else None if args.json else folder / PAGE
    report = read_run(folder)
    if args.points:
        import torch

        torch.set_num_threads(args.threads)
    method = args.map or ("umap" if has_umap() else "pca")
    with bar("embedding") as progress:
        add_map(
            report, folder, data=args.data, number=args.points, method=method, progress=progress
        )
    if output is not None:
        try:
            with replacing(output) as beside:
                beside.write_text(page(report), "utf-8")
        except OSError as error:
            raise InputError(f"cannot be written: {error.strerror or error}", path=output) from None
    if args.json:
        print(msgspec.json.format(msgspec.json.encode(report)).decode())
    else:
        print(f"{output}: {report.kind}, {report.step:,} steps")
    return 0
