"""The user's settings, typed; a wrong value is reported and leaves the default in place.

The path of the model is no setting on purpose: editors merge the settings of a workspace, which may
be a stranger's, into these. It comes from the command line.
"""

from typing import Annotated, Any, cast

import msgspec
from msgspec import Meta, Struct

SECTION = "contracode"


class HintSettings(Struct, frozen=True, rename="camel"):
    """Kinds of names with inlay hints, and whether accepting a hint writes its type (`edits`)."""

    parameters: bool = True
    returns: bool = True
    variables: bool = True
    fields: bool = True
    edits: bool = True


class NameSettings(Struct, frozen=True, rename="camel"):
    """Predicted names of functions.

    Attributes:
        suggestions: offer to rename the function around the cursor.
        diagnostics: mark functions whose name contradicts their body.
        threshold: lowest probability of a suggested name.
    """

    suggestions: bool = True
    diagnostics: bool = False
    threshold: Annotated[float, Meta(ge=0, le=1)] = 0.3


class ServerSettings(Struct, frozen=True, rename="camel"):
    """The section `contracode` of an editor's settings.

    Attributes:
        enabled: whether the server predicts anything.
        threshold: lowest probability of a shown type; None for the model's own threshold.
        max_file_size: bytes of the largest file that is read.
        hints: of types.
        names: of functions.
    """

    enabled: bool = True
    threshold: Annotated[float, Meta(ge=0, le=1)] | None = None
    max_file_size: Annotated[int, Meta(ge=0)] = 1_000_000
    hints: HintSettings = HintSettings()
    names: NameSettings = NameSettings()


def read(value: Any, *, base: ServerSettings | None = None) -> tuple[ServerSettings, list[str]]:
    """Read the settings of a client.

    Args:
        value: an object, or None for no settings.
        base: settings for keys that are missing, null or wrong.

    Returns:
        The settings, and a sentence for each unknown key or wrong value.
    """
    problems: list[str] = []
    return _read(value, base or ServerSettings(), SECTION, problems), problems


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
