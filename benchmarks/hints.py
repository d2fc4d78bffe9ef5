"""Language servers side by side on one JavaScript file: one client, one scenario, several fresh
starts by turns.

    python -m benchmarks.hints FILE [--typescript-language-server NODE_MODULES] [--typescript-7
    NODE_MODULES] [--starts 5] [--json]

The scenario: `initialize`; the file opened and hints asked for until there are some; after two idle
    seconds, hints of 60 lines at random
places, and hovers over parameters; then edits. Each adds a parameter `index` to a function, and its
hint is what is waited for: the client asks for the 60 lines around at once (the first answer), and
again when the server asks for that or has not answered with it; after a second without anything to
do the parameter is removed. TypeScript has `: any` for such a parameter, which counts. So that ours
has a hint for every parameter too, its threshold is 0 (more to send, as much to infer).
TypeScript's hints of types are all on, those of parameters' names off, and it downloads no types.
Every server works in an empty folder that holds the file alone.

CPU seconds and memory are those of the server and its children, of which memory is the sum of the
peaks. Linux only.
"""

import argparse
import json
import os
import queue
import random
import re
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests" / "lsp_server"))

import lsp_client  # noqa: E402
from lsp_client import REAL_SERVER, Client, ServerError, edit, position  # noqa: E402

LINES = 60
PARAMETER = "index"
PATIENCE = 15.0
"""Seconds after which a hint is given up."""

CAPABILITIES: dict[str, Any] = {
    "general": {"positionEncodings": ["utf-16"]},
    "textDocument": {
        "hover": {"contentFormat": ["markdown"]},
        "inlayHint": {
            "dynamicRegistration": False,
            "resolveSupport": {"properties": ["tooltip", "textEdits"]},
        },
        "synchronization": {"didSave": False},
    },
    "window": {"workDoneProgress": True},
    "workspace": {"configuration": True, "inlayHint": {"refreshSupport": True}},
}

REFRESH = "workspace/inlayHint/refresh"

TYPE_HINTS = {
    "parameterNames": {"enabled": "none"},
    "parameterTypes": {"enabled": True},
    "variableTypes": {"enabled": True, "suppressWhenTypeMatchesName": False},
    "propertyDeclarationTypes": {"enabled": True},
    "functionLikeReturnTypes": {"enabled": True},
}
PREFERENCES = {
    "includeInlayParameterNameHints": "none",
    "includeInlayFunctionParameterTypeHints": True,
    "includeInlayVariableTypeHints": True,
    "includeInlayVariableTypeHintsWhenTypeMatchesName": True,
    "includeInlayPropertyDeclarationTypeHints": True,
    "includeInlayFunctionLikeReturnTypeHints": True,
}
FUNCTION = re.compile(r"\bfunction\b *\w*\(([\w, ]*)\) *\{")


@dataclass(frozen=True)
class Server:
    """One server: its name, how to start it, and its settings."""

    name: str
    command: list[str]
    options: Any = None
    configuration: Callable[[str], Any] = lambda _: None


@dataclass
class Times:
    """What was measured of one server: seconds, one item for each start, or for each request or
    edit of all starts.
    """

    initialize: list[float] = field(default_factory=list)
    initialize_cpu: list[float] = field(default_factory=list)
    first_hints: list[float] = field(default_factory=list)
    first_hints_cpu: list[float] = field(default_factory=list)
    hints: list[float] = field(default_factory=list)
    hover: list[float] = field(default_factory=list)
    first_answer: list[float] = field(default_factory=list)
    edit: list[float] = field(default_factory=list)
    edit_cpu: list[float] = field(default_factory=list)
    missed: int = 0
    shown: int = 0
    peak: list[float] = field(default_factory=list)


def family(process: int) -> Iterator[int]:
    """Yield a process and those that it started."""
    yield process
    for children in Path(f"/proc/{process}/task").glob("*/children"):
        for child in children.read_text().split():
            yield from family(int(child))


def cpu(process: int) -> float:
    """Return the CPU seconds of a process and all its children, ended ones too."""
    ticks = 0
    for one in family(process):
        numbers = Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()
        ticks += sum(int(number) for number in numbers[11:15])
    return ticks / os.sysconf("SC_CLK_TCK")


def peak(process: int) -> float:
    """Return the sum of the peaks of resident memory, in MB."""
    total = 0
    for one in family(process):
        status = Path(f"/proc/{one}/status").read_text()
        total += int(status.partition("VmHWM:")[2].split()[0])
    return total / 1024


