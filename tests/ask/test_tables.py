"""Names of things in three languages: found in texts, the longest or the last where they overlap."""

import pytest

from prodsim.ask.tables import apart, index_of, kinds_of_step
from prodsim.knowledge import names_of


def kinds(text):
    return [key for named in index_of("kinds").find(text) for key in named.keys]


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("a cordless phone with an answering machine", ["landline phone"]),
        ("Laptop-Sleeves", ["laptop sleeve"]),
        ("笔记本电脑包", ["laptop sleeve"]),
        ("润唇膏", ["lip balm"]),
        ("Kopfhörer", ["headphones"]),
        ("tent, pole", ["tent"]),
    ],
)
def test_kinds_are_found_by_any_of_their_names(text, named):
    assert kinds(text) == named


def test_every_kind_has_names_in_every_language():
    assert all(len(names) >= 3 for names in names_of("kinds").values())


def test_the_parts_of_a_category_name_kinds_by_their_ends():
    assert kinds_of_step("Camping tents & Sleeping bags") == ["tent", "sleeping bag"]
    assert kinds_of_step("Tent pegs") == []


@pytest.mark.parametrize(("question", "cut"), [("Herrenhemd", "Herren hemd"), ("spring", "spring"), ("Jacke", "Jacke")])
def test_german_compounds_are_cut_before_the_kind(question, cut):
    assert apart(question) == cut
