"""Reports of clones: lines for a terminal, JSON, and SARIF for code scanners."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from contracode.products.search.clones import CloneGroup, CloneMember
from contracode.version import __version__

_RULES = {
    "identical": "The same function stands in several places.",
    "renamed": "The same function stands in several places, with other names or another layout.",
    "similar": "Functions look alike: they have much the same embedding and tokens.",
}


def name_of(member: CloneMember) -> str:
    """Return the name of a function in reports."""
    return member.place.function.name or "(anonymous)"


def as_lines(root: Path, groups: Sequence[CloneGroup]) -> Iterator[str]:
    """Yield lines for a terminal, each with `path:line` first, to which editors can jump."""
    for number, group in enumerate(groups, start=1):
        size = f"{len(group.members)} {group.kind} functions"
        yield f"{number}. {size}, {group.repeated} tokens repeated"
        for member in group.members:
            function = member.place.function
            place = f"{root / member.place.path}:{function.line}"
            yield f"   {place}: {name_of(member)}  {member.likeness:.2f}"
    repeated = sum(group.repeated for group in groups)
    yield f"{len(groups)} groups of clones" + (f", {repeated} tokens repeated" if groups else "")


def as_json(root: Path, groups: Sequence[CloneGroup]) -> str:
    """Return the groups as one JSON object; paths are below `root`."""
    records = [
        {
            "kind": group.kind,
            "likeness": group.likeness,
            "repeated_tokens": group.repeated,
            "functions": [
                {
                    "path": member.place.path,
                    "line": member.place.function.line,
                    "end_line": member.place.function.end_line,
                    "name": member.place.function.name or None,
                    "tokens": member.place.function.tokens,
                    "likeness": member.likeness,
                }
                for member in group.members
            ],
        }
        for group in groups
    ]
    return json.dumps({"root": str(root), "groups": records}, indent=2, ensure_ascii=False)


def as_sarif(root: Path, groups: Sequence[CloneGroup]) -> str:
    """Return the groups as a SARIF 2.1.0 log.

    Each group is one result, at its first function; the others are related locations.
    """
    results = [
        {
            "ruleId": f"clone/{group.kind}",
            "level": "note",
            "message": {
                "text": f"{len(group.members)} {group.kind} functions "
                f"({group.repeated} tokens repeated): "
                + ", ".join(
                    f"[{name_of(member)}]({number})"
                    for number, member in enumerate(group.members[1:], start=1)
                )
            },
            "locations": [_location(group.members[0])],
            "relatedLocations": [
                {"id": number, **_location(member)}
                for number, member in enumerate(group.members[1:], start=1)
            ],
        }
        for group in groups
    ]
    rules = [
        {"id": f"clone/{kind}", "shortDescription": {"text": text}} for kind, text in _RULES.items()
    ]
    log = {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": {"name": "contracode", "version": __version__, "rules": rules}},
                "originalUriBaseIds": {"ROOT": {"uri": f"{root.resolve().as_uri()}/"}},
                "results": results,
            }
        ],
    }
    return json.dumps(log, indent=2, ensure_ascii=False)


def _location(member: CloneMember) -> dict[str, Any]:
    function = member.place.function
    return {
        "physicalLocation": {
            "artifactLocation": {"uri": quote(member.place.path), "uriBaseId": "ROOT"},
            "region": {"startLine": function.line, "endLine": function.end_line},
        }
    }
