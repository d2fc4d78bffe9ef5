"""The page of `contracode clones --html`: groups of clones, with the text of those that repeat most
side by side.
"""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from contracode.products.search.clone_reports import name_of
from contracode.products.search.clones import CloneGroup, CloneMember
from contracode.support.html.blocks import (
    Block,
    CodePart,
    CountTable,
    Listing,
    Listings,
    Section,
    Table,
    Text,
)
from contracode.support.html.page import render

_SHOWN = 50
"""Most groups whose functions are shown."""

_SIDE_BY_SIDE = 4
"""Most functions of a group that are shown side by side."""

_LONGEST = 6_000
"""Most characters of a function that are shown."""


def page(root: Path, groups: Sequence[CloneGroup], functions: int) -> str:
    """Return the page.

    Args:
        root: folder of the index; texts are read from there.
        groups: those that repeat most first.
        functions: of the index.
    """
    repeated = sum(group.repeated for group in groups)
    lead = (
        f"{len(groups)} groups of alike functions among {functions:,}; "
        f"{repeated:,} tokens are repeated."
    )
    kinds = Counter(group.kind for group in groups)
    sections = [Section("Groups by kind", [CountTable("", kinds.most_common())])] if groups else []
    for number, group in enumerate(groups[:_SHOWN], start=1):
        size = f"{len(group.members)} {group.kind} functions"
        title = f"{number}. {size}, {group.repeated:,} tokens repeated"
        rows = [
            [
                f"{m.place.path}:{m.place.function.line} {name_of(m)}",
                f"{m.place.function.tokens}",
                f"{m.likeness:.2f}",
            ]
            for m in group.members
        ]
        table = Table("", ["function", "tokens", "likeness to the first"], rows)
        listings = [
            listing
            for m in group.members[:_SIDE_BY_SIDE]
            if (listing := _listing(root, m)) is not None
        ]
        blocks: list[Block] = [table, Listings(listings)]
        sections.append(Section(title, blocks))
    if len(groups) > _SHOWN:
        sections.append(
            Section(
                "More",
                [Text(f"{len(groups) - _SHOWN} smaller groups are not shown; --json has all.")],
            )
        )
    return render(f"Clones in {root.resolve().name}", lead, sections)


def _listing(root: Path, member: CloneMember) -> Listing | None:
    function = member.place.function
    try:
        content = (root / member.place.path).read_bytes()[function.start : function.end]
    except OSError:
        return None
    text = content.decode("utf-8", "replace")
    text = text if len(text) <= _LONGEST else f"{text[:_LONGEST]} ..."
    return Listing(f"{member.place.path}:{function.line}", [CodePart(text, None)])
