import zipfile

import pytest

from prodsim.pictures import PictureError, PictureFiles


@pytest.fixture
def source(tmp_path):
    """A catalog's file in a folder with a picture, below one with a secret."""
    folder = tmp_path / "shop"
    (folder / "images").mkdir(parents=True)
    (folder / "images" / "red mug.jpg").write_bytes(b"mug")
    (tmp_path / "secret.jpg").write_bytes(b"secret")
    return folder / "catalog.csv"


def test_pictures_are_read_from_the_catalogs_folder(source):
    with PictureFiles(source) as files:
        read = [files.read(place) for place in ("images/red mug.jpg", r"images\red mug.jpg", "images/red%20mug.jpg")]

    assert read == [b"mug"] * 3


def test_a_zip_that_is_replaced_is_read_anew(source):
    for content in (b"first", b"the second"):
        with zipfile.ZipFile(source.parent / "pictures.zip", "w") as archive:
            archive.writestr("images/blue.jpg", content)
        with PictureFiles(source) as files:
            assert files.read("images/blue.jpg") == content


@pytest.mark.parametrize("place", ["../secret.jpg", "images/../../secret.jpg", "..\\secret.jpg", "%2e%2e/secret.jpg"])
def test_nothing_outside_of_the_folder_is_read(source, place):
    with PictureFiles(source) as files, pytest.raises(PictureError) as caught:
        files.read(place)

    assert caught.value.problem in ("outside", "missing")


def test_an_absolute_path_or_a_link_leads_nowhere(source, tmp_path):
    with PictureFiles(source) as files, pytest.raises(PictureError, match="out of the folder"):
        files.read(str(tmp_path / "secret.jpg"))


def test_pictures_are_read_from_zips(source):
    with zipfile.ZipFile(source.parent / "pictures.zip", "w") as archive:
        archive.writestr("Images/Blue.JPG", b"blue")
    with zipfile.ZipFile(source.parent / "all.zip", "w") as archive:
        archive.writestr("export/catalog.csv", b"sku")
        archive.writestr("export/images/own.jpg", b"own")
        archive.writestr("../evil.jpg", b"evil")

    with PictureFiles(source.parent / "all.zip") as files:
        assert [files.read("images/blue.jpg"), files.read("images/own.jpg")] == [b"blue", b"own"]
        with pytest.raises(PictureError, match="no such picture"):
            files.read("images/none.jpg")
