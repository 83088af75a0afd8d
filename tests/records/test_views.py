"""Views are kept by name, and their addresses lead back to them."""

from urllib.parse import parse_qs, urlsplit

import pytest

from prodsim.errors import ProdsimError
from prodsim.records import Records


@pytest.fixture
def records(tmp_path):
    return Records(tmp_path / "shop.sqlite")


def test_a_view_is_kept_with_all_its_link_holds_and_a_new_one_of_its_name_replaces_it(records):
    assert records.views() == ()
    records.save_view("Cheap jackets", "search", {"q": ["jacket"]})
    records.save_view("Cheap jackets", "search", {"q": ["rain & wind"], "brand": ["Nordvik", "凯乐"]})
    records.save_view("all", "", {"catalog": ["shop"]})

    first, second = records.views()
    assert (first.name, first.address) == ("all", "./?catalog=shop")
    assert second.params == {"q": ("rain & wind",), "brand": ("Nordvik", "凯乐")}
    address = urlsplit(second.address)
    assert (address.path, parse_qs(address.query)) == ("search", {"q": ["rain & wind"], "brand": ["Nordvik", "凯乐"]})
    assert (records.forget_view("all"), records.forget_view("all"), len(records.views())) == (True, False, 1)


@pytest.mark.parametrize("name", ["", " x", "x" * 61])
def test_a_view_needs_a_name(records, name):
    with pytest.raises(ProdsimError, match="cannot be used as a name"):
        records.save_view(name, "search", {})
