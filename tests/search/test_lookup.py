"""Finding products by what names them."""

import sys
from unicodedata import category

import pandas as pd

from prodsim.search.lookup import _key, _keys


def test_a_typed_name_and_a_catalogs_are_written_alike_in_every_script():
    assigned = [chr(code) for code in range(sys.maxunicode + 1) if category(chr(code)) not in ("Cn", "Cs")]
    texts = ["AB-12 / x", "Größe ΣΟΦΟΣ", "型号：ＡＢ-９", "İstanbul", *assigned]

    assert [_key(text) for text in texts] == _keys(pd.Series(texts))
