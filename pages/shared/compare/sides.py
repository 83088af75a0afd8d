"""The two sides of a comparison: catalog, setting, weights and metric of each, which stand in the link."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass

import streamlit as st

from pages.shared import link, state
from pages.shared import texts as shared
from pages.shared.cards import part_name
from pages.shared.compare import texts
from pages.shared.weights_form import OVERALL, known_settings, setting_name
from prodsim.evaluation import Side
from prodsim.index import Metric
from prodsim.similarity import MAX_WEIGHT, SAME_PRODUCT, Setting, Weights
from prodsim.workspace import OpenCatalog

OPEN_CATALOG, KEPT_WEIGHTS = "compared catalog", "compared kept"
CHOICES = ("catalog", "setting", "metric")
"""What is chosen of a side beside its weights."""


@dataclass(frozen=True, slots=True)
class ChosenSide:
    """One side as chosen on the page.

    Attributes:
        letter: a or b.
        opened: the catalog.
        setting: name of the preset or saved setting.
        weights, metric: what is compared by, as the sliders stand.
        is_changed: whether that differs from what the setting says.
    """

    letter: str
    opened: OpenCatalog
    setting: str
    weights: Weights
    metric: Metric
    is_changed: bool

    @property
    def name(self) -> str:
        """Return what lists and verdicts call it."""
        text = texts.SIDE_CHANGED if self.is_changed else texts.SIDE
        return text(side=self.letter.upper(), setting=setting_name(self.setting))

    @property
    def question(self) -> Hashable:
        """Return all that its results depend on."""
        built = tuple(sorted(self.opened.info.artifacts.values()))
        return self.opened.name, built, self.setting, self.weights, self.metric

    def side(self) -> Side:
        """Return what is searched."""
        return Side(self.name, self.opened.catalog, self.opened.by(self.metric).engine, self.weights)


def choose_sides(opened: OpenCatalog) -> tuple[ChosenSide, ChosenSide]:
    """Draw the choices of A and B side by side; both start on the open catalog."""
    _reset_on_another_catalog(opened.name)
    default = state.workspace().records(opened.name).default_name() or OVERALL
    left, right = st.columns(2, gap="medium", border=True)
    with left:
        a = _choose_side("a", opened, default)
    with right:
        b = _choose_side("b", opened, SAME_PRODUCT)
    return a, b


def use_as_b(a: ChosenSide, weights: Weights) -> None:
    """Make B what A is, but with these weights."""
    _forget_sliders("b")
    for choice, value in zip(CHOICES, (a.opened.name, a.setting, state.METRIC_LINKS[a.metric]), strict=True):
        st.session_state[f"b_{choice}"] = value
    st.session_state[KEPT_WEIGHTS] = st.session_state.get(KEPT_WEIGHTS, {}) | {"b": weights.as_dict()}


def _choose_side(letter: str, opened: OpenCatalog, default: str) -> ChosenSide:
    names = [info.name for info in state.workspace().catalogs()]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.markdown(f"### {letter.upper()}", width=24)
        if len(names) > 1:
            catalogs = {name: name for name in names}
            name = _choose(shared.CATALOG(), catalogs, f"{letter}_catalog", opened.name, texts.CATALOG_HELP())
            opened = opened if name == opened.name else state.open_catalog(name)
        else:
            link.say_if_unusable(f"{letter}_catalog", names)
        settings = known_settings(opened)
        setting = _choose_setting(letter, settings, default if default in settings else OVERALL)
        base = settings[setting]
        with st.popover(":material/tune:", help=texts.WEIGHTS_HELP()):
            weights = _choose_weights(letter, base.weights, opened.parts)
            metric = _choose_metric(letter, base.metric)
            st.button(shared.RESET_CHANGES(), key=f"{letter} back", on_click=_reset, args=(letter,))
    return ChosenSide(letter, opened, setting, weights, metric, Setting(weights, metric) != base)


def _choose_setting(letter: str, settings: Mapping[str, Setting], default: str) -> str:
    key = f"{letter}_setting"
    labels = {name: setting_name(name) for name in settings}
    return _choose(shared.SETTING(), labels, key, default, texts.SETTING_HELP(), _reset, (letter,))


def _choose_metric(letter: str, base: Metric) -> Metric:
    labels = {linked: shared.METRIC_NAMES[metric]() for metric, linked in state.METRIC_LINKS.items()}
    name = _choose(shared.METRIC(), labels, f"{letter}_metric", state.METRIC_LINKS[base], shared.METRIC_HELP())
    return next(metric for metric, linked in state.METRIC_LINKS.items() if linked == name)


def _choose(
    label: str,
    options: Mapping[str, str],
    key: str,
    default: str,
    help_text: str,
    on_change: Callable[..., None] | None = None,
    args: tuple[str, ...] = (),
) -> str:
    """Draw a choice that stands in the link and outlives a visit to another page."""
    kept = st.session_state.get(_kept(key))
    if kept is not None and key not in st.session_state and key not in st.query_params:
        st.query_params[key] = kept
    value = link.choose(st.selectbox, label, options, key, default, help=help_text, on_change=on_change, args=args)
    st.session_state[_kept(key)] = value
    return value


def _choose_weights(letter: str, base: Weights, parts: Sequence[str]) -> Weights:
    """Draw a slider per part that the catalog has; what differs from the setting stands in the link."""
    of_setting = base.as_dict()
    kept = _linked(letter, base) or st.session_state.get(KEPT_WEIGHTS, {}).get(letter, {})
    for part in parts:
        key = _slider(letter, part)
        if key not in st.session_state:
            st.session_state[key] = min(kept.get(part, of_setting[part]), MAX_WEIGHT)
        st.slider(part_name(part), 0.0, MAX_WEIGHT, step=0.01, key=key, help=shared.PARTS_HELP[part]())
    chosen = {part: float(st.session_state[_slider(letter, part)]) for part in parts}
    _keep(letter, {part: weight for part, weight in chosen.items() if weight != min(of_setting[part], MAX_WEIGHT)})
    if not any(chosen.values()):
        st.caption(shared.ALL_AT_ZERO())
        return base
    return Weights(**{**of_setting, **chosen})


def _linked(letter: str, base: Weights) -> dict[str, float]:
    """Return the weights of a link that was just opened."""
    linked = link.read_weights(f"{letter}_weights", base)
    if linked:
        _forget_sliders(letter)
    return linked


def _keep(letter: str, changed: dict[str, float]) -> None:
    st.session_state[KEPT_WEIGHTS] = st.session_state.get(KEPT_WEIGHTS, {}) | {letter: changed}
    link.write_weights(f"{letter}_weights", changed)


def _reset_on_another_catalog(name: str) -> None:
    """Start both sides on the catalog that was just opened; a link that was just opened has its own choices."""
    before = st.session_state.get(OPEN_CATALOG)
    if before not in (None, name):
        for letter in "ab":
            _reset(letter)
            for choice in ("catalog", "setting"):
                _forget(f"{letter}_{choice}")
    st.session_state[OPEN_CATALOG] = name


def _reset(letter: str) -> None:
    """Go back to what the setting says."""
    _forget_sliders(letter)
    st.session_state[KEPT_WEIGHTS] = st.session_state.get(KEPT_WEIGHTS, {}) | {letter: {}}
    st.query_params.pop(f"{letter}_weights", None)
    _forget(f"{letter}_metric")


def _forget(key: str) -> None:
    """Go back to the default of a choice, here and in the link."""
    for name in (key, _kept(key)):
        st.session_state.pop(name, None)
    st.query_params.pop(key, None)


def _forget_sliders(letter: str) -> None:
    for part in shared.PARTS_HELP:
        st.session_state.pop(_slider(letter, part), None)


def _slider(letter: str, part: str) -> str:
    return f"{letter} weight {part}"


def _kept(key: str) -> str:
    return f"{key} kept"
