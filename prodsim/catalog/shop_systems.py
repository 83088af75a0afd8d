"""Which shop system wrote a file, by the names of its columns, and which of them only that system explains."""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from prodsim.catalog.plain_names import plain_name


def platform_of(columns: Iterable[str]) -> str:
    """Return the shop system whose export has these columns, such as ``Shopify``; ``""`` where none is recognised."""
    names = {plain_name(column) for column in columns}
    marks: Mapping[str, Sequence[Sequence[str]]] = _shop_systems()["marks"]
    has_all = (name for name, lists in marks.items() if any(names.issuperset(map(plain_name, each)) for each in lists))
    return next(has_all, "")


def own_columns(platform: str, field: str) -> list[str]:
    """Return the plain names of the columns that hold a field where only the shop system explains it, the best first.

    Args:
        platform: as ``platform_of`` returns it.
        field: ``sku``, the shop's own numbers, or ``category``.
    """
    return [*map(plain_name, _shop_systems()[field].get(platform, []))]


@lru_cache(maxsize=1)
def _shop_systems() -> Mapping[str, Mapping[str, Any]]:
    return tomllib.loads(Path(__file__).with_name("shop_systems.toml").read_text(encoding="utf-8"))
