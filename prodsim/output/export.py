"""Tables as CSV, as a workbook, and as one self-contained page."""

import html
import io
import uuid
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import pandas as pd

from prodsim.catalog import Catalog
from prodsim.errors import StorageError
from prodsim.findings import Finding
from prodsim.index import Rows
from prodsim.output.tables import check_names, column_names
from prodsim.phrases import phrase, retold
from prodsim.search import SearchResult
from prodsim.spreadsheets import write_csv

MAX_CELL_CHARACTERS = 32_767
"""Characters that a workbook's cell holds."""

_HEAD = '<meta charset="utf-8"><meta name="referrer" content="no-referrer">'
TABLE_STYLE = """
body{font:15px/1.5 system-ui,'Noto Sans CJK SC','PingFang SC','Microsoft YaHei',sans-serif;margin:2rem;color:#1c2321;background:#fbfaf8}
h1{font-size:1.4rem} p{color:#57635f} table{border-collapse:collapse;width:100%;background:#fff}
th,td{text-align:left;padding:.45rem .7rem;border-bottom:1px solid #e2ded7;vertical-align:top} th{background:#f1efeb}
"""


def hits_table(catalog: Catalog, result: SearchResult, why: Sequence[str] = ()) -> pd.DataFrame:
    """Put hits into a table: rank, score, why, rules, each part, then every column of the products that is not empty.

    ``why`` is a sentence per hit, as ``OpenCatalog.short_explanations`` gives them; without them there is no such column, nor one
    of rules where none moved a hit, nor one of variants where none stands for others. ``column_names`` names the columns.
    """
    hits = result.hits
    own: dict[str, Sequence[object]] = {"rank": range(1, len(hits) + 1), "score": [hit.score for hit in hits]}
    if len(why):
        own["why"] = why
    if any(hit.rules for hit in hits):
        own["rules"] = ["; ".join(hit.rules) for hit in hits]
    if any(hit.variants for hit in hits):
        own["variants"] = ["; ".join(hit.variants) for hit in hits]
    scores = pd.DataFrame([hit.parts for hit in hits]).fillna(0.0)  # a boost adds nothing to the others
    products = products_table(catalog, [hit.row for hit in hits])
    table = pd.concat([pd.DataFrame(own), scores, products], axis=1)
    return table.set_axis(column_names([*own], [*map(str, scores)], [*map(str, products)]), axis=1)


def products_table(catalog: Catalog, rows: "Rows | list[int]") -> pd.DataFrame:
    """Return the products of the rows, in that order, without columns that are empty for all of them."""
    table = catalog.products.iloc[rows].reset_index(drop=True)
    filled = [name for name in table.columns if table[name].notna().any() and (table[name].astype(str) != "").any()]
    return table[filled]


def findings_table(findings: Sequence[Finding], states: Sequence[str]) -> pd.DataFrame:
    """Return a row per finding in their order, with what became of it; ``skus`` are separated by `` | ``."""
    rows = [
        (
            each.kind,
            state,
            each.severity,
            each.score,
            " | ".join(each.skus),
            each.column or "",
            retold(each.what),
            retold(each.proposal),
        )
        for each, state in zip(findings, states, strict=True)
    ]
    return pd.DataFrame(rows, columns=["kind", "state", "severity", "score", "skus", "column", "what", "proposal"])


def to_csv(table: pd.DataFrame) -> bytes:
    """Write CSV in UTF-8 with a byte-order mark, so that spreadsheet programs read Chinese; formulas are made text.

    Raises:
        ValueError: two columns have one name.
    """
    check_names(table)
    stream = io.StringIO(newline="")
    write_csv(table, stream)
    return stream.getvalue().encode("utf-8-sig")


def to_xlsx(table: pd.DataFrame) -> bytes:
    """Make a workbook with one sheet; nothing in it is read as a formula or a link.

    Texts beyond ``MAX_CELL_CHARACTERS`` end with "…"; a table as CSV holds them whole.

    Raises:
        ValueError: two columns have one name.
    """
    check_names(table)
    stream = io.BytesIO()
    options = {"options": {"strings_to_formulas": False, "strings_to_urls": False}}
    with pd.ExcelWriter(stream, engine="xlsxwriter", engine_kwargs=options) as writer:
        _fitting(table).to_excel(writer, index=False, sheet_name="products")
    return stream.getvalue()


def to_page(table: pd.DataFrame, title: str, subtitle: str) -> bytes:
    """Make a page without anything from elsewhere; all text is shown, none is read as markup.

    Raises:
        ValueError: two columns have one name.
    """
    check_names(table)
    page = (
        f"<!doctype html><html><head>{_HEAD}<title>{html.escape(title)}</title><style>{TABLE_STYLE}</style></head>"
        f"<body><h1>{html.escape(title)}</h1><p>{html.escape(subtitle)}</p>{table_html(table)}</body></html>"
    )
    return page.encode()


def table_html(table: pd.DataFrame) -> str:
    """Return a table as markup; none of its texts is read as such."""
    return str(table.to_html(index=False, border=0, float_format="{:.3f}".format, na_rep="", escape=True))


def write_file(data: bytes, path: Path) -> None:
    """Write an export, whole or not at all; raises ``StorageError`` if the place cannot be written."""
    temporary = path.with_name(f".{path.name}.{uuid.uuid4().hex[:8]}.tmp")
    try:
        temporary.write_bytes(data)
        temporary.replace(path)
    except OSError as error:
        what = phrase("{path} cannot be written: {reason}.", path=path, reason=error.strerror or error)
        fix = phrase("Choose a file in a folder that exists, has free space and may be written to.")
        raise StorageError(what, fix) from error
    finally:
        with suppress(OSError):  # gone after the rename
            temporary.unlink()


def map_page(figure: Any, table: pd.DataFrame, title: str) -> str:
    """Make a page of the map with its library inside, and of the products below; it opens offline.

    Raises:
        ValueError: two columns have one name.
    """
    check_names(table)
    chart = figure.to_html(full_html=False, include_plotlyjs=True, default_height="85vh")
    listed, heading = table.to_html(index=False, border=0, escape=True), html.escape(phrase("All products"))
    return (
        f"<!doctype html><html><head>{_HEAD}<title>{html.escape(title)}</title><style>{TABLE_STYLE}</style></head>"
        f"<body><h1>{html.escape(title)}</h1>{chart}<details><summary>{heading}</summary>{listed}</details></body></html>"
    )


def _fitting(table: pd.DataFrame) -> pd.DataFrame:
    """Cut texts to what a cell of a workbook holds, and mark them as cut."""
    fitting = table.copy()
    for name in fitting.select_dtypes(exclude="number"):
        lengths = fitting[name].astype(str).str.len()
        cut = fitting[name].astype(str).str[: MAX_CELL_CHARACTERS - 1] + "…"
        fitting[name] = fitting[name].where(lengths <= MAX_CELL_CHARACTERS, cut)
    return fitting
