import pytest
from PIL import Image, ImageDraw, ImageFont

from prodsim.pictures.lettering import KeptLettering, LetteringReader
from tests.pictures.drawn import draw, saved


@pytest.fixture(scope="session")
def reader():
    return LetteringReader()


def lettered(*lines):
    image = draw("disc", "teal", (320, 320))
    pen = ImageDraw.Draw(image)
    for number, line in enumerate(lines):
        pen.text((20, 20 + 240 * number), line, "darkred", ImageFont.load_default(24))
    return saved(image)


def test_lines_are_read_with_the_share_that_they_cover(reader):
    lines = reader.read(lettered("SALE 50% OFF", "RX-200"))

    assert [line.text for line in lines] == ["SALE 50% OFF", "RX-200"]
    assert 0.03 < lines[0].share < 0.2


def test_a_picture_is_read_once(reader, tmp_path):
    data = lettered("KAFFA")
    first = KeptLettering(tmp_path, reader).lines(data)
    (note,) = tmp_path.rglob("*.json")
    note.write_text(note.read_text(encoding="utf-8").replace("KAFFA", "LUMO"), encoding="utf-8")

    assert [line.text for line in first] == ["KAFFA"]
    assert [line.text for line in KeptLettering(tmp_path, reader).lines(data)] == ["LUMO"]


def test_a_picture_without_letters_has_no_lines(reader):
    assert reader.read(saved(Image.new("RGB", (64, 64), "navy"))) == ()
