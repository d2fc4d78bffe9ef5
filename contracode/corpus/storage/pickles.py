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
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import IO, Any, NoReturn, cast

from contracode.support.errors import InputError

_CONSTANTS: dict[str, Any] = {"NONE": None, "NEWTRUE": True, "NEWFALSE": False}

_VALUES = frozenset(
    "SHORT_BINUNICODE BINUNICODE BINUNICODE8 UNICODE STRING SHORT_BINBYTES BINBYTES BINBYTES8 BININT BININT1 BININT2 INT LONG LONG1 "
    "LONG4 BINFLOAT FLOAT".split()
)
"""Instructions whose argument is the object."""

_GETS = frozenset({"BINGET", "LONG_BINGET", "GET"})
_PUTS = frozenset({"BINPUT", "LONG_BINPUT", "PUT"})

_PYTHON_2 = frozenset({"BINSTRING", "SHORT_BINSTRING"})
"""Text as Python 2 had it: bytes, here of UTF-8."""

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
        stack: list[Any] = []
        below: list[list[Any]] = []  # the stacks below the marks
        memo: dict[int, Any] = {}
        num_memos = 0
        outer: list[Any] | None = None  # stays empty: its items are yielded
        for name, argument in self._instructions():
            if name in _VALUES:
                stack.append(argument)
            elif name == "MEMOIZE" or name in _PUTS:
                number = num_memos if name == "MEMOIZE" else argument
                num_memos += 1
                if number in mentions:
                    memo[number] = stack[-1]
                    self.max_kept = max(self.max_kept, len(memo))
            elif name in _GETS:
                stack.append(memo[argument])
                mentions[argument] -= 1
                if not mentions[argument]:
                    del mentions[argument], memo[argument]
            elif name == "MARK":
                below.append(stack)
                stack = []
            elif name == "EMPTY_LIST" or name == "LIST":
                items, stack = ([], stack) if name == "EMPTY_LIST" else (stack, below.pop())
                if outer is None and not stack and not below:
                    outer = []
                    stack.append(outer)
                    yield from items
                else:
                    stack.append(items)
            elif name == "APPENDS" or name == "APPEND":
                items, stack = ([stack.pop()], stack) if name == "APPEND" else (stack, below.pop())
                if stack[-1] is outer:
                    yield from items
                else:
                    _as(list, stack[-1]).extend(items)
            elif name == "EMPTY_DICT":
                stack.append({})
            elif name == "DICT":
                items, stack = stack, below.pop()
                stack.append(dict(_pairs(items)))
            elif name == "SETITEMS" or name == "SETITEM":
                items, stack = (
                    (stack[-2:], stack[:-2]) if name == "SETITEM" else (stack, below.pop())
                )
                _as(dict, stack[-1]).update(_pairs(items))
            elif name in _CONSTANTS:
                stack.append(_CONSTANTS[name])
            elif name in _TUPLES:
                items = [stack.pop() for _ in range(_TUPLES[name])]
                stack.append(tuple(reversed(items)))
            elif name == "TUPLE":
                items, stack = stack, below.pop()
                stack.append(tuple(items))
            elif name in _PYTHON_2:
                stack.append(
                    argument.encode("latin-1").decode()
                )  # `pickletools` took it for Latin-1
            elif name == "STOP":
                if outer is None or stack.pop() is not outer:
                    raise InputError("is a pickle, but of no list", path=self._path)
            elif name != "PROTO" and name != "FRAME":
                self._refuse(name, argument, stack)

    def _refuse(self, name: str, argument: Any, stack: list[Any]) -> NoReturn:
        """Refuse an instruction that makes anything but plain data."""
        wanted = f"the instruction {name}"
        if name in ("GLOBAL", "INST"):
            wanted = str(argument).replace(" ", ".")
        elif name == "STACK_GLOBAL":
            wanted = ".".join(part if isinstance(part, str) else "?" for part in stack[-2:])
        raise InputError(
            f"asks for {wanted[:200]!r}; only lists, dicts, strings and numbers are read from a pickle, and nothing was run",
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
