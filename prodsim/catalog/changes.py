"""What differs between two states of one catalog."""

from dataclasses import dataclass

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
        new_columns, gone_columns: attributes only one of them has; they do not make a product changed.
    """

    new: tuple[str, ...]
    changed: tuple[str, ...]
    gone: tuple[str, ...]
    n_same: int
    new_columns: tuple[str, ...] = ()
    gone_columns: tuple[str, ...] = ()


def compare_catalogs(old: Catalog, new: Catalog) -> CatalogChanges:
    """Tell what a newer state of a catalog adds, changes and leaves out."""
    shared = [column for column in new.products.columns if column in old.products]
    before, after = _digests(old, shared), _digests(new, shared)
    both = after.index[after.index.isin(before.index)]
    is_changed = (after[both] != before[both]).to_numpy()
    return CatalogChanges(
        new=tuple(after.index[~after.index.isin(before.index)]),
        changed=tuple(both[is_changed]),
        gone=tuple(before.index[~before.index.isin(after.index)]),
        n_same=int((~is_changed).sum()),
        new_columns=tuple(name for name in new.attributes if name not in old.products),
        gone_columns=tuple(name for name in old.attributes if name not in new.products),
    )


def _digests(catalog: Catalog, columns: list[str]) -> "pd.Series[int]":
    """Return a number per SKU that changes with any of the cells."""
    numbers = pd.util.hash_pandas_object(catalog.products[columns], index=False)
    return numbers.set_axis(pd.Index(catalog.products["sku"].astype(object)))
