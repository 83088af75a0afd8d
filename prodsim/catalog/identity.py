"""What identifies a product: its SKU, else a key that survives a changed file, else its line."""

from collections import Counter, defaultdict

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prodsim.catalog import fields
from prodsim.catalog.gtins import compact_gtin, normal_gtin
from prodsim.catalog.joined_rows import JoinedRows
from prodsim.findings import Finding
from prodsim.phrases import Plural, phrase
from prodsim.text import clean_texts

KEYED = Plural(
    "{n:,} product has no SKU; its handle and options, id, GTIN or link identifies it: {example}.",
    "{n:,} products have no SKU; their handles and options, ids, GTINs or links identify them, such as {example}.",
)
NUMBERED = Plural(
    "{n:,} product has neither a SKU nor an id, so the number of its line is used: {example}. Decisions about it are "
    "lost when the lines of the file move.",
    "{n:,} products have neither a SKU nor an id, so the numbers of their lines are used, such as {example}. Decisions "
    "about them are lost when the lines of the file move.",
)
SHARED = Plural(
    "{n:,} variant shares its SKU with another of its product; its options were added: {example}.",
    "{n:,} variants share their SKU with others of their product; their options were added, such as {example}.",
)


SHARED_BY_GTIN = Plural(
    "{n:,} row shares its SKU and title with others that have another GTIN; they are variants, and their GTINs were "
    "added: {example}.",
    "{n:,} rows share their SKU and title with others that have another GTIN; they are variants, and their GTINs were "
    "added, such as {example}.",
)


def identify(joined: JoinedRows, is_mapped: bool, findings: list[Finding]) -> list[str]:
    """Return a SKU for each product; what was made for lack of one is reported.

    Without a SKU: the key of the product's rows with its options, its id, its GTIN, the end of its link, each only
    where no other product has the same, by then; else its line. Variants of one product that share a SKU get their
    options added; rows of one SKU and title that all have GTINs of their own get these, and the SKU is their group.

    Args:
        joined: the products.
        is_mapped: whether a column of the file contains SKUs.
        findings: what was made is added to them.
    """
    cells: list[str] = joined.frame["sku"].tolist()
    skus = [sku or " ".join(cell.split()) for sku, cell in zip(clean_texts(cells), cells, strict=True)]  # <b> is one
    _tell_apart(skus, joined, findings)
    _tell_apart_by_gtin(skus, joined.frame, findings)
    missing = [row for row, sku in enumerate(skus) if not sku]
    if not missing:
        return skus
    taken = set(skus)
    for candidates in (joined.keys, _gtins(joined.frame), [fields.link_end(url) for url in joined.frame["url"]]):
        counts = Counter(candidates)
        for row in missing:
            key = candidates[row]
            if not skus[row] and key and counts[key] == 1 and key not in taken:
                skus[row] = key
                taken.add(key)
    keyed = [row for row in missing if skus[row]]
    numbered = [row for row in missing if not skus[row]]
    for row in numbered:
        skus[row] = f"line-{joined.lines[row]}"
    _report(skus, keyed, numbered, joined.lines, is_mapped, findings)
    return skus


def _report(
    skus: list[str],
    keyed: list[int],
    numbered: list[int],
    lines: NDArray[np.int64],
    is_mapped: bool,
    findings: list[Finding],
) -> None:
    if keyed:
        what = KEYED(len(keyed), example=skus[keyed[0]])
        findings.append(Finding("missing sku", what, severity=0.3, column="sku", identity="keyed without a SKU"))
    if not numbered:
        return
    if not is_mapped:
        findings.append(
            Finding(
                "missing sku",
                NUMBERED(len(numbered), example=skus[numbered[0]]),
                severity=0.6,
                identity="No column holds SKUs; they are made of the line numbers, such as line-2.",
            )
        )
        return
    for row in numbered:
        what = phrase("Line {line} has no SKU; {sku} is used.", line=lines[row], sku=skus[row])
        findings.append(Finding("missing sku", what, (skus[row],), 0.6, line=int(lines[row]), column="sku"))


def _gtins(frame: pd.DataFrame) -> list[str]:
    return [normal_gtin(cell) for cell in frame["gtin"].tolist()]


def _tell_apart(skus: list[str], joined: JoinedRows, findings: list[Finding]) -> None:
    """Add their options to the SKUs of variants that share one within their group."""
    if not any(joined.options):
        return
    groups: list[str] = joined.frame["group_id"].tolist()
    counts = Counter(zip(skus, groups, strict=True))
    renamed = []
    for row, (sku, group) in enumerate(zip(skus, groups, strict=True)):
        if sku and group and joined.options[row] and counts[sku, group] > 1:
            skus[row] = f"{sku}-{joined.options[row]}"
            renamed.append(row)
    if renamed:
        what = SHARED(len(renamed), example=skus[renamed[0]])
        findings.append(Finding("repeated sku", what, severity=0.4, column="sku", identity="variants with one SKU"))


def _tell_apart_by_gtin(skus: list[str], frame: pd.DataFrame, findings: list[Finding]) -> None:
    """Add their GTINs to the SKUs of sizes that a shop lists under one number."""
    rows_of: dict[str, list[int]] = defaultdict(list)
    counts = Counter(skus)
    for row, sku in enumerate(skus):
        if sku and counts[sku] > 1:
            rows_of[sku].append(row)
    if not rows_of:
        return
    gtins, titles = frame["gtin"].tolist(), frame["title"].tolist()
    groups: list[str] = frame["group_id"].tolist()
    renamed = []
    for sku, rows in rows_of.items():
        own = {normal_gtin(gtins[row]) for row in rows}
        if "" in own or len(own) < len(rows) or len({titles[row] for row in rows}) > 1:
            continue
        renamed += rows
        for row in rows:
            skus[row], groups[row] = f"{sku}-{compact_gtin(gtins[row])}", groups[row] or sku
    if renamed:
        frame["group_id"] = pd.array(groups, dtype="str")
        what = SHARED_BY_GTIN(len(renamed), example=skus[renamed[0]])
        findings.append(Finding("repeated sku", what, severity=0.4, column="sku", identity="variants with one SKU"))
