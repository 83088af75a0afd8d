"""Histories of a catalog's shoppers on the disk, and what was learned of them."""

import json
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd

from prodsim.artifacts import (
    MANIFEST,
    fingerprint,
    load_artifact,
    open_artifact,
    restore,
    storage_error,
    write_artifact,
    write_text_atomically,
)
from prodsim.errors import CatalogError, QueryError, StaleArtifact
from prodsim.extras import require
from prodsim.findings import Finding
from prodsim.graph import NeighbourGraph
from prodsim.phrases import phrase
from prodsim.progress import SILENT, Progress
from prodsim.recommend import (
    CONTENT_ONLY,
    KEY_FILE,
    CollaborativeModel,
    Histories,
    Measurement,
    Recommender,
    ReleasedCounts,
    Sources,
    SourceWeights,
    Split,
    UserProfile,
    build_profiles,
    check_epsilon,
    interactions_of,
    learn_recommender,
    load_key,
    measure,
    pseudonyms,
    read_histories,
    release_counts,
    user_id,
)
from prodsim.roles import require_role
from prodsim.workspace.open_catalog import OpenCatalog

HISTORIES_VERSION = 1
"""Of the histories that are saved here."""
KEY_PARAMETER = "key"
"""A parameter of the histories: tells whether the key that hashed them is the one at hand."""
SPENT = "released.json"
"""What releases have told about the shoppers so far."""
LEARNED = 2
"""Of what was learned of them."""


