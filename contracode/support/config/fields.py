"""Types of single settings."""

import re
from typing import Annotated, Literal

import msgspec

from contracode.support.errors import InputError

Count = Annotated[int, msgspec.Meta(ge=1)]
Natural = Annotated[int, msgspec.Meta(ge=0)]
Seed = Annotated[int, msgspec.Meta(ge=0, lt=2**32)]
Positive = Annotated[float, msgspec.Meta(gt=0)]
NonNegative = Annotated[float, msgspec.Meta(ge=0)]
Share = Annotated[float, msgspec.Meta(ge=0, le=1)]
Dropout = Annotated[float, msgspec.Meta(ge=0, lt=1)]
Decay = Annotated[float, msgspec.Meta(ge=0, lt=1)]

InputForm = Literal["written", "numbered", "normal"]
"""The spelling of a source that an encoder reads.

- "written": the source as it is.
- "numbered": local names become `v0`, `v1` and so on in the order of their first occurrence;
  comments are dropped and the layout is uniform.
- "normal": the normal form, with local names numbered.
"""


def seconds(duration: str) -> float:
    """Return the seconds of a duration such as "90s", "10m", "1h30m" or "45" (seconds).

    Raises:
        InputError: the text is not a positive duration.
    """
    match = re.fullmatch(r"(?:(\d+)h)?(?:(\d+)m)?(?:(\d+(?:\.\d+)?)s?)?", duration)
    hours, minutes, rest = match.groups("0") if match else ("0", "0", "0")
    total = 3600 * int(hours) + 60 * int(minutes) + float(rest)
    if total <= 0:
        raise InputError(f"not a duration such as 90s, 10m or 1h30m: {duration!r}")
    return total
