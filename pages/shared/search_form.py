"""The choices of the search page: text, liked and disliked products, filters, arrangement. All live in the link."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeVar, get_args

import streamlit as st

from pages.shared import state, texts
from pages.shared.cards import level_name
from pages.shared.filters_form import ask_filters
from pages.shared.link import Reader, a_number, a_switch, a_whole_number, binding, choose, chosen
from pages.shared.lists_in_link import none_chosen, several, wanted
from pages.shared.rules_form import ask_rules
from prodsim.catalog import Catalog
from prodsim.phrases import Text
from prodsim.pictures.decoding import MAX_PICTURE_BYTES
from prodsim.profiles import profile_of
from prodsim.search import Arrangement, Families, Filters, Mode, Query
from prodsim.search.calibration import CLOSENESS_LEVELS
from prodsim.workspace import OpenCatalog

Option = TypeVar("Option", bound=str)
TEXT, LIKE, UNLIKE = "q", "like", "unlike"
PHOTO = "photo"
PHOTO_ENDINGS = ("jpg", "jpeg", "png", "webp", "gif", "bmp", "tif", "tiff", "avif")
PHOTO_MB = MAX_PICTURE_BYTES // 1_000_000
HISTORY = "history"
PER_BRAND, PER_CATEGORY, PER_FAMILY = "per_brand", "per_category", "per_family"
DIVERSITY, CLOSENESS = "diversity", "at_least"
FAMILIES = "variants_as_one"
SAME_CATEGORY, PRICE_BAND = "same_category", "price_within"
HALF_LIFE = "half_life"
BOUND: dict[str, Reader] = {
    **dict.fromkeys((PER_BRAND, PER_CATEGORY, PER_FAMILY), a_whole_number(1)),
    DIVERSITY: a_number(0, 1),
    HALF_LIFE: a_number(0),
    FAMILIES: a_switch,
    SAME_CATEGORY: a_switch,
    PRICE_BAND: a_whole_number(0),
}
"""The limits of a list that Streamlit binds to the link, and what can stand there."""
ARRANGEMENT_KEYS = (*BOUND, CLOSENESS)
EMPTY_LEVEL = "anything"
EMPTY = {FAMILIES: True, SAME_CATEGORY: False, DIVERSITY: 0.0, CLOSENESS: EMPTY_LEVEL}
"""What the choices without a ``None`` are when nothing is chosen; Streamlit keeps the link as the choice is."""
LEAST_SIMILARITY = {"anything": 0.0} | {word: share for share, word in reversed(CLOSENESS_LEVELS) if share}
"""How similar a hit must be at least, in words, and as the share of random pairs that it beats."""


def ask_query(opened: OpenCatalog) -> Query:
    """Draw the search box, a photo beside it, and a chip for each liked and disliked product; return the query."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="xsmall"):
        text = st.text_input(
            texts.SEARCH(),
            key=TEXT,
            placeholder=texts.SEARCH_PLACEHOLDER(),
            icon=":material/search:",
            label_visibility="collapsed",
            bind="query-params",
        )
        photo = _ask_photo() if "look" in opened.parts else b""
    liked = ask_chips(LIKE, texts.LIKED(), opened.catalog)
    disliked = ask_chips(UNLIKE, texts.DISLIKED(), opened.catalog)
    return Query(text or "", tuple(liked), tuple(sku for sku in disliked if sku not in liked), photo)


def _ask_photo() -> bytes:
    """Draw a button that takes a photo; return its file, ``b""`` for none."""
    with st.popover(texts.PHOTO(), icon=":material/photo_camera:", help=texts.PHOTO_HELP()):
        file = st.file_uploader(texts.PHOTO_FILE(), PHOTO_ENDINGS, key=PHOTO, max_upload_size=PHOTO_MB)
    return b"" if file is None else bytes(file.getvalue())


