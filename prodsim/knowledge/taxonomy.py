"""A taxonomy: shelves within shelves, such as Google's or Shopify's."""

from collections.abc import Sequence
from dataclasses import dataclass

from prodsim.catalog.category_paths import path_of


@dataclass(frozen=True, slots=True)
class Node:
    """A shelf of a taxonomy.

    Attributes:
        key: what the taxonomy calls it, such as ``"166"``.
        path: its levels, the top first.
        attributes: names of what its products are described by.
    """

    key: str
    path: tuple[str, ...]
    attributes: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Return the path as it is written."""
        return path_of(self.path)


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """Nodes from one file.

    Attributes:
        source: what people read of where it is from.
        nodes: in the order of the file.
        version: as the file says; ``""`` where it does not.
    """

    source: str
    nodes: Sequence[Node]
    version: str = ""
