"""Which names of a source can carry a type, and types as labels."""