def ask_limits(opened: OpenCatalog) -> tuple[Filters, Arrangement]:
    """Draw in one row the filters, the limits of the list and the rules in use; return what they say."""
    notes = st.container()  # above the row, which what the link says wrongly would break
    with st.container(horizontal=True, vertical_alignment="bottom", gap="xsmall"):
        filters, arrangement = ask_filters(opened, notes), _ask_arrangement(opened)
        rules = ask_rules(opened, notes).over("", arrangement)
        return replace(filters, where=rules.only), rules.arrangement


def _ask_arrangement(opened: OpenCatalog) -> Arrangement:
    """Draw the limits of the list: how many of a kind, how similar, how diverse, how near the query product."""
    bound = {key: binding(key, reader) for key, reader in BOUND.items()}
    n_limits = _chosen_limits()
    label = texts.ARRANGE_COUNT(n=n_limits) if n_limits else texts.ARRANGE()
    with st.popover(label, icon=":material/view_list:", key="arrange"):
        families = ask_families(opened)
        per_brand, per_category, per_family = (
            st.number_input(label(), value=None, min_value=1, step=1, key=key, bind=bound[key], placeholder=texts.ANY())
            if not field or field in opened.parts
            else None
            for label, key, field in (
                (texts.MOST_PER_BRAND, PER_BRAND, "brand"),
                (texts.MOST_PER_CATEGORY, PER_CATEGORY, "category"),
                (texts.MOST_PER_FAMILY, PER_FAMILY, ""),
            )
        )
        levels = {word: level_name(word) if share else texts.ANY() for word, share in LEAST_SIMILARITY.items()}
        least = choose(
            st.selectbox,
            texts.LEAST_SIMILARITY(),
            levels,
            CLOSENESS,
            EMPTY_LEVEL,
            help=texts.LEAST_SIMILARITY_HELP(),
        )
        diversity = st.slider(
            texts.DIVERSITY(),
            0.0,
            1.0,
            step=0.05,
            key=DIVERSITY,
            bind=bound[DIVERSITY],
            help=texts.DIVERSITY_HELP(),
        )
        half_life = _ask_half_life(opened, bound[HALF_LIFE])
        st.caption(texts.RELATIVE_TO_QUERY())
        same_category = st.toggle(texts.SAME_CATEGORY(), key=SAME_CATEGORY, bind=bound[SAME_CATEGORY])
        band = _ask_price_band(bound[PRICE_BAND]) if "price" in opened.parts else None
    return Arrangement(
        per_brand,
        per_family,
        diversity,
        LEAST_SIMILARITY[least],
        bool(same_category),
        None if band is None else band / 100,
        per_category,
        half_life=half_life,
        families=families,
    )


def _ask_half_life(opened: OpenCatalog, bound: Literal["query-params"] | None) -> float | None:
    """Draw after how many days things count half as new; not where none has a date."""
    if not opened.has_dates:
        return None
    usual = profile_of(opened.info.profile).half_life
    return st.number_input(
        texts.HALF_LIFE(),
        value=None,
        min_value=0.0,
        step=1.0,
        format="%g",
        key=HALF_LIFE,
        bind=bound,
        placeholder=texts.HALF_LIFE_USUAL(days=usual) if usual else texts.NO_HALF_LIFE(),
        help=texts.HALF_LIFE_HELP(),
    )


def _ask_price_band(bound: Literal["query-params"] | None) -> int | None:
    """Draw how far prices may lie from the query product's, in percent."""
    return st.number_input(
        texts.PRICE_WITHIN(), value=None, min_value=0, step=5, key=PRICE_BAND, bind=bound, placeholder=texts.ANY()
    )


def ask_families(opened: OpenCatalog) -> Families | None:
    """Draw whether variants are shown as one, which they are by default; return the families if so."""
    bound = binding(FAMILIES, a_switch)
    is_on = st.toggle(texts.VARIANTS_AS_ONE(), value=True, key=FAMILIES, bind=bound, help=texts.VARIANTS_AS_ONE_HELP())
    return state.families(opened) if is_on else None


def _chosen_limits() -> int:
    """Count the limits that are set, by the widgets' values of the last run, or by a link that was just opened."""
    linked = {key: st.query_params.get(key, EMPTY.get(key)) for key in ARRANGEMENT_KEYS}
    chosen = {key: st.session_state.get(key, linked[key]) for key in ARRANGEMENT_KEYS}
    return sum(value is not None and value != EMPTY.get(key) for key, value in chosen.items())


