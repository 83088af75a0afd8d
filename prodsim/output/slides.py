"""The report as slides: what each shows, and where; ``pdf_slides`` and ``pptx_slides`` draw them."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TypeAlias

import numpy as np
import pandas as pd

from prodsim.catalog import CatalogChanges, CatalogSummary, summarise, usual_prices
from prodsim.findings import Finding
from prodsim.formats import money
from prodsim.output.chart_labels import narrow_path
from prodsim.output.health import Health, waiting
from prodsim.output.report import N_ACTIONS, Reported
from prodsim.output.standing import Opportunity, Standing, missing_values
from prodsim.output.thumbnails import picture_bytes
from prodsim.phrases import Plural, Text, joined, phrase, retold
from prodsim.quality import kind_title
from prodsim.version import __version__

WIDTH, HEIGHT = 960, 540
"""Of a slide, in points: 16 to 9."""
MARGIN = 40
INK, SOFT, MAIN, WARM, PALE, LINE, PAGE = "1c2321", "57635f", "0f766e", "d97706", "f1efeb", "e2ded7", "fbfaf8"
"""Colours of the house, as RGB in hexadecimal."""
MOST_BARS, MOST_EXAMPLES, N_PRICE_BANDS = 8, 4, 12
MOST_POINTS = 4
"""Uploads of the trend whose dates fit beside each other."""
MAX_SENTENCE = 190
"""Characters of a finding's sentence that fit beside its pictures."""
PICTURE_PX = 360
N_TRIED = 24
"""Pictures that are looked at to show eight; others may be missing or on the web."""

SHARE_OF_ALL = Text("{n:,} · {share:.1%}")
HEALTHY = Plural("of {n:,} product has no open issue", "of {n:,} products have no open issue")
N_FAULTY = Plural("{n:,} product has an open issue.", "{n:,} products have an open issue.")
N_CATEGORIES, N_BRANDS = Plural("{n:,} category", "{n:,} categories"), Plural("{n:,} brand", "{n:,} brands")
N_PRODUCTS = Plural("{n:,} product", "{n:,} products")
MEDIAN_PRICE = Text("median price {price}")
WITH_PICTURE = Text("{share:.1%} with a picture")
TREND_STARTS = Text("The trend begins with the next upload.")
ONLY_KINDS = Text("This is about some checks only: {kinds}.")
TREND = Text("Products without an open issue, at the last uploads")
NEXT = Text("Products concerned by the most serious issues")
EXAMPLES = Text("Examples")
EXAMPLE = Text("{kind}: {products}")
WHERE = Text("Where the issues are")
WORST = Text("Categories with the most serious issues")
MISSING = Text("Products without …")
CONTENTS = Text("What the catalog holds, and what changed")
FIELD_TITLES: Mapping[str, Text] = {
    "image": Text("Picture"),
    "price": Text("Price"),
    "description": Text("Description"),
    "brand": Text("Brand"),
    "category": Text("Category"),
    "gtin": Text("GTIN"),
}
PRICES, PRICES_CURRENCY = Text("Prices"), Text("Prices in {currency}")
TOP_CATEGORIES = Text("Top categories")
CHANGED = Text("Last upload: {new:,} new · {edited:,} edited · {gone:,} gone · {same:,} unchanged")
FIRST_UPLOAD = Text("No earlier upload is known. The next one will be compared with this one.")
DECIDED = Text("Decided so far: {counts}")
NOT_DECIDED = Text("Nothing has been decided yet.")
FOOTER = Text("{catalog} · {date} · prodsim {version}")
NOTHING_OPEN = Text("There is nothing to decide: no check reports an open issue.")


