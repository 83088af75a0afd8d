"""What requests are answered with; the types describe the answers in OpenAPI."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import orjson

from prodsim.extras import optional_packages
from prodsim.search import Hit, SearchResult

with optional_packages():
    from starlette.responses import Response

_OPTIONS = orjson.OPT_NON_STR_KEYS | orjson.OPT_SERIALIZE_NUMPY


class Json(Response):
    """An answer in JSON."""

    media_type = "application/json"

    def render(self, content: object) -> bytes:
        """Return the content as it is sent."""
        return as_bytes(content)


def as_bytes(content: object) -> bytes:
    """Return a value as JSON; numbers that are not finite become null, as JSON has no word for them."""
    return orjson.dumps(content, default=_plain, option=_OPTIONS)


def _plain(value: object) -> object:
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, np.ndarray):
        return value.tolist()
    if isinstance(value, set | frozenset):
        return sorted(value)
    return str(value)


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, and how to mend it."""

    what: str
    fix: str


@dataclass(frozen=True, slots=True)
class ProblemAnswer:
    """The answer to every request that cannot be done."""

    error: Problem


@dataclass(frozen=True, slots=True)
class SettingFacts:
    """What similar meant in a search."""

    weights: Mapping[str, float]
    metric: str
    name: str | None


Products = Mapping[str, Mapping[str, Any]]
"""The columns that were asked for, by SKU."""


@dataclass(frozen=True, slots=True)
class SearchAnswer:
    """A search result, the setting it was made with, and the columns that were asked for by SKU."""

    hits: Sequence[Hit]
    exact: bool
    took_ms: float
    candidates: int
    n_allowed: int
    n_products: int
    note: str
    left_out: Mapping[str, int]
    setting: SettingFacts
    products: Products

    @classmethod
    def of(cls, result: SearchResult, setting: SettingFacts, products: Products) -> "SearchAnswer":
        """Return the answer that a result gives."""
        own = [field.name for field in fields(cls) if field.name not in ("setting", "products")]
        return cls(**{name: getattr(result, name) for name in own}, setting=setting, products=products)


@dataclass(frozen=True, slots=True)
class BatchResult:
    """The hits of one query."""

    id: str
    hits: Sequence[Hit]


@dataclass(frozen=True, slots=True)
class BatchAnswer:
    """The hits of each query, in their order."""

    results: Sequence[BatchResult]
    setting: SettingFacts
    products: Products
