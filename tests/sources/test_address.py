import gzip
import socket
import traceback
from dataclasses import replace

import pytest

from prodsim.catalog import read_table
from prodsim.errors import Cancelled, CatalogError
from prodsim.jobs import Job
from prodsim.progress import SILENT
from prodsim.sources import Address, FetchRules, fetch, read_source
from prodsim.sources.network import allowed_addresses
from tests.sources.conftest import QUICK, ROWS


@pytest.fixture
def get(tmp_path):
    """Fetch an address into an empty folder."""

    def call(url, rules=QUICK, secrets=None, previous=None, progress=SILENT):
        return fetch(Address(url), tmp_path / "kept", previous, rules, (secrets or {}).get, progress)

    return call


def refusal(get, url, **options):
    """Return the error of an address that cannot be fetched; nothing may be left behind."""
    with pytest.raises(CatalogError) as caught:
        get(url, **options)
    return caught.value


def test_a_file_is_fetched_and_read(get, server):
    fetched = get(server.answer("/products.csv", content_type="text/csv"))

    assert fetched.path.name == "products.csv"
    assert read_table(fetched.path).frame["sku"].tolist() == ["A1", "B2"]
    assert (fetched.facts.size, fetched.is_changed) == (len(ROWS), True)


def test_the_connection_is_encrypted_and_the_certificate_checked(get, secure_server):
    url = secure_server.answer("/products.csv")

    assert get(url).path.read_bytes() == ROWS
    error = refusal(get, url.replace("localhost", "127.0.0.1"))
    assert "127.0.0.1 cannot be trusted" in error.what


def test_an_unknown_certificate_is_refused(get, secure_server, monkeypatch):
    monkeypatch.delenv("SSL_CERT_FILE")

    assert "its certificate does not fit" in refusal(get, secure_server.answer("/products.csv")).what


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (401, "asks for a name and a password"),
        (403, "refuses to give"),
        (404, "There is no file at"),
        (410, "There is no file at"),
        (429, "cannot answer at present"),
        (500, "cannot answer at present"),
        (503, "cannot answer at present"),
        (418, "answers with 418"),
        (204, "answers with 204"),
    ],
)
def test_each_refusal_of_a_server_is_told(get, server, tmp_path, status, words):
    error = refusal(get, server.answer("/feed", b"", status))

    assert words in error.what
    assert str(status) in error.what
    assert not any((tmp_path / "kept").iterdir())


def test_a_server_that_never_answers_is_given_up(get, server):
    url = server.behave("/feed", lambda handler: server.ended.wait())

    assert refusal(get, url).what == "localhost does not answer."


def test_a_server_that_stops_in_the_middle_is_given_up(get, server):
    def stop(handler):
        handler.send_response(200)
        handler.send_header("Content-Length", "1000")
        handler.end_headers()
        handler.wfile.write(ROWS)
        server.ended.wait()

    assert refusal(get, server.behave("/feed", stop)).what == "localhost does not answer."


@pytest.mark.parametrize("begin", [b"", b"HTTP/1.1 200 OK\r\n\r\n", b"HTTP/1.1 200 OK\r\nX-Slow: "])
def test_a_server_that_sends_a_letter_now_and_then_is_given_up(get, server, begin):
    def drip(handler):
        handler.wfile.write(begin)
        while not server.ended.wait(0.05):
            handler.wfile.write(b"H")

    error = refusal(get, server.behave("/feed", drip), rules=replace(QUICK, read_s=5, total_s=0.5))

    assert "took longer than" in error.what


@pytest.mark.parametrize("chunked", [True, False])
def test_a_feed_that_never_ends_stops_at_the_limit(get, server, tmp_path, chunked):
    def pour(handler):
        handler.send_response(200)
        if chunked:
            handler.send_header("Transfer-Encoding", "chunked")
        handler.end_headers()
        piece = ROWS * 100
        while True:
            handler.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece) if chunked else piece)

    error = refusal(get, server.behave("/feed", pour))

    assert "more than 0 MB, or never ends" in error.what
    assert not any((tmp_path / "kept").iterdir())


def test_a_file_that_is_announced_as_too_large_is_not_read(get, server):
    sent = []

    def announce(handler):
        handler.send_response(200)
        handler.send_header("Content-Length", "9000000000")
        handler.end_headers()
        sent.append(handler)
        server.ended.wait()

    assert "never ends" in refusal(get, server.behave("/feed", announce)).what
    assert sent


def test_what_is_packed_absurdly_well_is_refused(get, server):
    bomb = gzip.compress(bytes(60_000_000))
    url = server.answer("/feed.csv", bomb, content_encoding="gzip")

    assert "never ends" in refusal(get, url, rules=replace(QUICK, max_bytes=10**9)).what


