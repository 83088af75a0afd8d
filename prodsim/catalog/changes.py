"""What differs between two states of one catalog."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from prodsim.catalog.products import Catalog


@dataclass(frozen=True, slots=True)
class CatalogChanges:
    """A newer catalog against an older one, by SKU.

    Attributes:
        new: SKUs only the newer one has, in its order.
        changed: SKUs of both whose cells differ, in the newer one's order.
        gone: SKUs only the older one has, in its order.
        n_same: products of both without a difference.
        fields: field or attribute to the number of changed products whose cell differs in it, most first; equal ones in
            the order of the columns.
        new_columns, gone_columns: attributes only one of them has; they do not make a product changed.
    """

    new: tuple[str, ...]
    changed: tuple[str, ...]
    gone: tuple[str, ...]
    n_same: int
    new_columns: tuple[str, ...] = ()
    gone_columns: tuple[str, ...] = ()
    fields: Mapping[str, int] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        """Return whether nothing differs."""
        return not (self.new or self.changed or self.gone or self.new_columns or self.gone_columns)


def compare_catalogs(old: Catalog, new: Catalog) -> CatalogChanges:
    """Tell what a newer state of a catalog adds, changes and leaves out."""
    shared = [column for column in new.products.columns if column in old.products]
    before, after = _digests(old, shared), _digests(new, shared)
    both = after.index[after.index.isin(before.index)]
    is_changed = (after[both] != before[both]).to_numpy()
    changed = both[is_changed]
    return CatalogChanges(
        new=tuple(after.index[~after.index.isin(before.index)]),
        changed=tuple(changed),
        gone=tuple(before.index[~before.index.isin(after.index)]),
        n_same=int((~is_changed).sum()),
        new_columns=tuple(name for name in new.attributes if name not in old.products),
        gone_columns=tuple(name for name in old.attributes if name not in new.products),
        fields=_count_by_field(old.products, new.products, changed, shared),
    )


def _count_by_field(old: pd.DataFrame, new: pd.DataFrame, skus: pd.Index, columns: list[str]) -> dict[str, int]:
    """Return how many of the products differ in each column, for columns in which any does."""
    before, after = (frame.set_index("sku").loc[skus] for frame in (old, new))
    counts = {}
    for column in columns:
        if column != "sku":
            earlier, later = before[column], after[column]
            is_same = (earlier == later).fillna(False).astype(bool) | (earlier.isna() & later.isna())
            counts[column] = int((~is_same).sum())
    return dict(sorted(((name, n) for name, n in counts.items() if n), key=lambda pair: -pair[1]))


def _digests(catalog: Catalog, columns: list[str]) -> "pd.Series[int]":
    """Return a number per SKU that changes with any of the cells."""
    numbers = pd.util.hash_pandas_object(catalog.products[columns], index=False)
    return numbers.set_axis(pd.Index(catalog.products["sku"].astype(object)))
