import io

import av
import numpy as np
import pytest
from PIL import Image

from prodsim.catalog import make_catalog, read_table
from prodsim.pictures import PictureError, PictureFiles, main_picture, picture_places
from prodsim.pictures.videos import read_scenes, scene_places
from tests.pictures.drawn import draw


@pytest.fixture(scope="module")
def film():
    """Bytes of three scenes of two seconds each, the second with the most detail."""
    stream = io.BytesIO()
    with av.open(stream, "w", format="mp4") as container:
        video = container.add_stream("mpeg4", rate=4)
        video.width, video.height, video.pix_fmt = 96, 96, "yuv420p"
        for shape, colour, ground in (("disc", "red", "white"), ("bars", "navy", "yellow"), ("disc", "teal", "black")):
            frame = av.VideoFrame.from_image(draw(shape, colour, (96, 96), ground))
            for _ in range(8):
                container.mux(video.encode(frame))
        container.mux(video.encode(None))
    return stream.getvalue()


def test_each_scene_gives_a_frame_and_the_one_with_most_detail_is_the_poster(film):
    scenes = read_scenes(film)

    corners = [np.asarray(Image.open(io.BytesIO(scene.data)))[2, 10].astype(int) for scene in scenes]
    assert [round(scene.seconds / 2) for scene in scenes] == [1, 0, 2]
    assert np.abs(np.array(corners) - [[255, 255, 0], [255, 255, 255], [0, 0, 0]]).max() < 60


def test_videos_in_any_column_of_pictures_or_videos_are_pictures_of_the_product(film, tmp_path):
    (tmp_path / "a clip.mp4").write_bytes(film)
    path = tmp_path / "shop.csv"
    path.write_text(
        "sku,title,image,video\nA,Mug,,a clip.mp4\nB,Jug,a clip.mp4,https://shop.example/x.mp4\nC,Pan,1.png,\n",
        encoding="utf-8",
    )
    catalog = make_catalog(read_table(path), {"sku": "sku", "title": "title", "image": "image"})

    places = picture_places(catalog)

    assert places == [scene_places("a clip.mp4"), scene_places("a clip.mp4"), ("1.png",)]
    with PictureFiles(path) as files:
        assert files.read(main_picture("a clip.mp4")) == read_scenes(film)[0].data
        with pytest.raises(PictureError, match="a video with fewer scenes"):
            files.read(places[0][3])


@pytest.mark.parametrize("data", [b"", b"no video", b"\x00\x00\x00\x18ftypmp42" + bytes(40)])
def test_what_is_no_video_is_refused(data):
    with pytest.raises(PictureError):
        read_scenes(data)


def test_a_list_of_other_files_is_no_video(film, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "private.mp4").write_bytes(film)

    with pytest.raises(PictureError):
        read_scenes(b"ffconcat version 1.0\nfile private.mp4\n")
