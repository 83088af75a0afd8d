"""A product with all that the catalog says of it, as markup."""

import html
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from pages.shared import texts
from pages.shared.cards import FIELDS_SHOWN, image_html, initial, picture_url, price_text
from prodsim.catalog import Catalog
from prodsim.catalog.products import MORE_IMAGES
from prodsim.formats import stock_name
from prodsim.index import Rows
from prodsim.pictures import product_pictures
from prodsim.search.families import differing_values, family_texts

LARGE_PX = 560
MOST_VARIANTS = 60
"""Variants that are drawn; the line above them says how many there are."""
_SHOWN_APART = {*FIELDS_SHOWN, "description", "url", MORE_IMAGES}
PRODUCT_STYLE = """<style>
.pp{display:grid;grid-template-columns:minmax(220px,2fr) 3fr;gap:1.5rem;font-family:inherit}
@media (max-width:700px){.pp{grid-template-columns:1fr}}
.pp-main{font-size:4rem}
.pp-strip{display:flex;flex-wrap:wrap;gap:.4rem;margin-top:.5rem}
.pp-strip button{padding:0;
border:1px solid var(--st-border-color);border-radius:.4rem;
overflow:hidden;background:none;cursor:pointer}
.pp-strip img,.pp-variant img{display:block;width:3.5rem;height:3.5rem;object-fit:contain;background:#fff}
.pp-facts{display:flex;flex-direction:column;gap:.6rem;min-width:0}
.pp-title{font-size:1.35rem;font-weight:650;line-height:1.3;margin:0;overflow-wrap:anywhere}
.pp-soft{font-size:.85rem;opacity:.72;overflow-wrap:anywhere}
.pp-price{font-size:1.2rem;font-weight:650}
.pp-line{display:flex;flex-wrap:wrap;align-items:center;gap:.25rem .9rem;font-size:.9rem}
.pp-line button{display:inline-flex;align-items:center;gap:.3rem;font:inherit;color:inherit;background:none;
border:1px solid var(--st-border-color);
border-radius:.5rem;padding:.1rem .5rem;cursor:pointer}
.pp-line button:hover,.pp-line a:hover{color:var(--st-primary-color)}
.pp-line a{color:inherit;display:inline-flex;align-items:center;gap:.3rem}
.pp-variants{display:flex;flex-wrap:wrap;gap:.4rem;max-height:13rem;overflow-y:auto}
.pp-variant{display:flex;align-items:center;gap:.45rem;padding-right:.6rem;
border:1px solid var(--st-border-color);border-radius:.4rem;
overflow:hidden;font-size:.8rem;line-height:1.25;color:inherit!important;text-decoration:none!important;max-width:15rem}
.pp-variant:hover{border-color:var(--st-primary-color)}
.pp-variant[aria-current]{border-color:var(--st-primary-color);
background:color-mix(in srgb,var(--st-primary-color) 12%,transparent)}
.pp-letter{width:3.5rem;height:3.5rem;display:flex;align-items:center;justify-content:center;font-weight:650;opacity:.5}
.pp-text{white-space:pre-line;line-height:1.55;max-height:14rem;overflow-y:auto;overflow-wrap:anywhere}
.pp-fields{display:grid;grid-template-columns:repeat(auto-fill,minmax(15rem,1fr));gap:.3rem 1.2rem;
font-size:.88rem;margin:0}
.pp-fields div{display:flex;gap:.6rem;justify-content:space-between;
border-bottom:1px solid color-mix(in srgb,currentColor 12%,transparent)}
.pp-fields dt{opacity:.7} .pp-fields dd{margin:0;text-align:right;overflow-wrap:anywhere;min-width:0}
</style>"""


