"""Products for what was understood: of the kind asked for, and what leaves least open first."""

import pytest

from prodsim.ask.retrieval import absence_words, usual_categories


@pytest.mark.parametrize(
    ("categories", "usual"),
    [
        (["Home > Mugs", "Home > Mugs", "Home > Lamps", ""], ("Home > Mugs",)),
        (["Home > Mugs", "Home > Lamps", "Home > Rugs"], ("Home",)),
        (["Mugs", "Lamps", "Rugs"], ()),
        ([], ()),
    ],
)
def test_the_deepest_category_of_most_near_products_is_usual(categories, usual):
    assert usual_categories(categories) == usual


def test_what_a_product_is_free_of_is_searched_for_as_products_say_it():
    assert absence_words("sugar") == "sugarless sugar-free"
    assert absence_words("糖") == "无糖"
