import pytest

from prodsim.search import Query
from prodsim.settings import Settings
from prodsim.workspace import Workspace
from tests.pictures.drawn import draw, saved


@pytest.fixture
def gallery(gallery_home):
    return Workspace(Settings(gallery_home)).open()


def test_the_two_pictures_that_are_most_alike_come_with_their_files_and_regions(gallery, gallery_home):
    own, other = gallery.explain_look(Query(like=("P0",)), "P1")

    assert [own.data, other.data] == [(gallery_home.parent / f"{n}.png").read_bytes() for n in (0, 1)]
    assert (own.number, own.n_pictures) == (1, 1)
    assert own.regions.max() > 0


def test_a_photo_is_explained_as_it_is(gallery):
    photo = saved(draw("bars", "mediumblue", (200, 160)), "JPEG")

    own, other = gallery.explain_look(Query("blue", picture=photo), "P2")

    assert own.data == photo
    assert other.regions.max() > 0


def test_without_a_picture_there_is_nothing_to_show(gallery):
    assert gallery.explain_look(Query(like=("P0",)), "P5") is None
    assert gallery.explain_look(Query(like=("P5",)), "P0") is None
