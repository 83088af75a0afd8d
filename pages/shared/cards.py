"""Product cards: the one way to draw a product."""

import html
import math
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, TypeAlias

import pandas as pd
import streamlit as st

from pages.shared import texts
from prodsim.formats import money, stock_name
from prodsim.output.thumbnails import MAX_SIDE, small_picture
from prodsim.phrases import reader_profile
from prodsim.search import BOOST, EXACT_MATCH, closeness_word

PART_COLOURS = {
    "exact match": "#db2777", "meaning": "#0f766e", "description": "#0891b2", "words": "#d97706", "identifiers": "#4f46e5", "quantities": "#0284c7",
    "category": "#65a30d", "brand": "#9333ea", "price": "#dc2626", "attributes": "#78716c", "look": "#be185d", "reranker": "#b45309",
    "similar": "#0f766e", "shoppers alike": "#9333ea", "same shoppers": "#4f46e5", "same baskets": "#d97706", "kind": "#65a30d",
    "liked": "#be185d",
}  # fmt: skip

WORD_COLOURS = {
    "very close": "#0f766e", "close": "#3a776d", "related": "#586f69", "loosely related": "#6b6f6d", "unlike": "#78716c",
    "": "#0f766e",
}  # fmt: skip
"""Behind a score by its word; white can be read on each."""

CARD_STYLE = """<style>
.ps-card{flex:1;display:flex;flex-direction:column;gap:.3rem;font-family:inherit}
.ps-pic{position:relative;aspect-ratio:4/3;border-radius:.5rem;overflow:hidden;background:color-mix(in srgb,currentColor 7%,transparent);
display:flex;align-items:center;justify-content:center;font-size:2.2rem;font-weight:650;color:color-mix(in srgb,currentColor 28%,transparent)}
.ps-pic img{position:absolute;inset:0;width:100%;height:100%;object-fit:contain;background:#fff}
.ps-pic img::after{content:"";position:absolute;inset:0;background:#e7e5e4}  /* over the sign of a picture that does not load */
.ps-score{position:absolute;right:.45rem;top:.45rem;padding:.05rem .5rem;border-radius:1rem;font-size:.78rem;font-weight:650;color:#fff}
.ps-move{position:absolute;left:.45rem;bottom:.45rem;padding:.05rem .5rem;border-radius:1rem;font-size:.78rem;font-weight:650;color:#fff;background:#44403c}
.ps-score button{display:inline-flex;align-items:center;font:inherit;color:inherit;background:none;border:0;padding:0 0 0 .2rem;cursor:pointer}
.ps-corner{position:absolute;left:.35rem;top:.35rem;display:flex;flex-direction:column;gap:.35rem;font-size:1rem}
.ps-choose{appearance:none;width:1.55rem;height:1.55rem;margin:0;border:1px solid rgb(255 255 255/.4);border-radius:.4rem;cursor:pointer;background:rgb(28 25 23/.5)}
.ps-choose::after{content:"";display:block;width:.4rem;height:.75rem;margin:.18rem auto;border:solid #fff;border-width:0 .16rem .16rem 0;transform:rotate(45deg);opacity:.35}
.ps-choose:checked{background:#0f766e}
.ps-choose:checked::after{opacity:1}
.ps-corner button{display:flex;padding:.2rem;border:0;border-radius:50%;cursor:pointer;color:#fff;background:rgb(28 25 23/.5)}
.ps-corner button:hover{background:rgb(28 25 23/.8)}
.ps-corner .ps-pressed{background:#0f766e}
.ps-variants{font-size:.8rem;font-weight:600;white-space:nowrap;overflow:hidden;text-overflow:ellipsis}
.ps-open{color:inherit!important;text-decoration:none!important}
.ps-pic .ps-open{position:absolute;inset:0;display:flex;align-items:center;justify-content:center}
.ps-open[href]:hover .ps-title{text-decoration:underline}
.ps-title{font-weight:600;font-size:.92rem;line-height:1.3;height:2.6em;overflow:hidden;display:-webkit-box;-webkit-line-clamp:2;-webkit-box-orient:vertical;overflow-wrap:anywhere}
.ps-soft{font-size:.8rem;opacity:.68;white-space:nowrap;overflow:hidden;text-overflow:ellipsis;min-height:1.3em}
.ps-note{font-size:.8rem;line-height:1.35;overflow:hidden;display:-webkit-box;-webkit-line-clamp:3;-webkit-box-orient:vertical;overflow-wrap:anywhere}
.ps-sku{user-select:all}
.ps-row{display:flex;justify-content:space-between;align-items:baseline;font-size:.88rem;gap:.5rem}
.ps-price{font-weight:650}
.ps-bar{flex:none;margin-top:auto;display:flex;height:.35rem;border-radius:1rem;overflow:hidden;background:color-mix(in srgb,currentColor 9%,transparent)}
</style>"""


