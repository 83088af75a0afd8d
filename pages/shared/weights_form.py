"""Tuning: settings by name and sliders of what similar means, kept in the link."""

from collections.abc import Mapping

import streamlit as st
from streamlit.errors import StreamlitAPIException

from pages.shared import frame, state
from pages.shared.link import read_weights, write_weights
from prodsim.index import Metric
from prodsim.search import lacking_note, lacking_parts
from prodsim.similarity import MOST, PRESETS, Setting, Weights
from prodsim.workspace import OpenCatalog

PRESET, LINK, KEPT, METRIC, CATALOG = "preset", "weights", "weights kept", "closeness", "tuned catalog"
MOVED = "a slider of the weights was moved"
NAME = "setting name"
OVERALL = "overall"
WIDTH = "ef"
WIDTHS = (20, 50, 100, 200, 400, 800)
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


def tuned_weights(opened: OpenCatalog) -> Weights:
    """The weights that the sliders stand at, also before they are drawn: what is found need not wait for them."""
    _start_afresh_on_another_catalog(opened)
    usual = _chosen_setting(opened).weights
    base = usual.as_dict()
    kept = _linked(usual) or st.session_state.get(KEPT, {})
    for part in opened.parts:
        st.session_state.setdefault(_slider(part), min(kept.get(part, base[part]), MOST))
    chosen = _at_sliders(opened)
    _keep({part: weight for part, weight in chosen.items() if weight != base[part]})
    return Weights(**{**base, **chosen}) if any(chosen.values()) else usual


def draw_tuning(opened: OpenCatalog, weights: Weights) -> None:
    """A setting, and a slider per part that the catalog has, which ``tuned_weights`` read."""
    settings = known_settings(opened)
    name = _ask_setting(opened, settings)
    usual = settings[name].weights
    for part in opened.parts:
        told = MEANINGS[part]
        st.slider(part.capitalize(), 0.0, MOST, step=0.05, key=_slider(part), help=told, on_change=_tell_moved)
    if not any(_at_sliders(opened).values()):
        st.caption("Every slider is at 0, which leaves nothing to compare by; the setting's weights are used.")
    st.selectbox(
        "Closeness of meaning",
        list(state.METRICS.values()),
        index=list(state.METRICS).index(settings[name].metric),
        key=METRIC,
        bind="query-params",
        help="How vectors are compared. Euclidean counts as 1 / (1 + distance), so higher is closer there too.",
    )
    chosen = Setting(weights, chosen_metric(opened))
    st.select_slider(
        "Search width (ef)",
        [None, *WIDTHS],
        key=WIDTH,
        bind="query-params",
        format_func=lambda ef: "as built" if ef is None else f"{ef:,}",
        help=f"Vectors the index looks at: wider finds more of an exact search and takes longer. It was built for "
        f"{opened.info.ef:,}; *Trust in the index* on the Compare page shows recall and time by width.",
    )
    st.button(
        "Back to the preset",
        on_click=_forget,
        args=(settings,),
        disabled=chosen == settings[name],
        icon=":material/undo:",
        width="stretch",
        help="Undoes what was moved since a setting was chosen.",
    )
    _offer_settings(opened.name, name, chosen)
    if told := lacking_note(lacking_parts(usual, opened.parts)):
        st.caption(told)


def chosen_weights(opened: OpenCatalog) -> Weights:
    """The weights as last chosen, while the sliders are hidden."""
    _start_afresh_on_another_catalog(opened)
    base = _chosen_setting(opened).weights
    weights = {**base.as_dict(), **(_linked(base) or st.session_state.get(KEPT, {}))}
    return Weights(**weights) if any(weights.values()) else base


def chosen_width() -> int | None:
    """How many vectors the index is to look at, as chosen here or in the link; ``None`` as it was built."""
    told = str(st.session_state.get(WIDTH, st.query_params.get(WIDTH)))
    return int(told) if told in map(str, WIDTHS) else None


def chosen_metric(opened: OpenCatalog) -> Metric:
    """How vectors are to be compared: as chosen here or in the link, else as the setting says."""
    told = st.session_state.get(METRIC) or st.query_params.get(METRIC)
    named = (metric for metric, name in state.METRICS.items() if name == told)
    return next(named, None) or _chosen_setting(opened).metric


def known_settings(opened: OpenCatalog) -> dict[str, Setting]:
    """By name: *overall*, which is what suits this catalog's encoder, then what was saved, then the other presets."""
    metric = opened.index.metric
    overall = Setting(opened.info.weights, metric)
    presets = {name: Setting(Weights.preset(name), metric) for name in PRESETS if name != OVERALL}
    return {OVERALL: overall, **state.workspace().records(opened.name).settings(), **presets}


def use_weights(opened: OpenCatalog, weights: Weights) -> None:
    """Set the sliders of the parts that the catalog has."""
    usual = _chosen_setting(opened).weights.as_dict()
    _forget_sliders()
    st.session_state[KEPT] = {
        part: weight for part, weight in weights.as_dict().items() if part in opened.parts and weight != usual[part]
    }
    st.query_params.pop(LINK, None)


