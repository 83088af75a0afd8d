"""Who acts, and what a viewer, an editor and an admin may do."""

import ipaddress
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Literal, get_args

from prodsim.errors import AccessDenied
from prodsim.phrases import Text, phrase

Role = Literal["viewer", "editor", "admin"]
ROLES: tuple[Role, ...] = get_args(Role)
"""From the one that may do least to the one that may do all; each may do what those before it may."""
Action = Literal["read", "judge", "decide", "save", "build", "delete", "administer"]


@dataclass(frozen=True, slots=True)
class Permission:
    """An action that not everybody may do.

    Attributes:
        least: the role that it takes.
        verb: what it is, after "may not".
    """

    least: Role
    verb: Text


PERMISSIONS: Mapping[Action, Permission] = {
    "read": Permission("viewer", Text("search, ask, compare and download")),
    "judge": Permission("editor", Text("judge pairs and remember choices")),
    "decide": Permission("editor", Text("decide about findings and matches")),
    "save": Permission("editor", Text("save settings, rules and histories")),
    "build": Permission("editor", Text("upload, build, refresh and adapt")),
    "delete": Permission("admin", Text("delete catalogs and what lies on the disk")),
    "administer": Permission("admin", Text("manage keys and roles")),
}
ROLE_NAMES: Mapping[Role, Text] = {"viewer": Text("viewer"), "editor": Text("editor"), "admin": Text("admin")}


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody who uses prodsim.

    Attributes:
        name: that is recorded with what they decide; empty where nobody is told apart.
        role: what they may do; ``None`` for nothing at all.
    """

    name: str = ""
    role: Role | None = "admin"

    def may(self, action: Action) -> bool:
        """Return whether the role is enough for the action."""
        return self.role is not None and ROLES.index(self.role) >= ROLES.index(PERMISSIONS[action].least)


OWNER = Actor()
"""Whoever runs a command or opens a dashboard that serves this machine alone: the files are theirs."""

_acting: ContextVar[Actor | None] = ContextVar("acting", default=None)
_read_actor: Callable[[], Actor] = lambda: OWNER  # noqa: E731 - a door replaces it


def read_actor_from(read: Callable[[], Actor]) -> None:
    """Let ``read`` say who acts, wherever ``acting_as`` does not."""
    global _read_actor
    _read_actor = read


@contextmanager
def acting_as(actor: Actor) -> Iterator[None]:
    """Let all that the block does be done by ``actor``."""
    token = _acting.set(actor)
    try:
        yield
    finally:
        _acting.reset(token)


def actor() -> Actor:
    """Return who acts now."""
    return _acting.get() or _read_actor()


def is_own(name: str) -> bool:
    """Return whether what somebody of this name began is shown to who acts now: they began it, or are an admin."""
    who = actor()
    return who.name == name or who.may("administer")


def require_role(action: Action) -> Actor:
    """Return who acts now; raises ``AccessDenied`` where their role is not enough for the action."""
    if (refused := refusal(action)) is not None:
        raise refused
    return actor()


def refusal(action: Action) -> AccessDenied | None:
    """Return why who acts now may not do something; ``None`` where they may."""
    who = actor()
    if who.may(action):
        return None
    least, verb = PERMISSIONS[action].least, PERMISSIONS[action].verb()
    own = phrase("no role") if who.role is None else phrase("the role {role}", role=ROLE_NAMES[who.role]())
    return AccessDenied(
        phrase("You have {role} and may not {action}.", role=own, action=verb),
        phrase("Ask an admin for the role {role}.", role=ROLE_NAMES[least]()),
    )


def why_not(action: Action) -> str | None:
    """Return in words why who acts now may not do something; ``None`` where they may."""
    refused = refusal(action)
    return None if refused is None else str(refused)


def is_this_machine(host: str) -> bool:
    """Return whether a server at this address is reached from this machine alone; of names, localhost is."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
