"""How much of a program's behaviour a rewrite leaves as it was."""

from __future__ import annotations

from enum import IntEnum


class Semantics(IntEnum):
    """What a rewrite leaves as it was.

    PRESERVED: everything but what the source text itself shows (`toString()`, stack positions).
    OBSERVABLE: also the `name` of functions and classes may differ.
    PLAIN_DATA: the same results only for plain data. Arrays are arrays of the language, without
        holes and not resized while a loop runs over them; objects have no getters, proxies or
        conversions (`valueOf`, `toString`) that do anything; numbers that are compared are neither
        NaN nor -0; standard methods are not replaced.
    CHANGED: the program may do something else (lossy views).
    """

    PRESERVED = 0
    OBSERVABLE = 1
    PLAIN_DATA = 2
    CHANGED = 3
