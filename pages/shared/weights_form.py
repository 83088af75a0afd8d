"""Tuning: saved settings, presets, and a slider for each part of the score; all live in the link."""

from collections.abc import Mapping

import streamlit as st

from pages.shared import frame, state, texts
from pages.shared.link import binding, choose, chosen, one_of, read_weights, write_weights
from pages.shared.permission import permitted
from prodsim.evaluation.index_recall import EF_STEPS
from prodsim.index import Metric
from prodsim.search import lacking_note, lacking_parts
from prodsim.similarity import MAX_WEIGHT, PRESETS, Setting, Weights
from prodsim.workspace import OpenCatalog

PRESET, LINK, KEPT, METRIC, CATALOG = "preset", "weights", "weights kept", "closeness", "tuned catalog"
MOVED = "a slider of the weights was moved"
NAME = "setting name"
OVERALL = "overall"
EF = "ef"


def tuned_weights(opened: OpenCatalog) -> Weights:
    """Return the weights of the sliders, also before they are drawn: the search need not wait for them."""
    _start_afresh_on_another_catalog(opened)
    usual = _chosen_setting(opened).weights
    base = usual.as_dict()
    kept = _linked(usual) or st.session_state.get(KEPT, {})
    for part in opened.parts:
        st.session_state.setdefault(_slider(part), min(kept.get(part, base[part]), MAX_WEIGHT))
    chosen = _at_sliders(opened)
    _keep({part: weight for part, weight in chosen.items() if weight != base[part]})
    return Weights(**{**base, **chosen}) if any(chosen.values()) else usual


def draw_tuning(opened: OpenCatalog, weights: Weights) -> None:
    """Draw a setting, and a slider for each part that the catalog has; ``tuned_weights`` has read them."""
    settings = known_settings(opened)
    name = _ask_setting(opened, settings)
    usual = settings[name].weights
    for part in opened.parts:
        name_of_part, help_of_part = texts.PARTS[part](), texts.PARTS_HELP[part]()
        st.slider(name_of_part, 0.0, MAX_WEIGHT, step=0.05, key=_slider(part), help=help_of_part, on_change=_mark_moved)
    if not any(_at_sliders(opened).values()):
        st.caption(texts.ALL_AT_ZERO())
    metrics = {linked: texts.METRIC_NAMES[metric]() for metric, linked in state.METRIC_LINKS.items()}
    metric = state.METRIC_LINKS[settings[name].metric]
    choose(st.selectbox, texts.METRIC(), metrics, METRIC, metric, help=texts.METRIC_HELP())
    setting = Setting(weights, chosen_metric(opened))
    st.select_slider(
        texts.WIDTH(),
        [None, *EF_STEPS],
        key=EF,
        bind=binding(EF, one_of(EF_STEPS)),
        format_func=lambda ef: texts.WIDTH_AS_BUILT() if ef is None else f"{ef:,}",
        help=texts.WIDTH_HELP(ef=opened.info.ef),
    )
    st.button(
        texts.RESET_CHANGES(),
        on_click=_forget,
        args=(settings,),
        disabled=setting == settings[name],
        icon=":material/undo:",
        width="stretch",
        help=texts.RESET_CHANGES_HELP(),
    )
    _offer_settings(opened.name, name, setting)
    if note := lacking_note(lacking_parts(usual, opened.parts)):
        st.caption(note)


def chosen_weights(opened: OpenCatalog) -> Weights:
    """Return the weights as last chosen, while the sliders are hidden."""
    _start_afresh_on_another_catalog(opened)
    base = _chosen_setting(opened).weights
    weights = {**base.as_dict(), **(_linked(base) or st.session_state.get(KEPT, {}))}
    return Weights(**weights) if any(weights.values()) else base


def chosen_width() -> int | None:
    """Return how many vectors the index visits, as chosen here or in the link; ``None`` as it was built."""
    width = str(st.session_state.get(EF, st.query_params.get(EF)))
    return int(width) if width in map(str, EF_STEPS) else None


def chosen_metric(opened: OpenCatalog) -> Metric:
    """Return how vectors are compared: as chosen here or in the link, else as the setting says."""
    name = chosen(METRIC, state.METRIC_LINKS.values(), state.METRIC_LINKS[_chosen_setting(opened).metric])
    return next(metric for metric in state.METRIC_LINKS if state.METRIC_LINKS[metric] == name)


def known_settings(opened: OpenCatalog) -> dict[str, Setting]:
    """Return by name *overall*, which suits this catalog's encoder, then what was saved, then the other presets."""
    metric = opened.index.metric
    overall = Setting(opened.info.weights, metric)
    presets = {name: Setting(opened.info.preset(name), metric) for name in PRESETS if name != OVERALL}
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
    """Return the setting chosen here or in the link, else the catalog's default."""
    settings = known_settings(opened)
    return settings[chosen(PRESET, settings, _default_name(opened.name))]


