"""The one pipeline from a file to a searchable, mapped catalog; every step resumable."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, Self

import numpy as np

from prodsim.artifacts import disk_errors_told, file_digest, fingerprint, load_artifact, write_artifact
from prodsim.catalog import Catalog, ColumnMapping, comparable_gtin, load_catalog, save_catalog
from prodsim.encoders import (
    AUTO_ENCODER,
    NO_ENCODER,
    Encoder,
    EncoderChoice,
    choose_encoder,
    find_spec,
    fit_encoder,
    usual_picture_encoder,
)
from prodsim.encoders.adapted import ADAPTED_PREFIX
from prodsim.encoders.text_recipe import compose_texts, description_texts
from prodsim.encoders.workers import Workers, open_workers
from prodsim.errors import CatalogError, StaleArtifact
from prodsim.graph import NeighbourGraph
from prodsim.index import (
    FieldVectors,
    GroupedIndex,
    HnswParams,
    Rows,
    SearchedIndex,
    VectorServer,
    open_index,
    unique_vectors,
)
from prodsim.lexical import LexicalIndex
from prodsim.phrases import phrase
from prodsim.pictures import can_be_seen
from prodsim.pictures.fetching import FetchedPictures
from prodsim.progress import SILENT, Progress, TimedProgress
from prodsim.roles import actor
from prodsim.search import Comparer, Crowding, ScoreCalibration
from prodsim.similarity import UNREADABLE
from prodsim.sources import FetchRules
from prodsim.text import FOLDING_VERSION, RULES_VERSION, segmentation, text_digests
from prodsim.traits import TraitIndex
from prodsim.vectors import VectorStore
from prodsim.version import __version__
from prodsim.workspace.catalog_info import BEFORE, CatalogInfo, find_head, head_before, save_head
from prodsim.workspace.cleanup import sweep, sweep_left_over
from prodsim.workspace.encoder_pool import EncoderPool
from prodsim.workspace.index_tables import drop_unused, name_table
from prodsim.workspace.layout import Layout
from prodsim.workspace.lettering import make_lettering, texts_on_pictures
from prodsim.workspace.locks import hold, is_held
from prodsim.workspace.looks import load_depictions, load_look, make_depictions, make_look
from prodsim.workspace.mappings import mapping_of
from prodsim.workspace.request import BuildRequest, forget_request, save_request
from prodsim.workspace.reuse import make_graph, make_index, make_map

BUILD_SHARES = {
    "read": 0.02, "encode": 0.35, "index": 0.04, "words": 0.04, "graph": 0.05, "crowding": 0.01, "map": 0.14,
    "look": 0.1, "lettering": 0.05, "describe": 0.2,
}  # fmt: skip
"""Rough share of a build's time per step, for the progress bar."""

Parts = Mapping[str, Path]
"""Each step's artefact."""

FOLLOWING = frozenset(("graph", "crowding", "map", "look", "lettering", "describe"))
"""What is made after a new catalog can be searched."""

BUILD_LOCK = ".build.lock"
JOB = "build "
"""What the keys of jobs that build begin with."""

N_TEXTS = 2048
"""Texts encoded between two saves: what a kill can lose, about four seconds of a laptop's work."""

GRAPH_K = 30
"""Neighbours kept per vector: twice what UMAP reads."""

BUILD_VERSION = 12
"""Raised when a step's code gives another result from the same input."""

