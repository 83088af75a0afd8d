"""Conditions in SQL over a catalog's columns, answered by DuckDB without access to anything else."""

import difflib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from prodsim.errors import QueryError
from prodsim.index import Rows
from prodsim.phrases import Text
from prodsim.text import excerpt, has_half_character

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

MAX_CHARACTERS = 20_000
"""Of a condition: a list of two thousand SKUs has as many."""
MAX_DEPTH = 200
"""Brackets and operators within each other; ``and`` and ``or`` of many conditions count once."""
MAX_NAMES = 3
"""Of a column with its table and schema; to resolve thousands takes DuckDB minutes."""
_ROW = "__row__"
_LOCKED: dict[str, str | bool | int | float | list[str]] = {
    "enable_external_access": "false",
    "python_enable_replacements": "false",
    "memory_limit": "512MB",
    "temp_directory": "",
    "max_expression_depth": MAX_DEPTH,
    "threads": 2,
}
"""No files, no network, no variables of this process, and no more memory or depth than a condition can need."""

FUNCTIONS = frozenset(
    {
        "+", "-", "*", "/", "//", "%", "@", "||", "^@", "~~", "!~~", "~~*", "!~~*", "~~~", "like_escape",
        "ilike_escape", "not_like_escape", "not_ilike_escape",
        "regexp_matches", "regexp_full_match", "contains", "starts_with", "ends_with", "prefix", "suffix", "strpos",
        "instr", "position",
        "lower", "upper", "lcase", "ucase", "trim", "ltrim", "rtrim", "length", "len", "strlen", "substring",
        "substr", "left", "right", "split_part",
        "concat", "translate", "strip_accents", "nfc_normalize",
        "abs", "sign", "round", "floor", "ceil", "ceiling", "trunc", "mod", "ln", "log", "log10", "sqrt", "pow",
        "power", "isnan", "greatest", "least",
        "nullif", "ifnull", "if", "list_value", "list_contains", "year", "month", "day", "date_part", "date_trunc",
    }
)  # fmt: skip
"""Functions and operators that a condition may use: what they take grows with the catalog's cells and the condition's
length alone. Others could make a list of a billion numbers, or sleep, which nothing interrupts."""

TOO_LONG = Text("it has {n:,} characters, and the limit is {limit:,}")
HALF_CHARACTER = Text("it holds half of a character")
TOO_DEEP = Text("it is nested too deeply")
TOO_LARGE = Text("it needs more memory than a condition may use")
NOT_UNDERSTOOD = Text("it is not understood")
_DEPTH = "Max expression depth limit"
"""What DuckDB says of a condition that is nested too deeply."""
UNUSABLE_CONDITION = Text("The condition {condition} cannot be used: {reason}.")
TAKES_TOO_LONG = Text("it takes longer than {seconds:g} s")
SUBQUERY = Text("it contains a query of its own")
FORBIDDEN_FUNCTIONS = Text(
    "it calls {functions}, but may call only lower, length, contains, regexp_matches and similar functions"
)
WRITE_CONDITION = Text("Write it like price < 100 AND brand = 'Acme'. The columns are {columns}.")
WRITE_CONDITION_MORE = Text("Write it like price < 100 AND brand = 'Acme'. The columns are {columns} and {n:,} more.")
N_COLUMNS_SHOWN = 12

LIMIT_S = 20.0
"""Seconds after which a condition is stopped; usual ones take a tenth of a second."""


