import socket
import sqlite3
import traceback
from dataclasses import replace

import pymysql
import pytest

from prodsim.catalog import read_table
from prodsim.errors import Cancelled, CatalogError
from prodsim.jobs import Job
from prodsim.progress import SILENT
from prodsim.sources import Database, FetchRules, fetch, read_source
from prodsim.sources.database import CHUNK_ROWS
from prodsim.sources.database_errors import explain

RULES = FetchRules(connect_s=2, total_s=20)


@pytest.fixture
def shop(tmp_path):
    """A SQLite database of a small shop."""
    path = tmp_path / "my shop.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE products (sku TEXT, title TEXT, price REAL, photo BLOB)")
        connection.execute(
            "INSERT INTO products VALUES ('00123', 'Blue mug', 12.9, x'ff00'), ('B2', 'Lampe: groß', 39, NULL)"
        )
        connection.execute("CREATE TABLE stock (sku TEXT, pieces INT)")
        connection.execute("INSERT INTO stock VALUES ('00123', 3)")
    connection.close()
    return f"sqlite:///{path.as_posix()}"


@pytest.fixture
def get(tmp_path):
    """Fetch a query into an empty folder."""

    def call(url, query, rules=RULES, secrets=None, progress=SILENT):
        typed = read_source(url, query)
        return fetch(typed.source, tmp_path / "kept", None, rules, {**typed.secrets, **(secrets or {})}.get, progress)

    return call


def refusal(get, url, query="products", **options):
    with pytest.raises(CatalogError) as caught:
        get(url, query, **options)
    return caught.value


def rows(fetched):
    return read_table(fetched.path).frame.to_dict("records")


def test_a_table_is_read_with_its_values_as_text(get, shop):
    fetched = get(shop, "products")

    assert rows(fetched) == [
        {"sku": "00123", "title": "Blue mug", "price": "12.9", "photo": "ff00"},
        {"sku": "B2", "title": "Lampe: groß", "price": "39", "photo": ""},
    ]
    assert (fetched.path.name, fetched.catalog_name) == ("products.parquet", "products")


def test_a_query_is_read_also_with_what_looks_like_parameters(get, shop):
    query = "SELECT p.sku, s.sku, title, pieces AS \"100%\" FROM products p LEFT JOIN stock s ON p.sku = s.sku WHERE title LIKE '%: g%' OR pieces > 0;"

    fetched = get(shop, query)

    assert [(row["sku"], row["sku_2"], row["100%"]) for row in rows(fetched)] == [
        ("00123", "00123", "3"),
        ("B2", "", ""),
    ]
    assert fetched.catalog_name == "my shop"


def test_the_same_rows_are_no_change(get, shop, tmp_path):
    first = get(shop, "products")
    again = fetch(first.source, tmp_path / "kept", first.facts)

    assert not again.is_changed
    assert again.path == first.path


@pytest.mark.parametrize(
    "query",
    [
        "DELETE FROM products", "DROP TABLE products", "SELECT 1; DROP TABLE products", "INSERT INTO products (sku) VALUES ('X')",
        "UPDATE products SET sku = 'X' RETURNING sku", "PRAGMA query_only = off", "VACUUM", "ATTACH DATABASE 'other.db' AS other",
        "CREATE TABLE mine (a)", "WITH a AS (SELECT 1) DELETE FROM products",
    ],
)  # fmt: skip
def test_a_query_cannot_change_a_sqlite_database(get, shop, query, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    before = (tmp_path / "my shop.db").read_bytes()

    refusal(get, shop, query)

    assert (tmp_path / "my shop.db").read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["kept", "my shop.db"]


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("product", "has no table product"),
        ("SELECT * FROM gone", "A table of the query is not there: no such table: gone"),
        ("SELECT colour FROM products", "A column of the query is not there"),
        ("SELEC * FROM products", "The query is not understood"),
        ("SELECT * FROM products WHERE 1 = 0", "gives no rows"),
        ("DELETE FROM products", "it is only read here"),
        ("PRAGMA query_only = off", "it is not a question to the database"),
    ],
)
def test_each_mistake_of_a_query_is_told(get, shop, query, words):
    assert words in refusal(get, shop, query).what


