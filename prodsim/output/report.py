"""What checks found, as one page that opens offline, on a phone and on paper."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import pandas as pd

from prodsim.catalog import Catalog
from prodsim.findings import Finding
from prodsim.output.health import Health, waiting
from prodsim.output.html import as_html, marked
from prodsim.output.thumbnails import small_picture
from prodsim.records import WAITING, CheckSummary, Decision, State, finding_key

if TYPE_CHECKING:
    from prodsim.workspace import OpenCatalog
    from prodsim.workspace.checks import CheckReport

MAX_BYTES = 5_000_000
"""What mail still takes."""
ROOM = 4_500_000
"""Bytes for examples, shared evenly by the kinds."""
N_EXAMPLES = 20
N_PRODUCTS = 4
"""Products of a finding that are shown side by side."""
N_CATEGORIES = 10
N_DECISIONS = 30
CUT = 300
"""Characters of a text that are shown."""

_NOT_COMPARED = ("sku", "title", "image", "url", "currency")
_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
_STYLE = """
:root{color-scheme:light dark;--ink:#1c2321;--soft:#57635f;--page:#fbfaf8;--card:#fff;--line:#e2ded7;
--main:#0f766e;--pale:#b8b2a7;--mark:#fde68a}
@media (prefers-color-scheme:dark){:root{--ink:#e8ecea;--soft:#a3b0ac;--page:#121716;--card:#1c2321;--line:#2b3432;
--main:#2dd4bf;--pale:#56625e;--mark:#854d0e}}
*{box-sizing:border-box}
body{font:15px/1.5 system-ui,'Noto Sans CJK SC','PingFang SC','Microsoft YaHei',sans-serif;margin:0 auto;padding:1rem;
max-width:70rem;color:var(--ink);background:var(--page);overflow-wrap:anywhere}
h1{font-size:1.5rem;margin:.5rem 0}
h2{font-size:1.15rem;margin:2rem 0 .5rem;border-bottom:2px solid var(--main)}
p{margin:.3rem 0}
.soft{color:var(--soft)}
.tiles{display:grid;grid-template-columns:repeat(auto-fill,minmax(9rem,1fr));gap:.6rem}
.tile,.finding{background:var(--card);border:1px solid var(--line);border-radius:.5rem;padding:.6rem .8rem}
.tile b{display:block;font-size:1.5rem}
.finding{margin:.7rem 0}
.what{font-weight:600}
.state{float:right;border:1px solid var(--line);border-radius:1rem;padding:0 .6rem;font-size:.85rem;margin-left:.5rem}
.cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(9.5rem,1fr));gap:.6rem;margin:.5rem 0}
.cards img{max-width:100%;height:7rem;object-fit:contain;display:block;background:#fff}
mark{background:var(--mark);color:inherit}
.wide{overflow-x:auto}
table{border-collapse:collapse;width:100%}
th,td{text-align:left;padding:.3rem .6rem;border-bottom:1px solid var(--line);vertical-align:top;min-width:5rem}
svg{width:100%;height:auto;max-width:44rem;display:block}
p.bars{margin:.5rem 0 0} svg.bars{height:.7rem}
.bar{fill:var(--main)} .done{fill:var(--pale)} .trend{fill:none;stroke:var(--main);stroke-width:2}
@media print{:root{color-scheme:light;--ink:#000;--soft:#444;--page:#fff;--card:#fff;--line:#bbb;--main:#0f766e;
--pale:#b8b2a7;--mark:#fde68a} body{padding:0;max-width:none;print-color-adjust:exact}
.finding,.tile,svg{break-inside:avoid} h2{break-after:avoid}}
"""


@dataclass(frozen=True, slots=True)
class Reported:
    """What a report is about.

    Attributes:
        name: of the catalog.
        catalog: its products.
        findings: surest first.
        states: of each finding.
        kinds: that were looked for, in the order they are shown; those of all findings are among them.
        level: how much it took to be found.
        base: folder where relative picture paths start.
        decisions: the newest of each finding by key, oldest first.
        trend: what all checks found at each version of the catalog, oldest first.
    """

    name: str
    catalog: Catalog
    findings: Sequence[Finding]
    states: Sequence[State]
    kinds: Sequence[str]
    level: str
    base: Path
    decisions: Mapping[str, Decision]
    trend: Sequence[CheckSummary] = ()

    @classmethod
    def of(
        cls,
        opened: "OpenCatalog",
        report: "CheckReport",
        findings: Sequence[Finding],
        states: Sequence[State],
        decisions: Mapping[str, Decision],
        trend: Sequence[CheckSummary],
    ) -> Self:
        """About some of the findings of an open catalog."""
        base = Path(opened.info.base)
        return cls(opened.name, opened.catalog, findings, states, report.kinds, report.level, base, decisions, trend)


def report_page(about: Reported) -> str:
    """One page under ``MAX_BYTES`` without anything from elsewhere; text of products is shown, none is read as markup.

    What does not fit, or is beyond ``N_EXAMPLES`` of a kind, is counted where it would be.
    """
    kinds = _kinds(about)
    sections = [_section(about, kind, ROOM // max(1, len(kinds))) for kind in kinds]
    body = [_top(about), _bars_of_kinds(about), _trend(about.trend), _worst(about), *sections, _not_found(about)]
    title = as_html(f"{about.name}: quality")
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        f'<meta name="viewport" content="width=device-width,initial-scale=1"><style>{_STYLE}</style></head>'
        f"<body>{''.join(body)}{_decided(about)}</body></html>"
    )


def _kinds(about: Reported) -> list[str]:
    """The kinds that were found."""
    found = {finding.kind for finding in about.findings}
    return [kind for kind in about.kinds if kind in found]


def _of_kind(about: Reported, kind: str) -> list[tuple[Finding, State]]:
    """The findings of a kind: those to be decided first, else in their order."""
    pairs = zip(about.findings, about.states, strict=True)
    return sorted((pair for pair in pairs if pair[0].kind == kind), key=lambda pair: pair[1] not in WAITING)


def _top(about: Reported) -> str:
    n_waiting, n = _counts(about.states)["open"], len(about.catalog)
    told = [
        f"{n:,} products, {_healthy(about):.1%} of them without an open fault",
        f"{len(about.findings):,} findings at the level {about.level}: {_told_counts(about.states)}",
    ]
    told += [f"checked {about.trend[-1].when[:10]}"] if about.trend else []
    tiles = "".join(_tile(about, kind) for kind in _kinds(about))
    return (
        f"<h1>{as_html(about.name)}</h1><p><b>{n_waiting:,}</b> to decide</p>"
        f'<p class="soft">{as_html("; ".join(told))}</p><div class="tiles">{tiles}</div>'
    )


def _healthy(about: Reported) -> float:
    return Health(about.catalog, about.findings).share(waiting(about.states))


def _counts(states: Sequence[State]) -> dict[str, int]:
    """Findings to decide about, those decided, and those on which nothing is to be decided."""
    counts = Counter("open" if state in WAITING else state for state in states)
    return {name: counts[name] for name in ("open", "decided", "grouped")}


def _told_counts(states: Sequence[State]) -> str:
    counts = _counts(states)
    told = {"decided": "decided", "grouped": "grouped already"}
    return ", ".join([f"{counts['open']:,} open", *(f"{counts[k]:,} {name}" for k, name in told.items() if counts[k])])


def _tile(about: Reported, kind: str) -> str:
    states = [state for _, state in _of_kind(about, kind)]
    before, now = [each.counts.get(kind) for each in about.trend[-2:]] if len(about.trend) > 1 else (None, None)
    change = "" if before is None or now in (None, before) else f", {now - before:+,} since the last upload"
    n_open = _counts(states)["open"]
    told = f"{_told_counts(states)}{change}"
    return f'<div class="tile"><b>{n_open:,}</b>{as_html(kind)}<div class="soft">{told}</div></div>'


def _bars_of_kinds(about: Reported) -> str:
    bars = []
    for kind in _kinds(about):
        states = [state for _, state in _of_kind(about, kind)]
        counts = _counts(states)
        bars.append((kind, counts["open"], counts["decided"], _told_counts(states)))
    return f"<h2>Findings by kind</h2>{_bars(bars)}"


def _bars(bars: Sequence[tuple[str, float, float, str]]) -> str:
    """A name, what is told of it, and a bar of two lengths one after the other; the longest is as wide as the page."""
    longest = max((one + other for _, one, other, _ in bars), default=0) or 1
    drawn = []
    for name, one, other, told in bars:
        first, second = 100 * one / longest, 100 * other / longest
        drawn.append(
            f'<p class="bars">{as_html(_cut(name, CUT))} <span class="soft">{as_html(told)}</span></p>'
            '<svg class="bars" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">'
            f'<rect class="bar" width="{first:.2f}" height="10"/>'
            f'<rect class="done" x="{first:.2f}" width="{second:.2f}" height="10"/></svg>'
        )
    return "".join(drawn)


def _trend(trend: Sequence[CheckSummary]) -> str:
    """All findings at each version of the catalog; nothing for one version alone."""
    if len(trend) < 2:
        return ""
    totals = [sum(one.counts.values()) for one in trend]
    step, most = 560 / (len(totals) - 1), max(totals) or 1
    points = " ".join(f"{20 + i * step:.1f},{100 - 80 * total / most:.1f}" for i, total in enumerate(totals))
    told = f"{trend[0].when[:10]}: {totals[0]:,} findings; {trend[-1].when[:10]}: {totals[-1]:,}"
    return (
        f'<h2>Trend</h2><p>{as_html(told)}</p><svg viewBox="0 0 600 110" role="img" aria-label="trend">'
        f'<polyline class="trend" points="{points}"/></svg>'
    )


def _worst(about: Reported) -> str:
    table = Health(about.catalog, about.findings).worst_categories(waiting(about.states))
    if not len(table):
        return ""
    rows = table.head(N_CATEGORIES).itertuples(index=False)
    bars = [
        (str(c), float(mean), 0.0, f"{found:,} of {n:,} products, severity {mean:.2f}") for c, n, found, mean in rows
    ]
    more = _more(len(table) - len(bars), "categories with open findings")
    how = "By the severity of what is open, on average over all their products."
    return f'<h2>Worst categories</h2><p class="soft">{how}</p>{_bars(bars)}{more}'


def _section(about: Reported, kind: str, room: int) -> str:
    """The first findings of a kind, as many as there is room for."""
    pairs = _of_kind(about, kind)
    shown: list[str] = []
    for finding, state in pairs[:N_EXAMPLES]:
        example = _example(about, finding, state)
        room -= len(example.encode())
        if room < 0:
            break
        shown.append(example)
    more = _more(len(pairs) - len(shown), f"findings of the kind {kind}")
    return f"<h2>{as_html(kind)}: {len(pairs):,}</h2>{''.join(shown)}{more}"


def _not_found(about: Reported) -> str:
    none = [kind for kind in about.kinds if kind not in _kinds(about)]
    return f"<h2>Looked for and not found</h2><p>{as_html(', '.join(none))}</p>" if none else ""


def _more(n: int, things: str) -> str:
    return (
        f'<p class="soft">{n:,} more {as_html(things)} are left out here; the table has them all.</p>' if n > 0 else ""
    )


def _example(about: Reported, finding: Finding, state: State) -> str:
    rows = [about.catalog.row_of[sku] for sku in finding.skus if sku in about.catalog.row_of]
    products = [about.catalog.products.iloc[row] for row in rows[:N_PRODUCTS]]
    others = len(rows) - len(products)
    told = f'<span class="state">{as_html(_told(state, about.decisions.get(finding_key(finding))))}</span>'
    what = (
        f'<p class="what">{as_html(_cut(finding.what, 2 * CUT))}</p><p>{as_html(_cut(finding.proposal, 2 * CUT))}</p>'
    )
    more = f"<p>and {others:,} more products</p>" if others else ""
    shown = f"{_cards(products, about.base)}{_differences(products)}{more}{_evidence(finding)}"
    return f'<div class="finding">{told}{what}{shown}</div>'


def _told(state: State, decision: Decision | None) -> str:
    """What became of a finding, in words."""
    if decision is None:
        return "grouped already" if state == "grouped" else state
    words = "changed since you decided" if state == "changed" else state
    return f"{words}: {decision.action} {decision.keep}".strip()


def _cards(products: Sequence["pd.Series[Any]"], base: Path) -> str:
    """Products side by side: picture, marked title, SKU, link."""
    titles = [_cut(str(product["title"]), CUT) for product in products]
    cards = []
    for number, product in enumerate(products):
        image = str(product["image"])
        inlined = small_picture(image, base)
        picture = f'<img src="{inlined}" alt="">' if inlined else ""
        link = f'<div class="soft">{as_html(_cut(image, CUT))}</div>' if image and not inlined else ""
        title = marked(titles[number], titles[:number] + titles[number + 1 :])
        cards.append(
            f'<div>{picture}<div>{title}</div><div class="soft">{as_html(str(product["sku"]))}</div>{link}</div>'
        )
    return f'<div class="cards">{"".join(cards)}</div>' if cards else ""


def _differences(products: Sequence["pd.Series[Any]"]) -> str:
    """The fields in which products differ, a column each, with the words marked."""
    if len(products) < 2:
        return ""
    rows = []
    for name in products[0].index:
        cells = [_cell(product[name]) for product in products]
        if name not in _NOT_COMPARED and len(set(cells)) > 1:
            tds = [f"<td>{marked(cell, cells[:i] + cells[i + 1 :])}</td>" for i, cell in enumerate(cells)]
            rows.append(f"<tr><th>{as_html(str(name))}</th>{''.join(tds)}</tr>")
    heads = "".join(f"<th>{as_html(str(product['sku']))}</th>" for product in products)
    return f'<div class="wide"><table><tr><th></th>{heads}</tr>{"".join(rows)}</table></div>' if rows else ""


def _evidence(finding: Finding) -> str:
    """How sure it is, and the values that prove it, to be unfolded."""
    sure = f"sure by {finding.score:.2f}, severity {finding.severity:.2f}"
    parts = [
        f"{name}: {json.dumps(value, ensure_ascii=False, default=str)}" for name, value in finding.evidence.items()
    ]
    if not parts:
        return f'<p class="soft">{sure}</p>'
    return f'<details class="soft"><summary>{sure}</summary>{as_html(_cut("; ".join(parts), 2 * CUT))}</details>'


def _decided(about: Reported) -> str:
    newest = list(about.decisions.values())[::-1]
    if not newest:
        return "<h2>Decisions so far</h2><p>None yet.</p>"
    counts = pd.Series([one.action for one in newest]).value_counts(sort=False).items()
    rows = [
        (one.when[:10], one.who, one.kind, ", ".join(one.skus), f"{one.action} {one.keep}".strip(), one.note)
        for one in newest[:N_DECISIONS]
    ]
    cells = ["".join(f"<td>{as_html(_cut(cell, CUT))}</td>" for cell in row) for row in rows]
    heads = "".join(f"<th>{name}</th>" for name in ("when", "who", "kind", "products", "decision", "note"))
    told = ", ".join(f"{n:,} {action}" for action, n in counts)
    return (
        f'<h2>Decisions so far</h2><p>{as_html(told)}</p><div class="wide"><table><tr>{heads}</tr>'
        f"<tr>{'</tr><tr>'.join(cells)}</tr></table></div>{_more(len(newest) - len(rows), 'decisions')}"
    )


def _cell(value: object) -> str:
    if isinstance(value, float):
        return "" if value != value else f"{value:,.10g}"  # only NaN differs from itself
    return _cut(str(value), CUT)


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"
