"""`PositionMap`: where the spans of a source are in a view."""

from __future__ import annotations

from bisect import bisect_left

from augment.syntax.tree import Node


class PositionMap:
    """Maps byte spans of the source to byte spans of a view.

    A label (a type, a hint) survives a rewrite if and only if `spans` gives exactly one span.
    """

    def __init__(
        self, leaves: list[Node], origin: list[int], text: list[str], separators: list[str]
    ) -> None:
        self._leaves = leaves
        self._origin = origin
        self._text = text
        self._separators = separators
        # Computed on first use. mypyc compiles a `cached_property` to a property without a cache.
        self._bytes: list[tuple[int, int]] | None = None
        self._places: dict[int, list[int]] | None = None
        self._starts: list[int] | None = None

    @property
    def _bounds(self) -> list[tuple[int, int]]:
        """Byte span of each token of the view."""
        if self._bytes is None:
            self._bytes = _bounds(self._text, self._separators)
        return self._bytes

    def kept(self) -> list[tuple[int, tuple[int, int]]]:
        """Return the tokens that came from the source: number in the source, bytes in the view."""
        return [
            (token, bounds)
            for token, bounds in zip(self._origin, self._bounds, strict=True)
            if token >= 0
        ]

    def spans(self, span: tuple[int, int]) -> list[tuple[int, int]]:
        """Return the spans of the view that `span` became: none, one, or several if it was copied.

        A span is found if its first and its last token are in the view, in this order, with every
        token between them. White space at its edges is ignored. A renamed identifier is found under
        its new name.
        """
        if self._starts is None or self._places is None:
            self._starts = [leaf.start for leaf in self._leaves]
            self._places = _places(self._origin)
        first = bisect_left(self._starts, span[0])
        last = bisect_left(self._starts, span[1]) - 1
        if first > last or self._leaves[last].end > span[1]:
            return []
        bounds, places = self._bounds, self._places
        found: list[tuple[int, int]] = []
        ends = places.get(last, [])
        for at in places.get(first, []):
            end = next((other for other in ends if other >= at), None)
            if end is not None:
                inside = self._origin[at : end + 1]
                if all(token in inside for token in range(first, last + 1)):
                    found.append((bounds[at][0], bounds[end][1]))
        return found


def _bounds(text: list[str], separators: list[str]) -> list[tuple[int, int]]:
    bounds: list[tuple[int, int]] = []
    behind = 0
    for separator, word in zip(separators, text, strict=True):
        start = behind + len(separator.encode())
        behind = start + len(word.encode())
        bounds.append((start, behind))
    return bounds


def _places(origin: list[int]) -> dict[int, list[int]]:
    """Return the indices in the view of each token of the source."""
    places: dict[int, list[int]] = {}
    for at, token in enumerate(origin):
        if token >= 0:
            places.setdefault(token, []).append(at)
    return places
