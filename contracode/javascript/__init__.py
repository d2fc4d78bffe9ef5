"""Facts about JavaScript programs that typing and naming need, from syntax alone.

- `definitions`, `value_kinds`, `return_evidence`: definitions of names, kinds of values, evidence
  about returns.
- `subtokens`, `syntax_hash`, `leaves`, `snippets`, `generated_code`: words, hashes and statistics.
- `records`: predictions of models; `languages`: language of a file by its name.
- `typing/`: what can carry a type, JSDoc, labels of types, TypeScript without its types.
"""
