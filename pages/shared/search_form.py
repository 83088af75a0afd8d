"""The choices of the search page: text, liked and disliked products, filters, arrangement. All live in the link."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal, cast, get_args

import streamlit as st

from pages.shared.rules_form import KEY as RULES
from pages.shared.rules_form import ask_rules
from prodsim.catalog import Catalog
from prodsim.search import Arrangement, Facet, Filters, Mode, Query, facets
from prodsim.search.calibration import LEVELS
from prodsim.workspace import OpenCatalog

TEXT, LIKE, UNLIKE = "q", "like", "unlike"
PRICE_MIN, PRICE_MAX, BRANDS, CATEGORIES, IN_STOCK = "price_min", "price_max", "brand", "category", "stock"
ATTRIBUTE, VALUES = "attribute", "value"
HISTORY = "history"
_WIDTHS: dict[str, Literal["stretch"]] = {LIKE: "stretch", UNLIKE: "stretch", HISTORY: "stretch"}
FILTER_KEYS = (PRICE_MIN, PRICE_MAX, IN_STOCK, ATTRIBUTE, RULES)
LIST_KEYS = (BRANDS, CATEGORIES, VALUES)


PER_BRAND, PER_CATEGORY, PER_FAMILY = "per_brand", "per_category", "per_family"
DIVERSITY, CLOSENESS = "diversity", "at_least"
SAME_CATEGORY, PRICE_BAND = "same_category", "price_within"
ARRANGEMENT_KEYS = (PER_BRAND, PER_CATEGORY, PER_FAMILY, DIVERSITY, CLOSENESS, SAME_CATEGORY, PRICE_BAND)
EMPTY = {IN_STOCK: False, SAME_CATEGORY: False, DIVERSITY: 0.0, CLOSENESS: "anything"}
"""What the choices without a ``None`` are when nothing is chosen; Streamlit keeps the link as the choice is."""
LEAST = {"anything": 0.0} | {word: share for share, word in reversed(LEVELS) if share}
"""How close a hit must be at least, in words, and as the share of random pairs that it is closer than."""


def ask_query(opened: OpenCatalog) -> Query:
    """The search box, and a chip per liked and disliked product."""
    text = st.text_input(
        "Search",
        key=TEXT,
        placeholder="Words, a SKU, a model number or a brand",
        icon=":material/search:",
        label_visibility="collapsed",
        bind="query-params",
    )
    liked = ask_chips(LIKE, "More like", opened.catalog)
    unliked = ask_chips(UNLIKE, "Less like", opened.catalog)
    return Query(text or "", tuple(liked), tuple(sku for sku in unliked if sku not in liked))


def ask_limits(opened: OpenCatalog) -> tuple[Filters, Arrangement]:
    """In one row, what may be found, how the list is arranged, and the rules of experts in use."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        filters, arrangement = _ask_filters(opened), _ask_arrangement()
        rules = ask_rules(opened).over("", arrangement)
        return replace(filters, where=rules.only), rules.arrangement


def _ask_filters(opened: OpenCatalog) -> Filters:
    """Price, brand, category, stock and one attribute, with the number of products for each value."""
    counted = {facet.field: facet for facet in _facets(opened.info.artifacts["catalog"], opened)}
    low = st.number_input("Price from", value=None, min_value=0.0, key=PRICE_MIN, bind="query-params", width=90)
    high = st.number_input("to", value=None, min_value=0.0, key=PRICE_MAX, bind="query-params", width=90)
    brands = _choose("Brand", BRANDS, counted["brand"])
    categories = _choose("Category", CATEGORIES, counted["category"])
    in_stock = st.toggle("In stock", key=IN_STOCK, bind="query-params")
    attributes = _ask_attribute(opened)
    return Filters(low, high, tuple(brands), tuple(categories), bool(in_stock), attributes)


def _ask_arrangement() -> Arrangement:
    """What may stand beside what in the list."""
    n_rules = _chosen_rules()
    label = f"Arrange ({n_rules})" if n_rules else "Arrange"
    with st.popover(label, icon=":material/view_list:", key="arrange"):
        per_brand, per_category, per_family = (
            st.number_input(
                f"At most per {of}", value=None, min_value=1, step=1, key=key, bind="query-params", placeholder="any"
            )
            for of, key in (("brand", PER_BRAND), ("category", PER_CATEGORY), ("family of variants", PER_FAMILY))
        )
        least = st.selectbox(
            "At least",
            list(LEAST),
            key=CLOSENESS,
            bind="query-params",
            help="Only hits this close. Close is closer than 995 of 1,000 random pairs of this catalog.",
        )
        diversity = st.slider(
            "Diversity",
            0.0,
            1.0,
            step=0.05,
            key=DIVERSITY,
            bind="query-params",
            help="From 0, closest first, to 1, each as unlike those before it as can be.",
        )
        st.caption("Around the product asked by")
        same_category = st.toggle("Same category", key=SAME_CATEGORY, bind="query-params")
        band = st.number_input(
            "Price within ± %",
            value=None,
            min_value=0,
            step=5,
            key=PRICE_BAND,
            bind="query-params",
            placeholder="any",
        )
    return Arrangement(
        per_brand,
        per_family,
        diversity,
        LEAST[least],
        bool(same_category),
        None if band is None else band / 100,
        per_category,
    )


def _chosen_rules() -> int:
    """How many rules are on, by the widgets' values of the last run, or by a link that was just opened."""
    linked = {key: st.query_params.get(key, EMPTY.get(key)) for key in ARRANGEMENT_KEYS}
    chosen = {key: st.session_state.get(key, linked[key]) for key in ARRANGEMENT_KEYS}
    return sum(value is not None and value != EMPTY.get(key) for key, value in chosen.items())


