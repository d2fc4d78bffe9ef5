"""The direction of imports (docs/architecture.md), held over every import statement of the three
packages, lazy ones included.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

PACKAGES = ("augment", "contracode", "lsp_server")

TRAINING = (
    "encoder",
    "momentum",
    "objectives",
    "distributed",
    "views",
    "pretrain",
    "heads",
    "finetune",
    "export",
    "exported",
    "graphs",
    "sentence",
)
"""Modules of contracode that may import torch and Lightning whenever they like."""

FRONTS = (
    "cli",
    "clone_page",
    "corpus_page",
    "demo",
    "demo_page",
    "report",
    "page_parts",
    "run_report",
    "run_page",
    "evaluate",
)
"""Modules of contracode that may reach the training modules, but only inside functions: they start
without torch.
"""

INFERENCE = (
    "annotating",
    "authorship",
    "drawing",
    "errors",
    "inference",
    "predictions",
    "rename_edits",
    "resources",
    "search",
    "targets",
    "tokenizer",
    "version",
)
"""What the language server may import of contracode. All that is neither training nor a front may
never reach torch.
"""

TORCH = ("torch", "pytorch_lightning", "torchmetrics", "tensorboard", "onnxscript", "onnx")

HEAVY = (*TORCH, "numpy", "onnxruntime", "rich", "matplotlib", "pyarrow", "sentencepiece")
"""What a verb of the command line may import only when it runs, so that `contracode --help` answers
at once.
"""


@dataclass(frozen=True)
class Import:
    name: str
    line: int
    lazy: bool
    typing: bool


def imports(module: str, source: str, *, package: bool = False) -> Iterator[Import]:
    """Yield every module that a source imports; `from a import b` yields both a and a.b, as b may
    be a module.

    Args:
        module: dotted name of the source.
        source: its text.
        package: it is an `__init__.py`, to which relative imports are relative.
    """

    def visit(node: ast.AST, *, lazy: bool, typing: bool) -> Iterator[Import]:
        names: list[str] = []
        match node:
            case ast.Import():
                names = [alias.name for alias in node.names]
            case ast.ImportFrom():
                parts = module.split(".")
                base = ".".join(
                    [
                        *parts[: len(parts) - node.level + package],
                        *([node.module] if node.module else []),
                    ]
                )
                base = base if node.level else node.module or ""
                names = [base, *(f"{base}.{alias.name}" for alias in node.names)]
            case ast.Call(
                func=ast.Name(id="import_module" | "__import__")
                | ast.Attribute(attr="import_module")
            ):
                names = [
                    a.value
                    for a in node.args[:1]
                    if isinstance(a, ast.Constant) and isinstance(a.value, str)
                ]
            case ast.If(test=ast.Name(id="TYPE_CHECKING")):
                for child in node.body:
                    yield from visit(child, lazy=lazy, typing=True)
                for child in node.orelse:
                    yield from visit(child, lazy=lazy, typing=typing)
                return
            case _:
                pass
        for name in names:
            yield Import(name, node.lineno, lazy, typing)  # pyright: ignore[reportAttributeAccessIssue] all of these have one
        inside = lazy or isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        for child in ast.iter_child_nodes(node):
            yield from visit(child, lazy=inside, typing=typing)

    yield from visit(ast.parse(source), lazy=False, typing=False)


def violations(module: str, source: str, *, package: bool = False) -> list[str]:
    """Return a line for every import of a module that breaks a rule."""
    found = (
        f"{module}:{one.line}: {one.name}: {rule}"
        for one in imports(module, source, package=package)
        if (rule := broken_rule(module, one)) is not None
    )
    return list(dict.fromkeys(found))


def broken_rule(module: str, one: Import) -> str | None:
    """Return which rule the import breaks, if any."""
    package, _, rest = module.partition(".")
    part = rest.partition(".")[0]
    target, _, target_rest = one.name.partition(".")
    target_part = target_rest.partition(".")[0]
    if target in PACKAGES and PACKAGES.index(target) > PACKAGES.index(package):
        return "augment <- contracode <- lsp_server, never the other way"
    if target == "lightning":
        return "pytorch_lightning, never lightning beside it"
    if one.typing:
        return None
    if package == "augment" and target in HEAVY:
        return "augment needs neither torch nor numpy, nor anything like them"
    if package == "lsp_server" and target in HEAVY:
        return "the server leaves numpy to the model, and has no torch"
    if (
        package == "lsp_server"
        and target == "contracode"
        and target_part not in (*INFERENCE, "", "load")
    ):
        return "the server imports the inference part of contracode only"
    if package == "contracode" and part not in TRAINING:
        to_torch = target in TORCH or (target == "contracode" and target_part in TRAINING)
        if to_torch and part not in FRONTS:
            return "what the server shares has no torch, not even lazily"
        if to_torch and not one.lazy:
            return "torch is imported when it is needed"
        if target == "contracode" and target_part in FRONTS and part not in FRONTS:
            return "a library module does not import a front"
    if package == "contracode" and part == "cli" and target in HEAVY and not one.lazy:
        return "contracode --help answers at once"
    return None


def modules() -> list[Path]:
    return sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))


def test_every_import_goes_in_the_right_direction() -> None:
    found: list[str] = []
    for path in modules():
        parts = path.relative_to(ROOT).with_suffix("").parts
        package = parts[-1] == "__init__"
        name = ".".join(parts[:-1] if package else parts)
        found += violations(name, path.read_text("utf-8"), package=package)
    assert found == []


def test_all_three_packages_are_read() -> None:
    assert {path.relative_to(ROOT).parts[0] for path in modules()} == set(PACKAGES)


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("augment.parse", "import numpy as np"),
        ("augment.parse", "def f():\n    import torch.nn"),
        ("augment.parse", "from contracode import errors"),
        ("augment.parse", "if TYPE_CHECKING:\n    from contracode.errors import InputError"),
        ("augment.parse", "from ..lsp_server import hints"),
        ("augment.parse", "importlib.import_module('torch')"),
        ("contracode.errors", "import lsp_server"),
        ("contracode.tokenizer", "class A:\n    def f(self):\n        from torch import nn"),
        ("contracode.inference", "from contracode import encoder"),
        ("contracode.inference", "from .heads.types import TypeHead"),
        ("contracode.inference", "try:\n    import torch\nexcept ImportError:\n    pass"),
        ("contracode.windows", "from contracode.cli import embed"),
        ("contracode.evaluate.metrics", "import torch"),
        ("contracode.pretrain", "import lightning"),
        ("contracode.cli.embed", "import numpy as np"),
        ("contracode.cli.embed", "from contracode.finetune import TypeModule"),
        ("lsp_server.server", "from contracode.encoder import Encoder"),
        ("lsp_server.features.hover", "async def f():\n    from contracode import corpus"),
        ("lsp_server.server", "import numpy"),
        ("lsp_server.main", "f = lambda: __import__('torch')"),
    ],
)
def test_a_wrong_import_is_found(module: str, source: str) -> None:
    assert violations(module, source) != []


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("augment.parse", "import re\nimport tree_sitter\nfrom augment.syntax import Node"),
        (
            "contracode.inference",
            "import numpy as np\nimport onnxruntime\nfrom contracode import windows",
        ),
        ("contracode.predictions", "if TYPE_CHECKING:\n    import numpy as np"),
        ("contracode.heads.types", "import torch\nfrom contracode.encoder import Encoder"),
        ("contracode.finetune", "import pytorch_lightning"),
        (
            "contracode.cli.pretrain",
            "def run(args):\n    from contracode.pretrain import Pretraining\n    import torch",
        ),
        (
            "lsp_server.main",
            "from contracode.version import __version__\nfrom contracode import load",
        ),
        (
            "lsp_server.hints",
            "import augment\nfrom augment.scope import Binding\nfrom lsp_server import positions",
        ),
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
