"""What requests hold, with the limits of each value."""

from dataclasses import fields, replace
from typing import Annotated

from prodsim.api.limits import MAX_HISTORY, MAX_QUERIES, MAX_QUESTIONS, MAX_RESULTS
from prodsim.api.problems import WrongRequest
from prodsim.extras import optional_packages
from prodsim.index import Metric
from prodsim.phrases import phrase
from prodsim.quality import Level
from prodsim.records import Action
from prodsim.search import Arrangement, Query, RuleSet
from prodsim.search.lookup import MAX_CHARACTERS, MAX_PRODUCTS, MAX_SKU_CHARACTERS
from prodsim.search.where import MAX_CHARACTERS as MAX_CONDITION
from prodsim.similarity import PRESETS, Weights
from prodsim.text import excerpt
from prodsim.workspace import Workspace
from prodsim.workspace.chosen_setting import ChosenSetting, choose_setting

with optional_packages():
    from pydantic import BaseModel, ConfigDict, Field

Sku = Annotated[str, Field(min_length=1, max_length=MAX_SKU_CHARACTERS, examples=["AC-100"])]
Skus = Annotated[list[Sku], Field(max_length=MAX_PRODUCTS)]
Words = Annotated[str, Field(max_length=MAX_CHARACTERS)]
Name = Annotated[str, Field(min_length=1, max_length=100)]
Count = Annotated[int, Field(ge=1, le=MAX_RESULTS)]
Share = Annotated[float, Field(ge=0, le=1)]
Condition = Annotated[
    str,
    Field(max_length=MAX_CONDITION, description="A condition in SQL over the columns: price < 100 AND brand = 'Acme'."),
]


class _Question(BaseModel):
    """A body that holds nothing else than what is listed."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)


class QueryBody(_Question):
    """What to search for: words, products to be close to, or both."""

    text: Words = ""
    like: Skus = Field(default=[], description="SKUs of products to be close to.")
    unlike: Skus = Field(default=[], description="SKUs of products to be far from.")

    @property
    def query(self) -> Query:
        """Return the query."""
        return Query(self.text, tuple(self.like), tuple(self.unlike))


class SettingBody(_Question):
    """What similar means; by default what the catalog has as default."""

    setting: Name | None = Field(default=None, description="A saved setting.")
    preset: Name | None = Field(default=None, description=f"One of {', '.join(PRESETS)}.")
    weights: dict[str, Annotated[float, Field(ge=0, le=1e6)]] = Field(
        default={}, description=f"Laid over the setting's: {', '.join(field.name for field in fields(Weights))}."
    )
    metric: Metric | None = Field(default=None, description="How vectors are compared.")

    def choose_setting(self, workspace: Workspace, catalog: str) -> ChosenSetting:
        """Return the setting; raises as ``choose_setting``, and ``WrongRequest`` in place of ``ValueError``."""
        try:
            return choose_setting(
                workspace,
                catalog,
                saved=self.setting,
                preset=self.preset,
                change=self._changed if self.weights else None,
                metric=self.metric,
            )
        except ValueError as error:
            what = phrase("The setting cannot be used: {reason}.", reason=str(error).rstrip("."))
            raise WrongRequest(what, phrase("/docs lists what each request may hold.")) from error

    def _changed(self, base: Weights) -> Weights:
        """Lay the weights over others; raises ``ValueError`` for a part that is not there."""
        if unknown := sorted(self.weights.keys() - base.as_dict().keys()):
            raise ValueError(phrase("there is no part {name}", name=excerpt(repr(unknown[0]), 40)))
        return replace(base, **self.weights)


class ListBody(_Question):
    """Which products may be in the list, and in what mix."""

    k: Count = Field(default=10, description="How many products.")
    where: Condition = ""
    rules: Name | None = Field(default=None, description="A saved set of rules.")
    per_brand: Count | None = None
    per_category: Count | None = None
    per_family: Count | None = None
    diversity: Share = 0.0
    min_closeness: Share = 0.0
    same_category: bool = False
    price_band: Annotated[float, Field(ge=0, le=1e6)] | None = None
    half_life: (
        Annotated[float, Field(ge=0, le=1e6, description="Days after which a product counts half as new.")] | None
    ) = None
    fields: Annotated[list[Annotated[str, Field(max_length=200)]], Field(max_length=100)] = Field(
        default=[], description="Columns of the catalog to return of each product."
    )

    def choose_rules(self, workspace: Workspace, catalog: str) -> RuleSet:
        """Lay the limits over the saved rules; raises ``QueryError`` where there are none of the name."""
        arrangement = Arrangement(
            self.per_brand, self.per_family, self.diversity, self.min_closeness, self.same_category, self.price_band,
            self.per_category, half_life=self.half_life,
        )  # fmt: skip
        saved = RuleSet() if self.rules is None else workspace.records(catalog).rules(self.rules).rules
        return saved.over(self.where, arrangement)


class SearchBody(QueryBody, SettingBody, ListBody):
    """A search."""

    exact: bool = Field(default=False, description="Compare with every product instead of using the index.")


class NamedQuery(QueryBody):
    """A query of a batch."""

    id: Annotated[str, Field(max_length=200)] = Field(default="", description="Comes back with its results.")


class BatchBody(SettingBody, ListBody):
    """Many queries that are searched alike."""

    queries: Annotated[list[NamedQuery], Field(min_length=1, max_length=MAX_QUERIES)]
    exact: bool = False


class ExplainBody(QueryBody, SettingBody):
    """A product of a result, or of a pair, whose score is to be explained."""

    hit: Sku
    k: Count = Field(default=120, description="Length of the result list in which it is ranked.")


class RecommendBody(ListBody):
    """What a shopper has viewed."""

    history: Annotated[list[Sku], Field(max_length=MAX_HISTORY)] = Field(default=[], description="SKUs, oldest first.")
    again: bool = Field(default=False, description="Also products of the history.")


class AskBody(_Question):
    """A question, after those before it."""

    questions: Annotated[
        list[Annotated[str, Field(min_length=1, max_length=MAX_CHARACTERS)]],
        Field(min_length=1, max_length=MAX_QUESTIONS),
    ]
    k: Count = 5
    where: Condition = ""
    rules: Name | None = None


class DecisionBody(_Question):
    """What is decided about a finding."""

    key: Annotated[str, Field(pattern="^[0-9a-f]{16}$")] = Field(description="Of the finding.")
    action: Action
    keep: Annotated[str, Field(max_length=MAX_SKU_CHARACTERS)] = Field(default="", description="The SKU that is kept.")
    note: Annotated[str, Field(max_length=1000)] = ""
    level: Level = "usual"
