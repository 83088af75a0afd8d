"""Two catalogs against each other: which product of one is which of the other, what each lacks, what it costs."""

from prodsim.match.candidates import NO_CODE, SAME_GTIN, SAME_MPN, CrossPairs
from prodsim.match.categories import Alignment, Shelf, align_categories, shelves_of
from prodsim.match.gaps import gaps_by_category, gaps_by_price
from prodsim.match.joint import A_MARK, B_MARK, JointCatalog, Side
from prodsim.match.matching import PROPOSED, USUAL_THRESHOLD, Matching, match_products
from prodsim.match.prices import PriceComparison, PriceIndex

__all__ = [
    "A_MARK",
    "B_MARK",
    "NO_CODE",
    "PROPOSED",
    "SAME_GTIN",
    "SAME_MPN",
    "USUAL_THRESHOLD",
    "Alignment",
    "CrossPairs",
    "JointCatalog",
    "Matching",
    "PriceComparison",
    "PriceIndex",
    "Shelf",
    "Side",
    "align_categories",
    "gaps_by_category",
    "gaps_by_price",
    "match_products",
    "shelves_of",
]
