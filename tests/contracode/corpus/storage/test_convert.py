"""The deduplicated pickle becomes JSON lines, and a pickle that is a program runs nothing."""

import collections
import contextlib
import decimal
import functools
import gzip
import io
import json
import os
import pickle
import pickletools
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracode.corpus.storage.convert import convert
from contracode.corpus.storage.pickles import PickledList
from contracode.corpus.storage.readers import read_functions
from contracode.support.errors import InputError

DEFINITION = {
    "nwo": "someone/thing",
    "sha": "0123456789abcdef0123456789abcdef01234567",
    "path": "lib/thing.js",
    "language": "javascript",
    "identifier": "double",
    "parameters": "(x)",
    "argument_list": "",
    "return_statement": "",
    "docstring": "Doubles. ünï 😀",
    "docstring_summary": "Doubles.",
    "docstring_tokens": ["Doubles", "."],
    "function": "function double(x) {\n  return x * 2;\n}",
    "function_tokens": ["function", "double", "(", "x", ")"],
    "url": "https://example.org/thing.js#L1-L3",
    "score": 0.5,
}


def dump(path, value, protocol=4):
    path.write_bytes(pickle.dumps(value, protocol=protocol))
    return path


def refusal(path):
    """Return the one line with which a pickle is refused."""
    with pytest.raises(InputError) as caught:
        list(PickledList(path))
    assert "\n" not in str(caught.value)
    return str(caught.value)


class Calls:
    """Pickled as a call."""

    def __init__(self, function, *arguments):
        self._call = (function, arguments)

    def __reduce__(self):
        return self._call


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
@pytest.mark.parametrize("python", [False, True], ids=["c-pickler", "python-pickler"])
def test_plain_data_come_as_they_were(tmp_path, protocol, python):
    shared = {"a": "same", "b": [1, "same"]}
    items = [
        *(dict(DEFINITION, identifier=f"f{number}") for number in range(1_100)),
        shared,
        [shared, shared],
        (),
        (1,),
        (1, 2),
        (1, 2, 3),
        (1, 2, 3, [4]),
        {},
        [],
        [[]],
        {1: 2.5, None: True, False: -(10**30), "x": "line\nbreak\\ ü 😀 '"},
        "x" * 70_000,
        -1,
        300,
        70_000,
    ]
    path = tmp_path / "a.pkl"
    with open(path, "wb") as stream:
        (pickle._Pickler if python else pickle.Pickler)(stream, protocol).dump(items)  # pyright: ignore[reportAttributeAccessIssue]
    assert list(PickledList(path)) == items
    path.write_bytes(pickletools.optimize(path.read_bytes()))
    assert list(PickledList(path)) == items
    path.write_bytes(gzip.compress(path.read_bytes()))
    assert list(PickledList(path)) == items


def test_items_are_given_before_the_rest_is_built(tmp_path):
    shared = "mentioned again and again"
    rows = [dict(DEFINITION, docstring=shared, function=f"f{number}()") for number in range(8_000)]
    items = PickledList(dump(tmp_path / "a.pkl", rows))
    assert sum(1 for _ in items) == 8_000
    assert (
        items.max_kept < 100
    )  # keys and the shared texts, and no other of a hundred thousand strings


def test_python_2_text(tmp_path):
    path = tmp_path / "a.pkl"
    path.write_bytes(b"\x80\x02]q\x00(U\x04na\xc3\xafT\x02\x00\x00\x00abe.")
    assert list(PickledList(path)) == ["naï", "ab"]


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_a_malicious_pickle_runs_nothing_and_is_named(tmp_path, protocol):
    witness = tmp_path / "witness"
    path = dump(tmp_path / "a.pkl", [DEFINITION, Calls(os.system, f"touch {witness}")], protocol)
    message = refusal(path)
    assert f"{path}: asks for '{os.system.__module__}.system'" in message
    assert not witness.exists()
    pickle.loads(path.read_bytes())  # the pickle does what it says wherever it is trusted
    assert witness.exists()


