"""The link to a view: choices and weights are written there, and read from a link that was just opened."""

import re
from collections.abc import Callable, Container, Iterable, Mapping
from contextlib import suppress
from contextvars import ContextVar
from typing import Any, Literal, TypeVar

import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.errors import StreamlitAPIException

from pages.shared import texts
from prodsim.similarity import MAX_WEIGHT, Weights
from prodsim.text import excerpt

Option = TypeVar("Option", bound=str)
Reader = Callable[[str], bool]
"""Tells whether a value of the link can be used."""
MOST = 10**12
"""The largest number that a link may hold where nothing smaller limits it; a browser counts to 2**53."""
_NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,20})?(e-?[0-9]{1,2})?", re.IGNORECASE)
_notes: ContextVar[DeltaGenerator | None] = ContextVar("notes", default=None)


def put_notes_into(place: DeltaGenerator) -> None:
    """Show there what of the link is not used, rather than beside the choice, in whose row it would not fit."""
    _notes.set(place)


def binding(key: str, is_readable: Reader) -> Literal["query-params"] | None:
    """Return how a widget is bound to the link: by Streamlit, unless the link says what the widget cannot be.

    That value is taken out of the link and shown; the widget begins as without it. Streamlit itself fails on some, such
    as numbers of 400 digits, and ignores others without a word; it remembers the link that a session began with, so the
    widget stays unbound in this session.
    """
    linked, refused = st.query_params.get(key), f"{key} refused"
    if linked is not None and not is_readable(linked):
        take_out(key)
        st.session_state[refused] = True
        _say_ignored(key, linked)
    return None if st.session_state.get(refused) else "query-params"


def take_out(key: str) -> None:
    """Take a value out of the link that no widget can use.

    Where the browser went back to it, the widget is bound already; then Streamlit alone may change the value, and does.
    """
    with suppress(StreamlitAPIException):
        st.query_params.pop(key, None)


def a_number(low: float, high: float = MOST) -> Reader:
    """Read numbers from ``low`` to ``high``, and nothing."""
    return lambda text: not text or (_NUMBER.fullmatch(text) is not None and low <= float(text) <= high)


def a_whole_number(low: int, high: int = MOST) -> Reader:
    """Read whole numbers from ``low`` to ``high``, and nothing."""
    is_number = a_number(low, high)
    return lambda text: is_number(text) and (not text or float(text).is_integer())


def a_switch(text: str) -> bool:
    """Read what Streamlit writes for a switch."""
    return text.lower() in ("true", "false")


def one_of(options: Iterable[object]) -> Reader:
    """Read one of the options, and nothing."""
    known = {"", *map(str, options)}
    return lambda text: text in known


def say_if_unusable(key: str, options: Container[str]) -> None:
    """Show that the link's value is ignored where it is none of the options."""
    linked = st.query_params.get(key)
    if linked is not None and linked not in options:
        _say_ignored(key, linked)


def _say_ignored(key: str, value: str) -> None:
    place = _notes.get()
    (st if place is None else place).text(texts.LINK_IGNORED(name=key, value=excerpt(value, 40)))


def choose(
    draw: Callable[..., Option],
    label: str,
    options: Mapping[Option, str],
    key: str,
    default: Option,
    **look: Any,
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
    say_if_unusable(key, options)
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
