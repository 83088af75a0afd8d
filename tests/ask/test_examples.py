"""The questions that a page proposes are about the catalog, in its language, and answered by it."""

import pytest

from prodsim.ask import example_questions


def test_the_largest_categories_are_asked_for_up_to_their_usual_price(english, chinese):
    assert example_questions(english.catalog)[0] == "Rain jackets under 85"
    assert example_questions(chinese.catalog)[0] in ("口红，130元以内", "风扇，240元以内")
    assert example_questions(english.catalog)[-1].startswith("Gift under")


@pytest.mark.parametrize("shop", ["english", "chinese"])
def test_the_catalog_answers_them(shop, request):
    opened = request.getfixturevalue(shop)

    for question in example_questions(opened.catalog)[:-1]:
        answer = opened.asker.ask(question)
        assert answer.fits
        assert answer.suggestions
