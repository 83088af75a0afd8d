"""From the cells of a file to a catalog: columns get their fields, cells are cleaned and typed."""

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prodsim.catalog import fields
from prodsim.catalog.category_levels import LEVELS, joined_levels, level_columns
from prodsim.catalog.cells import catalog_language, check_gtins, currency_code, split_lists, unwrap_cells
from prodsim.catalog.chunks import change_column, kept_rows, one_by_one
from prodsim.catalog.facts import BadLine, RawTable
from prodsim.catalog.identity import identify
from prodsim.catalog.joined_rows import JoinedRows, join_rows, note_unpublished
from prodsim.catalog.locales import lay_aside_locales
from prodsim.catalog.mapping import MAPPED_FIELDS, PRODUCT_FIELDS, ColumnMapping
from prodsim.catalog.names import read_name, stated_currency
from prodsim.catalog.plain_names import plain_name
from prodsim.catalog.prices import read_prices
from prodsim.catalog.products import Catalog
from prodsim.catalog.rows import listed
from prodsim.catalog.stock import read_availability
from prodsim.catalog.titles import CanBeSeen, Lines, make_titles, name_by_sku, report_repairs
from prodsim.catalog.variant_columns import own_cells
from prodsim.errors import CatalogError
from prodsim.extras import install_command
from prodsim.findings import Finding
from prodsim.phrases import SENTENCE_AFTER_SENTENCE, Plural, Text, joined, phrase
from prodsim.text import chinese_words, clean_texts, has_chinese

CHOOSE_TITLE = Text("Choose the title column on the Catalog page, or pass --map title=COLUMN.")
REPEATED = Text("{sku} is on {n} lines ({lines}); the last one is kept.")
REPEATED_MORE = Text("{sku} is on {n} lines ({lines} and {more} more); the last one is kept.")
WORDS_IN_PAIRS = Plural(
    "{n:,} Chinese title is cut into pairs of characters, because the package jieba is not installed. For whole "
    "words: {command}, then build the catalog again.",
    "{n:,} Chinese titles are cut into pairs of characters, because the package jieba is not installed. For whole "
    "words: {command}, then build the catalog again.",
)
SHOWN_LINES = 5
"""Lines of a repeated SKU that its finding lists."""


def make_catalog(
    table: RawTable, mapping: ColumnMapping, release: bool = False, can_be_seen: CanBeSeen = lambda place: False
) -> Catalog:
    """Give the columns their fields, clean and type the cells, and collect the findings.

    The rules, each reported by a finding: a line that cannot be read is kept out; rows of one product are joined, and
    its variants become products; a SKU that is missing is made of what else identifies the product; of lines with one
    SKU the last is kept, because exports append; an empty title is taken from the description or the link, and of a
    product that has neither the SKU is the title if its picture can be seen, else it is kept out; an unreadable price
    is unknown.

    Args:
        table: the file's cells.
        mapping: which column holds which field.
        release: leave ``table`` without its cells, so that those of a very long file do not stand in memory twice.
        can_be_seen: whether the picture at a place can be opened; asked for products without a text.

    Raises:
        CatalogError: the mapping names a column or field that is not there, or no product is left.
    """
    _check_mapping(table, mapping)
    findings = [_bad_line(bad) for bad in table.facts.bad_lines]
    findings += [Finding("reading", note) for note in table.facts.notes]
    columns = [str(column) for column in table.frame.columns]
    joined = _sold_rows(table, mapping, findings)
    if release:
        for column in columns:
            del table.frame[column]
    frame, lines = joined.frame, joined.lines
    frame["sku"] = identify(joined, "sku" in mapping, findings)
    del joined  # its cells go as theirs are cleaned
    report_repairs(frame, lines, findings)
    frame["title"] = make_titles(frame, lines, mapping, findings)
    name_by_sku(frame, lines, can_be_seen, findings)
    frame, lines = _usable(frame, lines, findings)
    frame, lines = _last_of_each_sku(frame, lines, findings)
    language = catalog_language(columns, frame["title"])
    frame["price"], codes = _prices(frame, lines, mapping, columns, language, findings)
    frame = frame.drop(columns="sale_price", errors="ignore").rename(columns={"sale_price (file)": "sale_price"})
    frame["currency"] = [
        currency_code(own) or code for own, code in zip(frame["currency"].tolist(), codes, strict=True)
    ]
    change_column(frame, "description", clean_texts)
    change_column(frame, "brand", one_by_one(fields.plain_text))
    split_lists(frame, findings)
    read_availability(frame, mapping, findings)
    check_gtins(frame, lines, findings)
    if not len(frame):
        raise CatalogError(
            phrase("{name} contains no product with a title.", name=table.facts.name),
            phrase("Choose another title column with --map title=COLUMN."),
        )
    _check_words(frame, findings)
    text = [name for name in frame.columns if name != "price"]
    frame = frame.astype(dict.fromkeys(text, "str")).reset_index(drop=True)
    return Catalog(frame, tuple(findings))


