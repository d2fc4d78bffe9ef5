"""Run folders: their files, the facts of a run, its metrics.

A folder holds `config.toml` (all settings), `run.json` (corpus, tokenizer, machine, versions),
`tokenizer.model`, `metrics.csv` and `last.ckpt`; `start.safetensors` if the run started from
another encoder; `validation.csv` and `probe.csv` if functions are held out.
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
    """The facts that, with the settings, reproduce a run.

    Attributes:
        corpus: absolute paths of the corpus.
        num_functions: number of training functions.
        corpus_digest: SHA-256 of the training functions, in order.
        tokenizer: fingerprint of the tokenizer.
        fragments: fingerprint of the fragment encoder; "" without one. Stored as `wide`.
        start: absolute path of the run or exported model it started from; "" for fresh weights.
        machine: the machine on which the run started.
        versions: versions of contracode, Python and the relevant packages.
    """

    corpus: list[str]
    num_functions: int
    corpus_digest: str
    tokenizer: str
    machine: dict[str, str]
    versions: dict[str, str]
    fragments: str = msgspec.field(default="", name="wide")
    start: str = ""


def refuse_others(run: Path, own: Collection[str]) -> None:
    """Refuse to start a run in a folder that holds foreign files.

    Args:
        run: the folder; it may be missing.
        own: names of the files that a run leaves when it is killed early. Hidden files and logs are
            allowed as well.

    Raises:
        InputError: the folder holds other files, or the path is not a folder.
    """
    if run.exists() and not run.is_dir():
        raise InputError("is not a folder", path=run)
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
    """Describe this machine."""
    return {"system": platform.platform(), "processor": _processor(), "cpus": str(os.cpu_count())}


def versions() -> dict[str, str]:
    """Return the versions of contracode, Python and the relevant packages."""
    packages = {name: metadata.version(name) for name in _PACKAGES}
    return {"contracode": __version__, "python": platform.python_version(), **packages}


def write_facts(facts: RunFacts, run: Path) -> None:
    """Write `run.json`."""
    with replacing(run / FACTS) as beside:
        beside.write_bytes(msgspec.json.format(msgspec.json.encode(facts)) + b"\n")


def read_facts(run: Path) -> RunFacts:
    """Read `run.json`.

    Raises:
        InputError: the file is missing or malformed.
    """
    try:
        return msgspec.json.decode((run / FACTS).read_bytes(), type=RunFacts)
    except OSError:
        raise InputError("is not a pretraining run", path=run) from None
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise InputError(str(error), path=run / FACTS) from None


class Metrics:
    """A `metrics.csv` that is being written; every row is flushed at once.

    Args:
        path: the file.
        columns: names of the columns; the first counts steps.
        upto: rows of later steps are removed: those that an interrupted run wrote after its last
            checkpoint.
    """

    def __init__(self, path: Path, columns: Sequence[str], *, upto: int = 0) -> None:
        self._path = path
        self._columns = columns
        kept = [row for row in read_metrics(path) if row[columns[0]] <= upto] if upto else []
        with replacing(path) as beside, beside.open("w", newline="", encoding="utf-8") as file:
            # A run resumed by a newer version or with other settings may have other columns.
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
    """Return the rows of a `metrics.csv`; none if there is no file. An incomplete last line is
    ignored.

    Raises:
        InputError: a row does not consist of numbers.
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
    # Nine digits restore a float32 exactly.
    return str(int(value)) if float(value).is_integer() else f"{value:.9g}"


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        return platform.processor()
    return next(
        (line.partition(": ")[2] for line in lines if line.startswith("model name")),
        platform.processor(),
    )
