"""Products, texts and amounts in sentences."""

import pytest

from prodsim.quality.sentences import format_amount, name_category, name_products, quote


@pytest.mark.parametrize(
    ("skus", "named"),
    [(["甲"], "甲"), (["P1", "P2"], "P1 and P2"), ([f"P{n}" for n in range(1_235)], "P0 and 1,234 others")],
)
def test_products_are_named_in_few_words(skus, named):
    assert name_products(skus) == named


def test_long_texts_are_cut_and_amounts_have_cents_up_to_a_thousand():
    assert (quote("保湿面霜", 3), quote("mug", 3)) == ("“保湿…”", "“mug”")
    assert (format_amount(12.5), format_amount(1594.6)) == ("12.50", "1,595")
    assert (name_category("鞋"), name_category("")) == ('"鞋"', "the catalog")
