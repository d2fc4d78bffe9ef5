"""Whether the names in a type are defined where it would be written."""

import re

from contracode.usage.expression_types import ExpressionTypes

_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"|`[^`]*`")

_KEY = re.compile(r"[\w$]+\??:")

_NAME = re.compile(r"[A-Za-z_$][\w$]*(?:\.[\w$]+)*")

_WORDS = frozenset(
    """any asserts bigint boolean false infer is keyof never new null number object readonly string
    symbol this true typeof undefined unknown unique void""".split()
)


def resolves(type: str, types: ExpressionTypes) -> bool:
    """Return whether every name in a type is built in, global, or defined in the program.

    Args:
        type: a type in TypeScript's syntax.
        types: the types of the program.
    """
    bare = _KEY.sub("", _QUOTED.sub("", type))
    return all(_is_known(name, types) for name in _NAME.findall(bare))


def _is_known(name: str, types: ExpressionTypes) -> bool:
    root = name.partition(".")[0]
    if name in _WORDS or root in types.own_names:
        return True
    if root in ("JSX", "React") or name in types.declarations or name in _UTILITIES:
        return True
    return any(":" in one for one in types.declarations.named(name))  # from a named module


_UTILITIES = frozenset(
    """Awaited Exclude Extract InstanceType NonNullable Omit Parameters Partial Pick Readonly Record
    Required ReturnType Object""".split()
)
