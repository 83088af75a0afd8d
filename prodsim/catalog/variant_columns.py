"""Files in which variants have columns of their own beside those of their products, such as product_variation_price."""

from collections.abc import Mapping

import pandas as pd

from prodsim.catalog.mapping import ColumnMapping
from prodsim.catalog.plain_names import plain_name, split_words

_VARIANT_WORDS = frozenset(("variant", "variation"))
_FIELDS = ("sku", "price", "sale_price", "gtin", "mpn", "availability")
"""What a variant may have of its own in another column than its product."""


def own_cells(frame: pd.DataFrame, mapping: ColumnMapping) -> dict[str, "pd.Series[str]"]:
    """Return, for each field of which products and variants have columns of their own, the cells of both together.

    A cell of the variant's column counts before that of the product's; columns pair up whose names differ by the word
    for a variant alone.

    Args:
        frame: the file's cells under the file's names.
        mapping: which column, of products or of variants, holds which field.
    """
    cells = {}
    words = {str(column): frozenset(plain_name(split_words(str(column))).split()) for column in frame.columns}
    for field in _FIELDS:
        pair = _pair(words, mapping[field]) if field in mapping else None
        if pair is not None:
            product, variant = (frame[column] for column in pair)
            cells[field] = variant.where(variant.str.strip() != "", product)
    return cells


def _pair(words_of: Mapping[str, frozenset[str]], column: str) -> tuple[str, str] | None:
    """Return the columns of a product and of its variants, of which one is given; by the words of all names."""
    own = words_of[column]
    for other, words in words_of.items():
        if own - words == set() and len(words - own) == 1 and words - own <= _VARIANT_WORDS:
            return column, other
        if words - own == set() and len(own - words) == 1 and own - words <= _VARIANT_WORDS:
            return other, column
    return None
