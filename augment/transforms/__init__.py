"""One transform a file; see `augment.rewriting.registry` for what makes one."""