@dataclass(frozen=True, slots=True)
class How:
    """How to search, and how to show the results, with the details of how they were found or without."""

    exact: bool
    as_table: bool
    mode: Mode
    is_tuned: bool
    is_detailed: bool
    is_as_typed: bool


def ask_how() -> How:
    """Draw cards or table, with sliders or not, and the details: exact or by the index, compared by what.

    Details that are not as usual are drawn in any case: they are never in use unseen.
    """
    view = _choose_segment(texts.VIEW(), texts.RESULT_VIEWS, "view", texts.VIEW_HELP())
    tune = st.toggle(texts.TUNE(), key="tune", bind=binding("tune", a_switch), help=texts.TUNE_HELP())
    details = st.toggle(texts.DETAILS(), key="details", bind=binding("details", a_switch), help=texts.DETAILS_HELP())
    modes: dict[Mode, Text] = {mode: texts.MODES[mode] for mode in get_args(Mode)}
    exact, as_typed, mode = False, False, chosen("by", modes, "both")
    bound, typed = binding("exact", a_switch), binding("typed", a_switch)
    if details or mode != "both" or any(st.query_params.get(key, "").lower() == "true" for key in ("exact", "typed")):
        exact = st.toggle(texts.EXACT(), key="exact", bind=bound, help=texts.EXACT_HELP())
        as_typed = st.toggle(texts.AS_TYPED(), key="typed", bind=typed, help=texts.AS_TYPED_HELP())
        mode = _choose_segment(texts.MODE(), modes, "by", texts.MODE_HELP())
    return How(exact, view == "table", mode, tune, details, as_typed)


def _choose_segment(label: str, options: Mapping[Option, Text], key: str, help_text: str) -> Option:
    """Draw a choice of a few side by side, the first by default."""
    labels = {option: name() for option, name in options.items()}
    look = {"label_visibility": "collapsed", "help": help_text, "required": True}
    return choose(st.segmented_control, label, labels, key, next(iter(options)), **look)


def clear_arrangement() -> None:
    """Set no limits for the list."""
    for key in ARRANGEMENT_KEYS:
        st.session_state[key] = EMPTY.get(key)


def search_words(words: str) -> None:
    """Search for words."""
    st.session_state[TEXT] = words


def search_like(sku: str) -> None:
    """Search for products like this one alone."""
    start_like([sku])


def start_like(skus: Sequence[str]) -> None:
    """Search for products like these alone."""
    st.session_state[TEXT] = ""
    st.session_state[LIKE], st.session_state[UNLIKE] = list(skus), []


def like(sku: str) -> None:
    """Add a product to those that results should be like."""
    _move(sku, LIKE, UNLIKE)


def unlike(sku: str) -> None:
    """Add a product to those that results should not be like."""
    _move(sku, UNLIKE, LIKE)


def append(sku: str, key: str) -> None:
    """Add a product to the chips of a key, as the last one."""
    st.session_state[key] = [*(s for s in st.session_state.get(key, []) if s != sku), sku]


def _move(sku: str, to: str, away: str) -> None:
    append(sku, to)
    st.session_state[away] = [s for s in st.session_state.get(away, []) if s != sku]


def ask_chips(key: str, label: str, catalog: Catalog) -> list[str]:
    """Draw chips for the SKUs of a key; those of another catalog are left out, which is shown."""
    chosen = wanted(key)
    known = [sku for sku in chosen if sku in catalog.row_of]
    titles = dict(zip(known, catalog.products["title"].iloc[[catalog.row_of[sku] for sku in known]], strict=True))
    if n_unknown := len(chosen) - len(known):
        st.caption(texts.PRODUCTS_NOT_HERE(n_unknown))
    if not known:
        return none_chosen(key)
    # The SKU makes the label unique: variants often share a title.
    return several(label, key, known, known, lambda sku: texts.CHIP(title=titles[sku][:52], sku=sku))
