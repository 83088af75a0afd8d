import pytest

from prodsim.encoders.colour_grid import ColourGridEncoder
from prodsim.errors import Cancelled
from prodsim.look import encode_pictures, open_store
from prodsim.look import encoding as module
from prodsim.pictures import PictureError
from prodsim.progress import SILENT, ForwardingProgress
from tests.pictures.drawn import draw, saved

FILES = {
    "red.png": saved(draw("disc", "red")),
    "copy.png": saved(draw("disc", "red")),
    "blue.jpg": saved(draw("square", "blue"), "JPEG"),
    "page.jpg": b"<html>",
    "page2.jpg": b"<html>",
}


def read(place):
    if place not in FILES:
        raise PictureError("missing", place)
    return FILES[place]


def test_each_file_is_encoded_once_and_each_problem_is_named(tmp_path):
    encoder = ColourGridEncoder()
    store = open_store(tmp_path, encoder)

    first = encode_pictures([*FILES, "gone.jpg"], read, encoder, store, SILENT)
    again = encode_pictures([*FILES], read, encoder, open_store(tmp_path, encoder), SILENT)

    assert (first.encoded, again.encoded, len(store)) == (2, 0, 2)
    assert first.digests["red.png"] == first.digests["copy.png"] != first.digests["blue.jpg"]
    assert first.problems == {"page.jpg": "unreadable", "page2.jpg": "unreadable", "gone.jpg": "missing"}


def test_what_was_encoded_before_a_cancel_is_kept(tmp_path, monkeypatch):
    class Stopping(ForwardingProgress):
        def advance(self, n=1):
            raise Cancelled

    monkeypatch.setattr(module, "PICTURES_PER_SAVE", 1)
    encoder = ColourGridEncoder()

    with pytest.raises(Cancelled):
        encode_pictures([*FILES], read, encoder, open_store(tmp_path, encoder), Stopping(SILENT))

    assert encode_pictures([*FILES], read, encoder, open_store(tmp_path, encoder), SILENT).encoded == 1