def test_a_table_that_was_renamed_is_named(get, shop):
    assert "products" in refusal(get, shop, "product").fix


def test_a_query_that_takes_too_long_is_given_up(get, shop):
    endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"

    assert "took longer than" in refusal(get, shop, endless, rules=replace(RULES, total_s=0.2)).what


@pytest.mark.parametrize("limit", [{"max_rows": 10_000}, {"max_bytes": 100_000}])
def test_a_query_with_too_many_rows_is_refused_as_a_whole(get, shop, tmp_path, limit):
    endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i, 'text of ' || i FROM n"

    assert "gives more than" in refusal(get, shop, endless, rules=replace(RULES, **limit)).what
    assert not any((tmp_path / "kept").iterdir())


def test_many_rows_come_in_chunks(get, shop):
    n = CHUNK_ROWS * 2 + 7
    query = f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {n}) SELECT i AS sku FROM n"

    assert [row["sku"] for row in rows(get(shop, query))] == [str(i) for i in range(1, n + 1)]


def test_reading_a_database_can_be_stopped(get, shop):
    job = Job("fetch", "fetch", {})
    job.cancel()

    with pytest.raises(Cancelled):
        get(shop, "products", progress=job)


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("sqlite:///absent.db", "There is no database file absent.db"),
        ("sqlite://", "There is no database file"),
        ("postgresql://shop@127.0.0.1:1/shop", "cannot be reached"),
        ("mysql://shop@127.0.0.1:1/shop", "cannot be reached"),
        ("postgresql://shop@nowhere.invalid/shop", "cannot be reached"),
        ("postgresql://shop@host:port/shop", "cannot be understood"),
    ],
)
def test_a_database_that_is_not_there_is_told(get, url, words):
    assert words in refusal(get, url).what


def test_a_file_that_is_no_database_is_told(get, tmp_path):
    (tmp_path / "shop.db").write_text("sku,title\n" * 1000, encoding="utf-8")

    assert "is not a SQLite database" in refusal(get, f"sqlite:///{(tmp_path / 'shop.db').as_posix()}").what


def test_a_postgresql_is_read_with_a_password_that_is_a_secret(get, postgresql):
    url = f"postgresql://reader:${{PRODSIM_SECRET_SHOP}}@/postgres?host={postgresql.pgdata}"

    found = rows(
        get(
            url,
            "SELECT * FROM products WHERE title LIKE '%e%' ORDER BY sku::text",
            secrets={"PRODSIM_SECRET_SHOP": "s3same"},
        )
    )

    assert found == [
        {"sku": "A1", "title": "Blue mug", "price": "12.90", "stock": "3", "added": "2026-11-01", "tags": '["kitchen", "blue"]', "live": "true"},
        {"sku": "B2", "title": "Messinglampe 'groß'", "price": "39.00", "stock": "", "added": "", "tags": "", "live": "false"},
    ]  # fmt: skip


def test_tables_and_views_of_a_postgresql_are_read_by_name(get, postgresql):
    url = postgresql.get_uri()

    assert len(rows(get(url, "products"))) == 2
    assert [row["sku"] for row in rows(get(url, "shop.live"))] == ["A1"]
    assert "has no table shop.gone" in refusal(get, url, "shop.gone").what


@pytest.mark.parametrize(
    ("user", "query", "words"),
    [
        ("reader:wrong", "products", "does not accept the user or the password"),
        ("nobody", "products", "does not accept the user or the password"),
        ("reader:s3same", "SELECT * FROM private", "may not read this"),
        ("reader:s3same", "SELECT * FROM gone", "A table of the query is not there"),
        ("reader:s3same", "SELECT colour FROM products", "A column of the query is not there"),
        ("reader:s3same", "DELETE FROM products RETURNING *", "is not understood"),
        ("reader:s3same", "WITH d AS (DELETE FROM products RETURNING *) SELECT * FROM d", "it is only read here"),
        ("postgres", "SELECT setval('s', 9)", "is not there"),
    ],
)
def test_each_refusal_of_a_postgresql_is_told(get, postgresql, user, query, words):
    error = refusal(get, f"postgresql://{user}@/postgres?host={postgresql.pgdata}", query)

    assert words in error.what
    assert not any(secret in f"{error.what} {error.fix}" for secret in ("wrong", "s3same"))
    assert "wrong" not in "".join(traceback.format_exception(error))


