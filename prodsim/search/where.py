"""Conditions in SQL over a catalog's columns, answered by DuckDB without access to anything else."""

import difflib
import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from prodsim.errors import QueryError
from prodsim.index import Rows

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_ROW = "__row__"
_LOCKED: dict[str, str | bool | int | float | list[str]] = {
    "enable_external_access": "false",
    "python_enable_replacements": "false",
    "memory_limit": "1GB",
    "threads": 2,
}
"""No files, no network, no variables of this process, and no more memory than a condition can need."""


def find_rows(products: pd.DataFrame, condition: str) -> Rows:
    """Rows for which the condition is true, ascending.

    Args:
        products: a catalog's products; every column can be used, in double quotes if it is no plain word.
        condition: one SQL expression such as ``price < 100 AND brand = 'Acme'``, without a query of its own.

    Raises:
        QueryError: it is no such expression, or names an unknown column.
    """
    import duckdb  # only a search with a condition pays

    with duckdb.connect(config=_LOCKED) as connection:
        connection.register("products", products.assign(**{_ROW: np.arange(len(products))}))
        connection.execute("SET lock_configuration = true")
        try:
            duckdb.SQLExpression(condition)  # refuses what only the brackets below would turn into an expression
            query = f"SELECT {_ROW} FROM products WHERE (\n{condition}\n)"
            if _holds_query(connection, query):
                raise _refused(condition, "it may not hold a query of its own", products)
            rows = connection.execute(query).fetchnumpy()[_ROW]
        except duckdb.Error as error:
            raise _refused(condition, str(error).splitlines()[0], products) from error
    return np.sort(np.ma.getdata(rows).astype(np.int64))


def _holds_query(connection: "DuckDBPyConnection", query: str) -> bool:
    """Whether a SELECT stands inside the query's condition: it could run for hours, or read what is no product."""
    found = connection.execute("SELECT json_serialize_sql(?)", [query]).fetchone()
    parsed = json.loads(found[0]) if found else {"error": True}
    if parsed["error"]:  # the execution gives the parser's message
        return False
    return any(isinstance(node, dict) and node.get("class") == "SUBQUERY" for node in _nodes(parsed["statements"]))


def _nodes(tree: object) -> Iterator[object]:
    yield tree
    for child in tree.values() if isinstance(tree, dict) else tree if isinstance(tree, list) else ():
        yield from _nodes(child)


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