def test_what_a_server_packs_is_unpacked(get, server):
    url = server.answer("/feed.csv", gzip.compress(ROWS), content_encoding="gzip")

    assert get(url).path.read_bytes() == ROWS


@pytest.mark.parametrize(
    "target",
    [
        "http://169.254.169.254/latest/meta-data",
        "http://10.0.0.1/",
        "http://[::1]:{port}/products.csv",
        "http://2130706433:{port}/products.csv",
        "http://0x7f.1:{port}/products.csv",
        "http://[::ffff:127.0.0.1]:{port}/products.csv",
        "//169.254.169.254/",
    ],
)
def test_a_redirect_to_a_machine_that_is_not_allowed_is_not_followed(get, server, target):
    server.answer("/products.csv")
    port = server.url.rpartition(":")[2]
    url = server.redirect("/feed", target.replace("{port}", port))

    assert "is not among the allowed hosts" in refusal(get, url).what
    assert [path for path, _ in server.requests] == ["/feed"]


@pytest.mark.parametrize("target", ["file:///etc/passwd", "ftp://localhost/x", "gopher://localhost/", "http://[::1"])
def test_a_redirect_to_something_that_is_no_web_address_is_not_followed(get, server, target):
    assert "is not a web address" in refusal(get, server.redirect("/feed", target)).what


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_followed(get, server, status):
    server.answer("/b/products.csv")
    server.redirect("/middle", "/b/products.csv", status)

    assert get(server.redirect("/a", "middle", status)).path.read_bytes() == ROWS


def test_redirects_in_a_circle_end(get, server):
    url = server.redirect("/a", "/a")

    assert "more than 5 times" in refusal(get, url).what
    assert len(server.requests) == 6


@pytest.mark.parametrize(
    "host",
    [
        "localhost", "127.0.0.1", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "::1", "0.0.0.0", "10.1.2.3",
        "172.16.0.1", "192.168.1.1", "100.64.0.1", "169.254.169.254", "224.0.0.1", "255.255.255.255", "fe80::1", "fd00::1",
        "::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:7f00:1::", "::7f00:1", "ff02::1", "2001:0:1::1",
    ],
)  # fmt: skip
def test_a_host_that_leads_into_the_own_network_is_refused(host):
    with pytest.raises(CatalogError, match="not a public address"):
        allowed_addresses(host, 443, FetchRules())


@pytest.mark.parametrize("host", ["8.8.8.8", "2606:4700:4700::1111", "::ffff:8.8.8.8"])
def test_a_public_host_is_allowed(host):
    assert len(allowed_addresses(host, 443, FetchRules())) == 1


def test_one_private_address_among_public_ones_is_enough_to_refuse(monkeypatch):
    places = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (number, 443)) for number in ("8.8.8.8", "10.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: places)

    with pytest.raises(CatalogError, match=r"leads to 10\.0\.0\.1"):
        allowed_addresses("feeds.example.com", 443, FetchRules())


def test_a_name_is_resolved_once_and_its_checked_address_connected_to(get, monkeypatch):
    names, connected = [], []
    resolve = socket.getaddrinfo

    def rebind(host, port, *words, **options):
        names.append(host)
        known = host != "feeds.example.com"
        return resolve(host if known else "8.8.8.8" if names.count(host) == 1 else "127.0.0.1", port, *words, **options)

    def refuse(self, address):
        connected.append(address[0])
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "getaddrinfo", rebind)
    monkeypatch.setattr(socket.socket, "connect", refuse)

    assert "cannot be reached" in refusal(get, "https://feeds.example.com/products.csv", rules=FetchRules()).what
    assert names.count("feeds.example.com") == 1
    assert connected == ["8.8.8.8"]


def test_only_allowed_hosts_are_fetched(get, server):
    error = refusal(get, server.answer("/feed"), rules=replace(QUICK, hosts=("*.example.com",)))

    assert error.what == "localhost is not among the allowed hosts."
    assert "*.example.com" in error.fix


def test_only_the_own_machine_may_answer_without_encryption(get):
    error = refusal(get, "http://8.8.8.8/products.csv", rules=FetchRules())

    assert "would not be encrypted" in error.what
    assert "https://" in error.fix


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"<!DOCTYPE html><form><input name='user'><input type='password'></form>", "answers with a page to sign in"),
        (b"\n<html><head><title>404</title></head><body>Not here</body></html>", "is a web page, not a file"),
    ],
)
def test_a_web_page_is_no_catalog(get, server, body, words):
    assert words in refusal(get, server.answer("/feed", body, content_type="text/html; charset=utf-8")).what


