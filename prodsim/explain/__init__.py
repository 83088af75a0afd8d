"""Explanations: why a product has its score, and which changes would lower its rank."""

from prodsim.explain.black_box import Surrogate, imitate
from prodsim.explain.look import ComparedPicture, explain_look
from prodsim.explain.meaning import Meaning, closeness, explain_meaning
from prodsim.explain.parts import Explanation, PartReason, explain, short_explanations
from prodsim.explain.query_terms import Encode
from prodsim.explain.what_if import Counterfactual, WhatIf, what_if

__all__ = [
    "ComparedPicture",
    "Counterfactual",
    "Encode",
    "Explanation",
    "Meaning",
    "PartReason",
    "Surrogate",
    "WhatIf",
    "closeness",
    "explain",
    "explain_look",
    "explain_meaning",
    "imitate",
    "short_explanations",
    "what_if",
]
