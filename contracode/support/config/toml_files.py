"""Reading settings from TOML files and `section.key=value` overrides, and writing them."""

import re
import tomllib
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import tomli_w

from contracode.support.atomic_files import replacing
from contracode.support.config.sections import Config
from contracode.support.errors import InputError

PRESETS = Path(__file__).parent / "presets"

_T = TypeVar("_T", bound=msgspec.Struct)


def load(
    path: str | Path | None = None, overrides: Iterable[str] = (), *, kind: type[_T] = Config
) -> _T:
    """Read settings; keys that the file omits get their defaults.

    Args:
        path: a TOML file; None uses the defaults only.
        overrides: "section.key=value" with a TOML value; any other text is taken as a string.
        kind: the struct to read.

    Raises:
        InputError: the file is missing or not TOML, a key is unknown, or a value is invalid. The
            message names the file and the key.
    """
    settings: dict[str, Any] = {}
    if path is not None:
        settings = _current(read_toml(Path(path)), kind, old_file=True)
        # Checked before the overrides are applied, so that the message names the right source.
        _convert(settings, kind, path)
    changed = [_override(settings, override) for override in overrides]
    settings = _current(settings, kind)
    return _convert(settings, kind, f"--set {' '.join(changed)}" if changed else path)


def preset(name: str) -> Path:
    """Return the file of a preset.

    Raises:
        InputError: there is no preset of this name.
    """
    path = PRESETS / f"{name}.toml"
    if not path.is_file():
        raise InputError(f"no preset {name!r}; the presets are {', '.join(presets())}")
    return path


def presets() -> list[str]:
    """Return the names of the presets."""
    return sorted(path.stem for path in PRESETS.glob("*.toml"))


def as_toml(settings: msgspec.Struct) -> str:
    """Return all settings as TOML, defaults included."""
    return tomli_w.dumps(msgspec.to_builtins(settings))


def save(settings: msgspec.Struct, path: Path) -> None:
    """Write all settings; `load` reads them back."""
    with replacing(path) as beside:
        beside.write_text(as_toml(settings), "utf-8")


def refuse_changes(run: msgspec.Struct, wanted: msgspec.Struct, *, but: Collection[str]) -> None:
    """Check that a resumed run keeps its settings.

    Args:
        run: settings of the run.
        wanted: settings to resume it with.
        but: keys that may differ, as "section.key".

    Raises:
        InputError: another setting differs; the message names it.
    """
    before, now = (dict(_flat(msgspec.to_builtins(settings))) for settings in (run, wanted))
    for key, value in before.items():
        if now[key] != value and key not in but:
            raise InputError(
                f"{key} cannot change: the run has {msgspec.json.encode(value).decode()}"
            )


def _flat(settings: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in settings.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value


def read_toml(path: Path) -> dict[str, Any]:
    """Read a TOML file.

    Raises:
        InputError: it is missing, not UTF-8 or not TOML.
    """
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise InputError(error.strerror or str(error), path=path) from None
    except UnicodeDecodeError:
        raise InputError("is not UTF-8", path=path) from None
    except tomllib.TOMLDecodeError as error:
        where = re.search(r" \(at line (\d+), column \d+\)$", str(error))
        message = str(error)[: where.start()] if where else str(error)
        line = int(where[1]) if where else None
        raise InputError(f"is not TOML: {message}", path=path, line=line) from None


def _current(
    settings: dict[str, Any], kind: type[msgspec.Struct], *, old_file: bool = False
) -> dict[str, Any]:
    """Return settings under the names of this version.

    A struct may have `RENAMED`, old key -> key, and `RETIRED`, keys that only files of older
    versions have, which wrote the settings of all heads into every run. A value under an old key
    replaces the one under the new key; the keys of two sections are joined.
    """
    renamed: Mapping[str, str] = getattr(kind, "RENAMED", {})
    retired: Collection[str] = getattr(kind, "RETIRED", ()) if old_file else ()
    sections = {
        field.encode_name: field.type
        for field in msgspec.structs.fields(kind)
        if isinstance(field.type, type) and issubclass(field.type, msgspec.Struct)
    }
    found: dict[str, Any] = {}
    for key in sorted(settings, key=lambda key: key in renamed):
        if key in retired and key not in renamed:
            continue
        value, key = settings[key], renamed.get(key, key)
        if isinstance(value, dict) and key in sections:
            value = _current(value, sections[key], old_file=old_file)
            before = found.get(key, {})
            value = before | value if isinstance(before, dict) else value
        found[key] = value
    return found


def _override(settings: dict[str, Any], override: str) -> str:
    """Apply one override in place and return it."""
    key, equals, text = override.partition("=")
    *sections, name = key.strip().split(".")
    if not equals or not name:
        raise InputError(f"--set {override}: not of the form section.key=value")
    try:
        value = tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        value = text
    for section in sections:
        settings = settings.setdefault(section, {})
        if not isinstance(settings, dict):
            raise InputError(f"--set {override}: {section} is not a section")
    settings[name] = value
    return override


def _convert(settings: Mapping[str, Any], kind: type[_T], where: str | Path | None) -> _T:
    try:
        return msgspec.convert(settings, kind)
    except msgspec.ValidationError as error:
        message, _, place = str(error).partition(" - at `$")
        key = place.removeprefix(".").removesuffix("`")
        if unknown := re.fullmatch(r"Object contains unknown field `(.+)`", message):
            message = _unknown(f"{key}.{unknown[1]}".removeprefix("."), kind)
            raise InputError(message, path=where) from None
        raise InputError(f"{key}: {message}" if key else message, path=where) from None


def _unknown(key: str, kind: type[msgspec.Struct]) -> str:
    """Return the message about an unknown setting; it names the nearest ones."""
    known = [*_keys(kind)]
    import difflib

    near = difflib.get_close_matches(key, known, n=1, cutoff=0.5)
    name = key.rpartition(".")[2]
    near += [one for one in known if one.rpartition(".")[2] == name and one not in near]
    hint = f"; did you mean {' or '.join(near)}?" if near else ""
    return f"{key} is not a setting{hint} (--print-config lists all)"


def _keys(kind: type[msgspec.Struct], prefix: str = "") -> Iterator[str]:
    for field in msgspec.structs.fields(kind):
        if isinstance(field.type, type) and issubclass(field.type, msgspec.Struct):
            yield from _keys(field.type, f"{prefix}{field.encode_name}.")
        else:
            yield f"{prefix}{field.encode_name}"
