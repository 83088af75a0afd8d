"""Choices of several values, which stand in the link as they are.

Streamlit's own binding writes the labels instead, which a count or a title changes and no other session reads back.
"""

from collections.abc import Callable, Sequence
from typing import Literal

import streamlit as st

from pages.shared import texts


def several(
    label: str,
    key: str,
    options: Sequence[str],
    chosen: Sequence[str],
    format_func: Callable[[str], str],
    width: int | Literal["stretch"] = "stretch",
) -> list[str]:
    """Draw a multiple choice at which ``chosen`` is chosen, and return what is."""
    st.session_state[key] = list(chosen)
    chosen = st.multiselect(label, options, key=key, format_func=format_func, placeholder=texts.ANY(), width=width)
    write(key, chosen)
    return chosen


def wanted(key: str) -> list[str]:
    """Return the values to choose: the link's when it was opened or went back, else the state's."""
    linked = st.query_params.get_all(key)
    if linked and linked != st.session_state.get(f"{key} in link"):
        return list(dict.fromkeys(linked))
    kept = st.session_state.get(f"{key} kept", [])  # a page switch drops a widget's own state
    return list(dict.fromkeys(st.session_state.get(key, kept)))


def write(key: str, chosen: Sequence[str]) -> None:
    """Put what is chosen into the link, and remember that it was put there."""
    if not chosen:
        st.query_params.pop(key, None)
    elif st.query_params.get_all(key) != chosen:
        st.query_params[key] = chosen
    st.session_state[f"{key} in link"] = st.session_state[f"{key} kept"] = list(chosen)


def none_chosen(key: str) -> list[str]:
    """Choose nothing, here and in the link."""
    for name in (key, f"{key} in link", f"{key} kept"):
        st.session_state.pop(name, None)
    st.query_params.pop(key, None)
    return []
