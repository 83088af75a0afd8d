"""The map, drawn by the browser, and what is selected on it."""

import base64
import html
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import streamlit as st

from pages.shared.cards import card_html
from pages.shared.frame import as_written
from pages.shared.grid import draw_single, products_shown
from pages.shared.link import a_switch, binding, choose
from pages.shared.map import texts
from pages.shared.map.charts import amount
from pages.shared.product_link import HIGHLIGHT
from prodsim.catalog import Catalog
from prodsim.catalog.category_paths import SEPARATOR
from prodsim.index import Rows
from prodsim.map.selection import rows_in_selection
from prodsim.output.map_points import (
    Colours,
    amount_colours,
    as_places,
    as_positions,
    cluster_colours,
    first_frame,
    kind_colours,
    names_of_clusters,
)
from prodsim.search import Query, SearchOptions
from prodsim.search.filters import Mask
from prodsim.workspace import OpenCatalog

SELECTION = "map selection"
"""What was drawn or clicked last: its ``outline`` in shares of the axes, and ``rows``."""
NONE_SELECTED: Mapping[str, Any] = {"outline": [], "rows": []}
N_LIT = 100
NORMAL, OUT, LIT = 0, 1, 2
"""How a point is drawn: as it is, faintly because a filter leaves it out, or larger because a search found it."""
GREY_OUT = {"light": [168, 162, 158], "dark": [96, 104, 102]}
TOOLS = {
    "lasso": "lasso_select", "box": "select", "pan": "pan_tool", "in": "add", "out": "remove", "home": "fit_screen",
    "none": "deselect",
}  # fmt: skip
"""The buttons on the map with their icons."""
_STYLE = """
.pm{position:relative;font-family:var(--st-font)}
.pm canvas{position:absolute;inset:0;width:100%;height:100%;border-radius:var(--st-base-radius,.5rem)}
.pm-stage{position:relative;height:clamp(480px,100vh - 300px,1200px);border:1px solid var(--st-border-color);
border-radius:var(--st-base-radius,.5rem);overflow:hidden}
.pm-over{cursor:crosshair;touch-action:none}
.pm-tools{position:absolute;right:.5rem;top:.5rem;display:flex;flex-direction:column;gap:.15rem;z-index:2}
.pm-tools button{width:1.9rem;height:1.9rem;padding:0;border:1px solid var(--st-border-color);border-radius:.45rem;
background:var(--st-background-color);color:inherit;cursor:pointer;font-family:"Material Symbols Rounded";
font-size:1.15rem;line-height:1;font-feature-settings:"liga"}
.pm-tools button:hover,.pm-tools button[aria-pressed=true]{color:var(--st-primary-color);
border-color:var(--st-primary-color)}
.pm-legend{display:flex;flex-wrap:wrap;gap:.1rem .9rem;margin-top:.5rem;font-size:.8rem}
.pm-legend:empty{display:none}
.pm-legend span{display:inline-flex;align-items:center;gap:.35rem;opacity:.85}
.pm-legend i{width:.65rem;height:.65rem;border-radius:50%}
.pm-legend b{width:9rem;height:.6rem;border-radius:1rem}
"""
_HTML = (
    '<div class="pm"><div class="pm-stage"><canvas class="pm-points"></canvas>'
    '<canvas class="pm-over" role="img"></canvas><div class="pm-tools"></div></div><div class="pm-legend"></div></div>'
)
_KEEP_POINTS = """
export default ({ parentElement, data }) => {
  parentElement.closest(".stElementContainer").style.display = "none";
  const bytes = new Uint8Array(data);
  window.prodsimPoints = new Uint16Array(bytes.buffer, 0, bytes.length >> 1);
  dispatchEvent(new Event("prodsim-points"));
};
"""
"""The places are an element of their own: the browser keeps it as long as the map is the same."""
_SHOW_CARD = """
export default ({ parentElement, data, setTriggerValue }) => {
  const root = parentElement.querySelector(".pm-card");
  parentElement.closest(".stElementContainer").style.position = "absolute";  // it takes no room on the page
  const show = () => {
    const { row, x, y } = root.at ?? { row: -1 }, isShown = row >= 0 && row === root.data?.row;
    root.style.display = isShown ? "block" : "none";
    if (!isShown) return;
    root.style.left = `${Math.min(x + 16, innerWidth - 250)}px`;
    root.style.top = `${Math.min(y + 16, innerHeight - root.offsetHeight - 8)}px`;
  };
  root.data = data;
  root.innerHTML = data.html;
  show();
  removeEventListener("prodsim-map-hover", root.hear);
  root.hear = event => {
    root.at = event.detail;
    if (root.at.row >= 0 && root.at.row !== root.data.row) setTriggerValue("row", root.at.row);
    show();
  };
  addEventListener("prodsim-map-hover", root.hear);
};
"""
_CARD_STYLE = """
.pm-card{position:fixed;display:none;width:210px;padding:.6rem;z-index:1000;pointer-events:none;
background:var(--st-background-color);border:1px solid var(--st-border-color);border-radius:var(--st-base-radius,.5rem);
box-shadow:0 6px 24px rgb(0 0 0/.25)}
"""
_keep_points = st.components.v2.component(
    "prodsim_map_points", html="<span></span>", js=_KEEP_POINTS, isolate_styles=False
)
_mount = st.components.v2.component(
    "prodsim_map",
    html=_HTML,
    css=_STYLE,
    js=(Path(__file__).parent / "points.js").read_text(encoding="utf-8"),
    isolate_styles=False,
)
_card = st.components.v2.component(
    "prodsim_map_card", html='<div class="pm-card"></div>', css=_CARD_STYLE, js=_SHOW_CARD, isolate_styles=False
)


