"""Rendering of a page: one self-contained HTML file that loads nothing and runs no scripts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from contracode.support.html.blocks import Block, Chart, CountTable, Histogram, Section
from contracode.support.html.drawing import draw_chart, draw_histogram, draw_map

if TYPE_CHECKING:
    from jinja2 import Environment

_TEMPLATES = Path(__file__).parent / "templates"


def render(title: str, lead: str, sections: Sequence[Section]) -> str:
    """Return a page as HTML, readable in light and dark mode.

    Args:
        title: heading and window title.
        lead: paragraph below the heading.
        sections: the content.
    """
    return (
        _environment().get_template("page.html").render(title=title, lead=lead, sections=sections)
    )


@cache
def _environment() -> Environment:
    """Return the templates; jinja2 is imported only when a page is written."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from markupsafe import Markup

    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals |= {
        "css": Markup((_TEMPLATES / "page.css").read_text("utf-8")),
        "draw_chart": draw_chart,
        "draw_histogram": draw_histogram,
        "draw_map": draw_map,
    }
    environment.filters["kind"] = lambda block: type(block).__name__
    environment.filters["in_rows"] = lambda blocks: list(_in_rows(blocks))
    return environment


def _in_rows(blocks: Sequence[Block]) -> Iterator[list[Block]]:
    """Yield runs of small figures together, and every other block alone."""
    row: list[Block] = []
    for block in blocks:
        small = isinstance(block, Chart | Histogram | CountTable)
        if row and not small:
            yield row
            row = []
        if small:
            row.append(block)
        else:
            yield [block]
    if row:
        yield row
