from dataclasses import replace

import numpy as np

from prodsim.match import PROPOSED, USUAL_THRESHOLD, match_products
from tests.match.conftest import MATES, OURS, THEIRS, pairs_of


def found(matching, ours=OURS, theirs=THEIRS):
    return {(ours["sku"][a], theirs["sku"][b]) for a, b in zip(matching.a, matching.b, strict=True)}


def test_products_find_the_other_shops_words_for_them(pairs):
    matching = match_products(pairs)

    assert found(matching) == MATES
    assert matching.sure(USUAL_THRESHOLD).all()
    assert OURS["sku"][matching.only_a].tolist() == ["K3", "M1"]
    assert THEIRS["sku"][matching.only_b].tolist() == ["x7"]


def test_shuffled_scores_find_other_pairs(pairs):
    shuffled = np.random.default_rng(1).permutation(pairs.scores)

    assert found(match_products(replace(pairs, scores=shuffled))) != MATES


def test_the_surest_match_comes_first_and_no_product_stands_twice(pairs):
    matching = match_products(pairs)

    assert (np.diff(matching.certainty) <= 0).all()
    assert len(set(matching.a.tolist())) == len(set(matching.b.tolist())) == len(matching)


def test_a_rejected_pair_makes_room_for_its_rivals(scored):
    pairs = scored({(0, 0): 0.8, (1, 0): 0.75, (2, 2): 0.7})
    before, after = match_products(pairs), match_products(pairs, rejected=[(0, 0)])

    assert (0, 0) in zip(before.a, before.b, strict=True)
    assert {*zip(after.a.tolist(), after.b.tolist(), strict=True)} == {(1, 0), (2, 2)}
    assert after.certainty[after.a == 1] > USUAL_THRESHOLD  # no rival is left


def test_an_accepted_pair_is_fixed_and_certain_whatever_its_score(scored):
    pairs = scored({(0, 0): 0.9, (0, 1): 0.3, (1, 1): 0.8})
    matching = match_products(pairs, accepted=[(0, 1), (2, 2)])

    by_pair = dict(zip(zip(matching.a.tolist(), matching.b.tolist(), strict=True), matching.certainty, strict=True))
    assert by_pair == {(0, 1): 1.0, (2, 2): 1.0}
    assert matching.is_accepted.all()
    assert np.isnan(matching.scores[matching.a == 2])


def test_a_close_rival_makes_a_match_less_certain(scored):
    alone, rivalled = scored({(0, 0): 0.6}), scored({(0, 0): 0.6, (0, 1): 0.58})

    assert match_products(alone).certainty[0] > USUAL_THRESHOLD > match_products(rivalled).certainty[0] >= PROPOSED


def test_what_is_hardly_alike_is_not_proposed(scored):
    assert len(match_products(scored({(0, 0): 0.1, (1, 1): 0.12}))) == 0


def test_the_same_gtin_decides_against_a_closer_title():
    gtins = ["4006381333931", "", "", "", ""]
    ours, theirs = OURS.assign(gtin=gtins), THEIRS.assign(gtin=["", "", "", "4006381333931"])
    matching = match_products(pairs_of(ours, theirs))

    assert ("K1", "x7") in found(matching, ours, theirs)
    assert matching.certainty[matching.a == 0] > 0.99


def test_a_gtin_of_two_products_and_a_wrong_one_decide_nothing():
    for gtins in (["4006381333931"] * 2, ["4006381333932", ""]):
        ours = OURS.assign(gtin=[*gtins, "", "", ""])
        theirs = THEIRS.assign(gtin=["", "", "", gtins[0]])

        assert found(match_products(pairs_of(ours, theirs)), ours, theirs) == MATES


def test_a_model_number_decides_within_one_brand():
    ours = OURS.assign(brand="Corvo", mpn=["", "", "", "CM 350/B", ""])
    same = THEIRS.assign(brand="corvo", mpn=["", "", "", "cm350b"])
    other = same.assign(brand="Hosely")

    assert ("M1", "x7") in found(match_products(pairs_of(ours, same)), ours, same)
    assert ("M1", "x7") not in found(match_products(pairs_of(ours, other)), ours, other)


def test_nothing_in_common_is_no_match():
    theirs = THEIRS.iloc[[3]].reset_index(drop=True)

    assert len(match_products(pairs_of(OURS.iloc[[0]], theirs))) == 0