READING_VERSION = 3
"""The same for reading alone: a file is read again, and only texts that are new are encoded."""


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
    layout: Layout,
    encoders: EncoderPool,
    request: BuildRequest,
    progress: Progress,
    before: CatalogInfo | None = None,
    picture_rules: FetchRules | None = None,
    server: VectorServer | None = None,
    workers_at: str = "",
) -> BuildReport:
    """Build or update a catalog; steps whose result is already there are skipped.

    A new catalog can be searched as soon as its words are indexed; the map and the descriptions follow. One that is
    updated stays as it was until the new one can do all that it could. A build that is killed or cancelled leaves the
    catalog as it was and goes on where it stopped when started again. What it was ``before`` is kept to go back to, if
    given. Pictures are fetched from the web by ``picture_rules``, or not at all without. The graph of vectors is put on
    the ``server``, if given. The workers of the Dask scheduler ``workers_at`` an address, if given, encode the texts.

    Raises:
        CatalogError, EncoderError, StorageError: see there; what was there before is untouched.
        Cancelled: the progress asked to stop.
    """
    folder = layout.catalog(request.catalog_name)
    if not request.path.is_file():
        raise CatalogError(
            phrase("{path} is not a file.", path=request.path),
            phrase("Check the path; a folder cannot be read as a catalog."),
        )
    with open_workers(workers_at) as workers, locked(folder, progress), disk_errors_told(folder):
        save_request(folder, request)
        if before is not None:
            save_head(folder, before, BEFORE)
        replaced = find_head(folder)
        timed = TimedProgress(progress)
        report = _Pipeline(layout, encoders, request, folder, timed, replaced, picture_rules, server, workers).run()
        if not report.info.encoder.startswith(ADAPTED_PREFIX):
            (folder / BEFORE).unlink(missing_ok=True)
        before = head_before(folder)
        kept = set().union(*(_kept(folder, info) for info in (report.info, before) if info is not None))
        # What was replaced may still be open, here or in another process; the next build clears it away.
        sweep(folder, keep=kept | set(replaced.artifacts.values() if replaced else ()))
        drop_unused(layout, server, folder.name)
        forget_request(folder)
    sweep_left_over([layout.home, layout.uploads, folder, *layout.vectors.glob("*")])
    return report


def _kept(folder: Path, info: CatalogInfo) -> set[str]:
    """Return the names of a catalog's artefacts, and of the findings kept for it."""
    from prodsim.workspace.checks import check_folders  # a search imports this module and must not wait for the checks

    return {*info.artifacts.values(), info.previous, *check_folders(folder, info)}


def _unseen_pictures(catalog: Catalog) -> Iterator[str]:
    """Yield the pictures of the products that were left out for having no text."""
    for finding in catalog.findings:
        if finding.kind == "no text":
            yield from finding.evidence.get("images", ())


def is_being_built(folder: Path) -> bool:
    """Return whether a process builds the catalog in ``folder`` now; where nothing can be written, none does."""
    return is_held(folder / BUILD_LOCK)


@contextmanager
def locked(folder: Path, progress: Progress = SILENT) -> Iterator[None]:
    """Hold a catalog's folder, made if need be, against another build; waits for one that runs, or until cancelled."""
    with hold(folder / BUILD_LOCK, phrase("it is building “{name}”", name=folder.name), progress):
        yield


def encode_missing(
    store: VectorStore,
    encoder: Encoder,
    texts: Sequence[str],
    digests: Sequence[bytes],
    progress: Progress = SILENT,
    step: str = "encode",
    at_once: int | None = None,
) -> int:
    """Encode the products' texts that a store lacks, and return how many there were.

    They are saved every ``at_once``, ``N_TEXTS`` if that is ``None``.
    """
    at_once = N_TEXTS if at_once is None else at_once
    # Long and short texts in one chunk would be padded to the longest; sorted, a chunk's texts are of one length.
    missing = sorted(store.missing(digests), key=lambda position: len(texts[position]))
    progress.step(step, len(missing), "texts")
    for start in range(0, len(missing), at_once):
        chunk = missing[start : start + at_once]
        vectors = encoder.encode([texts[p] for p in chunk], "product", progress)
        store.append([digests[p] for p in chunk], vectors)
    return len(missing)


def build_key(catalog: str) -> str:
    """Return the key of the job that builds a catalog, so that at most one does."""
    return f"{JOB}{catalog}"


def is_build_key(key: str) -> bool:
    """Return whether a job of that key builds a catalog."""
    return key.startswith(JOB)


@dataclass(frozen=True, slots=True)
class _Texts:
    """What the encoder reads of each product.

    Attributes:
        texts: in product order.
        digests: of the texts.
        key: of all of them.
    """

    texts: Sequence[str]
    digests: Sequence[bytes]
    key: str

    @classmethod
    def of(cls, texts: Sequence[str]) -> Self:
        """Digest each text."""
        digests = text_digests(texts)
        return cls(texts, digests, fingerprint(*(digest.hex() for digest in digests)))


@dataclass(frozen=True, slots=True)
class _IndexPart:
    """The index of a build.

    Attributes:
        folder: of the artefact.
        index: over distinct vectors.
        group_of: the vector of each product.
        facts: of its manifest.
    """

    folder: Path
    index: SearchedIndex
    group_of: Rows
    facts: Mapping[str, Any]

    @property
    def kind(self) -> str:
        """Return what an earlier index must have been made with to be updated to this one."""
        return str(self.facts["kind"])


