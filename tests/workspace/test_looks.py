import numpy as np
import pytest
from PIL import ImageDraw, ImageFont

from prodsim.catalog import make_catalog, read_table
from prodsim.errors import QueryError
from prodsim.pictures import PictureError
from prodsim.progress import SILENT
from prodsim.search import Query, SearchOptions
from prodsim.settings import Settings
from prodsim.similarity import Weights
from prodsim.workspace import BuildRequest, Workspace
from prodsim.workspace.looks import load_look, load_problems, make_look
from prodsim.workspace.request import request_of
from tests.pictures.drawn import draw, saved

BY_LOOK = SearchOptions(weights=Weights(look=1.0))


@pytest.fixture
def gallery(gallery_home):
    """The gallery; what changes it puts it back."""
    return Workspace(Settings(gallery_home))


def test_products_are_found_by_their_pictures(gallery):
    result = gallery.open().search(Query(like=("P0",)), 5, BY_LOOK)

    assert result.hits[0].sku == "P1"
    assert all(hit.score == pytest.approx(sum(hit.parts.values())) for hit in result.hits)


def test_what_cannot_be_compared_is_kept_with_its_reason(gallery):
    opened = gallery.open()
    folder = gallery.layout.catalog("shop") / opened.info.artifacts["look"]

    assert load_problems(folder) == {"4.png": "missing"}
    assert "look" in opened.parts
    assert opened.look.has_pictures.tolist() == [True] * 4 + [False] * 2


def test_another_picture_in_a_file_is_encoded_at_the_next_build(gallery):
    folder = gallery.settings.home.parent
    before = gallery.open().info.artifacts["look"]
    gallery.build(BuildRequest(folder / "shop.csv", encoder="hashing", picture_encoder="colour-grid"))
    same = gallery.open().info.artifacts["look"]
    draw("square", "green").save(folder / "4.png")

    gallery.build(BuildRequest(folder / "shop.csv", encoder="hashing", picture_encoder="colour-grid"))
    opened = gallery.open()
    (folder / "4.png").unlink()

    assert before == same != opened.info.artifacts["look"]
    assert opened.look.product_scores(4, np.array([4]))[0] == pytest.approx(1, abs=1e-2)


def test_products_are_found_by_a_picture_and_words_beside_it(gallery):
    opened = gallery.open()
    photo = saved(draw("bars", "mediumblue", (200, 160)), "JPEG")

    by_picture = opened.search(Query(picture=photo), 2, BY_LOOK)
    with_words = opened.search(Query("number 0", picture=photo), 6, SearchOptions(weights=Weights(look=0.1, words=1.0)))

    assert {hit.sku for hit in by_picture.hits} == {"P2", "P3"}
    assert by_picture.hits[0].parts.keys() == {"look"}
    assert with_words.hits[0].sku == "P0"
    assert all(hit.score == pytest.approx(sum(hit.parts.values())) for hit in with_words.hits)


def test_a_product_without_text_is_one_once_its_picture_can_be_seen(tmp_path):
    workspace = Workspace(Settings(tmp_path / "home"))
    (tmp_path / "shop.csv").write_text("sku,title,image\nA,Mug,a.png\nB,,b.png\n", encoding="utf-8")
    request = BuildRequest(tmp_path / "shop.csv", encoder="hashing", picture_encoder="none")

    before = workspace.build(request).info.products
    draw("square", "green").save(tmp_path / "b.png")
    after = workspace.build(request).info.products

    assert (before, after) == (1, 2)


def test_what_is_no_picture_or_does_not_count_is_refused_in_words(gallery):
    opened = gallery.open()

    with pytest.raises(PictureError, match="no picture"):
        opened.search(Query(picture=b"text"), 2, BY_LOOK)
    with pytest.raises(QueryError, match="Look has no weight"):
        opened.search(Query(picture=b"text"), 2, SearchOptions(weights=Weights(words=1.0)))


