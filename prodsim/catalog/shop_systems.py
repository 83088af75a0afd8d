"""Which shop system wrote a file, by the names of its columns."""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path

from prodsim.catalog.names import plain_name


def platform_of(columns: Iterable[str]) -> str:
    """Return the shop system whose export has these columns, such as ``Shopify``; ``""`` where none is recognised."""
    names = {plain_name(column) for column in columns}
    return next((name for name, lists in _shop_systems().items() if any(names.issuperset(each) for each in lists)), "")


@lru_cache(maxsize=1)
def _shop_systems() -> Mapping[str, Sequence[Sequence[str]]]:
    text = Path(__file__).with_name("shop_systems.toml").read_text(encoding="utf-8")
    return {
        platform: [[plain_name(name) for name in each] for each in lists]
        for platform, lists in tomllib.loads(text).items()
    }
