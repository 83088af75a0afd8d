"""What findings are counted by on the screens, and their names in links."""

from dataclasses import dataclass

from prodsim.phrases import Text
from prodsim.quality import CHECKS

TILE_LINK = "found"
"""Name of the chosen tile in the link."""
KIND_LINK, EVERY_KIND = "issue", "all"
"""Name of the chosen kind of a tile in the link, and what stands there for all of them."""
COMPARED = ("duplicates", "variants")
"""Kinds whose products are the same or nearly: they are compared side by side, and one is kept."""


@dataclass(frozen=True, slots=True)
class Tile:
    """What one number of the page's first row counts.

    Attributes:
        name: in the link.
        title: for the screen.
        description: in one sentence.
        kinds: of the findings counted.
        field: as the check's; see ``CheckSpec``.
    """

    name: str
    title: Text
    description: Text
    kinds: tuple[str, ...]
    field: str = ""


def _tiles() -> tuple[Tile, ...]:
    """Return one per check; kinds that ask for other decisions have one each."""
    alone = [
        Tile(kind, title, check.description, (kind,))
        for check in CHECKS
        for kind, title in check.kinds.items()
        if kind in COMPARED
    ]
    rest = [(check, tuple(kind for kind in check.kinds if kind not in COMPARED)) for check in CHECKS]
    return (
        *alone,
        *(Tile(check.name, check.title, check.description, kinds, check.field) for check, kinds in rest if kinds),
    )


TILES = _tiles()


def tile_of(kind: str) -> Tile:
    """Return the tile that counts a kind of findings."""
    return next(tile for tile in TILES if kind in tile.kinds)
