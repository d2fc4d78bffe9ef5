"""Predictions of recent texts."""

from collections import OrderedDict

import msgspec

from contracode.javascript.records import TypePrediction

Found = tuple[TypePrediction, ...]


class PredictionCache:
    """An LRU cache that is bounded by its size in bytes.

    Predictions are kept encoded. As objects there would be a hundred thousand of them, and each
    pass of Python's garbage collector over them would take a quarter of a second.

    Args:
        limit: bytes of all predictions.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._size = 0
        self._items: OrderedDict[bytes, bytes] = OrderedDict()
        self._decoder = msgspec.msgpack.Decoder(Found)

    def get(self, key: bytes) -> Found | None:
        """Return the predictions of a key, or None."""
        found = self._items.get(key)
        if found is None:
            return None
        self._items.move_to_end(key)
        return self._decoder.decode(found)

    def put(self, key: bytes, predictions: Found) -> None:
        """Keep predictions, and drop the oldest ones beyond the limit."""
        if key in self._items:  # two documents with one text
            return
        self._items[key] = msgspec.msgpack.encode(predictions)
        self._size += len(self._items[key])
        while self._size > self._limit and len(self._items) > 1:
            _, dropped = self._items.popitem(last=False)
            self._size -= len(dropped)
