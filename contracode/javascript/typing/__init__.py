"""Types in sources: `targets` lists the names that can carry one.

- `declarations`, `initial_values`, `jsdoc`: how a target is declared, initialized and documented.
- `type_labels`: types as labels; `strip_types`: TypeScript to JavaScript, with exact spans.
"""