Product: TypeAlias = "Mapping[Any, Any] | pd.Series[Any]"
"""A row of the catalog, with ``FIELDS_SHOWN`` at least."""
FIELDS_SHOWN = ("title", "brand", "category", "availability", "currency", "sku", "price", "image")


def draw_card(
    product: Product,
    base: Path,
    score: float | None = None,
    parts: Mapping[str, float] | None = None,
) -> None:
    """Draw one product by itself as a card: picture, score, title, brand, price and parts of the score."""
    with st.container(border=True, gap="small"):
        st.html(card_html(product, base, score, parts or {}))


def card_html(
    product: Product,
    base: Path,
    score: float | None,
    parts: Mapping[str, float],
    move: str = "",
    closer_than: float | None = None,
    note: str = "",
    variants: str = "",
    why: str = "",
    corner: str = "",
) -> str:
    """Return the card as markup; every text of the product is escaped, so that none is read as markup.

    Args:
        product: its row of the catalog.
        base: the folder that paths of pictures start from.
        score: shown on the picture; ``None`` shows none.
        parts: of the score, which they add up to.
        move: a small mark such as "▲3", beside the score.
        closer_than: the share of random pairs that are less similar; it puts the score in words.
        note: a sentence on why the product stands here.
        variants: in what the products that it stands for differ.
        why: markup of a button that explains the score; it stands beside it.
        corner: markup of a button in the picture's corner.
    """
    text = {name: html.escape(str(product[name])) for name in ("title", "brand", "category", "sku")}
    leaf = text["category"].rpartition(" &gt; ")[2]
    origin = " · ".join(part for part in (text["brand"], leaf) if part)
    opens = f'class="ps-open" data-open="{text["sku"]}"'
    marks = _mark(move) + _badge(score, parts, closer_than, why)
    marks += f'<span class="ps-corner">{corner}</span>' if corner else ""
    return (
        f'<div class="ps-card"><div class="ps-pic"><a {opens} tabindex="-1" aria-hidden="true">{initial(product)}'
        f"{image_html(product, base)}</a>{marks}</div>"
        f'<a {opens} title="{text["title"]}"><span class="ps-title">{text["title"]}</span></a>'
        f'<div class="ps-soft" title="{text["category"]}">{origin}</div>'
        f'<div class="ps-row"><span class="ps-price">{html.escape(price_text(product))}</span>'
        f'<span class="ps-soft">{html.escape(stock_name(str(product["availability"])))}</span></div>'
        f'{_variants(variants)}<div class="ps-soft ps-sku" title="{html.escape(texts.SELECT_SKU())}">{text["sku"]}</div>'
        f"{_note(note)}{_bar(score, parts)}</div>"
    )


def price_text(product: Product) -> str:
    """Return a product's price with its currency, or that it has none; ``""`` where such things have no prices."""
    price = product["price"]
    has_price = isinstance(price, float) and price == price
    if has_price:
        return money(price, str(product["currency"]))
    return "" if "price" in reader_profile().absent else texts.NO_PRICE()


