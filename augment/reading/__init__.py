"""Input that the grammars cannot parse: newer syntax, Flow types, markup, other encodings."""
