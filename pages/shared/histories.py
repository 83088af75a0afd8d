"""What shoppers of a catalog did, and what was learned of it; read once and shared."""

import streamlit as st

from pages.shared import state
from prodsim.recommend import Histories, Recommender
from prodsim.workspace import OpenCatalog
from prodsim.workspace.shoppers import Shoppers


def shoppers_of(opened: OpenCatalog) -> Shoppers:
    """Return the histories of the chosen catalog on the disk."""
    return state.workspace().shoppers(opened.name)


def kept_histories(opened: OpenCatalog) -> Histories | None:
    """Return those kept, read once per version and shared; ``None`` where there are none."""
    shoppers = shoppers_of(opened)
    return _kept(str(state.workspace().settings.home), opened.name, shoppers.version) if shoppers.exists else None


def ready_recommender(opened: OpenCatalog, histories: Histories | None) -> Recommender | None:
    """Return what recommends, loaded once and shared; ``None`` where it must learn from the histories first."""
    shoppers = shoppers_of(opened)
    if histories is not None and not shoppers.is_learned(opened, histories):
        return None
    key = shoppers.learned_name(opened, histories)
    return _recommender(str(state.workspace().settings.home), opened.name, key, opened)


def forget_histories() -> None:
    """Clear the caches: what was erased must not stay in memory."""
    for cached in (_kept, _recommender):
        cached.clear()


@st.cache_resource(max_entries=4, show_spinner=False)
def _kept(home: str, name: str, version: str) -> Histories:
    return state.workspace().shoppers(name).histories()


@st.cache_resource(max_entries=4, show_spinner=False)
def _recommender(home: str, name: str, learned: str, _opened: OpenCatalog) -> Recommender:
    return state.workspace().shoppers(name).recommender(_opened)
