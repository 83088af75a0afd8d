"""Why a product was found, and what would have to differ."""

from prodsim.explain.meaning import Meaning, explain_meaning
from prodsim.explain.parts import Explanation, PartReason, explain, in_short
from prodsim.explain.query_terms import Encode
from prodsim.explain.what_if import Counterfactual, WhatIf, what_if

__all__ = [
    "Counterfactual",
    "Encode",
    "Explanation",
    "Meaning",
    "PartReason",
    "WhatIf",
    "explain",
    "explain_meaning",
    "in_short",
    "what_if",
]
