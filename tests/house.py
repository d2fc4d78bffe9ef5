"""The rules of the house: sizes of rooms, files and functions, unique class names, no circles.

`python -m tests.house` prints every violation.
"""

import ast
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

from tests.test_imports import imports

ROOT = Path(__file__).parents[1]
PACKAGES = ("augment", "contracode", "lsp_server")

MAX_FILES = 12
"""Modules of a folder, `__init__.py` not counted; a folder of plug-ins may hold more."""

PLUGINS = frozenset({"augment/transforms"})
MAX_LINES = 400
MAX_FUNCTION = 60
"""Lines of a function with its docstring, without decorators."""

Sources = Mapping[str, str]
"""Path below the root, with slashes -> text."""


def product(root: Path = ROOT) -> dict[str, str]:
    """Return the sources of the three packages below a folder."""
    return {
        path.relative_to(root).as_posix(): path.read_text("utf-8")
        for package in PACKAGES
        for path in sorted((root / package).rglob("*.py"))
        if "node_modules" not in path.relative_to(root).parts
    }


def violations(sources: Sources) -> list[str]:
    """Return a line for each violation."""
    return [
        *crowded_rooms(sources),
        *long_files(sources),
        *long_functions(sources),
        *repeated_classes(sources),
        *circles(sources),
    ]


def crowded_rooms(sources: Sources) -> Iterator[str]:
    """Yield folders with more than `MAX_FILES` modules."""
    files: dict[str, int] = defaultdict(int)
    for path in sources:
        folder, _, name = path.rpartition("/")
        files[folder] += name != "__init__.py"
    for folder, number in files.items():
        if number > MAX_FILES and folder not in PLUGINS:
            yield f"{folder}: {number} files"


def long_files(sources: Sources) -> Iterator[str]:
    """Yield files with more than `MAX_LINES` lines."""
    for path, text in sources.items():
        if (number := len(text.splitlines())) > MAX_LINES:
            yield f"{path}: {number} lines"


def long_functions(sources: Sources) -> Iterator[str]:
    """Yield functions with more than `MAX_FUNCTION` lines."""
    for path, text in sources.items():
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                number = (node.end_lineno or 0) - node.lineno + 1
                if number > MAX_FUNCTION:
                    yield f"{path}:{node.lineno}: {node.name} has {number} lines"


def repeated_classes(sources: Sources) -> Iterator[str]:
    """Yield class names that stand in several places."""
    places: dict[str, list[str]] = defaultdict(list)
    for path, text in sources.items():
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.ClassDef):
                places[node.name].append(path)
    for name, found in sorted(places.items()):
        if len(found) > 1:
            yield f"class {name}: {', '.join(found)}"


def circles(sources: Sources) -> Iterator[str]:
    """Yield circles of modules that import each other, at type time and inside functions too."""
    modules: dict[str, str] = {}
    for path in sources:
        name = path.removesuffix(".py").replace("/", ".")
        modules[name.removesuffix(".__init__")] = path
    edges: dict[str, list[str]] = {}
    for name, path in modules.items():
        face = path.endswith("__init__.py")
        found = imports(name, sources[path], package=face)
        edges[name] = sorted({one.name for one in found if one.name in modules} - {name})
    state: dict[str, int] = {}
    trail: list[str] = []

    def visit(name: str) -> Iterator[str]:
        state[name] = 1
        trail.append(name)
        for target in edges[name]:
            if state.get(target) == 1:
                yield "circle: " + " -> ".join([*trail[trail.index(target) :], target])
            elif target not in state:
                yield from visit(target)
        trail.pop()
        state[name] = 2

    for name in edges:
        if name not in state:
            yield from visit(name)


if __name__ == "__main__":
    found = violations(product())
    print("\n".join(found) or "no violation")
    sys.exit(bool(found))
