"""A finding as it is shown: what it says, its products side by side, what proves it, and what was decided."""

import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from pages.shared.cards import draw_card
from pages.shared.compare.sides import STYLE as PAIR_STYLE
from pages.shared.compare.sides import picture_html
from prodsim.findings import Finding
from prodsim.output.health import concerned, named_neighbours
from prodsim.output.html import marked
from prodsim.records import Action, Decision, State
from prodsim.workspace import OpenCatalog

MOST_SHOWN = 12
"""Products of one finding that are drawn; a table lists the others."""
MOST_NEIGHBOURS = 4
ACTIONS: Mapping[Action, str] = {
    "keep": "keep", "variants": "variants", "dismissed": "not a problem", "accepted": "as proposed", "later": "later",
}  # fmt: skip
"""What a person calls them."""
_DRAWN = ("neighbours", "nearest", "text", "differing", "differing_words", "keeper", "declared", "examples", "value")
"""Evidence that is seen in the products and their neighbours, or said in the proposal."""
_NOT_TOLD = ("sku", "title", "image", "currency")
STYLE = f"""{PAIR_STYLE}<style>
.pq-what{{font-size:1.05rem;font-weight:620;line-height:1.4;overflow-wrap:anywhere}}
.pq-wide{{overflow-x:auto}}
.pq-table{{border-collapse:collapse;width:100%;table-layout:fixed;font-family:inherit;
min-width:calc(6.5rem + 13rem*var(--products))}}
.pq-table td,.pq-table th{{text-align:left;vertical-align:top;font-weight:400;padding:.35rem .6rem;border:0;
overflow-wrap:anywhere;border-bottom:1px solid color-mix(in srgb,currentColor 14%,transparent)}}
.pq-table th{{width:6.5rem;font-size:.82rem;opacity:.75}}
.pq-table td{{min-width:9rem}}
.pq-table mark{{background:color-mix(in srgb,#d97706 32%,transparent);color:inherit}}
@media (max-width:640px){{.pq-table{{min-width:calc(4.2rem + 6.6rem*var(--products))}}
.pq-table td{{min-width:6rem;padding:.3rem .3rem}} .pq-table th{{width:4.2rem;font-size:.7rem;padding:.3rem 0}}}}
.pq-about{{background:color-mix(in srgb,#d97706 14%,transparent)}}
</style>"""


@dataclass(frozen=True, slots=True)
class Found:
    """A finding with what was decided about it.

    Attributes:
        finding: as a check gave it.
        key: its identity.
        state: whether it waits for a decision.
        decision: the newest one, if there is one.
    """

    finding: Finding
    key: str
    state: State
    decision: Decision | None


def told_decision(found: Found) -> str:
    """What was decided, in a few words."""
    decision = found.decision
    return f"{ACTIONS[decision.action]} {decision.keep}".strip() if decision else ""


def draw_finding(opened: OpenCatalog, found: Found) -> None:
    """A finding, big: what it is, its products side by side, the proposal and why, neighbours."""
    finding, products = found.finding, opened.catalog.products
    there = [opened.catalog.row_of[sku] for sku in concerned(finding) if sku in opened.catalog.row_of]
    with st.container(border=True, gap="small"):
        st.html(f"{STYLE}{_head_html(found)}")
        if there:
            shown = products.iloc[there[:MOST_SHOWN]]
            told = tellable(opened)
            field_of = {column: field for field, column in opened.info.mapping.items()}
            about = field_of.get(finding.column or "", finding.column or "")
            st.html(f"{STYLE}{side_by_side_html(shown, told, Path(opened.info.base), about)}")
        if len(there) > MOST_SHOWN:
            st.caption(f"{MOST_SHOWN} of {len(there):,} products are drawn; this lists all.")
            st.dataframe(
                products.iloc[there][["sku", "title", "brand", "category", "price"]], hide_index=True, height=180
            )
        _draw_evidence(opened, finding)


def tellable(opened: OpenCatalog) -> list[str]:
    """The fields that are held side by side, in the catalog's order."""
    return [str(name) for name in opened.catalog.products.columns if name not in _NOT_TOLD]


