"""The order of packages and rooms (docs/architecture.md), held over every import statement.

Lazy and type-time imports count as well: a room imports only rooms that stand before its own.
"""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[1]

ROOMS = (
    "augment.syntax",
    "augment.reading",
    "augment.program",
    "augment.analysis",
    "augment.rewriting",
    "augment.printing",
    "augment.transforms",
    "augment.pipeline",
    "augment.normal_form",
    "augment.checking",
    "contracode.version",
    "contracode.support",
    "contracode.javascript",
    "contracode.usage",
    "contracode.inputs",
    "contracode.corpus.storage",
    "contracode.corpus.sources",
    "contracode.corpus.build",
    "contracode.corpus.labels",
    "contracode.corpus.packed",
    "contracode.corpus",
    "contracode.inference",
    "contracode.views",
    "contracode.encoder",
    "contracode.trainer",
    "contracode.pretrain",
    "contracode.heads",
    "contracode.export",
    "contracode.reports",
    "contracode.products",
    "contracode.evaluate",
    "contracode.evaluate.clones",
    "contracode.evaluate.labels",
    "contracode.evaluate.tasks",
    "contracode.cli",
)
"""Rooms in their order; a sub-room that is not listed belongs to its room."""

DOORS = ("augment", "contracode", "contracode.sentence")
"""Modules at the top of a package that only pass on what a room holds."""

TRAINING = ("views", "encoder", "trainer", "pretrain", "heads", "export")
"""Rooms that may import torch at any time."""

LAZY_TRAINING = ("reports", "evaluate", "cli")
"""Rooms that may import torch, and the rooms above, inside functions only."""

SERVED = ("version", "support", "javascript", "usage", "inputs", "corpus", "inference", "products")
"""Rooms that the language server may import."""

TORCH = ("torch", "pytorch_lightning", "torchmetrics", "tensorboard", "onnxscript", "onnx")

HEAVY = (*TORCH, "numpy", "onnxruntime", "rich", "jinja2", "pyarrow", "sentencepiece")
"""Packages that `augment`, the server and the start of a verb must not import."""


class Import(NamedTuple):
    name: str
    line: int
    lazy: bool = False
    typing: bool = False


def imports(module: str, source: str, *, package: bool = False) -> Iterator[Import]:
    """Yield every imported module; `from a import b` yields a and a.b, as b may be a module."""

    def visit(node: ast.AST, *, lazy: bool, typing: bool) -> Iterator[Import]:
        names: list[str] = []
        match node:
            case ast.Import():
                names = [alias.name for alias in node.names]
            case ast.ImportFrom():
                parts = module.split(".")
                base = node.module or ""
                if node.level:
                    kept = parts[: len(parts) - node.level + package]
                    base = ".".join([*kept, *([base] if base else [])])
                names = [base, *(f"{base}.{alias.name}" for alias in node.names)]
            case ast.Call(
                func=ast.Name(id="import_module" | "__import__")
                | ast.Attribute(attr="import_module"),
                args=[ast.Constant(value=str(name)), *_],
            ):
                names = [name]
            case ast.If(test=ast.Name(id="TYPE_CHECKING")):
                for child in node.body:
                    yield from visit(child, lazy=lazy, typing=True)
                for child in node.orelse:
                    yield from visit(child, lazy=lazy, typing=typing)
                return
            case _:
                pass
        for name in names:
            yield Import(name, getattr(node, "lineno", 0), lazy, typing)
        inside = lazy or isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        for child in ast.iter_child_nodes(node):
            yield from visit(child, lazy=inside, typing=typing)

    yield from visit(ast.parse(source), lazy=False, typing=False)


def room(module: str) -> str | None:
    """Return the room of a module: the longest listed one that it lies in."""
    inside = (name for name in ROOMS if module == name or module.startswith(f"{name}."))
    return max(inside, key=len, default=None)


def broken_rule(module: str, one: Import) -> str | None:
    """Return the rule that an import breaks, if any."""
    order = ("augment", "contracode", "lsp_server")
    package, target = (name.partition(".")[0] for name in (module, one.name))
    if target in order and order.index(target) > order.index(package):
        return "augment <- contracode <- lsp_server, never the other way"
    if target == "lightning":
        return "pytorch_lightning, never lightning beside it"
    if package in ("augment", "contracode") and module not in DOORS:
        here, there = room(module), room(one.name)
        if here is None:
            return "every module lies in a listed room"
        if target == package and one.name not in DOORS:
            if there is None and room(one.name.rpartition(".")[0]) is None and "." in one.name:
                return "this room is not listed"
            if there is not None and ROOMS.index(there) > ROOMS.index(here):
                return "a room imports only rooms that stand before its own"
    if one.typing:
        return None
    part, target_part = (f"{name}..".split(".")[1] for name in (module, one.name))
    if package == "augment" and target in HEAVY:
        return "augment imports neither torch nor numpy, nor the like"
    if package == "lsp_server" and target in HEAVY:
        return "the server leaves numpy to the model and has no torch"
    if (
        package == "lsp_server"
        and target == "contracode"
        and target_part not in (*SERVED, "load", "")
    ):
        return "the server imports rooms without torch only"
    if package == "contracode" and part not in TRAINING and module not in DOORS:
        trains = target in TORCH or (target == "contracode" and target_part in TRAINING)
        if trains and part not in LAZY_TRAINING:
            return "this room has no torch, not even lazily"
        if trains and not one.lazy:
            return "torch is imported when it is needed"
        if part == "cli" and target in HEAVY and not one.lazy:
            return "contracode --help answers at once"
    return None