class Shoppers:
    """The histories of one catalog. One object may serve many threads.

    Args:
        home: where the key of the users' hashes lies.
        folder: of the histories; they outlive rebuilding the catalog.
    """

    def __init__(self, home: Path, folder: Path) -> None:
        self._home = home
        self._folder = folder

    @property
    def exists(self) -> bool:
        """Return whether there are histories."""
        restore(self._folder / "events")
        return (self._folder / "events").is_dir()

    @property
    def version(self) -> str:
        """Return a text that differs whenever other histories are kept; "" without any."""
        manifest = self._folder / "events" / MANIFEST
        return str(manifest.stat().st_mtime_ns) if manifest.exists() else ""

    def read(self, path: Path, opened: OpenCatalog, mapping: Mapping[str, str] | None = None) -> Histories:
        """Read a file of events without keeping it; see ``read_histories``."""
        return read_histories(path, opened.catalog, load_key(self._home), mapping)

    def keep(self, histories: Histories) -> None:
        """Keep histories, in place of those before."""
        require_role("save")
        key = fingerprint(load_key(self._home).hex())
        params = {"version": HISTORIES_VERSION, "events": len(histories.events), KEY_PARAMETER: key}
        with write_artifact(self._folder / "events", params) as work:
            histories.events.to_parquet(work / "events.parquet", index=False)
            findings = [finding.saved() for finding in histories.findings]
            (work / "findings.json").write_text(json.dumps(findings, ensure_ascii=False), encoding="utf-8")
        self._forget_learned()

    def histories(self) -> Histories:
        """Load the histories that are kept.

        Raises:
            QueryError: there are none.
            StaleArtifact: they are damaged.
        """
        if not self.exists:
            raise QueryError(
                phrase("This catalog has no histories."),
                phrase("Upload a file on the Recommend page, or pass --interactions FILE."),
            )
        folder = self._folder / "events"
        with open_artifact(folder, {"version": HISTORIES_VERSION}):
            events = pd.read_parquet(folder / "events.parquet")
            findings = json.loads((folder / "findings.json").read_text(encoding="utf-8"))
        return Histories(events, tuple(map(Finding.of_saved, findings)))

    def events_of(self, user: str) -> pd.DataFrame:
        """Return all that is kept about a shopper, by the id in the file."""
        return self.histories().of(self.pseudonym(user))

    def erase(self, user: str) -> int:
        """Erase a person from the histories and all that was learned; returns how many events there were.

        Raises:
            QueryError: there are none.
        """
        require_role("save")
        before = self.histories()
        after = before.without(self.pseudonym(user))
        if not len(after.events):
            self.remove()
        else:
            self.keep(after)
        return len(before.events) - len(after.events)

    def release(self, opened: OpenCatalog, epsilon: float) -> ReleasedCounts:
        """Count all shoppers by product and pair, with differential privacy, to be shown to others.

        What it spends is noted before, so that a release that was interrupted counts, too.

        Raises:
            QueryError: there are no histories, or ``epsilon`` is out of range.
            MissingPackage: OpenDP is not installed.
        """
        require_role("save")
        require("private")
        interactions = interactions_of(self.histories(), opened.catalog)
        check_epsilon(epsilon)
        write_text_atomically(self._folder / SPENT, json.dumps(self.epsilon_spent + epsilon))
        return release_counts(interactions, len(opened.catalog), epsilon)

    @property
    def epsilon_spent(self) -> float:
        """Return the sum of ε over all releases of this catalog's shoppers, also of histories before the present."""
        path = self._folder / SPENT
        return float(json.loads(path.read_text(encoding="utf-8"))) if path.is_file() else 0.0

    def remove(self) -> None:
        """Delete the histories and all that was learned of them."""
        try:
            shutil.rmtree(self._folder, ignore_errors=False)
        except FileNotFoundError:
            return
        except OSError as error:
            raise storage_error(self._folder, error) from error

    def pseudonym(self, user: str) -> str:
        """Return the keyed hash of a user's id; raises as ``pseudonyms``."""
        return self.pseudonyms([user])[0]

    def pseudonyms(self, users: Sequence[str]) -> list[str]:
        """Return the keyed hashes of users' ids.

        Raises:
            QueryError: the histories that are kept were hashed with another key, so that nobody is found in them.
        """
        key = load_key(self._home)
        if self.exists:
            kept = load_artifact(self._folder / "events", {"version": HISTORIES_VERSION}).get(KEY_PARAMETER)
            if kept not in (None, fingerprint(key.hex())):
                raise QueryError(
                    phrase(
                        "The histories were hashed with another key than {file}, so no shopper can be found.",
                        file=self._home / KEY_FILE,
                    ),
                    phrase("Restore the key from a backup, or delete the histories and import the file again."),
                )
        return pseudonyms(map(user_id, users), key)

    def recommender(
        self, opened: OpenCatalog, histories: Histories | None = None, progress: Progress = SILENT
    ) -> Recommender:
        """Return a recommender that learned from the histories; learns now if it has not from exactly these.

        Args:
            opened: the catalog.
            histories: by default those kept; without any, only similarity recommends.
            progress: of the learning.
        """
        graph = _graph(opened)
        if histories is None:
            if not self.exists:
                return Recommender(opened.catalog, Sources(opened.catalog, opened.engine, graph, None), CONTENT_ONLY)
            histories = self.histories()
        version = self.version
        folder = self._folder / f"learned-{self.learned_name(opened, histories)}"
        try:
            with open_artifact(folder, {"version": LEARNED}) as params:
                collaborative = CollaborativeModel.load(folder)
                source_weights = SourceWeights(params["weights"], params["n"])
            return Recommender(
                opened.catalog, Sources(opened.catalog, opened.engine, graph, collaborative), source_weights
            )
        except StaleArtifact:
            learned = learn_recommender(
                opened.catalog, opened.engine, graph, interactions_of(histories, opened.catalog), progress
            )
        is_kept = self.exists and self.histories().digest == histories.digest
        if version != self.version or not is_kept:
            return learned  # what is not kept, or was erased meanwhile, must not come to the disk by what it taught
        self._forget_learned()
        with write_artifact(
            folder, {"version": LEARNED, "weights": learned.source_weights.weights, "n": learned.source_weights.n}
        ) as work:
            assert learned.sources.collaborative is not None
            learned.sources.collaborative.save(work)
        return learned

    def is_learned(self, opened: OpenCatalog, histories: Histories) -> bool:
        """Return whether ``recommender`` need not learn first."""
        return (self._folder / f"learned-{self.learned_name(opened, histories)}").is_dir()

    def measure(
        self,
        opened: OpenCatalog,
        histories: Histories | None = None,
        split: Split = "last",
        progress: Progress = SILENT,
    ) -> Measurement:
        """Measure how well recommendations predict what shoppers took next; see ``prodsim.recommend.measure``.

        Raises:
            CatalogError: a time is kept back, and an event has none.
        """
        histories = histories or self.histories()
        if split == "time" and (unknown := int(histories.events["time"].isna().sum())):
            raise CatalogError(
                phrase("{n:,} events have no time, so the histories cannot be split by time.", n=unknown),
                phrase("Measure with each shopper's last product instead."),
            )
        interactions = interactions_of(histories, opened.catalog)
        graph = _graph(opened)
        return measure(opened.catalog, opened.engine, graph, interactions, split, progress)

    def profile(self, opened: OpenCatalog, histories: Histories, user: str) -> UserProfile:
        """Return the profile of one shopper, by keyed hash; empty for an unknown one."""
        events = histories.of(user)
        rows = events["sku"].map(opened.catalog.row_of)
        known = rows.notna()
        return UserProfile.of(rows[known].astype(int).tolist(), events["strength"][known].tolist())

    def profiles(self, opened: OpenCatalog, histories: Histories) -> dict[str, UserProfile]:
        """Return the profile of every shopper, by keyed hash."""
        rows = histories.rows(opened.catalog)
        events = histories.events[rows >= 0]
        user, users = pd.factorize(events["user"], sort=True)
        profiles = build_profiles(user, rows[rows >= 0], events["strength"].to_numpy(), len(users))
        return dict(zip(users.tolist(), profiles, strict=True))

    def learned_name(self, opened: OpenCatalog, histories: Histories | None) -> str:
        """Return another text for other histories (``None`` for none), another build and another setting."""
        digest = "" if histories is None else histories.digest
        setting = (opened.engine.weights.as_dict(), opened.engine.comparer.metric)
        return fingerprint(LEARNED, digest, dict(opened.info.artifacts), setting)

    def _forget_learned(self) -> None:
        for folder in self._folder.glob("learned-*"):
            try:
                shutil.rmtree(folder)
            except OSError as error:
                raise storage_error(folder, error) from error


def _graph(opened: OpenCatalog) -> NeighbourGraph | None:
    """Return the catalog's neighbours, once they are there."""
    return opened.graph if "graph" in opened.info.artifacts else None
