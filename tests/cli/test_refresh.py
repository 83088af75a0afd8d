import json
import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from prodsim.cli.commands import app
from tests.sources.conftest import serving

ROOT = Path(__file__).resolve().parents[2]
HEADER = b"sku,title,price\n"
MUG, LAMP, PAN = b"A1,Blue mug,12.90\n", b"B2,Brass lamp,39\n", b"C3,Steel pan,20\n"


@pytest.fixture
def run(home, monkeypatch):
    monkeypatch.setenv("PRODSIM_SOURCE_HOSTS", "localhost")

    def call(*words):
        return CliRunner().invoke(app, [str(word) for word in words])

    return call


@pytest.fixture
def server():
    with serving("http") as running:
        yield running


def as_json(result):
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_an_address_is_built_and_refreshed(run, server):
    url = server.answer("/products.csv", HEADER + MUG + LAMP)
    built = as_json(run("build", url, "--encoder", "hashing", "--json"))
    server.answer("/products.csv", HEADER + MUG.replace(b"12.90", b"9") + PAN)

    report = as_json(run("refresh", "--json"))
    same = as_json(run("refresh", "products", "--json"))

    assert (built["name"], built["products"]) == ("products", 2)
    assert set(built) <= set(report)
    assert report["changed"] == {
        "new": 1, "gone": 1, "edited": 1, "same": 0, "fields": {"price": 1}, "new_columns": [], "gone_columns": []
    }  # fmt: skip
    assert (report["rebuilt"], same["rebuilt"], same["changed"]["same"]) == (True, False, 2)
    assert as_json(run("info", "--json"))["origin"]["source"] == {"kind": "address", "url": url}


def test_what_changed_is_printed_for_people(run, server):
    run("build", server.answer("/products.csv", HEADER + MUG + LAMP), "--encoder", "hashing")
    server.answer("/products.csv", HEADER + MUG.replace(b"12.90", b"9") + PAN)

    changed, same = run("refresh").stdout, run("refresh").stdout

    assert "1 new, 1 edited, 1 gone, 0 unchanged\nedited by field: price 1\n" in changed
    assert '"products": nothing changed at http://localhost:' in same


def test_a_database_is_built_with_a_query(run, tmp_path):
    path = tmp_path / "shop.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE products (sku TEXT, title TEXT)")
        connection.execute("INSERT INTO products VALUES ('A1', 'Blue mug'), ('B2', 'Brass lamp')")
    connection.close()
    url = f"sqlite:///{path.as_posix()}"

    built = as_json(
        run("build", url, "--query", "SELECT * FROM products WHERE sku > 'A'", "--encoder", "hashing", "--json")
    )
    missing = run("build", url, "--json")

    assert (built["name"], built["products"]) == ("shop", 2)
    assert missing.exit_code == 1
    assert "--query" in json.loads(missing.stdout)["error"]["fix"]


def test_a_folder_and_a_pattern_are_built(run, tmp_path):
    folder = tmp_path / "exports"
    folder.mkdir()
    (folder / "a.csv").write_bytes(HEADER + MUG)
    (folder / "notes.txt").write_text("nothing")

    assert as_json(run("build", folder / "*.csv", "--encoder", "hashing", "--json"))["name"] == "exports"
    assert as_json(run("refresh", "--json"))["rebuilt"] is False


def test_a_typed_token_is_used_not_kept_and_the_person_is_told(run, server, home):
    result = run(
        "build", server.answer("/products.csv", HEADER + MUG) + "?token=hush-1", "--encoder", "hashing", "--json"
    )

    assert "PRODSIM_SECRET_LOCALHOST_TOKEN" in as_json(result)["warnings"][0]
    assert "hush-1" not in result.stdout + result.stderr
    assert not [path for path in home.rglob("*") if path.is_file() and b"hush-1" in path.read_bytes()]


@pytest.mark.parametrize("status", [500, 404])
def test_a_failing_refresh_ends_with_1_and_keeps_the_catalog(run, server, status):
    run("build", server.answer("/products.csv", HEADER + MUG), "--encoder", "hashing")
    server.answer("/products.csv", b"", status)

    result = run("refresh", "--json")

    assert result.exit_code == 1
    assert str(status) in json.loads(result.stdout)["error"]["what"]
    assert as_json(run("info", "--json"))["products"] == 1


@pytest.mark.parametrize("every", ["", "5", "10s", "0d", "-1h", "1y", "soon"])
def test_a_wrong_interval_is_wrong_usage(run, server, every):
    run("build", server.answer("/products.csv", HEADER + MUG), "--encoder", "hashing")

    result = run("refresh", "--every", every)

    assert result.exit_code == 2
    assert "such as 30m, 12h or 1d" in result.stderr.replace("\n", " ").replace("│ ", "")


def test_a_catalog_that_is_not_there_is_told(run):
    assert run("refresh", "nowhere", "--every", "1d").exit_code == 1


@pytest.fixture
def interruptible():
    """Let processes begun here end with Ctrl-C, also where what runs the tests ignores it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("interruptible")
def test_refreshing_again_and_again_goes_on_after_an_error_and_ends_with_ctrl_c(run, server, home):
    run("build", server.answer("/products.csv", HEADER + MUG), "--encoder", "hashing")
    server.answer("/products.csv", b"", 500)
    command = [sys.executable, "-m", "prodsim", "refresh", "--every", "1d", "--json"]

    process = subprocess.Popen(
        command, cwd=ROOT, env={**os.environ, "PRODSIM_HOME": str(home)}, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )  # fmt: skip
    try:
        line = process.stdout.readline()
        for text in process.stderr:
            if text.startswith("Next refresh of products: "):
                break
        process.send_signal(signal.SIGINT)
        rest, errors = process.communicate(timeout=60)
    finally:
        process.kill()

    assert "500" in json.loads(line)["error"]["what"]
    assert (rest, errors.splitlines()[-1], process.returncode) == ("", "Ended.", 0)
