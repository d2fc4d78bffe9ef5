"""Check the installation: packages, data, Node, and whether the model predicts.

The exit code is 0 if everything that inference and the language server need is installed and the
model works, and 1 otherwise. Node and the packages for training are optional.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import shutil
import subprocess
import sys
from importlib import metadata
from typing import Any

from contracode.cli import options

EXAMPLES = """\
examples:
  contracode doctor          print what is installed and what is missing
  contracode doctor --json   the same as JSON
"""

_TRIAL = "function repeat(text, count) {\n  return text.repeat(count);\n}\n"
"""A source with obvious types, to try the model on."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of the verb."""
    options.add_model(parser, threads=False)
    options.add_json(parser)


def run(args: argparse.Namespace) -> int:
    """Examine and print."""
    found = examine(args.model)
    if args.json:
        print(json.dumps(found))
    else:
        print("\n".join(_lines(found)))
    return 0 if found["ok"] else 1


def examine(model: str | None = None) -> dict[str, Any]:
    """Return the facts of the installation without importing packages for training.

    Args:
        model: model folder to try; None for the shipped one.
    """
    from contracode.version import __version__

    base, train = _requirements()
    found: dict[str, Any] = {
        "version": __version__,
        "python": platform.python_version(),
        "platform": platform.platform(),
        "cpus": os.cpu_count(),
        "packages": base,
        "train": train,
        "engine": _engine(),
        "node": _node(),
        "data": _data(),
        "model": _model(model),
    }
    found["ok"] = (
        all(base.values()) and "error" not in found["model"] and "error" not in found["data"]
    )
    return found


def _requirements() -> tuple[dict[str, str | None], dict[str, str | None]]:
    """Return the required packages and those of the extra `train`, with their versions; None if
    a package is missing.
    """
    base: dict[str, str | None] = {}
    train: dict[str, str | None] = {}
    for requirement in _declared():
        name = re.split(r"[^\w.-]", requirement.strip(), maxsplit=1)[0]
        extra = re.search(r"extra\s*==\s*['\"]([\w-]+)['\"]", requirement)
        if extra is None:
            base[name] = _version(name)
        elif extra[1] == "train":
            train[name] = _version(name)
    return base, train


def _declared() -> list[str]:
    """Return the declared requirements: of the installed package, or of pyproject.toml in a
    checkout.
    """
    try:
        return metadata.requires("contracode") or []
    except metadata.PackageNotFoundError:
        import tomllib
        from pathlib import Path

        project = tomllib.loads((Path(__file__).parents[3] / "pyproject.toml").read_text("utf-8"))[
            "project"
        ]
        extra = [f"{name}; extra == 'train'" for name in project["optional-dependencies"]["train"]]
        return [*project["dependencies"], *extra]


def _version(package: str) -> str | None:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None


def _engine() -> str:
    """Return whether the engine runs as Python or compiled (`make wheel COMPILED=1`)."""
    from augment.printing import render

    return "Python" if str(render.__file__).endswith(".py") else "compiled"


def _node() -> str | None:
    program = shutil.which("node")
    if program is None:
        return None
    try:
        done = subprocess.run(
            [program, "--version"], capture_output=True, text=True, timeout=10, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.strip()


def _data() -> dict[str, str]:
    from contracode.support.resources import data_dir

    try:
        return {"path": str(data_dir())}
    except FileNotFoundError as error:
        return {"error": str(error)}


def _model(path: str | None) -> dict[str, Any]:
    """Load a model and predict; any failure is part of the answer."""
    try:
        from contracode.inference.model import load

        model = load(path)
        length = float((model.embed([_TRIAL])[0] ** 2).sum())
        types = model.predict_types(_TRIAL)
    except Exception as error:
        return {"error": f"{type(error).__name__}: {error}".splitlines()[0]}
    return {
        "name": model.metadata.name,
        "dimension": model.metadata.dimension,
        "embeds": abs(length - 1) < 1e-3,
        "types": {f"{t.kind} {t.name}": t.candidates[0].type for t in types if t.candidates},
    }


def _lines(found: dict[str, Any]) -> list[str]:
    model, data = found["model"], found["data"]
    if "error" in model:
        tried = f"does not work: {model['error']}"
    else:
        types = ", ".join(f"{target}: {name}" for target, name in model["types"].items())
        predicted = f"predicts {types}" if types else "has no type head"
        tried = f"{model['name']} ({model['dimension']} dimensions) loads and {predicted}"
    missing = [name for name, version in found["train"].items() if version is None]
    return [
        f"contracode {found['version']}, Python {found['python']} ({sys.executable})",
        f"{found['platform']}, {found['cpus']} CPUs",
        *_table("packages", found["packages"]),
        *_table("packages for training (extra: train)", found["train"]),
        *(
            [f"  to train: pip install 'contracode[train]' ({len(missing)} missing)"]
            if missing
            else []
        ),
        f"rewriting engine: {found['engine']}",
        f"Node: {found['node'] or 'not found (needed only to run the TypeScript compiler)'}",
        f"data: {data.get('path') or data['error']}",
        f"model: {tried}",
        "everything needed for inference is installed"
        if found["ok"]
        else "something needed for inference is missing",
    ]


def _table(title: str, packages: dict[str, str | None]) -> list[str]:
    width = max(map(len, packages), default=0)
    return [
        f"{title}:",
        *(
            f"  {name:<{width}}  {version or 'missing'}"
            for name, version in sorted(packages.items())
        ),
    ]
