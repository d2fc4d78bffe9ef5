"""Types inferred from the code itself: from uses, declared signatures and contracts."""

from contracode.usage.confidence import CERTAIN
from contracode.usage.inference import Usage
from contracode.usage.judging import Verdict

__all__ = ["CERTAIN", "Usage", "Verdict"]
