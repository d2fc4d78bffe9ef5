"""Rules of evidence, one a file: `uses` look at one use, `sources` at what a subject is given."""

from contracode.usage.rules import sources, uses
from contracode.usage.rules.registry import SOURCES, USES

__all__ = ["SOURCES", "USES", "sources", "uses"]
