"""Searches whose right answers are known, because the generator knows what it made."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from sample_data.models import Model
from sample_data.products import Product


@dataclass(frozen=True, slots=True)
class Search:
    """Words that a shopper types, and the kinds and words that a good answer has in its title or description."""

    query: str
    kinds: tuple[str, ...]
    words: tuple[str, ...]


SEARCHES = {
    "outdoor": (
        Search("warm waterproof jacket", ("insulated-jacket",), ("warm waterproof",)),
        Search(
            "gift for someone who loves coffee",
            ("french-press", "moka-pot", "pour-over", "coffee-grinder"),
            ("coffee lover",),
        ),
        Search("quiet fan for the bedroom", ("fan",), ("quiet", "bedroom")),
        Search("packable mac for the rain", ("rain-jacket",), ("packable",)),
        Search("ultralight two-person tent", ("tent",), ("ultralight", "2-person")),
        Search("rucksack that keeps things dry in the rain", ("backpack",), ("waterproof",)),
        Search("present for a keen gardener", ("secateurs",), ("gardener",)),
        Search("self-watering flower pot", ("planter",), ("self-watering",)),
    ),
    "beauty_zh": (
        Search("敏感肌可以用的面霜", ("cream",), ("敏感肌",)),
        Search("卧室用的静音风扇", ("fan-zh",), ("静音",)),
        Search("送女朋友的口红", ("lipstick",), ("送女友",)),
        Search("送给爱喝咖啡的人", ("mug-zh",), ("咖啡的朋友",)),
        Search("孩子写作业用的台灯", ("lamp-zh",), ("孩子写作业",)),
        Search("油皮控油洗面奶", ("cleanser",), ("控油祛痘",)),
    ),
}


def good_answers(shop: str, made: Iterable[tuple[Model, Product]], faulty: Collection[str]) -> list[dict[str, Any]]:
    """For each search its query and the SKUs that answer it, without the faulty ones."""
    products = [
        (model.kind.key, f"{row['title']} {row['description']}".lower(), row["sku"])
        for model, row in made
        if row["sku"] not in faulty
    ]
    return [
        {
            "query": search.query,
            "skus": [
                sku
                for kind, text, sku in products
                if kind in search.kinds and all(word in text for word in search.words)
            ],
        }
        for search in SEARCHES[shop]
    ]