def product_html(catalog: Catalog, row: int, family: Rows, base: Path) -> str:
    """Return a product's pictures, fields, variants, description and attributes; all texts are escaped.

    Args:
        catalog: the products.
        row: of the product.
        family: rows of its variants, itself included.
        base: the folder that paths of pictures start from.
    """
    product = catalog.products.iloc[row]
    title, sku = html.escape(str(product["title"])), str(product["sku"])
    origin = html.escape(" · ".join(filter(None, (str(product["brand"]), str(product["category"])))))
    amount = html.escape(price_text(product))
    stock = html.escape(stock_name(str(product["availability"])))
    return (
        f'<article class="pp" data-sku="{html.escape(sku)}"><div>{_pictures(product, base)}</div>'
        f'<div class="pp-facts"><h2 class="pp-title">{title}</h2><div class="pp-soft">{origin}</div>'
        f'<div class="pp-line"><span class="pp-price">{amount}</span><span class="pp-soft">{stock}</span></div>'
        f'<div class="pp-line">{_copied(sku)}{_shop_link(str(product["url"]))}</div>'
        f"{_variants(catalog, row, family, base)}"
        f'<div class="pp-text">{html.escape(str(product["description"]))}</div>{_fields(product)}</div></article>'
    )


def _pictures(product: "pd.Series[Any]", base: Path) -> str:
    """Return the first picture, large, and below it all of them, if there are several."""
    places = product_pictures(str(product["image"]), str(product.get(MORE_IMAGES, "")))
    addresses = list(filter(None, (picture_url(place, base, LARGE_PX) for place in places)))
    pictures = [f'<img src="{html.escape(each)}" alt="" referrerpolicy="no-referrer">' for each in addresses]
    name = html.escape(texts.SHOW_PICTURE())
    strip = "".join(f'<button data-picture="1" aria-label="{name}">{picture}</button>' for picture in pictures)
    below = f'<div class="pp-strip">{strip}</div>' if len(pictures) > 1 else ""
    return f'<div class="ps-pic pp-main">{initial(product)}{"".join(pictures[:1])}</div>{below}'


def _copied(sku: str) -> str:
    text, label = html.escape(sku), html.escape(texts.COPY_SKU())
    icon = '<span class="ps-icon">content_copy</span>'
    return f'<button data-copy="{text}" title="{label}" aria-label="{label}">{text} {icon}</button>'


def _shop_link(url: str) -> str:
    """Return a link to the product in the shop; nothing where its address is none of the web."""
    if not url.startswith(("https://", "http://")):
        return ""
    icon = '<span class="ps-icon">open_in_new</span>'
    label = html.escape(texts.IN_THE_SHOP())
    return f'<a href="{html.escape(url)}" target="_blank" rel="noopener noreferrer">{label} {icon}</a>'


def _variants(catalog: Catalog, row: int, family: Rows, base: Path) -> str:
    """Return the family as a strip of links, each named by what it differs in; nothing for a product alone."""
    if len(family) < 2:
        return ""
    rows = [int(each) for each in family[:MOST_VARIANTS]]
    values = differing_values(catalog, [rows])[0]
    names = (
        [" · ".join(filter(None, each)) for each in zip(*values.values(), strict=True)] if values else [""] * len(rows)
    )
    products = catalog.products[list(FIELDS_SHOWN)].iloc[rows].to_dict("records")
    strip = "".join(
        _variant(product, name or str(product["title"]), base, is_current=each == row)
        for product, name, each in zip(products, names, rows, strict=True)
    )
    heading = html.escape(texts.FAMILY(len(family), differences=family_texts(catalog, [family.tolist()])[0]))
    return f'<div><div class="pp-soft">{heading}</div><div class="pp-variants">{strip}</div></div>'


def _variant(product: Mapping[Any, Any], name: str, base: Path, *, is_current: bool) -> str:
    sku, title = html.escape(str(product["sku"])), html.escape(str(product["title"]))
    picture = image_html(product, base) or f'<span class="pp-letter">{initial(product)}</span>'
    current = ' aria-current="true"' if is_current else ""
    label = f"<span>{html.escape(name)}</span>"
    return f'<a class="pp-variant" data-open="{sku}" title="{title}"{current}>{picture}{label}</a>'


def _fields(product: "pd.Series[Any]") -> str:
    """Return the fields that are not shown elsewhere and have a value, as a list of names and values."""
    cells = [(str(name), str(product[name])) for name in product.index if name not in _SHOWN_APART]
    filled = "".join(_field(name, value) for name, value in cells if value not in ("", "nan"))
    return f'<dl class="pp-fields">{filled}</dl>'


def _field(name: str, value: str) -> str:
    label = texts.COMPARED_FIELD_NAMES[name]() if name in texts.COMPARED_FIELD_NAMES else name
    return f"<div><dt>{html.escape(label)}</dt><dd>{html.escape(value)}</dd></div>"
