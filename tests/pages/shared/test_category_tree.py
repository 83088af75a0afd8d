"""Categories as a tree: what is marked, open, and chosen by a click."""

from pages.shared.category_tree import toggled, tree_html


def test_a_click_replaces_what_is_above_and_below():
    assert toggled(["Shoes", "Bags"], "Shoes > Trail") == ["Bags", "Shoes > Trail"]
    assert toggled(["Shoes > Trail", "Shoes > Road"], "Shoes") == ["Shoes"]
    assert toggled(["Shoes", "Bags"], "Shoes") == ["Bags"]
    assert toggled(["Shoes Care"], "Shoes") == ["Shoes Care", "Shoes"]


def test_the_tree_is_open_down_to_what_is_chosen_and_shows_names_as_they_are():
    markup = tree_html({"Shoes": 3, "Shoes > <b>": 2, "Bags": 9, "Bags > Small": 1}, ["Shoes > <b>"])

    assert markup.index("Bags") < markup.index("Shoes"), "the largest first"
    assert '<details data-path="Shoes" open>' in markup
    assert '<details data-path="Bags">' in markup
    assert '<button data-path="Shoes &gt; &lt;b&gt;" aria-pressed="true"><span>&lt;b&gt;</span><i>2</i>' in markup