def test_neighbours_and_reasons_know_the_look(gallery):
    opened = gallery.open()
    table = opened.neighbours(1, Weights(look=1.0))
    explanation = opened.explain(Query(like=("P0",)), "P1", Weights(look=1.0))
    of_unknown = opened.explain(Query(like=("P0",)), "P5", Weights(look=1.0))

    assert dict(zip(table["sku"], table["neighbour_sku"], strict=True))["P0"] == "P1"
    assert "similar: shapes and patterns" in explanation.parts[0].sentence
    assert "both show red" in explanation.parts[0].sentence
    assert "has no picture" in of_unknown.parts[0].sentence


def test_a_product_without_a_picture_stands_between_alike_and_unlike_ones(gallery):
    result = gallery.open().search(Query(like=("P0",)), 5, BY_LOOK)
    score = {hit.sku: hit.score for hit in result.hits}

    assert score["P1"] > score["P5"] > min(score["P2"], score["P3"])


def test_a_query_without_a_picture_gives_the_weight_of_the_look_to_the_other_parts(gallery):
    opened, weights = gallery.open(), Weights(words=1.0, look=1.0)
    result = opened.search(Query(like=("P5",)), 5, SearchOptions(weights=weights))
    explanation = opened.explain(Query(like=("P5",)), "P4", weights)

    by_words = opened.search(Query(like=("P5",)), 5, SearchOptions(weights=Weights(words=1.0)))

    assert [hit.parts for hit in result.hits] == [hit.parts for hit in by_words.hits]
    assert "no picture" in result.note
    assert [(part.name, part.contribution) for part in explanation.parts][-1] == ("look", 0.0)


def test_what_has_no_picture_takes_nothing_from_the_look_of_others(gallery):
    opened, options = gallery.open(), SearchOptions(weights=Weights(look=1.0))
    score = {hit.sku: hit.score for hit in opened.search(Query(like=("P0", "P5")), 5, options).hits}

    assert score["P1"] == opened.search(Query(like=("P0",)), 1, options).hits[0].score


def test_a_catalog_of_drawings_opens_no_encoder_and_says_why_they_are_left_out(tmp_path):
    (tmp_path / "mug.svg").write_text("<svg/>", encoding="utf-8")
    catalog = make_catalog(
        _table(tmp_path, "sku,title,image\nA,Mug,mug.svg\nB,Lamp,https://shop.example/lamp.jpg\n"), MAPPING
    )

    folder = make_look(catalog, tmp_path / "shop.csv", pytest.fail, tmp_path, lambda *of: tmp_path / "look", SILENT)

    assert load_look(folder) is None
    assert load_problems(folder) == {"mug.svg": "drawing", "https://shop.example/lamp.jpg": "not fetched"}


MAPPING = {"sku": "sku", "title": "title", "image": "image"}


def _table(folder, text):
    (folder / "shop.csv").write_text(text, encoding="utf-8")
    return read_table(folder / "shop.csv")


def test_text_on_pictures_is_found_and_advertising_named(tmp_path):
    rows = ["sku,title,image"]
    for number, text in enumerate(("SALE 50% OFF", "", "", "")):
        image = draw("disc", "teal", (320, 320))
        ImageDraw.Draw(image).text((20, 20), text, "darkred", ImageFont.load_default(32))
        image.save(tmp_path / f"{number}.png")
        rows.append(f"P{number},Mug number {number},{number}.png")
    (tmp_path / "shop.csv").write_text("\n".join(rows), encoding="utf-8")
    workspace = Workspace(Settings(tmp_path / "home"))
    request = BuildRequest(tmp_path / "shop.csv", encoder="hashing", picture_encoder="colour-grid", read_pictures=True)

    info = workspace.build(request).info
    opened = workspace.open()
    findings = opened.check(["picture text"]).findings

    assert request_of(info).read_pictures
    assert opened.search(Query("sale"), 1, SearchOptions(weights=Weights(words=1.0))).hits[0].sku == "P0"
    assert [finding.skus for finding in findings] == [("P0",)]
    assert "“SALE 50% OFF”; advertising text covers" in findings[0].what
