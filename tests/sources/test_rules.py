import os
from pathlib import Path

import pytest

from prodsim.errors import CatalogError
from prodsim.settings import MAX_SOURCE_MB, Settings
from prodsim.sources import Database, FetchRules, File, Folder, fetch


def test_the_environment_sets_what_may_be_fetched(home, monkeypatch):
    assert (Settings.from_environment().source_hosts, Settings.from_environment().source_max_mb) == ((), MAX_SOURCE_MB)

    monkeypatch.setenv("PRODSIM_SOURCE_HOSTS", "feeds.example.com, *.example.org")
    monkeypatch.setenv("PRODSIM_SOURCE_MAX_MB", "0.5")

    assert Settings.from_environment().source_hosts == ("feeds.example.com", "*.example.org")
    assert Settings.from_environment().source_max_mb == 0.5


def test_a_limit_that_is_no_number_is_told(home, monkeypatch):
    monkeypatch.setenv("PRODSIM_SOURCE_MAX_MB", "2 GB")

    with pytest.raises(ValueError, match="PRODSIM_SOURCE_MAX_MB must be a number of megabytes, got '2 GB'"):
        Settings.from_environment()


@pytest.mark.parametrize(
    ("host", "is_listed"),
    [
        ("feeds.example.com", True),
        ("FEEDS.example.com", True),
        ("a.example.org", True),
        ("example.org", False),
        ("feeds.example.com.evil.net", False),
        ("evilfeeds.example.com", False),
        ("a.example.org.evil.net", False),
    ],
)
def test_hosts_are_allowed_by_their_whole_name(host, is_listed):
    assert FetchRules(hosts=("feeds.example.com", "*.example.org")).lists(host) is is_listed


def test_only_the_allowed_folders_are_read_wherever_links_lead(tmp_path):
    inside, outside = tmp_path / "exports", tmp_path / "private"
    inside.mkdir()
    outside.mkdir()
    (outside / "shop.csv").write_text("sku,title\n1,Mug\n", encoding="utf-8")
    (outside / "shop.db").write_bytes(b"")
    if os.name == "posix":  # elsewhere a link needs rights that tests lack
        (inside / "link.csv").symlink_to(outside / "shop.csv")
    rules = FetchRules(folders=(inside,))

    sources = [File(path) for path in inside.glob("link.csv")] + [
        File(outside / "shop.csv"),
        File(inside / ".." / "private" / "shop.csv"),
    ]
    sources += [Folder(outside), Database(f"sqlite:///{(outside / 'shop.db').as_posix()}", "goods")]
    for source in sources:
        with pytest.raises(CatalogError, match="is in no folder that this server may read"):
            fetch(source, tmp_path / "fetched", rules=rules)
    (inside / "link.csv").unlink(missing_ok=True)
    (inside / "own.csv").write_text("sku,title\n1,Mug\n", encoding="utf-8")
    assert fetch(Folder(inside), tmp_path / "fetched", rules=rules).path == inside / "own.csv"


def test_settings_name_the_folders_and_how_much_stays_open(monkeypatch):
    monkeypatch.delenv("PRODSIM_ALLOWED_FOLDERS", raising=False)
    assert Settings.from_environment().allowed_folders is None
    monkeypatch.setenv("PRODSIM_ALLOWED_FOLDERS", os.pathsep.join(["/data", "/exports"]))
    monkeypatch.setenv("PRODSIM_OPEN_CATALOGS", "2")
    assert Settings.from_environment().allowed_folders == (Path("/data"), Path("/exports"))
    assert Settings.from_environment().open_catalogs == 2
    for wrong in ("0", "-1", "many"):
        monkeypatch.setenv("PRODSIM_OPEN_CATALOGS", wrong)
        with pytest.raises(ValueError, match="open_catalogs must be at least 1|PRODSIM_OPEN_CATALOGS must be a number"):
            Settings.from_environment()
