"""Embeddings of functions laid into a plane: principal components, or UMAP where it is installed.

Legend: N functions, D embedding.
"""

import importlib
import importlib.util
from collections.abc import Sequence
from typing import Any

import msgspec
import numpy as np

_NEIGHBOURS = 15
"""That UMAP looks at for each point: its own default."""


class MapPoint(msgspec.Struct):
    """A function on the map of embeddings."""

    x: float
    y: float
    name: str
    project: str
    path: str


def map_points(plane_N2: np.ndarray, functions: Sequence[tuple[str, str, str]]) -> list[MapPoint]:
    """Put functions at their places in the plane.

    Args:
        plane_N2: coordinates, a row for each function.
        functions: name, project and path of each.
    """
    return [
        MapPoint(round(float(x), 4), round(float(y), 4), name, project, path)
        for (x, y), (name, project, path) in zip(plane_N2, functions, strict=True)
    ]


def principal_plane(vectors_ND: np.ndarray) -> tuple[np.ndarray, float]:
    """Lay vectors into the plane of their two principal components.

    Args:
        vectors_ND: at least two of at least two numbers each.

    Returns:
        Float64 (N, 2), and the share of the variance that the plane shows; 1 where there is no
        variance.
    """
    centred_ND = vectors_ND.astype(np.float64)
    centred_ND -= centred_ND.mean(axis=0)
    left, singular, _ = np.linalg.svd(centred_ND, full_matrices=False)
    total = float((singular**2).sum())
    return left[:, :2] * singular[:2], float((singular[:2] ** 2).sum()) / total if total else 1.0


def has_umap() -> bool:
    """Return whether `umap-learn` is installed."""
    return importlib.util.find_spec("umap") is not None


def neighbour_plane(vectors_ND: np.ndarray) -> np.ndarray:
    """Lay vectors into a plane that keeps neighbours together, the same each time; `umap-learn`
    must be installed.

    Args:
        vectors_ND: at least four.

    Returns:
        Float64 (N, 2).

    Source: McInnes, Healy and Melville, UMAP (arXiv 1802.03426), with its package's defaults but
        for the cosine.
    """
    umap: Any = importlib.import_module("umap")
    neighbours = min(_NEIGHBOURS, len(vectors_ND) - 1)
    mapper = umap.UMAP(n_neighbors=neighbours, metric="cosine", random_state=0, n_jobs=1)
    return np.asarray(mapper.fit_transform(vectors_ND), np.float64)
