"""Finding products by what names them."""

import sys
from unicodedata import category

import pandas as pd
import pytest

from prodsim.catalog import PRODUCT_FIELDS, Catalog
from prodsim.search.lookup import Lookup, _key, _keys


def test_a_typed_name_and_a_catalogs_are_written_alike_in_every_script():
    assigned = [chr(code) for code in range(sys.maxunicode + 1) if category(chr(code)) not in ("Cn", "Cs")]
    texts = ["AB-12 / x", "Größe ΣΟΦΟΣ", "型号：ＡＢ-９", "İstanbul", *assigned]

    assert [_key(text) for text in texts] == _keys(pd.Series(texts))


@pytest.mark.parametrize("typed", ["036000291452", "0036000291452", "00036000291452", "0 36000 29145 2"])
def test_a_typed_number_names_its_product_in_every_form(typed):
    frame = pd.DataFrame({name: ["", ""] for name in PRODUCT_FIELDS}).assign(sku=["A", "B"])
    frame["gtin"] = ["4006381333931", "0036000291452"]

    rows, field = Lookup(Catalog(frame)).match(typed)

    assert (rows.tolist(), field) == ([1], "gtin")
