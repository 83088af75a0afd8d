"""Charts beside the map that filter it: bars that are clicked, a histogram that is brushed."""

import html
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise

import streamlit as st

MOST_BARS = 6
_STYLE = """
.pb{display:flex;flex-direction:column;gap:.9rem;font-size:.84rem}
.pb h4{margin:0 0 .25rem;font-size:.84rem;font-weight:600}
.pb button{position:relative;display:flex;justify-content:space-between;gap:.5rem;width:100%;padding:.16rem .4rem;
border:0;border-radius:.35rem;background:none;color:inherit;font:inherit;text-align:left;cursor:pointer}
.pb button span{position:relative;overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
.pb button i{position:relative;font-style:normal;opacity:.65;font-variant-numeric:tabular-nums}
.pb button u{position:absolute;inset:.1rem auto .1rem 0;border-radius:.3rem;text-decoration:none;
background:color-mix(in srgb,var(--st-primary-color) 20%,transparent)}
.pb button:hover{color:var(--st-primary-color)}
.pb button[aria-pressed=true]{font-weight:650}
.pb button[aria-pressed=true] u{background:color-mix(in srgb,var(--st-primary-color) 50%,transparent)}
.pb-more{opacity:.65;padding:0 .4rem}
.pb-bins{position:relative;display:flex;align-items:flex-end;gap:1px;height:64px;cursor:crosshair;touch-action:none}
.pb-bins b{flex:1;min-height:1px;border-radius:2px 2px 0 0;pointer-events:none;
background:color-mix(in srgb,var(--st-primary-color) 55%,transparent)}
.pb-bins b.off{background:color-mix(in srgb,currentColor 16%,transparent)}
.pb-ends{display:flex;justify-content:space-between;opacity:.65;font-size:.78rem;font-variant-numeric:tabular-nums}
"""
_SCRIPT = """
export default ({ parentElement, data, setTriggerValue }) => {
  const root = parentElement.querySelector(".pb");
  if (root.shown !== data.html) root.innerHTML = root.shown = data.html;
  root.onclick = event => {
    const button = event.target.closest("button");
    if (button) setTriggerValue("toggled", { field: button.dataset.field, value: button.dataset.value });
  };
  const bins = root.querySelector(".pb-bins");
  if (!bins) return;
  const place = event => {
    const box = bins.getBoundingClientRect(), n = bins.children.length;
    return Math.min(Math.max(Math.floor((event.clientX - box.left) / box.width * n), 0), n - 1);
  };
  let first = null;
  const mark = event => {
    const ends = [first, place(event)].sort((a, b) => a - b);
    [...bins.children].forEach((bin, n) => bin.classList.toggle("off", n < ends[0] || n > ends[1]));
    return ends;
  };
  bins.onpointerdown = event => { first = place(event); bins.setPointerCapture(event.pointerId); mark(event); };
  bins.onpointermove = event => first !== null && mark(event);
  bins.onpointerup = event => {
    const [low, high] = mark(event), isClick = first === place(event);
    first = null;
    setTriggerValue("brushed", isClick && bins.dataset.brushed ? [] : [low, high]);
  };
};
"""
_mount = st.components.v2.component(
    "prodsim_map_charts", html='<div class="pb"></div>', css=_STYLE, js=_SCRIPT, isolate_styles=False
)


def draw_charts(
    markup: Sequence[str], key: str, toggle: Callable[[str, str], None], brush: Callable[[list[int]], None]
) -> None:
    """Draw charts below each other as one element.

    Args:
        markup: of ``bars_html`` and ``histogram_html``.
        key: of the element.
        toggle: given the field and the value of a bar that was clicked.
        brush: given the first and the last bin that was brushed, or nothing where a brush was taken back.
    """

    def run_toggled() -> None:
        clicked = st.session_state[key]["toggled"]
        toggle(clicked["field"], clicked["value"])

    def run_brushed() -> None:
        brush(st.session_state[key]["brushed"])

    _mount(data={"html": "".join(markup)}, key=key, on_toggled_change=run_toggled, on_brushed_change=run_brushed)


def bars_html(title: str, field: str, counts: Mapping[str, int], chosen: Sequence[str], more: str) -> str:
    """Return bars of the most frequent values and of those chosen; ``more`` says that there are others."""
    listed = list(dict.fromkeys([*chosen, *list(counts)[:MOST_BARS]]))
    most = max(map(lambda value: counts.get(value, 0), listed), default=0) or 1
    bars = "".join(
        f'<button data-field="{html.escape(field)}" data-value="{html.escape(value)}" title="{html.escape(value)}" '
        f'aria-pressed="{str(value in chosen).lower()}"><u style="width:{100 * counts.get(value, 0) / most:.1f}%"></u>'
        f"<span>{html.escape(value.rpartition(' > ')[2])}</span><i>{counts.get(value, 0):,}</i></button>"
        for value in listed
    )
    rest = f'<div class="pb-more">{html.escape(more)}</div>' if more else ""
    return f"<section><h4>{html.escape(title)}</h4>{bars}{rest}</section>" if listed else ""


def histogram_html(
    title: str, edges: Sequence[float], counts: Sequence[int], low: float | None, high: float | None
) -> str:
    """Return a histogram in which the bins outside of the limits are grey; nothing without bins."""
    if not counts:
        return ""
    most = max(counts) or 1
    is_off = [
        (low is not None and right <= low) or (high is not None and left >= high) for left, right in pairwise(edges)
    ]
    bins = "".join(
        f'<b class="{"off" if off else ""}" style="height:{100 * n / most:.1f}%" title="{n:,}"></b>'
        for n, off in zip(counts, is_off, strict=True)
    )
    brushed = "true" if low is not None or high is not None else ""
    ends = "".join(f"<span>{amount(edge)}</span>" for edge in (edges[0], edges[len(edges) // 2], edges[-1]))
    return (
        f'<section><h4>{html.escape(title)}</h4><div class="pb-bins" data-brushed="{brushed}">{bins}</div>'
        f'<div class="pb-ends">{ends}</div></section>'
    )


def amount(number: float) -> str:
    """Return an amount in about three digits: 0.25, 12.9, 2,680."""
    return f"{number:,.0f}" if number >= 100 else f"{number:.3g}"
