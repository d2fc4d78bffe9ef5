"""The origin of a trained part."""

import msgspec


class CorpusReference(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """A corpus that a head was trained on.

    Attributes:
        path: path as given on the command line.
        fingerprint: SHA-256 of its manifest or file; "" if there is neither.
    """

    path: str
    fingerprint: str = ""
