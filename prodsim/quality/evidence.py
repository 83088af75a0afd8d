"""Evidence of findings as people read it; its keys are for programs and stay as they are."""

from collections.abc import Mapping
from typing import Any

from prodsim.phrases import Text
from prodsim.quality.duplicates.thresholds import describe_origin

LABELS: Mapping[str, Text] = {
    "above": Text("Products above"),
    "below": Text("Products below"),
    "brand": Text("Brand"),
    "canonical": Text("Proposed spelling"),
    "categories": Text("Categories"),
    "category": Text("Category"),
    "closer than": Text("Closer than random pairs"),
    "contents": Text("Overlap of products"),
    "declared": Text("Already grouped"),
    "demand": Text("Demand in the category"),
    "demand column": Text("Demand measured by"),
    "deviations": Text("Deviations from the usual price"),
    "differing": Text("Differences"),
    "differing_words": Text("Differing words"),
    "examples": Text("Examples"),
    "field": Text("In the field"),
    "files": Text("Files"),
    "from": Text("Price band from"),
    "image": Text("Picture"),
    "keeper": Text("Reason to keep it"),
    "name": Text("Similarity of names"),
    "named": Text("In the title"),
    "nearest": Text("Nearest product"),
    "neighbours": Text("Neighbours"),
    "others": Text("Rest of the category, closer than random pairs"),
    "price": Text("Price"),
    "products": Text("Products"),
    "proposed": Text("Proposed category"),
    "scores": Text("Scores"),
    "share": Text("Share of neighbours"),
    "smallest_score": Text("Lowest score"),
    "spellings": Text("Spellings"),
    "text": Text("Text"),
    "texts": Text("Different texts"),
    "threshold": Text("Threshold"),
    "threshold_from": Text("Reason for the threshold"),
    "to": Text("Price band to"),
    "usual": Text("Usual price"),
    "usual demand": Text("Demand in the catalog"),
    "usual share": Text("Usually filled in"),
    "usually agree": Text("Usually in agreement"),
    "value": Text("Proposed value"),
}
"""Keys of evidence and what they are called; a key that is missing here is a column, a currency or a SKU."""


def evidence_label(name: str) -> str:
    """Return what a key of a finding's evidence is called."""
    return LABELS[name]() if name in LABELS else name


def evidence_value(name: str, value: Any) -> Any:
    """Return a value of evidence as people read it: where a threshold comes from in words, others as they are."""
    return describe_origin(value) if name == "threshold_from" else value
