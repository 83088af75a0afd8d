"""Aligns the categories of two shops: ``python -m benchmarks.categories CATALOG [levels]``.

CATALOG has the columns title and category_path, its levels between " >> ". Its products are dealt to two shops by
their first word, which is mostly the brand, so that the shops share no range. The right category of each is the same
path. The other shop's names are kept, or written in what the built-in words call the same, or all are hidden.
"""

import sys
import zlib
from pathlib import Path

import numpy as np
import pandas as pd

from prodsim.knowledge import Knowledge, built_in_knowledge
from prodsim.match import Shelf, align_categories, shelves_of

LEVELS = 3
MIN_PRODUCTS = 5


def main() -> None:
    """Print how many categories find their own, by what is left of the names."""
    table = pd.read_csv(Path(sys.argv[1]), dtype=str).fillna("")
    levels = int(sys.argv[2]) if len(sys.argv) > 2 else LEVELS
    paths = table["category_path"].str.split(" >> ").str[:levels].str.join(" > ")
    sides = table["title"].str.split().str[0].fillna("").map(lambda word: zlib.crc32(word.lower().encode()) % 2)
    own, others = (shelves(table["title"][sides == side], paths[sides == side]) for side in (0, 1))
    common = {shelf.path for shelf in own} & {shelf.path for shelf in others}
    own = [shelf for shelf in own if shelf.path in common]
    knowledge = built_in_knowledge()
    print(
        f"{len(own):,} categories of one shop, {len(others):,} of the other\n{'names':20}{'right':>8}{'surer half':>12}"
    )
    for what, called in (
        ("kept", {shelf.path: shelf.path for shelf in others}),
        ("in other words", {shelf.path: other_words(shelf.path, knowledge) for shelf in others}),
        ("hidden", {shelf.path: f"c{i}" for i, shelf in enumerate(others)}),
    ):
        renamed = [Shelf(called[shelf.path], shelf.titles) for shelf in others]
        aligned = align_categories(own, renamed, knowledge)
        right = np.array([one.other == called[one.path] for one in aligned])
        is_sure = np.array([one.certainty for one in aligned]) >= np.median([one.certainty for one in aligned])
        print(f"{what:20}{right.mean():8.3f}{right[is_sure].mean():12.3f}")


def shelves(titles: "pd.Series[str]", paths: "pd.Series[str]") -> list[Shelf]:
    """Return the categories with enough products."""
    return [shelf for shelf in shelves_of(paths.tolist(), titles.tolist()) if len(shelf.titles) >= MIN_PRODUCTS]


def other_words(path: str, knowledge: Knowledge) -> str:
    """Return a path with every name that has another one replaced by it."""
    end, parts = 0, []
    for mention in sorted(knowledge.mentions(path), key=lambda one: one.start):
        same = [one.name for one in mention.alternatives if one.relation == "same" and one.name.isascii()]
        different = [name for name in same if name.casefold() != path[mention.start : mention.end].casefold()]
        if mention.start >= end and different:
            parts += [path[end : mention.start], different[-1]]
            end = mention.end
    return "".join([*parts, path[end:]])


if __name__ == "__main__":
    main()
