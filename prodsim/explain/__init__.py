"""Why a product was found, and what would have to differ."""

from prodsim.explain.asked import Encode
from prodsim.explain.changes import Counterfactual, WhatIf, what_if
from prodsim.explain.meaning import Meaning, explain_meaning
from prodsim.explain.parts import Explanation, PartReason, explain, in_short

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
