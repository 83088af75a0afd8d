"""Small invented worlds whose right answers are known by construction."""

import numpy as np

from prodsim.index import Vectors


def two_families(n: int = 10, dim: int = 16, seed: int = 0) -> Vectors:
    """2 * n unit vectors: the first n point one way with a little noise, the others another way."""
    rng = np.random.default_rng(seed)
    centres = np.repeat(np.eye(2, dim), n, axis=0)
    return unit(centres + 0.1 * rng.normal(size=centres.shape))


def random_vectors(n: int, dim: int = 24, seed: int = 0) -> Vectors:
    """n vectors of different lengths, in no order."""
    return np.random.default_rng(seed).normal(size=(n, dim)).astype(np.float32)


def families(n_families: int, each: int, dim: int = 24, seed: int = 0) -> Vectors:
    """Unit vectors, ``each`` per family and family after family, far closer to their own family than to others."""
    rng = np.random.default_rng(seed)
    centres = np.repeat(rng.normal(size=(n_families, dim)), each, axis=0)
    return unit(centres + 0.05 * rng.normal(size=centres.shape))


def fan(n: int = 30) -> Vectors:
    """Vectors in a plane, turned a little further each: by cosine and by Euclid row r is closest to r-1 and r+1."""
    angle = np.linspace(0, 1.5, n)
    return np.column_stack([np.cos(angle), np.sin(angle), np.zeros(n)]).astype(np.float32)


def with_copies(vectors: Vectors, row: int, n: int) -> Vectors:
    """The vectors, then n copies of one of them."""
    return np.vstack([vectors, np.repeat(vectors[row : row + 1], n, axis=0)])


def unit(vectors: np.ndarray) -> Vectors:
    """The vectors at length 1."""
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
