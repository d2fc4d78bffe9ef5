"""Rules about what a subject is given."""

from contracode.usage.rules.sources import (
    assigned,
    call_sites,
    callbacks,
    contracts,
    defaults,
    destructured,
    documented,
    loops,
    returned,
)

__all__ = [
    "assigned",
    "call_sites",
    "callbacks",
    "contracts",
    "defaults",
    "destructured",
    "documented",
    "loops",
    "returned",
]
