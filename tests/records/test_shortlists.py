"""Shortlists: named, with notes, and undone step by step."""

import pytest

from prodsim.errors import ProdsimError
from prodsim.records import Records


@pytest.fixture
def records(tmp_path):
    return Records(tmp_path / "shop.sqlite")


def notes(records, name):
    return {each.sku: each.note for each in records.shortlists().get(name, ())}


def test_products_stand_in_the_order_they_came_with_their_last_note(records):
    records.shortlist("Spring", ["A", "B"])
    records.shortlist("Autumn", ["C"])
    records.shortlist("Spring", ["A"], note="for the cover")

    assert list(records.shortlists()) == ["Autumn", "Spring"]
    assert list(notes(records, "Spring").items()) == [("A", "for the cover"), ("B", "")]


def test_a_list_without_products_is_gone_until_that_is_undone(records):
    records.shortlist("Spring", ["A", "B"], note="both", session="mine")
    records.take_off_shortlist("Spring", ["A", "B"], session="mine")
    assert records.shortlists() == {}

    assert records.undo_shortlist(session="others") == 0
    assert records.undo_shortlist(session="mine") == 2
    assert notes(records, "Spring") == {"A": "both", "B": "both"}
    assert records.undo_shortlist(session="mine") == 2
    assert records.shortlists() == {}


def test_a_name_that_is_none_is_refused(records):
    with pytest.raises(ProdsimError, match="cannot be used as a name"):
        records.shortlist(" ", ["A"])
    assert not records.exists()
