"""What each part of the fragment encoder is worth: variants fitted on one sample of a corpus and
measured on one clone set.

    python -m benchmarks.ablation --data clones --corpus corpus/js -o ablation.json
    python -m benchmarks.ablation --data clones --corpus corpus/js --model nano=models/nano
    --functions 10000

Every variant differs from the whole in one thing. Differences are paired over problems: by how much
the whole is above the variant. `--model` adds inference folders, alone and beside the whole (the
weight of the fragment vector as in `FragmentConfig.fragment_weight`).
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import msgspec
import numpy as np
import torch

import contracode
from contracode.evaluate.clones.clone_set import evaluate_clones, read_clones
from contracode.evaluate.clones.methods.baseline import baselines
from contracode.evaluate.clones.methods.interface import Embedding, Method
from contracode.inputs import fragments
from contracode.inputs.fragment_encoder import FragmentEncoder, concat_weighted, count_fragments
from contracode.inputs.input_forms import SourceForms
from contracode.pretrain.fit_fragments import Counted, fit_counted
from contracode.support.config import FragmentConfig
from contracode.views.training_data import training_names, training_sources

WHOLE = "wide"
METRICS = ("AUROC", "worst of 4", "P@1")
KINDS = (
    "what is within what",
    "what is beside what",
    "uses of variables",
    "runs of words",
    "signatures",
    "words",
    "operations",
)
SHORTEST = 250
"""Characters of a function of the sample."""


class Counts:
    """Counts programs once, as written or in their normal form.

    Args:
        normal: in their normal form.
    """

    def __init__(self, *, normal: bool) -> None:
        self._normal = normal
        self._known: dict[str, Counted] = {}

    def __call__(self, source: str) -> Counted:
        if source not in self._known:
            forms = SourceForms(source)
            program = forms.normal if self._normal else forms.program
            nothing = np.zeros(0, np.uint32), np.zeros(0)
            self._known[source] = nothing if program is None else count_fragments(program)
        return self._known[source]


def _without(kind: int, found: Counted) -> Counted:
    keys_F, counts_F = found
    kept_F = keys_F % fragments.KINDS != kind
    return keys_F[kept_F], counts_F[kept_F]


def _embedder(
    encoder: FragmentEncoder, count: Callable[[str], Counted]
) -> Callable[[Sequence[str]], np.ndarray]:
    return lambda sources: np.stack([encoder.vector(*count(source)) for source in sources])


def variants(
    sources: Sequence[str],
    names: Sequence[str],
    config: FragmentConfig,
    count: Counts,
    plain: Counts,
) -> Iterator[tuple[str, Embedding]]:
    """Yield the whole and what differs from it in one thing, each fitted."""

    def fitted(settings: FragmentConfig, counting: Callable[[str], Counted]) -> Embedding:
        encoder = fit_counted([counting(source) for source in sources], settings, names=names)
        return Embedding(_embedder(encoder, counting))

    def changed(**values: float) -> FragmentConfig:
        return msgspec.structs.replace(config, **values)

    yield WHOLE, fitted(config, count)
    yield "as written, no normal form", fitted(config, plain)
    for number, kind in enumerate(KINDS):
        yield (
            f"without {kind}",
            fitted(config, lambda source, number=number: _without(number, count(source))),
        )
    yield "directions of names not longer", fitted(changed(name_alignment=0.0), count)
    for dimension in (config.dimension // 4, config.dimension // 2):
        yield f"{dimension} dimensions", fitted(changed(dimension=dimension), count)
    yield (
        f"{config.vocabulary // 4} fragments",
        fitted(changed(vocabulary=config.vocabulary // 4), count),
    )
    fewer = len(sources) // 4
    encoder = fit_counted(
        [count(source) for source in sources[:fewer]], config, names=names[:fewer]
    )
    yield f"from {fewer:,} functions", Embedding(_embedder(encoder, count))


def deep(
    models: Mapping[str, str], whole: Embedding, gain: float
) -> Iterator[tuple[str, Embedding]]:
    """Yield models alone, and beside the whole."""
    for name, folder in models.items():
        model = contracode.load(folder)
        known: dict[str, np.ndarray] = {}

        def embed(
            sources: Sequence[str],
            model: contracode.Model = model,
            known: dict[str, np.ndarray] = known,
        ) -> np.ndarray:
            new = [source for source in dict.fromkeys(sources) if source not in known]
            known.update(zip(new, model.embed(new), strict=True))
            return np.stack([known[source] for source in sources])

        def both(sources: Sequence[str], embed: Callable[..., np.ndarray] = embed) -> np.ndarray:
            return concat_weighted(embed(sources), whole.read(sources).rows_ND, gain)

        yield name, Embedding(embed)
        yield f"{name} beside wide", Embedding(both)


def main(argv: Sequence[str] | None = None) -> None:
    """Fit, measure, print a table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", required=True, metavar="DIR", help="clone set")
    parser.add_argument(
        "--corpus", required=True, nargs="+", metavar="CORPUS", help="functions to fit on"
    )
    parser.add_argument(
        "--functions", type=int, default=20_000, help="of the sample (default: 20000)"
    )
    parser.add_argument("--dimension", type=int, default=768, help="of the whole (default: 768)")
    parser.add_argument(
        "--model", action="append", default=[], metavar="NAME=DIR", help="an inference folder"
    )
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("-o", "--output", metavar="FILE", help="all figures as JSON")
    args = parser.parse_args(argv)
    torch.set_num_threads(1)
    config = FragmentConfig(dimension=args.dimension)
    sources, names = training_sources(args.corpus), training_names(args.corpus)
    long = [number for number in range(len(sources)) if len(sources[number]) >= SHORTEST]
    chosen = random.Random(args.seed).sample(long, min(args.functions, len(long)))
    count, plain = Counts(normal=True), Counts(normal=False)
    fitted = dict(
        variants(
            [sources[number] for number in chosen],
            [names[number] for number in chosen],
            config,
            count,
            plain,
        )
    )
    found: dict[str, Method] = {**fitted}
    found |= dict(
        deep(dict(item.split("=", 1) for item in args.model), fitted[WHOLE], config.fragment_weight)
    )
    found |= {
        name: built
        for name in ("rename-blind", "rename-blind-normal")
        if (built := baselines()[name].build(None, 0)) is not None
    }
    report = evaluate_clones(
        read_clones(Path(args.data)),
        found,
        models=(WHOLE,),
        seed=args.seed,
        progress=lambda done, all_: print(f"{done}/{all_}", file=sys.stderr, flush=True),
    )
    if args.output:
        figures = [
            msgspec.structs.asdict(figure) for figure in (*report.figures, *report.differences)
        ]
        Path(args.output).write_text(json.dumps(figures, indent=1) + "\n")
    value = {(f.method, f.metric): f for f in report.figures}
    above = {(d.other, d.metric): d for d in report.differences}
    print("| variant | " + " | ".join(f"{metric} | wide is above by" for metric in METRICS) + " |")
    print("|---" * (1 + 2 * len(METRICS)) + "|")
    for name in found:
        cells = []
        for metric in METRICS:
            figure, more = value.get((name, metric)), above.get((name, metric))
            cells.append(
                ""
                if figure is None
                else f"{figure.value:.1f} [{figure.low:.1f}, {figure.high:.1f}]"
            )
            cells.append(
                "" if more is None else f"{more.value:.1f} [{more.low:.1f}, {more.high:.1f}]"
            )
        print(f"| {name} | " + " | ".join(cells) + " |")


if __name__ == "__main__":
    main()
