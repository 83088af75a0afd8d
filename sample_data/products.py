"""Products, one row per variant, as many as wanted."""

from collections.abc import Iterator
from itertools import islice

import pandas as pd

from sample_data import chinese, english
from sample_data.chance import Dice
from sample_data.models import Model, draw_models
from sample_data.shops import Shop, open_shop

Product = dict[str, str]
"""Field to text, as a file holds it; a field that does not apply is empty or absent."""

FIRST = ("sku", "title", "description", "brand", "category", "price", "currency", "image", "url", "gtin", "mpn")
THEN = ("availability", "group_id", "colour", "material", "weight_g", "audience")

AVAILABILITY = {"outdoor": ("in stock", "out of stock", "preorder"), "beauty_zh": ("有货", "缺货", "预售")}


def columns(shop: Shop) -> list[str]:
    """All fields of the shop's products, in the order of its file."""
    return [*FIRST, *THEN, *(name for name in shop.attributes() if name not in THEN)]


def make_products(n: int, shop: Shop, seed: int = 7) -> Iterator[Product]:
    """N products, the variants of one model behind each other; the same seed gives the same products."""
    return islice((product for _, product in products_with_models(shop, seed)), n)


def generate_products(n: int, seed: int = 7, *, shop: str = "outdoor") -> pd.DataFrame:
    """N products as a table of text: no faults, and the first rows do not depend on n.

    Args:
        n: how many rows.
        seed: the same seed gives the same rows.
        shop: ``outdoor`` (English) or ``beauty_zh`` (Chinese).
    """
    opened = open_shop(shop)
    fields = columns(opened)
    rows = [[product.get(field, "") for field in fields] for product in make_products(n, opened, seed)]
    return pd.DataFrame(rows, columns=fields, dtype=str)


def products_with_models(shop: Shop, seed: int) -> Iterator[tuple[Model, Product]]:
    """Endless products, each with the model that it is a variant of."""
    words, dice = (english if shop.prefix == "OH" else chinese), Dice(seed + 1)
    made = 0
    for model in draw_models(shop, seed):
        description = words.describe(model, dice)
        for position, (colour, size) in enumerate(model.variants):
            title = words.title(model, colour, size)
            yield model, _variant(shop, model, position, made, title, description, dice)
            made += 1


def _variant(shop: Shop, model: Model, position: int, made: int, title: str, description: str, dice: Dice) -> Product:
    kind = model.kind
    colour, size = model.variants[position]
    steps = kind.size_price ** kind.sizes.index(size)
    row = {
        "sku": f"{shop.prefix}{100000 + made}",
        "title": title,
        "description": description,
        "brand": model.brand,
        "category": kind.category,
        "price": _price(model.price * steps, shop.currency),
        "currency": shop.currency,
        "image": shop.picture(kind, colour),
        "url": f"https://{shop.name.replace('_', '-')}.example/p/{model.code.lower()}-{position + 1}",
        "gtin": gtin(made if shop.prefix == "OH" else 5_000_000_000 + made),
        "mpn": f"{model.code}-{position + 1}",
        "availability": AVAILABILITY[shop.name][0 if dice.happens(0.85) else 1 if dice.happens(0.8) else 2],
        "group_id": f"G{model.number:05d}",
        "colour": colour if kind.colour_shown else "",
        "material": model.material,
        "weight_g": str(int(model.weight * steps)),
        "audience": model.audience.removesuffix("'s").removesuffix("'").lower(),
    } | dict(model.facts)
    return row | {kind.size_name: size} if kind.size_name else row


def _price(amount: float, currency: str) -> str:
    return f"{int(amount)}.{'95' if currency == 'GBP' else '90' if int(amount) % 2 else '00'}"


def gtin(number: int) -> str:
    """A GTIN-13 with the right check digit; different numbers give different codes.

    It begins with 2, which is kept for use inside a shop, so it is nobody's real article.
    """
    body = f"2{(number * 7919 + 104_729) % 10**11:011d}"
    return body + check_digit(body)


def check_digit(body: str) -> str:
    """The 13th digit that belongs to twelve."""
    return str(-sum(int(digit) * (3 if position % 2 else 1) for position, digit in enumerate(body)) % 10)
