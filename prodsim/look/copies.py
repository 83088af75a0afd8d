"""Pictures that are one picture: scaled, saved anew, mirrored or cropped."""

import numpy as np

from prodsim.index import as_float32
from prodsim.look.index import LookIndex
from prodsim.look.sketch import hashes

NEAR = 5
"""Nearest pictures of each that may be the same."""
PICTURES_PER_STEP = 1024
CERTAIN_COSINE = 0.95
"""Pictures whose vectors are so close are one, whatever their layout."""
COSINE_BY_DISTANCE = ((4, 0.75), (16, 0.92))
"""Pictures whose hashes differ in at most so many of 63 bits are one from this cosine on: scaled and mirrored ones keep
nearly all bits, slightly cropped ones most. Two drawn things of one colour on one ground reach 0.89, a cropped one of
them 0.97."""


def find_same_pictures(index: LookIndex) -> dict[int, int]:
    """Return which pictures show what an earlier one shows, each with the earliest such one.

    Vectors propose, and the perceptual hash, also of the mirrored picture, decides how close they must be.
    """
    own = np.unpackbits(hashes(index.layouts), axis=1)
    mirrored = np.unpackbits(hashes(index.layouts, is_mirrored=True), axis=1)
    same: dict[int, int] = {}
    for start in range(0, len(index.looks), PICTURES_PER_STEP):
        chunk = np.arange(start, min(start + PICTURES_PER_STEP, len(index.looks)))
        near = index.index.search(as_float32(index.looks[chunk]), NEAR + 1)
        pairs = np.repeat(chunk, near.rows.shape[1]), near.rows.ravel()
        for picture, other, cosine in zip(*(each.tolist() for each in (*pairs, near.scores.ravel())), strict=True):
            if not 0 <= other < picture:
                continue
            distance = min(int((own[picture] != bits[other]).sum()) for bits in (own, mirrored))
            if cosine >= _needed_cosine(distance):
                first, second = sorted((_first(same, picture), _first(same, other)))
                if first != second:
                    same[second] = first
    return {picture: _first(same, picture) for picture in same}


def _first(same: dict[int, int], picture: int) -> int:
    """Follow a picture to the earliest one that is known to be the same."""
    while picture in same:
        picture = same[picture]
    return picture


def _needed_cosine(distance: int) -> float:
    return next((cosine for most, cosine in COSINE_BY_DISTANCE if distance <= most), CERTAIN_COSINE)
