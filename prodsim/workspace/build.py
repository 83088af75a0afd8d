"""The one pipeline from a file to a searchable, mapped catalog; every step resumable."""

import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from prodsim.artifacts import file_digest, fingerprint, load_artifact, write_artifact
from prodsim.catalog import (
    Catalog,
    ColumnMapping,
    header_key,
    load_catalog,
    make_catalog,
    propose_columns,
    read_table,
    save_catalog,
)
from prodsim.encoders import AUTO, Encoder, choose_encoder, find_spec, fit_encoder
from prodsim.encoders.adapted import PREFIX
from prodsim.encoders.text_recipe import compose_texts, description_texts
from prodsim.errors import CatalogError, StaleArtifact
from prodsim.graph import NeighbourGraph
from prodsim.index import FieldVectors, GroupedIndex, HnswIndex, HnswParams, unique_vectors
from prodsim.lexical import LexicalIndex
from prodsim.progress import Progress
from prodsim.search import Comparer, ScoreCalibration
from prodsim.similarity import UNREADABLE
from prodsim.text import RULES_VERSION, segmentation, text_digests
from prodsim.traits import TraitIndex
from prodsim.vectors import VectorStore
from prodsim.workspace.catalog_info import BEFORE, CatalogInfo, head_before, save_head
from prodsim.workspace.cleanup import sweep
from prodsim.workspace.locks import hold, is_held
from prodsim.workspace.mappings import recall_mapping
from prodsim.workspace.request import BuildRequest, forget_request, save_request
from prodsim.workspace.reuse import make_graph, make_index, make_map

if TYPE_CHECKING:
    from prodsim.workspace.workspace import Workspace

BUILD_SHARES = {
    "read": 0.02, "encode": 0.4, "index": 0.04, "words": 0.04, "graph": 0.05, "map": 0.2, "describe": 0.25
}  # fmt: skip
"""Rough share of a build's time per step, for the progress bar."""

LOCK = ".build.lock"

CHUNK = 2048
"""Texts encoded between two saves: what a kill can lose, about four seconds of a laptop's work."""

GRAPH_K = 30
"""Neighbours kept per vector: twice what UMAP reads."""

VERSION = 11
"""Raised when a step's code gives another result from the same input."""


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did.

    Attributes:
        info: the catalog as it is now.
        encoded, reused: distinct texts encoded now, and taken from the store; descriptions not counted.
        described: distinct descriptions encoded now.
        steps: seconds per step.
        wall_s: seconds in all.
    """

    info: CatalogInfo
    encoded: int
    reused: int
    described: int
    steps: Mapping[str, float]
    wall_s: float


def run_build(
    workspace: "Workspace", request: BuildRequest, progress: Progress, before: CatalogInfo | None = None
) -> BuildReport:
    """Build or update a catalog; steps whose result is already there are skipped.

    The catalog can be searched as soon as its words are indexed; the map and the descriptions follow. A build that is
    killed or cancelled leaves the catalog as it was and goes on where it stopped when started again. What it was
    ``before`` is kept to go back to, if given.

    Raises:
        CatalogError, EncoderError, StorageError: see there; what was there before is untouched.
        Cancelled: the progress asked to stop.
    """
    folder = workspace.folder(request.catalog_name)
    if not request.path.is_file():
        raise CatalogError(f"{request.path} is not a file.", "Check the path; a folder cannot be read as a catalog.")
    with locked(folder):
        save_request(folder, request)
        if before is not None:
            save_head(folder, before, BEFORE)
        build = _Build(workspace, request, folder, _Timed(progress))
        report = build.run()
        if not report.info.encoder.startswith(PREFIX):
            (folder / BEFORE).unlink(missing_ok=True)
        before = head_before(folder)
        sweep(folder, keep=set().union(*(_kept(folder, info) for info in (report.info, before) if info is not None)))
        forget_request(folder)
    return report


def _kept(folder: Path, info: CatalogInfo) -> set[str]:
    """Names of the artefacts of a catalog, and of what was found in it."""
    from prodsim.workspace.checks import check_folders  # a search, which imports this module, need not wait for it

    return {*info.artifacts.values(), *check_folders(folder, info)}


def is_being_built(folder: Path) -> bool:
    """Whether a process builds the catalog in ``folder`` at this moment; where nothing can be written, none does."""
    return is_held(folder / LOCK)


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold a catalog's folder, made if need be, against another build; waits for one that runs."""
    with hold(folder / LOCK):
        yield


