"""Run folders: the files in them, what a run says of itself, its curve.

A folder holds `config.toml` (all settings), `run.json` (corpus, tokenizer, machine, versions),
`tokenizer.model`, `metrics.csv`, `last.ckpt`, `start.safetensors` where it began with another
encoder, and `validation.csv` and `probe.csv` where functions are held out.
"""

import csv
import os
import platform
from collections.abc import Collection, Mapping, Sequence
from importlib import metadata
from pathlib import Path

import msgspec

from contracode.support.atomic_files import replacing
from contracode.support.errors import InputError
from contracode.version import __version__

CONFIG = "config.toml"
FACTS = "run.json"
METRICS = "metrics.csv"
VALIDATION = "validation.csv"
PROBE = "probe.csv"
CHECKPOINT = "last.ckpt"
START = "start.safetensors"

_PACKAGES = (
    "torch",
    "pytorch-lightning",
    "sentencepiece",
    "numpy",
    "tree-sitter",
    "tree-sitter-javascript",
)


class RunFacts(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """What is needed to repeat a run besides its settings.

    Attributes:
        corpus: absolute paths of what was read.
        num_functions: that were read for training.
        corpus_digest: SHA-256 of them, in order.
        tokenizer: fingerprint of the tokenizer.
        wide: that of the wide encoder; "" without one.
        start: absolute path of the run or exported model that it began with; "" for fresh weights.
        machine: that the run began on.
        versions: of this program, Python and the packages that matter.
    """

    corpus: list[str]
    num_functions: int
    corpus_digest: str
    tokenizer: str
    machine: dict[str, str]
    versions: dict[str, str]
    wide: str = ""
    start: str = ""


def refuse_others(run: Path, own: Collection[str]) -> None:
    """Refuse to begin a run in a folder that holds more than a run that was killed early leaves
    there.

    Args:
        run: the folder, if it is there.
        own: names of what such a run leaves, beside hidden files and logs that its output goes
            into.

    Raises:
        InputError: the folder holds other files, or is none.
    """
    if run.exists() and not run.is_dir():
        raise InputError("is no folder", path=run)
    for path in run.iterdir() if run.exists() else ():
        if (
            path.name not in own
            and not path.name.startswith(".")
            and path.suffix not in (".log", ".out", ".txt")
        ):
            raise InputError(
                f"holds other files, such as {path.name}; choose an empty or new folder", path=run
            )


def machine() -> dict[str, str]:
    """Return what kind of machine this is."""
    return {"system": platform.platform(), "processor": _processor(), "cpus": str(os.cpu_count())}


def versions() -> dict[str, str]:
    """Return the versions of what takes part."""
    packages = {name: metadata.version(name) for name in _PACKAGES}
    return {"contracode": __version__, "python": platform.python_version(), **packages}


def write_facts(facts: RunFacts, run: Path) -> None:
    """Write `run.json`."""
    with replacing(run / FACTS) as beside:
        beside.write_bytes(msgspec.json.format(msgspec.json.encode(facts)) + b"\n")


def read_facts(run: Path) -> RunFacts:
    """Read `run.json`.

    Raises:
        InputError: there is none, or it has another form.
    """
    try:
        return msgspec.json.decode((run / FACTS).read_bytes(), type=RunFacts)
    except OSError:
        raise InputError("is not a pretraining run", path=run) from None
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise InputError(str(error), path=run / FACTS) from None


class Metrics:
    """The rows of a `metrics.csv`; written through at once.

    Args:
        path: of the file.
        columns: of the rows, the first of them a count of steps.
        upto: rows of later steps are cut off: those of a run that was killed after its last
            checkpoint.
    """

    def __init__(self, path: Path, columns: Sequence[str], *, upto: int = 0) -> None:
        self._path = path
        self._columns = columns
        kept = [row for row in read_metrics(path) if row[columns[0]] <= upto] if upto else []
        with replacing(path) as beside, beside.open("w", newline="", encoding="utf-8") as file:
            # A run that goes on under a newer version or other settings may have other columns than
            # before.
            writer = csv.DictWriter(
                file, columns, restval="nan", extrasaction="ignore", lineterminator="\n"
            )
            writer.writeheader()
            writer.writerows({name: _number(value) for name, value in row.items()} for row in kept)

    def append(self, row: Mapping[str, float]) -> None:
        """Add a row."""
        with self._path.open("a", newline="", encoding="utf-8") as file:
            csv.DictWriter(file, self._columns, lineterminator="\n").writerow(
                {name: _number(value) for name, value in row.items()}
            )


def read_metrics(path: Path) -> list[dict[str, float]]:
    """Return the rows of a `metrics.csv`; none where there is no file. A last line without its end
    was cut short, and is none.

    Raises:
        InputError: a row is not one of numbers.
    """
    if not path.is_file():
        return []
    text = path.read_bytes().decode(errors="replace")
    reader = csv.DictReader(text[: text.rfind("\n") + 1].splitlines())
    try:
        return [{name: float(value) for name, value in row.items()} for row in reader]
    except (TypeError, ValueError, csv.Error):  # a short row has None, and a long one a list
        raise InputError("is not a row of numbers", path=path, line=reader.line_num) from None


def _number(value: float) -> str:
    return (
        str(int(value)) if float(value).is_integer() else f"{value:.9g}"
    )  # nine digits give a float32 back


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        return platform.processor()
    return next(
        (line.partition(": ")[2] for line in lines if line.startswith("model name")),
        platform.processor(),
    )