@dataclass(frozen=True, slots=True)
class _Pipeline:
    """The steps of one build; each takes what the steps before it gave, and gives the folder of its artefact."""

    layout: Layout
    encoders: EncoderPool
    request: BuildRequest
    folder: Path
    progress: TimedProgress
    replaced: CatalogInfo | None
    picture_rules: FetchRules | None
    server: VectorServer | None
    workers: Workers | None

    def run(self) -> BuildReport:
        catalog, (mapping, profile), read = self._read()
        texts = _Texts.of(compose_texts(catalog, self.request.recipe))
        choice = self._choose(texts.texts)
        encoder, fitted = self._encoder(choice.name, texts.texts)
        store, encoded = self._encode("encode", encoder, texts.texts, texts.digests)
        index = self._index(encoder, store, texts)
        parts = {"catalog": read} | ({"encoder": fitted} if fitted else {}) | {"index": index.folder}
        parts |= {"words": self._words(catalog, texts), "traits": self._traits(catalog, read)}
        info = replace(
            self._info(catalog, mapping, choice, encoder, index), profile=profile, previous=self._previous(read)
        )
        measure = partial(self._calibration, catalog, encoder, index)
        self._publish(info, parts, measure)  # from here on a new catalog can be searched
        parts["graph"], graph = self._graph(index)
        parts["crowding"] = self._crowding(index, parts["words"], parts["graph"], graph)
        parts["map"] = self._map(catalog, index, parts["graph"], graph)
        self._publish(info, parts, measure)
        look = self._look(catalog)
        if look is not None:
            parts["look"], info = look, replace(info, pictures=load_artifact(look)["pictures"])
            parts["depictions"] = self._depictions(look, index)
            self._publish(info, parts, measure)
        lettering = self._lettering(catalog, look)
        if lettering is not None:
            parts |= {"lettering": lettering, "words": self._words(catalog, texts, lettering)}
        described, descriptions = self._describe(catalog, encoder)
        parts |= {"describe": descriptions} if descriptions else {}
        info = self._publish(info, parts, measure, is_whole=True)
        self.progress.close()
        reused, seconds = len(set(texts.digests)) - encoded, self.progress.seconds
        return BuildReport(info, encoded, reused, described, seconds, sum(seconds.values()))

    def _publish(
        self, info: CatalogInfo, parts: dict[str, Path], measure: Callable[[Parts], Path], *, is_whole: bool = False
    ) -> CatalogInfo:
        """Make these parts what the catalog consists of, once they are all or can do what it could before.

        What is close by chance is measured when first needed, and again at the end: scores have more parts by then.
        """
        if not is_whole and self.replaced and not FOLLOWING & self.replaced.artifacts.keys() <= parts.keys():
            return info
        if is_whole or "chance" not in parts:
            parts["chance"] = measure(parts)
        info = replace(info, artifacts={step: folder.name for step, folder in parts.items()})
        save_head(self.folder, info)
        return info

    def _read(self) -> tuple[Catalog, tuple[ColumnMapping, str], Path]:
        self.progress.step("read")
        path, options = self.request.path, self.request.options
        made_of = (
            BUILD_VERSION,
            READING_VERSION,
            RULES_VERSION,
            file_digest(path),
            path.name,
            asdict(options),
            self.request.mapping,
            self.request.profile,
        )
        read = self._read_as(self._artifact("catalog", "catalog", *made_of, *segmentation()))
        # Products without a text were left out. Where their pictures have come since, they are products.
        seen = [place for place in _unseen_pictures(read[0]) if can_be_seen(path, place)]
        return self._read_as(self._artifact("catalog", "catalog", *made_of, *segmentation(), seen)) if seen else read

    def _read_as(self, folder: Path) -> tuple[Catalog, tuple[ColumnMapping, str], Path]:
        """Return what was read into a folder, with its columns and its kind; else read the file into it."""
        path = self.request.path
        try:
            facts = load_artifact(folder)
            return load_catalog(folder), (facts["mapping"], facts["profile"]), folder
        except StaleArtifact:
            from prodsim.catalog import make_catalog, read_table  # opening a catalog must not wait for them

            table = read_table(path, self.request.options, self.progress)
            mapping, profile = mapping_of(self.layout.home, table, self.request.mapping, self.request.profile)
            catalog = make_catalog(table, mapping, release=True, can_be_seen=partial(can_be_seen, path))
            save_catalog(catalog, folder, {"mapping": dict(mapping), "profile": profile})
            return catalog, (mapping, profile), folder

    def _choose(self, texts: Sequence[str]) -> EncoderChoice:
        """Return the encoder that was asked for, or else suits the texts, and note why, or what would suit better."""
        wanted = self.request.encoder
        self.progress.step("encode")
        if wanted not in (AUTO_ENCODER, "minilm"):
            return EncoderChoice(wanted, "", {})
        suited = choose_encoder(texts, self.encoders.open("minilm"), UNREADABLE)
        if wanted == AUTO_ENCODER:
            self.progress.note(phrase("The encoder is {name}, because {reason}.", name=suited.name, reason=suited.why))
            return suited
        if suited.name != wanted:
            self.progress.note(
                phrase(
                    "The encoder {other} would suit better than {name}, because {reason}.",
                    other=suited.name, name=wanted, reason=suited.why,
                )
            )  # fmt: skip
        return replace(suited, name=wanted)

    def _encoder(self, name: str, texts: Sequence[str]) -> tuple[Encoder, Path | None]:
        """Return the encoder, and the folder of what it learned from the texts, if it learns."""
        spec = find_spec(name)
        if spec is None or not spec.is_fitted:
            return self.encoders.open(name), None
        folder = self._artifact("encoder", spec.name, BUILD_VERSION, RULES_VERSION, texts, *segmentation())
        try:
            return self.encoders.open(spec.name, folder), folder
        except StaleArtifact:
            fit_encoder(spec.name, texts, folder)
            return self.encoders.open(spec.name, folder), folder

    def _encode(
        self, step: str, encoder: Encoder, texts: Sequence[str], digests: Sequence[bytes]
    ) -> tuple[VectorStore, int]:
        """Encode what the store lacks; the store, and how many texts were encoded."""
        self.progress.step(step)
        store = VectorStore(self.layout.vectors, encoder.fingerprint, encoder.dim)
        spec = find_spec(encoder.name)
        if self.workers is None or (spec is not None and spec.is_fitted):  # what it learned is here alone
            return store, encode_missing(store, encoder, texts, digests, self.progress, step)
        spread, at_once = self.workers.encoder(encoder), self.workers.texts_at_once
        return store, encode_missing(store, spread, texts, digests, self.progress, step, at_once)

    def _index(self, encoder: Encoder, store: VectorStore, texts: _Texts) -> _IndexPart:
        self.progress.step("index")
        params, metric = HnswParams(), self.request.metric
        places = [] if self.server is None else [self.server.place]
        kind = fingerprint(BUILD_VERSION, encoder.fingerprint, metric, asdict(params), *places)
        folder = self._artifact("index", "index", kind, texts.key)
        try:
            index = open_index(folder, lambda: self.server)
        except StaleArtifact:
            unique, group_of = unique_vectors(store.get(texts.digests))
            new_table = partial(self._new_table, folder)
            earlier = {"kind": kind}
            index, reused = make_index(
                self.folder, unique, metric, params, earlier, self.progress, self.server, new_table
            )
            # Kept beside the index, because tokenising every text again would be most of a build without changes.
            facts = {"kind": kind, **reused, **asdict(encoder.coverage(list(dict.fromkeys(texts.texts))))}
            with write_artifact(folder, facts) as work:
                np.save(work / "vectors.npy", unique)
                np.save(work / "group_of.npy", group_of)
                facts.update(index.save(work))
            index = open_index(folder, lambda: self.server)
        return _IndexPart(folder, index, np.load(folder / "group_of.npy"), load_artifact(folder))

    def _new_table(self, artifact: Path) -> str:
        """Return the name of a new table on the server, which first loses those that killed builds left there."""
        assert self.server is not None  # else nothing needs a table
        drop_unused(self.layout, self.server, self.folder.name)
        return name_table(self.layout, self.server.place, artifact)

    def _words(self, catalog: Catalog, texts: _Texts, lettering: Path | None = None) -> Path:
        self.progress.step("words", len(texts.texts), "products")
        products = catalog.products
        gtins = [comparable_gtin(gtin) or gtin for gtin in products["gtin"]]
        codes = [f"{gtin} {mpn}" for gtin, mpn in zip(gtins, products["mpn"], strict=True)]
        descriptions = products["description"].tolist()
        key = text_digests(["\n".join([*codes, *descriptions])])[0].hex()
        read = [lettering.name] if lettering else []
        made_of = (BUILD_VERSION, RULES_VERSION, FOLDING_VERSION, texts.key, key, *read)
        folder = self._artifact("words", "words", *made_of, *segmentation())
        try:
            load_artifact(folder)
        except StaleArtifact:
            on_pictures = texts_on_pictures(catalog, lettering)
            index = LexicalIndex.build(texts.texts, codes, descriptions, self.progress, on_pictures)
            with write_artifact(folder, {}) as work:
                index.save(work)
        return folder

    def _traits(self, catalog: Catalog, read: Path) -> Path:
        folder = self._artifact("traits", "traits", BUILD_VERSION, read.name)
        try:
            load_artifact(folder)
        except StaleArtifact:
            traits = TraitIndex.build(catalog)
            with write_artifact(folder, {}) as work:
                traits.save(work)
        return folder

    def _describe(self, catalog: Catalog, encoder: Encoder) -> tuple[int, Path | None]:
        """Give the descriptions vectors of their own; how many were encoded, and ``None`` where there are none."""
        self.progress.step("describe")
        described = [(row, text) for row, text in enumerate(description_texts(catalog)) if text]
        if not described:
            return 0, None
        rows, texts = [row for row, _ in described], [text for _, text in described]
        digests = text_digests(texts)
        hexes = [digest.hex() for digest in digests]
        folder = self._artifact("describe", "describe", BUILD_VERSION, encoder.fingerprint, rows, hexes)
        try:
            load_artifact(folder)
            return 0, folder
        except StaleArtifact:
            store, encoded = self._encode("describe", encoder, texts, digests)
            vectors, group_of = unique_vectors(store.get(digests))
            with write_artifact(folder, {}) as work:
                FieldVectors.of(rows, len(catalog), vectors, group_of).save(work)
            return encoded, folder

    def _look(self, catalog: Catalog) -> Path | None:
        """Make the pictures comparable; ``None`` where there are none, or nothing that could encode them."""
        self.progress.step("look")
        name = self.request.picture_encoder
        name = usual_picture_encoder() if name == AUTO_ENCODER else name
        if name == NO_ENCODER or not any(catalog.products["image"]):
            return None
        folder_of = partial(self._artifact, "look", "look", BUILD_VERSION)
        fetched = FetchedPictures(self.layout.pictures, self.picture_rules) if self.picture_rules else None
        return make_look(
            catalog,
            self.request.path,
            lambda: self.encoders.open_pictures(name),
            self.layout.vectors,
            folder_of,
            self.progress,
            fetched,
        )

    def _lettering(self, catalog: Catalog, look: Path | None) -> Path | None:
        """Read the text on the pictures; ``None`` where there are none, or nobody asked for it."""
        self.progress.step("lettering")
        if look is None or not self.request.read_pictures:
            return None
        folder = self._artifact("lettering", "lettering", BUILD_VERSION, look.name)
        path, kept = self.request.path, self.layout.lettering
        fetched = FetchedPictures(self.layout.pictures, self.picture_rules).read if self.picture_rules else None
        return make_lettering(catalog, path, kept, folder, self.progress, fetched)

    def _depictions(self, look: Path, index: _IndexPart) -> Path:
        """Learn what the pictures say of the texts."""
        grouped = GroupedIndex(index.index, index.group_of)
        folder = self._artifact("depictions", "depictions", BUILD_VERSION, look.name, index.folder.name)
        return make_depictions(look, grouped, folder)

    def _calibration(self, catalog: Catalog, encoder: Encoder, index: _IndexPart, parts: Parts) -> Path:
        """Measure how close random products are, by all parts that are there by now."""
        names = [
            parts[step].name if step in parts else None
            for step in ("index", "words", "traits", "describe", "look", "depictions", "crowding")
        ]
        folder = self._artifact("chance", "chance", BUILD_VERSION, encoder.fingerprint, names)
        try:
            load_artifact(folder)
        except StaleArtifact:
            comparer = Comparer(
                GroupedIndex(index.index, index.group_of),
                LexicalIndex.load(parts["words"]),
                TraitIndex.load(parts["traits"]),
                index.index.metric,
                FieldVectors.load(parts["describe"]) if "describe" in parts else None,
                look=load_look(parts["look"]) if "look" in parts else None,
                crowding=Crowding.load(parts["crowding"]) if "crowding" in parts else None,
                depictions=load_depictions(parts["depictions"]) if "depictions" in parts else None,
            )
            titles = catalog.products["title"].tolist()
            with write_artifact(folder, {}) as work:
                ScoreCalibration.measure(comparer, titles, lambda texts: encoder.encode(texts, "query")).save(work)
        return folder

    def _graph(self, index: _IndexPart) -> tuple[Path, NeighbourGraph]:
        self.progress.step("graph", len(index.index), "products")
        kind = fingerprint(index.kind, GRAPH_K)
        folder = self._artifact("graph", "graph", kind, index.folder.name)
        try:
            load_artifact(folder)
        except StaleArtifact:
            graph, reused = make_graph(self.folder, index.index, GRAPH_K, {"kind": kind}, self.progress)
            with write_artifact(folder, {"kind": kind, "index": index.folder.name, **reused}) as work:
                graph.save(work)
        return folder, NeighbourGraph.load(folder)

    def _crowding(self, index: _IndexPart, words: Path, neighbours: Path, graph: NeighbourGraph) -> Path:
        folder = self._artifact("crowding", "crowding", BUILD_VERSION, words.name, neighbours.name)
        try:
            load_artifact(folder)
        except StaleArtifact:
            self.progress.step("crowding", len(index.index), "products")
            crowding = Crowding.measure(LexicalIndex.load(words), graph, index.group_of, self.progress)
            with write_artifact(folder, {}) as work:
                crowding.save(work)
        return folder

    def _map(self, catalog: Catalog, index: _IndexPart, neighbours: Path, graph: NeighbourGraph) -> Path:
        self.progress.step("map")
        titles = catalog.products["title"].tolist()
        title_key = text_digests(["\n".join(titles)])[0].hex()
        folder = self._artifact("map", "map", neighbours.name, title_key)
        try:
            load_artifact(folder)
        except StaleArtifact:
            kind, of = {"kind": index.kind}, {"index": index.folder.name}
            made = make_map(self.folder, index.index, index.group_of, graph, titles, kind, self.progress)
            with write_artifact(folder, {"labels": made.labels, **kind, **of, **made.facts}) as work:
                np.save(work / "xy.npy", made.xy)
                np.save(work / "cluster.npy", made.cluster)
        return folder

    def _info(
        self, catalog: Catalog, mapping: ColumnMapping, choice: EncoderChoice, encoder: Encoder, index: _IndexPart
    ) -> CatalogInfo:
        return CatalogInfo(
            name=self.folder.name,
            source=self.request.path.name,
            built=datetime.now(UTC).isoformat(timespec="seconds"),
            products=len(catalog),
            vectors=len(index.index),
            encoder=choice.name,
            encoder_fingerprint=encoder.fingerprint,
            dim=encoder.dim,
            metric=self.request.metric,
            recall=index.index.recall,
            ef=index.index.ef,
            unknown_share=index.facts["unknown_share"],
            n_truncated=index.facts["n_truncated"],
            findings=dict(Counter(finding.kind for finding in catalog.findings)),
            mapping=dict(mapping),
            options=asdict(self.request.options),
            recipe=asdict(self.request.recipe),
            base=str(self.request.path.resolve().parent),
            origin=self.request.origin.to_json() if self.request.origin else {},
            program=__version__,
            picture_encoder=self.request.picture_encoder,
            read_pictures=self.request.read_pictures,
            languages=choice.languages,
            built_by=actor().name,
        )

    def _previous(self, read: Path) -> str:
        """Return the folder of the products before the newest upload that changed them; "" for a first one."""
        if self.replaced is None:
            return ""
        before = self.replaced.artifacts["catalog"]
        return self.replaced.previous if before == read.name else before

    def _artifact(self, step: str, *made_of: object) -> Path:
        """Return the folder of a step's result; another one wherever the result would be another."""
        return self.folder / f"{step}-{fingerprint(*made_of)}"