class _Build:
    """The state of one run of the pipeline."""

    def __init__(self, workspace: "Workspace", request: BuildRequest, folder: Path, progress: "_Timed") -> None:
        self.workspace = workspace
        self.request = request
        self.folder = folder
        self.progress = progress
        self.artifacts: dict[str, str] = {}

    def run(self) -> BuildReport:
        catalog, mapping = self._read()
        texts = compose_texts(catalog, self.request.recipe)
        digests = text_digests(texts)
        encoder = self._encoder(texts)
        store, encoded = self._encode("encode", encoder, texts, digests)
        index = self._index(encoder, store, texts, digests)
        self._words(catalog, texts)
        self._traits(catalog)
        self._chance(catalog, encoder, index)
        info = self._info(catalog, mapping, encoder, index)
        save_head(self.folder, info)
        graph = self._graph(index)
        self._map(catalog, index, graph)
        save_head(self.folder, replace(info, artifacts=dict(self.artifacts)))
        described = self._describe(catalog, encoder)
        self._chance(catalog, encoder, index)
        info = replace(info, artifacts=dict(self.artifacts))
        save_head(self.folder, info)
        self.progress.close()
        reused, seconds = len(set(digests)) - encoded, self.progress.seconds
        return BuildReport(info, encoded, reused, described, seconds, sum(seconds.values()))

    def _read(self) -> tuple[Catalog, ColumnMapping]:
        self.progress.step("read")
        path, options = self.request.path, self.request.options
        key = fingerprint(
            "catalog",
            VERSION,
            RULES_VERSION,
            file_digest(path),
            path.name,
            asdict(options),
            self.request.mapping,
            *segmentation(),
        )
        folder = self._artifact("catalog", key)
        try:
            mapping: ColumnMapping = load_artifact(folder, verify=True)["mapping"]
            return load_catalog(folder), mapping
        except StaleArtifact:
            table = read_table(path, options)
            remembered = recall_mapping(self.workspace.settings.home, header_key(table))
            guessed = remembered or propose_columns(table).mapping
            mapping = {f: c for f, c in {**guessed, **self.request.mapping}.items() if c}
            catalog = make_catalog(table, mapping)
            save_catalog(catalog, folder, {"mapping": dict(mapping)})
            return catalog, mapping

    def _encoder(self, texts: Sequence[str]) -> Encoder:
        self.progress.step("encode")
        self.encoder_name = self._choose(texts) if self.request.encoder == AUTO else self.request.encoder
        spec = find_spec(self.encoder_name)
        if spec is None or not spec.is_fitted:
            return self.workspace.encoder(self.encoder_name)
        folder = self._artifact("encoder", fingerprint(spec.name, VERSION, RULES_VERSION, texts, *segmentation()))
        try:
            return self.workspace.encoder(spec.name, folder)
        except StaleArtifact:
            fit_encoder(spec.name, texts, folder)
            return self.workspace.encoder(spec.name, folder)

    def _choose(self, texts: Sequence[str]) -> str:
        choice = choose_encoder(texts, self.workspace.encoder("minilm"), UNREADABLE)
        self.progress.note(f"Encoder {choice.name}, because {choice.why}.")
        return choice.name

    def _encode(
        self, step: str, encoder: Encoder, texts: Sequence[str], digests: Sequence[bytes]
    ) -> tuple[VectorStore, int]:
        """Encode what the store lacks; the store, and how many texts were encoded."""
        self.progress.step(step)
        store = VectorStore(self.workspace.settings.home / "vectors", encoder.fingerprint, encoder.dim)
        # Long and short texts in one chunk would be padded to the longest; sorted, a chunk's texts are alike.
        missing = sorted(store.missing(digests), key=lambda position: len(texts[position]))
        self.progress.step(step, len(missing), "texts")
        for start in range(0, len(missing), CHUNK):
            chunk = missing[start : start + CHUNK]
            vectors = encoder.encode([texts[p] for p in chunk], "product", self.progress)
            store.append([digests[p] for p in chunk], vectors)
        return store, len(missing)

    def _index(self, encoder: Encoder, store: VectorStore, texts: Sequence[str], digests: Sequence[bytes]) -> HnswIndex:
        self.progress.step("index")
        params, metric = HnswParams(), self.request.metric
        self.texts_key = fingerprint(*(d.hex() for d in digests))
        kind = fingerprint(VERSION, encoder.fingerprint, metric, asdict(params))
        folder = self._artifact("index", fingerprint("index", kind, self.texts_key))
        try:
            load_artifact(folder, verify=True)
        except StaleArtifact:
            unique, group_of = unique_vectors(store.get(digests))
            index, reused = make_index(self.folder, unique, metric, params, {"kind": kind}, self.progress)
            # Kept beside the index, because tokenising every text again would be most of a build without changes.
            facts = {"kind": kind, **reused, **asdict(encoder.coverage(list(dict.fromkeys(texts))))}
            with write_artifact(folder, facts) as work:
                np.save(work / "vectors.npy", unique)
                np.save(work / "group_of.npy", group_of)
                facts.update(index.save(work))
        self.kind = kind
        self.coverage = load_artifact(folder)
        self.group_of = np.load(folder / "group_of.npy")
        return HnswIndex.load(folder, np.load(folder / "vectors.npy", mmap_mode="r"))

    def _words(self, catalog: Catalog, texts: Sequence[str]) -> None:
        self.progress.step("words", len(texts), "products")
        products = catalog.products
        codes = [f"{gtin} {mpn}" for gtin, mpn in zip(products["gtin"], products["mpn"], strict=True)]
        descriptions = products["description"].tolist()
        key = text_digests(["\n".join([*codes, *descriptions])])[0].hex()
        folder = self._artifact(
            "words", fingerprint("words", VERSION, RULES_VERSION, self.texts_key, key, *segmentation())
        )
        try:
            load_artifact(folder, verify=True)
        except StaleArtifact:
            index = LexicalIndex.build(texts, codes, descriptions, self.progress)
            with write_artifact(folder, {}) as work:
                index.save(work)

    def _traits(self, catalog: Catalog) -> None:
        folder = self._artifact("traits", fingerprint("traits", VERSION, self.artifacts["catalog"]))
        try:
            load_artifact(folder, verify=True)
        except StaleArtifact:
            traits = TraitIndex.build(catalog)
            with write_artifact(folder, {}) as work:
                traits.save(work)

    def _describe(self, catalog: Catalog, encoder: Encoder) -> int:
        """Give the descriptions vectors of their own; returns how many were encoded."""
        self.progress.step("describe")
        texts = description_texts(catalog)
        rows = [row for row, text in enumerate(texts) if text]
        if not rows:
            return 0
        texts = [texts[row] for row in rows]
        digests = text_digests(texts)
        key = fingerprint("describe", VERSION, encoder.fingerprint, rows, [digest.hex() for digest in digests])
        folder = self._artifact("describe", key)
        try:
            load_artifact(folder, verify=True)
            return 0
        except StaleArtifact:
            store, encoded = self._encode("describe", encoder, texts, digests)
            vectors, group_of = unique_vectors(store.get(digests))
            with write_artifact(folder, {}) as work:
                FieldVectors.of(rows, len(catalog), vectors, group_of).save(work)
            return encoded

    def _chance(self, catalog: Catalog, encoder: Encoder, index: HnswIndex) -> None:
        """Measure how close random products are, by all parts that are there by now."""
        parts = [self.artifacts.get(step) for step in ("index", "words", "traits", "describe")]
        folder = self._artifact("chance", fingerprint("chance", VERSION, encoder.fingerprint, parts))
        try:
            load_artifact(folder, verify=True)
        except StaleArtifact:
            described = self.artifacts.get("describe")
            comparer = Comparer(
                GroupedIndex(index, self.group_of),
                LexicalIndex.load(self.folder / self.artifacts["words"]),
                TraitIndex.load(self.folder / self.artifacts["traits"]),
                index.metric,
                FieldVectors.load(self.folder / described) if described else None,
            )
            titles = catalog.products["title"].tolist()
            with write_artifact(folder, {}) as work:
                ScoreCalibration.measure(comparer, titles, lambda texts: encoder.encode(texts, "query")).save(work)

    def _graph(self, index: HnswIndex) -> NeighbourGraph:
        self.progress.step("graph", len(index), "products")
        kind = fingerprint(self.kind, GRAPH_K)
        folder = self._artifact("graph", fingerprint("graph", kind, self.artifacts["index"]))
        try:
            load_artifact(folder, verify=True)
        except StaleArtifact:
            graph, reused = make_graph(self.folder, index, GRAPH_K, {"kind": kind}, self.progress)
            with write_artifact(folder, {"kind": kind, "index": self.artifacts["index"], **reused}) as work:
                graph.save(work)
        return NeighbourGraph.load(folder)

    def _map(self, catalog: Catalog, index: HnswIndex, graph: NeighbourGraph) -> None:
        self.progress.step("map")
        titles = catalog.products["title"].tolist()
        title_key = text_digests(["\n".join(titles)])[0].hex()
        folder = self._artifact("map", fingerprint("map", self.artifacts["graph"], title_key))
        try:
            load_artifact(folder, verify=True)
        except StaleArtifact:
            kind, of = {"kind": self.kind}, {"index": self.artifacts["index"]}
            made = make_map(self.folder, index, self.group_of, graph, titles, kind, self.progress)
            with write_artifact(folder, {"labels": made.labels, **kind, **of, **made.facts}) as work:
                np.save(work / "xy.npy", made.xy)
                np.save(work / "cluster.npy", made.cluster)

    def _info(
        self,
        catalog: Catalog,
        mapping: ColumnMapping,
        encoder: Encoder,
        index: HnswIndex,
    ) -> CatalogInfo:
        return CatalogInfo(
            name=self.folder.name,
            source=self.request.path.name,
            built=datetime.now(UTC).isoformat(timespec="seconds"),
            products=len(catalog),
            vectors=len(index),
            encoder=self.encoder_name,
            encoder_fingerprint=encoder.fingerprint,
            dim=encoder.dim,
            metric=self.request.metric,
            recall=index.recall,
            ef=index.ef,
            unknown_share=self.coverage["unknown_share"],
            n_truncated=self.coverage["n_truncated"],
            findings=dict(Counter(finding.kind for finding in catalog.findings)),
            mapping=dict(mapping),
            options=asdict(self.request.options),
            recipe=asdict(self.request.recipe),
            base=str(self.request.path.resolve().parent),
            artifacts=dict(self.artifacts),
        )

    def _artifact(self, step: str, key: str) -> Path:
        self.artifacts[step] = f"{step}-{key}"
        return self.folder / self.artifacts[step]


class _Timed:
    """Passes progress on and keeps the seconds of each step."""

    def __init__(self, inner: Progress) -> None:
        self._inner = inner
        self._name = ""
        self._started = time.perf_counter()
        self.seconds: dict[str, float] = {}

    def step(self, name: str, total: int | None = None, unit: str = "") -> None:
        """Begin a step; the same name again goes on with it."""
        self.close()
        self._name = name
        self._inner.step(name, total, unit)

    def close(self) -> None:
        """End the running step."""
        now = time.perf_counter()
        if self._name:
            self.seconds[self._name] = self.seconds.get(self._name, 0.0) + now - self._started
        self._started = now

    def advance(self, n: int = 1) -> None:
        """Pass on."""
        self._inner.advance(n)

    def note(self, message: str) -> None:
        """Pass on."""
        self._inner.note(message)

    def check(self) -> None:
        """Pass on."""
        self._inner.check()
