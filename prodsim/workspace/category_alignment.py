"""The categories of a catalog beside those of another one or of a taxonomy, with what people decided."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import pandas as pd

from prodsim.match import Alignment, Shelf, align_categories, shelves_of
from prodsim.records import CategoryDecision
from prodsim.workspace.knowledge import taxonomy_of
from prodsim.workspace.open_catalog import OpenCatalog
from prodsim.workspace.workspace import Workspace

TAXONOMY = "taxonomy "
"""What the name of a taxonomy begins with where decisions are kept, so that no catalog is taken for it."""
State = Literal["open", "accepted", "none"]
"""Nobody decided, this one is the same, or none is."""


@dataclass(frozen=True, slots=True)
class AlignedCategory:
    """A category with its proposal and what was decided.

    Attributes:
        proposal: the closest category of the other side.
        decision: the newest one; ``None`` while there is none.
    """

    proposal: Alignment
    decision: CategoryDecision | None = None

    @property
    def state(self) -> State:
        """Return whether somebody decided, and how."""
        if self.decision is None:
            return "open"
        return "accepted" if self.decision.other_category else "none"

    @property
    def other(self) -> str:
        """Return the other side's category as decided, else as proposed; ``""`` for none."""
        return self.proposal.other if self.decision is None else self.decision.other_category

    @property
    def facts(self) -> dict[str, Any]:
        """Return it as commands print it."""
        one = self.proposal
        return {
            "category": one.path, "other": self.other, "certainty": round(one.certainty, 3), "rival": one.rival,
            "state": self.state, "examples": list(one.examples), "other_examples": list(one.other_examples),
        }  # fmt: skip


def align_catalogs(workspace: Workspace, a: OpenCatalog, b: OpenCatalog) -> list[AlignedCategory]:
    """Return each category of A with the closest of B, or the one that was decided; see ``align_categories``."""
    return _decided(workspace, a, b.name, _shelves(b))


def align_with_taxonomy(workspace: Workspace, a: OpenCatalog, taxonomy: str) -> list[AlignedCategory]:
    """Return each category of A with the closest of a taxonomy, by its name or file; raises as ``taxonomy_of``."""
    nodes = taxonomy_of(workspace.layout, taxonomy).nodes
    return _decided(workspace, a, f"{TAXONOMY}{taxonomy}", [Shelf(node.name) for node in nodes])


def aligned_table(aligned: Sequence[AlignedCategory]) -> pd.DataFrame:
    """Return a row for each category, its examples joined."""
    joint = " | "
    rows = [
        {**facts, "examples": joint.join(facts["examples"]), "other_examples": joint.join(facts["other_examples"])}
        for facts in (one.facts for one in aligned)
    ]
    return pd.DataFrame(rows)


def with_decisions(aligned: Sequence[AlignedCategory], decisions: Sequence[CategoryDecision]) -> list[AlignedCategory]:
    """Return the same proposals with what was decided by now."""
    decision_of = {each.category: each for each in decisions}
    return [replace(one, decision=decision_of.get(one.proposal.path)) for one in aligned]


def _decided(workspace: Workspace, a: OpenCatalog, other: str, shelves: Sequence[Shelf]) -> list[AlignedCategory]:
    proposals = align_categories(_shelves(a), shelves, workspace.knowledge())
    return with_decisions(
        [AlignedCategory(one) for one in proposals], workspace.records(a.name).category_decisions(other)
    )


def _shelves(opened: OpenCatalog) -> list[Shelf]:
    products = opened.catalog.products
    return shelves_of(products["category"].tolist(), products["title"].tolist())
