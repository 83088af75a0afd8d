"""A server of the tests' own, which answers as each test says."""

import ssl
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from prodsim.sources import FetchRules

CERTIFICATES = Path(__file__).parent / "certificates"
ROWS = b"sku,title,price\nA1,Blue mug,12.90\nB2,Brass lamp,39\n"
OWN = ("127.0.0.1", "localhost")
QUICK = FetchRules(hosts=OWN, max_bytes=300_000, connect_s=5, read_s=0.3, total_s=20)
"""For a server of the tests' own, which may keep a client waiting for ever."""


class Server:
    """What the server does for each path; what it was asked.

    Attributes:
        routes: path to a function that is given the request's handler.
        requests: path and headers of each request, in order.
        ended: set when the test is over, so that nothing waits longer.
    """

    def __init__(self, address, scheme):
        self.url = f"{scheme}://localhost:{address[1]}"
        self.routes = {}
        self.requests = []
        self.ended = threading.Event()

    def answer(self, path, body=ROWS, status=200, **headers):
        """Answer with this body; ``content_type`` becomes ``Content-Type``."""

        def send(handler):
            handler.send_response(status)
            named = {name.replace("_", "-").title(): value for name, value in headers.items()}
            for name, value in {"Content-Length": str(len(body)), **named}.items():
                handler.send_header(name, value)
            handler.end_headers()
            handler.wfile.write(body)

        self.routes[path] = send
        return self.url + path

    def redirect(self, path, target, status=302):
        return self.answer(path, b"", status, location=target)

    def behave(self, path, behaviour):
        self.routes[path] = behaviour
        return self.url + path


@contextmanager
def serving(scheme):
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            path = self.path.partition("?")[0]
            server.requests.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
            self.close_connection = True
            try:
                server.routes[path](self)
            except OSError:  # the client has heard enough
                return

        do_HEAD = do_GET

        def log_message(self, *words):
            return

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    http.daemon_threads = True
    if scheme == "https":
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(CERTIFICATES / "localhost.pem", CERTIFICATES / "localhost.key")
        http.socket = context.wrap_socket(http.socket, server_side=True)
    server = Server(http.server_address, scheme)
    thread = threading.Thread(target=http.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.ended.set()
        http.shutdown()
        http.server_close()


@pytest.fixture
def server():
    with serving("http") as running:
        yield running


@pytest.fixture
def secure_server(monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATES / "localhost.pem"))
    with serving("https") as running:
        yield running
