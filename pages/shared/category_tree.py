"""The categories of a catalog as a tree with counts, one element; a click chooses a category or lets it go."""

import html
from collections.abc import Callable, Mapping, Sequence

import streamlit as st

from prodsim.catalog.category_paths import is_within, leaf_of, parent_of

_STYLE = """
.pt{max-height:340px;overflow-y:auto;font-size:.88rem;line-height:1.35}
.pt details,.pt .pt-leaf{padding-left:1.1rem}
.pt summary{list-style:none;display:flex;align-items:center;margin-left:-1.1rem;cursor:pointer}
.pt summary::-webkit-details-marker{display:none}
.pt summary::before{content:"";flex:none;width:.4rem;height:.4rem;margin:0 .45rem 0 .25rem;border:solid currentColor;
border-width:0 .1rem .1rem 0;transform:rotate(-45deg);opacity:.6}
.pt details[open]>summary::before{transform:rotate(45deg)}
.pt button{display:flex;flex:1;gap:.5rem;justify-content:space-between;width:100%;padding:.18rem .4rem;border:0;
border-radius:.4rem;background:none;color:inherit;font:inherit;text-align:left;cursor:pointer;overflow-wrap:anywhere}
.pt button:hover{color:var(--st-primary-color)}
.pt button i{font-style:normal;opacity:.6;font-variant-numeric:tabular-nums}
.pt button[aria-pressed=true]{font-weight:650;color:var(--st-primary-color);
background:color-mix(in srgb,var(--st-primary-color) 16%,transparent)}
"""
_SCRIPT = """
export default ({ parentElement, data, setTriggerValue }) => {
  const root = parentElement.querySelector(".pt");
  const open = root.open ??= new Set();
  if (root.shown !== data.html) {
    root.innerHTML = root.shown = data.html;
    for (const node of root.querySelectorAll("details")) node.open ||= open.has(node.dataset.path);
  }
  root.onclick = event => {
    const button = event.target.closest("button"), node = event.target.closest("summary")?.parentElement;
    if (button) {
      event.preventDefault();  // else it would open and shut what is below
      setTriggerValue("toggled", button.dataset.path);
    } else if (node) open[node.open ? "delete" : "add"](node.dataset.path);
  };
};
"""
_mount = st.components.v2.component(
    "prodsim_categories", html='<div class="pt"></div>', css=_STYLE, js=_SCRIPT, isolate_styles=False
)


def draw_tree(counts: Mapping[str, int], chosen: Sequence[str], key: str, toggle: Callable[[str], None]) -> None:
    """Draw the categories with their counts, the largest of each level first.

    Args:
        counts: products per path, also for the paths above; see ``FacetCounter``.
        chosen: paths that are chosen; they are marked, and what is above them is open.
        key: of the element.
        toggle: given the path that was clicked, before the page is drawn again.
    """

    def run() -> None:
        toggle(st.session_state[key]["toggled"])

    _mount(data={"html": tree_html(counts, chosen)}, key=key, on_toggled_change=run)


def toggled(chosen: Sequence[str], path: str) -> list[str]:
    """Return what is chosen after a click: without the path, or with it in place of what is above and below it."""
    if path in chosen:
        return [other for other in chosen if other != path]
    return [other for other in chosen if not (is_within(other, path) or is_within(path, other))] + [path]


def tree_html(counts: Mapping[str, int], chosen: Sequence[str]) -> str:
    """Return the tree as markup; names are escaped."""
    below: dict[str, list[str]] = {}
    for path in dict.fromkeys([*counts, *chosen]):
        below.setdefault(parent_of(path), []).append(path)

    def branch(above: str) -> str:
        paths = sorted(below.get(above, []), key=lambda path: (-counts.get(path, 0), path))
        return "".join(node(path) for path in paths)

    def node(path: str) -> str:
        name = html.escape(leaf_of(path))
        button = (
            f'<button data-path="{html.escape(path)}" aria-pressed="{str(path in chosen).lower()}">'
            f"<span>{name}</span><i>{counts.get(path, 0):,}</i></button>"
        )
        if path not in below:
            return f'<div class="pt-leaf">{button}</div>'
        is_open = any(each != path and is_within(each, path) for each in chosen)
        opened = " open" if is_open else ""
        summary = f"<summary>{button}</summary>"
        return f'<details data-path="{html.escape(path)}"{opened}>{summary}{branch(path)}</details>'

    return branch("")