def test_the_command_refuses_a_malicious_pickle(tmp_path):
    witness = tmp_path / "witness"
    path = dump(tmp_path / "a.pkl", [DEFINITION, Calls(os.system, f"touch {witness}")])
    output = tmp_path / "out.jsonl.gz"
    command = [
        sys.executable,
        "-m",
        "contracode.cli.main",
        "corpus",
        "convert",
        str(path),
        "-o",
        str(output),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"contracode corpus: {refusal(path)}\n"
    assert not witness.exists()
    assert not output.exists()


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
@pytest.mark.parametrize(
    "value",
    [
        collections.OrderedDict(a=1),
        decimal.Decimal(1),
        functools.partial(print, "x"),
        complex(1, 2),
        print,
        InputError,
        Calls(eval, "1"),
        Calls(getattr, "x", "upper"),
        {"set"},
        bytearray(b"x"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_whatever_else_is_refused(tmp_path, protocol, value):
    assert "only lists, dicts, strings and numbers" in refusal(
        dump(tmp_path / "a.pkl", [DEFINITION, value], protocol)
    )


@pytest.mark.parametrize(
    "program",
    [
        b"cos\nsystem\n(S'true'\ntR.",
        b"(S'true'\nios\nsystem\n.",
        b"(cos\nsystem\nS'true'\no.",
        b"\x80\x04\x8c\x02os\x8c\x06system\x93\x8c\x04true\x85R.",
        b"]" + b"\x80\x04\x8c\x02os\x94\x8c\x06system\x94h\x00h\x01\x93\x8c\x04true\x85Ra.",
        b"\x82\x01.",
        b"P1\n.",
        b"\x8c\x01aQ.",
        b"]\x81.",
        b"]}b.",
        b"\x97.",
    ],
)
def test_programs_by_hand_are_refused(tmp_path, program):
    (tmp_path / "a.pkl").write_bytes(program)
    assert "asks for '" in refusal(tmp_path / "a.pkl")


@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "gzip"])
def test_a_pickle_cut_anywhere_is_refused(tmp_path, pack):
    data = pack(pickle.dumps([DEFINITION, DEFINITION], protocol=4))
    path = tmp_path / "a.pkl"
    for end in range(len(data)):
        path.write_bytes(data[:end])
        assert "is no pickle, or is cut short or damaged" in refusal(path)


@pytest.mark.parametrize(
    "program",
    [
        b"{}",
        b"a.",
        b"]]s.",
        b"](K\x01e" + b"h\x05.",
        b"]}(]K\x01ua.",
        b"]}" + b")" + b"\x85" * 200_000 + b"K\x01sa.",
        b"]" * 200_000 + b"a" * 150_000 + b"\x93",
        b"]K\x01K\x02a.",
        b"](K\x01u.",
        b"e.",
        b"\x87.",
        b"\x8d\xff\xff\xff\xff\xff\xff\xff\x7f",
    ],
)
def test_programs_that_make_no_sense_are_refused(tmp_path, program):
    (tmp_path / "a.pkl").write_bytes(program)
    assert "is no pickle, or is cut short or damaged" in refusal(tmp_path / "a.pkl")


PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text()
    | st.binary(),
    lambda inner: (
        st.lists(inner)
        | st.dictionaries(st.text() | st.integers(), inner)
        | st.tuples(inner)
        | st.tuples(inner, inner, inner, inner)
    ),
)


@settings(deadline=None, max_examples=40)
@given(st.lists(PLAIN), st.integers(3, pickle.HIGHEST_PROTOCOL))
def test_all_plain_data_come_as_they_were(items, protocol):
    with tempfile.TemporaryDirectory() as folder:
        assert list(PickledList(dump(Path(folder) / "a.pkl", items, protocol))) == items


@settings(deadline=None, max_examples=150)
@given(st.data())
def test_a_damaged_pickle_gives_items_or_one_line(data):
    program = bytearray(
        pickle.dumps(
            [DEFINITION, os.system, {"a": (1, [2.5])}], protocol=data.draw(st.integers(0, 5))
        )
    )
    for _ in range(data.draw(st.integers(1, 4))):
        program[data.draw(st.integers(0, len(program) - 1))] = data.draw(st.integers(0, 255))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.pkl"
        path.write_bytes(program)
        with contextlib.suppress(InputError):
            list(PickledList(path))


@pytest.mark.parametrize("value", [{"a": [1]}, ([DEFINITION], 1), "text", None, 5])
def test_another_shape_is_refused(tmp_path, value):
    assert (
        refusal(dump(tmp_path / "a.pkl", value)) == f"{tmp_path}/a.pkl: is a pickle, but of no list"
    )


def test_functions_are_written_as_published(tmp_path):
    output = tmp_path / "javascript_dedupe.jsonl.gz"
    done = convert(dump(tmp_path / "a.pkl", [DEFINITION] * 3), output)
    assert (done.rows, done.left_out) == (3, 0)
    rows = list(read_functions([tmp_path], strict=True))
    assert len(rows) == 3
    row = rows[0]
    assert (row.repo, row.path, row.func_name) == ("someone/thing", "lib/thing.js", "double")
    assert row.code == row.original_string == DEFINITION["function"]
    assert (row.code_tokens, row.docstring_tokens) == (
        DEFINITION["function_tokens"],
        ["Doubles", "."],
    )
    assert (row.docstring, row.sha, row.url) == tuple(
        DEFINITION[name] for name in ("docstring", "sha", "url")
    )
    first = output.read_bytes()
    convert(tmp_path / "a.pkl", output)
    assert output.read_bytes() == first


def test_items_that_are_no_functions_are_told_and_left_out(tmp_path):
    items = [
        DEFINITION,
        [],
        {"nwo": "x"},
        dict(DEFINITION, function=5),
        dict(DEFINITION, function=""),
        dict(DEFINITION, docstring="\ud800"),
        {1: 2},
        dict(DEFINITION, docstring=None, score=None),
    ]
    path = dump(tmp_path / "a.pkl", items)
    problems: list[str] = []
    done = convert(
        path, tmp_path / "out.jsonl", on_problem=lambda problem: problems.append(str(problem))
    )
    assert (done.rows, done.left_out) == (2, 6)
    assert [problem.split(": ")[0] for problem in problems] == [
        f"{path}:{number}" for number in range(2, 8)
    ]
    assert "is no function: a list, not a dict" in problems[0]
    assert "missing required field" in problems[1]
    assert len((tmp_path / "out.jsonl").read_text("utf-8").splitlines()) == 2
    with pytest.raises(InputError, match=":2: "):
        convert(path, tmp_path / "strict.jsonl", strict=True)
    assert not (tmp_path / "strict.jsonl").exists()


def test_nothing_to_write_and_names_that_no_reader_finds(tmp_path):
    with pytest.raises(InputError, match="is a list without functions"):
        convert(dump(tmp_path / "a.pkl", []), tmp_path / "out.jsonl")
    with pytest.raises(InputError, match=r"must end in \.jsonl"):
        convert(tmp_path / "a.pkl", tmp_path / "out.json")
    assert not list(tmp_path.glob("out*"))


def test_readers_name_the_converter(tmp_path):
    for path in (dump(tmp_path / "a.pkl", [DEFINITION], 0), dump(tmp_path / "a", [DEFINITION])):
        with pytest.raises(
            InputError, match="is a pickle; make JSON lines of it first: contracode corpus convert"
        ):
            list(read_functions([path]))


def test_the_command_says_what_it_did(tmp_path):
    path = dump(tmp_path / "a.pkl", [DEFINITION, 1])
    command = [
        sys.executable,
        "-m",
        "contracode.cli.main",
        "corpus",
        "convert",
        path,
        "-o",
        tmp_path / "out.jsonl",
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stdout.startswith(f"{tmp_path}/out.jsonl: 1 functions, 1 items left out")
    assert f"{path}:2: is no function: a int, not a dict" in done.stderr
    done = subprocess.run([*command, "--json"], capture_output=True, text=True, check=False)
    assert json.load(io.StringIO(done.stdout))["rows"] == 1