@pytest.mark.parametrize(
    "query",
    [
        "DROP TABLE products", "TRUNCATE products", "SELECT 1; DROP TABLE products",
        "SELECT 1; COMMIT; SET SESSION default_transaction_read_only = off; DROP TABLE products",
        "SELECT nextval('counter')", "SELECT * INTO copied FROM products", "SELECT * FROM products FOR UPDATE",
        "SET default_transaction_read_only = off", "COPY products TO PROGRAM 'touch x'",
    ],
)  # fmt: skip
def test_a_query_cannot_change_a_postgresql_even_as_its_owner(get, postgresql, query):
    postgresql.psql("CREATE SEQUENCE IF NOT EXISTS counter;")

    refusal(get, postgresql.get_uri(), query)

    assert "(2 rows)" in postgresql.psql("SELECT * FROM products;")
    assert "f" in postgresql.psql("SELECT is_called FROM counter;").split()


def test_a_postgresql_that_takes_too_long_is_given_up(get, postgresql):
    error = refusal(get, postgresql.get_uri(), "SELECT pg_sleep(60)", rules=replace(RULES, total_s=0.3))

    assert "took longer than" in error.what


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://shop@10.0.0.1/shop",
        "mysql://shop@10.0.0.1:22/shop",
        "postgresql://shop@/shop?host=10.0.0.1",
        "postgresql://shop@localhost/shop?hostaddr=10.0.0.1",
        "postgresql://shop@/shop?host=localhost,10.0.0.1",
    ],
)
def test_where_hosts_are_listed_a_database_on_another_is_refused(get, url):
    error = refusal(get, url, rules=replace(RULES, hosts=("localhost",)))

    assert error.what == "10.0.0.1 is not among the allowed hosts."


@pytest.mark.parametrize("kind", ["postgresql", "mysql"])
def test_a_server_that_accepts_and_says_nothing_is_given_up(get, kind):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"{kind}://shop@127.0.0.1:{silent.getsockname()[1]}/shop"

        error = refusal(get, url, rules=replace(RULES, connect_s=2, read_s=0.3))

    assert "The catalog stays as it was." in error.fix


@pytest.mark.parametrize(
    ("number", "message", "words"),
    [
        (1045, "Access denied for user 'shop'@'localhost' (using password: YES)", "does not accept the user"),
        (1049, "Unknown database 'shop'", "no database of that name"),
        (
            1146,
            "Table 'shop.goods' doesn't exist",
            "A table of the query is not there: Table 'shop.goods' doesn't exist.",
        ),
        (1054, "Unknown column 'colour' in 'SELECT'", "A column of the query is not there"),
        (1142, "SELECT command denied to user 'shop'", "may not read this"),
        (1792, "Cannot execute statement in a READ ONLY transaction.", "it is only read here"),
        (1064, "You have an error in your SQL syntax", "is not understood"),
        (2003, "Can't connect to MySQL server on 'db' ([Errno 111])", "cannot be reached"),
        (2013, "Lost connection to MySQL server during query", "does not answer"),
        (3024, "Query execution was interrupted", "took longer than"),
        (1366, "Incorrect string value", "cannot answer the query: Incorrect string value."),
    ],
)
def test_each_error_of_mysql_is_told(number, message, words):
    source = Database("mysql://shop:${PRODSIM_SECRET_SHOP}@db:3306/shop", "goods")

    error = explain(pymysql.err.OperationalError(number, message), source, (), RULES)

    assert error.what.startswith("mysql://db:3306/shop: ")
    assert words in error.what


def test_a_secret_in_what_a_driver_says_is_left_out():
    error = explain(ValueError("invalid dsn: password=hush"), Database("mysql://db/shop", "goods"), ("hush",), RULES)

    assert "hush" not in f"{error.what} {error.fix}"
