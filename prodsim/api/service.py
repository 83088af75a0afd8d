"""The work behind the API and the MCP server: questions about the catalogs of a workspace, answered in plain values."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

from prodsim.api.answers import BatchAnswer, BatchResult, Products, SearchAnswer, SettingFacts
from prodsim.api.open_catalogs import Kept, OpenCatalogs
from prodsim.api.problems import WrongRequest
from prodsim.api.questions import (
    AskBody,
    BatchBody,
    DecisionBody,
    ExplainBody,
    ListBody,
    RecommendBody,
    SearchBody,
    SettingBody,
)
from prodsim.errors import did_you_mean
from prodsim.output.facts import answer_facts, catalog_facts
from prodsim.phrases import phrase
from prodsim.quality import Level
from prodsim.records import finding_key
from prodsim.search import Arrangement, SearchOptions
from prodsim.workspace import OpenCatalog, Workspace
from prodsim.workspace.checks import CheckReport, kinds_to_check


class Service:
    """Answers questions about the catalogs of a workspace. One object may serve many threads.

    Every answer about a catalog raises as ``OpenCatalogs.get``, and ``WrongRequest`` for values that do not fit it.
    """

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.catalogs = OpenCatalogs(workspace)

    def list_catalogs(self) -> dict[str, Any]:
        """Return the catalogs, and those that cannot be opened."""
        listed = [
            {"name": info.name, "products": info.products, "built": info.built, "encoder": info.encoder}
            for info in self.workspace.catalogs()
        ]
        problems = {name: {"what": error.what, "fix": error.fix} for name, error in self.workspace.problems().items()}
        return {"catalogs": listed, "problems": problems}

    def describe(self, name: str) -> dict[str, Any]:
        """Return what a catalog consists of, its columns, and what questions may name."""
        opened = self.catalogs.get(name).opened
        records = self.workspace.records(opened.name)
        return {
            **catalog_facts(self.workspace, opened.info),
            "columns": list(opened.catalog.products.columns),
            "parts": list(opened.parts),
            "settings": list(records.settings()),
            "default_setting": records.default_name(),
            "rules": records.rule_names(),
            "checks": list(kinds_to_check()),
        }

    def product(self, name: str, sku: str) -> dict[str, Any]:
        """Return a product's columns, without those that are empty."""
        opened = self.catalogs.get(name).opened
        cells = opened.catalog.products.iloc[[_row(opened, sku)]].to_dict("records")[0]
        return {str(column): value for column, value in cells.items() if value == value and value not in ("", None)}

    def search(self, name: str, body: SearchBody) -> SearchAnswer:
        """Search, or find similar products."""
        opened, setting = self._opened(name, body)
        result = opened.search(body.query, body.k, self._options(opened, body, exact=body.exact))
        return SearchAnswer.of(result, setting, _products(opened, [hit.sku for hit in result.hits], body.fields))

    def batch(self, name: str, body: BatchBody) -> BatchAnswer:
        """Search for many queries."""
        opened, setting = self._opened(name, body)
        options = self._options(opened, body, exact=body.exact)
        results = opened.engine.search_many([each.query for each in body.queries], body.k, options)
        pairs = zip(body.queries, results, strict=True)
        answered = [BatchResult(query.id, result.hits) for query, result in pairs]
        skus = dict.fromkeys(hit.sku for result in results for hit in result.hits)
        return BatchAnswer(answered, setting, _products(opened, skus, body.fields))

    def explain(self, name: str, body: ExplainBody) -> dict[str, Any]:
        """Explain a product's score: parts, sentences, words, and what would change its rank."""
        opened, _ = self._opened(name, body)
        hits = opened.search(body.query, body.k).hits
        return opened.explain(body.query, body.hit, by_meaning=True, hits=hits).as_dict()

    def recommend(self, name: str, body: RecommendBody) -> dict[str, Any]:
        """Recommend what a shopper should see next."""
        from prodsim.recommend import UserProfile  # only recommending pays

        opened = self.catalogs.get(name).opened
        profile = UserProfile.of([_row(opened, sku) for sku in body.history])
        ruled = body.choose_rules(self.workspace, opened.name)
        result = self.catalogs.recommender(name).recommend(
            profile, body.k, ruled.filters, ruled.arrangement, again=body.again
        )
        return {**asdict(result), "products": _products(opened, [hit.sku for hit in result.hits], body.fields)}

    def ask(self, name: str, body: AskBody) -> dict[str, Any]:
        """Answer the last question, each being understood after those before it."""
        opened = self.catalogs.get(name).opened
        saved = ListBody(rules=body.rules, where=body.where).choose_rules(self.workspace, opened.name)
        ruled = saved.over("", Arrangement(per_family=1))
        answer = None
        for question in body.questions:
            answer = opened.asker.ask(question, body.k, answer, ruled.filters, ruled.arrangement)
        assert answer is not None  # there is one question at least
        return answer_facts(answer)

    def findings(
        self, name: str, kinds: Sequence[str], level: Level, *, only_open: bool, limit: int, offset: int
    ) -> dict[str, Any]:
        """Return findings from ``offset`` on, at most ``limit``; all are counted."""
        from prodsim.workspace.recorded_checks import DecidedFindings, findings_facts  # only checking pays

        opened, report = self._checked(name, kinds, level)
        decided = DecidedFindings.of(report, self.workspace.records(opened.name), opened.catalog)
        n_open = decided.only_open().counts(report.kinds)
        shown = decided.only_open() if only_open else decided
        facts = findings_facts(shown, report, n_open)
        return {**facts, "findings": facts["findings"][offset : offset + limit], "total": len(shown.findings)}

    def decide(self, name: str, body: DecisionBody) -> dict[str, Any]:
        """Keep a decision about a finding.

        Raises:
            WrongRequest: there is no such finding, or the decision does not fit it.
        """
        opened, report = self._checked(name, (), body.level)
        finding = next((each for each in report.findings if finding_key(each) == body.key), None)
        if finding is None:
            raise WrongRequest(
                phrase("There is no finding with the key {key}.", key=body.key),
                phrase("The catalog may have changed. Get the findings again."),
            )
        records = self.workspace.records(opened.name)
        try:
            return asdict(records.decide(finding, body.action, opened.catalog, keep=body.keep, note=body.note))
        except ValueError as error:
            what = phrase("This cannot be decided about the finding: {reason}.", reason=error)
            raise WrongRequest(what, phrase("/docs lists the actions.")) from error

    def remove(self, name: str) -> dict[str, Any]:
        """Delete a catalog."""
        from prodsim.workspace.removal import remove_catalog  # only removing pays

        remove_catalog(self.workspace, self.catalogs.info(name).name)
        return {"removed": name}

    def _opened(self, name: str, body: SettingBody) -> tuple[OpenCatalog, SettingFacts]:
        """Return a catalog by the setting of a request."""
        kept = self.catalogs.get(name)
        if body.setting is body.preset is body.metric is None and not body.weights:
            return kept.opened, _default_facts(kept)
        chosen = body.choose_setting(self.workspace, kept.opened.name)
        return kept.opened.with_setting(chosen.setting), SettingFacts(**chosen.as_dict())

    def _options(self, opened: OpenCatalog, body: ListBody, *, exact: bool) -> SearchOptions:
        ruled = body.choose_rules(self.workspace, opened.name)
        return SearchOptions(filters=ruled.filters, arrangement=ruled.arrangement, exact=exact)

    def _checked(self, name: str, kinds: Sequence[str], level: Level) -> tuple[OpenCatalog, CheckReport]:
        from prodsim.workspace.recorded_checks import check_and_record  # only checking pays

        opened = self.catalogs.get(name).opened
        try:
            kinds_to_check(kinds)
        except ValueError as error:
            raise WrongRequest(str(error), phrase("The description of the catalog lists its checks.")) from error
        return opened, check_and_record(opened, self.workspace.records(opened.name), kinds, level)


def _default_facts(kept: Kept) -> SettingFacts:
    engine = kept.opened.engine
    return SettingFacts(engine.weights.as_dict(), engine.comparer.metric, kept.default_name)


def _row(opened: OpenCatalog, sku: str) -> int:
    return opened.engine.lookup.row(sku)


def _products(opened: OpenCatalog, skus: Iterable[str], columns: Sequence[str]) -> Products:
    """Return columns of products by SKU; empty without columns."""
    if not columns:
        return {}
    products = opened.catalog.products
    known = [str(column) for column in products.columns]
    if unknown := [column for column in columns if column not in known]:
        raise WrongRequest(
            phrase("The catalog has no column “{name}”.", name=unknown[0][:60]),
            did_you_mean(unknown[0], known) or phrase("The description of the catalog lists its columns."),
        )
    listed = list(skus)
    chosen = products[list(dict.fromkeys(columns))].iloc[[_row(opened, sku) for sku in listed]]
    cells = [{str(name): value for name, value in row.items()} for row in chosen.to_dict("records")]
    return dict(zip(listed, cells, strict=True))
