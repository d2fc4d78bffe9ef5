"""A parsed program: scopes, bindings, functions, and `Program`, which holds them all."""
