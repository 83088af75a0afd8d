"""Two open catalogs matched: the vectors made comparable, the result kept, people's decisions heeded."""

import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from prodsim.artifacts import fingerprint, load_artifact, open_artifact, write_artifact
from prodsim.encoders import Encoder, find_spec
from prodsim.encoders.text_recipe import TextRecipe, compose_texts, description_texts
from prodsim.errors import EncoderError, QueryError, StaleArtifact
from prodsim.index import ExactIndex, FieldVectors, GroupedIndex, HnswIndex, Rows, unique_vectors
from prodsim.match import CrossPairs, JointCatalog, Matching, Side, match_products
from prodsim.phrases import phrase
from prodsim.progress import SILENT, Progress
from prodsim.records import MatchDecision
from prodsim.search import Query, SearchEngine
from prodsim.similarity import SAME_PRODUCT, Weights, suited_weights
from prodsim.text import text_digests
from prodsim.vectors import VectorStore
from prodsim.workspace.build import encode_missing
from prodsim.workspace.open_catalog import OpenCatalog
from prodsim.workspace.workspace import Workspace

if TYPE_CHECKING:
    from prodsim.explain import Explanation

MATCH_SHARES = {"encode": 0.3, "words": 0.15, "candidates": 0.2, "compare": 0.35}
"""Rough share of the time per step, for the progress bar."""
MATCH_VERSION = 1
"""Raised when the code gives another result from the same catalogs."""
READ = ("catalog", "index", "words", "describe")
"""Parts of a catalog that matching reads."""


@dataclass(frozen=True, slots=True)
class CommonEncoder:
    """What makes the vectors of two catalogs comparable.

    Attributes:
        fingerprint: of the encoder; ``""`` where no encoder reads both, so that meaning does not count.
        is_anew: for A and for B, whether its texts have to be encoded again.
        encoder: which does that; ``None`` where it is not needed.
        weights: the preset *same product* as it suits both.
        note: what became of the vectors, as a sentence; ``""`` where both have the same encoder.
    """

    fingerprint: str
    is_anew: tuple[bool, bool]
    encoder: Encoder | None
    weights: Weights
    note: str = ""


@dataclass(frozen=True)
class CatalogMatch:
    """Two catalogs that were compared with each other.

    Attributes:
        a, b: the catalogs.
        joint: the products of both.
        pairs: the candidates with their scores.
        weights: of the scores.
        note: what became of different encoders; may be empty.
    """

    a: OpenCatalog
    b: OpenCatalog
    joint: JointCatalog
    pairs: CrossPairs
    weights: Weights
    note: str

    def matching(self, decisions: Iterable[MatchDecision] = ()) -> Matching:
        """Choose the matches.

        Args:
            decisions: about pairs of a SKU of A and one of B, oldest first; those on products that are gone do not
                count, and of two accepted pairs with a product in common the newer one does.
        """
        row_a, row_b = self.a.catalog.row_of, self.b.catalog.row_of
        accepted: dict[int, int] = {}  # B of A
        taken: dict[int, int] = {}  # A of B
        rejected: set[tuple[int, int]] = set()
        for each in decisions:
            if each.sku_a not in row_a or each.sku_b not in row_b:
                continue
            a, b = row_a[each.sku_a], row_b[each.sku_b]
            if each.verdict == "accepted":
                taken.pop(accepted.pop(a, -1), None)
                accepted.pop(taken.pop(b, -1), None)
                accepted[a], taken[b] = b, a
            elif each.verdict == "rejected":
                rejected.add((a, b))
        return match_products(self.pairs, accepted.items(), rejected)

    def explain(self, row_a: int, row_b: int) -> "Explanation":
        """Explain the score of a product of A and one of B; see ``prodsim.explain.explain``."""
        from prodsim.explain import explain  # only explaining pays

        joint, skus = self.joint, self.joint.catalog.products["sku"]
        query, sku = Query(like=(str(skus.iloc[row_a]),)), str(skus.iloc[joint.n_a + row_b])
        return explain(self._engine, joint.catalog, joint.texts.__getitem__, query, sku, self.weights)

    @cached_property
    def _engine(self) -> SearchEngine:
        return self.joint.engine(self.weights)