def side_by_side_html(products: pd.DataFrame, fields: Sequence[str], base: Path, about: str = "") -> str:
    """Products in columns: picture and title, then a row per field that differs, with the words that differ marked.

    Args:
        products: one to twelve.
        fields: names of the columns to be told.
        base: folder of the pictures.
        about: the field that the finding is about; marked as a whole.
    """
    texts = {name: [_text(value) for value in products[name]] for name in ("title", *fields)}
    is_alone = len(products) == 1
    differing = [name for name in fields if len(set(texts[name])) > 1 or name == about or (is_alone and texts[name][0])]
    head = "".join(
        f"<td>{picture_html(product, base, '110px')}<div class='pc-title'>{title}</div>"
        f"<div class='ps-soft ps-sku'>{html.escape(str(product['sku']))}</div></td>"
        for (_, product), title in zip(products.iterrows(), _marked(texts["title"]), strict=True)
    )
    rows = "".join(
        f"<tr{_class(name == about)}><th>{html.escape(name)}</th>"
        f"{''.join(f'<td>{cell}</td>' for cell in _marked(texts[name]))}</tr>"
        for name in sorted(differing, key=lambda name: name != about)
    )
    same = " · ".join(
        f"{html.escape(name)}: {html.escape(texts[name][0])}"
        for name in fields
        if name not in differing and texts[name][0]
    )
    return (
        f'<div class="pq-wide"><table class="pq-table" style="--products:{len(products)}">'
        f"<tr{_class(about == 'title')}><th></th>{head}</tr>{rows}</table></div>"
        + (f'<div class="ps-soft" style="white-space:normal;margin-top:.4rem">The same: {same}</div>' if same else "")
    )


def _marked(texts: Sequence[str]) -> list[str]:
    """Texts with the words marked that the first one lacks; in the first those that the second lacks."""
    if len(texts) == 1:
        return [html.escape(texts[0])]
    others = [texts[1], *[texts[0]] * (len(texts) - 1)]
    return [marked(own, [other]) for own, other in zip(texts, others, strict=True)]


def _text(value: Any) -> str:
    return "" if value != value else f"{value:,.2f}" if isinstance(value, float) else str(value)


def _class(is_about: bool) -> str:
    return ' class="pq-about"' if is_about else ""


def _head_html(found: Found) -> str:
    finding, decision = found.finding, found.decision
    told = [f'<div class="pq-what">{html.escape(finding.what)}</div>']
    proposal = f"{html.escape(finding.proposal)} · " * bool(finding.proposal)
    told.append(f'<div style="margin-top:.25rem">{proposal}{finding.score:.0%} sure</div>')
    if decision is not None:
        since = "; its products have changed since" * (found.state == "changed")
        was = f"Decided at {decision.when}: {told_decision(found)}{since}. {decision.note}"
        told.append(f'<div class="ps-soft" style="white-space:normal">{html.escape(was)}</div>')
    return "".join(told)


def _draw_evidence(opened: OpenCatalog, finding: Finding) -> None:
    """What proves it: numbers and words in a line, neighbours as small cards."""
    told = " · ".join(
        f"{name.replace('_', ' ')}: {_told(value)}" for name, value in finding.evidence.items() if name not in _DRAWN
    )
    if told:
        st.html(f'<div class="ps-soft" style="white-space:normal">{html.escape(told)}</div>')
    rows = neighbours_of(opened, finding)[:MOST_NEIGHBOURS]
    if rows:
        st.caption("Its neighbours")
        with st.grid(min_column_width=140):
            for row in rows:
                draw_card(opened.catalog.products.iloc[row], Path(opened.info.base))


def neighbours_of(opened: OpenCatalog, finding: Finding) -> list[int]:
    """Rows of the products around a finding: those that it names, else the nearest ones of the only product it has."""
    row_of, skus = opened.catalog.row_of, concerned(finding)
    if named := named_neighbours(finding):
        return [row_of[sku] for sku in named if sku in row_of]
    if len(skus) != 1 or skus[0] not in row_of:
        return []
    return [int(row) for row in opened.subject().neighbours_of(row_of[skus[0]])[0][:MOST_NEIGHBOURS]]


def _told(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {_told(one)}" for name, one in value.items())
    if isinstance(value, list):
        return ", ".join(map(_told, value))
    return f"{value:,.3g}" if isinstance(value, float) else str(value)
