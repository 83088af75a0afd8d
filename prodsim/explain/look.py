"""Which two pictures make a product look like the query, and which of their regions."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from prodsim.look import See, region_amounts
from prodsim.pictures import decode
from prodsim.search import Query, SearchEngine

ReadPictures = Callable[[int], Sequence[bytes]]
"""Gives the files of a product's pictures that are compared, by its row, in the order of ``LookIndex.looks_of``."""


@dataclass(frozen=True, slots=True)
class ComparedPicture:
    """One of the two pictures that look most alike.

    Attributes:
        data: bytes of its file.
        number: its place among the product's pictures that are compared, from 1 on; 1 for a picture that is the query.
        n_pictures: how many these are.
        regions: what each region adds to how alike the two are; see ``region_amounts``.
    """

    data: bytes
    number: int
    n_pictures: int
    regions: NDArray[np.float32]


def explain_look(
    engine: SearchEngine, query: Query, sku: str, read: ReadPictures, see: See, side: int
) -> tuple[ComparedPicture, ComparedPicture] | None:
    """Return the query's and the product's picture that are most alike; ``None`` where one of the two has none.

    Args:
        engine: of the catalog.
        query: of the search; of several products, those with the most similar picture count.
        sku: the product to explain.
        read: gives the files of a product's pictures.
        see: gives the looks of pictures.
        side: height and width in pixels that they are encoded with.

    Raises:
        PictureError: a picture can no longer be read.
        QueryError: the query or the product is unknown.
    """
    look, row = engine.comparer.look, engine.lookup.row(sku)
    if look is None or not look.has_pictures[row]:
        return None
    if query.picture:
        own_files, looks = [query.picture], engine.comparer.looks_of(query.picture)
    else:
        liked = [other for other in engine.lookup.resolve(query)[0] if look.has_pictures[other]]
        if not liked:
            return None
        closest = max(liked, key=lambda other: float((look.looks_of(other) @ look.looks_of(row).T).max()))
        own_files, looks = list(read(closest)), look.looks_of(closest)
    own, other = look.closest_pictures(looks, row)
    files = read(row)
    own_regions = region_amounts(decode(own_files[own], side).pixels, look.looks_of(row)[other], see)
    regions = region_amounts(decode(files[other], side).pixels, looks[own], see)
    return (
        ComparedPicture(own_files[own], own + 1, len(own_files), own_regions),
        ComparedPicture(files[other], other + 1, len(files), regions),
    )