def match_catalogs(workspace: Workspace, a: OpenCatalog, b: OpenCatalog, progress: Progress = SILENT) -> CatalogMatch:
    """Compare two catalogs, or load what came of it before; a cancelled run encodes no text twice.

    Where their encoders differ, the texts of one are encoded by that of the other; where that one cannot be opened,
    meaning does not count. Both are said in ``note``.

    Raises:
        QueryError: it is one and the same catalog.
        StorageError: the result cannot be kept.
        Cancelled: the progress asked to stop.
    """
    if a.name == b.name:
        raise QueryError(
            phrase("“{name}” cannot be matched with itself.", name=a.name),
            phrase("Choose another catalog. Duplicates within one are found on the Quality page."),
        )
    common = common_encoder(workspace, a, b)
    if common.note:
        progress.note(common.note)
    folder, metric = _folder(workspace, a, b, common), a.index.metric
    is_new = not _is_kept(folder)
    own, theirs = (
        _side(workspace, opened, common.encoder if is_anew else None, progress, is_searched=is_new)
        if common.fingerprint
        else Side(opened.catalog, _texts(opened))
        for opened, is_anew in zip((a, b), common.is_anew, strict=True)
    )
    if is_new:
        progress.step("words", len(a.catalog) + len(b.catalog), "products")
        joint = JointCatalog.of(own, theirs, metric, progress)
        pairs = CrossPairs.of(joint, own, theirs, common.weights, progress)
        _forget_earlier(folder)
        with write_artifact(folder, {"a": a.name, "b": b.name, "pairs": len(pairs)}) as work:
            joint.save(work)
            pairs.save(work)
    with open_artifact(folder):
        joint = JointCatalog.load(folder, own, theirs, metric)
        pairs = CrossPairs.load(folder, len(a.catalog), len(b.catalog))
    return CatalogMatch(a, b, joint, pairs, common.weights, common.note)


def was_matched(workspace: Workspace, name_a: str, name_b: str) -> bool:
    """Return whether something is kept of two catalogs, perhaps of an earlier state of theirs."""
    return any(workspace.layout.catalog(name_a).glob(f"{_prefix(name_b)}*"))


def decisions_between(workspace: Workspace, name_a: str, name_b: str) -> list[MatchDecision]:
    """Return the newest decision of each pair of two catalogs, oldest first, from whichever side it was made.

    ``sku_a`` is of A in all of them.
    """
    own = workspace.records(name_a).match_decisions(name_b)
    theirs = [
        replace(each, other=name_b, sku_a=each.sku_b, sku_b=each.sku_a)
        for each in workspace.records(name_b).match_decisions(name_a)
    ]
    newest: dict[tuple[str, str], MatchDecision] = {}
    for each in sorted([*theirs, *own], key=lambda decision: decision.when):
        newest.pop((each.sku_a, each.sku_b), None)
        newest[each.sku_a, each.sku_b] = each
    return [*newest.values()]


def common_encoder(workspace: Workspace, a: OpenCatalog, b: OpenCatalog) -> CommonEncoder:
    """Choose the encoder whose vectors are compared: that of both, else the one that reads the other's texts better.

    Of two that read them alike, the one of the larger catalog, so that fewer texts are encoded.
    """
    if a.info.encoder_fingerprint == b.info.encoder_fingerprint:
        return CommonEncoder(a.info.encoder_fingerprint, (False, False), None, _weights(a, b.info.unknown_share))
    readings: list[tuple[float, int, int, Encoder]] = []
    for place, (own, other) in enumerate(((a, b), (b, a))):
        try:
            encoder = workspace.open_encoder(own.info)
            unknown = encoder.coverage(_texts(other)).unknown_share
        except (EncoderError, StaleArtifact):
            continue
        readings.append((round(unknown, 2), len(other.catalog), place, encoder))
    if not readings:
        note = phrase(
            "“{a}” and “{b}” were built with different encoders, and neither can be opened, so meaning does not count.",
            a=a.name, b=b.name,
        )  # fmt: skip
        words = _weights(a, b.info.unknown_share).only(
            "words", "identifiers", "quantities", "category", "brand", "price"
        )
        return CommonEncoder("", (False, False), None, words, note)
    unknown, _, place, encoder = min(readings, key=lambda reading: reading[:3])
    own, other = (a, b) if place == 0 else (b, a)
    note = phrase(
        "“{a}” and “{b}” were built with different encoders. For the match, the texts of “{other}” are encoded with "
        "{encoder}, the encoder of “{own}”.",
        a=a.name, b=b.name, other=other.name, own=own.name, encoder=own.info.encoder,
    )  # fmt: skip
    return CommonEncoder(encoder.fingerprint, (place == 1, place == 0), encoder, _weights(own, unknown), note)


