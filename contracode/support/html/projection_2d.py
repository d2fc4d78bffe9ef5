"""Projections of embeddings to the plane: principal components, or UMAP if it is installed.

Legend: N functions, D embedding.
"""

import importlib
import importlib.util
from collections.abc import Sequence
from typing import Any

import msgspec
import numpy as np

_NEIGHBOURS = 15
"""Neighbours per point; the default of UMAP."""


class MapPoint(msgspec.Struct):
    """A function on the map of embeddings."""

    x: float
    y: float
    name: str
    project: str
    path: str


def map_points(plane_N2: np.ndarray, functions: Sequence[tuple[str, str, str]]) -> list[MapPoint]:
    """Combine functions with their coordinates.

    Args:
        plane_N2: coordinates, one row per function.
        functions: name, project and path of each function.
    """
    return [
        MapPoint(round(float(x), 4), round(float(y), 4), name, project, path)
        for (x, y), (name, project, path) in zip(plane_N2, functions, strict=True)
    ]


def principal_plane(vectors_ND: np.ndarray) -> tuple[np.ndarray, float]:
    """Project vectors to their two principal components.

    Args:
        vectors_ND: at least two vectors with at least two dimensions.

    Returns:
        float64 (N, 2), and the explained share of the variance; 1 if there is no variance.
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
    """Project vectors with UMAP, deterministically; `umap-learn` must be installed.

    Args:
        vectors_ND: at least four vectors.

    Returns:
        float64 (N, 2).

    Source: McInnes, Healy and Melville, UMAP (arXiv 1802.03426), with the defaults of its package
        except for the cosine metric.
    """
    umap: Any = importlib.import_module("umap")
    neighbours = min(_NEIGHBOURS, len(vectors_ND) - 1)
    mapper = umap.UMAP(n_neighbors=neighbours, metric="cosine", random_state=0, n_jobs=1)
    return np.asarray(mapper.fit_transform(vectors_ND), np.float64)
