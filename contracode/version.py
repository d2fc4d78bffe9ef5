"""The version, read by the build backend and shown by `contracode --version`."""

__version__ = "0.1.0"
