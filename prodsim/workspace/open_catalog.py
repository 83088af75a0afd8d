"""A built catalog, open for questions."""

import copy
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prodsim.artifacts import open_artifact
from prodsim.catalog import Catalog, CatalogChanges, compare_catalogs, date_column, load_catalog
from prodsim.encoders import PICTURE_ENCODERS, Encoder, PictureEncoder, Reranker, TextReader
from prodsim.encoders.text_recipe import TextRecipe, compose_texts
from prodsim.errors import CatalogError, QueryError, StaleArtifact
from prodsim.findings import Finding
from prodsim.graph import NeighbourGraph
from prodsim.index import FieldVectors, GroupedIndex, Metric, Rows, Vectors, VectorServer, open_index
from prodsim.knowledge import Knowledge, built_in_knowledge
from prodsim.lexical import LexicalIndex
from prodsim.look import Depictions, LookIndex, Read, looks_of_texts, reading_of, sketched_vectors
from prodsim.phrases import phrase
from prodsim.pictures import PictureFiles, Pixels, decode, picture_digest, picture_places
from prodsim.pictures.lettering import Line
from prodsim.profiles import profile_of
from prodsim.progress import SILENT, Progress
from prodsim.search import (
    Comparer,
    Crowding,
    Hit,
    Query,
    Readings,
    ScoreCalibration,
    SearchEngine,
    SearchOptions,
    SearchResult,
)
from prodsim.similarity import Setting, Weights
from prodsim.traits import TraitIndex
from prodsim.workspace.catalog_info import CatalogInfo
from prodsim.workspace.lettering import load_lettering
from prodsim.workspace.looks import load_depictions, load_look, load_problems, picture_reader

if TYPE_CHECKING:
    from prodsim.ask import Asker
    from prodsim.explain import ComparedPicture, Explanation, Surrogate
    from prodsim.quality import Level, Subject
    from prodsim.workspace.checks import CheckReport, JudgedPairs


SAMPLED_TITLES = 200
"""Titles whose mean says what all texts share for an encoder of pictures and texts."""


@dataclass(frozen=True, slots=True)
class MapData:
    """The map: one position and one cluster per product, in catalog order.

    Attributes:
        xy: float32, shape (n_products, 2). Products with one text share a position.
        cluster: int32, shape (n_products,); -1 for the unclustered.
        labels: the clusters' names; cluster i is ``labels[i]``.
    """

    xy: NDArray[np.float32]
    cluster: NDArray[np.int32]
    labels: tuple[str, ...]

    def cluster_names(self) -> list[str]:
        """Return the name of each product's cluster, ``"unclustered"`` for -1."""
        names = np.array([*self.labels, "unclustered"], dtype=object)
        return list(names[self.cluster])


