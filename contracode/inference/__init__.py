"""A model folder that embeds and predicts, with numpy and onnxruntime only.

`model` has `load` and `Model`, which `contracode` exports.

- `model_folder`: files and `config.json`; `onnx_graphs`: graphs of a folder; `onnx_runtime`: the
  only module that imports onnxruntime.
- `source_encoder`: sources to embeddings.
- `head_spec`, `head_answers`, `heads/`: heads by name; `types/` and `names/`: the shipped ones.
"""
