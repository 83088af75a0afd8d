"""What products say of themselves: brand, category, price, attributes, and numbers with units."""

from prodsim.traits.index import TraitIndex, fold_brand
from prodsim.traits.quantities import BASES, UNIT_DIMENSIONS, find_numbers, find_quantities

__all__ = ["BASES", "UNIT_DIMENSIONS", "TraitIndex", "find_numbers", "find_quantities", "fold_brand"]
