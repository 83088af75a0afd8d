"""Reads values out of titles: ``python -m benchmarks.attributes FOLDER [share]``.

FOLDER holds ``catalog.csv`` (sku, title, category) and ``attributes.csv`` (sku, attribute, value). A share of the
titles teaches (a half by default), the others are read. A value counts where its attribute and itself are as marked,
but for case. Beside it, a dictionary: the values that were taught, the longest first, as what they mostly were in the
category.
"""

import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from prodsim.quality.fields.title_values import TitleReader

Marks = set[tuple[str, str]]


def main() -> None:
    """Print F1 of both, over all and by attribute."""
    folder, share = Path(sys.argv[1]), float(sys.argv[2]) if len(sys.argv) > 2 else 0.5
    products = pd.read_csv(folder / "catalog.csv", dtype=str).fillna("")
    marked = pd.read_csv(folder / "attributes.csv", dtype=str).fillna("")
    values: dict[str, dict[str, str]] = defaultdict(dict)
    for sku, attribute, value in marked[["sku", "attribute", "value"]].itertuples(index=False):
        values[sku].setdefault(attribute, value)
    order = np.random.default_rng(0).permutation(len(products))
    n = int(share * len(order))
    taught, others = products.iloc[order[:n]], products.iloc[order[n:]]
    own = [values[sku] for sku in taught["sku"]]
    truth = [{(name, value.casefold()) for name, value in values[sku].items()} for sku in others["sku"]]
    reader = TitleReader.fit(taught["title"].tolist(), taught["category"].tolist(), own)
    names = dictionary(taught["category"].tolist(), own)
    pairs = list(zip(others["title"], others["category"], strict=True))
    read = [{(one.field, one.value.casefold()) for one in reader.read(*pair)} for pair in pairs]
    looked_up = [set(look_up(names[category], title)) for title, category in pairs]
    print(f"{n:,} titles teach, {len(truth):,} are read\n{'':18}{'F1':>8}{'precision':>11}{'recall':>8}")
    for what, found in (("dictionary", looked_up), ("learned", read)):
        print(f"{what:18}" + "".join(f"{x:{w}.3f}" for x, w in zip(f1(found, truth), (8, 11, 8), strict=True)))
    counts = Counter(name for marks in truth for name, _ in marks)
    print(f"\n{'F1 by attribute':18}{'titles':>8}{'dictionary':>12}{'learned':>9}")
    for name, n_titles in counts.most_common():
        both = [f1(only(found, name), only(truth, name))[0] for found in (looked_up, read)]
        print(f"{name:18}{n_titles:8,}{both[0]:12.3f}{both[1]:9.3f}")


def only(marks: Sequence[Marks], name: str) -> list[Marks]:
    """Return the marks of one attribute."""
    return [{one for one in own if one[0] == name} for own in marks]


def dictionary(categories: Sequence[str], values: Sequence[Mapping[str, str]]) -> dict[str, dict[str, str]]:
    """Return each category's values with the attribute that they mostly are, the longest first."""
    counts: dict[str, dict[str, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    for category, own in zip(categories, values, strict=True):
        for name, value in own.items():
            counts[category][value.casefold()][name] += 1
    return {
        category: {value: own[value].most_common(1)[0][0] for value in sorted(own, key=len, reverse=True)}
        for category, own in counts.items()
    }


def look_up(names: Mapping[str, str], title: str) -> Iterator[tuple[str, str]]:
    """Yield the values of a dictionary that a title has as whole words, none within another."""
    left = title.casefold()
    for value, name in names.items():
        at = left.find(value)
        if at >= 0 and not left[at - 1 : at].isalnum() and not left[at + len(value) : at + len(value) + 1].isalnum():
            left = f"{left[:at]}{' ' * len(value)}{left[at + len(value) :]}"
            yield name, value


def f1(found: Sequence[Marks], truth: Sequence[Marks]) -> tuple[float, float, float]:
    """Return F1, precision and recall over all marks."""
    right = sum(len(a & b) for a, b in zip(found, truth, strict=True))
    precision, recall = right / max(sum(map(len, found)), 1), right / max(sum(map(len, truth)), 1)
    return 2 * precision * recall / max(precision + recall, 1e-9), precision, recall


if __name__ == "__main__":
    main()
