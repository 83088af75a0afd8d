"""A finding as it is shown: what it says, its products side by side, its evidence, and what was decided."""

import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from pages.shared import texts as shared
from pages.shared.cards import availability_name, draw_card
from pages.shared.pair_html import PAIR_STYLE, picture_html
from pages.shared.quality import texts
from prodsim.findings import Finding
from prodsim.output.health import concerned, named_neighbours
from prodsim.output.html import marked
from prodsim.output.report import ACTIONS
from prodsim.phrases import retold
from prodsim.quality.evidence import evidence_label, evidence_value
from prodsim.records import Decision, State
from prodsim.workspace import OpenCatalog

MOST_PRODUCTS = 12
"""Products of one finding that are drawn; a table lists all."""
MOST_NEIGHBOURS = 4
LISTED_FIELDS = ("sku", "title", "brand", "category", "price")
_DRAWN = ("neighbours", "nearest", "text", "differing", "differing_words", "keeper", "declared", "examples", "value")
"""Evidence that is seen in the products and their neighbours, or stated in the proposal."""
_NOT_COMPARED = ("sku", "title", "image", "currency")
FINDING_STYLE = f"""{PAIR_STYLE}<style>
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
class ReviewItem:
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


def describe_decision(decision: Decision | None) -> str:
    """Say in a few words what was decided; nothing where nothing was."""
    return ACTIONS[decision.action](sku=decision.keep) if decision else ""


def draw_finding(opened: OpenCatalog, item: ReviewItem) -> None:
    """Draw a finding, big: what it is, its products side by side, the proposal, evidence and neighbours."""
    finding, products = item.finding, opened.catalog.products
    rows = [opened.catalog.row_of[sku] for sku in concerned(finding) if sku in opened.catalog.row_of]
    with st.container(border=True, gap="small"):
        st.html(f"{FINDING_STYLE}{_head_html(item)}")
        if rows:
            field_of = {column: field for field, column in opened.info.mapping.items()}
            about = field_of.get(finding.column or "", finding.column or "")
            drawn = products.iloc[rows[:MOST_PRODUCTS]]
            compared = side_by_side_html(drawn, compared_fields(opened), Path(opened.info.base), about)
            st.html(f"{FINDING_STYLE}{compared}")
        if len(rows) > MOST_PRODUCTS:
            st.caption(texts.SOME_SHOWN(shown=MOST_PRODUCTS, n=len(rows)))
            st.dataframe(
                products.iloc[rows][list(LISTED_FIELDS)],
                hide_index=True,
                height=180,
                alt=texts.ALL_PRODUCTS(),
                column_config={name: shared.FIELD_NAMES[name]() for name in LISTED_FIELDS},
            )
        _draw_evidence(opened, finding)


def compared_fields(opened: OpenCatalog) -> list[str]:
    """Return the fields that are compared side by side, in the catalog's order."""
    return [str(name) for name in opened.catalog.products.columns if name not in _NOT_COMPARED]


def side_by_side_html(products: pd.DataFrame, fields: Sequence[str], base: Path, about: str = "") -> str:
    """Return products in columns: picture and title, then a row per field that differs, with differing words marked.

    Args:
        products: one to twelve.
        fields: names of the columns to compare.
        base: folder of the pictures.
        about: the field that the finding is about; marked as a whole.
    """
    cells = {name: [_text(name, value) for value in products[name]] for name in ("title", *fields)}
    is_alone = len(products) == 1
    differing = [name for name in fields if len(set(cells[name])) > 1 or name == about or (is_alone and cells[name][0])]
    head = "".join(
        f"<td>{picture_html(product, base, '110px')}<div class='pc-title'>{title}</div>"
        f"<div class='ps-soft ps-sku'>{html.escape(str(product['sku']))}</div></td>"
        for (_, product), title in zip(products.iterrows(), _marked(cells["title"]), strict=True)
    )
    rows = "".join(
        f"<tr{_class(name == about)}><th>{html.escape(_label(name))}</th>"
        f"{''.join(f'<td>{cell}</td>' for cell in _marked(cells[name]))}</tr>"
        for name in sorted(differing, key=lambda name: name != about)
    )
    table = (
        f'<div class="pq-wide"><table class="pq-table" style="--products:{len(products)}">'
        f"<tr{_class(about == 'title')}><th></th>{head}</tr>{rows}</table></div>"
    )
    return table + _identical_html({name: cells[name][0] for name in fields if name not in differing})


