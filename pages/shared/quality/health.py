"""Health: how the catalog fares in numbers, a tile for each kind of trouble, and the categories that fare worst."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import streamlit as st

from pages.shared.quality.checks import Checked
from pages.shared.quality.finding_card import Found
from pages.shared.quality.queue import COMPARED
from prodsim.output.charts import bars_figure
from prodsim.output.health import Which, waiting
from prodsim.phrases import Text
from prodsim.quality import CHECKS
from prodsim.records import WAITING, CheckSummary

CHOSEN = "found"
"""Name of the chosen tile in the link."""
MOST_CATEGORIES = 8
TILE_HELP = (
    "Findings still to decide. Below: the share of the products, and how many more than after the upload before."
)
HEALTH_HELP = "Hints, such as variants that share a group already, make no product faulty; nor does what was decided."


@dataclass(frozen=True, slots=True)
class Tile:
    """What one number of the page's first row counts.

    Attributes:
        name: in the link.
        title: for the screen.
        description: in one sentence.
        kinds: of the findings counted.
    """

    name: str
    title: Text
    description: Text
    kinds: tuple[str, ...]


def _tiles() -> tuple[Tile, ...]:
    """One per check; kinds that ask for other decisions have one each."""
    alone = [
        Tile(kind, title, check.description, (kind,))
        for check in CHECKS
        for kind, title in check.kinds.items()
        if kind in COMPARED
    ]
    rest = [(check, tuple(kind for kind in check.kinds if kind not in COMPARED)) for check in CHECKS]
    return (*alone, *(Tile(check.name, check.title, check.description, kinds) for check, kinds in rest if kinds))


TILES = _tiles()


def draw_health(checked: Checked, found: Sequence[Found], change: Mapping[str, int]) -> Tile:
    """How healthy the catalog is, and a number for each kind of trouble; gives the tile that is chosen."""
    which = waiting([one.state for one in found])
    st.markdown(told_health(checked, found, which, change), help=HEALTH_HELP)
    chosen = chosen_tile(found)
    with st.grid(min_column_width=140):
        for tile in TILES:
            own = which & np.isin(checked.kinds, tile.kinds)
            with st.container(gap="xxsmall"):
                _draw_tile(tile, int(own.sum()), tile == chosen)
                st.caption(told_tile(checked, own, sum(change.get(kind, 0) for kind in tile.kinds)))
    return chosen


def told_health(checked: Checked, found: Sequence[Found], which: Which, change: Mapping[str, int]) -> str:
    """The share of products with nothing wrong, and how many findings wait, are decided, or need no decision."""
    n_decided, n_grouped = (sum(one.state == state for one in found) for state in ("decided", "grouped"))
    since = f" ({sum(change.values()):+,} since the upload before)" if change else ""
    told = [
        f"**{checked.health.share(which):.1%}** of {len(checked.health.catalog):,} products have no fault that is open",
        f"**{int(which.sum()):,}** findings to decide{since}",
        f"{n_decided:,} decided",
    ]
    told += [f"{n_grouped:,} group{'s' * (n_grouped > 1)} of variants declared already"] * bool(n_grouped)
    return " · ".join(told)


def told_tile(checked: Checked, own: Which, change: int) -> str:
    """The share of products that waiting findings concern, and how many more were found than an upload ago."""
    since = f" · {change:+,}" if change else ""
    if not own.any():
        return f"none open{since}"
    return f"{checked.health.n_products(own) / len(checked.health.catalog):.1%}{since}"


def chosen_tile(found: Sequence[Found]) -> Tile:
    """The tile that the link names; else the first with something to decide."""
    named = {tile.name: tile for tile in TILES}
    asked = named.get(st.query_params.get(CHOSEN, ""))
    if asked is not None:
        return asked
    open_kinds = {one.finding.kind for one in found if one.state in WAITING}
    return next((tile for tile in TILES if open_kinds & {*tile.kinds}), TILES[0])


def change_since_last(summaries: Sequence[CheckSummary]) -> dict[str, int]:
    """By how much the number of findings of each kind grew since the upload before; empty for the first one."""
    if len(summaries) < 2:
        return {}
    before, now = summaries[-2].counts, summaries[-1].counts
    return {kind: n - before[kind] for kind, n in now.items() if kind in before}


def draw_worst(checked: Checked, found: Sequence[Found]) -> None:
    """The categories with most trouble."""
    table = checked.health.worst_categories(waiting([one.state for one in found])).head(MOST_CATEGORIES)
    if len(table):
        told = [f"{n:,} of {of:,}" for n, of in zip(table["faulty"], table["products"], strict=True)]
        figure = bars_figure(table["category"].tolist(), table["severity"].tolist(), told, "Worst categories")
        st.plotly_chart(figure, key="worst", config={"displayModeBar": False}, alt="Worst categories")
        st.caption("By the mean severity of what is open about their products, hints left out.")


def _draw_tile(tile: Tile, n_open: int, is_chosen: bool) -> None:
    st.button(
        f"**{n_open:,}** {tile.title()}",
        key=f"tile {tile.name}",
        on_click=st.query_params.__setitem__,
        args=(CHOSEN, tile.name),
        type="primary" if is_chosen else "secondary",
        width="stretch",
        help=f"{tile.description()} {TILE_HELP}",
    )