def violations(module: str, source: str, *, package: bool = False) -> list[str]:
    """Return a line for every import of a module that breaks a rule."""
    found = (
        f"{module}:{one.line}: {one.name}: {rule}"
        for one in imports(module, source, package=package)
        if (rule := broken_rule(module, one)) is not None
    )
    return list(dict.fromkeys(found))


def test_every_import_points_to_an_earlier_room() -> None:
    found: list[str] = []
    read: set[str] = set()
    for package in ("augment", "contracode", "lsp_server"):
        for path in sorted((ROOT / package).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            face = parts[-1] == "__init__"
            name = ".".join(parts[:-1] if face else parts)
            found += violations(name, path.read_text("utf-8"), package=face)
            read.add(parts[0])
    assert found == []
    assert read == {"augment", "contracode", "lsp_server"}


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("augment.syntax.tree", "import numpy as np"),
        ("augment.syntax.tree", "def f():\n    import torch.nn"),
        ("augment.syntax.tree", "from contracode.support import errors"),
        (
            "augment.syntax.tree",
            "if TYPE_CHECKING:\n    from contracode.support.errors import InputError",
        ),
        ("augment.syntax.tree", "from ..lsp_server import hints"),
        ("augment.syntax.tree", "importlib.import_module('torch')"),
        ("augment.syntax.tree", "from augment.program.program import scope"),
        ("augment.analysis.effects", "from augment.rewriting.edits import Plan"),
        ("augment.syntax.tree", "from augment import Node"),
        ("contracode.support.errors", "import lsp_server"),
        ("contracode.support.config", "from contracode.javascript import jsdoc"),
        ("contracode.support.config", "def f():\n    from contracode.cli import main"),
        ("contracode.inputs.windows", "if TYPE_CHECKING:\n    from contracode.views import pairs"),
        ("contracode.corpus.storage.rows", "from contracode.corpus.build.parts import Part"),
        ("contracode.corpus.storage.rows", "from contracode.corpus import stats"),
        ("contracode.evaluate.report", "from contracode.evaluate.clones import methods"),
        ("contracode.pretrain.module", "from contracode.heads import types"),
        ("contracode.inputs.tokenizer", "class A:\n    def f(self):\n        from torch import nn"),
        ("contracode.inference.model", "from contracode.encoder import encoders"),
        ("contracode.inference.model", "from ..heads.types import TypeHead"),
        ("contracode.inference.model", "try:\n    import torch\nexcept ImportError:\n    pass"),
        ("contracode.support.metrics", "import torch"),
        ("contracode.misc", "import re"),
        ("contracode.inputs.windows", "from contracode.misc.tools import helper"),
        ("contracode.pretrain", "import lightning"),
        ("contracode.cli.tools.embed", "import numpy as np"),
        ("contracode.cli.training.finetune", "from contracode.heads import modules"),
        ("lsp_server.server", "from contracode.encoder import encoders"),
        ("lsp_server.features.hover", "async def f():\n    from contracode.evaluate import report"),
        ("lsp_server.server", "import numpy"),
        ("lsp_server.main", "f = lambda: __import__('torch')"),
    ],
)
def test_a_wrong_import_is_found(module: str, source: str) -> None:
    assert violations(module, source) != []


@pytest.mark.parametrize(
    ("module", "source"),
    [
        (
            "augment.syntax.tree",
            "import re\nimport tree_sitter\nfrom augment.syntax.tree import Node",
        ),
        ("contracode.inference.model", "import numpy as np\nfrom contracode.inputs import windows"),
        ("contracode.javascript.records", "if TYPE_CHECKING:\n    import numpy as np"),
        ("contracode.heads.types", "import torch\nfrom contracode.encoder import encoders"),
        ("contracode.corpus.build.parts", "from contracode.corpus.storage import rows"),
        ("contracode.corpus.stats", "from contracode.corpus.storage.readers import read"),
        ("contracode.cli.training.pretrain", "def run(a):\n    from contracode import pretrain"),
        (
            "lsp_server.main",
            "from contracode.version import __version__\nfrom contracode import load",
        ),
        ("lsp_server.hints", "import augment\nfrom augment.program.scope import Binding"),
    ],
)
def test_a_right_import_is_left_alone(module: str, source: str) -> None:
    assert violations(module, source) == []


def test_relative_imports_of_a_package_are_relative_to_itself() -> None:
    assert [one.name for one in imports("contracode.cli", "from . import embed", package=True)] == [
        "contracode.cli",
        "contracode.cli.embed",
    ]
    assert (
        next(imports("contracode.cli.main", "from ..errors import A")).name == "contracode.errors"
    )
