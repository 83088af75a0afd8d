"""Who uses the dashboard: the login by OpenID Connect, and the role that comes with it."""

import time
from collections.abc import Mapping
from fnmatch import fnmatchcase

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from pages.shared import state, texts
from pages.shared.server_paths import serves_this_machine_alone
from prodsim.errors import AccessDenied
from prodsim.extras import require
from prodsim.phrases import phrase
from prodsim.roles import OWNER, ROLE_NAMES, ROLES, Actor, Role

LOGIN = "auth"
"""The section of the secrets that sets the login up, as Streamlit wants it."""
WHO_MAY = "roles"
"""The section that gives roles: each a list of e-mail addresses, or patterns of them."""
LASTS_S = 12 * 3600
"""How long a login lasts."""
NOBODY = Actor(role=None)
"""Whoever has not logged in, or no longer, or has no role."""
_KEEP_LINK = """
export default ({ parentElement, data }) => {
  parentElement.closest(".stElementContainer").style.display = "none";
  const here = location.pathname + location.search, kept = sessionStorage.getItem("prodsim link");
  if (data === "keep") return sessionStorage.setItem("prodsim link", here);
  sessionStorage.removeItem("prodsim link");
  if (kept && kept !== here) location.replace(kept);
};
"""
"""A login leads back to the first page, whatever link was opened; so the tab remembers which it was."""
_keep_link = st.components.v2.component("prodsim_link", html="<span></span>", js=_KEEP_LINK, isolate_styles=False)


def actor_here() -> Actor:
    """Return who uses this session; without a login, whoever uses it owns the files."""
    if get_script_run_ctx(suppress_warning=True) is None or not _has_login():
        return OWNER  # a thread without a session works for the one who started it: see ``roles.acting_as``
    user: Mapping[str, object] = st.user.to_dict()
    if not user.get("is_logged_in") or float(str(user.get("iat") or time.time())) + LASTS_S < time.time():
        return NOBODY
    name = str(user.get("email") or user.get("sub") or "")
    is_known = user.get("email_verified") is not False  # else anybody could claim an address
    return Actor(name, role_of(name, st.secrets.get(WHO_MAY, {})) if is_known else None)


def role_of(name: str, table: Mapping[str, object]) -> Role | None:
    """Return the highest role whose list has the address or a pattern of it; viewer for all where nothing is listed."""
    if not table:
        return "viewer"
    for role in reversed(ROLES):
        patterns = table.get(role, ())
        listed = [patterns] if isinstance(patterns, str) else [*patterns] if isinstance(patterns, list | tuple) else []
        if any(fnmatchcase(name.casefold(), str(pattern).casefold()) for pattern in listed):
            return role
    return None


def is_admitted() -> bool:
    """Return whether pages are drawn for whoever uses this session."""
    if not _has_login():
        return serves_this_machine_alone() or not state.workspace().settings.needs_login
    return actor_here().may("read")


def draw_entrance() -> None:
    """Draw what stands in place of every page for those who are not admitted.

    Raises:
        AccessDenied: nobody can log in, or who logged in has no role.
        MissingPackage: the package that logs people in is not installed.
    """
    if not _has_login():
        raise AccessDenied(
            phrase("Other machines can reach this dashboard, and no login is set up."),
            phrase(
                "Set one up as docs/guides/serve.md says, or let it listen to this machine alone. "
                "PRODSIM_LOGIN=off opens it to everybody."
            ),
        )
    require("login")
    actor = actor_here()
    if actor is not NOBODY:
        st.button(texts.LOG_OUT(), icon=":material/logout:", on_click=st.logout)
        raise AccessDenied(
            phrase("{name} has no role here.", name=actor.name),
            phrase("Ask an admin for a role, then load this page again."),
        )
    _keep_link(key="link", data="keep")
    st.title("prodsim", anchor=False)
    st.caption(texts.LOG_IN_FIRST())
    st.button(texts.LOG_IN(), type="primary", icon=":material/login:", on_click=st.login)


def draw_person() -> None:
    """Draw who is logged in, with the role, and how to log out; nothing without a login."""
    if not _has_login():
        return
    _keep_link(key="link", data="return")
    actor = actor_here()
    with st.container(horizontal=True, vertical_alignment="center"):
        st.text(texts.PERSON(name=actor.name, role=ROLE_NAMES[actor.role]() if actor.role else ""), width="stretch")
        st.button(texts.LOG_OUT(), icon=":material/logout:", type="tertiary", on_click=st.logout)


def _has_login() -> bool:
    return st.secrets.load_if_toml_exists() and LOGIN in st.secrets
