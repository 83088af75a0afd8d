"""Conditions in SQL over a catalog's columns, answered by DuckDB without access to anything else."""

import difflib

import numpy as np
import pandas as pd

from prodsim.errors import QueryError
from prodsim.index import Rows

_ROW = "__row__"


def find_rows(products: pd.DataFrame, condition: str) -> Rows:
    """Rows for which the condition is true, ascending.

    Args:
        products: a catalog's products; every column can be used, in double quotes if it is no plain word.
        condition: one SQL expression such as ``price < 100 AND brand = 'Acme'``.

    Raises:
        QueryError: it is no expression, or names an unknown column.
    """
    import duckdb  # only a search with a condition pays

    with duckdb.connect(config={"enable_external_access": "false", "threads": 2}) as connection:
        connection.register("products", products.assign(**{_ROW: np.arange(len(products))}))
        connection.execute("SET lock_configuration = true")
        try:
            parsed = connection.extract_statements(f"SELECT {_ROW} FROM products WHERE (\n{condition}\n)")
            if len(parsed) != 1:
                raise _refused(condition, "it must be one expression, without a semicolon", products)
            rows = connection.execute(parsed[0]).fetchnumpy()[_ROW]
        except duckdb.Error as error:
            raise _refused(condition, str(error).splitlines()[0], products) from error
    return np.sort(np.ma.getdata(rows).astype(np.int64))


def _refused(condition: str, reason: str, products: pd.DataFrame) -> QueryError:
    columns = [str(column) for column in products.columns]
    seen = condition.replace("(", " ").replace("=", " ").split()
    near = {match for word in seen for match in difflib.get_close_matches(word.strip('"'), columns, n=1, cutoff=0.7)}
    shown = ", ".join(f'"{column}"' for column in [*sorted(near), *(c for c in columns if c not in near)][:12])
    more = f" and {len(columns) - 12} more" if len(columns) > 12 else ""
    return QueryError(
        f"The condition {condition!r} cannot be used: {reason}.",
        f"Write it like price < 100 AND brand = 'Acme'. The columns are {shown}{more}.",
    )
