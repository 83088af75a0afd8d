import pandas as pd
import pytest

from prodsim.catalog import RawTable, ReadFacts, load_catalog, make_catalog, save_catalog
from prodsim.errors import StaleArtifact


def test_saving_and_loading_gives_the_same(tmp_path):
    rows = pd.DataFrame(
        {"sku": ["1", "2"], "title": ["面霜", "Mug"], "price": ["x", "3"], "colour": ["红", ""]}, dtype="str"
    )
    table = RawTable(rows, ReadFacts("x.csv", "csv", 2), pd.Index([2, 3]))
    made = make_catalog(table, {"sku": "sku", "title": "title", "price": "price"})
    save_catalog(made, tmp_path / "c", {})

    loaded = load_catalog(tmp_path / "c")

    pd.testing.assert_frame_equal(loaded.products, made.products)
    assert loaded.findings == made.findings
    (tmp_path / "c" / "findings.json").unlink()
    with pytest.raises(StaleArtifact, match="findings.json is missing"):
        load_catalog(tmp_path / "c")
