"""Object storage, by a server of the tests' own that speaks as much S3 as reading a file takes."""

import re
from pathlib import Path

import pytest

from prodsim.errors import CatalogError, StorageError
from prodsim.progress import SILENT
from prodsim.sources import FetchRules, fetch, read_source
from prodsim.sources.bucket import fetch_object
from tests.sources.conftest import ROWS


@pytest.fixture
def bucket(server, monkeypatch, tmp_path):
    """A bucket ``shop`` with one file, ``exports/mugs.csv``."""

    def send(handler):
        wanted = re.fullmatch(r"bytes=(\d+)-(\d+)", handler.headers.get("Range", ""))
        first, last = (int(each) for each in wanted.groups()) if wanted else (0, len(ROWS) - 1)
        body = ROWS[first : last + 1]
        handler.send_response(206 if wanted else 200)
        handler.send_header("Content-Length", str(len(body)))
        handler.send_header("Content-Range", f"bytes {first}-{last}/{len(ROWS)}")
        handler.send_header("Last-Modified", "Mon, 02 Nov 2026 10:00:00 GMT")
        handler.send_header("ETag", '"1"')
        handler.end_headers()
        if handler.command == "GET":
            handler.wfile.write(body)

    server.behave("/shop/exports/mugs.csv", send)
    for name, value in {
        "AWS_ENDPOINT_URL": server.url,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test-secret",
        "AWS_REGION": "eu-central-1",
        "AWS_EC2_METADATA_DISABLED": "true",
    }.items():
        monkeypatch.setenv(name, value)
    return read_source("s3://shop/exports/mugs.csv").source


def test_a_file_is_fetched_and_not_again_while_it_is_the_same(bucket, tmp_path):
    fetched = fetch(bucket, tmp_path)

    assert (fetched.path.read_bytes(), fetched.catalog_name) == (ROWS, "mugs")
    again = fetch(bucket, tmp_path, fetched.facts)
    assert (again.path, again.is_changed) == (None, False)


@pytest.mark.parametrize("rules", [FetchRules(hosts=("other",)), FetchRules(folders=(Path("/srv"),))])
def test_a_bucket_that_nobody_allowed_is_refused(bucket, tmp_path, rules):
    with pytest.raises(CatalogError, match="The bucket shop may not be read here"):
        fetch(bucket, tmp_path, rules=rules)


def test_a_bucket_that_is_listed_may_be_read_from_the_dashboard(bucket, tmp_path):
    assert fetch(bucket, tmp_path, rules=FetchRules(hosts=("shop",), folders=())).path.read_bytes() == ROWS


@pytest.mark.parametrize(
    ("address", "problem"),
    [
        ("s3://shop/exports", "There is no file|cannot be read"),
        ("s3://shop/exports/mugs.csv?endpoint_override=10.0.0.1", "neither a password nor options"),
        ("s3://key:secret@shop/exports/mugs.csv", "neither a password nor options"),
    ],
)
def test_what_cannot_be_fetched_is_told(bucket, server, tmp_path, address, problem):
    server.answer("/shop/exports", b"", 404)
    server.answer("/shop", b"<ListBucketResult></ListBucketResult>", 200)

    with pytest.raises(CatalogError, match=problem) as told:
        fetch(read_source(address).source, tmp_path)

    assert "secret" not in str(told.value)


def test_a_file_that_is_too_large_is_refused(bucket, tmp_path):
    with pytest.raises(CatalogError, match="is larger than 0 MB"):
        fetch(bucket, tmp_path, rules=FetchRules(max_bytes=10))


def test_a_file_that_takes_too_long_is_refused(bucket, tmp_path):
    with pytest.raises(CatalogError, match="shop took longer than 0 seconds"):
        fetch(bucket, tmp_path, rules=FetchRules(total_s=0))


def test_a_disk_that_refuses_is_not_taken_for_the_storage(bucket, tmp_path):
    with pytest.raises(StorageError, match="gone"):
        fetch_object(bucket.url, tmp_path / "gone" / "fetched", FetchRules(), "", SILENT)
