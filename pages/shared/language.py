"""The reader's language: the one that a link names or that was chosen in Settings, else the browser's."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

import streamlit as st
from babel import Locale
from streamlit.runtime.scriptrunner import get_script_run_ctx

from pages.shared import link, texts
from prodsim.phrases import ENGLISH, languages, nearest_language
from prodsim.profiles import PRODUCTS

LANGUAGE = "language"
"""The language in a link; and where the session keeps what is read."""
CHOSEN = "chosen language"
"""Where the session keeps what was chosen, and nothing where the browser decides."""
KIND = "kind of catalog"
"""Where the session keeps what kind the open catalog is of."""
CHOICE = "language choice"
"""The widget of Settings."""
_language_of_thread: ContextVar[str] = ContextVar("language_of_thread", default=ENGLISH)


def settle_language() -> None:
    """Decide in which language the page is drawn, and keep a choice in the link, so that a reload keeps it, too."""
    linked = st.query_params.get(LANGUAGE)
    if linked in languages():
        st.session_state[CHOSEN] = linked
    chosen = st.session_state.get(CHOSEN)
    if chosen and linked is None:
        st.query_params[LANGUAGE] = chosen
    st.session_state[LANGUAGE] = chosen or nearest_language(st.context.locale or ENGLISH)


def reader_language() -> str:
    """Return the language of the person whose page is drawn, or for whom ``in_language`` says that a thread works."""
    if get_script_run_ctx(suppress_warning=True) is None:
        return _language_of_thread.get().partition("@")[0]
    language = st.session_state.get(LANGUAGE)
    return language if language in languages() else ENGLISH


def reader_words() -> str:
    """Return the reader's language with the kind of the open catalog, such as ``en@films``; see ``prodsim.phrases``."""
    if get_script_run_ctx(suppress_warning=True) is None:
        return _language_of_thread.get()
    kind = st.session_state.get(KIND, PRODUCTS)
    return reader_language() if kind == PRODUCTS else f"{reader_language()}@{kind}"


@contextmanager
def in_kind(kind: str) -> Iterator[None]:
    """Make texts in the words of another kind of catalog than the open one."""
    before = st.session_state.get(KIND, PRODUCTS)
    st.session_state[KIND] = kind
    try:
        yield
    finally:
        st.session_state[KIND] = before


@contextmanager
def in_language(language: str) -> Iterator[None]:
    """Make texts as ``reader_words`` has them in a block that runs in a thread without a session."""
    token = _language_of_thread.set(language)
    try:
        yield
    finally:
        _language_of_thread.reset(token)


def language_tag() -> str:
    """Return the reader's language as HTML names it, such as ``zh-CN``."""
    return reader_language().replace("_", "-")


def language_name(language: str) -> str:
    """Return what a language calls itself, with its script where there are several: *English*, *简体中文*."""
    locale = Locale.parse(language)
    names = locale.languages
    return str(names.get(f"{locale.language}_{locale.script}") or names[locale.language])


def draw_language_choice(label: str, as_browser: str, help_text: str) -> None:
    """Draw the choice of the language, with what to call the browser's own."""
    options = {"": as_browser, **{language: language_name(language) for language in languages()}}
    st.session_state[CHOICE] = st.session_state.get(CHOSEN, "")
    st.selectbox(label, list(options), key=CHOICE, format_func=options.__getitem__, on_change=_choose, help=help_text)


def words_of_streamlit() -> str:
    """Return a style that puts the reader's words in place of those that Streamlit has in English alone."""
    if reader_language() == ENGLISH:
        return ""
    words_of = {
        '[data-testid="stFileUploaderDropzone"] button p': texts.UPLOAD(),
        '[data-testid="stFileUploaderDropzoneInstructions"] span': texts.UPLOAD_LIMIT(
            limit=st.get_option("server.maxUploadSize")
        ),
        '[data-testid="InputInstructions"] span': texts.PRESS_ENTER(),
        '[data-testid="stSelectboxVirtualDropdownEmpty"] > *': texts.NO_OPTION(),
    }
    rules = (
        f"{place}{{font-size:0!important}}"
        f"{place}::after{{content:{json.dumps(words, ensure_ascii=False)};font-size:.875rem}}"
        for place, words in words_of.items()
    )
    return f"<style>{''.join(rules)}</style>"


def _choose() -> None:
    chosen = st.session_state[CHOICE]
    link.take_out(LANGUAGE)
    if chosen:
        st.session_state[CHOSEN] = st.query_params[LANGUAGE] = chosen
    else:
        st.session_state.pop(CHOSEN, None)
