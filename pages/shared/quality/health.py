"""How healthy the catalog is: numbers, a tile for each kind of issue, and the categories that fare worst."""

from collections.abc import Mapping, Sequence

import numpy as np
import streamlit as st

from pages.shared import link
from pages.shared.checks import CheckResults, ReviewItem
from pages.shared.quality import texts
from pages.shared.tiles import KIND_LINK, TILE_LINK, TILES, Tile
from prodsim.output.charts import bars_figure
from prodsim.output.health import Which, waiting
from prodsim.phrases import reader_profile
from prodsim.records import WAITING, CheckSummary

MOST_CATEGORIES = 8
TILE_PX = 185
"""The longest title beside its number: a tile of two lines would be higher than its neighbours."""


def draw_health(results: CheckResults, items: Sequence[ReviewItem], change: Mapping[str, int]) -> Tile:
    """Draw how healthy the catalog is, and a number for each kind of issue; return the chosen tile."""
    which = waiting([item.state for item in items])
    st.markdown(describe_health(results, items, which, change), help=texts.HEALTHY_HELP())
    chosen = chosen_tile(items)
    with st.grid(min_column_width=TILE_PX):
        for tile in _tiles(results):
            own = which & np.isin(results.kinds, tile.kinds)
            with st.container(gap="xxsmall"):
                _draw_tile(tile, int(own.sum()), tile == chosen)
                st.caption(describe_tile(results, own, sum(change.get(kind, 0) for kind in tile.kinds)))
    return chosen


def _tiles(results: CheckResults) -> list[Tile]:
    """Return the tiles of checks that make sense for the kind of catalog, and those that found something anyway."""
    absent = reader_profile().absent
    return [tile for tile in TILES if tile.field not in absent or np.isin(results.kinds, tile.kinds).any()]


def describe_health(results: CheckResults, items: Sequence[ReviewItem], which: Which, change: Mapping[str, int]) -> str:
    """Say which share of the products has no issue, and how many findings are open, decided, or need no decision."""
    n_decided, n_grouped = (sum(item.state == state for item in items) for state in ("decided", "grouped"))
    n_open = int(which.sum())
    facts = [
        texts.HEALTHY(len(results.health.catalog), share=results.health.share(which)),
        texts.N_OPEN_CHANGE(n_open, change=sum(change.values())) if change else texts.N_OPEN(n_open),
        texts.N_DECIDED(n=n_decided),
        texts.N_GROUPED(n_grouped) if n_grouped else "",
    ]
    return " · ".join(filter(None, facts))


def describe_tile(results: CheckResults, own: Which, change: int) -> str:
    """Say which share of the products open findings concern, and how many more findings the last upload brought."""
    share = texts.SHARE(share=results.health.n_products(own) / max(len(results.health.catalog), 1))
    facts = [share if own.any() else texts.NONE_OPEN(), texts.CHANGE(change=change) if change else ""]
    return " · ".join(filter(None, facts))


def chosen_tile(items: Sequence[ReviewItem]) -> Tile:
    """Return the tile that the link names; else the first with something to decide. A name of none is said."""
    by_name = {tile.name: tile for tile in TILES}
    link.say_if_unusable(TILE_LINK, by_name)
    linked = by_name.get(st.query_params.get(TILE_LINK, ""))
    if linked is not None:
        return linked
    open_kinds = {item.finding.kind for item in items if item.state in WAITING}
    return next((tile for tile in TILES if open_kinds & {*tile.kinds}), TILES[0])


def change_since_last(summaries: Sequence[CheckSummary]) -> dict[str, int]:
    """Return by how much the findings of each kind grew since the previous upload; nothing for the first one."""
    if len(summaries) < 2:
        return {}
    before, now = summaries[-2].counts, summaries[-1].counts
    return {kind: n - before[kind] for kind, n in now.items() if kind in before}


def draw_worst(results: CheckResults, items: Sequence[ReviewItem]) -> None:
    """Draw the categories with the most severe findings."""
    table = results.health.worst_categories(waiting([item.state for item in items])).head(MOST_CATEGORIES)
    if len(table):
        counts = [
            texts.WORST_BAR(faulty=n, products=of) for n, of in zip(table["faulty"], table["products"], strict=True)
        ]
        title = texts.WORST_CATEGORIES()
        figure = bars_figure(table["category"].tolist(), table["severity"].tolist(), counts, title)
        st.plotly_chart(figure, key="worst", config={"displayModeBar": False}, alt=title)
        st.caption(texts.WORST_HELP())


def _choose(tile: Tile) -> None:
    st.query_params[TILE_LINK] = tile.name
    st.query_params.pop(KIND_LINK, None)  # it is of the tile before
    st.session_state.pop(KIND_LINK, None)


def _draw_tile(tile: Tile, n_open: int, is_chosen: bool) -> None:
    st.button(
        texts.TILE(n=n_open, title=tile.title()),
        key=f"tile {tile.name}",
        on_click=_choose,
        args=(tile,),
        type="primary" if is_chosen else "secondary",
        width="stretch",
        help=texts.TILE_HELP(description=tile.description()),
    )
