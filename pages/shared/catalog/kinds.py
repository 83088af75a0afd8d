"""What kind of catalog it is, products or films: what things and fields are called, and which fields there are."""

import streamlit as st

from pages.shared import state
from pages.shared.catalog import texts
from pages.shared.language import reader_language
from prodsim.profiles import profile_of, profiles
from prodsim.workspace import CatalogInfo


def draw_kinds(key: str, chosen: str) -> str:
    """Draw the choice of the kind, with what it changes; return its name."""
    language = reader_language()
    return str(
        st.selectbox(
            texts.KIND_OF_CATALOG(),
            list(profiles()),
            index=list(profiles()).index(profile_of(chosen).name),
            format_func=lambda name: profile_of(name).label(language),
            key=key,
            width=260,
            help=texts.KIND_OF_CATALOG_HELP(),
        )
    )


def offer_kind(info: CatalogInfo) -> None:
    """Draw the kind of a built catalog; another one counts from the next run on."""
    chosen = draw_kinds(f"kind of {info.name} {info.built} {info.profile}", info.profile)
    if chosen != profile_of(info.profile).name:
        state.workspace().set_profile(info.name, chosen)
        st.rerun()
