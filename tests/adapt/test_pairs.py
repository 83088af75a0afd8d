"""What belongs together, what is kept out, and what competes in a batch."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from prodsim.adapt import Labels, TrainingPairs, TrainingRecipe, make_plan
from prodsim.adapt.batches import arrange
from prodsim.adapt.pairs import Counterexamples, families, keep_out, same_code, twins
from prodsim.catalog import make_catalog, read_table
from prodsim.encoders.text_recipe import TextRecipe, compose_texts
from prodsim.errors import QueryError, TrainingError
from tests.adapt.conftest import N_TOOLS, SMALL, N


def pairs_of(rows):
    texts = [f"text {row}" for row in range(1000)]
    return TrainingPairs.of(texts, texts, rows, "two views")


def test_offers_of_one_tool_are_twins(opened):
    found = twins(opened.engine, compose_texts(opened.catalog, TextRecipe()))
    skus = opened.catalog.products["sku"].tolist()

    right = [skus[a][1:] == skus[b][1:] for a, b in found]

    assert len(found) > 0.9 * N_TOOLS
    assert np.mean(right) > 0.95


def test_products_with_one_code_belong_together(tmp_path):
    path = tmp_path / "shop.csv"
    pd.DataFrame(
        {"sku": ["a", "b", "c"], "title": ["mug", "cup", "jug"], "gtin": ["4006381333931", "4006381333931", ""]}
    ).to_csv(path, index=False)
    catalog = make_catalog(read_table(path), {"sku": "sku", "title": "title", "gtin": "gtin"})

    assert same_code(catalog) == [(0, 1)]


def test_families_are_kept_out_whole(opened):
    texts = compose_texts(opened.catalog, TextRecipe())
    labels = Labels.of((row, row + 1) for row in range(0, N, 2))
    family = families(opened.catalog, pairs_of([]), labels, texts)

    out = set(keep_out(family, 0.2, seed=0).tolist())

    assert len(out) == N / 5
    assert all((row in out) == (row + 1 in out) for row in range(0, N, 2))


def test_counterexamples_are_near_but_not_the_same(opened):
    rows = np.arange(N)
    labels = Labels.of([(0, 1)], apart=[(0, 30)])
    near = Counterexamples(opened.engine, opened.graph, rows, labels)

    assert near(0)[0] == 30
    assert 1 not in near(0)
    assert len(near(0)) > 3
    assert np.mean([row ^ 1 in near(row) for row in rows.tolist()]) < 0.1


def test_a_batch_holds_neighbours_and_no_product_twice():
    pairs = pairs_of([(row, row) for row in range(200)])
    order = arrange(pairs, lambda row: [row ^ 1], 12, 20, 0, np.ones(200, int))

    batches = order.reshape(-1, 20)
    assert len(batches) == 12
    assert all(len(set(batch.tolist())) == 20 for batch in batches)
    assert np.mean([row ^ 1 in batch for batch in batches.tolist() for row in batch]) > 0.8


def test_what_belongs_together_does_not_compete():
    pairs = TrainingPairs.joined(
        [pairs_of([(row, row) for row in range(100)]), pairs_of([(row, row + 50) for row in range(50)])]
    )

    batches = arrange(pairs, lambda row: [], 10, 10, 0, np.ones(150, int)).reshape(-1, 10)

    for batch in batches.tolist():
        rows = [row % 50 for position in batch for row in {int(pairs.row_a[position])}]
        assert len(set(rows)) == 10


def test_some_pairs_are_read_more_often_in_a_pass():
    pairs = pairs_of([(row, row) for row in range(100)])
    times = np.where(np.arange(100) < 10, 3, 1)

    read = np.bincount(arrange(pairs, lambda row: [row ^ 1], 12, 10, 0, times), minlength=100)

    assert read.tolist() == times.tolist()


def test_labelled_pairs_are_not_lost_among_the_catalogs(opened):
    labels = Labels.of((row, row + 1) for row in range(0, N, 2))
    texts = compose_texts(opened.catalog, TextRecipe())
    recipe = replace(SMALL, kind="judgements")
    plan = make_plan(opened.catalog, opened.engine, opened.graph, texts, [""] * N, recipe, labels)

    given = np.array(plan.pairs.source)[plan.order] == "said to be the same"
    assert given.mean() > 0.25


def test_a_plan_keeps_out_what_it_asks_about(opened):
    labels = Labels.of((row, row + 1) for row in range(0, N, 2))
    texts = compose_texts(opened.catalog, TextRecipe())
    plan = make_plan(opened.catalog, opened.engine, opened.graph, texts, [""] * N, SMALL, labels)

    trained = {*plan.pairs.row_a.tolist(), *plan.pairs.row_b.tolist()}
    asked = {probe.row for probe in (*plan.probes, *plan.validation_probes)}
    assert asked
    assert not trained & asked
    assert not {probe.row for probe in plan.probes} & {probe.row for probe in plan.validation_probes}
    assert {probe.kind for probe in plan.probes} == {"labels", "twins", "rewritten"}


def test_struck_pairs_are_not_used(opened):
    texts = compose_texts(opened.catalog, TextRecipe())
    about = (opened.catalog, opened.engine, opened.graph, texts, [""] * N, SMALL, Labels.of(()))
    table = make_plan(*about).pairs.table(opened.catalog)
    struck = [tuple(table[["sku_a", "sku_b", "source"]].iloc[3])]

    after = make_plan(*about, struck=struck).pairs.table(opened.catalog)

    assert len(after) == len(table) - 1
    assert not (after[["sku_a", "sku_b", "source"]].apply(tuple, axis=1) == struck[0]).any()


def test_too_few_labels_say_how_many_are_needed(opened):
    texts = compose_texts(opened.catalog, TextRecipe())
    recipe = TrainingRecipe("judgements")

    with pytest.raises(TrainingError, match="known to belong together: 1 instead of at least 50"):
        make_plan(opened.catalog, opened.engine, opened.graph, texts, [""] * N, recipe, Labels.of([(0, 1)]))


def test_a_recipe_comes_back_from_its_file(tmp_path):
    recipe = TrainingRecipe("judgements", rank=8, seed=7)
    recipe.save(tmp_path / "r.yaml")

    assert TrainingRecipe.load(tmp_path / "r.yaml") == recipe


@pytest.mark.parametrize("text", ["kind: [", "kind: sorcery", "rank: 0", "colour: blue", ""])
def test_a_wrong_recipe_says_what_one_is(tmp_path, text):
    path = tmp_path / "r.yaml"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(QueryError, match="r.yaml is not a valid recipe") as caught:
        TrainingRecipe.load(path)
    assert "batches" in caught.value.fix


def test_one_large_family_leaves_products_to_keep_out():
    family = np.array([0] * 80 + list(range(1, 21)))

    out = keep_out(family, 0.2, seed=0)

    assert 0 < len(out) <= 20
    assert (family[out] > 0).all()


def test_a_family_that_is_too_large_is_passed_over():
    family = np.repeat([0, 1, *range(2, 52)], [60, 30, *[1] * 50])

    for seed in range(8):
        out = keep_out(family, 0.2, seed)
        assert len(out) == 28
        assert family[out].min() > 1


def test_the_smallest_family_is_kept_out_where_all_are_too_large():
    assert keep_out(np.repeat([0, 1, 2], [9, 8, 7]), 0.1, 0).tolist() == list(range(17, 24))


def test_products_that_cannot_be_asked_about_are_told(opened):
    texts = compose_texts(opened.catalog, TextRecipe())
    labels = Labels.of((row, row + 1) for row in range(N - 1) if (row + 1) % 8)  # 25 families, of which one is kept out
    with pytest.raises(TrainingError, match="products that can be held out are too few"):
        make_plan(opened.catalog, opened.engine, opened.graph, texts, [""] * N, replace(SMALL, held_out=0.05), labels)


def test_too_few_families_are_told(opened):
    texts = ["the same"] * N
    with pytest.raises(TrainingError, match="form only 1 families"):
        make_plan(opened.catalog, opened.engine, opened.graph, texts, [""] * N, SMALL, Labels.of(()))


@pytest.mark.parametrize(
    "values",
    [{"batches": 50.5}, {"rank": True}, {"seed": -1}, {"seed": "abc"}, {"base": ""}, {"learning_rate": "5e-4"}],
)
def test_a_recipe_of_wrong_values_is_refused(values):
    with pytest.raises(ValueError, match=next(iter(values))):
        TrainingRecipe(**values)
