from prodsim.catalog import Catalog
from prodsim.evaluation import sample_skus
from tests.evaluation.conftest import side_of


def test_the_sample_has_the_products_of_both_catalogs(a):
    smaller = side_of(Catalog(a.catalog.products.iloc[:25].reset_index(drop=True)), name="B")

    assert set(sample_skus(smaller, a)) == set(smaller.catalog.row_of)
