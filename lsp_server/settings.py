"""What a user can set, typed; wrong values are named and leave the default in place.

The path of the model is deliberately not here: editors mix the settings of a workspace, which may
be a stranger's, into these. It comes from the command line alone.
"""

from typing import Annotated, Any, cast

import msgspec
from msgspec import Meta, Struct

SECTION = "contracode"


class HintSettings(Struct, frozen=True, rename="camel"):
    """Which kinds of names get an inlay hint, and whether accepting one (`edits`) writes its
    type.
    """

    parameters: bool = True
    returns: bool = True
    variables: bool = True
    fields: bool = True
    edits: bool = True


class NameSettings(Struct, frozen=True, rename="camel"):
    """Better names for functions.

    Attributes:
        suggestions: offer to rename the function around the cursor.
        diagnostics: mark functions whose names contradict their bodies.
        threshold: probability from which a name is suggested.
    """

    suggestions: bool = True
    diagnostics: bool = False
    threshold: Annotated[float, Meta(ge=0, le=1)] = 0.3


class Settings(Struct, frozen=True, rename="camel"):
    """The section `contracode` of an editor's settings.

    Attributes:
        enabled: off means empty answers.
        threshold: probability from which a type is shown; None means the one that the model
            recommends.
        max_file_size: bytes from which a file is left alone.
        hints: which kinds are shown.
        names: what is said about names of functions.
    """

    enabled: bool = True
    threshold: Annotated[float, Meta(ge=0, le=1)] | None = None
    max_file_size: Annotated[int, Meta(ge=0)] = 1_000_000
    hints: HintSettings = HintSettings()
    names: NameSettings = NameSettings()


def read(value: Any, *, base: Settings | None = None) -> tuple[Settings, list[str]]:
    """Read the section's value over `base`.

    Args:
        value: what the client sent: an object, or None for nothing set.
        base: kept where `value` has no key, null, or a wrong value.

    Returns:
        The settings, and a sentence for each key that is unknown or has a wrong value.
    """
    problems: list[str] = []
    return _read(value, base or Settings(), SECTION, problems), problems


def _read(value: Any, base: Any, path: str, problems: list[str]) -> Any:
    if value is None:
        return base
    if not isinstance(value, dict):
        problems.append(f"{path}: expected an object; ignored")
        return base
    fields = {field.encode_name: field for field in msgspec.structs.fields(base)}
    changed: dict[str, Any] = {}
    for key, given in cast("dict[str, Any]", value).items():
        where = f"{path}.{key}"
        field = fields.get(key)
        if field is None:
            problems.append(f"{where}: no such setting; known are {', '.join(fields)}")
            continue
        present = getattr(base, field.name)
        if isinstance(present, Struct):
            changed[field.name] = _read(given, present, where, problems)
        elif given is not None:
            try:
                changed[field.name] = msgspec.convert(given, field.type)
            except msgspec.ValidationError as error:
                problems.append(f"{where}: {error}; ignored")
    return msgspec.structs.replace(base, **changed)
