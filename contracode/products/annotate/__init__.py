"""Writing predicted types into sources and projects.

- `annotating`: edits for one source; `jsdoc_writing`, `generics`, `text_edits`: their parts.
- `project_annotations`, `diagnostics`, `largest_clean_subset`: types that the TypeScript compiler
  accepts.
- `draw_hints`: a source with hints, for display.
"""
