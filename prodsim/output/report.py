"""Findings as one page that opens offline, on a phone and on paper."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import pandas as pd

from prodsim.catalog import Catalog, CatalogChanges
from prodsim.findings import Finding
from prodsim.output.health import Health, waiting
from prodsim.output.html import as_html, marked
from prodsim.output.thumbnails import small_picture
from prodsim.phrases import Plural, Text, joined, phrase, reader_language, retold
from prodsim.quality import LEVEL_TITLES, Level, kind_title
from prodsim.quality.evidence import evidence_label, evidence_value
from prodsim.records import WAITING, Action, CheckSummary, Decision, Records, State, finding_key

if TYPE_CHECKING:
    from prodsim.workspace import OpenCatalog
    from prodsim.workspace.checks import CheckReport

MAX_PAGE_BYTES = 5_000_000
"""What mail still takes."""
MAX_EXAMPLE_BYTES = 4_500_000
"""Bytes for examples, shared evenly by the kinds."""
N_SHOWN_FINDINGS = 20
"""Findings of a kind that are shown."""
N_SHOWN_PRODUCTS = 4
"""Products of a finding that are shown side by side."""
N_WORST_CATEGORIES = 10
N_DECISIONS = 30
MAX_TEXT = 300
"""Characters of a text that are shown."""

TITLE = Text("{catalog}: quality")
TO_DECIDE = Plural("{n:,} finding to decide", "{n:,} findings to decide")
HEALTH = Text("{share:.1%} of {n:,} products have no open issue")
ALL_FINDINGS = Plural("{n:,} finding: {counts}", "{n:,} findings: {counts}")
SENSITIVITY = Text("sensitivity: {level}")
CHECKED = Text("checked on {date}")
N_OPEN, N_DECIDED, N_GROUPED = Text("{n:,} open"), Text("{n:,} decided"), Text("{n:,} already grouped")
CHANGE = Text("{change:+,} since the previous upload")
TREND = Text("{first_date}: {first:,} findings; {last_date}: {last:,}")
IN_CATEGORY = Text("{n:,} of {total:,} products, severity {severity:.2f}")
KIND = Text("{kind}: {n:,}")
CONFIDENCE = Text("confidence {share:.0%}, severity {severity:.2f}")
MORE_FINDINGS = Plural(
    "{n:,} more finding is left out here; the exported table has all of them.",
    "{n:,} more findings are left out here; the exported table has all of them.",
)
MORE_CATEGORIES = Plural(
    "{n:,} more category with open findings is left out here.",
    "{n:,} more categories with open findings are left out here.",
)
MORE_DECISIONS = Plural(
    "{n:,} more decision is left out here; the exported decisions have all of them.",
    "{n:,} more decisions are left out here; the exported decisions have all of them.",
)
MORE_PRODUCTS = Plural("and {n:,} more product", "and {n:,} more products")
STATE_NAMES: Mapping[State, Text] = {
    "open": Text("open"),
    "decided": Text("decided"),
    "changed": Text("changed since the decision"),
    "grouped": Text("already grouped"),
}
ACTIONS: Mapping[Action, Text] = {
    "keep": Text("keep {sku}"),
    "variants": Text("variants of {sku}"),
    "dismissed": Text("not a problem"),
    "accepted": Text("as proposed"),
    "later": Text("later"),
}
N_ACTIONS: Mapping[Action, Text] = {
    "keep": Text("{n:,} with one product kept"),
    "variants": Text("{n:,} marked as variants"),
    "dismissed": Text("{n:,} not a problem"),
    "accepted": Text("{n:,} accepted as proposed"),
    "later": Text("{n:,} for later"),
}

_NEVER_DIFFERENCES = ("sku", "title", "image", "url", "currency")
_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
_REPORT_STYLE = """
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
        kinds: that were checked, in the order they are shown; those of all findings are among them.
        level: the sensitivity.
        base: folder where relative picture paths start.
        decisions: the newest of each finding by key, oldest first.
        trend: the findings of all checks at each version of the catalog, oldest first.
        built: when the catalog was, as an ISO time.
        changes: that the newest upload made; see ``OpenCatalog.changes``.
    """

    name: str
    catalog: Catalog
    findings: Sequence[Finding]
    states: Sequence[State]
    kinds: Sequence[str]
    level: Level
    base: Path
    decisions: Mapping[str, Decision]
    trend: Sequence[CheckSummary] = ()
    built: str = ""
    changes: CatalogChanges | None = None

    @classmethod
    def of(
        cls,
        opened: "OpenCatalog",
        report: "CheckReport",
        findings: Sequence[Finding],
        states: Sequence[State],
        records: Records,
    ) -> Self:
        """Take some of a report's findings, with what the records say; no trend where not everything was checked."""
        return cls(
            opened.name,
            opened.catalog,
            findings,
            states,
            report.kinds,
            report.level,
            Path(opened.info.base),
            records.decisions(),
            records.summaries(report.level) if report.is_whole else (),
            opened.info.built,
            opened.changes,
        )