def _sold_rows(table: RawTable, mapping: ColumnMapping, findings: list[Finding]) -> JoinedRows:
    """Return the rows that are sold, under the fields' names; what was joined or laid aside is reported."""
    cells = unwrap_cells(table.frame, is_unguarded=table.facts.format == "csv")
    renamed = _renamed(cells, mapping).assign(**own_cells(cells, mapping))
    renamed = _with_levels(renamed, cells, mapping, findings)
    base = lay_aside_locales(renamed, mapping, table.facts.view)
    keep = np.isin(np.arange(len(base.frame)), base.kept)
    joined = join_rows(kept_rows(base.frame, keep), table.lines.to_numpy()[keep], mapping)
    unpublished = note_unpublished(joined.frame, mapping)
    findings += [Finding("reading", note) for note in (*base.notes, *joined.notes, *unpublished)]
    return joined


def _with_levels(
    frame: pd.DataFrame, cells: pd.DataFrame, mapping: ColumnMapping, findings: list[Finding]
) -> pd.DataFrame:
    """Put the levels of a category together that stand in columns of their own, and say of which."""
    levels = level_columns(cells, mapping["category"]) if "category" in mapping else []
    if len(levels) < 2:
        return frame
    findings.append(Finding("reading", LEVELS(columns=", ".join(f"“{column}”" for column in levels))))
    return frame.assign(category=joined_levels(cells, levels))


def _check_words(frame: pd.DataFrame, findings: list[Finding]) -> None:
    n = sum(map(has_chinese, frame["title"].tolist())) if chinese_words() == "pairs" else 0
    if n:
        what = WORDS_IN_PAIRS(n, command=install_command("chinese"))
        findings.append(Finding("reading", what, identity="Chinese words in pairs of characters"))


def _check_mapping(table: RawTable, mapping: ColumnMapping) -> None:
    columns = [str(column) for column in table.frame.columns]
    has = listed([f"“{column}”" for column in columns], 15)
    unknown = [field for field in mapping if field not in MAPPED_FIELDS]
    if unknown:
        raise CatalogError(
            phrase("The field “{unknown}” is unknown.", unknown=unknown[0]),
            phrase("The fields are {fields}.", fields=", ".join(MAPPED_FIELDS)),
        )
    for field, column in mapping.items():
        if column not in columns:
            raise CatalogError(
                phrase(
                    "{name}: the column “{column}” for {field} is missing; the file has {has}.",
                    name=table.facts.name,
                    column=column,
                    field=field,
                    has=has,
                ),
                phrase("Choose another column."),
            )
    if not {"title", "description", "url"} & mapping.keys():
        raise CatalogError(
            phrase(
                "{name}: no column could be recognised as the title; the file has {has}.",
                name=table.facts.name,
                has=has,
            ),
            joined([CHOOSE_TITLE(), *table.facts.notes], SENTENCE_AFTER_SENTENCE),
        )


def _renamed(frame: pd.DataFrame, mapping: ColumnMapping) -> pd.DataFrame:
    """Put the fields first, then the attributes; an attribute called like a field gets a mark.

    Where a column of sale prices is mapped, both prices stay as attributes beside the one that counts.
    """
    chosen = {column for field, column in mapping.items() if field in PRODUCT_FIELDS}
    columns: dict[str, Any] = {field: frame[mapping[field]] if field in mapping else "" for field in PRODUCT_FIELDS}
    if "sale_price" in mapping:
        chosen -= {mapping["sale_price"], mapping.get("price")}
        columns["sale_price"] = frame[mapping["sale_price"]]
    for column in frame.columns:
        if column not in chosen:
            columns[f"{column} (file)" if column in columns else str(column)] = frame[column]
    return pd.DataFrame(columns, index=frame.index)


