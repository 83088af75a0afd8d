"""Words of a catalog that may mean the same."""

from prodsim.knowledge import suggest_terms


def test_an_abbreviation_and_a_spelling_are_suggested_by_what_stands_around_them():
    titles = [f"{finish} steel bolt {n}" for n in "abcd" for finish in ("galvanized", "galv", "black", "brass")]
    titles += [f"{colour} wall paint {n}" for n in "abcd" for colour in ("pastel", "pastle", "white")]

    found = {(one.term, one.same) for one in suggest_terms(titles)}

    assert found == {("galvanized", "galv"), ("pastel", "pastle")}


def test_words_that_titles_have_together_are_not_suggested():
    assert suggest_terms([f"galvanized galv steel bolt {n}" for n in "abcdef"]) == []
    assert suggest_terms([]) == []
