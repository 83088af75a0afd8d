"""The order of cards, which stands in the link."""

from collections.abc import Sequence
from typing import cast

import streamlit as st

from pages.shared import link
from pages.shared.search import texts
from prodsim.index import Rows
from prodsim.phrases import reader_profile
from prodsim.search import Hit
from prodsim.search.browsing import Order, places_in
from prodsim.search.calibration import CLOSENESS_LEVELS
from prodsim.workspace import OpenCatalog

KEY = "sort"
RELATED = next(share for share, word in CLOSENESS_LEVELS if word == "related")
SIMILAR, COMPLETE = "similar", "complete"
"""The order of hits and the one before a search, unless another is chosen."""


def choose_order(default: str) -> str:
    """Draw the choice of an order, one of ``texts.ORDERS``; of the two defaults the other is none of the choices.

    Where such things have no prices, neither are prices.
    """
    others = {SIMILAR, COMPLETE, *("price", "-price") * ("price" in reader_profile().absent)} - {default}
    labels = {name: text() for name, text in texts.ORDERS.items() if name not in others}
    return link.choose(
        st.selectbox, texts.ORDER(), labels, KEY, default, label_visibility="collapsed", width=200, filter_mode=None
    )


def places_by(opened: OpenCatalog, order: str) -> Rows:
    """Return the place of each product of a catalog in an order but ``SIMILAR``."""
    return _places(opened.info.artifacts["catalog"], order, opened)


def in_order(opened: OpenCatalog, hits: Sequence[Hit], order: str) -> tuple[Hit, ...]:
    """Return hits in an order, related ones before all others; as they are in ``SIMILAR``.

    Without that, a search for cream by price would begin with the cheapest basket.
    """
    if order == SIMILAR:
        return tuple(hits)
    places = places_by(opened, order)
    return tuple(sorted(hits, key=lambda hit: (hit.closer_than < RELATED, int(places[hit.row]))))


@st.cache_resource(max_entries=16, show_spinner=False)
def _places(version: str, order: str, _opened: OpenCatalog) -> Rows:
    return places_in(_opened.catalog, cast("Order", order))
