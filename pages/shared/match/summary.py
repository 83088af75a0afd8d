"""What came of matching two catalogs, in numbers, and the threshold that they follow."""

import streamlit as st

from pages.shared import link
from pages.shared.match import texts
from pages.shared.match.compared import MatchView
from prodsim.match import PROPOSED, USUAL_THRESHOLD
from prodsim.output.matches import describe_prices

MOST = 0.99
STEP = 0.01


def choose_threshold() -> float:
    """Draw the certainty from which a match counts as sure; it stands in the link."""
    return st.slider(
        texts.THRESHOLD(), PROPOSED, MOST, USUAL_THRESHOLD, STEP, key="certainty", width=320,
        help=texts.THRESHOLD_HELP(), bind=link.binding("certainty", link.a_number(PROPOSED, MOST)),
    )  # fmt: skip


def draw_summary(view: MatchView, threshold: float) -> None:
    """Draw how many matches there are, what only one catalog has, and how the prices stand."""
    matching, is_sure = view.matching, view.matching.sure(threshold)
    index = view.prices.index(is_sure)
    median = index.median_difference
    difference = texts.NO_DIFFERENCE() if median is None else texts.DIFFERENCE(difference=median)
    with st.container(horizontal=True):
        st.metric(texts.SURE(), f"{is_sure.sum():,}", border=True)
        st.metric(texts.DOUBTFUL(), f"{(~is_sure).sum():,}", border=True)
        st.metric(texts.ONLY_IN(catalog=view.a.name), f"{len(matching.only_a):,}", border=True)
        st.metric(texts.ONLY_IN(catalog=view.b.name), f"{len(matching.only_b):,}", border=True)
        about = texts.PRICE_HELP(a=view.a.name, b=view.b.name)
        st.metric(texts.PRICE_DIFFERENCE(), difference, border=True, help=about)
    st.text(describe_prices(index, view.prices.n_other_currency, view.a.name))
    if view.compared.note:
        st.text(view.compared.note)
