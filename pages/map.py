"""Map: the whole catalog at a glance, and products taken from it with a lasso."""

import numpy as np
import streamlit as st

from pages.shared import frame, mapping, state
from prodsim.search import Query
from prodsim.selection import rows_in_selection

N_FOUND = 50

opened = state.require_catalog()
frame.title("Map", "Every product is a point, similar products lie together. Draw a lasso around some, or click one.")
if not opened.info.has_map:
    state.map_is_missing(opened.info)
    st.stop()

with st.container(horizontal=True, vertical_alignment="bottom"):
    colour = st.segmented_control(
        "Colour by", mapping.COLOURS, default="cluster", key="m_colour", bind="query-params", required=True
    )
    text = st.text_input(
        "Highlight", key="m_q", placeholder="words or a SKU", icon=":material/search:", bind="query-params", width=260
    )
    labels = st.toggle("Names", value=True, key="m_labels", bind="query-params", help="Write the clusters' names on the map.")
    with st.popover("How to read it", icon=":material/help:", type="tertiary"):
        st.markdown(
            "Products close to each other are similar. **Distances between far groups, and the size of a group, mean "
            "little**: the map squeezes hundreds of dimensions into two. Searches and neighbours use the full space."
        )

found = np.empty(0, np.int64)
if text:
    found = np.array([hit.row for hit in opened.search(Query(text), N_FOUND).hits], np.int64)

left, right = st.columns([2, 1], gap="medium")
with left:
    event = mapping.draw_figure(opened, colour, labels, found)
    st.caption(mapping.drawn_sentence(opened))
selected = rows_in_selection(opened.map.xy, event["selection"])
with right:
    if len(selected) == 1:
        mapping.draw_product(opened, int(selected[0]))
    elif len(selected):
        mapping.draw_selection(opened, selected, "products selected")
    elif len(found):
        mapping.draw_selection(opened, found, "products ringed")
    else:
        st.info("Nothing is selected. Draw around a group, or click a point.", icon=":material/lasso_select:")
