"""Pictures from the web: what is fetched, kept, asked again and refused."""

from collections import Counter

import pytest

from prodsim.errors import Cancelled
from prodsim.pictures import PictureError, fetching
from prodsim.pictures.fetching import FetchedPictures
from prodsim.progress import SILENT, ForwardingProgress
from prodsim.sources import FetchRules
from tests.pictures.drawn import draw, saved
from tests.pictures.test_decoding import png_of
from tests.sources.conftest import QUICK, serving

RED = saved(draw("disc", "red"))


@pytest.fixture(scope="module")
def shop():
    """A server of pictures."""
    with serving("http") as server:
        server.answer("/red.png", RED, etag='"1"')
        server.answer("/again.png", RED)
        yield server


def asked(server, path):
    return Counter(each for each, _ in server.requests)[path]


def test_pictures_are_fetched_once_and_kept_by_their_contents(shop, tmp_path):
    places = [f"{shop.url}/red.png", f"{shop.url}/again.png"]
    pictures = FetchedPictures(tmp_path, QUICK)
    pictures.fetch(places, SILENT)
    before = asked(shop, "/red.png")
    pictures.fetch(places, SILENT)

    assert [pictures.read(place) for place in places] == [RED, RED]
    assert len([path for path in (tmp_path / "files").rglob("*") if path.is_file()]) == 1
    assert asked(shop, "/red.png") == before


def test_after_a_week_only_a_changed_picture_is_sent_again(shop, tmp_path, monkeypatch):
    monkeypatch.setattr(fetching, "FRESH_S", 0)
    place = shop.behave("/week.png", lambda handler: _tagged(handler))
    pictures = FetchedPictures(tmp_path, QUICK)
    pictures.fetch([place], SILENT)
    pictures.fetch([place], SILENT)

    headers = [headers for path, headers in shop.requests if path == "/week.png"]
    assert [each.get("if-none-match") for each in headers] == [None, '"7"']
    assert pictures.read(place) == RED


def _tagged(handler):
    is_known = handler.headers["If-None-Match"] == '"7"'
    handler.send_response(304 if is_known else 200)
    handler.send_header("ETag", '"7"')
    handler.send_header("Content-Length", "0" if is_known else str(len(RED)))
    handler.end_headers()
    handler.wfile.write(b"" if is_known else RED)


def test_nothing_that_is_no_picture_is_kept_and_each_is_told(shop, tmp_path):
    attacks = {
        shop.answer("/page.png", b"<html>sign in</html>", content_type="text/html"): "unreachable",
        shop.answer("/text.png", b"no picture"): "unreadable",
        shop.answer("/script.svg", b"<svg><script>alert(1)</script></svg>"): "drawing",
        shop.answer("/bomb.png", png_of(60_000, 60_000)): "too large",
        shop.behave("/endless.png", _endless): "unreachable",
        shop.redirect("/inside.png", "http://169.254.169.254/latest/meta-data"): "unreachable",
        "https://[::1/broken.png": "unreachable",
        f"{shop.url}/none.png": "unreachable",
    }
    pictures = FetchedPictures(tmp_path, QUICK)
    pictures.fetch(attacks, SILENT)

    assert {place: _problem(pictures, place) for place in attacks} == attacks
    assert not [path for path in (tmp_path / "files").rglob("*") if path.is_file()]
    assert not [*tmp_path.glob("*.tmp")]


def _endless(handler):
    handler.send_response(200)
    handler.end_headers()
    while True:
        handler.wfile.write(b"\x89PNG" * 5_000)


def _problem(pictures, place):
    with pytest.raises(PictureError) as caught:
        pictures.read(place)
    return caught.value.problem


@pytest.mark.parametrize("host", ["127.0.0.1", "10.0.0.1", "[::ffff:192.168.0.1]"])
def test_private_addresses_are_not_asked(tmp_path, host):
    pictures = FetchedPictures(tmp_path, FetchRules(connect_s=0.5))
    pictures.fetch([f"https://{host}/red.png"], SILENT)

    assert _problem(pictures, f"https://{host}/red.png") == "unreachable"


def test_a_host_that_fails_again_and_again_is_left_alone(shop, tmp_path):
    places = [f"{shop.url}/gone-{number}.png" for number in range(60)]

    FetchedPictures(tmp_path, QUICK).fetch(places, SILENT)

    assert sum(path.startswith("/gone-") for path, _ in shop.requests) <= fetching.MAX_HOST_FAILURES + fetching.PER_HOST


def test_what_was_fetched_before_a_cancel_is_kept(shop, tmp_path):
    class Stopping(ForwardingProgress):
        def advance(self, n=1):
            raise Cancelled

    pictures = FetchedPictures(tmp_path, QUICK)
    with pytest.raises(Cancelled):
        pictures.fetch([f"{shop.url}/red.png"], Stopping(SILENT))

    assert pictures.read(f"{shop.url}/red.png") == RED
