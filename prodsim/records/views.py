"""Views of the dashboard under a name: a page with all that its link holds."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from prodsim.records.place import Connection

_KEEP = """
INSERT INTO viewed (name, page, params, who, "when") VALUES (?, ?, ?, ?, ?)
ON CONFLICT (name) DO UPDATE
SET page = excluded.page, params = excluded.params, who = excluded.who, "when" = excluded."when"
"""


@dataclass(frozen=True, slots=True)
class SavedView:
    """A page as somebody left it.

    Attributes:
        name: that it was saved under.
        page: its name in the address; "" for the first one.
        params: of the link, each with its values in their order.
        who: saved it; "" where nobody logs in.
        when: ISO 8601 in UTC.
    """

    name: str
    page: str
    params: Mapping[str, tuple[str, ...]]
    who: str = ""
    when: str = ""

    @property
    def address(self) -> str:
        """Return the address of the view below that of the dashboard."""
        return f"{self.page or './'}?{urlencode(dict(self.params), doseq=True)}"


def keep_view(connection: Connection, view: SavedView) -> None:
    """Keep a view, in place of the one that has its name."""
    params = json.dumps({name: list(values) for name, values in view.params.items()}, ensure_ascii=False)
    connection.execute(_KEEP, (view.name, view.page, params, view.who, view.when))


def saved_views(connection: Connection) -> tuple[SavedView, ...]:
    """Return all views, by name."""
    rows = connection.execute('SELECT name, page, params, who, "when" FROM viewed')
    views = (
        SavedView(name, page, {key: tuple(values) for key, values in json.loads(params).items()}, who, when)
        for name, page, params, who, when in rows
    )
    return tuple(sorted(views, key=lambda view: (view.name.casefold(), view.name)))


def forget_view(connection: Connection, name: str) -> bool:
    """Delete a view; return whether there was one."""
    return connection.execute("DELETE FROM viewed WHERE name = ?", (name,)).rowcount > 0
