"""Reads pickled lists of plain data without unpickling: nothing but lists, dicts, tuples, strings,
bytes, numbers, None is ever made.

Python's `pickle` is a small machine whose programs may call anything. The machine here has no
instruction that imports, calls or builds, so that there is nothing to restrict; `pickletools` only
decodes. The outermost list is never there as a whole: its items are given as they are completed, a
thousand at a time as Python's pickler groups them. A pickle may mention an earlier object again at
any later point; a first pass counts those mentions, so that the second keeps such objects until
their last mention, and no others.

Source: the standard library's `pickletools`, which documents the instructions.
"""

from __future__ import annotations

import gzip
import io
import pickletools
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import IO, Any, NoReturn, cast

from contracode.support.errors import InputError

_CONSTANTS: dict[str, Any] = {"NONE": None, "NEWTRUE": True, "NEWFALSE": False}

_VALUES = frozenset(
    "SHORT_BINUNICODE BINUNICODE BINUNICODE8 UNICODE STRING SHORT_BINBYTES BINBYTES BINBYTES8 "
    "BININT BININT1 BININT2 INT LONG LONG1 "
    "LONG4 BINFLOAT FLOAT".split()
)
"""Instructions whose argument is the object."""

_GETS = frozenset({"BINGET", "LONG_BINGET", "GET"})
_PUTS = frozenset({"BINPUT", "LONG_BINPUT", "PUT"})

_PYTHON_2 = frozenset({"BINSTRING", "SHORT_BINSTRING"})
"""Text as Python 2 had it: bytes, here of UTF-8."""

_LISTS = frozenset({"EMPTY_LIST", "LIST"})
_APPENDS = frozenset({"APPEND", "APPENDS"})
_DICTS = frozenset({"EMPTY_DICT", "DICT"})
_SETS = frozenset({"SETITEM", "SETITEMS"})
_TUPLES = {"EMPTY_TUPLE": 0, "TUPLE1": 1, "TUPLE2": 2, "TUPLE3": 3}

# What a broken pickle makes the decoder, the gzip reader or the machine raise.
_BROKEN = (
    ValueError,
    IndexError,
    KeyError,
    TypeError,
    OverflowError,
    MemoryError,
    EOFError,
    zlib.error,
    gzip.BadGzipFile,
)


class PickledList:
    """The items of a pickled list, in order; iterate once or again.

    Attributes:
        max_kept: the most objects that were kept at a time because they are mentioned again.
    """

    def __init__(self, path: Path) -> None:
        self.max_kept = 0
        self._path = path

    def __iter__(self) -> Iterator[Any]:
        """Yield the items.

        Raises:
            InputError: the file cannot be read, is cut short, is no list, or asks for anything but
                plain data; what it asks for is named.
        """
        try:
            mentions = Counter(argument for name, argument in self._instructions() if name in _GETS)
            yield from self._run(mentions)
        except InputError:
            raise
        except _BROKEN as error:
            reason = str(error) or type(error).__name__
            raise InputError(
                f"is no pickle, or is cut short or damaged: {reason[:200]}", path=self._path
            ) from None
        except OSError as error:
            raise InputError(error.strerror or str(error), path=self._path) from None

    def _instructions(self) -> Iterator[tuple[str, Any]]:
        """Yield name and decoded argument of each instruction."""
        with open(self._path, "rb") as raw:
            packed = raw.peek(2)[:2] == b"\x1f\x8b"
            stream = io.BufferedReader(gzip.GzipFile(fileobj=raw)) if packed else raw
            # `pickletools` asks for the position at each instruction if it can, which takes nearly
            # as long as all the rest.
            reader = SimpleNamespace(read=stream.read, readline=stream.readline)
            for instruction, argument, _ in pickletools.genops(cast(IO[bytes], reader)):
                yield instruction.name, argument

    def _run(self, mentions: Counter[int]) -> Iterator[Any]:
        """Run the machine. `mentions` counts by number in the memo, and is used up."""
        machine = _Machine(self._path, mentions)
        for name, argument in self._instructions():
            yield from machine.step(name, argument)
            self.max_kept = machine.max_kept