def _chosen_setting(opened: OpenCatalog) -> Setting:
    """The setting chosen here or in the link, else the catalog's default."""
    settings = known_settings(opened)
    name = st.session_state.get(PRESET) or st.query_params.get(PRESET)
    return settings.get(name or "", settings[_default_name(opened.name)])


def _default_name(catalog: str) -> str:
    """The catalog's default, if it can be used."""
    records = state.workspace().records(catalog)
    name = records.default_name()
    return name if name in records.settings() else OVERALL


def _ask_setting(opened: OpenCatalog, settings: Mapping[str, Setting]) -> str:
    linked = st.query_params.get(PRESET)
    if linked and linked not in settings:
        st.text(f"Left out of the link: the setting {linked}, which this catalog does not have.")
    if st.session_state.get(PRESET) not in settings:
        st.session_state.pop(PRESET, None)
    return st.selectbox(
        "What similar means",
        list(settings),
        index=list(settings).index(_default_name(opened.name)),
        key=PRESET,
        bind="query-params",
        on_change=_forget,
        args=(settings,),
        help="Overall suits most questions; same product matches offers; same style and substitutes look wider. "
        "What you save stands after overall.",
    )


def _slider(part: str) -> str:
    return f"weight {part}"


def _at_sliders(opened: OpenCatalog) -> dict[str, float]:
    return {part: float(st.session_state[_slider(part)]) for part in opened.parts}


def _tell_moved() -> None:
    """So that only what the weights change is drawn again."""
    st.session_state[MOVED] = True


def _linked(base: Weights) -> Mapping[str, float]:
    """The weights of a link that was just opened, where they differ from the base."""
    linked, usual = read_weights(LINK, base), base.as_dict()
    if not linked:
        return {}
    _forget_sliders()
    found = {part: weight for part, weight in linked.items() if weight != usual[part]}
    st.session_state[KEPT] = found
    return found


def _keep(changed: Mapping[str, float]) -> None:
    """Remember what differs from the preset for when the sliders are hidden, and write it into the link."""
    st.session_state[KEPT] = dict(changed)
    write_weights(LINK, changed)


def _start_afresh_on_another_catalog(opened: OpenCatalog) -> None:
    """Another catalog has a preset and a metric of its own; what was moved stays moved."""
    before = st.session_state.get(CATALOG)
    if before not in (None, opened.name):
        _forget_sliders()
        _reset(METRIC, state.METRICS[_chosen_setting(opened).metric])
    st.session_state[CATALOG] = opened.name


def _forget_sliders() -> None:
    for key in [key for key in st.session_state if str(key).startswith("weight ")]:
        del st.session_state[key]


def _forget(settings: Mapping[str, Setting]) -> None:
    """Back to what the chosen setting says."""
    _forget_moves()
    setting = settings.get(str(st.session_state.get(PRESET)))
    if setting:
        _reset(METRIC, state.METRICS[setting.metric])


def _forget_moves() -> None:
    _forget_sliders()
    st.session_state.pop(KEPT, None)
    st.query_params.pop(LINK, None)


def _reset(key: str, value: str) -> None:
    """Nothing is chosen, here and in the link; where a widget holds the link, it is given what it begins with."""
    st.session_state.pop(key, None)
    try:
        st.query_params.pop(key, None)
    except StreamlitAPIException:
        st.session_state[key] = value


def _offer_settings(catalog: str, name: str, chosen: Setting) -> None:
    """Save what is chosen under a name; make the setting of ``name`` the catalog's default or not, and delete it."""
    records = state.workspace().records(catalog)
    saved, default = records.settings(), records.default_name()
    with st.container(horizontal=True, gap="small"):
        with st.popover("Save as…", icon=":material/bookmark_add:"), st.form("save setting", border=False):
            st.text_input("Name", key=NAME, max_chars=60, help="An existing name is saved over.")
            st.form_submit_button("Save", on_click=_save, args=(catalog, chosen), type="primary")
        if name in saved:
            _offer_changes(catalog, name, name == default)
    if default in saved:
        st.text(f"{default} is what this catalog uses by default.")
    for problem_of, problem in records.setting_problems().items():
        st.text(f"{problem_of}: {problem}")
        if problem_of not in saved:
            st.button(f"Delete {problem_of}", key=f"delete {problem_of}", on_click=_delete, args=(catalog, problem_of))


def _offer_changes(catalog: str, name: str, is_default: bool) -> None:
    default = "No longer default" if is_default else "Make default for this catalog"
    key, delete = "change setting", "Delete this setting"
    st.menu_button(
        "Setting",
        [default, delete],
        key=key,
        icon=":material/bookmark:",
        on_click=lambda: (
            _delete(catalog, name)
            if st.session_state[key] == delete
            else _set_default(catalog, None if is_default else name)
        ),
    )


def _save(catalog: str, setting: Setting) -> None:
    with frame.errors_shown():
        name = st.session_state[NAME].strip()
        state.workspace().records(catalog).save_setting(name, setting)
        _forget_moves()
        st.session_state[PRESET] = name


def _set_default(catalog: str, name: str | None) -> None:
    with frame.errors_shown():
        state.workspace().records(catalog).set_default(name)


def _delete(catalog: str, name: str) -> None:
    with frame.errors_shown():
        state.workspace().records(catalog).delete_setting(name)
        _forget_moves()
        _reset(PRESET, _default_name(catalog))