class Scenario:
    """One start of one server."""

    def __init__(
        self, client: Client, text: str, folder: Path, chance: random.Random, times: Times
    ) -> None:
        self._client = client
        self._lines = text.split("\n")
        self._text = text
        self._uri = (folder / "file.js").as_uri()
        self._folder = folder.as_uri()
        self._chance = chance
        self._times = times
        self._version = 1

    def begin(self, options: Any, start: float) -> None:
        client, times, process = self._client, self._times, self._client.process.pid
        client.initialize(CAPABILITIES, options=options, folders=[self._folder])
        times.initialize.append(time.monotonic() - start)
        times.initialize_cpu.append(cpu(process))
        begin = time.monotonic()
        client.open(self._text, uri=self._uri)
        while not (found := self._hints(0, len(self._lines))):
            self._idle(0.05, until_refresh=True)
        times.first_hints.append(time.monotonic() - begin)
        times.first_hints_cpu.append(cpu(process))
        times.shown = len(found)

    def read(self, requests: int) -> None:
        self._idle(2.0)
        for _ in range(requests):
            first = self._chance.randrange(len(self._lines) - LINES)
            with measured(self._times.hints):
                self._hints(first, first + LINES)
        for line, column, end in self._functions(requests // 3):
            where = {
                "textDocument": {"uri": self._uri},
                "position": position(line, (column + end) // 2),
            }
            with measured(self._times.hover):
                self._client.ask("textDocument/hover", where)

    def write(self, edits: int) -> None:
        before = cpu(self._client.process.pid)
        for line, column, end in self._functions(edits):
            added = f", {PARAMETER}" if end > column else PARAMETER
            self._edit(line, end, line, end, added)
            first = max(0, min(line - LINES // 2, len(self._lines) - LINES))
            begin = time.monotonic()
            found = self._hints(first, first + LINES)
            self._times.first_answer.append(time.monotonic() - begin)
            while not _has(found, line, end + len(added)) and time.monotonic() - begin < PATIENCE:
                self._idle(0.05, until_refresh=True)
                found = self._hints(first, first + LINES)
            if _has(found, line, end + len(added)):
                self._times.edit.append(time.monotonic() - begin)
            else:
                self._times.missed += 1
            self._idle(1.0)
            self._edit(line, end, line, end + len(added), "")
            self._idle(1.0)
        self._times.edit_cpu.append((cpu(self._client.process.pid) - before) / (2 * edits))
        self._times.peak.append(peak(self._client.process.pid))

    def _functions(self, count: int) -> list[tuple[int, int, int]]:
        """Return the places of parameter lists: line, first column, last column."""
        found = [
            (number, match.start(1), match.end(1))
            for number, line in enumerate(self._lines)
            for match in FUNCTION.finditer(line)
            if match.group(1) and PARAMETER not in match.group(1)
        ]
        return self._chance.sample(found, min(count, len(found)))

    def _edit(self, line: int, column: int, end_line: int, end: int, text: str) -> None:
        self._version += 1
        self._client.change(self._uri, self._version, edit(line, column, end_line, end, text))

    def _hints(self, first: int, last: int) -> list[dict[str, Any]]:
        self._client.forget(REFRESH)
        try:
            return self._client.hints(self._uri, first, last) or []
        except ServerError:  # the text changed, or the server is not ready
            return []

    def _idle(self, seconds: float, *, until_refresh: bool = False) -> None:
        """Answer what the server asks for a while."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            if until_refresh and self._client.received(REFRESH):
                return
            try:
                self._client.take(left)
            except queue.Empty:
                return


def _has(hints: Sequence[dict[str, Any]], line: int, column: int) -> bool:
    return any(hint["position"] == position(line, column) for hint in hints)


@contextmanager
def measured(times: list[float]) -> Iterator[None]:
    begin = time.monotonic()
    yield
    times.append(time.monotonic() - begin)


def run(server: Server, text: str, times: Times, *, seed: int, requests: int, edits: int) -> None:
    """Run the scenario once."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name).resolve()
        (folder / "file.js").write_text(text, "utf-8")
        start = time.monotonic()
        with Client(server.command, configuration=server.configuration, folder=folder) as client:
            scenario = Scenario(client, text, folder, random.Random(seed), times)
            scenario.begin(server.options, start)
            scenario.read(requests)
            scenario.write(edits)


def servers(typescript_5: Path | None, typescript_7: Path | None) -> list[Server]:
    """Return the servers that there are."""
    found = [Server("contracode-lsp", REAL_SERVER, {"threshold": 0})]
    node = shutil.which("node") or "node"
    if typescript_5 is not None:
        program = typescript_5.resolve() / "typescript-language-server" / "lib" / "cli.mjs"
        options = {
            "preferences": PREFERENCES,
            "disableAutomaticTypingAcquisition": True,
            "tsserver": {"path": str(typescript_5.resolve() / "typescript" / "lib")},
        }
        found.append(
            Server(
                f"typescript-language-server, TypeScript {_version(typescript_5)}",
                [node, str(program), "--stdio"],
                options,
            )
        )
    if typescript_7 is not None:
        (program,) = typescript_7.resolve().glob("@typescript/typescript-*/lib/tsc")
        settings = {
            "inlayHints": TYPE_HINTS,
            "tsserver": {"automaticTypeAcquisition": {"enabled": False}},
            "disableAutomaticTypeAcquisition": True,
        }
        found.append(
            Server(
                f"TypeScript {_version(typescript_7)}",
                [str(program), "--lsp", "--stdio"],
                None,
                lambda _: settings,
            )
        )
    return found


def _version(modules: Path) -> str:
    return json.loads((modules / "typescript" / "package.json").read_bytes())["version"]


def percentile(values: Sequence[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def summary(times: Times) -> dict[str, float]:
    """Return what is printed: seconds of starts, milliseconds of requests, MB."""

    def milliseconds(values: list[float], share: float) -> float:
        return round(1000 * percentile(values, share), 1) if values else float("nan")

    middle = statistics.median
    return {
        "CPU s to `initialize`": round(middle(times.initialize_cpu), 2),
        "wall s to `initialize`": round(middle(times.initialize), 2),
        "CPU s to first hints": round(middle(times.first_hints_cpu), 2),
        "wall s from open to first hints": round(middle(times.first_hints), 2),
        "60 lines, median ms": milliseconds(times.hints, 0.5),
        "60 lines, p99 ms": milliseconds(times.hints, 0.99),
        "edit to first answer, median ms": milliseconds(times.first_answer, 0.5),
        "edit to first answer, p99 ms": milliseconds(times.first_answer, 0.99),
        "edit to its hint, median ms": milliseconds(times.edit, 0.5),
        "edit to its hint, p99 ms": milliseconds(times.edit, 0.99),
        "edits without their hint": times.missed,
        "CPU ms an edit": round(1000 * middle(times.edit_cpu), 1),
        "hover, median ms": milliseconds(times.hover, 0.5),
        "hover, p99 ms": milliseconds(times.hover, 0.99),
        "peak MB": round(middle(times.peak)),
        "hints in the file": times.shown,
    }


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("file", type=Path, help="JavaScript")
    parser.add_argument(
        "--typescript-language-server",
        type=Path,
        metavar="FOLDER",
        help="node_modules with it and typescript 5.9",
    )
    parser.add_argument(
        "--typescript-7", type=Path, metavar="FOLDER", help="node_modules with typescript 7"
    )
    parser.add_argument("--starts", type=int, default=5, help="fresh starts of each (default: 5)")
    parser.add_argument(
        "--requests", type=int, default=200, help="of 60 lines, each start (default: 200)"
    )
    parser.add_argument("--edits", type=int, default=20, help="each start (default: 20)")
    parser.add_argument("--json", action="store_true", help="print JSON")
    args = parser.parse_args()
    lsp_client.TIMEOUT = 300
    text = args.file.read_text("utf-8")
    compared = servers(args.typescript_language_server, args.typescript_7)
    times = {server.name: Times() for server in compared}
    for number in range(args.starts):
        for server in compared:
            print(f"start {number + 1} of {server.name}", file=sys.stderr, flush=True)
            run(
                server,
                text,
                times[server.name],
                seed=number,
                requests=args.requests,
                edits=args.edits,
            )
    found = {name: summary(one) for name, one in times.items()}
    if args.json:
        print(json.dumps(found, indent=2))
        return
    print("| |", " | ".join(found), "|")
    print("|---|" + "---:|" * len(found))
    for row in next(iter(found.values())):
        print(f"| {row} |", " | ".join(f"{one[row]:g}" for one in found.values()), "|")


if __name__ == "__main__":
    main()
