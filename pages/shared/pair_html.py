"""Products beside each other as markup: the picture, what is known of a product, and the style of a pair."""

import html
from pathlib import Path
from typing import Any

import pandas as pd

from pages.shared.cards import image_html, initial
from prodsim.catalog.category_paths import leaf_of
from prodsim.formats import money

PAIR_STYLE = """<style>
.pc-pic{flex:none;border-radius:.4rem;overflow:hidden;display:flex;align-items:center;justify-content:center;
font-weight:650;background:color-mix(in srgb,currentColor 8%,transparent)}
.pc-pic img{width:100%;height:100%;object-fit:contain;background:#fff}
.pc-pair{display:flex;gap:1rem;min-height:150px;font-family:inherit}
.pc-pair>:last-child{min-width:0;overflow-wrap:anywhere}
.pc-title{font-size:1.05rem;font-weight:620;line-height:1.4}
.pc-pair mark{background:color-mix(in srgb,#d97706 32%,transparent);color:inherit}
</style>"""


def picture_html(product: "pd.Series[Any]", base: Path, size: str) -> str:
    """Return a product's picture, or the first letter of its title, in a square."""
    inner = image_html(product, base) or initial(product)
    return f'<span class="pc-pic" style="width:{size};height:{size}">{inner}</span>'


def facts_html(product: "pd.Series[Any]") -> str:
    """Return brand, last part of the category and price, as far as they are known."""
    price = product["price"]
    amount = money(price, str(product["currency"])) if isinstance(price, float) and price == price else ""
    facts = (str(product["brand"]), leaf_of(str(product["category"])), amount)
    return html.escape(" · ".join(filter(None, facts))) or "&nbsp;"