def _weights(own: OpenCatalog, unknown_share: float) -> Weights:
    """Return the preset as it suits the encoder of a catalog and how well it reads both; pictures do not count."""
    spec = find_spec(own.info.encoder)
    unknown = max(own.info.unknown_share, unknown_share)
    return suited_weights(SAME_PRODUCT, unknown, spec.baseline if spec else 0.0)


def _texts(opened: OpenCatalog) -> list[str]:
    return compose_texts(opened.catalog, TextRecipe(**opened.info.recipe))


def _side(
    workspace: Workspace, opened: OpenCatalog, encoder: Encoder | None, progress: Progress, *, is_searched: bool
) -> Side:
    """Return a catalog with its own vectors, or with those of an encoder, quick to search where they are searched."""
    texts = _texts(opened)
    if encoder is None:
        return Side(opened.catalog, texts, opened.index, opened.descriptions)
    vectors, group_of = _encoded(workspace, encoder, texts, progress)
    described = [(row, text) for row, text in enumerate(description_texts(opened.catalog)) if text]
    descriptions = None
    if described:
        fields = _encoded(workspace, encoder, [text for _, text in described], progress)
        descriptions = FieldVectors.of([row for row, _ in described], len(opened.catalog), *fields)
    metric = opened.index.metric
    progress.step("index", len(vectors), "texts")
    index = HnswIndex.build(vectors, metric, progress=progress) if is_searched else ExactIndex(vectors, metric)
    return Side(opened.catalog, texts, GroupedIndex(index, group_of), descriptions)


def _encoded(
    workspace: Workspace, encoder: Encoder, texts: Sequence[str], progress: Progress
) -> tuple[NDArray[np.float16], Rows]:
    """Return the distinct vectors of texts, and for each text which of them it has; the store keeps them."""
    digests = text_digests(texts)
    store = VectorStore(workspace.layout.vectors, encoder.fingerprint, encoder.dim)
    encode_missing(store, encoder, texts, digests, progress)
    return unique_vectors(store.get(digests))


def _folder(workspace: Workspace, a: OpenCatalog, b: OpenCatalog, common: CommonEncoder) -> Path:
    """Return the folder of the result, in that of A: another one wherever the result would be another."""
    made_of = [[opened.info.artifacts.get(step) for step in READ] for opened in (a, b)]
    key = fingerprint(MATCH_VERSION, made_of, common.fingerprint, common.weights.as_dict(), a.index.metric)
    return workspace.layout.catalog(a.name) / f"{_prefix(b.name)}{key}"


def _prefix(name_b: str) -> str:
    """Return what the folders of all results with a catalog begin with."""
    return f"match-{fingerprint(name_b)}-"


def _is_kept(folder: Path) -> bool:
    try:
        load_artifact(folder)
    except StaleArtifact:
        return False
    return True


def _forget_earlier(folder: Path) -> None:
    """Delete what came of earlier states of the same two catalogs; what is still open elsewhere (Windows) stays."""
    for earlier in folder.parent.glob(f"{folder.name.rpartition('-')[0]}-*"):
        if earlier != folder:
            shutil.rmtree(earlier, ignore_errors=True)
