"""What the catalog holds, in a row of numbers and two charts."""

import streamlit as st

from pages.shared import texts as shared
from pages.shared.overview import texts
from prodsim.catalog import CatalogSummary, usual_prices
from prodsim.encoders import name_languages
from prodsim.formats import money
from prodsim.output.charts import bars_figure, counts_figure, spread_figure
from prodsim.output.standing import missing_values
from prodsim.phrases import joined, reader_profile
from prodsim.quality.sentences import name_column
from prodsim.workspace import CatalogInfo

PLAIN = {"displayModeBar": False}


def draw_numbers(n_products: int, summary: CatalogSummary) -> None:
    """Draw how many products, categories and brands there are, and what they cost."""
    filled = dict(summary.filled)
    currency = summary.currencies[0][0] if summary.currencies else ""
    median = money(round(float(summary.prices.median()), 2), currency) if len(summary.prices) else texts.NONE()
    numbers = [
        ("sku", 1.0, texts.PRODUCTS, f"{n_products:,}"),
        ("category", 1.0, texts.CATEGORIES, f"{summary.n_categories:,}"),
        ("brand", 1.0, texts.BRANDS, f"{summary.n_brands:,}"),
        ("price", 1.3, texts.MEDIAN_PRICE, median),
        ("image", 1.0, texts.WITH_PICTURE, texts.SHARE(share=filled.get("image", 0) / max(n_products, 1))),
    ]
    shown = [number for number in numbers if number[0] in filled or number[0] in reader_profile().wanted]
    for place, (_, _, label, value) in zip(st.columns([each[1] for each in shown], gap="small"), shown, strict=True):
        place.metric(label(), value, border=True)


def describe_contents(info: CatalogInfo, summary: CatalogSummary) -> str:
    """Return languages, range of prices and day of the build in one line."""
    prices = summary.prices
    paid = prices[prices > 0]  # a price of nothing is a finding
    currency = summary.currencies[0][0] if summary.currencies else ""
    n_known, may_cost = dict(summary.filled).get("price", 0), "price" not in reader_profile().absent
    facts = [
        texts.LANGUAGE_OF_TITLES(languages=name_languages(info.languages)) if info.languages else "",
        texts.PRICE_RANGE(low=money(paid.min(), currency), high=money(paid.max(), currency)) if len(paid) else "",
        texts.OTHER_CURRENCIES(n_known - len(prices)) if n_known > len(prices) else "",
        texts.PRICES_UNKNOWN(info.products - n_known) if n_known < info.products and may_cost else "",
        texts.LAST_UPLOAD(date=info.built[:10]),
    ]
    return " · ".join(filter(None, facts))


def draw_missing(summary: CatalogSummary, n_products: int) -> None:
    """Draw how many products lack each of the fields that matter most, most first."""
    lacking = missing_values(summary, n_products)
    if not lacking:
        st.markdown(f"**{texts.MISSING_VALUES()}**")
        st.caption(texts.NOTHING_MISSING(fields=joined(map(name_column, reader_profile().wanted))))
        return
    names = [shared.MAPPED_FIELD_NAMES[field]() for field, _ in lacking]
    labels = [texts.N_OF_ALL(n=n, share=n / n_products) for _, n in lacking]
    figure = bars_figure(names, [n for _, n in lacking], labels, texts.MISSING_VALUES())
    st.plotly_chart(figure, key="missing", config=PLAIN, alt=texts.MISSING_VALUES())


def draw_spread(summary: CatalogSummary) -> None:
    """Draw the prices and the largest categories."""
    left, right = st.columns(2, gap="medium")
    prices, n_far = usual_prices(summary.prices)
    if len(prices) > 1:
        currency = summary.currencies[0][0]
        title = shared.PRICES_CURRENCY(currency=currency) if currency else shared.PRICES()
        title = shared.PRICES_FAR(n_far, prices=title) if n_far else title
        left.plotly_chart(spread_figure(prices, title), key="prices", config=PLAIN, alt=title)
    if summary.categories:
        title = shared.TOP_CATEGORIES()
        figure = counts_figure(summary.categories[:6], title)
        right.plotly_chart(figure, key="categories", config=PLAIN, alt=title)
