"""Services that depend neither on JavaScript nor on learning.

- `errors`: `InputError`, the error of bad input.
- `atomic_files`, `resources`, `run_folder`: output files, shipped files, folders of training runs.
- `config`: settings of training runs.
- `digests`, `metrics`, `text_store`, `provenance`, `silence`: SHA-256 fingerprints, evaluation
  metrics, texts in memory, origin of trained parts, muting of libraries.
- `html`: self-contained pages.
"""
