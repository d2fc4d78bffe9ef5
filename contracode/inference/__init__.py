"""A model folder that answers, with numpy and onnxruntime alone."""
