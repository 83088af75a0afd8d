"""Which category of one shop is which of another, or of a taxonomy."""

import pytest

from prodsim.knowledge import built_in_knowledge
from prodsim.match import Shelf, align_categories, shelves_of

KNOWLEDGE = built_in_knowledge()


def aligned(own, others):
    return {one.path: one.other for one in align_categories(own, others, KNOWLEDGE)}


def test_categories_with_the_same_or_other_names_find_each_other():
    own = [Shelf("Home > Sofas"), Shelf("Home > Lamps"), Shelf("Garden > Lawn mowers")]
    others = [Shelf("Living > Couches"), Shelf("Living > Lights & lamps"), Shelf("Outdoor > Grass cutters")]

    assert list(aligned(own, others).values()) == [
        "Living > Couches",
        "Living > Lights & lamps",
        "Outdoor > Grass cutters",
    ]


def test_a_category_in_another_language_is_found():
    assert aligned([Shelf("家居 > 沙发"), Shelf("玩具")], [Shelf("Toys"), Shelf("Couches")]) == {
        "家居 > 沙发": "Couches",
        "玩具": "Toys",
    }


def test_products_tell_where_names_do_not():
    own = shelves_of(["x1"] * 2 + ["x2"] * 2, ["red mug", "blue mug", "floor lamp", "desk lamp"])
    others = shelves_of(["y1"] * 2 + ["y2"] * 2, ["oak desk lamp", "brass lamp", "tea mug", "mug set"])

    assert aligned(own, others) == {"x1": "y2", "x2": "y1"}


def test_a_close_rival_takes_certainty_and_is_named():
    alone, rivalled = (
        align_categories([Shelf("Desk lamps")], [Shelf("Desk lamps"), *more], KNOWLEDGE)[0]
        for more in ([Shelf("Spoons")], [Shelf("Desk lamp"), Shelf("Spoons")])
    )

    assert (alone.other, alone.rival, rivalled.other, rivalled.rival) == ("Desk lamps", "", "Desk lamps", "Desk lamp")
    assert rivalled.certainty < alone.certainty


def test_what_has_nothing_in_common_stays_without():
    (one,) = align_categories([Shelf("Zzyx", ("qwop",))], [Shelf("Mugs", ("red mug",))], KNOWLEDGE)

    assert (one.other, one.certainty, one.examples) == ("", 0.0, ("qwop",))
    assert align_categories([], [Shelf("Mugs")], KNOWLEDGE) == []
    assert align_categories([Shelf("Mugs")], [], KNOWLEDGE)[0].other == ""


@pytest.mark.parametrize("paths", [["", ""], ["a", "a"]])
def test_products_without_a_category_are_left_out(paths):
    assert [len(shelf.titles) for shelf in shelves_of(paths, ["one", "two"])] == [2] * bool(paths[0])
