"""Judgements, decisions on findings, rules and named settings of one catalog."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import astuple, replace
from pathlib import Path

import pandas as pd

from prodsim.catalog import Catalog, RawTable
from prodsim.errors import QueryError
from prodsim.findings import Finding
from prodsim.phrases import phrase
from prodsim.records.alignments import (
    CategoryDecision,
    category_decisions,
    forget_category_decision,
    keep_category_decision,
)
from prodsim.records.choices import Choice, choices_of, remember_choice
from prodsim.records.database import RecordsFile
from prodsim.records.decisions import (
    Action,
    CheckSummary,
    Decision,
    add_decisions,
    add_step,
    add_summary,
    finding_key,
    newest_decisions,
    product_digests,
    summaries,
    undo_last_step,
)
from prodsim.records.exchange import decisions_table, read_decisions
from prodsim.records.judgements import Judgement, Lines, judgements_table, left_out, read_judgements, utc
from prodsim.records.matches import MatchDecision, add_match_decision, match_decisions, undo_last_match
from prodsim.records.named_settings import check_name, setting_from_json, setting_to_json
from prodsim.records.place import Connection, Place
from prodsim.records.rules import SavedRules, names_of, no_rules, save_rules, suggest_name, versions_of
from prodsim.records.shortlists import Shortlisted, change_shortlist, shortlists_of, undo_last_change
from prodsim.records.views import SavedView, forget_view, keep_view, saved_views
from prodsim.roles import require_role
from prodsim.search import RuleSet
from prodsim.similarity import Setting

_JUDGEMENTS = 'SELECT sku_a, sku_b, grade, query, who, "when" FROM judgement'
_KEEP = 'INSERT INTO judgement (sku_a, sku_b, grade, query, who, "when") VALUES (?, ?, ?, ?, ?, ?)'
_SAVE = (
    'INSERT INTO setting (name, value, who, "when") VALUES (?, ?, ?, ?) ON CONFLICT (name) DO UPDATE'
    ' SET value = excluded.value, who = excluded.who, "when" = excluded."when"'
)
_OF_PRODUCT = "query = '' AND (sku_a = ? OR sku_b = ?)"
_OF_PAIR = "sku_a = ? AND sku_b = ? AND query = ?"


class Records:
    """People's decisions about a catalog, by SKU; also about products that it no longer has.

    Any number of threads and processes may use one place: every call opens it anew and is done whole or not at all.
    Every call may raise ``StorageError``: it is damaged, in use, of a newer version, the disk refuses, or the server
    does not answer. Every call that changes something may raise ``AccessDenied``: the role of whoever acts
    (``prodsim.roles``) is not enough. It keeps their name where ``who`` is not given.

    Args:
        place: the file, or where they are on a server; made by the first decision. While it is absent, nothing is
            decided.
    """

    def __init__(self, place: Path | Place) -> None:
        self._place: Place = RecordsFile(place) if isinstance(place, Path) else place

    @property
    def place(self) -> str:
        """Return where they are kept; no other catalog's are kept there."""
        return self._place.name

    def exists(self) -> bool:
        """Return whether anybody decided anything yet."""
        return self._place.exists()

    def state(self) -> Hashable:
        """Return something that is another whenever something was written."""
        return self._place.state()

    def judge(self, sku_a: str, sku_b: str, grade: float, *, query: str = "", who: str = "") -> Judgement:
        """Keep a judgement made now, in place of an earlier one of the same pair; see ``Judgement``.

        Raises:
            ValueError: it is none.
        """
        acting = require_role("judge")
        judgement = Judgement(sku_a, sku_b, grade, query, who or acting.name)
        with self._place.opened(writing=True, create=True) as connection:
            _keep(connection, [judgement])
        return judgement

    def withdraw(self, sku_a: str, sku_b: str, *, query: str = "") -> bool:
        """Delete the judgement of a pair, in either order; returns whether there was one."""
        require_role("judge")
        with self._place.opened(writing=True) as connection:
            deleted = connection.execute(f"DELETE FROM judgement WHERE {_OF_PAIR}", _key(sku_a, sku_b, query))
            return deleted.rowcount > 0

    def judgement_of(self, sku_a: str, sku_b: str, *, query: str = "") -> Judgement | None:
        """Return the judgement of a pair, in either order; of a text and a product with an empty ``sku_a``."""
        with self._place.opened() as connection:
            row = connection.execute(f"{_JUDGEMENTS} WHERE {_OF_PAIR}", _key(sku_a, sku_b, query)).fetchone()
        return Judgement(*row) if row else None

    def judgements(self) -> tuple[Judgement, ...]:
        """Return all judgements, oldest first; those of one second in the order they were kept."""
        with self._place.opened() as connection:
            return _judgements(connection)

    def judgements_of(self, sku: str = "", *, query: str = "") -> tuple[Judgement, ...]:
        """Return the judgements of a product with others, or of a text with products, oldest first."""
        condition, values = ("query = ?", (" ".join(query.split()),)) if query else (_OF_PRODUCT, (sku, sku))
        with self._place.opened() as connection:
            return _judgements(connection, condition, values)

    def n_judgements(self) -> int:
        """Return the number of judgements."""
        with self._place.opened() as connection:
            return int(connection.execute("SELECT count(*) FROM judgement").fetchone()[0])

    def judgements_table(self) -> pd.DataFrame:
        """Return all judgements as a table ``sku_a, sku_b, query, grade, who, when``, oldest first."""
        return judgements_table(self.judgements())

    def import_judgements(self, table: pd.DataFrame, lines: Lines | None = None) -> tuple[int, list[Finding]]:
        """Keep the judgements of a table; an older one never replaces a newer one, one without a time is of now.

        Args:
            table: as ``judgements_table`` gives it; see ``read_judgements`` for what may be absent.
            lines: of the rows, in the file they come from; below a header by default.

        Returns:
            How many were taken, and a finding for each row left out, by line.

        Raises:
            CatalogError: a column is missing.
        """
        require_role("judge")
        numbers = range(2, len(table) + 2) if lines is None else lines
        read, findings = read_judgements(table, numbers)
        with self._place.opened(writing=True, create=bool(read)) as connection:
            kept = {judgement.key: judgement.when for judgement in _judgements(connection)}
            older = {line for line, judgement in read.items() if kept.get(judgement.key, "") > judgement.when}
            _keep(connection, [judgement for line, judgement in read.items() if line not in older])
        findings += [_older(line, read[line], kept[read[line].key]) for line in older]
        return len(read) - len(older), _by_line(findings)

    def import_file(self, path: Path) -> tuple[int, list[Finding]]:
        """Keep the judgements of a file of any kind that catalogs come in; lines that cannot be read are findings too.

        Raises:
            CatalogError: the file cannot be read, or a column is missing.
        """
        from prodsim.catalog import read_table  # opening a catalog must not wait for what reads files

        raw = read_table(path)
        taken, findings = self.import_judgements(raw.frame, raw.lines.tolist())
        return taken, _by_line([*findings, *_unreadable(raw)])

    def decide(
        self,
        finding: Finding,
        action: Action,
        catalog: Catalog,
        *,
        keep: str = "",
        note: str = "",
        who: str = "",
        session: str = "",
    ) -> Decision:
        """Keep a decision made now; earlier ones of the same finding stay under it, for ``undo``.

        Args:
            finding: what is decided about.
            action: what is to be done.
            catalog: the products as they are now.
            keep: the SKU that is kept, or of which the others are variants.
            note: why.
            who: the person.
            session: the browser tab, or another boundary that ``undo`` should not cross.

        Raises:
            ValueError: it is no valid decision.
        """
        return self.decide_all([(finding, action, keep)], catalog, note=note, who=who, session=session)[0]

    def decide_all(
        self,
        decided: Iterable[tuple[Finding, Action, str]],
        catalog: Catalog,
        *,
        note: str = "",
        who: str = "",
        session: str = "",
    ) -> list[Decision]:
        """Keep decisions about many findings, made now; ``undo`` takes all of them back at once.

        Args:
            decided: findings with what is to be done, and the SKU that is kept; see ``decide``.
            catalog: the products as they are now.
            note: why, for all of them.
            who: the person.
            session: the browser tab, or another boundary that ``undo`` should not cross.

        Raises:
            ValueError: one is no valid decision; none is kept.
        """
        acting = require_role("decide")
        decided = list(decided)
        digests = product_digests(catalog, dict.fromkeys(sku for finding, _, _ in decided for sku in finding.skus))
        decisions = [
            Decision(
                finding_key(finding),
                finding.kind,
                finding.skus,
                action,
                keep,
                note,
                who or acting.name,
                looked={sku: digests[sku] for sku in finding.skus if sku in digests},
            )
            for finding, action, keep in decided
        ]
        with self._place.opened(writing=True, create=True) as connection:
            return add_step(connection, decisions, session)

    def undo(self, *, who: str = "", session: str = "") -> tuple[Decision, ...]:
        """Delete what a person decided last in a session, and return it; what was decided before counts again."""
        acting = require_role("decide")
        with self._place.opened(writing=True) as connection:
            return undo_last_step(connection, who or acting.name, session)

    def decisions(self) -> dict[str, Decision]:
        """Return the newest decision of each finding by ``finding_key``, oldest first."""
        with self._place.opened() as connection:
            return newest_decisions(connection)

    def decisions_table(self) -> pd.DataFrame:
        """Return the newest decisions as a table with a row per product, oldest first; see ``decisions_table``."""
        return decisions_table(self.decisions().values())

    def import_decisions(self, path: Path) -> tuple[int, list[Finding]]:
        """Keep the decisions of a file as ``decisions_table`` gives it; an older one never replaces a newer one.

        Returns:
            How many were new, and a finding for each decision or line left out, by line.

        Raises:
            CatalogError: the file cannot be read, or a column is missing.
        """
        require_role("decide")
        from prodsim.catalog import read_table  # opening a catalog must not wait for what reads files

        raw = read_table(path)
        read, findings = read_decisions(raw.frame, raw.lines.tolist())
        with self._place.opened(writing=True, create=bool(read)) as connection:
            taken = add_decisions(connection, read)
        return taken, _by_line([*findings, *_unreadable(raw)])

    def decide_match(self, decision: MatchDecision, *, session: str = "") -> MatchDecision:
        """Keep a decision about a match with another catalog; earlier ones of the pair stay under it.

        Args:
            decision: what was decided.
            session: the browser tab, or another boundary that ``undo_match`` should not cross.
        """
        acting = require_role("decide")
        decision = decision if decision.who else replace(decision, who=acting.name)
        with self._place.opened(writing=True, create=True) as connection:
            return add_match_decision(connection, decision, session)

    def undo_match(self, *, session: str = "") -> MatchDecision | None:
        """Delete the last decision about a match in a session and return it; the one before it counts again."""
        require_role("decide")
        with self._place.opened(writing=True) as connection:
            return undo_last_match(connection, session)

    def match_decisions(self, other: str) -> list[MatchDecision]:
        """Return the newest decision of each pair with another catalog, oldest first."""
        with self._place.opened() as connection:
            return match_decisions(connection, other)

    def decide_category(self, decision: CategoryDecision) -> None:
        """Keep which category of another catalog or of a taxonomy is which, in place of an earlier decision."""
        acting = require_role("decide")
        decision = decision if decision.who else replace(decision, who=acting.name)
        with self._place.opened(writing=True, create=True) as connection:
            keep_category_decision(connection, decision)

    def reopen_category(self, other: str, category: str) -> bool:
        """Delete the decision about a category; returns whether there was one."""
        require_role("decide")
        with self._place.opened(writing=True) as connection:
            return forget_category_decision(connection, other, category)

    def category_decisions(self, other: str) -> list[CategoryDecision]:
        """Return the decisions about categories beside another catalog, oldest first."""
        with self._place.opened() as connection:
            return category_decisions(connection, other)

    def shortlist(self, name: str, skus: Iterable[str], *, note: str = "", session: str = "") -> None:
        """Put products on the shortlist of a name, which begins with the first, or give them another note.

        Args:
            name: of the shortlist.
            skus: of the products.
            note: why they are there.
            session: the browser tab, or another boundary that ``undo_shortlist`` should not cross.

        Raises:
            ProdsimError: the name is empty, longer than 60 characters, or has odd signs.
        """
        check_name(name, is_setting=False)
        self._change_shortlist(name, skus, is_on=True, note=note, session=session)

    def take_off_shortlist(self, name: str, skus: Iterable[str], *, session: str = "") -> None:
        """Take products off a shortlist; without any it is gone."""
        self._change_shortlist(name, skus, is_on=False, note="", session=session)

    def _change_shortlist(self, name: str, skus: Iterable[str], *, is_on: bool, note: str, session: str) -> None:
        acting = require_role("save")
        with self._place.opened(writing=True, create=True) as connection:
            change_shortlist(connection, name, skus, is_on=is_on, note=note, who=acting.name, session=session)

    def shortlists(self) -> dict[str, tuple[Shortlisted, ...]]:
        """Return the products of each shortlist, in the order in which they came; lists by their names."""
        with self._place.opened() as connection:
            return shortlists_of(connection)

    def undo_shortlist(self, *, session: str = "") -> int:
        """Take back the last change of a session to a shortlist; returns how many products it was about."""
        require_role("save")
        with self._place.opened(writing=True) as connection:
            return undo_last_change(connection, session)

    def keep_summary(self, summary: CheckSummary) -> None:
        """Keep the counts of all checks, in place of those of the same version and level."""
        with self._place.opened(writing=True, create=True) as connection:
            add_summary(connection, summary)

    def summaries(self, level: str = "usual") -> tuple[CheckSummary, ...]:
        """Return the counts of all checks at each version of the catalog, oldest first."""
        with self._place.opened() as connection:
            return summaries(connection, level)

    def save_setting(self, name: str, setting: Setting) -> None:
        """Keep a setting under a name, in place of the one that has it; a default stays the default.

        Raises:
            ProdsimError: the name is empty, longer than 60 characters, or a preset's.
        """
        acting = require_role("save")
        check_name(name)
        with self._place.opened(writing=True, create=True) as connection:
            connection.execute(_SAVE, (name, setting_to_json(setting), acting.name, utc("")))

    def save_view(self, name: str, page: str, params: Mapping[str, Sequence[str]]) -> None:
        """Keep a page with the parameters of its link under a name, in place of the view that has it.

        Raises:
            ProdsimError: the name is empty or longer than 60 characters.
        """
        acting = require_role("save")
        check_name(name, is_setting=False)
        kept = {key: tuple(values) for key, values in params.items()}
        with self._place.opened(writing=True, create=True) as connection:
            keep_view(connection, SavedView(name, page, kept, acting.name, utc("")))

    def views(self) -> tuple[SavedView, ...]:
        """Return the saved views, by name."""
        with self._place.opened() as connection:
            return saved_views(connection)

    def forget_view(self, name: str) -> bool:
        """Delete a saved view; return whether there was one."""
        require_role("save")
        with self._place.opened(writing=True) as connection:
            return forget_view(connection, name)

    def settings(self) -> dict[str, Setting]:
        """Return the usable settings by name, in its order; see ``setting_problems`` for those not as saved."""
        read = {name: setting_from_json(text)[0] for name, text in self._saved().items()}
        return {name: setting for name, setting in read.items() if setting is not None}

    def setting_problems(self) -> dict[str, str]:
        """Return the settings that this version does not fully understand, each with a sentence that says why."""
        read = {name: setting_from_json(text)[1] for name, text in self._saved().items()}
        return {name: problem for name, problem in read.items() if problem}

    def setting(self, name: str) -> Setting:
        """Return the setting of this name.

        Raises:
            QueryError: there is none, or it cannot be used.
        """
        saved = self._saved()
        if name not in saved:
            raise _no_setting(name, list(saved))
        setting, problem = setting_from_json(saved[name])
        if setting is None:
            raise QueryError(
                phrase("The setting “{name}” cannot be used. {problem}", name=name, problem=problem),
                phrase(
                    "Save it again under this name, or delete it: with *Tune* on the Search page, or with "
                    '`prodsim settings --delete "{name}"`.',
                    name=name,
                ),
            )
        return setting

    def delete_setting(self, name: str) -> None:
        """Delete a setting; if it was the default, there is none afterwards.

        Raises:
            QueryError: there is none of that name.
        """
        require_role("save")
        with self._place.opened(writing=True) as connection:
            deleted = connection.execute("DELETE FROM setting WHERE name = ?", (name,)).rowcount
        if not deleted:
            raise _no_setting(name, list(self._saved()))

    def default_name(self) -> str | None:
        """Return the name of the setting that is used where none is chosen."""
        with self._place.opened() as connection:
            row = connection.execute("SELECT name FROM setting WHERE is_default = 1").fetchone()
        return str(row[0]) if row else None

    def default_setting(self) -> Setting | None:
        """Return the setting that is used where none is chosen, if there is one.

        Raises:
            QueryError: it cannot be used.
        """
        name = self.default_name()
        return None if name is None else self.setting(name)

    def set_default(self, name: str | None) -> None:
        """Set the setting that is used where none is chosen; ``None`` for none.

        Raises:
            QueryError: there is none of that name; the default stays as it was.
        """
        require_role("save")
        with self._place.opened(writing=True) as connection:
            names = [str(known) for (known,) in connection.execute("SELECT name FROM setting ORDER BY name")]
            if name is not None and name not in names:
                raise _no_setting(name, names)
            connection.execute("UPDATE setting SET is_default = CASE name WHEN ? THEN 1 ELSE 0 END", (name,))

    def remember_choice(self, words: Iterable[str], sku: str) -> None:
        """Count that a product was chosen after a question of these words; nothing is kept without words."""
        require_role("judge")
        if words := frozenset(words):
            with self._place.opened(writing=True, create=True) as connection:
                remember_choice(connection, words, sku)

    def choices(self) -> list[Choice]:
        """Return the products chosen after questions."""
        with self._place.opened() as connection:
            return choices_of(connection)

    def forget_choices(self) -> int:
        """Delete all choices; returns how many there were."""
        require_role("judge")
        n = sum(choice.times for choice in self.choices())
        if n:
            with self._place.opened(writing=True) as connection:
                connection.execute("DELETE FROM chosen")
        return n

    def save_rules(self, name: str, rules: RuleSet, *, who: str = "") -> SavedRules:
        """Keep a set of rules as the next version of its name; where nothing changed, the newest stays.

        Raises:
            ProdsimError: the name is empty, longer than 60 characters, or has odd signs.
        """
        acting = require_role("save")
        check_name(name, is_setting=False)
        with self._place.opened(writing=True, create=True) as connection:
            return save_rules(connection, name, rules, who or acting.name)

    def rules(self, name: str, version: int | None = None) -> SavedRules:
        """Return a set of rules, its newest version by default.

        Raises:
            QueryError: there is none.
            RulesError: this version of prodsim does not understand it.
        """
        versions = [saved for saved in self.rule_versions(name) if version in (None, saved.version)]
        if not versions:
            raise no_rules(name, self.rule_names(), version)
        return versions[-1]

    def rule_names(self) -> list[str]:
        """Return the names of the sets of rules, in their order."""
        with self._place.opened() as connection:
            return names_of(connection)

    def rule_versions(self, name: str) -> list[SavedRules]:
        """Return all versions of a set of rules, oldest first; none where there is no such set."""
        with self._place.opened() as connection:
            return versions_of(connection, name)

    def delete_rules(self, name: str) -> None:
        """Delete all versions of a set of rules.

        Raises:
            QueryError: there is none.
        """
        require_role("save")
        with self._place.opened(writing=True) as connection:
            deleted = connection.execute("DELETE FROM ruled WHERE name = ?", (name,)).rowcount
        if not deleted:
            raise no_rules(name, self.rule_names(), None)

    def _saved(self) -> dict[str, str]:
        with self._place.opened() as connection:
            return dict(connection.execute("SELECT name, value FROM setting ORDER BY name").fetchall())


