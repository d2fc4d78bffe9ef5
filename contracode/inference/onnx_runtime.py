"""onnxruntime without telemetry, which its official Linux builds send since version 1.29.

`ORT_DISABLE_TELEMETRY=0` turns telemetry on again. The library reads the variable when it is first
imported, so all other modules import it from here.
"""

import os

os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")

import onnxruntime

__all__ = ["onnxruntime"]
