"""Where a product's pictures are, as the catalog gives them."""

import re
from collections.abc import Sequence
from itertools import chain

from prodsim.catalog import Catalog
from prodsim.catalog.products import MORE_IMAGES
from prodsim.pictures.videos import is_video, scene_places

VIDEO_WORDS = ("video", "vidéo", "vídeo", "视频", "視頻", "動画", "видео")
SEPARATORS = re.compile(r"[\s|,;]+")
ENDING = re.compile(r"(?:(?!\.\w{3,4}[\s|,;]).)*")
"""One path, which may have blanks: no ending stands within."""
MAX_PRODUCT_PICTURES = 8
"""Pictures of one product that are compared, the first ones; more show the same from further sides."""


def picture_places(catalog: Catalog) -> Sequence[tuple[str, ...]]:
    """Return the paths and addresses of each product's pictures, the main one first, each once, in catalog order.

    Videos, in the columns of pictures or in one of their own, give a frame of each scene.
    """
    products = catalog.products
    more = products[MORE_IMAGES] if MORE_IMAGES in products else [""] * len(products)
    films = [products[name].tolist() for name in catalog.attributes if is_video_column(name)]
    rows = zip(products["image"].tolist(), list(more), *films, strict=True)
    places = ((*product_pictures(image, others), *_videos(cells)) for image, others, *cells in rows)
    return [tuple(chain.from_iterable(map(_seen, own)))[:MAX_PRODUCT_PICTURES] for own in places]


def main_picture(image: str) -> str:
    """Return where the main picture is: of a video beside the catalog its poster."""
    return _seen(image)[0]


def is_video_column(name: str) -> bool:
    """Return whether a column is named as one of videos."""
    return any(word in name.casefold() for word in VIDEO_WORDS)


def _videos(cells: Sequence[str]) -> tuple[str, ...]:
    """Return the videos in cells that lie beside the catalog; those on the web are not fetched."""
    places = chain.from_iterable([cell] if ENDING.fullmatch(cell) else SEPARATORS.split(cell) for cell in cells)
    return tuple(dict.fromkeys(place for place in places if is_video(place) and not is_address(place)))


def _seen(place: str) -> tuple[str, ...]:
    """Return the pictures at a place: of a video beside the catalog, its scenes."""
    return scene_places(place) if is_video(place) and not is_address(place) else (place,)


def product_pictures(image: str, more_images: str) -> tuple[str, ...]:
    """Return the paths and addresses of one product's pictures, the main one first, each once."""
    return tuple(dict.fromkeys(filter(None, (image, *more_images.split(" ")))))


def is_address(place: str) -> bool:
    """Return whether a picture is on the web."""
    return place.startswith(("https://", "http://", "//"))