def find_rows(products: pd.DataFrame, condition: str, limit_s: float = LIMIT_S) -> Rows:
    """Return rows for which the condition is true, ascending.

    Args:
        products: a catalog's products; every column can be used, in double quotes if it is no plain word.
        condition: one SQL expression such as ``price < 100 AND brand = 'Acme'``, without a query of its own, of the
            usual operators and ``FUNCTIONS``.
        limit_s: seconds after which it is stopped.

    Raises:
        QueryError: it is no such expression, names an unknown column, is too long or too deep, takes too long, or needs
            too much memory.
    """
    import duckdb  # only a search with a condition pays

    if reason := _unreadable(condition):
        raise _refused(condition, reason, products)
    with duckdb.connect(config=_LOCKED) as connection:
        connection.register("products", products.assign(**{_ROW: np.arange(len(products))}))
        connection.execute("SET lock_configuration = true")
        try:
            duckdb.SQLExpression(condition)  # refuses what only the brackets below would turn into an expression
            query = f"SELECT {_ROW} FROM products WHERE (\n{condition}\n)"
            if reason := _forbidden(connection, query):
                raise _refused(condition, reason, products)
            with _interrupted_after(limit_s, connection):
                rows = connection.execute(query).fetchnumpy()[_ROW]
        except duckdb.InterruptException as error:
            raise _refused(condition, TAKES_TOO_LONG(seconds=limit_s), products) from error
        except (duckdb.OutOfMemoryException, MemoryError) as error:
            raise _refused(condition, TOO_LARGE(), products) from error
        except RecursionError as error:
            raise _refused(condition, TOO_DEEP(), products) from error
        except UnicodeError as error:  # DuckDB cuts its message within a character
            raise _refused(condition, NOT_UNDERSTOOD(), products) from error
        except duckdb.Error as error:
            said = excerpt(str(error).splitlines()[0].rstrip("!."), 200)
            raise _refused(condition, TOO_DEEP() if _DEPTH in said else said, products) from error
    return np.sort(np.ma.getdata(rows).astype(np.int64))


def _unreadable(condition: str) -> str:
    """Return why a condition cannot even be given to the database, ``""`` if it can."""
    if len(condition) > MAX_CHARACTERS:
        return TOO_LONG(n=len(condition), limit=MAX_CHARACTERS)
    return HALF_CHARACTER() if has_half_character(condition) else ""


@contextmanager
def _interrupted_after(limit_s: float, connection: "DuckDBPyConnection") -> Iterator[None]:
    """Interrupt the block's statement when it takes longer."""
    is_done = Event()

    def watch() -> None:
        while not is_done.wait(limit_s):  # again and again: an interrupt just before the statement starts is lost
            connection.interrupt()

    watcher = Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        is_done.set()
        watcher.join()


def _forbidden(connection: "DuckDBPyConnection", query: str) -> str:
    """Return why the query's condition may not be run, ``""`` if it may: a SELECT inside could read other data."""
    serialized = connection.execute("SELECT json_serialize_sql(?)", [query]).fetchone()
    parsed = json.loads(serialized[0]) if serialized else {"error": True}
    if parsed["error"]:  # the execution gives the parser's message
        return ""
    nodes = [node for node in _nodes(parsed["statements"]) if isinstance(node, dict)]
    if any(node.get("class") == "SUBQUERY" for node in nodes):
        return SUBQUERY()
    if any(len(node.get("column_names", ())) > MAX_NAMES for node in nodes):
        return NOT_UNDERSTOOD()
    called = sorted({node["function_name"] for node in nodes if "function_name" in node} - FUNCTIONS)
    return FORBIDDEN_FUNCTIONS(functions=", ".join(called)) if called else ""


def _nodes(tree: object) -> Iterator[object]:
    """Yield every value of a parsed condition; not by recursion, which Python limits."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        yield node
        waiting += node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()


def _refused(condition: str, reason: str, products: pd.DataFrame) -> QueryError:
    columns = [str(column) for column in products.columns]
    written = dict.fromkeys(word.strip('"') for word in condition[:1_000].replace("(", " ").replace("=", " ").split())
    near = {match for word in written for match in difflib.get_close_matches(word, columns, n=1, cutoff=0.7)}
    shown = ", ".join(
        f'"{column}"' for column in [*sorted(near), *(c for c in columns if c not in near)][:N_COLUMNS_SHOWN]
    )
    n_more = len(columns) - N_COLUMNS_SHOWN
    fix = WRITE_CONDITION_MORE(columns=shown, n=n_more) if n_more > 0 else WRITE_CONDITION(columns=shown)
    return QueryError(UNUSABLE_CONDITION(condition=excerpt(repr(condition), 200), reason=reason), fix)