def _judgements(connection: Connection, condition: str = "true", values: tuple[str, ...] = ()) -> tuple[Judgement, ...]:
    rows = connection.execute(f'{_JUDGEMENTS} WHERE {condition} ORDER BY "when", rowid', values)
    return tuple(Judgement(*row) for row in rows)


def _keep(connection: Connection, judgements: Sequence[Judgement]) -> None:
    """Write judgements in place of the earlier ones of their pairs, after all others."""
    connection.executemany(f"DELETE FROM judgement WHERE {_OF_PAIR}", [judgement.key for judgement in judgements])
    connection.executemany(_KEEP, [astuple(judgement) for judgement in judgements])


def _key(sku_a: str, sku_b: str, query: str) -> tuple[str, str, str]:
    """Return the key of a pair in the table."""
    first, second = sorted((sku_a, sku_b))
    return first, second, " ".join(query.split())


def _older(line: int, judgement: Judgement, when: str) -> Finding:
    what = phrase("Line {line} is left out: the pair has a newer judgement, of {when}.", line=line, when=when)
    return left_out("older judgement", what, line, judgement)


def _unreadable(raw: RawTable) -> list[Finding]:
    return [
        left_out(
            "unreadable line", phrase("Line {line} is left out: {reason}.", line=bad.line, reason=bad.reason), bad.line
        )
        for bad in raw.facts.bad_lines
    ]


def _by_line(findings: Sequence[Finding]) -> list[Finding]:
    return sorted(findings, key=lambda finding: finding.line or 0)


def _no_setting(name: str, names: Sequence[str]) -> QueryError:
    return QueryError(phrase("There is no setting “{name}”.", name=name), suggest_name(name, names))
