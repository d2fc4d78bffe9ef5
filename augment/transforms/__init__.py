"""One transform a file; see `augment.registry` for what makes one."""
