"""Products in columns as markup: a row per field that differs, with the differing words marked."""

import html
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from pages.shared import texts
from pages.shared.pair_html import PAIR_STYLE, picture_html
from prodsim.catalog import Catalog
from prodsim.formats import stock_name
from prodsim.output.html import marked

_NOT_COMPARED = ("sku", "title", "image", "currency")
SIDE_BY_SIDE_STYLE = f"""{PAIR_STYLE}<style>
.pq-what{{font-size:1.05rem;font-weight:620;line-height:1.4;overflow-wrap:anywhere}}
.pq-wide{{overflow-x:auto}}
.pq-table{{border-collapse:collapse;width:100%;table-layout:fixed;font-family:inherit;
min-width:calc(6.5rem + 13rem*var(--products))}}
.pq-table td,.pq-table th{{text-align:left;vertical-align:top;font-weight:400;padding:.35rem .6rem;border:0;
overflow-wrap:anywhere;border-bottom:1px solid color-mix(in srgb,currentColor 14%,transparent)}}
.pq-table th{{width:6.5rem;font-size:.82rem;opacity:.75}}
.pq-table td{{min-width:9rem}}
.pq-table mark{{background:color-mix(in srgb,#d97706 32%,transparent);color:inherit}}
@media (max-width:640px){{.pq-table{{min-width:calc(4.2rem + 6.6rem*var(--products))}}
.pq-table td{{min-width:6rem;padding:.3rem .3rem}} .pq-table th{{width:4.2rem;font-size:.7rem;padding:.3rem 0}}}}
.pq-about{{background:color-mix(in srgb,#d97706 14%,transparent)}}
</style>"""


def compared_fields(catalog: Catalog) -> list[str]:
    """Return the fields that are compared side by side, in the catalog's order."""
    return [str(name) for name in catalog.products.columns if name not in _NOT_COMPARED]


def side_by_side_html(products: pd.DataFrame, fields: Sequence[str], bases: Sequence[Path], about: str = "") -> str:
    """Return products in columns: picture and title, then a row per field that differs, with differing words marked.

    Args:
        products: one to twelve.
        fields: names of the columns to compare.
        bases: folder of the pictures of each.
        about: a field that is marked as a whole.
    """
    cells = {name: [_text(name, value) for value in products[name]] for name in ("title", *fields)}
    is_alone = len(products) == 1
    differing = [name for name in fields if len(set(cells[name])) > 1 or name == about or (is_alone and cells[name][0])]
    head = "".join(
        f"<td>{picture_html(product, base, '110px')}<div class='pc-title'>{title}</div>"
        f"<div class='ps-soft ps-sku'>{html.escape(str(product['sku']))}</div></td>"
        for (_, product), title, base in zip(products.iterrows(), _marked(cells["title"]), bases, strict=True)
    )
    rows = "".join(
        f"<tr{_class(name == about)}><th>{html.escape(_label(name))}</th>"
        f"{''.join(f'<td>{cell}</td>' for cell in _marked(cells[name]))}</tr>"
        for name in sorted(differing, key=lambda name: name != about)
    )
    table = (
        f'<div class="pq-wide"><table class="pq-table" style="--products:{len(products)}">'
        f"<tr{_class(about == 'title')}><th></th>{head}</tr>{rows}</table></div>"
    )
    return table + _identical_html({name: cells[name][0] for name in fields if name not in differing})


def _identical_html(values: Mapping[str, str]) -> str:
    """Return a line of the fields that are the same in all products, without empty ones."""
    fields = " · ".join(texts.FIELD_VALUE(field=_label(name), value=value) for name, value in values.items() if value)
    if not fields:
        return ""
    line = html.escape(texts.IDENTICAL(fields=fields))
    return f'<div class="ps-soft" style="white-space:normal;margin-top:.4rem">{line}</div>'


def _label(field: str) -> str:
    """Return what a field is called; an attribute by its column."""
    return texts.COMPARED_FIELD_NAMES[field]() if field in texts.COMPARED_FIELD_NAMES else field


def _marked(cells: Sequence[str]) -> list[str]:
    """Return texts with the words marked that the first one lacks; in the first those that the second lacks."""
    if len(cells) == 1:
        return [html.escape(cells[0])]
    others = [cells[1], *[cells[0]] * (len(cells) - 1)]
    return [marked(own, [other]) for own, other in zip(cells, others, strict=True)]


def _text(field: str, value: Any) -> str:
    """Return a value as it is read: prices with cents, the stock by its name, an unknown amount as nothing."""
    if field == "availability":
        return stock_name(str(value))
    return "" if value != value else f"{value:,.2f}" if isinstance(value, float) else str(value)


def _class(is_about: bool) -> str:
    return ' class="pq-about"' if is_about else ""
