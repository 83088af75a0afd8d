"""What narrows a list, behind one button: prices, brand, category, stock and attributes.

Each value says how many products it would leave, by the filters of all other fields. All of it lives in the link.
"""

from collections.abc import Sequence
from functools import partial

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.shared import texts
from pages.shared.category_tree import draw_tree, toggled
from pages.shared.frame import as_written
from pages.shared.link import a_number, a_switch, binding, one_of
from pages.shared.lists_in_link import none_chosen, several, wanted, write
from prodsim.search import FacetCounter, Filters
from prodsim.search.facets import CATEGORY, PriceBand
from prodsim.workspace import OpenCatalog

PRICE_MIN, PRICE_MAX, BRANDS, CATEGORIES, IN_STOCK = "price_min", "price_max", "brand", "category", "stock"
PRICE_BAND_KEY = "price band"
RULES = "rules"
"""The rules in use, which narrow a list, too."""
ATTRIBUTE, VALUES = "attribute", "value"
"""An attribute that is filtered by beside those always offered, and its values in links of before 0.3.0."""
ATTRIBUTE_IN_LINK = "attribute: "
"""Begins the name of an attribute's values in the link."""
WIDTH = 172
"""Of a choice in pixels; two fit beside each other."""
N_ATTRIBUTES = 5
MOST_VALUES = 60
"""Attributes that are offered unasked, those with most filled cells, and values that such a one may have."""


def ask_filters(opened: OpenCatalog, notes: DeltaGenerator) -> Filters:
    """Draw the button with all filters behind it; ``notes`` shows what the link names and the catalog lacks."""
    counter = counter_of(opened)
    _take_old_attribute(opened)
    brands = _known(BRANDS, texts.BRAND(), counter, "brand", notes)
    categories = _known(CATEGORIES, texts.CATEGORY(), counter, CATEGORY, notes)
    names = _attributes(opened)
    attributes = {name: _known(_key_of(name), name, counter, name, notes) for name in names}
    n = len(brands) + len(categories) + sum(map(len, attributes.values())) + _n_limits()
    with st.popover(
        texts.FILTERS_COUNT(n=n) if n else texts.FILTERS(), icon=":material/filter_list:", key="filters popover"
    ):
        has_categories = bool(counter.counts(Filters(), (CATEGORY,))[0].counts)
        left, right = st.columns([2, 3], gap="medium") if has_categories else (None, st.container())
        with right:
            bands = st.container()
            low, high = _ask_prices(opened)
            in_stock = _ask_stock(opened)
            attribute_place = st.container()
        chosen = {name: tuple(values) for name, values in attributes.items() if values}
        filters = Filters(low, high, tuple(brands), tuple(categories), in_stock, chosen)
        with bands:
            _ask_band(counter.price_bands(filters), low, high, opened)
        with attribute_place, st.container(horizontal=True, vertical_alignment="bottom"):
            _ask_values(texts.BRAND(), BRANDS, brands, counter, "brand", filters)
            for name in names:
                _ask_values(name, _key_of(name), attributes[name], counter, name, filters)
            _offer_attribute(opened, names)
        if left is not None:
            with left:
                st.caption(texts.CATEGORY())
                counts = dict(counter.counts(filters, (CATEGORY,))[0].counts)
                draw_tree(counts, categories, "category tree", partial(toggle_value, CATEGORY))
        st.button(texts.CLEAR_FILTERS(), on_click=clear_filters, disabled=not n, icon=":material/filter_alt_off:")
    return filters


def counter_of(opened: OpenCatalog) -> FacetCounter:
    """Return what counts the values of a catalog; shared."""
    return _counter(opened.info.artifacts["catalog"], opened)


def toggle_value(field: str, value: str) -> None:
    """Filter by a value of a brand, category or attribute, or no longer, from the next run on."""
    key = {"brand": BRANDS, CATEGORY: CATEGORIES}.get(field, _key_of(field))
    chosen = wanted(key)
    if field == CATEGORY:
        st.session_state[key] = toggled(chosen, value)
    else:
        st.session_state[key] = [each for each in chosen if each != value] + [value] * (value not in chosen)


def set_prices(low: float | None, high: float | None) -> None:
    """Filter by prices, or no longer, from the next run on."""
    st.session_state[PRICE_MIN], st.session_state[PRICE_MAX] = low, high


def usual_attributes(opened: OpenCatalog) -> list[str]:
    """Return the attributes that are filtered by unasked, those that most products have first."""
    return _usual_attributes(opened.info.artifacts["catalog"], opened, counter_of(opened))


def clear_filters() -> None:
    """Let all products pass again."""
    for key in (PRICE_MIN, PRICE_MAX, ATTRIBUTE, RULES, PRICE_BAND_KEY):
        st.session_state[key] = None
    st.session_state[IN_STOCK] = False
    linked = {name for name in (*st.session_state, *st.query_params) if str(name).startswith(ATTRIBUTE_IN_LINK)}
    for key in (BRANDS, CATEGORIES, VALUES, *linked):
        none_chosen(str(key))


def _known(key: str, label: str, counter: FacetCounter, field: str, notes: DeltaGenerator) -> list[str]:
    """Return the chosen values that the catalog has; ``notes`` tells how many of the link it lacks."""
    there = {value for value, _ in counter.counts(Filters(), (field,))[0].counts}
    chosen = wanted(key)
    known = [value for value in chosen if value in there]
    if n_unknown := len(chosen) - len(known):
        notes.caption(texts.VALUES_NOT_HERE(n_unknown, field=as_written(label)))
    write(key, known)
    st.session_state[key] = known
    return known