def _identical_html(values: Mapping[str, str]) -> str:
    """Return a line of the fields that are the same in all products, without empty ones."""
    fields = " · ".join(texts.FIELD_VALUE(field=_label(name), value=value) for name, value in values.items() if value)
    if not fields:
        return ""
    line = html.escape(texts.IDENTICAL(fields=fields))
    return f'<div class="ps-soft" style="white-space:normal;margin-top:.4rem">{line}</div>'


def _label(field: str) -> str:
    """Return what a field is called; an attribute by its column."""
    return texts.COMPARED_FIELD_NAMES[field]() if field in texts.COMPARED_FIELD_NAMES else field


def _marked(cells: Sequence[str]) -> list[str]:
    """Return texts with the words marked that the first one lacks; in the first those that the second lacks."""
    if len(cells) == 1:
        return [html.escape(cells[0])]
    others = [cells[1], *[cells[0]] * (len(cells) - 1)]
    return [marked(own, [other]) for own, other in zip(cells, others, strict=True)]


def _text(field: str, value: Any) -> str:
    """Return a value as it is read: prices with cents, the stock by its name, an unknown amount as nothing."""
    if field == "availability":
        return availability_name(str(value))
    return "" if value != value else f"{value:,.2f}" if isinstance(value, float) else str(value)


def _class(is_about: bool) -> str:
    return ' class="pq-about"' if is_about else ""


def _head_html(item: ReviewItem) -> str:
    """Return what is wrong, the proposal, and what was decided."""
    finding, decision = item.finding, item.decision
    proposal = texts.CONFIDENCE(share=finding.score)
    if finding.proposal:
        proposal = texts.PROPOSAL(proposal=retold(finding.proposal), confidence=proposal)
    lines = [
        f'<div class="pq-what">{html.escape(retold(finding.what))}</div>',
        f'<div style="margin-top:.25rem">{html.escape(proposal)}</div>',
    ]
    if decision is not None:
        when = f"{decision.when[:16].replace('T', ' ')} UTC"
        sentences = [
            texts.DECIDED(when=when, decision=describe_decision(decision)),
            texts.CHANGED_SINCE() if item.state == "changed" else "",
            decision.note,
        ]
        decided = html.escape(" ".join(filter(None, sentences)))
        lines.append(f'<div class="ps-soft" style="white-space:normal">{decided}</div>')
    return "".join(lines)


def _draw_evidence(opened: OpenCatalog, finding: Finding) -> None:
    """Draw numbers and words of the evidence in a line, neighbours as small cards."""
    evidence = " · ".join(
        texts.FIELD_VALUE(field=evidence_label(name), value=_evidence_text(evidence_value(name, value)))
        for name, value in finding.evidence.items()
        if name not in _DRAWN
    )
    if evidence:
        st.html(f'<div class="ps-soft" style="white-space:normal">{html.escape(evidence)}</div>')
    rows = neighbours_of(opened, finding)[:MOST_NEIGHBOURS]
    if rows:
        st.caption(texts.NEIGHBOURS())
        with st.grid(min_column_width=140):
            for row in rows:
                draw_card(opened.catalog.products.iloc[row], Path(opened.info.base))


def neighbours_of(opened: OpenCatalog, finding: Finding) -> list[int]:
    """Return the rows of the neighbours that a finding names, else the nearest ones of the only product it has."""
    row_of, skus = opened.catalog.row_of, concerned(finding)
    if named := named_neighbours(finding):
        return [row_of[sku] for sku in named if sku in row_of]
    if len(skus) != 1 or skus[0] not in row_of:
        return []
    return [int(row) for row in opened.subject().neighbours_of(row_of[skus[0]])[0][:MOST_NEIGHBOURS]]


def _evidence_text(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{evidence_label(name)} {_evidence_text(each)}" for name, each in value.items())
    if isinstance(value, list):
        return ", ".join(map(_evidence_text, value))
    return f"{value:,.3g}" if isinstance(value, float) else str(value)
