"""`Semantics`: how much of a program's behaviour a rewrite preserves."""

from __future__ import annotations

from enum import IntEnum


class Semantics(IntEnum):
    """What a rewrite preserves, from most to least.

    PRESERVED: everything except the source text that a program can see (`toString()`, positions in
        stack traces).
    OBSERVABLE: the same, except that the `name` of functions and classes may differ.
    PLAIN_DATA: the same results for plain data. Arrays are native, without holes and not resized
        while a loop runs over them; objects are no proxies and have no getters, and their
        conversions (`valueOf`, `toString`) have no effects; compared numbers are neither NaN nor
        -0; standard methods are not replaced.
    CHANGED: the program may do something else (lossy views).
    """

    PRESERVED = 0
    OBSERVABLE = 1
    PLAIN_DATA = 2
    CHANGED = 3
