"""Tuning: sliders of what similar means, kept in the link, and what a change moves in the list."""

from collections.abc import Mapping

import streamlit as st

from pages.shared import state
from prodsim.index import Metric
from prodsim.similarity import PRESETS, Weights
from prodsim.workspace import OpenCatalog

PRESET, LINK, KEPT, METRIC, CATALOG = "preset", "weights", "weights kept", "closeness", "tuned catalog"
MOST = 2.0
MEANINGS = {
    "meaning": "Closeness of what the texts mean, as the encoder reads them.",
    "description": "Closeness of what the descriptions mean.",
    "words": "Words and spellings in common.",
    "identifiers": "Model numbers and other words with digits in common; rare ones count more.",
    "quantities": "Numbers with units in the titles, such as 500 ml and 0.5 l: the same, or another amount.",
    "category": "Levels of the category path in common.",
    "brand": "The same brand, whatever its case and signs.",
    "price": "Prices by their ratio: the same is best, four times is worst.",
    "attributes": "The same values in the other columns that both give.",
    "reranker": "What a cross-encoder, which reads both texts together, says of the two.",
}


def ask_weights(opened: OpenCatalog) -> Weights:
    """A preset and a slider per part that the catalog has; the weights chosen."""
    _start_afresh_on_another_catalog(opened.name)
    presets = _presets(opened)
    preset = st.selectbox(
        "What similar means",
        list(presets),
        key=PRESET,
        bind="query-params",
        on_change=_forget,
        help="Overall suits most questions; same product matches offers; same style and substitutes look wider.",
    )
    base = presets[preset].as_dict()
    parts = opened.parts
    kept = _linked(presets[preset]) or st.session_state.get(KEPT, {})
    for part in parts:
        key = f"weight {part}"
        if key not in st.session_state:
            st.session_state[key] = kept.get(part, base[part])
        st.slider(part.capitalize(), 0.0, MOST, step=0.05, key=key, help=MEANINGS[part])
    chosen = {part: float(st.session_state[f"weight {part}"]) for part in parts}
    changed = {part: weight for part, weight in chosen.items() if weight != base[part]}
    _keep(changed)
    st.selectbox(
        "Closeness of meaning",
        list(state.METRICS.values()),
        index=list(state.METRICS).index(built_by(opened)),
        key=METRIC,
        bind="query-params",
        help="How vectors are compared. Euclidean counts as 1 / (1 + distance), so higher is closer there too.",
    )
    is_usual = not changed and chosen_metric(opened) == built_by(opened)
    st.button("Back to the preset", on_click=_forget, disabled=is_usual, icon=":material/undo:")
    lacking = [part for part in base if part not in parts]
    if lacking:
        st.caption(f"This catalog gives no {', '.join(lacking)}; the other parts share that weight.")
    if not any(chosen.values()):
        st.caption("Every slider is at 0, which leaves nothing to compare by; the preset is used.")
        return presets[preset]
    return Weights(**{**base, **chosen})


def chosen_weights(opened: OpenCatalog) -> Weights:
    """The weights as last chosen, while the sliders are hidden."""
    _start_afresh_on_another_catalog(opened.name)
    name = st.session_state.get(PRESET) or st.query_params.get(PRESET) or "overall"
    base = _presets(opened).get(name, opened.engine.weights)
    weights = {**base.as_dict(), **(_linked(base) or st.session_state.get(KEPT, {}))}
    return Weights(**weights) if any(weights.values()) else base


def chosen_metric(opened: OpenCatalog) -> Metric:
    """How vectors are to be compared: as chosen here or in the link, else as the catalog was built."""
    told = st.session_state.get(METRIC) or st.query_params.get(METRIC)
    return next((metric for metric, name in state.METRICS.items() if name == told), built_by(opened))


def built_by(opened: OpenCatalog) -> Metric:
    """The metric the catalog was built with."""
    return opened.index.metric


def _presets(opened: OpenCatalog) -> dict[str, Weights]:
    """The named settings; *overall* is what suits this catalog's encoder."""
    return {name: Weights.preset(name) for name in PRESETS} | {"overall": opened.engine.weights}


def _linked(base: Weights) -> Mapping[str, float]:
    """The weights of a link that was just opened; none when the link says what this session wrote."""
    text = st.query_params.get(LINK, "")
    if not text or text == st.session_state.get(f"{LINK} in link"):
        return {}
    try:
        linked = base.parse(text).as_dict()
    except ValueError as error:
        st.caption(f"Left out of the link: {error}.")
        return {}
    if max(linked.values()) > MOST:
        st.caption(f"Weights above {MOST:g} in the link count as {MOST:g}, the most a slider gives.")
    found = {part: min(weight, MOST) for part, weight in linked.items() if weight != base.as_dict()[part]}
    _forget_sliders()
    st.session_state[KEPT] = found
    return found


def _keep(changed: Mapping[str, float]) -> None:
    """Remember what differs from the preset for when the sliders are hidden, and write it into the link."""
    st.session_state[KEPT] = dict(changed)
    text = ",".join(f"{part}={weight:g}" for part, weight in changed.items())
    if text:
        st.query_params[LINK] = text
    else:
        st.query_params.pop(LINK, None)
    st.session_state[f"{LINK} in link"] = text


def _start_afresh_on_another_catalog(name: str) -> None:
    """Another catalog has a preset and a metric of its own; what was moved stays moved."""
    before = st.session_state.get(CATALOG)
    if before not in (None, name):
        _forget_sliders()
        st.session_state.pop(METRIC, None)
        st.query_params.pop(METRIC, None)
    st.session_state[CATALOG] = name


def _forget_sliders() -> None:
    for key in [key for key in st.session_state if str(key).startswith("weight ")]:
        del st.session_state[key]


def _forget() -> None:
    """Back to what the preset says."""
    _forget_sliders()
    for key in (KEPT, METRIC):
        st.session_state.pop(key, None)
    for key in (LINK, METRIC):
        st.query_params.pop(key, None)
