"""What products say of themselves: brand, category, price, attributes, and numbers with units."""

from prodsim.traits.index import TraitIndex
from prodsim.traits.quantities import DIMENSIONS, find_quantities

__all__ = ["DIMENSIONS", "TraitIndex", "find_quantities"]
