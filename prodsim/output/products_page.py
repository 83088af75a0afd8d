"""A table of products as a page that opens offline: a card with its picture for each, and the table itself below."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from prodsim.catalog.category_paths import leaf_of
from prodsim.formats import money, stock_name
from prodsim.output.export import TABLE_STYLE, table_html
from prodsim.output.html import as_html
from prodsim.output.tables import check_names
from prodsim.output.thumbnails import small_picture
from prodsim.phrases import Plural, Text, reader_language, reader_profile

MAX_PICTURES_BYTES = 12_000_000
"""Bytes of pictures that a page holds, which mail and browsers still take."""

ALL_FIELDS = Text("All fields as a table")
PICTURES_LEFT_OUT = Plural(
    "{n:,} picture is left out because the page would be too large.",
    "{n:,} pictures are left out because the page would be too large.",
)
SKU, SCORE, UNKNOWN_PRICE = Text("SKU {sku}"), Text("score {score:.2f}"), Text("price unknown")

_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
_STYLE = f"""{TABLE_STYLE}
:root{{color-scheme:light dark}}
.cards{{display:grid;grid-template-columns:repeat(auto-fill,minmax(13rem,1fr));gap:1rem;margin:1.5rem 0}}
article{{background:#fff;border:1px solid #e2ded7;border-radius:.6rem;padding:.8rem;break-inside:avoid;
overflow-wrap:anywhere}}
.pic{{height:10rem;display:flex;align-items:center;justify-content:center;background:#f1efeb;border-radius:.5rem;
font-size:2.6rem;color:#a8a29e;overflow:hidden}}
.pic img{{width:100%;height:100%;object-fit:contain;background:#fff}}
h2{{font-size:1rem;margin:.6rem 0 .2rem}} article p{{margin:.15rem 0;font-size:.88rem}}
.price{{font-weight:650;color:#1c2321}} .why{{border-top:1px solid #e2ded7;padding-top:.4rem}}
summary{{cursor:pointer;margin:1rem 0}} .wide{{overflow-x:auto}}
@media (prefers-color-scheme:dark){{body{{color:#e8ecea;background:#121716}} p{{color:#a3b0ac}} .price{{color:#e8ecea}}
article,table,.pic{{background:#1c2321}} article,th,td{{border-color:#2b3432}} th{{background:#232b29}}}}
@media print{{details{{display:none}}}}
"""


def products_page(table: pd.DataFrame, title: str, subtitle: str, base: Path) -> bytes:
    """Make a page of products in their order; all text is shown, none is read as markup.

    Args:
        table: of products, with the columns that ``products_table`` gives; also those of ``hits_table``.
        title: of the page.
        subtitle: below it.
        base: the folder that paths of pictures start from. Pictures that are on the web are not shown.

    Raises:
        ValueError: two columns have one name.
    """
    check_names(table)
    pictures, n_left_out = _pictures(table, base)
    cards = "".join(map(_card, _rows(table), pictures))
    note = f"<p>{as_html(PICTURES_LEFT_OUT(n_left_out))}</p>" if n_left_out else ""
    heading, summary, language = as_html(title), as_html(ALL_FIELDS()), reader_language().replace("_", "-")
    head = (
        '<meta charset="utf-8"><meta name="referrer" content="no-referrer">'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        f'<meta name="viewport" content="width=device-width,initial-scale=1"><title>{heading}</title>'
    )
    fields = f'<details><summary>{summary}</summary><div class="wide">{table_html(table)}</div></details>'
    body = f'<h1>{heading}</h1><p>{as_html(subtitle)}</p><div class="cards">{cards}</div>{note}{fields}'
    page = (
        f'<!doctype html><html lang="{language}"><head>{head}<style>{_STYLE}</style></head><body>{body}</body></html>'
    )
    return page.encode()


def _rows(table: pd.DataFrame) -> Iterator[Mapping[str, Any]]:
    """Yield what a card shows of each product; texts that the table lacks are empty."""
    names = ("title", "sku", "brand", "category", "price", "currency", "availability", "score", "why", "rank")
    for row in table.reindex(columns=list(names)).astype(object).to_dict("records"):
        yield {str(name): "" if pd.isna(value) else value for name, value in row.items()}


def _pictures(table: pd.DataFrame, base: Path) -> tuple[list[str], int]:
    """Return the address of each product's picture, "" for none, and how many found no room."""
    room, n_left_out, pictures = MAX_PICTURES_BYTES, 0, []
    for image in table["image"] if "image" in table else [""] * len(table):
        picture = small_picture(str(image), base) if room > 0 else ""
        n_left_out += bool(image) and room <= 0
        room -= len(picture)
        pictures.append(picture)
    return pictures, n_left_out


def _card(row: Mapping[str, Any], picture: str) -> str:
    """Return a product as a card."""
    title = str(row["title"])
    image = f'<img src="{picture}" alt="">' if picture else as_html(title[:1].upper())
    origin = " · ".join(part for part in (str(row["brand"]), leaf_of(str(row["category"]))) if part)
    has_price = isinstance(row["price"], float | int)
    unknown = "" if "price" in reader_profile().absent else UNKNOWN_PRICE()
    price = money(float(row["price"]), str(row["currency"])) if has_price else unknown
    facts = [
        SKU(sku=row["sku"]),
        stock_name(str(row["availability"])),
        SCORE(score=row["score"]) if isinstance(row["score"], float) else "",
    ]
    why = f'<p class="why">{as_html(str(row["why"]))}</p>' if row["why"] else ""
    return (
        f'<article><div class="pic">{image}</div><h2>{as_html(title)}</h2><p>{as_html(origin)}</p>'
        f'<p class="price">{as_html(price)}</p><p>{as_html(" · ".join(filter(None, facts)))}</p>{why}</article>'
    )
