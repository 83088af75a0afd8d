"""Match: which product of one catalog is which of another, at which price, and what only one of them has."""

import streamlit as st

from pages.shared import frame, link, state
from pages.shared import texts as shared
from pages.shared.match import texts
from pages.shared.match.categories import draw_categories
from pages.shared.match.compared import MatchView, choose_other, get_match, view_of
from pages.shared.match.exchange import offer_exports
from pages.shared.match.gaps import draw_gaps
from pages.shared.match.lists import doubtful_places, draw_queue, draw_rejected, draw_sure
from pages.shared.match.summary import choose_threshold, draw_summary


def show_section(view: MatchView, threshold: float) -> None:
    """Draw the chosen list."""
    doubtful = doubtful_places(view, threshold)
    counts = {
        "doubtful": len(doubtful),
        "sure": len(view.matching) - len(doubtful),
        "rejected": len(view.rejected),
        "only a": len(view.matching.only_a),
        "only b": len(view.matching.only_b),
    }
    catalogs = {"only a": view.a.name, "only b": view.b.name}
    labels = {
        name: frame.as_written(text(n=counts[name], catalog=catalogs.get(name, "")))
        for name, text in texts.SECTIONS.items()
    }
    section = link.choose(
        st.segmented_control, shared.SHOW(), labels, "section", "doubtful", required=True, label_visibility="collapsed"
    )
    if section == "doubtful":
        draw_queue(view, doubtful)
    elif section == "sure":
        draw_sure(view, threshold)
    elif section == "rejected":
        draw_rejected(view)
    elif section == "only a":
        draw_gaps(view.a, view.matching.only_a)
    else:
        draw_gaps(view.b, view.matching.only_b)


def show_products() -> None:
    """Draw the products that match."""
    compared = get_match(opened, other) if other is not None else None
    if compared is None:
        return
    view = view_of(compared)
    with head:
        threshold = choose_threshold()
        st.space("stretch")
        offer_exports(view, threshold)
    draw_summary(view, threshold)
    show_section(view, threshold)


frame.title(shared.MATCH(), texts.PURPOSE())
opened = state.require_catalog()
head = st.container(horizontal=True, vertical_alignment="bottom")
other = choose_other(opened, head)
if other is not None:
    with head:
        names = {name: label() for name, label in texts.COMPARED.items()}
        what = link.choose(
            st.segmented_control, shared.VIEW(), names, "what", "products", required=True, label_visibility="collapsed"
        )
    if what == "categories":
        draw_categories(opened, other)
    else:
        show_products()
