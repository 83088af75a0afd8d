"""A finding as it is shown: what it says, its products side by side, its evidence, and what was decided."""

import html
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import streamlit as st

from pages.shared import texts as shared
from pages.shared.checks import ReviewItem
from pages.shared.grid import Card, draw_cards, products_shown
from pages.shared.quality import texts
from pages.shared.side_by_side import SIDE_BY_SIDE_STYLE, compared_fields, side_by_side_html
from prodsim.findings import Finding
from prodsim.output.health import concerned, named_neighbours
from prodsim.output.report import ACTIONS
from prodsim.phrases import joined, retold
from prodsim.quality.evidence import evidence_label, evidence_value
from prodsim.records import Decision
from prodsim.workspace import OpenCatalog

MOST_PRODUCTS = 12
"""Products of one finding that are drawn; a table lists all."""
MOST_NEIGHBOURS = 4
LISTED_FIELDS = ("sku", "title", "brand", "category", "price")
_DRAWN = ("neighbours", "nearest", "text", "differing", "differing_words", "keeper", "declared", "examples", "value")
"""Evidence that is seen in the products and their neighbours, or stated in the proposal."""


def describe_decision(decision: Decision | None) -> str:
    """Say in a few words what was decided; nothing where nothing was."""
    return ACTIONS[decision.action](sku=decision.keep) if decision else ""


def draw_finding(opened: OpenCatalog, item: ReviewItem) -> None:
    """Draw a finding, big: what it is, its products side by side, the proposal, evidence and neighbours."""
    finding, products = item.finding, opened.catalog.products
    rows = [opened.catalog.row_of[sku] for sku in concerned(finding) if sku in opened.catalog.row_of]
    with st.container(border=True, gap="small"):
        st.html(f"{SIDE_BY_SIDE_STYLE}{_head_html(item)}")
        if rows:
            field_of = {column: field for field, column in opened.info.mapping.items()}
            about = field_of.get(finding.column or "", finding.column or "")
            drawn = products.iloc[rows[:MOST_PRODUCTS]]
            compared = side_by_side_html(
                drawn, compared_fields(opened.catalog), [Path(opened.info.base)] * len(drawn), about
            )
            st.html(f"{SIDE_BY_SIDE_STYLE}{compared}")
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
        shared.FIELD_VALUE(field=evidence_label(name), value=_evidence_text(evidence_value(name, value)))
        for name, value in finding.evidence.items()
        if name not in _DRAWN
    )
    if evidence:
        st.html(f'<div class="ps-soft" style="white-space:normal">{html.escape(evidence)}</div>')
    rows = neighbours_of(opened, finding)[:MOST_NEIGHBOURS]
    if rows:
        st.caption(texts.NEIGHBOURS())
        cards = [Card(product, ()) for product in products_shown(opened.catalog, rows)]
        draw_cards(cards, Path(opened.info.base), "neighbours", is_small=True)


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
        return joined(f"{evidence_label(name)} {_evidence_text(each)}" for name, each in value.items())
    if isinstance(value, list):
        return joined(map(_evidence_text, value))
    return f"{value:,.3g}" if isinstance(value, float) else str(value)
