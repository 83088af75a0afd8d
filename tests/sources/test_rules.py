import pytest

from prodsim.settings import MAX_SOURCE_MB, Settings
from prodsim.sources import FetchRules


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