def report_page(about: Reported) -> str:
    """Return a page under ``MAX_PAGE_BYTES`` without anything from elsewhere; no text is read as markup.

    What does not fit, or is beyond ``N_SHOWN_FINDINGS`` of a kind, is counted where it would be.
    """
    kinds = _kinds_with_findings(about)
    sections = [_section(about, kind, MAX_EXAMPLE_BYTES // max(1, len(kinds))) for kind in kinds]
    body = [_top(about), _bars_of_kinds(about), _trend(about.trend), _worst(about), *sections, _kinds_without(about)]
    title = as_html(TITLE(catalog=about.name))
    return (
        f'<!doctype html><html lang="{reader_language().replace("_", "-")}"><head><meta charset="utf-8">'
        f'<title>{title}</title><meta name="referrer" content="no-referrer">'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        f'<meta name="viewport" content="width=device-width,initial-scale=1"><style>{_REPORT_STYLE}</style></head>'
        f"<body>{''.join(body)}{_decisions(about)}</body></html>"
    )


def describe_decision(decision: Decision) -> str:
    """Return what was decided, in a few words."""
    return ACTIONS[decision.action](sku=decision.keep)


def _kinds_with_findings(about: Reported) -> list[str]:
    """Return the kinds of which there are findings, in their order."""
    kinds = {finding.kind for finding in about.findings}
    return [kind for kind in about.kinds if kind in kinds]


def _of_kind(about: Reported, kind: str) -> list[tuple[Finding, State]]:
    """Return the findings of a kind: those to be decided first, else in their order."""
    pairs = zip(about.findings, about.states, strict=True)
    return sorted((pair for pair in pairs if pair[0].kind == kind), key=lambda pair: pair[1] not in WAITING)


def _top(about: Reported) -> str:
    """Return the heading, what is to be decided, and a tile per kind."""
    share = Health(about.catalog, about.findings).share(waiting(about.states))
    facts = [
        HEALTH(share=share, n=len(about.catalog)),
        ALL_FINDINGS(len(about.findings), counts=_counts_text(about.states)),
        SENSITIVITY(level=LEVEL_TITLES[about.level]()),
    ]
    facts += [CHECKED(date=about.trend[-1].when[:10])] if about.trend else []
    tiles = "".join(_tile(about, kind) for kind in _kinds_with_findings(about))
    return (
        f"<h1>{as_html(about.name)}</h1><p><b>{as_html(TO_DECIDE(_counts(about.states)['open']))}</b></p>"
        f'<p class="soft">{as_html(" · ".join(facts))}</p><div class="tiles">{tiles}</div>'
    )


def _counts(states: Sequence[State]) -> dict[str, int]:
    """Count findings to decide about, those decided, and those on which nothing is to be decided."""
    counts = Counter("open" if state in WAITING else state for state in states)
    return {name: counts[name] for name in ("open", "decided", "grouped")}


def _counts_text(states: Sequence[State]) -> str:
    """Return how many findings are open, decided and grouped; the last two only where there are such."""
    counts = _counts(states)
    others = ((N_DECIDED, counts["decided"]), (N_GROUPED, counts["grouped"]))
    return joined([N_OPEN(n=counts["open"]), *(text(n=n) for text, n in others if n)])


def _tile(about: Reported, kind: str) -> str:
    """Return a tile with the open findings of a kind, and how their number changed."""
    states = [state for _, state in _of_kind(about, kind)]
    before, now = [summary.counts.get(kind) for summary in about.trend[-2:]] if len(about.trend) > 1 else (None, None)
    facts = [_counts_text(states)]
    facts += [] if before is None or now in (None, before) else [CHANGE(change=now - before)]
    n_open, title = _counts(states)["open"], as_html(kind_title(kind))
    return f'<div class="tile"><b>{n_open:,}</b>{title}<div class="soft">{as_html(joined(facts))}</div></div>'


def _bars_of_kinds(about: Reported) -> str:
    """Return a bar per kind: open findings, then decided ones."""
    bars = []
    for kind in _kinds_with_findings(about):
        states = [state for _, state in _of_kind(about, kind)]
        counts = _counts(states)
        bars.append((kind_title(kind), counts["open"], counts["decided"], _counts_text(states)))
    title = as_html(phrase("Findings by kind"))
    return f"<h2>{title}</h2>{_bars(bars)}"


def _bars(bars: Sequence[tuple[str, float, float, str]]) -> str:
    """Draw bars, each with a name, two lengths one after the other and a label; the longest is as wide as the page."""
    longest = max((first + second for _, first, second, _ in bars), default=0) or 1
    drawn = []
    for name, first, second, label in bars:
        start, rest = 100 * first / longest, 100 * second / longest
        drawn.append(
            f'<p class="bars">{as_html(_cut(name, MAX_TEXT))} <span class="soft">{as_html(label)}</span></p>'
            '<svg class="bars" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">'
            f'<rect class="bar" width="{start:.2f}" height="10"/>'
            f'<rect class="done" x="{start:.2f}" width="{rest:.2f}" height="10"/></svg>'
        )
    return "".join(drawn)


def _trend(trend: Sequence[CheckSummary]) -> str:
    """Draw the number of findings at each version of the catalog; nothing for one version alone."""
    if len(trend) < 2:
        return ""
    totals = [sum(summary.counts.values()) for summary in trend]
    step, highest = 560 / (len(totals) - 1), max(totals) or 1
    points = " ".join(f"{20 + i * step:.1f},{100 - 80 * total / highest:.1f}" for i, total in enumerate(totals))
    sentence = TREND(first_date=trend[0].when[:10], first=totals[0], last_date=trend[-1].when[:10], last=totals[-1])
    title = as_html(phrase("Trend"))
    return (
        f'<h2>{title}</h2><p>{as_html(sentence)}</p><svg viewBox="0 0 600 110" role="img" aria-label="{title}">'
        f'<polyline class="trend" points="{points}"/></svg>'
    )


def _worst(about: Reported) -> str:
    """Return a bar per category that fares worst."""
    table = Health(about.catalog, about.findings).worst_categories(waiting(about.states))
    if not len(table):
        return ""
    rows = table.head(N_WORST_CATEGORIES).itertuples(index=False)
    bars = [
        (str(category), float(severity), 0.0, IN_CATEGORY(n=faulty, total=n, severity=severity))
        for category, n, faulty, severity in rows
    ]
    more = _more(len(table) - len(bars), MORE_CATEGORIES)
    how = phrase("By the severity of the open findings, averaged over all products of the category.")
    title = as_html(phrase("Worst categories"))
    return f'<h2>{title}</h2><p class="soft">{as_html(how)}</p>{_bars(bars)}{more}'


def _section(about: Reported, kind: str, max_bytes: int) -> str:
    """Return the first findings of a kind, as many as fit."""
    pairs = _of_kind(about, kind)
    examples: list[str] = []
    for finding, state in pairs[:N_SHOWN_FINDINGS]:
        example = _example(about, finding, state)
        max_bytes -= len(example.encode())
        if max_bytes < 0:
            break
        examples.append(example)
    more = _more(len(pairs) - len(examples), MORE_FINDINGS)
    return f"<h2>{as_html(KIND(kind=kind_title(kind), n=len(pairs)))}</h2>{''.join(examples)}{more}"


def _kinds_without(about: Reported) -> str:
    """Return the kinds that were checked and of which there is no finding."""
    kinds = [kind_title(kind) for kind in about.kinds if kind not in _kinds_with_findings(about)]
    title = as_html(phrase("Checked, nothing found"))
    return f"<h2>{title}</h2><p>{as_html(', '.join(kinds))}</p>" if kinds else ""


def _more(n: int, text: Plural) -> str:
    """Say how much is left out, where anything is."""
    return f'<p class="soft">{as_html(text(n))}</p>' if n > 0 else ""


def _example(about: Reported, finding: Finding, state: State) -> str:
    """Return a finding with its products side by side."""
    rows = [about.catalog.row_of[sku] for sku in finding.skus if sku in about.catalog.row_of]
    products = [about.catalog.products.iloc[row] for row in rows[:N_SHOWN_PRODUCTS]]
    others = len(rows) - len(products)
    badge = f'<span class="state">{as_html(_state_text(state, about.decisions.get(finding_key(finding))))}</span>'
    what, proposal = (as_html(_cut(retold(text), 2 * MAX_TEXT)) for text in (finding.what, finding.proposal))
    more = f"<p>{as_html(MORE_PRODUCTS(others))}</p>" if others else ""
    details = f"{_cards(products, about.base)}{_differences(products)}{more}{_evidence(finding)}"
    return f'<div class="finding">{badge}<p class="what">{what}</p><p>{proposal}</p>{details}</div>'


def _state_text(state: State, decision: Decision | None) -> str:
    """Return what became of a finding, in a few words."""
    if decision is None:
        return STATE_NAMES[state]()
    return phrase("{state}: {decision}", state=STATE_NAMES[state](), decision=describe_decision(decision))


def _cards(products: Sequence["pd.Series[Any]"], base: Path) -> str:
    """Return products side by side: picture, marked title, SKU, link."""
    titles = [_cut(str(product["title"]), MAX_TEXT) for product in products]
    cards = []
    for number, product in enumerate(products):
        image = str(product["image"])
        inlined = small_picture(image, base)
        picture = f'<img src="{inlined}" alt="" referrerpolicy="no-referrer">' if inlined else ""
        link = f'<div class="soft">{as_html(_cut(image, MAX_TEXT))}</div>' if image and not inlined else ""
        title = marked(titles[number], titles[:number] + titles[number + 1 :])
        cards.append(
            f'<div>{picture}<div>{title}</div><div class="soft">{as_html(str(product["sku"]))}</div>{link}</div>'
        )
    return f'<div class="cards">{"".join(cards)}</div>' if cards else ""


def _differences(products: Sequence["pd.Series[Any]"]) -> str:
    """Return the fields in which products differ, a column each, with the words marked."""
    if len(products) < 2:
        return ""
    rows = []
    for name in products[0].index:
        cells = [_cell(product[name]) for product in products]
        if name not in _NEVER_DIFFERENCES and len(set(cells)) > 1:
            tds = [f"<td>{marked(cell, cells[:i] + cells[i + 1 :])}</td>" for i, cell in enumerate(cells)]
            rows.append(f"<tr><th>{as_html(str(name))}</th>{''.join(tds)}</tr>")
    heads = "".join(f"<th>{as_html(str(product['sku']))}</th>" for product in products)
    return f'<div class="wide"><table><tr><th></th>{heads}</tr>{"".join(rows)}</table></div>' if rows else ""


def _evidence(finding: Finding) -> str:
    """Return how sure a finding is, with its evidence to be unfolded."""
    summary = as_html(CONFIDENCE(share=finding.score, severity=finding.severity))
    parts = [
        f"{evidence_label(name)}: {json.dumps(evidence_value(name, value), ensure_ascii=False, default=str)}"
        for name, value in finding.evidence.items()
    ]
    if not parts:
        return f'<p class="soft">{summary}</p>'
    evidence = as_html(_cut("; ".join(parts), 2 * MAX_TEXT))
    return f'<details class="soft"><summary>{summary}</summary>{evidence}</details>'


def _decisions(about: Reported) -> str:
    """Return how much was decided, and the newest decisions."""
    title, newest = as_html(phrase("Decisions so far")), list(about.decisions.values())[::-1]
    if not newest:
        none = as_html(phrase("None yet."))
        return f"<h2>{title}</h2><p>{none}</p>"
    n_of = Counter(decision.action for decision in newest)
    rows = [
        (each.when[:10], each.who, kind_title(each.kind), ", ".join(each.skus), describe_decision(each), each.note)
        for each in newest[:N_DECISIONS]
    ]
    cells = ["".join(f"<td>{as_html(_cut(cell, MAX_TEXT))}</td>" for cell in row) for row in rows]
    names = (phrase("Date"), phrase("By"), phrase("Kind"), phrase("Products"), phrase("Decision"), phrase("Note"))
    heads = "".join(f"<th>{as_html(name)}</th>" for name in names)
    counts = joined(N_ACTIONS[action](n=n) for action, n in n_of.items())
    return (
        f'<h2>{title}</h2><p>{as_html(counts)}</p><div class="wide"><table><tr>{heads}</tr>'
        f"<tr>{'</tr><tr>'.join(cells)}</tr></table></div>{_more(len(newest) - len(rows), MORE_DECISIONS)}"
    )


def _cell(value: object) -> str:
    """Return a field as the table shows it."""
    if isinstance(value, float):
        return "" if value != value else f"{value:,.10g}"  # only NaN differs from itself
    return _cut(str(value), MAX_TEXT)


def _cut(text: str, length: int) -> str:
    """Cut a text to a length, with "…" at its end."""
    return text if len(text) <= length else text[: length - 1] + "…"
