"""What an encoder reads of a product."""

import re
from bisect import bisect_right
from dataclasses import asdict, dataclass
from itertools import accumulate
from typing import Literal, get_args

from prodsim.artifacts import fingerprint
from prodsim.catalog import Catalog
from prodsim.catalog.category_paths import leaf_of
from prodsim.text import RULES_VERSION

DescriptionUse = Literal["short", "always", "never"]

SHORT_TITLE = 20
"""Titles below this many characters say too little alone; a Chinese character counts as two."""
_WIDE = re.compile(r"[^\0-\u2e80]")
"""A Chinese, Japanese or Korean letter, which says about as much as two others."""


@dataclass(frozen=True, slots=True)
class TextRecipe:
    """How a product's text is composed; part of every fingerprint that depends on texts.

    Attributes:
        brand: add the brand where the title lacks it.
        category: add the last part of the category path where the title lacks it.
        description: add the description when the title is ``short``, ``always``, or ``never``. Long descriptions
            dilute the title: on matching sets they cost three to five points of rank-1 matches.
    """

    brand: bool = True
    category: bool = True
    description: DescriptionUse = "short"

    def __post_init__(self) -> None:
        if self.description not in get_args(DescriptionUse):
            raise ValueError(f"description must be one of {get_args(DescriptionUse)}, got {self.description!r}")

    @property
    def fingerprint(self) -> str:
        """Return a digest that changes when a text may change."""
        return fingerprint("recipe", asdict(self), SHORT_TITLE, RULES_VERSION)


DESCRIPTION_READ = 200
"""Characters of a description that its vector is made of, a Chinese one counting as two; on labelled sets more brought
nothing, and cost most of a build."""


def description_texts(catalog: Catalog) -> list[str]:
    """Return the beginning of each product's description, cut between words, in catalog order; or ``""``."""
    return [_begin(description) for description in catalog.products["description"].tolist()]


def compose_texts(catalog: Catalog, recipe: TextRecipe) -> list[str]:
    """Compose one text per product, in catalog order; never empty, because titles never are."""
    fields = (catalog.products[name].tolist() for name in ("title", "brand", "category", "description"))
    return [_compose(recipe, *row) for row in zip(*fields, strict=True)]


def _compose(recipe: TextRecipe, title: str, brand: str, category: str, description: str) -> str:
    folded = title.casefold()
    parts = [title]
    if recipe.brand and brand and brand.casefold() not in folded:
        parts.append(brand)
    leaf = leaf_of(category)
    if recipe.category and leaf and leaf.casefold() not in folded:
        parts.append(leaf)
    if description and (recipe.description == "always" or (recipe.description == "short" and _is_short(title))):
        parts.append(description)
    return " · ".join(parts)


def _is_short(title: str) -> bool:
    return len(title) < SHORT_TITLE and sum(map(_width, title)) < SHORT_TITLE


def _begin(text: str) -> str:
    cut = min(len(text), DESCRIPTION_READ)
    if _WIDE.search(text, 0, cut):
        cut = bisect_right(list(accumulate(map(_width, text[:cut]))), DESCRIPTION_READ)
    if cut == len(text):
        return text
    begin = text[:cut]
    return begin if _width(text[cut - 1]) == 2 or text[cut].isspace() else begin.rpartition(" ")[0] or begin


def _width(letter: str) -> int:
    return 2 if _WIDE.match(letter) else 1
