"""Views in the sidebar: a button that copies the link to what is on the screen, and views saved under a name."""

import html

import streamlit as st

from pages.shared import state, texts
from pages.shared.language import LANGUAGE
from pages.shared.permission import permitted
from prodsim.errors import ProdsimError
from prodsim.phrases import retold
from prodsim.records import Records

NAME = "view name"
_STYLE = """
button{font:inherit;font-size:.9rem;color:var(--st-text-color);background:transparent;border-radius:.6rem;cursor:pointer;
border:1px solid var(--st-border-color);padding:.3rem .7rem;white-space:nowrap}
button:hover{border-color:var(--st-primary-color);color:var(--st-primary-color)}
"""
_SCRIPT = """
export default ({ parentElement, data }) => {
  const button = parentElement.querySelector("button");
  button.textContent = data.label;
  button.onclick = async () => {
    const link = new URL(location.href);
    link.searchParams.set("catalog", data.catalog);
    if (navigator.clipboard) await navigator.clipboard.writeText(link.href);
    else {  // a page that did not come encrypted
      const field = Object.assign(document.createElement("textarea"), { value: link.href });
      button.after(field);
      field.select();
      document.execCommand("copy");
      field.remove();
    }
    button.textContent = data.copied;
    setTimeout(() => button.textContent = data.label, 1500);
  };
};
"""
"""The catalog is named in any case: another first one may come, which a link without a name would open."""
_copy_link = st.components.v2.component("prodsim_copy_link", html="<button></button>", css=_STYLE, js=_SCRIPT)


def draw_views(page: str) -> None:
    """Draw the button that copies the link, and the views of the chosen catalog; nothing without one.

    Args:
        page: that is shown, by its name in the address.
    """
    info = state.current()
    if info is None:
        return
    words = {"label": texts.COPY_LINK(), "copied": texts.LINK_COPIED(), "catalog": info.name}
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        _copy_link(key="copy link", data=words, width="content", height="content")
        with st.popover(texts.VIEWS(), icon=":material/bookmark:", help=texts.VIEWS_HELP()):
            _draw_saved(state.workspace().records(info.name), info.name, page)


def _draw_saved(records: Records, catalog: str, page: str) -> None:
    """Draw the saved views as links, and a field that saves this one."""
    views = records.views()
    for view in views:
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            address, name = html.escape(view.address), html.escape(view.name)
            st.html(f'<a href="{address}" style="color:inherit">{name}</a>', width="content")
            st.button(
                ":material/close:",
                key=f"forget view {view.name}",
                type="tertiary",
                **permitted("save", help=texts.FORGET_VIEW(name=view.name)),
                on_click=_forget,
                args=(records, view.name),
            )
    if not views:
        st.caption(texts.NO_VIEWS())
    st.text_input(texts.VIEW_NAME(), key=NAME, max_chars=60)
    st.button(
        texts.SAVE_VIEW(),
        key="save view",
        on_click=_save,
        args=(records, catalog, page),
        **permitted("save"),
    )


def _save(records: Records, catalog: str, page: str) -> None:
    """Keep the link of the page, without the language, which is the reader's."""
    params = {name: st.query_params.get_all(name) for name in st.query_params if name != LANGUAGE}
    try:
        records.save_view(str(st.session_state.get(NAME) or "").strip(), page, {**params, state.CATALOG_KEY: [catalog]})
        st.session_state[NAME] = ""
    except ProdsimError as error:
        _say(error)


def _forget(records: Records, name: str) -> None:
    try:
        records.forget_view(name)
    except ProdsimError as error:
        _say(error)


def _say(error: ProdsimError) -> None:
    st.toast(f"{retold(error.what)} {retold(error.fix)}", icon=":material/error:")
