"""Choose the other catalog, match the two as a job, and join the matches with what was decided."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.shared import link, state
from pages.shared import texts as shared
from pages.shared.background import PATIENCE_S, answered, ask, is_current
from pages.shared.match import texts
from prodsim.jobs import Job
from prodsim.match import Matching, PriceComparison
from prodsim.output.matches import matches_table
from prodsim.progress import duration
from prodsim.records import MatchDecision
from prodsim.workspace import OpenCatalog
from prodsim.workspace.matches import CatalogMatch, decisions_between, match_catalogs, was_matched

PLACE, VIEW = "match", "match view"
SECONDS_PER_PRODUCT = 1 / 200
"""That matching takes at most, on two cores, of both catalogs together."""


@dataclass(frozen=True)
class MatchView:
    """The matches of two catalogs as the page draws them.

    Attributes:
        compared: the catalogs and the candidates.
        decisions: the newest of each pair, oldest first.
        matching: the matches, the surest first.
        table: of them, in the same order; see ``matches_table``.
        prices: of them.
    """

    compared: CatalogMatch
    decisions: Sequence[MatchDecision]
    matching: Matching
    table: pd.DataFrame
    prices: PriceComparison

    @property
    def a(self) -> OpenCatalog:
        """Return the catalog of the sidebar."""
        return self.compared.a

    @property
    def b(self) -> OpenCatalog:
        """Return the other catalog."""
        return self.compared.b

    @property
    def rejected(self) -> list[MatchDecision]:
        """Return the rejected pairs of products that are still there, the latest first."""
        row_a, row_b = self.a.catalog.row_of, self.b.catalog.row_of
        there = [each for each in self.decisions if each.sku_a in row_a and each.sku_b in row_b]
        return [each for each in reversed(there) if each.verdict == "rejected"]

    @property
    def postponed(self) -> dict[tuple[str, str], str]:
        """Return when each pair was postponed that was."""
        return {(each.sku_a, each.sku_b): each.when for each in self.decisions if each.verdict == "later"}


def choose_other(opened: OpenCatalog, place: DeltaGenerator) -> OpenCatalog | None:
    """Draw the choice of the other catalog there; ``None`` where there is none, with the way to add one below."""
    names = [info.name for info in state.workspace().catalogs() if info.name != opened.name]
    if not names:
        link.say_if_unusable("other", names)
        st.info(texts.ONE_CATALOG(), icon=":material/join_inner:")
        st.page_link("pages/catalog.py", label=shared.ADD_CATALOG(), icon=":material/upload:")
        return None
    options = {name: name for name in names}
    with place:
        name = link.choose(st.selectbox, texts.OTHER(), options, "other", names[0], help=texts.OTHER_HELP(), width=320)
    return state.open_catalog(name)


def get_match(a: OpenCatalog, b: OpenCatalog) -> CatalogMatch | None:
    """Return the two catalogs matched; None while there is nothing, with a way to start or the progress drawn."""
    question: Hashable = tuple((one.name, *sorted(one.info.artifacts.values())) for one in (a, b))
    title = texts.MATCHING(a=a.name, b=b.name)

    def work(job: Job) -> CatalogMatch:
        return match_catalogs(state.workspace(), a, b, job)

    if was_matched(state.workspace(), a.name, b.name):
        ask(PLACE, question, title, work)
    compared: CatalogMatch | None = answered(PLACE, question, 420, PATIENCE_S)
    if compared is None and not is_current(PLACE, question):
        seconds = max(2.0, SECONDS_PER_PRODUCT * (len(a.catalog) + len(b.catalog)))
        st.info(texts.NOT_MATCHED(duration=duration(seconds)), icon=":material/join_inner:")
        st.button(
            texts.MATCH(), key="match", type="primary", icon=":material/play_arrow:", on_click=ask,
            args=(PLACE, question, title, work), kwargs={"is_for_everybody": True},
        )  # fmt: skip
    return compared


def view_of(compared: CatalogMatch) -> MatchView:
    """Return the matches with what was decided by now; chosen anew only when a decision was made."""
    decisions = tuple(decisions_between(state.workspace(), compared.a.name, compared.b.name))
    held: MatchView | None = st.session_state.get(VIEW)
    if held is not None and held.compared is compared and held.decisions == decisions:
        return held
    matching, a, b = compared.matching(decisions), compared.a.catalog, compared.b.catalog
    table, prices = matches_table(a, b, matching), PriceComparison.of(a, b, matching.a, matching.b)
    view = st.session_state[VIEW] = MatchView(compared, decisions, matching, table, prices)
    return view
