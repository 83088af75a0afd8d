"""Weights in the link: what is moved is written there, and a link that was just opened is heard."""

from collections.abc import Mapping

import streamlit as st

from prodsim.similarity import MOST, Weights


def read_weights(name: str, base: Weights) -> dict[str, float]:
    """Every weight of a link that was just opened, at most ``MOST``, the link's laid over ``base``.

    Nothing when the link has none under this name, none that can be read, which is told, or what this session wrote.
    """
    text = st.query_params.get(name, "")
    if not text or text == st.session_state.get(_written(name)):
        return {}
    try:
        linked = base.parse(text).as_dict()
    except ValueError as error:
        st.caption(f"Left out of the link: {error}.")
        return {}
    if max(linked.values()) > MOST:
        st.caption(f"Weights above {MOST:g} in the link count as {MOST:g}, the most a slider gives.")
    return {part: min(weight, MOST) for part, weight in linked.items()}


def write_weights(name: str, changed: Mapping[str, float]) -> None:
    """Put what was moved into the link under a name, or take the name out when nothing was."""
    text = ",".join(f"{part}={weight:g}" for part, weight in changed.items())
    st.session_state[_written(name)] = text
    if text:
        st.query_params[name] = text
    else:
        st.query_params.pop(name, None)


def _written(name: str) -> str:
    return f"{name} in link"