def choose_look(opened: OpenCatalog) -> tuple[str, bool, str]:
    """Draw by what the points are coloured, whether clusters are named, and what is lit up; return these."""
    names = {field: label() for field, label in texts.COLOURS.items() if _has_values(opened.catalog, field)}
    names |= {name: name for name in opened.catalog.attributes if name not in names}
    colour = choose(st.selectbox, texts.COLOUR_BY(), names, "colour", "cluster", width=160)
    wanted = st.text_input(
        texts.HIGHLIGHT(),
        key=HIGHLIGHT,
        placeholder=texts.HIGHLIGHT_PLACEHOLDER(),
        bind="query-params",
        width=230,
        icon=":material/search:",
    )
    labels = st.toggle(
        texts.LABELS(), value=True, key="names", bind=binding("names", a_switch), help=texts.LABELS_HELP()
    )
    return colour, labels, (wanted or "").strip()


def draw_map(opened: OpenCatalog, look: tuple[str, bool, str], allowed: Mask) -> None:
    """Draw the map and a line on it; what is selected on it stands under ``SELECTION``.

    Args:
        opened: the catalog.
        look: as ``choose_look`` gives it.
        allowed: the products that filters let pass; the others are drawn faintly.
    """
    colour, has_names, wanted = look
    version = opened.info.artifacts["map"]
    lit = lit_rows(opened, wanted)
    states = np.where(allowed, NORMAL, OUT).astype(np.uint8)
    states[lit] = LIT
    _keep_points(key="map points", data=_places(version, opened))
    colours, names, frame = _drawing(version, opened.name, colour, opened)
    _mount(
        key="map",
        data={
            "version": version,
            "n": len(states),
            "frame": frame,
            "codes": _text(colours.codes),
            "states": _text(states),
            "palette": list(colours.palette),
            "grey": GREY_OUT["dark" if st.context.theme.type == "dark" else "light"],
            "labels": names if has_names else [],
            "outline": st.session_state.get(SELECTION, NONE_SELECTED)["outline"],
            "legend": legend_html(colours),
            "tools": [[tool, icon, texts.TOOLS[tool]()] for tool, icon in TOOLS.items()],
            "alt": texts.ALT(opened.info.products),
        },
        on_selected_change=_keep_selection,
    )
    _draw_hovered(opened)
    _say(opened, wanted, lit, allowed)


def selected(opened: OpenCatalog) -> Mask | None:
    """Return the products inside the drawn shape, or the clicked one; None where nothing is selected."""
    selection = st.session_state.get(SELECTION, NONE_SELECTED)
    if not (selection["outline"] or selection["rows"]):
        return None
    xs, ys = as_positions(opened.map.xy, selection["outline"])
    shapes = [{"x": xs, "y": ys}] if xs else []
    clicked = [{"customdata": row} for row in selection["rows"]]
    mask = np.zeros(len(opened.catalog), bool)
    mask[rows_in_selection(opened.map.xy, {"lasso": shapes, "points": clicked})] = True
    return mask