class _Machine:
    """The state of a pickle that is read.

    Attributes:
        max_kept: the largest size of the memo so far.
    """

    def __init__(self, path: Path, mentions: Counter[int]) -> None:
        self.max_kept = 0
        self._path = path
        self._mentions = mentions
        self._stack: list[Any] = []
        self._below: list[list[Any]] = []  # the stacks below the marks
        self._memo: dict[int, Any] = {}
        self._num_memos = 0
        self._outer: list[Any] | None = None  # stays empty: its items are yielded

    def step(self, name: str, argument: Any) -> Sequence[Any]:
        """Run one instruction.

        Returns:
            The items of the outermost list that it completes.
        """
        stack = self._stack
        if name in _VALUES:
            stack.append(argument)
        elif name == "MEMOIZE" or name in _PUTS:
            self._memoize(self._num_memos if name == "MEMOIZE" else argument)
        elif name in _GETS:
            self._recall(argument)
        elif name == "MARK":
            self._below.append(stack)
            self._stack = []
        elif name in _LISTS:
            return self._make_list([] if name == "EMPTY_LIST" else self._pop_mark())
        elif name in _APPENDS:
            return self._append([stack.pop()] if name == "APPEND" else self._pop_mark())
        elif name in _DICTS:
            items = [] if name == "EMPTY_DICT" else self._pop_mark()
            self._stack.append(dict(_pairs(items)))
        elif name in _SETS:
            items = self._pop(2) if name == "SETITEM" else self._pop_mark()
            _as(dict, self._stack[-1]).update(_pairs(items))
        elif name in _CONSTANTS:
            stack.append(_CONSTANTS[name])
        elif name in _TUPLES:
            stack.append(tuple(self._pop(_TUPLES[name])))
        elif name == "TUPLE":
            items = self._pop_mark()
            self._stack.append(tuple(items))
        elif name in _PYTHON_2:
            # `pickletools` took it for Latin-1
            stack.append(argument.encode("latin-1").decode())
        elif name == "STOP":
            if self._outer is None or stack.pop() is not self._outer:
                raise InputError("is a pickle, but of no list", path=self._path)
        elif name != "PROTO" and name != "FRAME":
            self._refuse(name, argument)
        return ()

    def _pop(self, number: int) -> list[Any]:
        """Take the last items off the stack, in their order.

        Raises:
            IndexError: the stack has fewer.
        """
        items = [self._stack.pop() for _ in range(number)]
        items.reverse()
        return items

    def _pop_mark(self) -> list[Any]:
        """Take the items above the last mark off the stack.

        Raises:
            IndexError: there is no mark.
        """
        items, self._stack = self._stack, self._below.pop()
        return items

    def _memoize(self, number: int) -> None:
        self._num_memos += 1
        if number in self._mentions:
            self._memo[number] = self._stack[-1]
            self.max_kept = max(self.max_kept, len(self._memo))

    def _recall(self, number: int) -> None:
        self._stack.append(self._memo[number])
        self._mentions[number] -= 1
        if not self._mentions[number]:
            del self._mentions[number], self._memo[number]

    def _make_list(self, items: list[Any]) -> Sequence[Any]:
        """Push a list; of the outermost one return the items and push an empty list."""
        if self._outer is None and not self._stack and not self._below:
            self._outer = []
            self._stack.append(self._outer)
            return items
        self._stack.append(items)
        return ()

    def _append(self, items: list[Any]) -> Sequence[Any]:
        """Extend the list on the stack; if it is the outermost one return the items instead."""
        if self._stack[-1] is self._outer:
            return items
        _as(list, self._stack[-1]).extend(items)
        return ()

    def _refuse(self, name: str, argument: Any) -> NoReturn:
        """Refuse an instruction that makes anything but plain data."""
        wanted = f"the instruction {name}"
        if name in ("GLOBAL", "INST"):
            wanted = str(argument).replace(" ", ".")
        elif name == "STACK_GLOBAL":
            wanted = ".".join(part if isinstance(part, str) else "?" for part in self._stack[-2:])
        raise InputError(
            f"asks for {wanted[:200]!r}; only lists, dicts, strings and numbers are read from a "
            "pickle, and nothing was run",
            path=self._path,
        )


def _as(kind: type, value: Any) -> Any:
    if type(value) is not kind:
        raise TypeError(f"{type(value).__name__} in the place of {kind.__name__}")
    return value


def _pairs(items: list[Any]) -> Iterator[tuple[Any, Any]]:
    """Yield keys and values. Keys are scalars: to hash deeply nested tuples would overflow the
    stack of C.
    """
    for key, value in zip(items[::2], items[1::2], strict=True):
        if isinstance(key, (list, dict, tuple)):
            raise TypeError(f"a {type(key).__name__} as a key")
        yield key, value
