"""The rules of `augment.reading.disguise`, one for each kind of syntax.

Each rule is called for every token, with the disguise to write to, all tokens, the index of the
token and the result of `member_starts`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from augment.reading.disguised_text import Disguise
from augment.reading.lexer import Lexeme

# TypeScript's modifiers of class members.
_MODIFIERS: Final = frozenset(
    "abstract readonly declare override static public private protected accessor".split()
)

# Keywords that an operand cannot end in.
_KEYWORDS: Final = frozenset(
    "return typeof instanceof in of new delete void throw case do else await yield default "
    "extends export import const let var".split()
)

# An ampersand that starts no entity.
_AMPERSAND: Final = re.compile(rb"&(?!#?\w+;)")

# Reserved words that the grammar refuses as names of attributes.
_RESERVED: Final = frozenset({"class", "for", "default", "as", "is", "in", "of"})

# Contextual keywords of TypeScript's types that may be names of variables.
_CONTEXTUAL: Final = frozenset({"as", "satisfies", "is", "asserts", "infer", "keyof", "unique"})

# Stands for tokens before the first and after the last.
_END: Final = Lexeme("mark", "", -1, -1, True)


def lexeme_at(found: list[Lexeme], number: int) -> Lexeme:
    """Return the token at an index, or an empty one if there is none."""
    return found[number] if 0 <= number < len(found) else _END


def member_starts(found: list[Lexeme]) -> set[int]:
    """Return the indices of the tokens that are directly in the body of a class."""
    inside: list[str] = []
    members: set[int] = set()
    # For each `class` whose body has not begun: how many brackets are open around it.
    awaited: list[int] = []
    for number, lexeme in enumerate(found):
        text = lexeme.text
        if inside and inside[-1] == "class":
            members.add(number)
        if lexeme.kind == "word" and text == "class" and lexeme_at(found, number - 1).text != ".":
            awaited.append(len(inside))
        elif lexeme.kind == "template":
            if text.startswith("}") and inside:
                inside.pop()
            if text.endswith("${"):
                inside.append("${")
        elif lexeme.kind in ("mark", "head"):
            if text in ("{", "{|") and awaited and awaited[-1] == len(inside):
                awaited.pop()
                inside.append("class")
            elif text in ("(", "[", "{", "{|"):
                inside.append(text)
            elif text in (")", "]", "}", "|}") and inside:
                inside.pop()
                members.discard(number)
    return members


def ends_operand(lexeme: Lexeme) -> bool:
    """Whether `lexeme` may end an operand, so that an operator follows."""
    if lexeme.kind == "word":
        return lexeme.text not in _KEYWORDS
    if lexeme.kind == "template":
        return lexeme.text.endswith("`")
    return lexeme.text in (")", "]", "}")


def _let(made: Disguise, found: list[Lexeme], number: int, members: set[int]) -> None:
    """`let` before a line break starts a declaration (ECMA-262 §12.10)."""
    here, behind = found[number], lexeme_at(found, number + 1)
    if here.text != "let" or here.kind != "word" or not behind.line_before:
        return
    gap = made.source[here.end : behind.start]
    if gap.isspace() and (
        behind.text in ("[", "{")
        or (behind.kind == "word" and behind.text not in ("in", "of", "instanceof"))
    ):
        made.text[here.end : behind.start] = b" " * len(gap)


def _member_line(made: Disguise, found: list[Lexeme], number: int, members: set[int]) -> None:
    """Line breaks in classes: `x` before `*g() {}` is a field, `get` before `x() {}` is not."""
    here, behind = found[number], lexeme_at(found, number + 1)
    if number not in members or here.kind != "word" or not behind.line_before:
        return
    before = lexeme_at(found, number - 1)
    if before.text not in ("{", "}", ";", "static"):
        return
    gap = made.source[here.end : behind.start]
    if behind.text == "*" and here.text != "static":
        end = here.end + gap.index(b"\n")
        made.text[end] = ord(";")
        made.dropped.add(end)
    elif (
        here.text in ("get", "set", "static")
        and gap.isspace()
        and (behind.kind in ("word", "string", "number") or behind.text == "[")
    ):
        made.text[here.end : behind.start] = b" " * len(gap)


def _using(made: Disguise, found: list[Lexeme], number: int, members: set[int]) -> None:
    """`using x = y` (ECMA-262 §14.3.1), disguised as `let`."""
    here, name, behind = found[number], lexeme_at(found, number + 1), lexeme_at(found, number + 2)
    if (
        here.text != "using"
        or name.kind != "word"
        or name.line_before
        or name.text in ("in", "of", "instanceof", "as", "satisfies")
        or behind.text not in ("=", ":", "of")
    ):
        return
    before = lexeme_at(found, number - 1)
    if before.text == "await" and not here.line_before:
        whole = Lexeme("word", "await using", before.start, here.end, before.line_before)
        made.rewrite(whole, b"let", "using")
    elif before.text in (";", "{", "}", "(", "", ":") or here.line_before:
        made.rewrite(here, b"let", "using")


def _attributes(made: Disguise, found: list[Lexeme], number: int, members: set[int]) -> None:
    """Import attributes: `export { x } from "m" with { type: "json" }`."""
    here = found[number]
    if here.text not in ("with", "assert") or lexeme_at(found, number + 1).text != "{":
        return
    if (
        lexeme_at(found, number - 1).kind == "string"
        and lexeme_at(found, number - 2).text == "from"
    ):
        end = number + 2
        while lexeme_at(found, end).text not in ("}", ""):
            end += 1
        made.blank_behind(found[number - 1].end, here.start, found[end].end)


def _import_phase(made: Disguise, found: list[Lexeme], number: int, members: set[int]) -> None:
    """`import defer * as x`, `import source x from`, `import.defer()`, `export type * from`."""
    here, word = found[number], lexeme_at(found, number + 1)
    if (
        here.text in ("export", "import")
        and word.text == "type"
        and lexeme_at(found, number + 2).text == "*"
    ):
        made.blank_behind(here.end, word.start, word.end)
    if here.text != "import" or here.kind != "word":
        return
    behind = lexeme_at(found, number + 2)
    if (word.text == "defer" and behind.text == "*") or (
        word.text == "source"
        and behind.kind == "word"
        and lexeme_at(found, number + 3).text == "from"
    ):
        made.blank_behind(here.end, word.start, word.end)
    elif word.text == "." and behind.text in ("defer", "source"):
        made.blank_behind(here.end, word.start, behind.end)


def _accessor(made: Disguise, found: list[Lexeme], number: int, members: set[int]) -> None:
    """`accessor x = 1` in a class (TC39 proposal "Decorators")."""
    here, name = found[number], lexeme_at(found, number + 1)
    if here.text != "accessor" or number not in members or name.line_before:
        return
    if name.kind not in ("word", "string", "number") and name.text != "[":
        return
    before = lexeme_at(found, number - 1)
    if before.kind == "word" and before.text in _MODIFIERS:
        made.blank_behind(before.end, here.start, here.end)
    else:
        made.rewrite(here, b"static", "accessor")


def _attribute_name(made: Disguise, found: list[Lexeme], number: int, members: set[int]) -> None:
    """`<a class="x">`: a reserved word as the name of an attribute."""
    here = found[number]
    if here.kind == "text" and here.text in _RESERVED and lexeme_at(found, number + 1).text == "=":
        made.rewrite(here, _unused(made, here.end - here.start))


def _ampersand(made: Disguise, found: list[Lexeme], number: int, members: set[int]) -> None:
    """`<b>this & that</b>`: an ampersand in text that starts no entity."""
    here = found[number]
    if here.kind == "text":
        for match in _AMPERSAND.finditer(made.source, here.start, here.end):
            made.text[match.start()] = ord("_")


def _decorator(made: Disguise, found: list[Lexeme], number: int, members: set[int]) -> None:
    """`@(expression)`, disguised as the name of a decorator."""
    if found[number].text != "@" or lexeme_at(found, number + 1).text != "(":
        return
    depth, end = 0, number + 1
    while end < len(found):
        depth += (found[end].text == "(") - (found[end].text == ")")
        if not depth:
            break
        end += 1
    start, stop = found[number + 1].start, lexeme_at(found, end).end
    if depth == 0 and b"\n" not in made.source[start:stop]:
        whole = Lexeme("word", "", start, stop, False)
        made.rewrite(whole, b"_" * (stop - start - 1), "opaque")
        made.hidden.append((start, stop))


def _type_arguments(made: Disguise, found: list[Lexeme], number: int, members: set[int]) -> None:
    """Type arguments of a tag: `` styled.div<{ wide: boolean }>`...` ``."""
    here = found[number]
    if here.kind != "template" or not here.text.startswith("`"):
        return
    if lexeme_at(found, number - 1).text != ">":
        return
    depth, first = 0, number - 1
    while first > 0:
        text = found[first].text
        depth += text in (">", ")", "]", "}", "|}")
        depth -= text in ("<", "(", "[", "{", "{|")
        if depth == 0:
            break
        first -= 1
    if found[first].text == "<" and ends_operand(lexeme_at(found, first - 1)):
        made.blank_before(here.start, found[first].start, found[number - 1].end)


def _import_type(made: Disguise, found: list[Lexeme], number: int, members: set[int]) -> None:
    """`import("x").Y<Z>` as a type, disguised as a name."""
    tokens = [lexeme_at(found, number + offset) for offset in range(7)]
    if (
        [token.text for token in (*tokens[:2], *tokens[3:5])] == ["import", "(", ")", "."]
        and tokens[2].kind == "string"
        and tokens[6].text == "<"
    ):
        start, stop = tokens[0].start, tokens[3].end
        whole = Lexeme("word", "", start, stop, False)
        made.rewrite(whole, b"_" * (stop - start), "opaque")


def _variance(made: Disguise, found: list[Lexeme], number: int, members: set[int]) -> None:
    """Variance annotations: `interface Box<in out T>`."""
    here = found[number]
    if here.text not in ("<", ",") or here.kind != "mark":
        return
    end = number
    while (
        lexeme_at(found, end + 1).text in ("in", "out") and lexeme_at(found, end + 2).kind == "word"
    ):
        end += 1
    if end > number and lexeme_at(found, end + 2).text in (",", ">", "=", "extends"):
        made.blank_behind(here.end, found[number + 1].start, found[end].end)


def _member_name(made: Disguise, found: list[Lexeme], number: int, members: set[int]) -> None:
    """`abstract?: boolean`: a modifier as the name of a member."""
    here, behind = found[number], lexeme_at(found, number + 1)
    if (
        number in members
        and here.text in _MODIFIERS
        and here.kind == "word"
        and behind.text in ("?", ":", "=", ";", "!", "}", "(", "<")
    ):
        made.rewrite(here, _unused(made, here.end - here.start))


def _contextual(made: Disguise, found: list[Lexeme], number: int, members: set[int]) -> None:
    """`let as: string`: a contextual keyword as the name of a variable."""
    here, before = found[number], lexeme_at(found, number - 1)
    if here.text not in _CONTEXTUAL or here.kind != "word" or before.text in (".", "?.", "*"):
        return
    if lexeme_at(found, number + 1).kind in ("word", "string") or ends_operand(before):
        return
    if before.text in ("{", ",") and lexeme_at(found, number + 1).text in ("}", ","):
        return  # may be a specifier of an import
    made.rewrite(here, _unused(made, here.end - here.start))


def _unused(made: Disguise, length: int) -> bytes:
    """Return a name of this length that does not occur in the source."""
    for first in b"_$zqxjkvbpwygfu":
        name = bytes([first]) * length
        if name not in made.source:
            return name
    return b"_" * length


_Rule = Callable[[Disguise, list[Lexeme], int, set[int]], None]

RULES: Final[tuple[_Rule, ...]] = (
    _let,
    _member_line,
    _using,
    _attributes,
    _import_phase,
    _accessor,
    _decorator,
    _attribute_name,
    _ampersand,
)

TYPESCRIPT_RULES: Final[tuple[_Rule, ...]] = (
    _type_arguments,
    _import_type,
    _variance,
    _member_name,
    _contextual,
)