def _ask_values(
    label: str, key: str, chosen: Sequence[str], counter: FacetCounter, field: str, filters: Filters
) -> None:
    """Draw a multiple choice among a field's values with their counts; nothing where it has no value."""
    counts = dict(counter.counts(filters, (field,))[0].counts)
    options = list(dict.fromkeys([*counts, *chosen]))
    if options:
        name = lambda value: texts.VALUE_COUNT(value=value, n=counts.get(value, 0))  # noqa: E731 - draws the options
        several(label, key, options, chosen, name, WIDTH)


def _ask_prices(opened: OpenCatalog) -> tuple[float | None, float | None]:
    """Draw the lowest and the highest price; neither where no product has one."""
    if not opened.catalog.products["price"].notna().any():
        for key in (PRICE_MIN, PRICE_MAX):
            binding(key, one_of(()))  # what the link says of them is shown and ignored
        return None, None
    with st.container(horizontal=True):
        low, high = (
            st.number_input(label(), value=None, min_value=0.0, key=key, bind=binding(key, a_number(0)))
            for label, key in ((texts.PRICE_FROM, PRICE_MIN), (texts.PRICE_TO, PRICE_MAX))
        )
    return low, high


def _ask_band(bands: Sequence[PriceBand], low: float | None, high: float | None, opened: OpenCatalog) -> None:
    """Draw the bands of prices with their counts; pressed, one stands in the prices below it."""
    if len(bands) < 2:
        return
    now = next((place for place, band in enumerate(bands) if (band.low, band.high) == (low, high)), None)
    st.session_state[PRICE_BAND_KEY] = now

    def take() -> None:
        place = st.session_state[PRICE_BAND_KEY]
        band = PriceBand(None, None, 0) if place is None else bands[place]
        set_prices(band.low, band.high)

    st.pills(
        texts.PRICE_IN(currency=currency) if (currency := _currency(opened)) else texts.PRICE(),
        list(range(len(bands))),
        key=PRICE_BAND_KEY,
        format_func=lambda place: texts.VALUE_COUNT(value=_band_name(bands[place]), n=bands[place].n),
        on_change=take,
    )


def _band_name(band: PriceBand) -> str:
    low, high = ("" if limit is None else f"{limit:,g}" for limit in (band.low, band.high))
    if band.low is None:
        return texts.PRICE_UP_TO(high=high)
    return texts.PRICE_FROM_ON(low=low) if band.high is None else texts.PRICE_BETWEEN(low=low, high=high)


def _currency(opened: OpenCatalog) -> str:
    """Return the currency of the catalog, ``""`` where it has none or several."""
    currencies = set(opened.catalog.products["currency"].unique()) - {""}
    return str(currencies.pop()) if len(currencies) == 1 else ""


def _ask_stock(opened: OpenCatalog) -> bool:
    """Draw whether only products in stock pass; not where the catalog says of no product that it is."""
    if not (opened.catalog.products["availability"] == "in stock").any():
        binding(IN_STOCK, one_of(("false",)))
        return False
    return st.toggle(texts.IN_STOCK(), key=IN_STOCK, bind=binding(IN_STOCK, a_switch))


def _n_limits() -> int:
    """Count the price and stock filters, by the widgets' values of the last run or by a link that was just opened."""
    stock = st.session_state.get(IN_STOCK, st.query_params.get(IN_STOCK, "").lower() == "true")
    prices = [st.session_state.get(key, st.query_params.get(key)) for key in (PRICE_MIN, PRICE_MAX)]
    return bool(stock) + any(price not in (None, "") for price in prices)


def _attributes(opened: OpenCatalog) -> list[str]:
    """Return the attributes to filter by: those that most products have, those chosen, and one asked for."""
    names = opened.catalog.attributes
    chosen = [name for name in names if wanted(_key_of(name))]
    asked = st.session_state.get(ATTRIBUTE, st.query_params.get(ATTRIBUTE))
    return list(dict.fromkeys([*usual_attributes(opened), *chosen, *(name for name in names if name == asked)]))


def _offer_attribute(opened: OpenCatalog, offered: Sequence[str]) -> None:
    """Draw the choice of another attribute, where there are others."""
    names = opened.catalog.attributes
    if set(names) - set(offered) or st.session_state.get(ATTRIBUTE):
        bound = binding(ATTRIBUTE, one_of(names))
        st.selectbox(texts.ANOTHER_ATTRIBUTE(), names, index=None, key=ATTRIBUTE, placeholder=texts.NONE(), bind=bound)
    else:
        binding(ATTRIBUTE, one_of(names))


def _take_old_attribute(opened: OpenCatalog) -> None:
    """Move the values of a link of before 0.3.0 to where they stand now."""
    name, values = st.query_params.get(ATTRIBUTE, ""), st.query_params.get_all(VALUES)
    if values:
        st.query_params.pop(VALUES)
    if values and name in opened.catalog.attributes:
        st.session_state[_key_of(name)] = values


def _key_of(attribute: str) -> str:
    return f"{ATTRIBUTE_IN_LINK}{attribute}"


@st.cache_resource(max_entries=8, show_spinner=False)
def _counter(version: str, _opened: OpenCatalog) -> FacetCounter:
    return FacetCounter(_opened.catalog)


@st.cache_resource(max_entries=8, show_spinner=False)
def _usual_attributes(version: str, _opened: OpenCatalog, _counter: FacetCounter) -> list[str]:
    """Return the attributes that are filtered by unasked, those with most filled cells first."""
    counted = _counter.counts(Filters(), _opened.catalog.attributes)
    fitting = [(sum(n for _, n in each.counts), each.field) for each in counted if 2 <= len(each.counts) <= MOST_VALUES]
    return [name for _, name in sorted(fitting, key=lambda each: -each[0])[:N_ATTRIBUTES]]
