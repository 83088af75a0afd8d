import numpy as np
import pytest

from prodsim.index import ExactIndex, GroupedIndex, HnswIndex, rows_before, unique_vectors
from tests.worlds import fan, random_vectors, with_copies


def test_distinct_vectors_come_in_order_of_first_occurrence():
    vectors = random_vectors(5)[[3, 1, 3, 4, 1, 0]]

    unique, group_of = unique_vectors(vectors)

    assert group_of.tolist() == [0, 1, 0, 2, 1, 3]
    assert (unique == random_vectors(5)[[3, 1, 4, 0]].astype(np.float16)).all()


def test_zero_and_minus_zero_are_one_vector():
    unique, group_of = unique_vectors(np.array([[0.0, 1.0], [-0.0, 1.0]], np.float32))

    assert len(unique) == 1
    assert group_of.tolist() == [0, 0]


@pytest.mark.parametrize("bad", [np.nan, np.inf, 1e6])
def test_numbers_that_cannot_be_kept_are_refused(bad):
    with pytest.raises(ValueError, match="finite numbers between -65504 and 65504"):
        unique_vectors(np.array([[0.0, bad]], np.float32))


def test_copies_of_one_product_hide_no_other():
    vectors = with_copies(random_vectors(3000), row=5, n=600)
    unique, group_of = unique_vectors(vectors)
    index = GroupedIndex(HnswIndex.build(unique), group_of)
    queries = np.random.default_rng(3).choice(3000, 100, replace=False)

    found = index.search(vectors[queries], 20)
    truth = ExactIndex(vectors.astype(np.float16)).search(vectors[queries], 20)

    # Counted by score: any of the 600 copies is as right as another.
    assert (found.scores >= truth.scores[:, -1:]).mean() >= 0.97
    assert (found.rows[:, 0] == queries).mean() >= 0.99


def test_k_counts_products_and_copies_come_in_row_order():
    vectors = fan(10)[[2, 9, 2, 3, 2]]
    unique, group_of = unique_vectors(vectors)

    found = GroupedIndex(ExactIndex(unique), group_of).search(fan(10)[2:3], k=4)

    assert found.rows.tolist() == [[0, 2, 4, 3]]


def test_a_filter_takes_single_members_of_a_group():
    vectors = fan(10)[[2, 9, 2, 3, 2]]
    unique, group_of = unique_vectors(vectors)

    found = GroupedIndex(ExactIndex(unique), group_of).search(fan(10)[2:3], k=4, rows=np.array([1, 4]))

    assert found.rows.tolist() == [[4, 1]]


def test_equal_scores_keep_row_order_across_groups():
    vectors = np.array([[1, 0], [2, 0], [1, 0], [2, 0], [0, 1]], np.float32)  # by cosine the first four are equal
    unique, group_of = unique_vectors(vectors)

    found = GroupedIndex(ExactIndex(unique), group_of).search(np.array([[1, 0]], np.float32), k=3)

    assert found.rows.tolist() == [[0, 1, 2]]


def test_vectors_of_products_are_those_of_their_groups():
    vectors = fan(10)[[2, 9, 2, 3, 2]]
    unique, group_of = unique_vectors(vectors)
    index = GroupedIndex(ExactIndex(unique), group_of)

    np.testing.assert_allclose(index.vectors_of(np.array([4, 1])), fan(10)[[2, 9]], atol=1e-3)
    np.testing.assert_allclose(index.vectors, vectors, atol=1e-3)


def test_vectors_are_known_again_wherever_they_are():
    before = unique_vectors(random_vectors(6))[0]

    assert rows_before(before[[4, 2]], before).tolist() == [4, 2]
    assert rows_before(np.vstack([before[5:], before[:1] + 1]), before).tolist() == [5, -1]
    assert rows_before(before[:0], before).tolist() == []