@dataclass(frozen=True, slots=True)
class Box:
    """A place on a slide, in points from its upper left corner."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Words:
    """A text, broken into the lines of its box; what does not fit is left out by the drawing program, with "…"."""

    box: Box
    text: str
    size: int = 14
    is_bold: bool = False
    colour: str = INK


@dataclass(frozen=True, slots=True)
class Bars:
    """Bars with a name and a label each, in their order: lying ones from the top, else standing ones from the left."""

    box: Box
    title: str
    names: Sequence[str]
    values: Sequence[float]
    labels: Sequence[str]
    colour: str = WARM
    is_lying: bool = True


@dataclass(frozen=True, slots=True)
class Line:
    """A line through points from left to right, with a name below and a label above each."""

    box: Box
    title: str
    names: Sequence[str]
    values: Sequence[float]
    labels: Sequence[str]


@dataclass(frozen=True, slots=True)
class Picture:
    """A JPEG, drawn as large as its box allows."""

    box: Box
    data: bytes


@dataclass(frozen=True, slots=True)
class Panel:
    """A coloured ground."""

    box: Box
    colour: str = PALE


Item: TypeAlias = Words | Bars | Line | Picture | Panel


@dataclass(frozen=True, slots=True)
class Slide:
    """A slide; its items are drawn in their order."""

    title: str
    items: tuple[Item, ...]


def make_slides(about: Reported) -> list[Slide]:
    """Return what a manager wants to know: how the catalog stands, examples, where the issues are, what it holds."""
    summary = summarise(about.catalog)
    health = Health(about.catalog, about.findings)
    standing = Standing.of(health, waiting(about.states), about.trend)
    slides = [
        Slide(about.name, tuple(_standing(about, summary, standing))),
        Slide(EXAMPLES(), tuple(_examples(about, standing.opportunities[:MOST_EXAMPLES]))),
        Slide(WHERE(), tuple(_where(about, summary, standing))),
        Slide(CONTENTS(), tuple(_contents(about, summary))),
    ]
    return [slide for slide in slides if slide.items]


def footer(about: Reported) -> str:
    """Return the line at the foot of each slide."""
    return FOOTER(
        catalog=about.name, date=about.trend[-1].when[:10] if about.trend else about.built[:10], version=__version__
    )


def plain(text: str) -> str:
    """Return a text without the characters that no file of slides may hold, in one line."""
    kept = (letter if letter.isprintable() else " " for letter in text.encode("utf-8", "replace").decode())
    return " ".join("".join(kept).split())


def _standing(about: Reported, summary: CatalogSummary, standing: Standing) -> Iterator[Item]:
    """Yield the first slide: what the catalog is, its health, and what is worth doing."""
    n = len(about.catalog)
    yield Words(Box(MARGIN, 78, WIDTH - 2 * MARGIN, 24), _facts(about, summary), 14, colour=SOFT)
    yield Panel(Box(MARGIN, 122, 330, 150))
    yield Words(
        Box(MARGIN + 20, 132, 290, 70), phrase("{share:.1%}", share=standing.share), 54, is_bold=True, colour=MAIN
    )
    yield Words(Box(MARGIN + 20, 206, 290, 24), HEALTHY(n), 15)
    yield Words(Box(MARGIN + 20, 232, 290, 24), N_FAULTY(standing.n_faulty), 13, colour=SOFT)
    below = Box(MARGIN, 292, 330, 200)
    trend = standing.trend[-MOST_POINTS:]
    if len(trend) > 1:
        labels = [phrase("{share:.1%}", share=point.share) for point in trend]
        names, shares = [point.when[:10] for point in trend], [point.share for point in trend]
        yield Line(below, TREND(), names, shares, labels)
    else:
        yield Words(below, _about_trend(about), 13, colour=SOFT)
        yield from _collage(about, Box(MARGIN, 322, 330, 160))
    beside = Box(MARGIN + 370, 118, WIDTH - 2 * MARGIN - 370, 376)
    first = sorted(standing.opportunities[:MOST_BARS], key=lambda each: -each.n_products)
    if first:
        labels = [SHARE_OF_ALL(n=each.n_products, share=each.n_products / max(n, 1)) for each in first]
        names = [kind_title(each.kind) for each in first]
        yield Bars(beside, NEXT(), names, [each.n_products for each in first], labels)
    else:
        yield Words(beside, NOTHING_OPEN(), 15)


def _about_trend(about: Reported) -> str:
    """Return why no trend is drawn."""
    if about.trend:
        return TREND_STARTS()
    return ONLY_KINDS(kinds=joined(kind_title(kind) for kind in about.kinds))


def _collage(about: Reported, box: Box) -> Iterator[Picture]:
    """Yield pictures from all over the catalog, in two rows of four, as far as there are any."""
    images = about.catalog.products["image"].drop_duplicates()
    spread = images[images != ""].iloc[:: max(1, len(images) // N_TRIED)].head(N_TRIED)
    found = filter(None, (picture_bytes(str(image), about.base, PICTURE_PX) for image in spread))
    width, height = box.width / 4, box.height / 2
    for number, data in enumerate(islice(found, 8)):
        place = Box(box.x + width * (number % 4), box.y + height * (number // 4), width - 6, height - 6)
        yield Picture(place, data)


def _facts(about: Reported, summary: CatalogSummary) -> str:
    """Return what the catalog is, in one line."""
    n, prices = len(about.catalog), summary.prices
    currency = summary.currencies[0][0] if summary.currencies else ""
    facts = [
        N_PRODUCTS(n),
        N_CATEGORIES(summary.n_categories) if summary.n_categories else "",
        N_BRANDS(summary.n_brands) if summary.n_brands else "",
        MEDIAN_PRICE(price=money(round(float(prices.median()), 2), currency)) if len(prices) else "",
        WITH_PICTURE(share=dict(summary.filled).get("image", 0) / max(n, 1)),
    ]
    return " · ".join(filter(None, facts))


def _examples(about: Reported, opportunities: Sequence[Opportunity]) -> Iterator[Item]:
    """Yield an example of each, two by two: pictures, what it is, and what is proposed."""
    width, height = (WIDTH - 3 * MARGIN) / 2, 196
    for number, opportunity in enumerate(opportunities):
        x, y = MARGIN + (number % 2) * (width + MARGIN), 88 + (number // 2) * (height + 16)
        yield Panel(Box(x, y, width, height))
        heading = EXAMPLE(kind=kind_title(opportunity.kind), products=N_PRODUCTS(opportunity.n_products))
        yield Words(Box(x + 14, y + 10, width - 28, 22), heading, 15, is_bold=True)
        pictures = list(_pictures(about, opportunity.example))
        for place, data in enumerate(pictures):
            yield Picture(Box(x + 14 + 84 * place, y + 44, 78, 78), data)
        left = x + 14 + 84 * len(pictures) + (8 if pictures else 0)
        sentence = Box(left, y + 42, x + width - 14 - left, 106)
        yield Words(sentence, _cut(retold(opportunity.example.what), MAX_SENTENCE), 12)
        proposal = _cut(retold(opportunity.example.proposal), MAX_SENTENCE // 2)
        yield Words(Box(x + 14, y + height - 42, width - 28, 36), proposal, 12, colour=MAIN)


def _pictures(about: Reported, finding: Finding) -> Iterator[bytes]:
    """Yield the pictures of the first two products of a finding that have one."""
    rows = [about.catalog.row_of[sku] for sku in finding.skus if sku in about.catalog.row_of]
    for image in about.catalog.products["image"].iloc[rows[:2]]:
        if data := picture_bytes(str(image), about.base, PICTURE_PX):
            yield data


def _where(about: Reported, summary: CatalogSummary, standing: Standing) -> Iterator[Item]:
    """Yield the categories that fare worst, and the values that are missing."""
    width, n = (WIDTH - 3 * MARGIN) / 2, len(about.catalog)
    worst = standing.worst.head(MOST_BARS)
    if len(worst):
        labels = [SHARE_OF_ALL(n=n, share=n / of) for n, of in zip(worst["faulty"], worst["products"], strict=True)]
        names = [narrow_path(path, 40) for path in worst["category"]]
        yield Bars(Box(MARGIN, 88, width, 406), WORST(), names, worst["severity"].tolist(), labels)
    if lacking := missing_values(summary, n):
        names = [FIELD_TITLES[field]() for field, _ in lacking]
        labels = [SHARE_OF_ALL(n=count, share=count / n) for _, count in lacking]
        yield Bars(Box(2 * MARGIN + width, 88, width, 406), MISSING(), names, [count for _, count in lacking], labels)


def _contents(about: Reported, summary: CatalogSummary) -> Iterator[Item]:
    """Yield prices, categories, what the last upload changed and what people decided."""
    width = (WIDTH - 3 * MARGIN) / 2
    prices, _ = usual_prices(summary.prices)
    if len(prices) > 1:
        currency = summary.currencies[0][0]
        yield _price_bars(Box(MARGIN, 88, width, 300), prices, currency)
    if summary.categories:
        first = summary.categories[:MOST_BARS]
        names, counts = [narrow_path(name, 30) for name, _ in first], [n for _, n in first]
        labels = [phrase("{n:,}", n=n) for n in counts]
        yield Bars(Box(2 * MARGIN + width, 88, width, 300), TOP_CATEGORIES(), names, counts, labels, MAIN)
    yield Panel(Box(MARGIN, 404, WIDTH - 2 * MARGIN, 90))
    yield Words(Box(MARGIN + 16, 416, WIDTH - 2 * MARGIN - 32, 32), describe_changes(about.changes), 14)
    counts_of = Counter(decision.action for decision in about.decisions.values())
    decided = joined(N_ACTIONS[action](n=n) for action, n in counts_of.items())
    line = DECIDED(counts=decided) if decided else NOT_DECIDED()
    yield Words(Box(MARGIN + 16, 450, WIDTH - 2 * MARGIN - 32, 32), line, 14)


def describe_changes(changes: CatalogChanges | None) -> str:
    """Return what the last upload changed, in one line."""
    if changes is None:
        return FIRST_UPLOAD()
    return CHANGED(new=len(changes.new), edited=len(changes.changed), gone=len(changes.gone), same=changes.n_same)


def _price_bars(box: Box, prices: "pd.Series[float]", currency: str) -> Bars:
    """Return how many products there are in each of some bands of prices, by the band's lower end."""
    counts, edges = np.histogram(prices, bins=N_PRICE_BANDS)
    names = [phrase("{price:,.0f}", price=float(edge)) for edge in edges[:-1]]
    labels = [phrase("{n:,}", n=int(n)) if n else "" for n in counts]
    title = PRICES_CURRENCY(currency=currency) if currency else PRICES()
    return Bars(box, title, names, counts.tolist(), labels, MAIN, is_lying=False)


def _cut(text: str, length: int) -> str:
    """Cut a text to a length, with "…" at its end."""
    return text if len(text) <= length else text[: length - 1] + "…"
