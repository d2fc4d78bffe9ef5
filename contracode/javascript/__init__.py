"""Facts about JavaScript programs that typing and naming need, from syntax alone.

- `definitions`, `value_kinds`, `return_evidence`: what names, expressions and functions stand for.
- `subtokens`, `syntax_hash`, `leaves`, `snippets`, `generated_code`: words, hashes and statistics.
- `records`: what models answer with; `languages`: language of a file by its name.
- `typing/`: what can carry a type, JSDoc, labels of types, TypeScript without its types.
"""