def _default_name(catalog: str) -> str:
    """Return the name of the catalog's default, if it can be used."""
    records = state.workspace().records(catalog)
    name = records.default_name()
    return name if name in records.settings() else OVERALL


def setting_name(name: str) -> str:
    """Return the label of a setting: a preset's in the reader's language, a saved one's as it was saved."""
    return texts.PRESET_NAMES[name]() if name in texts.PRESET_NAMES else name


def _ask_setting(opened: OpenCatalog, settings: Mapping[str, Setting]) -> str:
    labels = {name: setting_name(name) for name in settings}
    look = {"help": texts.SIMILAR_MEANS_HELP(), "on_change": _forget, "args": (settings,)}
    return choose(st.selectbox, texts.SIMILAR_MEANS(), labels, PRESET, _default_name(opened.name), **look)


def _slider(part: str) -> str:
    return f"weight {part}"


def _at_sliders(opened: OpenCatalog) -> dict[str, float]:
    return {part: float(st.session_state[_slider(part)]) for part in opened.parts}


def _mark_moved() -> None:
    """Let only what the weights change be drawn again."""
    st.session_state[MOVED] = True


def _linked(base: Weights) -> Mapping[str, float]:
    """Return the weights of a link that was just opened, where they differ from the base."""
    linked, usual = read_weights(LINK, base), base.as_dict()
    if not linked:
        return {}
    _forget_sliders()
    changed = {part: weight for part, weight in linked.items() if weight != usual[part]}
    st.session_state[KEPT] = changed
    return changed


def _keep(changed: Mapping[str, float]) -> None:
    """Keep what differs from the setting for when the sliders are hidden, and write it into the link."""
    st.session_state[KEPT] = dict(changed)
    write_weights(LINK, changed)


def _start_afresh_on_another_catalog(opened: OpenCatalog) -> None:
    """Forget the sliders and the metric on another catalog, whose setting has its own; changed weights stay changed."""
    before = st.session_state.get(CATALOG)
    if before not in (None, opened.name):
        _forget_sliders()
        _reset(METRIC)
    st.session_state[CATALOG] = opened.name


def _forget_sliders() -> None:
    for key in [key for key in st.session_state if str(key).startswith("weight ")]:
        del st.session_state[key]


def _forget(settings: Mapping[str, Setting]) -> None:
    """Return to what the chosen setting says."""
    _forget_moves()
    if st.session_state.get(PRESET) in settings:
        _reset(METRIC)


def _forget_moves() -> None:
    _forget_sliders()
    st.session_state.pop(KEPT, None)
    st.query_params.pop(LINK, None)


def _reset(key: str) -> None:
    """Let a choice of the link stand at its default."""
    st.session_state.pop(key, None)
    st.query_params.pop(key, None)


def _offer_settings(catalog: str, name: str, chosen: Setting) -> None:
    """Offer to save what is chosen, and to change or delete the saved setting of this name."""
    records = state.workspace().records(catalog)
    saved, default = records.settings(), records.default_name()
    with st.container(horizontal=True, gap="small"):
        with st.popover(texts.SAVE_AS(), icon=":material/bookmark_add:"), st.form("save setting", border=False):
            st.text_input(texts.NAME(), key=NAME, max_chars=60, help=texts.REPLACES_SAVED())
            st.form_submit_button(
                texts.SAVE(), on_click=_save, args=(catalog, chosen), type="primary", **permitted("save")
            )
        if name in saved:
            _offer_changes(catalog, name, name == default)
    if default in saved:
        st.text(texts.IS_DEFAULT(setting=default))
    for problem_of, problem in records.setting_problems().items():
        st.text(texts.SETTING_PROBLEM(setting=problem_of, problem=problem))
        if problem_of not in saved:
            label = texts.DELETE_NAMED(setting=frame.as_written(problem_of))
            st.button(
                label, key=f"delete {problem_of}", on_click=_delete, args=(catalog, problem_of),
                **permitted("save"),
            )  # fmt: skip


def _offer_changes(catalog: str, name: str, is_default: bool) -> None:
    changes = {
        "default": texts.REMOVE_DEFAULT() if is_default else texts.MAKE_DEFAULT(),
        "delete": texts.DELETE_SETTING(),
    }
    key = "change setting"
    st.menu_button(
        texts.SETTING(),
        list(changes),
        format_func=lambda change: changes[change],
        key=key,
        icon=":material/bookmark:",
        **permitted("save"),
        on_click=lambda: (
            _delete(catalog, name)
            if st.session_state[key] == "delete"
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
        _reset(PRESET)
