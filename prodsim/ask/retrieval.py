"""Products for what was understood: a pool of near ones, those of the kind asked for, and of these the fitting ones."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

import numpy as np

from prodsim.ask.conditions import State, state_of
from prodsim.ask.things import IS_FILED, IS_IT, IS_NEAR, MAY_BE, KindJudge, search_names
from prodsim.ask.types import Chip, Understood
from prodsim.ask.vocabulary import Vocabulary
from prodsim.catalog import Catalog
from prodsim.catalog.category_paths import depth_of, with_parents
from prodsim.knowledge import names_of, stem
from prodsim.search import BURIED, PINNED, Arrangement, Families, Filters, Hit, Query, SearchEngine, SearchOptions
from prodsim.text import has_chinese

POOL = 200
"""Near products that are looked at."""
N_NEAREST = 20
"""The nearest of them, whose categories tell the kind where nothing else does."""
MIN_SHARE = 0.5
"""Share of the nearest products that a category must have."""
N_STRANGE, STRANGE_SHARE = 40, 0.9
"""Names of things that a catalog lacks that are looked for, about, and the share of them that must be less near."""
FEW = 5
"""Products that are surely of the kind, from which others are not looked at."""
STRICT = ("price_max", "price_min", "stock", "brand")
"""Kinds of conditions that no product of an answer may fail; so may none of those that exclude something."""


@dataclass(frozen=True, slots=True)
class Found:
    """Products for a question, best first.

    Attributes:
        hits: those to be shown.
        pool: near products that are most surely of the kind asked for, also those not shown.
        is_kind: whether the catalog has what is asked for, as far as titles and categories tell; ``None`` where the
            question names nothing.
    """

    hits: tuple[Hit, ...] = ()
    pool: tuple[Hit, ...] = ()
    is_kind: bool | None = None


class Retriever:
    """Finds products for what was understood of a question.

    Args:
        catalog: the products.
        engine: searches them.
        vocabulary: of the catalog.
    """

    def __init__(self, catalog: Catalog, engine: SearchEngine, vocabulary: Vocabulary) -> None:
        self._catalog, self._engine, self._vocabulary = catalog, engine, vocabulary
        self._strange: dict[str, float] = {}

    def find(self, understood: Understood, k: int, filters: Filters, arrangement: Arrangement) -> Found:
        """Find k products; fewer where no more fit."""
        query = self._query(understood)
        strict = [chip for chip in understood.chips if is_strict(chip)]
        plain = replace(arrangement, per_family=None, families=None)
        narrowed = _narrowed(filters, strict)
        pool = self._search(query, POOL, narrowed, plain)
        thing = understood.thing
        if _wants_low_price(understood) and thing.kinds and thing.nodes and not filters.categories:
            filed = replace(narrowed, categories=thing.nodes)
            pool = (*pool, *_without(self._search(query, POOL, filed, plain), pool))
        judged, is_kind = self._of_kind(understood, pool)
        if is_kind is False and thing.kinds:  # the other words of a long question led elsewhere
            named = Query(" ".join([thing.text, *search_names(thing, self._vocabulary)]))
            pool = (*pool, *_without(self._search(named, POOL, narrowed, plain), pool))
            judged, is_kind = self._of_kind(understood, pool)
        tiers = self._tiers(understood, judged)
        if len(strict) < len(understood.chips) and (understood.cheapest or len(tiers[0]) < k):
            wider = self._search(query, POOL, _narrowed(filters, understood.chips), plain)
            judged, is_kind = self._of_kind(understood, (*pool, *_without(wider, pool)))
            tiers = self._tiers(understood, judged)
        hits = self._arranged(understood, query, tiers, k, arrangement)
        surest = max((level for _, level in judged), default=IS_FILED)
        return Found(hits, tuple(hit for hit, level in judged if level == surest), is_kind)

    def _query(self, understood: Understood) -> Query:
        like = (understood.like,) if understood.like else ()
        text = understood.text or ("" if like else " ".join(chip.cue for chip in understood.chips if chip.wanted))
        if not text and not like:
            return Query(understood.question)
        names = search_names(understood.thing, self._vocabulary) if text else []
        names += [name for chip in understood.chips if chip.wanted for name in self._translated(chip)]
        absent = [absence_words(chip.values[0]) for chip in understood.chips if chip.dimension == "substance"]
        return Query(" ".join([text, *names, *absent]), like)

    def _translated(self, chip: Chip) -> list[str]:
        """Return the catalog's word for what a condition says in another language."""
        if chip.kind != "attribute" or self._vocabulary.uses(chip.cue):
            return []
        return [word for word in chip.words if self._vocabulary.uses(word)][:1]

    def nearest_to(self, text: str) -> float:
        """Return the score of the product nearest to a text."""
        hits = self._search(Query(text), 1, Filters(), Arrangement())
        return hits[0].score if hits else 0.0

    def strangeness(self, text: str) -> float:
        """Return the score below which a product near a short text is hardly what the text names.

        It is what most names of things that this catalog does not have, in the script of the text, stay below.
        """
        script = "zh" if has_chinese(text) else ""
        if script not in self._strange:
            absent = [
                next((name for name in names if has_chinese(name) == bool(script)), "")
                for names in names_of("kinds").values()
                if not any(self._vocabulary.uses(name) for name in names)
            ]
            scores = [self.nearest_to(name) for name in list(filter(None, absent))[:: max(len(absent) // N_STRANGE, 1)]]
            self._strange[script] = float(np.quantile(scores, STRANGE_SHARE)) if len(scores) >= FEW else 0.0
        return self._strange[script]

    def _search(self, query: Query, n: int, filters: Filters, arrangement: Arrangement) -> tuple[Hit, ...]:
        return self._engine.search(query, n, SearchOptions(filters=filters, arrangement=arrangement)).hits

    def _of_kind(self, understood: Understood, pool: Sequence[Hit]) -> tuple[list[tuple[Hit, int]], bool | None]:
        """Return the hits of the kind asked for with how surely they are, and whether some surely are.

        Where some surely are, those that may be follow only where there are few; where none is, all hits are taken.
        """
        thing = understood.thing
        if not thing.text or understood.like:
            return [(hit, IS_IT) for hit in pool], None
        categories = self._categories(pool)
        judge = KindJudge(thing, usual_categories(categories[:N_NEAREST]), self._vocabulary.paths_by_head)
        judged = [(hit, judge.level(hit.title, of)) for hit, of in zip(pool, categories, strict=True)]
        sure = [(hit, level) for hit, level in judged if level >= IS_IT or _is_ruled(hit)]
        is_known = bool(thing.kinds or (thing.nodes and not thing.is_doubtful))
        if not is_known and sum(level >= IS_IT for _, level in judged[:N_NEAREST]) < MIN_SHARE * N_NEAREST:
            return [(hit, IS_IT) for hit in pool], None
        likely = [(hit, level) for hit, level in judged if level in (MAY_BE, IS_NEAR)]
        may_be = any(level == MAY_BE for _, level in likely) or not thing.kinds
        if any(level >= IS_IT for _, level in sure):
            titled = [(hit, level) for hit, level in likely if level == MAY_BE]
            return [*sure, *(titled if len(sure) >= FEW else likely)], True
        if likely:
            return likely, None if may_be else False
        return [(hit, IS_IT) for hit in pool], False

    def _categories(self, hits: Sequence[Hit]) -> list[str]:
        rows = [hit.row for hit in hits]
        return [str(path) for path in self._catalog.products["category"].iloc[rows]]

    def _tiers(self, understood: Understood, judged: Sequence[tuple[Hit, int]]) -> list[list[Hit]]:
        """Return the hits that fail no condition: those surely of the kind first, of them what leaves least open."""
        states = self.states(understood.chips, [hit for hit, _ in judged])
        most = IS_FILED if _wants_low_price(understood) else IS_IT
        tiers: dict[tuple[int, int], list[Hit]] = {(-most, 0): []}
        for (hit, level), own in zip(judged, states, strict=True):
            if State.FAILED not in own or _is_ruled(hit):
                tiers.setdefault((-min(level, most), own.count(State.UNKNOWN)), []).append(hit)
        return [tiers[place] for place in sorted(tiers)]

    def states(self, chips: Sequence[Chip], hits: Sequence[Hit]) -> list[list[State]]:
        """Return what each hit says of each condition."""
        if not chips:
            return [[] for _ in hits]
        judges: list[Callable[..., State]] = [state_of(chip) for chip in chips]
        products = self._catalog.products.iloc[[hit.row for hit in hits]].to_dict("records")
        return [[judge(product) for judge in judges] for product in products]

    def _arranged(
        self, understood: Understood, query: Query, tiers: Sequence[Sequence[Hit]], k: int, arrangement: Arrangement
    ) -> tuple[Hit, ...]:
        """Return k hits, tier by tier, as the arrangement wants; the cheapest first where the question does."""
        shown: list[Hit] = []
        for hits_of_tier in tiers:
            tier = _without_variants(hits_of_tier, shown, arrangement.families)
            if len(shown) >= k or not tier:
                continue
            wanted = len(tier) if understood.cheapest else k - len(shown)
            parts = [tier] if understood.cheapest else self._by_brand(understood, tier)
            found = [
                self._search(query, wanted, Filters(skus=tuple(hit.sku for hit in own)), arrangement) for own in parts
            ]
            hits = [hit for turn in zip_longest(*found) for hit in turn if hit is not None]
            shown += sorted(hits, key=self._by_price) if understood.cheapest else hits
        return tuple(shown[:k])

    def _by_brand(self, understood: Understood, hits: Sequence[Hit]) -> list[Sequence[Hit]]:
        """Return the hits of each brand, where a question names several: each is to be shown."""
        named = [chip.values for chip in understood.chips if chip.kind == "brand" and chip.wanted]
        if not named or len(named[0]) < 2:
            return [hits]
        brands = self._catalog.products["brand"]
        parts = [[hit for hit in hits if brands.iat[hit.row] == brand] for brand in named[0]]
        return [part for part in parts if part] or [hits]

    def _by_price(self, hit: Hit) -> tuple[int, float]:
        """Return a sort key: pinned products, then the cheapest, those without a price, and buried ones."""
        if PINNED in hit.rules:
            return 0, 0.0
        price = float(self._catalog.products["price"].to_numpy(np.float64)[hit.row])
        return 2 if any(label.startswith(BURIED) for label in hit.rules) else 1, price if price > 0 else np.inf


def _wants_low_price(understood: Understood) -> bool:
    """Return whether categories must decide: what belongs to a thing costs less than it, and may bear its name."""
    return understood.cheapest or any(chip.kind == "price_max" for chip in understood.chips)


def _without_variants(hits: Sequence[Hit], shown: Sequence[Hit], families: Families | None) -> Sequence[Hit]:
    """Return the hits that are no variants of those shown already, where a list shows families."""
    if families is None:
        return hits
    of_shown = set(families.number_of[[hit.row for hit in shown]].tolist()) if shown else set()
    return [hit for hit in hits if families.number_of[hit.row] not in of_shown]


def absence_words(word: str) -> str:
    """Return how products say that they are free of something."""
    return f"{stem(word)}less {word}-free" if word.isascii() else f"无{word}"


def is_strict(chip: Chip) -> bool:
    """Return whether no product of an answer may fail a condition."""
    return chip.kind in STRICT or not chip.wanted


def usual_categories(categories: Sequence[str]) -> tuple[str, ...]:
    """Return the deepest category path that most products stand below; none where they have none in common."""
    counts = Counter(above for path in categories for above in with_parents(path))
    common = [path for path, n in counts.items() if n >= MIN_SHARE * max(len(categories), 1)]
    return (max(common, key=lambda path: (depth_of(path), counts[path])),) if common else ()


def _without(hits: Sequence[Hit], known: Sequence[Hit]) -> list[Hit]:
    rows = {hit.row for hit in known}
    return [hit for hit in hits if hit.row not in rows]


def _is_ruled(hit: Hit) -> bool:
    """Return whether a person's rule pinned a product."""
    return PINNED in hit.rules


def _narrowed(filters: Filters, chips: Sequence[Chip]) -> Filters:
    conditions = [condition for condition in (filters.where, *(chip.condition for chip in chips)) if condition]
    return replace(filters, where=" AND ".join(f"(\n{condition}\n)" for condition in conditions))
