"""Where a product's pictures are, as the catalog gives them."""

from collections.abc import Sequence

from prodsim.catalog import Catalog
from prodsim.catalog.products import MORE_IMAGES

MAX_PRODUCT_PICTURES = 8
"""Pictures of one product that are compared, the first ones; more show the same from further sides."""


def picture_places(catalog: Catalog) -> Sequence[tuple[str, ...]]:
    """Return the paths and addresses of each product's pictures, the main one first, each once, in catalog order."""
    products = catalog.products
    more = products[MORE_IMAGES] if MORE_IMAGES in products else [""] * len(products)
    return [
        product_pictures(first, others)[:MAX_PRODUCT_PICTURES]
        for first, others in zip(products["image"].tolist(), list(more), strict=True)
    ]


def product_pictures(image: str, more_images: str) -> tuple[str, ...]:
    """Return the paths and addresses of one product's pictures, the main one first, each once."""
    return tuple(dict.fromkeys(filter(None, (image, *more_images.split(" ")))))


def is_address(place: str) -> bool:
    """Return whether a picture is on the web."""
    return place.startswith(("https://", "http://", "//"))
