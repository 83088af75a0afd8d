"""A fault of a text, and the findings that it makes in a column."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from prodsim.findings import Finding
from prodsim.quality.statistics import is_shared_by_many, quoted
from prodsim.quality.subject import Subject
from prodsim.text import CHINESE

HAN = re.compile(f"[{CHINESE}]")
TOKEN = re.compile(rf"[{CHINESE}]|[^\W_{CHINESE}]+")
"""A Chinese character, or a word in other letters, also where they are not set apart as in *OLAY面霜*."""
LETTERS = re.compile(r"[^\W\d_]")


@dataclass(frozen=True, slots=True)
class Seen:
    """A fault of one text: what is wrong with it, as the end of a sentence, and how sure that is, 0 to 1."""

    what: str
    score: float = 0.9


@dataclass(frozen=True, slots=True)
class Fault:
    """What all findings of one fault in one column have in common.

    Attributes:
        kind, column, severity, proposal: of the findings.
        is_of_product: whether each product needs a text of its own, as in place of a placeholder; a fault of a text is
            told once for all the products that have this text, for it is written anew once.
    """

    kind: str
    column: str
    severity: float
    proposal: str
    is_of_product: bool = False


def find_faulty(subject: Subject, fault: Fault, see: Callable[[str], Seen | None]) -> Iterator[Finding]:
    """Findings about the texts of a column that have a fault, in catalog order; each different text is looked at once.

    What hundreds of products have is a single finding.
    """
    products = subject.catalog.products
    known = {text: see(text) for text in products[fault.column].unique() if text}
    faulty = {text: seen for text, seen in known.items() if seen}
    if not faulty:
        return
    hits = products.loc[products[fault.column].isin(list(faulty)), ["sku", fault.column]]
    skus = {str(text): [*own] for text, own in hits.groupby(fault.column, sort=False)["sku"]}
    if is_shared_by_many(len(hits), subject.catalog):
        yield _together(fault, faulty, skus)
        return
    for text, own in skus.items():
        for some in [(sku,) for sku in own] if fault.is_of_product else [tuple(own)]:
            what = f"The {fault.column} of {named(some)}, {quoted(text)}, {faulty[text].what}."
            yield _finding(fault, what, some, faulty[text].score, {"text": text})


def _together(fault: Fault, faulty: dict[str, Seen], skus: dict[str, list[str]]) -> Finding:
    text, own = next(iter(skus.items()))
    every = tuple(sku for some in skus.values() for sku in some)
    what = f"{len(every):,} products have one fault: for instance, the {fault.column} of {own[0]}, {quoted(text)}, "
    score = float(np.mean([seen.score for seen in faulty.values()]))
    evidence = {"products": len(every), "texts": len(skus), "text": text}
    return _finding(fault, f"{what}{faulty[text].what}.", every, score, evidence)


def _finding(fault: Fault, what: str, skus: tuple[str, ...], score: float, evidence: dict[str, object]) -> Finding:
    return Finding(
        fault.kind, what, skus, fault.severity, score, column=fault.column, evidence=evidence, proposal=fault.proposal
    )


def named(skus: Sequence[str]) -> str:
    """Products for a sentence: *P1*, *P1 and P2*, *P1 and 12 others*."""
    return f"{skus[0]} and {len(skus) - 1:,} others" if len(skus) > 2 else " and ".join(skus)


def count_words(text: str) -> int:
    """Words, two Chinese characters counting as one."""
    han = len(HAN.findall(text))
    return len(TOKEN.findall(text)) - han + (han + 1) // 2