def legend_html(parts: Iterable[str]) -> str:
    """Return which part of a score each colour of the bars stands for, in the order of the parts."""
    return "".join(
        f'<span><i style="background:{part_colour(part)}"></i>{html.escape(part_name(part))}</span>' for part in parts
    )


def part_colour(part: str) -> str:
    """Return the colour of a part of a score in bars and legends; that of boosts and others is grey."""
    return PART_COLOURS.get(part, "#78716c")


def initial(product: Product) -> str:
    """Return the first letter or digit of a title, which stands where there is no picture."""
    return html.escape(next((sign for sign in str(product["title"]) if sign.isalnum()), "").upper())


def image_html(product: Product, base: Path) -> str:
    """Return a product's picture as an element that tells its server nothing of this page; ``""`` without one."""
    picture = picture_url(str(product["image"]), base)
    return f'<img src="{html.escape(picture)}" alt="" loading="lazy" referrerpolicy="no-referrer">' if picture else ""


def picture_url(image: str, base: Path, max_side: int = MAX_SIDE) -> str:
    """Return what a browser can load: a web address as it is, a file below ``base`` inlined, otherwise ``""``.

    ``max_side`` limits the longest side of an inlined picture, in pixels.
    """
    if image.startswith(("http://", "https://")):
        return image
    return small_picture(image, base, max_side) if str(base) else ""


def part_name(part: str) -> str:
    """Return the name of a part of the score; a boost is named by what it is for."""
    if part.startswith(BOOST):
        return texts.BOOST(target=part.removeprefix(BOOST))
    return texts.PARTS[part]() if part in texts.PARTS else part


def level_name(level: str) -> str:
    """Return the name of a level of similarity, as ``closeness_word`` gives it."""
    return texts.LEVELS[level]() if level else ""


def move_mark(move: int | None) -> str:
    """Return a move as a small mark: "▲3", "▼2", "new", or nothing."""
    if move is None:
        return texts.MOVED_IN()
    return f"▲{move}" if move > 0 else f"▼{-move}" if move < 0 else ""


def _note(note: str) -> str:
    text = html.escape(note)
    return f'<div class="ps-note" title="{text}">{text}</div>' if note else ""


def _variants(variants: str) -> str:
    text = html.escape(variants)
    return f'<div class="ps-variants" title="{text}">{text}</div>' if variants else ""


def _mark(move: str) -> str:
    help_text = html.escape(texts.MOVED())
    return f'<span class="ps-move" title="{help_text}">{html.escape(move)}</span>' if move else ""


def _badge(score: float | None, parts: Mapping[str, float], closer_than: float | None, why: str) -> str:
    if score is None:
        return ""
    word = "" if closer_than is None else closeness_word(closer_than)
    label = part_name(EXACT_MATCH) if EXACT_MATCH in parts else level_name(word)
    details = f"{score:.2f}" if closer_than is None else f"{score:.2f}; {_percentile(closer_than)}"
    details += "\n" + " + ".join(f"{part_name(part)} {value:.3f}" for part, value in parts.items()) + f" = {score:.3f}"
    return (
        f'<span class="ps-score" style="background:{WORD_COLOURS[word]}" title="{html.escape(details)}">'
        f"{label} {round(score, 2) + 0.0:.2f}{why}</span>"  # + 0.0: never -0.00
    )


def _percentile(closer_than: float) -> str:
    if closer_than == 1:
        return texts.BEATS_ALL_PAIRS()
    # rounded down: 100 % would say that no pair is closer
    return texts.BEATS_PAIRS(percent=math.floor(closer_than * 10_000) / 100)


def _bar(score: float | None, parts: Mapping[str, float]) -> str:
    if not score or score <= 0:
        return ""
    whole = max(1.0, score)
    pieces = "".join(
        f'<span style="width:{100 * max(value, 0) / whole:.1f}%;background:{part_colour(name)}" '
        f'title="{html.escape(part_name(name))} {value:.3f}"></span>'
        for name, value in sorted(parts.items(), key=lambda part: -part[1])
    )
    return f'<div class="ps-bar">{pieces}</div>'
