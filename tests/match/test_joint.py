import numpy as np

from prodsim.match import JointCatalog
from tests.match.conftest import OURS, THEIRS, WEIGHTS, side_of


def test_the_same_sku_in_both_is_two_products():
    joint = JointCatalog.of(side_of(OURS), side_of(OURS), "cosine")

    assert joint.catalog.products["sku"].is_unique
    assert len(joint.catalog) == 2 * joint.n_a == 10


def test_prices_in_a_rarer_currency_do_not_count():
    joint = JointCatalog.of(
        side_of(OURS.assign(currency="GBP")), side_of(THEIRS.assign(currency="EUR", price=1.0)), "cosine"
    )

    assert joint.catalog.products["price"].isna().tolist() == [False] * 5 + [True] * 4


def test_what_was_saved_scores_the_same(tmp_path):
    a, b = side_of(OURS), side_of(THEIRS)
    joint = JointCatalog.of(a, b, "cosine")
    joint.save(tmp_path)
    again = JointCatalog.load(tmp_path, a, b, "cosine")

    others = np.arange(5, 9)
    for row in range(5):
        parts, parts_again = (each.comparer.product_parts(row, others) for each in (joint, again))
        assert all(np.array_equal(parts[name], parts_again[name]) for name in parts)


def test_rarity_is_that_among_the_products_of_both():
    alone = JointCatalog.of(side_of(OURS), side_of(THEIRS.iloc[[3]].reset_index(drop=True)), "cosine")
    joint = JointCatalog.of(side_of(OURS), side_of(THEIRS), "cosine")

    assert len(joint.comparer.lexical) == 9 > len(alone.comparer.lexical)
    assert joint.engine(WEIGHTS).lookup.row("B:x5") == 7
