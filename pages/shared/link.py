"""The link to a view: choices and weights are written there, and read from a link that was just opened."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

import streamlit as st

from pages.shared import texts
from prodsim.similarity import MAX_WEIGHT, Weights

Option = TypeVar("Option", bound=str)


def choose(
    draw: Callable[..., Option], label: str, options: Mapping[Option, str], key: str, default: Option, **look: Any
) -> Option:
    """Draw a choice of one whose value stands in the link, and return that value.

    Streamlit's own binding writes the labels instead, which no session in another language would read back.

    Args:
        draw: ``st.selectbox``, ``st.segmented_control`` or ``st.radio``.
        label: of the choice.
        options: the values with their labels.
        key: of the widget, and its name in the link.
        default: chosen at first, and left out of the link.
        look: passed on to ``draw``.
    """
    value = chosen(key, options, default)
    if st.session_state.get(key) != value:
        st.session_state[key] = value
    value = draw(label, list(options), key=key, format_func=lambda option: options[option], **look)
    written = None if value == default else value
    if written is None:
        st.query_params.pop(key, None)
    elif st.query_params.get(key) != written:
        st.query_params[key] = written
    st.session_state[_written(key)] = (written, value)
    return value


def chosen(key: str, options: Iterable[Option], default: Option) -> Option:
    """Return what a choice of ``choose`` stands at, also before it is drawn or while it is hidden."""
    linked = st.query_params.get(key)
    written, last = st.session_state.get(_written(key), (None, None))
    value = st.session_state.get(key)
    is_link_new = linked != written and value == last  # it was just opened, or the browser went back
    if value is None or is_link_new:
        value = linked
    return next((option for option in options if option == value), default)


def read_weights(name: str, base: Weights) -> dict[str, float]:
    """Return every weight of a link that was just opened, at most ``MAX_WEIGHT``, the link's laid over ``base``.

    Nothing when the link has none under this name, none that can be read, which is shown, or what this session wrote.
    """
    text = st.query_params.get(name, "")
    if not text or text == st.session_state.get(_written(name)):
        return {}
    try:
        linked = base.parse(text).as_dict()
    except ValueError as error:
        st.caption(texts.WEIGHTS_IGNORED(problem=error))
        return {}
    if max(linked.values()) > MAX_WEIGHT:
        st.caption(texts.WEIGHTS_LIMITED(most=MAX_WEIGHT))
    return {part: min(weight, MAX_WEIGHT) for part, weight in linked.items()}


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
