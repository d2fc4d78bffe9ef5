"""Where a trained part comes from."""

import msgspec


class CorpusReference(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """What a head was trained on.

    Attributes:
        path: as it was named.
        fingerprint: SHA-256 of its manifest or file; "" where there is neither.
    """

    path: str
    fingerprint: str = ""
