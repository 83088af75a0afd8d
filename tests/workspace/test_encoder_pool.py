from pathlib import Path

from prodsim.settings import Settings
from prodsim.workspace.encoder_pool import EncoderPool


def test_as_many_models_stay_open_as_the_settings_say(tmp_path):
    pool = EncoderPool(Settings(tmp_path, open_catalogs=2))
    first, second = (pool.open("hashing", Path(name)) for name in ("a", "b"))

    assert pool.open("hashing", Path("a")) is first
    pool.open("hashing", Path("c"))

    assert pool.open("hashing", Path("a")) is first
    assert pool.open("hashing", Path("b")) is not second