def _usable(frame: pd.DataFrame, lines: Lines, findings: list[Finding]) -> tuple[pd.DataFrame, Lines]:
    keep = (frame["title"] != "").to_numpy()
    if keep.all():
        return frame, lines
    for i in np.flatnonzero(~keep).tolist():
        sku, line = frame["sku"].iat[i], int(lines[i])
        what = phrase(
            "{sku} on line {line} has no title, description or readable link; it is left out.", sku=sku, line=line
        )
        identity = f"{sku} on line {line} has no title, description or readable link; it is kept out."
        places = [*fields.images(str(frame["image"].iat[i]))]
        evidence = {"images": places} if places else {}
        findings.append(Finding("no text", what, (), 1.0, 1.0, line, "title", evidence, identity=identity))
    return kept_rows(frame, keep), lines[keep]


def _last_of_each_sku(frame: pd.DataFrame, lines: Lines, findings: list[Finding]) -> tuple[pd.DataFrame, Lines]:
    repeated = frame["sku"].duplicated(keep=False).to_numpy()
    if not repeated.any():
        return frame, lines
    places: dict[str, list[int]] = {}
    for i in np.flatnonzero(repeated).tolist():
        places.setdefault(str(frame["sku"].iat[i]), []).append(i)
    for sku, rows in places.items():
        first = ", ".join(str(lines[i]) for i in rows[:SHOWN_LINES])
        n_more = len(rows) - SHOWN_LINES
        if n_more > 0:
            what = REPEATED_MORE(n=len(rows), sku=sku, lines=first, more=n_more)
        else:
            what = REPEATED(n=len(rows), sku=sku, lines=first)
        findings.append(Finding("repeated sku", what, (sku,), 0.6, line=int(lines[rows[-1]]), column="sku"))
    keep = ~frame["sku"].duplicated(keep="last").to_numpy()
    return kept_rows(frame, keep), lines[keep]


def _prices(
    frame: pd.DataFrame,
    lines: Lines,
    mapping: ColumnMapping,
    columns: list[str],
    language: str,
    findings: list[Finding],
) -> tuple[Any, list[str]]:
    """Return the amounts that count and their currencies: the sale price where a row has a lower one above 0."""
    cells = frame["price"].tolist()
    stated = read_name(mapping.get("price", "")).currency or stated_currency(columns)
    amounts, codes = read_prices(cells, currency=stated, language=language)
    for i in np.flatnonzero(np.isnan(amounts)).tolist():
        if cells[i].strip():
            sku = str(frame["sku"].iat[i])
            what = phrase(
                "The price “{price}” of {sku} cannot be read; it counts as unknown.", price=cells[i][:40], sku=sku
            )
            findings.append(
                Finding("unreadable price", what, (sku,), 0.5, line=int(lines[i]), column=mapping.get("price"))
            )
    if "sale_price" not in frame:
        return amounts, codes
    currency = read_name(mapping["sale_price"]).currency
    sales, sale_codes = read_prices(frame["sale_price"].tolist(), currency=currency, language=language)
    counts = (sales > 0) & ~(sales >= amounts) & _is_on_sale(frame)
    codes = [sale or code if on else code for sale, code, on in zip(sale_codes, codes, counts.tolist(), strict=True)]
    return np.where(counts, sales, amounts), codes


def _is_on_sale(frame: pd.DataFrame) -> NDArray[np.bool_]:
    """Return which products are on sale: all with a sale price, unless a column "On sale" says no."""
    says = next(
        (column for column in frame.columns if plain_name(str(column)).replace(" ", "") in ("onsale", "isonsale")), None
    )
    if says is None:
        return np.ones(len(frame), bool)
    on: NDArray[np.bool_] = ~frame[says].str.strip().str.lower().isin(["no", "false", "0", "n"]).to_numpy(bool)
    return on


def _first_wording(reason: str) -> str:
    """Return a reason as it was first worded, which decisions about it are recognised by."""
    return reason.replace("it is not a JSON object", "it is no JSON object").replace(
        "not valid JSON:", "no valid JSON:"
    )


def _bad_line(bad: BadLine) -> Finding:
    return Finding(
        "unreadable line",
        phrase("Line {line} is left out: {reason}.", line=bad.line, reason=bad.reason),
        severity=1.0,
        line=bad.line,
        evidence={"text": bad.text},
        identity=f"Line {bad.line} is kept out: {_first_wording(bad.reason)}.",
    )
