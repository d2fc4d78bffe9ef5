"""What encoders read, with numpy only.

- `input_forms`: a source as written, with numbered names, or in normal form, parsed once.
- `tokenizer`, `subword_sampling`, `windows`, `masking`: pieces of a text.
- `skeleton`, `fragments`, `operations`, `signatures`, `variable_uses`, `fragment_encoder`: counted
  features of a program; `identifier_vector`: its names.
"""
