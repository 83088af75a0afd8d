"""Whose history recommendations are based on: products that a person clicks together, or a shopper."""

import streamlit as st

from pages.shared import link, search_form
from pages.shared import texts as shared
from pages.shared.frame import as_written
from pages.shared.grid import Action
from pages.shared.histories import shoppers_of
from pages.shared.recommend import texts
from pages.shared.recommend.events import events_per_shopper
from prodsim.recommend import UNKNOWN_SHOPPER, Histories, UserProfile, shown_count
from prodsim.search import Query
from prodsim.workspace import OpenCatalog

SHOPPER, ADD, OWNER = "shopper", "add to history", "whose"
PRODUCTS, A_SHOPPER = texts.OWNERS
N_OFFERED = 6
MOST_ACTIVE = 200


def choose_history(opened: OpenCatalog, histories: Histories | None) -> UserProfile:
    """Draw the choice, and return the profile of what was chosen."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if histories is not None and _choose_owner() == A_SHOPPER:
            return _choose_shopper(opened, histories)
        typed = st.text_input(texts.ADD_VIEWED(), key=ADD, placeholder=texts.ADD_PLACEHOLDER(), icon=":material/add:")
    chosen = search_form.ask_chips(search_form.HISTORY, texts.VIEWED(), opened.catalog)
    if typed:
        _suggest(opened, typed)
    return UserProfile.of([opened.engine.lookup.row(sku) for sku in chosen])


def card_actions() -> tuple[Action, ...]:
    """Return what a card offers: adding it to the history clicked together; a shopper's cannot be added to."""
    if st.session_state.get(OWNER) == A_SHOPPER:
        return ()
    return (Action(":material/add:", texts.ADD_TO_HISTORY(), _add, texts.ADD()),)


def _choose_owner() -> str:
    options = {owner: text() for owner, text in texts.OWNERS.items()}
    return link.choose(st.segmented_control, texts.HISTORY_OF(), options, OWNER, PRODUCTS, required=True)


def _choose_shopper(opened: OpenCatalog, histories: Histories) -> UserProfile:
    shoppers = shoppers_of(opened)
    events = events_per_shopper(shoppers.version, histories)
    options = events.index[:MOST_ACTIVE].tolist()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.selectbox(
            texts.SHOPPER(),
            options,
            key=SHOPPER,
            format_func=lambda user: texts.SHOPPER_EVENTS(int(events[user]), shopper=user),
            width=320,
            help=texts.SHOPPER_HELP(shown=shown_count(len(options)), total=shown_count(len(events))),
        )
        typed = st.text_input(texts.OWN_ID(), key="shopper id", width=220).strip()
    user = shoppers.pseudonym(typed) if typed else chosen
    profile = shoppers.profile(opened, histories, user or "")
    if len(profile):
        _show_latest(opened, profile)
    elif typed:
        st.text(UNKNOWN_SHOPPER())
    return profile


def _show_latest(opened: OpenCatalog, profile: UserProfile) -> None:
    latest = opened.catalog.products["title"].iloc[profile.rows[:N_OFFERED]]
    titles = as_written(" · ".join(title[:60] for title in latest))
    n_more = len(profile) - N_OFFERED
    st.caption(texts.LATEST_MORE(titles=titles, n=n_more) if n_more > 0 else texts.LATEST(titles=titles))


def _suggest(opened: OpenCatalog, typed: str) -> None:
    with st.container(horizontal=True):
        for hit in opened.search(Query(typed), N_OFFERED).hits:
            label = as_written(shared.CHIP(title=hit.title[:48], sku=hit.sku))
            st.button(label, on_click=_add, args=(hit.sku,), icon=":material/add:")


def _add(sku: str) -> None:
    search_form.append(sku, search_form.HISTORY)
    st.session_state[ADD] = ""
    st.session_state[OWNER] = PRODUCTS
