from pathlib import Path

import pytest
from streamlit import config

from pages.shared.server_paths import check_model, readable_folders
from prodsim.errors import EncoderError


@pytest.fixture
def address():
    """Sets the address that the server listens on."""
    before = config.get_option("server.address")
    yield lambda value: config.set_option("server.address", value)
    config.set_option("server.address", before)


def test_who_serves_this_machine_alone_reads_its_persons_folders(home, monkeypatch, address):
    monkeypatch.delenv("PRODSIM_ALLOWED_FOLDERS")
    for own in ("127.0.0.1", "localhost", "::1"):
        address(own)
        assert {Path.home(), Path.cwd(), home / "uploads"} < set(readable_folders())


def test_who_serves_others_reads_what_the_operator_says_and_nothing_otherwise(home, monkeypatch, address, tmp_path):
    monkeypatch.delenv("PRODSIM_ALLOWED_FOLDERS")
    for others in ("0.0.0.0", "", "192.168.0.5"):
        address(others)
        assert not {Path.home(), Path.cwd()} & set(readable_folders())
    monkeypatch.setenv("PRODSIM_ALLOWED_FOLDERS", str(tmp_path / "data"))
    assert readable_folders()[0] == tmp_path / "data"


def test_a_models_folder_must_be_allowed_too(home, monkeypatch, tmp_path):
    (tmp_path / "models" / "mine").mkdir(parents=True)
    monkeypatch.setenv("PRODSIM_ALLOWED_FOLDERS", str(tmp_path / "data"))

    with pytest.raises(EncoderError, match="is in no folder that this server may read"):
        check_model(str(tmp_path / "models" / "mine"))
    check_model("minilm")
    monkeypatch.setenv("PRODSIM_ALLOWED_FOLDERS", str(tmp_path / "models"))
    check_model(str(tmp_path / "models" / "mine"))
