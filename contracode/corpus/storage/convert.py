"""From CodeSearchNet's deduplicated pickle (`{language}_dedupe_definitions_v2.pkl`) to its JSON
lines, one function at a time.
"""

from collections.abc import Callable
from pathlib import Path

import msgspec

from contracode.corpus.storage.pickles import PickledList
from contracode.corpus.storage.readers import OnProblem, log_problem, teller
from contracode.corpus.storage.rows import FunctionRecord
from contracode.corpus.storage.shards import packing
from contracode.support.atomic_files import output_file, replacing
from contracode.support.errors import InputError


class Definition(msgspec.Struct, kw_only=True):
    """The fields of a pickled function that JSON lines have too; others are dropped.

    Source: repository github/CodeSearchNet, README, "Data", and function_parser/process.py.
    """

    nwo: str
    path: str
    function: str
    identifier: str = ""
    sha: str = ""
    language: str = "javascript"
    docstring: str = ""
    docstring_tokens: list[str] = []
    function_tokens: list[str] = []
    url: str = ""


class Conversion(msgspec.Struct):
    """What came of it.

    Attributes:
        rows: number of functions written.
        left_out: number of items that were none.
        max_kept: the most objects that were in memory at a time because the pickle mentions them
            again.
    """

    rows: int
    left_out: int
    max_kept: int


def convert(
    pickle: Path,
    output: Path,
    *,
    strict: bool = False,
    on_problem: OnProblem = log_problem,
    progress: Callable[[int], None] = lambda rows: None,
) -> Conversion:
    """Write the functions of `pickle` to `output`, which is gzip if its name ends so.

    The pickle tells no split: `partition` stays empty.

    Args:
        pickle: the file, plain or gzip.
        output: a JSON lines file; there whole or not at all.
        strict: stop at the first item that is no function.
        on_problem: called with each that is left out; items count as lines, from 1.
        progress: called with the number of functions so far.

    Raises:
        InputError: `output` has another ending, the pickle cannot be read or asks for more than
            plain data, or has no function; or `strict` and an item is none.
    """
    if not output.name.endswith((".jsonl", ".jsonl.gz")):
        raise InputError("must end in .jsonl or .jsonl.gz, or no reader would find it", path=output)
    output_file(output, [pickle])
    packed = output.suffix == ".gz"
    done = Conversion(0, 0, 0)
    items = PickledList(pickle)
    tell = teller(pickle, strict=strict, on_problem=on_problem)
    with (
        replacing(output) as beside,
        open(beside, "wb") as raw,
        packing(raw) if packed else raw as stream,
    ):
        for number, item in enumerate(items, start=1):
            line = _line(item)
            if isinstance(line, bytes):
                stream.write(line + b"\n")
                done.rows += 1
                progress(done.rows)
            else:
                done.left_out += 1
                tell(line, number)
        if not done.rows:
            raise InputError("is a list without functions", path=pickle)
    done.max_kept = items.max_kept
    return done


def _line(item: object) -> bytes | str:
    """Return the JSON of a function, or what is wrong with an item that is none."""
    if not isinstance(item, dict):
        return f"is no function: a {type(item).__name__}, not a dict"
    try:
        found = msgspec.convert(
            {key: value for key, value in item.items() if value is not None}, Definition
        )
        if not found.function:
            return "is a function without code"
        return msgspec.json.encode(
            FunctionRecord(
                repo=found.nwo,
                path=found.path,
                func_name=found.identifier,
                original_string=found.function,
                language=found.language,
                code=found.function,
                code_tokens=found.function_tokens,
                docstring=found.docstring,
                docstring_tokens=found.docstring_tokens,
                sha=found.sha,
                url=found.url,
            )
        )
    except msgspec.ValidationError as error:
        return f"is no function: {str(error)[:200]}"
    except UnicodeEncodeError:
        return "is no UTF-8 text: a lone surrogate"
