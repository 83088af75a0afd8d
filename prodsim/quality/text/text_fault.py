"""A fault of a text, and the findings that it makes in a column."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np

from prodsim.findings import Finding
from prodsim.phrases import Text, phrase
from prodsim.quality.sentences import name_column, name_products, quote
from prodsim.quality.statistics import is_shared_by_many
from prodsim.quality.subject import Subject
from prodsim.text import CHINESE

CHINESE_CHARACTER = re.compile(f"[{CHINESE}]")
TOKEN = re.compile(rf"[{CHINESE}]|[^\W_{CHINESE}]+")
"""A Chinese character, or a word in other letters, also where they are not set apart as in *OLAY面霜*."""
LETTER = re.compile(r"[^\W\d_]")


@dataclass(frozen=True, slots=True)
class TextFault:
    """A fault of one text.

    Attributes:
        sentence: what is wrong, with ``{products}``, ``{column}``, ``{text}`` and the names of ``values``.
        score: how sure that is, 0 to 1.
        values: of the sentence.
    """

    sentence: Text
    score: float = 0.9
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ColumnFault:
    """What all findings of one fault in one column have in common.

    Attributes:
        kind, column, severity, proposal: of the findings.
        is_of_product: whether each product needs a text of its own, as in place of a placeholder; any other fault is
            reported once for all the products with the same text, for it is rewritten once.
    """

    kind: str
    column: str
    severity: float
    proposal: str
    is_of_product: bool = False


def find_faulty(subject: Subject, shared: ColumnFault, inspect: Callable[[str], TextFault | None]) -> Iterator[Finding]:
    """Yield findings about the texts of a column that have a fault, in catalog order.

    Each different text is inspected once. What hundreds of products have is a single finding.
    """
    products = subject.catalog.products
    faults = {text: inspect(text) for text in products[shared.column].unique() if text}
    faulty = {text: fault for text, fault in faults.items() if fault}
    if not faulty:
        return
    hits = products.loc[products[shared.column].isin(list(faulty)), ["sku", shared.column]]
    skus_of = {str(text): [*skus] for text, skus in hits.groupby(shared.column, sort=False)["sku"]}
    if is_shared_by_many(len(hits), subject.catalog):
        yield _finding_of_many(shared, faulty, skus_of)
        return
    for text, skus in skus_of.items():
        for some in [(sku,) for sku in skus] if shared.is_of_product else [tuple(skus)]:
            what = _sentence(shared, text, faulty[text], some)
            yield _finding(shared, what, some, faulty[text].score, {"text": text})


def _finding_of_many(shared: ColumnFault, faulty: Mapping[str, TextFault], skus_of: Mapping[str, list[str]]) -> Finding:
    """Make the one finding of a fault that hundreds of products have, with the first of them as its example."""
    text, skus = next(iter(skus_of.items()))
    every = tuple(sku for some in skus_of.values() for sku in some)
    example = _sentence(shared, text, faulty[text], skus[:1])
    what = phrase("{n:,} products have the same fault. For example, {example}", n=len(every), example=example)
    score = float(np.mean([fault.score for fault in faulty.values()]))
    return _finding(shared, what, every, score, {"products": len(every), "texts": len(skus_of), "text": text})


def _sentence(shared: ColumnFault, text: str, fault: TextFault, skus: tuple[str, ...] | list[str]) -> str:
    """Return the sentence about a fault of some products."""
    return fault.sentence(
        products=name_products(skus), column=name_column(shared.column), text=quote(text), **fault.values
    )


def _finding(
    shared: ColumnFault, what: str, skus: tuple[str, ...], score: float, evidence: dict[str, object]
) -> Finding:
    """Make a finding about texts of a column."""
    return Finding(
        shared.kind, what, skus, shared.severity, score, column=shared.column, evidence=evidence,
        proposal=shared.proposal,
    )  # fmt: skip


def count_words(text: str) -> int:
    """Count words, two Chinese characters as one."""
    n_chinese = len(CHINESE_CHARACTER.findall(text))
    return len(TOKEN.findall(text)) - n_chinese + (n_chinese + 1) // 2
