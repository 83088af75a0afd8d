"""Garbled conditions give rows or a QueryError, and nothing else."""

import pandas as pd
import pytest

from prodsim.errors import QueryError
from prodsim.search.where import FUNCTIONS, find_rows
from tests.faults.garbling import garbled, n_inputs

PIECES = (
    "price", "brand", '"颜色"', "sku", "title", "and", "or", "not", "(", ")", "=", "<", ">=", "<>", "in", "between", "like", "ilike", "is null",
    "case when", "then", "else", "end", "cast(", "as int)", "::int", "::date", "[1]", "[1:2]", "{'a': 1}", "'x'", "$$x$$", "$1", "?", ":x", "1", "1.5",
    "-1", "1e3", "interval 1 day", "date '2020-01-01'", "--", "/*", "*/", ";", ",", ".", "*", "collate nocase", "from", "select", "exists", "any", "lambda x: x",
    "x -> x + 1", "over ()", "filter (where true)", "columns('.*')", "similar to", "glob", "escape", "~", "!~", "||", "%", "^", "&", "|", "<<", "try_cast(",
    *(f"{name}(" for name in sorted(FUNCTIONS) if name.isidentifier()), "range(", "sleep_ms(", "getenv(", "read_text(", "unnest(", "random(",
)  # fmt: skip


def test_a_garbled_condition_gives_rows_or_a_query_error():
    products = pd.DataFrame({"sku": ["1", "2"], "title": ["Mug", ""], "brand": ["Acme", "O'Hara"], "price": [5.0, 7.5]})
    products["颜色"] = ["红", "\x00"]
    for condition in garbled(PIECES, n_inputs(60), seed=1):
        try:
            assert set(find_rows(products, condition, limit_s=5)) <= {0, 1}
        except QueryError as error:
            assert error.what
            assert error.fix
            assert len(error.what) < 600
            error.what.encode()


def test_a_long_condition_of_characters_that_cannot_be_printed_is_shown_in_part():
    with pytest.raises(QueryError) as refused:
        find_rows(pd.DataFrame({"sku": ["1"]}), "else" + "\U000d7ad5" * 300)

    assert len(refused.value.what) < 600
