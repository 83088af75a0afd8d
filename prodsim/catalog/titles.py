"""Titles of products: cleaned, made where they are missing, and what was mended is reported."""

from collections.abc import Callable

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prodsim.catalog import fields
from prodsim.catalog.chunks import each_cell, kept_rows
from prodsim.catalog.mapping import ColumnMapping
from prodsim.findings import Finding
from prodsim.phrases import Plural, Text, phrase
from prodsim.text import clean_text, clean_texts, repairs, unclean_texts

Lines = NDArray[np.int64]

REPAIRS = {"markup": "markup removed", "mojibake": "mojibake repaired"}
"""Fault to the kind of its finding."""

REPAIRED_TEXT = {
    ("markup", "title"): Text("The title of {sku} contained HTML markup, which was removed: “{text}”."),
    ("markup", "description"): Text("The description of {sku} contained HTML markup, which was removed: “{text}”."),
    ("mojibake", "title"): Text("The title of {sku} contained letters of a wrong encoding, now repaired: “{text}”."),
    ("mojibake", "description"): Text(
        "The description of {sku} contained letters of a wrong encoding, now repaired: “{text}”."
    ),
}

REPAIRED_TEXTS = {
    ("markup", "title"): Text("{n:,} titles contained HTML markup, which was removed."),
    ("markup", "description"): Text("{n:,} descriptions contained HTML markup, which was removed."),
    ("mojibake", "title"): Text("{n:,} titles contained letters of a wrong encoding, which were repaired."),
    ("mojibake", "description"): Text("{n:,} descriptions contained letters of a wrong encoding, which were repaired."),
}
"""Fault and field to what is said of one product, and of more than ``MANY``."""

TITLES_MADE = {
    "descriptions": Plural(
        "No column contains titles; {n:,} title was made from a description.",
        "No column contains titles; {n:,} titles were made from the descriptions.",
    ),
    "links": Plural(
        "No column contains titles; {n:,} title was made from a link.",
        "No column contains titles; {n:,} titles were made from the links.",
    ),
}

CanBeSeen = Callable[[str], bool]

MANY = 100
"""Texts with one fault from which on it is reported once for all."""

TITLE_FROM_DESCRIPTION = 80
"""Characters of the description that stand in for an empty title."""


def make_titles(frame: pd.DataFrame, lines: Lines, mapping: ColumnMapping, findings: list[Finding]) -> list[str]:
    """Return the cleaned titles; one that is missing is made of the description or the link, and reported."""
    titles = clean_texts(frame["title"].tolist())
    is_empty = np.array([not title for title in titles], bool)
    empty, rest = np.flatnonzero(is_empty).tolist(), kept_rows(frame[["sku", "description", "url"]], is_empty)
    made = 0
    for i, sku, description, url in zip(empty, *map(each_cell, (rest[name] for name in rest)), strict=True):
        begun = clean_text(description)[:TITLE_FROM_DESCRIPTION].strip()
        titles[i] = begun or fields.title_from_url(url)
        made += bool(titles[i])
        if titles[i] and "title" in mapping:
            source = phrase("the beginning of its description") if begun else phrase("its link")
            what = phrase("{sku} has no title; “{title}”, {source}, is used.", sku=sku, title=titles[i], source=source)
            findings.append(Finding("empty title", what, (sku,), 0.8, line=int(lines[i]), column="title"))
    if made and "title" not in mapping:
        source = "descriptions" if "description" in mapping else "links"
        findings.append(
            Finding(
                "empty title",
                TITLES_MADE[source](made),
                severity=0.8,
                identity=f"No column holds titles; {made:,} are made of the {source}.",
            )
        )
    return titles


def name_by_sku(frame: pd.DataFrame, lines: Lines, can_be_seen: CanBeSeen, findings: list[Finding]) -> None:
    """Give products that have no text, but a picture that can be seen, their SKU as the title, in place."""
    titles = frame["title"].tolist()
    for i in np.flatnonzero(frame["title"] == "").tolist():
        places = fields.images(str(frame["image"].iat[i]))
        if any(map(can_be_seen, places)):
            titles[i] = sku = str(frame["sku"].iat[i])
            what = phrase("{sku} has no text, but a picture; its SKU is used as the title.", sku=sku)
            findings.append(Finding("empty title", what, (sku,), 0.8, line=int(lines[i]), column="title"))
    frame["title"] = titles


def report_repairs(frame: pd.DataFrame, lines: Lines, findings: list[Finding]) -> None:
    """Say which titles and descriptions are mended, one finding for a fault that very many share."""
    for column in ("title", "description"):
        mended: dict[str, list[int]] = {}
        for i, cell in unclean_texts(each_cell(frame[column])):
            for fault in repairs(cell):
                mended.setdefault(fault, []).append(i)
        for fault, rows in mended.items():
            kind = REPAIRS[fault]
            skus = [str(frame["sku"].iat[i]) for i in rows[:MANY]]
            if len(rows) > MANY:
                what = REPAIRED_TEXTS[fault, column](n=len(rows))
                findings.append(Finding(kind, what, tuple(skus), 0.3, column=column))
                continue
            for i, sku in zip(rows, skus, strict=True):
                what = REPAIRED_TEXT[fault, column](sku=sku, text=str(frame[column].iat[i])[:60])
                findings.append(Finding(kind, what, (sku,), 0.3, line=int(lines[i]), column=column))