@pytest.mark.parametrize("kind", ["text/html", "application/octet-stream", "image/png", ""])
def test_a_wrong_content_type_does_not_matter(get, server, kind):
    assert read_table(get(server.answer("/feed", content_type=kind)).path).frame["sku"].tolist() == ["A1", "B2"]


def test_a_file_that_breaks_off_is_refused(get, server):
    def break_off(handler):
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(ROWS) + 10))
        handler.end_headers()
        handler.wfile.write(ROWS)

    def break_off_in_chunks(handler):
        handler.send_response(200)
        handler.send_header("Transfer-Encoding", "chunked")
        handler.end_headers()
        handler.wfile.write(b"%x\r\n%s\r\n" % (len(ROWS), ROWS))

    for behaviour in (break_off, break_off_in_chunks):
        assert "broke off before the file was complete" in refusal(get, server.behave("/feed", behaviour)).what


def test_an_empty_answer_is_refused(get, server):
    assert "is empty" in refusal(get, server.answer("/feed", b"")).what


@pytest.mark.parametrize(("header", "question"), [("etag", "If-None-Match"), ("last_modified", "If-Modified-Since")])
def test_a_file_that_did_not_change_is_not_sent_again(get, server, header, question):
    value = '"v1"' if header == "etag" else "Sun, 29 Nov 2026 10:00:00 GMT"
    first = get(server.answer("/products.csv", **{header: value}))

    def only_newer(handler):
        is_known = handler.headers[question] == value
        handler.send_response(304 if is_known else 200)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    again = get(server.behave("/products.csv", only_newer), previous=first.facts)

    assert (again.path, again.is_changed) == (None, False)
    assert again.facts.digest == first.facts.digest


def test_the_same_bytes_are_no_change_and_others_are(get, server):
    first = get(server.answer("/products.csv"))
    same = get(server.answer("/products.csv"), previous=first.facts)
    other = get(server.answer("/products.csv", ROWS + b"C3,Steel pan,20\n"), previous=first.facts)

    assert (same.is_changed, other.is_changed) == (False, True)
    assert first.path == same.path != other.path
    assert first.path.read_bytes() == ROWS


@pytest.mark.parametrize(
    ("disposition", "name"),
    [
        ('attachment; filename="My shop.csv"', "My shop.csv"),
        ("attachment; filename*=UTF-8''%E5%95%86%E5%BA%97.csv", "商店.csv"),
        ('attachment; filename="../../evil.csv"', "evil.csv"),
        ("inline", "export"),
        ("", "export"),
    ],
)
def test_a_file_is_called_what_the_server_calls_it(get, server, disposition, name):
    assert get(server.answer("/shop/export", content_disposition=disposition)).path.name == name


def test_a_host_that_does_not_exist_is_told(get, monkeypatch):
    def unknown(*words, **options):
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)

    assert "There is no host feeds.example.com" in refusal(get, "https://feeds.example.com/", rules=FetchRules()).what


def test_a_port_that_nobody_listens_on_is_told(get):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]

    assert "cannot be reached" in refusal(get, f"http://localhost:{port}/").what


def test_secrets_are_sent_and_never_shown(get, server):
    server.redirect("/feed", "/refused")
    server.answer("/refused", b"", 403)
    typed = read_source(f"{server.url.replace('//', '//shop:pa%2Fss@')}/feed?token=t0p-secret&lang=de")

    error = refusal(get, typed.source.url, secrets=typed.secrets)

    (path, headers), (_, after) = server.requests
    assert path == "/feed?token=t0p-secret&lang=de"
    assert headers["authorization"] == after["authorization"] == "Basic c2hvcDpwYS9zcw=="
    shown = "".join(traceback.format_exception(error)) + error.what + error.fix
    assert "t0p-secret" not in shown
    assert "pa%2Fss" not in shown
    assert "${PRODSIM_SECRET_LOCALHOST_TOKEN}" in server.url + typed.source.url


def test_a_password_is_not_sent_to_another_machine(get, server):
    server.answer("/products.csv")
    url = server.redirect("/feed", f"{server.url.replace('localhost', '127.0.0.1')}/products.csv")

    get(url.replace("//", "//shop:pass@"))

    assert [("authorization" in headers) for _, headers in server.requests] == [True, False]


def test_fetching_can_be_stopped(get, server, tmp_path):
    job = Job("fetch", "fetch", {})
    job.cancel()

    with pytest.raises(Cancelled):
        get(server.answer("/products.csv"), progress=job)
    assert not any((tmp_path / "kept").glob("*"))