def draw_product(opened: OpenCatalog, row: int) -> None:
    """Draw one product as a card, with its description."""
    product = opened.catalog.products.iloc[row]
    draw_single(product, Path(opened.info.base), "map product")
    st.text(str(product["description"])[:400])


def lit_rows(opened: OpenCatalog, wanted: str) -> Rows:
    """Return what a search for the words finds; the one product alone whose title or SKU they are."""
    if not wanted:
        return np.empty(0, np.int64)
    named = opened.catalog.row_of.get(wanted)
    exact = np.flatnonzero((opened.catalog.products["title"] == wanted).to_numpy(bool))
    if named is not None or len(exact):
        return np.array([named], np.int64) if named is not None else exact
    return np.array([hit.row for hit in opened.search(Query(wanted), N_LIT, SearchOptions()).hits], np.int64)


def legend_html(colours: Colours) -> str:
    """Return what the colours mean: names, or the ends of a scale."""
    if colours.low is not None and colours.high is not None:
        steps = ",".join(colours.palette[:-1])
        low, high = amount(colours.low), amount(colours.high)
        return f"<span>{low}</span><b style='background:linear-gradient(90deg,{steps})'></b><span>{high}</span>"
    return "".join(
        f'<span><i style="background:{shade}"></i>{html.escape(name)}</span>' for name, shade in colours.legend
    )


@st.fragment
def _draw_hovered(opened: OpenCatalog) -> None:
    """Draw the card of the point under the pointer; a fragment, so that pointing draws nothing else."""
    row = st.session_state.get("map hovered", -1)
    markup = ""
    if 0 <= row < len(opened.catalog):
        (product,) = products_shown(opened.catalog, [row])
        markup = card_html(product, Path(opened.info.base), None, {})

    def keep() -> None:
        st.session_state["map hovered"] = int(st.session_state["map card"]["row"])

    _card(key="map card", data={"row": row, "html": markup}, on_row_change=keep)


def _keep_selection() -> None:
    st.session_state[SELECTION] = st.session_state["map"]["selected"]


def _say(opened: OpenCatalog, wanted: str, lit: Rows, allowed: Mask) -> None:
    """Say how many products are drawn, lit up, and in clusters."""
    n = opened.info.products
    statements = [
        texts.ALL_DRAWN(n),
        texts.N_FAINT(int(n - allowed.sum())) if not allowed.all() else "",
        texts.LIT_UP(len(lit), words=wanted) if wanted else "",
        texts.CLUSTERS(len(opened.map.labels)),
        texts.UNCLUSTERED(int((opened.map.cluster < 0).sum())),
    ]
    st.caption(as_written(" · ".join(filter(None, statements))))


def _has_values(catalog: Catalog, field: str) -> bool:
    if field == "cluster":
        return True
    values = catalog.products[field]
    return bool((values.notna() & (values.astype(str) != "")).any())


def _text(numbers: "np.ndarray") -> str:
    return base64.b64encode(numbers.tobytes()).decode()


@st.cache_resource(max_entries=4, show_spinner=False)
def _places(version: str, _opened: OpenCatalog) -> bytes:
    return as_places(_opened.map.xy).tobytes()


@st.cache_resource(max_entries=12, show_spinner=False)
def _drawing(
    version: str, name: str, colour: str, _opened: OpenCatalog
) -> tuple[Colours, list[tuple[str, float, float, int]], tuple[float, float, float, float]]:
    """Return colours, names with their places, and the part of the map that is shown at first."""
    data, products = _opened.map, _opened.catalog.products
    if colour == "cluster":
        colours = cluster_colours(data.xy, data.cluster)
    elif colour == "price":
        colours = amount_colours(products["price"])
    else:
        colours = kind_colours(products[colour] if colour != "category" else _broad(products["category"]))
    return colours, names_of_clusters(data.xy, data.cluster, data.labels), first_frame(data.xy)


def _broad(paths: Any) -> Any:
    """Return the second level of paths, the first where the second has more names than there are colours."""
    second = paths.str.split(SEPARATOR).str[:2].str.join(SEPARATOR)
    return second if second.nunique() <= 15 else paths.str.split(SEPARATOR).str[0]
