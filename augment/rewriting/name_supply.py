"""`NameSupply`: the only source of new names.

A name from the supply is free in the whole program: it is not reserved, the program does not use
it, bound or unbound, and it was not handed out before. So new names never capture or shadow others,
wherever the code is moved.
"""

from __future__ import annotations

from typing import Final, Literal, NamedTuple

from augment.program.program import Program
from augment.rewriting.random_stream import RandomStream
from augment.rewriting.word_lists import NOUNS, VERBS
from augment.syntax.tree import Language

Case = Literal["camel", "snake"]

NameKind = Literal["value", "function", "class"]

# Words reserved in any mode (ECMA-262 §12.7.2), words with a meaning in some contexts, and common
# globals.
RESERVED: Final = frozenset(
    "break case catch class const continue debugger default delete do else enum export extends "
    "false finally for function if import in "
    "instanceof new null return super switch this throw true try typeof var void while with yield "
    "let static implements interface package "
    "private protected public await async of get set as from eval arguments undefined NaN Infinity "
    "Object Array String Number Boolean Symbol Function Math JSON Date RegExp Error Promise Map "
    "Set WeakMap WeakSet Proxy Reflect BigInt "
    "Intl globalThis window self global document console process require module exports define "
    "parseInt parseFloat isNaN isFinite "
    "setTimeout setInterval clearTimeout clearInterval alert name status top parent event length "
    "location history navigator screen "
    "Buffer URL fetch jQuery using accessor type declare abstract".split()
)

# In the position of a type these are types, even before a dot (TypeScript handbook, "Everyday
# Types").
_TYPES: Final = frozenset(
    "any bigint boolean never number object string symbol undefined unknown void".split()
)

_LETTERS: Final = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_$"


class Uses(NamedTuple):
    """The names that a program uses, without the program.

    Attributes:
        names_used: as in `Program`.
        language: the grammar that parses it.
    """

    names_used: frozenset[str]
    language: Language = "javascript"


class NameSupply:
    """Hands out names that are free in one program."""

    def __init__(self, program: Program | Uses) -> None:
        self._program = program
        self._given: set[str] = set()
        self._reserved = RESERVED if program.language == "javascript" else RESERVED | _TYPES

    def is_free(self, name: str) -> bool:
        """Whether `name` may be introduced anywhere in the program."""
        return (
            name not in self._reserved
            and name not in self._given
            and name not in self._program.names_used
        )

    def take(self, name: str) -> bool:
        """Hand out exactly `name` if it is free."""
        if not self.is_free(name):
            return False
        self._given.add(name)
        return True

    def words(self, draw: RandomStream, case: Case = "camel", kind: NameKind = "value") -> str:
        """Return a new name of one to three real words."""
        while True:
            noun = draw.choice(NOUNS)
            if kind == "function":
                name = join(draw.choice(VERBS), noun, case)
            elif draw.random() < 0.5:
                name = join(noun, draw.choice(NOUNS), "camel" if kind == "class" else case)
            else:
                name = noun
            name = self._numbered(name)
            if kind == "class":
                name = name[0].upper() + name[1:]
            if self.take(name):
                return name

    def _numbered(self, name: str) -> str:
        # Two words give too few different names for large programs.
        return name if len(self._given) < 200 else f"{name}{len(self._given)}"

    def short(self, draw: RandomStream) -> str:
        """Return a new random name like a minifier's: one letter, or more if those are taken."""
        size, tries = 1, 0
        while True:
            name = "".join([draw.choice(_LETTERS) for _ in range(size)])
            if self.take(name):
                return name
            tries += 1
            if tries % 12 == 0:
                size += 1

    def like(self, stem: str) -> str:
        """Return `stem`, or the first free name that starts with it."""
        name, number = stem, 1
        while not self.take(name):
            number += 1
            name = f"{stem}{number}"
        return name


def join(first: str, second: str, case: Case) -> str:
    """Join two words in camelCase or snake_case."""
    return f"{first}_{second}" if case == "snake" else first + second.capitalize()