@dataclass(frozen=True, slots=True)
class How:
    """How to search and to show what is found."""

    exact: bool
    as_table: bool
    mode: Mode
    is_tuned: bool


def ask_how() -> How:
    """Exact or by the index, as cards or a table, by what, and whether with sliders."""
    exact = st.toggle(
        "Exact", key="exact", bind="query-params", help="Compare with every product instead of asking the index."
    )
    view = _one_of("View", ("cards", "table"), "view", "As cards or as a table.")
    mode = _one_of("Compare", get_args(Mode), "by", "Compare by words, by meaning, or by both.")
    tune = st.toggle("Tune", key="tune", bind="query-params", help="Sliders of what similar means.")
    return How(exact, view == "table", cast("Mode", mode), tune)


def _one_of(label: str, options: Sequence[str], key: str, told: str) -> str:
    """One of a few, the first by default."""
    return st.segmented_control(
        label,
        options,
        default=options[0],
        key=key,
        label_visibility="collapsed",
        help=told,
        bind="query-params",
        required=True,
    )


def clear_filters() -> None:
    """Back to all products."""
    for key in FILTER_KEYS:
        st.session_state[key] = EMPTY.get(key)
    for key in LIST_KEYS:
        _none(key)


def clear_arrangement() -> None:
    """No rules for the list."""
    for key in ARRANGEMENT_KEYS:
        st.session_state[key] = EMPTY.get(key)


def search_like(sku: str) -> None:
    """Ask what else is like this product, and nothing else."""
    start_like([sku])


def start_like(skus: Sequence[str]) -> None:
    """Ask what else is like these products, and nothing else."""
    st.session_state[TEXT] = ""
    st.session_state[LIKE], st.session_state[UNLIKE] = list(skus), []


def like(sku: str) -> None:
    """Add a product to be close to."""
    _move(sku, LIKE, UNLIKE)


def unlike(sku: str) -> None:
    """Add a product to be far from."""
    _move(sku, UNLIKE, LIKE)


def append(sku: str, key: str) -> None:
    """Add a product to the chips of a key, as the last one."""
    st.session_state[key] = [*(s for s in st.session_state.get(key, []) if s != sku), sku]


def _move(sku: str, to: str, away: str) -> None:
    append(sku, to)
    st.session_state[away] = [s for s in st.session_state.get(away, []) if s != sku]


def ask_chips(key: str, label: str, catalog: Catalog) -> list[str]:
    """Chips for the SKUs of a key; those of another catalog are left out and told."""
    chosen = _wanted(key)
    known = [sku for sku in chosen if sku in catalog.row_of]
    titles = dict(zip(known, catalog.products["title"].iloc[[catalog.row_of[sku] for sku in known]], strict=True))
    _tell_left_out(len(chosen) - len(known), "product")
    # The SKU makes the label unique: variants often share a title.
    return _several(label, key, known, known, lambda sku: f"{titles[sku][:52]} · {sku}") if known else _none(key)


def _choose(label: str, key: str, facet: Facet) -> list[str]:
    """A multiple choice among a field's values with their counts."""
    counts = dict(facet.counts)
    chosen = _wanted(key)
    known = [value for value in chosen if value in counts]
    _tell_left_out(len(chosen) - len(known), label.lower())
    return _several(label, key, list(counts), known, lambda v: f"{v} ({counts.get(v, 0):,})") if counts else _none(key)


def _several(
    label: str, key: str, options: list[str], chosen: list[str], format_func: Callable[[str], str]
) -> list[str]:
    """A multiple choice whose values stand in the link.

    Streamlit's own binding writes the labels instead, which a count or a title changes and no other session reads back.
    """
    st.session_state[key] = chosen
    width = _WIDTHS.get(key, 150)
    chosen = st.multiselect(label, options, key=key, format_func=format_func, placeholder="any", width=width)
    if st.query_params.get_all(key) != chosen:
        st.query_params[key] = chosen
    st.session_state[f"{key} in link"] = st.session_state[f"{key} kept"] = chosen
    return chosen


def _wanted(key: str) -> list[str]:
    """The values to choose: the link's when it was opened or went back, else the state's."""
    linked = st.query_params.get_all(key)
    if linked and linked != st.session_state.get(f"{key} in link"):
        return list(dict.fromkeys(linked))
    kept = st.session_state.get(f"{key} kept", [])  # a page switch drops a widget's own state
    return list(dict.fromkeys(st.session_state.get(key, kept)))


def _none(key: str) -> list[str]:
    """Nothing is chosen, here and in the link."""
    for name in (key, f"{key} in link", f"{key} kept"):
        st.session_state.pop(name, None)
    st.query_params.pop(key, None)
    return []


def _tell_left_out(count: int, what: str) -> None:
    """Say that a link asked for more than there is."""
    if count:
        st.caption(f"Left out of the link: {count:,} × {what} that this catalog does not have.")


def _ask_attribute(opened: OpenCatalog) -> dict[str, tuple[str, ...]]:
    names = opened.catalog.attributes
    if not names:
        return {}
    name = st.selectbox(
        "Attribute", names, index=None, key=ATTRIBUTE, placeholder="none", bind="query-params", width=125
    )
    if name is None:
        return {}
    values = _choose(name, VALUES, facets(opened.catalog, None, (name,))[0])
    return {name: tuple(values)} if values else {}


@st.cache_resource(max_entries=8, show_spinner=False)
def _facets(version: str, _opened: OpenCatalog) -> tuple[Facet, ...]:
    return facets(_opened.catalog, None, ("brand", "category"))