class OpenCatalog:
    """Answers every question about one built catalog; safe to share between threads, never changed.

    Args:
        folder: the catalog's folder.
        info: what it consists of; later builds do not disturb an open catalog.
        get_encoder: opens the encoder the catalog was built with; called for the first text only.
        get_picture_encoder: opens a picture encoder by its name; called by the first search by picture.
        setting: what similar means where a question does not say; by default what suits the encoder, and the metric
            that the catalog was built with.
        get_reranker: opens a cross-encoder; called by the first search that gives it a weight. ``None`` for none.
        get_knowledge: gives the words that may stand for others in a search; called by the first text.
        get_server: opens the server of vectors that this workspace uses, if it uses one.
        read_fetched: gives the bytes of a picture that was fetched from an address, or raises ``PictureError``.

    Raises:
        StaleArtifact: a part is damaged; names what differs.
    """

    def __init__(
        self,
        folder: Path,
        info: CatalogInfo,
        get_encoder: Callable[[], Encoder],
        get_picture_encoder: Callable[[str], PictureEncoder],
        setting: Setting | None = None,
        get_reranker: Callable[[], Reranker] | None = None,
        get_knowledge: Callable[[], Knowledge] = built_in_knowledge,
        get_server: Callable[[], VectorServer | None] = lambda: None,
        read_fetched: Read | None = None,
    ) -> None:
        self.info = info
        self._setting = setting
        self._folder = folder
        self._get_encoder = get_encoder
        self._get_reranker = get_reranker
        self._get_knowledge = get_knowledge
        self._get_picture_encoder = get_picture_encoder
        self._get_server = get_server
        self._read_fetched = read_fetched
        self.catalog: Catalog = load_catalog(self._part("catalog"))
        self._check("catalog", len(self.catalog))

    @property
    def name(self) -> str:
        """Return the catalog's name."""
        return self.info.name

    @cached_property
    def changes(self) -> CatalogChanges | None:
        """Return what the newest upload changed; ``None`` for a first one, or where the one before cannot be read."""
        if not self.info.previous:
            return None
        try:
            return compare_catalogs(load_catalog(self._folder / self.info.previous), self.catalog)
        except StaleArtifact:
            return None

    @cached_property
    def index(self) -> GroupedIndex:
        """Return the vector index, in product rows."""
        folder = self._part("index")
        with open_artifact(folder):
            index = GroupedIndex(open_index(folder, self._get_server), np.load(folder / "group_of.npy"))
        self._check("index", len(index))
        return index

    @cached_property
    def lexical(self) -> LexicalIndex:
        """Return the word index, in product rows."""
        folder = self._part("words")
        with open_artifact(folder):
            lexical = LexicalIndex.load(folder)
        self._check("words", len(lexical))
        return lexical

    @cached_property
    def traits(self) -> TraitIndex:
        """Return brand, category, price, attributes and quantities, in product rows."""
        folder = self._part("traits")
        with open_artifact(folder):
            traits = TraitIndex.load(folder)
        self._check("traits", len(traits))
        return traits

    @cached_property
    def descriptions(self) -> FieldVectors | None:
        """Return the vectors of the descriptions; ``None`` while there are none."""
        if "describe" not in self.info.artifacts:
            return None
        folder = self._part("describe")
        with open_artifact(folder):
            descriptions = FieldVectors.load(folder)
        self._check("describe", len(descriptions.group_of))
        return descriptions

    @cached_property
    def look(self) -> LookIndex | None:
        """Return the pictures; ``None`` while there are none, or none that can be compared."""
        if "look" not in self.info.artifacts:
            return None
        look = load_look(self._part("look"))
        if look is not None:
            self._check("look", len(look))
        return look

    @cached_property
    def depictions(self) -> Depictions | None:
        """Return what pictures say of texts; ``None`` while that is not learned, or where they say nothing."""
        return load_depictions(self._part("depictions")) if "depictions" in self.info.artifacts else None

    @cached_property
    def picture_problems(self) -> Mapping[str, str]:
        """Return why pictures cannot be compared, by their places; see ``prodsim.pictures.PROBLEMS``."""
        return load_problems(self._part("look")) if "look" in self.info.artifacts else {}

    @cached_property
    def lettering(self) -> Mapping[str, tuple[Line, ...]]:
        """Return the lines of text on pictures, by their places; empty where they are not read."""
        return load_lettering(self._part("lettering")) if "lettering" in self.info.artifacts else {}

    @cached_property
    def crowding(self) -> Crowding | None:
        """Return how much each product has in common with its nearest others anyway; ``None`` while not measured."""
        if "crowding" not in self.info.artifacts:
            return None
        folder = self._part("crowding")
        with open_artifact(folder):
            crowding = Crowding.load(folder)
        self._check("crowding", len(crowding))
        return crowding

    @cached_property
    def calibration(self) -> ScoreCalibration:
        """Return how close random products are."""
        folder = self._part("chance")
        with open_artifact(folder):
            return ScoreCalibration.load(folder)

    @cached_property
    def graph(self) -> NeighbourGraph:
        """Return the neighbours of every distinct vector.

        Raises:
            QueryError: they are not found yet.
        """
        folder = self._part("graph")
        with open_artifact(folder):
            return NeighbourGraph.load(folder)

    @cached_property
    def engine(self) -> SearchEngine:
        """Return the search engine over both indexes."""
        setting = self._setting or Setting(self.info.weights, self.index.metric)
        comparer = Comparer(
            self.index,
            self.lexical,
            self.traits,
            setting.metric,
            self.descriptions,
            self._rerank if self._get_reranker else None,
            self.look,
            lru_cache(maxsize=8)(self._see_file),
            lru_cache(maxsize=8)(self._pictured),
            self.calibration.expected_look,
            self.crowding,
            self.depictions,
            Readings(self._get_knowledge, self.lexical, self.catalog),
        )
        half_life = profile_of(self.info.profile).half_life
        return SearchEngine(self.catalog, comparer, self._encoder, self.calibration, setting.weights, half_life)

    @property
    def knowledge(self) -> Knowledge:
        """Return the thesauri that searches use now."""
        return self._get_knowledge()

    @cached_property
    def has_dates(self) -> bool:
        """Return whether a column tells how old products are."""
        return bool(date_column(self.catalog))

    @property
    def parts(self) -> tuple[str, ...]:
        """Return the parts of the score that this catalog has data for."""
        return self.engine.comparer.parts

    @cached_property
    def map(self) -> MapData:
        """Return the map.

        Raises:
            QueryError: it is not built yet.
        """
        folder = self._part("map")
        with open_artifact(folder) as params:
            data = MapData(np.load(folder / "xy.npy"), np.load(folder / "cluster.npy"), tuple(params["labels"]))
        self._check("map", len(data.xy))
        return data

    def by(self, metric: Metric) -> Self:
        """Return the same catalog, but with vectors compared by ``metric``; no index is rebuilt."""
        other = copy.copy(self)
        other.__dict__["engine"] = self.engine.by(metric)
        return other

    def with_setting(self, setting: Setting) -> Self:
        """Return the same catalog with another default of what similar means; no index is rebuilt."""
        other = self.by(setting.metric)
        other.engine.weights = setting.weights  # that ``by`` made
        return other

    def as_typed(self) -> Self:
        """Return the same catalog, but the words of a text are never read as others that mean the same."""
        other = copy.copy(self)
        other.__dict__["engine"] = self.engine.as_typed()
        return other

    def at(self, ef: int) -> Self:
        """Return the same catalog, but with ``ef`` vectors searched for candidates by the index."""
        other = copy.copy(self)
        other.__dict__["engine"] = self.engine.at(ef)
        return other

    def warm_up(self) -> None:
        """Load what the first search would wait for: both indexes, and the encoder by encoding a word."""
        self.engine.search(Query(text="warm-up"), 1)

    def search(self, query: Query, k: int = 10, options: SearchOptions = SearchOptions()) -> SearchResult:
        """Find the k products closest to the query; see ``SearchEngine.search``."""
        return self.engine.search(query, k, options)

    def explain(
        self,
        query: Query,
        sku: str,
        weights: Weights | None = None,
        *,
        by_meaning: bool = False,
        hits: Sequence[Hit] | None = None,
    ) -> "Explanation":
        """Explain a product's score in a search; ``by_meaning`` uses the encoder; see ``prodsim.explain.explain``."""
        from prodsim.explain import explain  # only explaining pays

        encode = (lambda texts: self._encoder().encode(texts, "product")) if by_meaning else None
        return explain(self.engine, self.catalog, self._text, query, sku, weights, encode=encode, hits=hits)

    def explain_look(self, query: Query, sku: str) -> "tuple[ComparedPicture, ComparedPicture] | None":
        """Return which pictures make a product look like the query, and where; see ``prodsim.explain.explain_look``.

        Raises:
            StaleArtifact: the catalog's pictures were read in another way.
        """
        from prodsim.explain import explain_look  # only explaining pays

        if self.look is None:
            return None
        return explain_look(self.engine, query, sku, self._read_pictures, self._see, self._picture_encoder().side)

    def imitate(self, query: Query, sku: str) -> "Surrogate":
        """Imitate what the re-ranker, or without one the encoder, says of a product by a sum over its words.

        A re-ranker is asked about the query's text, or about its first product; see ``prodsim.explain.imitate``.

        Raises:
            QueryError: the query is empty or names an unknown SKU.
        """
        from prodsim.explain import closeness, imitate  # only explaining pays

        rows, typed = self.engine.lookup.resolve(query)
        text = self._text(self.engine.lookup.row(sku))
        if self._get_reranker is None:
            measure = closeness(self.engine, query)
            return imitate(lambda texts: measure(self._encoder().encode(texts, "product")), text)
        reranker, asked = self._get_reranker(), typed or self._text(rows[0])
        return imitate(lambda texts: reranker.score([(asked, other) for other in texts]), text)

    def short_explanations(self, query: Query, hits: Sequence[Hit], weights: Weights | None = None) -> list[str]:
        """Explain each hit in a short sentence; see ``prodsim.explain.short_explanations``."""
        from prodsim.explain import short_explanations  # only explaining pays

        return short_explanations(self.engine, self.catalog, self._text, query, hits, weights)

    @cached_property
    def asker(self) -> "Asker":
        """Return what answers shoppers' questions; read the catalog's words at its first use."""
        from prodsim.ask import Asker  # its patterns take their time to compile

        return Asker(self.catalog, self.engine)

    def subject(
        self, level: "Level" = "usual", threshold: float | None = None, judged: "JudgedPairs" = ()
    ) -> "Subject":
        """Return the catalog as checks see it."""
        from prodsim.quality import Subject  # only checking pays

        base = Path(self.info.base) if self.info.base else None
        return Subject(
            self.catalog,
            self.engine.comparer,
            self.graph,
            self.calibration,
            level,
            threshold,
            judged,
            base,
            self.picture_problems,
            self.lettering,
        )

    def check(
        self,
        kinds: Sequence[str] = (),
        level: "Level" = "usual",
        progress: Progress = SILENT,
        *,
        threshold: float | None = None,
        judged: "JudgedPairs" = (),
    ) -> "CheckReport":
        """Check the catalog; returns at once where it was checked before; see ``checks.check_catalog``."""
        from prodsim.workspace.checks import check_catalog  # only checking pays

        return check_catalog(self._folder, self.info, self.subject(level, threshold, judged), kinds, progress)

    def kept_findings(self, kinds: Sequence[str] = (), judged: "JudgedPairs" = ()) -> tuple[Finding, ...]:
        """Return what earlier checks found, without running any; see ``checks.kept_findings``."""
        from prodsim.workspace.checks import kept_findings  # only checking pays

        return kept_findings(self._folder, self.info, self.engine.comparer.metric, kinds, judged)

    @property
    def changed(self) -> int:
        """Return a number that is another one as soon as something is added to the catalog, such as findings."""
        return self._folder.stat().st_mtime_ns

    def neighbours(
        self, k: int = 10, weights: Weights | None = None, across: str | None = None, progress: Progress = SILENT
    ) -> pd.DataFrame:
        """Return all neighbours as a table sku, neighbour_sku, rank, score; see ``SearchEngine.neighbours``."""
        return self.engine.neighbours(k, weights, across=across, progress=progress)

    def search_file(
        self, path: Path, k: int = 10, options: SearchOptions = SearchOptions(), *, progress: Progress = SILENT
    ) -> pd.DataFrame:
        """Answer every query of a table with the columns query_id, and query or sku; see ``SearchEngine.search_many``.

        Returns:
            A table query_id, sku, rank (from 1), score; queries in file order. A SKU's own product is left out.

        Raises:
            CatalogError: the table cannot be read or lacks a column.
            QueryError: a query is empty or names an unknown SKU; says which.
        """
        from prodsim.catalog import read_whole_table  # opening a catalog must not wait for what reads files

        table = read_whole_table(path)
        if "query_id" not in table or not {"query", "sku"} & set(table):
            raise CatalogError(
                phrase(
                    "{file}: the columns query_id, and query or sku, are needed; the file has {columns}.",
                    file=path.name,
                    columns=", ".join(map(str, table.columns)),
                ),
                phrase("Rename the columns accordingly."),
            )
        for name in ("query", "sku"):
            if name not in table:
                table[name] = ""
        queries = [Query(text, (sku,) if sku else ()) for text, sku in zip(table["query"], table["sku"], strict=True)]
        results = self.engine.search_many(queries, k, options, progress=progress)
        rows = [
            (number, hit.sku, rank, hit.score)
            for number, result in zip(table["query_id"], results, strict=True)
            for rank, hit in enumerate(result.hits, 1)
        ]
        return pd.DataFrame(rows, columns=["query_id", "sku", "rank", "score"])

    def map_table(self) -> pd.DataFrame:
        """Return the map as a table sku, x, y, cluster, label, in catalog order."""
        data = self.map
        return pd.DataFrame(
            {
                "sku": self.catalog.products["sku"],
                "x": data.xy[:, 0],
                "y": data.xy[:, 1],
                "cluster": data.cluster,
                "label": data.cluster_names(),
            }
        )

    def _text(self, row: int) -> str:
        """Return a product's text as it was indexed."""
        return self._texts(np.array([row]))[0]

    def _texts(self, rows: Rows) -> list[str]:
        return compose_texts(Catalog(self.catalog.products.iloc[rows]), TextRecipe(**self.info.recipe))

    def _rerank(self, one: str | int, rows: Rows) -> NDArray[np.float32]:
        """Score a text, or a product, with each of the rows by the re-ranker."""
        assert self._get_reranker is not None  # else the engine has no such part
        text = one if isinstance(one, str) else self._text(one)
        return self._get_reranker().score([(text, other) for other in self._texts(rows)])

    def _see_file(self, picture: bytes) -> Vectors:
        """Return the looks of a picture's file, as those of the products' pictures."""
        return self._see([decode(picture, self._picture_encoder().side).pixels])

    def _see(self, pictures: Iterable[Pixels]) -> Vectors:
        """Return the looks of pictures, as those of the products' pictures."""
        assert self.look is not None  # else nothing is compared by it
        return self.look.centre.looks(sketched_vectors(pictures, self._picture_encoder()))

    def _pictured(self, text: str) -> Vectors | None:
        """Return the looks that a text speaks of; ``None`` where pictures are encoded by what reads no texts."""
        own = {spec.name for spec in PICTURE_ENCODERS}  # none of these does, and opening them takes its time
        if self.look is None or self.look.encoder in own:
            return None
        encoder = self._picture_encoder()
        if not (isinstance(encoder, TextReader) and encoder.reads_texts):
            return None
        return looks_of_texts(encoder.encode_texts([text]), self._vectors_of_titles)

    @cached_property
    def _vectors_of_titles(self) -> Vectors:
        """Return the vectors of some titles, evenly spread, by an encoder of pictures that reads texts."""
        encoder = self._picture_encoder()
        assert isinstance(encoder, TextReader)
        titles = self.catalog.products["title"]
        return encoder.encode_texts(titles.iloc[:: max(1, len(titles) // SAMPLED_TITLES)].tolist())

    def _read_pictures(self, row: int) -> list[bytes]:
        """Return the files of a product's pictures that are compared, the main one first; raises ``PictureError``."""
        places = picture_places(Catalog(self.catalog.products.iloc[[row]]))[0]
        compared = [place for place in places if place not in self.picture_problems]
        with PictureFiles(Path(self.info.base) / self.info.source) as files:
            read = picture_reader(files, self._read_fetched)
            return list({picture_digest(data): data for data in map(read, compared)}.values())

    def _picture_encoder(self) -> PictureEncoder:
        """Return what the catalog's pictures were encoded by."""
        assert self.look is not None  # else nothing was
        encoder = self._get_picture_encoder(self.look.encoder)
        if reading_of(encoder) != self.look.fingerprint:
            raise StaleArtifact(
                phrase(
                    "The pictures of “{name}” were read by another version of prodsim or of the encoder {encoder}.",
                    name=self.name,
                    encoder=self.look.encoder,
                ),
                phrase("Build it again."),
            )
        return encoder

    def _encoder(self) -> Encoder:
        encoder = self._get_encoder()
        if encoder.fingerprint != self.info.encoder_fingerprint:
            raise StaleArtifact(
                phrase(
                    "“{name}” was built with another version of the encoder {encoder}.",
                    name=self.name,
                    encoder=self.info.encoder,
                ),
                phrase("Build it again. Until then, products are still found by SKU and by words."),
            )
        return encoder

    def _check(self, step: str, n: int) -> None:
        """Raise ``StaleArtifact`` for a part of another catalog; parts of before 0.3.0 do not name theirs."""
        if n != self.info.products:
            raise StaleArtifact(
                phrase(
                    'The saved {part} of “{name}” has {n:,} products, not {expected:,}.',
                    part=step, name=self.name, n=n, expected=self.info.products,
                ),
                phrase("Build it again."),
            )  # fmt: skip

    def _part(self, step: str) -> Path:
        if step in self.info.artifacts:
            return self._folder / self.info.artifacts[step]
        if step in ("graph", "map"):  # they follow after a catalog can be searched
            raise QueryError(
                phrase("“{name}” is not fully built yet: the {part} is missing.", name=self.name, part=step),
                phrase("Wait for the build, or start it again."),
            )
        raise StaleArtifact(
            phrase("“{name}” was built by an older version of prodsim: {part} is missing.", name=self.name, part=step),
            phrase(
                "Build it again from its file: “Refresh” on the Catalog page, or `prodsim build`."
                " What still fits is reused."
            ),
        )
