"""onnxruntime, told to keep to itself: its official Linux builds since 1.29 report what they run to
their makers.

Whoever wants that sets `ORT_DISABLE_TELEMETRY=0`. The library reads the variable when it is first
imported, so it is imported here alone.
"""

import os

os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")

import onnxruntime

__all__ = ["onnxruntime"]
