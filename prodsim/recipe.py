"""What an encoder reads of a product."""

from dataclasses import asdict, dataclass
from typing import Literal, get_args

from prodsim.artifacts import fingerprint
from prodsim.catalog import Catalog
from prodsim.text import RULES_VERSION

DescriptionUse = Literal["short", "always", "never"]

SHORT_TITLE = 20
"""Titles below this many characters say too little alone; a Chinese character counts as two."""


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
        """Changes when a text may change."""
        return fingerprint("recipe", asdict(self), SHORT_TITLE, RULES_VERSION)


def compose_texts(catalog: Catalog, recipe: TextRecipe) -> list[str]:
    """One text per product, in catalog order; never empty, because titles never are."""
    fields = (catalog.products[name].tolist() for name in ("title", "brand", "category", "description"))
    return [_compose(recipe, *row) for row in zip(*fields, strict=True)]


def _compose(recipe: TextRecipe, title: str, brand: str, category: str, description: str) -> str:
    folded = title.casefold()
    parts = [title]
    if recipe.brand and brand and brand.casefold() not in folded:
        parts.append(brand)
    leaf = category.rpartition(" > ")[2]
    if recipe.category and leaf and leaf.casefold() not in folded:
        parts.append(leaf)
    if description and (recipe.description == "always" or (recipe.description == "short" and _is_short(title))):
        parts.append(description)
    return " · ".join(parts)


def _is_short(title: str) -> bool:
    return sum(2 if ord(c) > 0x2E80 else 1 for c in title) < SHORT_TITLE
