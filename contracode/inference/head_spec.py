"""Heads by name: what each head declares once, and where all of contracode finds it.

A head answers a question about a source on top of an encoder: its types, names for its functions.
`contracode finetune`, `export`, `predict` and `evaluate`, the model folder and `Model` know a head
by its `HeadSpec` alone. A spec comes from a module of `contracode.inference.heads`, or from an
installed package that names it under the entry point group "contracode.heads":

    [project.entry-points."contracode.heads"]
    purity = "my_package.purity:HEAD"

This module and the specs import no torch. What needs it is named as "module:attribute" and
imported when it is used.
"""

from __future__ import annotations

import functools
import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from importlib import metadata
from typing import Annotated, Any

import msgspec

from contracode.support.errors import InputError

ENTRY_POINTS = "contracode.heads"
"""Entry point group of the heads of other packages."""

ENCODER_ONNX = "encoder.onnx"
"""Graph of the encoder that embeds."""

Count = Annotated[int, msgspec.Meta(ge=1)]

Lazy = str | Callable[..., Any]
"""A callable, or "module:attribute" of one that is imported when it is called."""


class HeadSection(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """The facts of a head in a model folder's `config.json`; a head may add its own.

    Attributes:
        encoder: file of the encoder graph that the head reads; "" if it reads none.
        window: maximum number of pieces that this encoder reads at once.
    """

    encoder: str = ENCODER_ONNX
    window: Count


@dataclass(frozen=True, kw_only=True)
class HeadSpec:
    """Everything that the product knows about one head.

    Attributes:
        name: key of the head in `config.json`; names it in `contracode finetune NAME`,
            `export --NAME`, `predict NAME` and `evaluate NAME`.
        summary: what the head predicts, for help texts.
        data: the labelled data that it is trained and measured on, for help texts.
        section: its section of `config.json`.
        answers: makes `contracode.inference.head_answers.HeadAnswers` from `ModelFiles` and the
            section.
        training: makes a `contracode.heads.head_training.HeadTraining`: data, module, loss, graphs.
        evaluation: makes a task of `contracode evaluate` (see `contracode.evaluate.tasks`). The
            heads of this package need none: their tasks are files there.
        text: draws the answers for a terminal; takes the answers, the source, the language and the
            options of `contracode predict`, and yields texts. Without it every record is a line.
        aliases: further names in `contracode predict`.
        rank: position among the heads of a listing; smaller ones come first.
    """

    name: str
    summary: str
    data: str = "JSON lines of functions"
    section: type[HeadSection] = HeadSection
    answers: Lazy
    training: Lazy
    evaluation: Lazy | None = None
    text: Lazy | None = None
    aliases: tuple[str, ...] = ()
    rank: int = 100


def resolve(target: Lazy) -> Callable[..., Any]:
    """Return a callable that is given as such or as "module:attribute"."""
    if not isinstance(target, str):
        return target
    module, _, attribute = target.partition(":")
    return getattr(importlib.import_module(module), attribute)


@functools.cache
def shipped_heads() -> dict[str, HeadSpec]:
    """Return the heads of this package by name."""
    from contracode.inference import heads

    names = [module.name for module in pkgutil.iter_modules(heads.__path__)]
    specs = [importlib.import_module(f"{heads.__name__}.{name}").HEAD for name in names]
    return {spec.name: spec for spec in sorted(specs, key=lambda spec: (spec.rank, spec.name))}


def all_heads() -> dict[str, HeadSpec]:
    """Return the heads of this package and of all installed ones, by name.

    Raises:
        InputError: an installed package names something else than a spec, or a name that is taken.
    """
    found = dict(shipped_heads())
    for entry in sorted(metadata.entry_points(group=ENTRY_POINTS), key=lambda entry: entry.name):
        spec = entry.load()
        if not isinstance(spec, HeadSpec):
            raise InputError(f"the entry point {ENTRY_POINTS}: {entry.name} is not a HeadSpec")
        if spec.name in found:
            raise InputError(f"two heads are called {spec.name}; the second is {entry.value}")
        found[spec.name] = spec
    return dict(sorted(found.items(), key=lambda item: (item[1].rank, item[0])))


def find_head(name: str) -> HeadSpec:
    """Return the head of a name or alias. Installed packages are read for unknown names only.

    Raises:
        InputError: there is no such head.
    """
    for heads in (shipped_heads, all_heads):
        for spec in heads().values():
            if name in (spec.name, *spec.aliases):
                return spec
    raise InputError(f"no head {name!r}; the heads are {', '.join(all_heads())}")
