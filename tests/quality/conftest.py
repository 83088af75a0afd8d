"""A catalog as checks see it, made of a few columns, with the encoder that needs no model."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from prodsim.catalog import PRODUCT_FIELDS, Catalog, make_catalog, propose_columns, read_table
from prodsim.encoders.colour_grid import ColourGridEncoder
from prodsim.encoders.hashing import HashingEncoder
from prodsim.encoders.text_recipe import TextRecipe, compose_texts
from prodsim.graph import build_graph
from prodsim.index import ExactIndex, GroupedIndex, unique_vectors
from prodsim.lexical import LexicalIndex
from prodsim.look import LookIndex, sketched_vectors
from prodsim.pictures import PictureFiles, decode
from prodsim.quality import Level, Subject
from prodsim.search import Comparer, ScoreCalibration
from prodsim.traits import TraitIndex

SAMPLES = Path(__file__).resolve().parent.parent.parent / "sample_data"

MakeSubject = Callable[..., Subject]


def subject_of(products: pd.DataFrame, level: Level = "usual", k: int = 10) -> Subject:
    """A catalog of some columns; fields that are not given are empty, SKUs are P0, P1 and so on."""
    frame = pd.DataFrame({field: products.get(field, pd.Series("", products.index)) for field in PRODUCT_FIELDS})
    frame["price"] = pd.to_numeric(frame["price"], errors="coerce").astype("float64")
    if "sku" not in products:
        frame["sku"] = [f"P{row}" for row in range(len(frame))]
    text = [name for name in frame if name != "price"]
    rest = products[[name for name in products if name not in PRODUCT_FIELDS]]
    return subject_from(
        Catalog(pd.concat([frame.astype(dict.fromkeys(text, "str")), rest.astype("str")], axis=1)), level, k
    )


def subject_from(catalog: Catalog, level: Level = "usual", k: int = 10) -> Subject:
    """A catalog with its vectors, neighbours and chance."""
    encoder, texts = HashingEncoder(), compose_texts(catalog, TextRecipe())
    unique, group_of = unique_vectors(encoder.encode(texts))
    index = ExactIndex(unique)
    comparer = Comparer(
        GroupedIndex(index, group_of), LexicalIndex.build(texts), TraitIndex.build(catalog), index.metric
    )
    titles = catalog.products["title"].tolist()
    calibration = ScoreCalibration.measure(comparer, titles, lambda typed: encoder.encode(typed, "query"))
    return Subject(catalog, comparer, build_graph(index, k), calibration, level)


@pytest.fixture
def make_subject() -> MakeSubject:
    """Gives a ``Subject`` of a small ``DataFrame``; see ``subject_of``."""
    return subject_of


@pytest.fixture(scope="session")
def sample_looks(samples: dict[str, Subject]) -> dict[str, LookIndex]:
    """The pictures of both sample catalogs, by name, compared without a model."""
    encoder, looks = ColourGridEncoder(), {}
    for name, subject in samples.items():
        images = subject.catalog.products["image"].tolist()
        places = list(dict.fromkeys(filter(None, images)))
        with PictureFiles(SAMPLES / f"{name}.csv") as files:
            pictures = [decode(files.read(place), encoder.side).pixels for place in places]
        position_of = {place: position for position, place in enumerate(places)}
        mains = [position_of.get(image, -1) for image in images]
        pictures_of = [[main] if main >= 0 else [] for main in mains]
        looks[name] = LookIndex.of("colour-grid", "f", sketched_vectors(pictures, encoder), pictures_of, mains)
    return looks


@pytest.fixture(scope="session")
def samples() -> dict[str, Subject]:
    """Both sample catalogs, by name."""
    found = {}
    for name in ("outdoor", "beauty_zh"):
        table = read_table(SAMPLES / f"{name}.csv")
        found[name] = subject_from(make_catalog(table, propose_columns(table).mapping), k=30)
    return found
