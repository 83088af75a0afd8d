"""Memory and answers of a server under many sessions.

``python -m benchmarks.soak [minutes] [sessions] [products] [seconds between pages]``

Every session walks over all pages of one catalog after the other with questions of its own, as a browser would ask for
them, is closed, and another begins. Printed are the server's memory and the times until a page was drawn, over the
minutes; the memory must not grow once all catalogs were opened.
"""

import os
import random
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlencode

import numpy as np
import psutil
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Subprotocol

from prodsim.settings import Settings
from prodsim.workspace import BuildRequest, Workspace
from sample_data.generate import generate_products

ROOT = Path(__file__).resolve().parent.parent
CATALOGS = ("one", "two", "three", "four", "five", "six")
"""More than stay open."""
PAGES: dict[str, tuple[dict[str, str], ...]] = {
    "overview": ({},),
    "search": ({"q": ""}, {"q": "", "tune": "true", "weights": "price=0.4"}, {"q": "", "view": "table"}),
    "map": ({"colour": "price"}, {"colour": "brand", "highlight": "steel"}),
    "ask": ({"ask": ""},),
    "recommend": ({},),
    "quality": ({},),
    "match": ({},),
    "compare": ({"b_setting": "same product"},),
    "adapt": ({},),
    "catalog": ({},),
    "settings": ({},),
}
"""Each page with the links that are opened; an empty value is replaced by words of a product."""
STREAMLIT = Subprotocol("streamlit")
PAUSE_S = 0.2
"""Between two pages of a session; people take some ten seconds."""
QUIET_S = 0.05
"""Without a message for so long, all that came is read: the connection itself holds some back while it is not read."""
SAMPLE_S = 2.0


class Visitors:
    """Sessions that open page after page until they are told to stop.

    Attributes:
        times: seconds until a page was drawn, with the moment of each.
        n_sessions: opened so far.
        failures: pages that were not drawn.
    """

    def __init__(self, port: int, titles: list[str], pause_s: float) -> None:
        self._address = f"ws://127.0.0.1:{port}/_stcore/stream"
        self._titles = titles
        self._pause_s = pause_s
        self._stop = threading.Event()
        self.times: list[tuple[float, float]] = []
        self.failures: list[str] = []
        self.n_sessions = 0

    def run(self, seed: int) -> None:
        """Open one session after the other."""
        chance = random.Random(seed)
        while not self._stop.is_set():
            self.n_sessions += 1
            # A browser does not give up on a server that is busy for a while, so no pings.
            with connect(
                self._address, subprotocols=[STREAMLIT], max_size=None, ping_interval=None, open_timeout=60
            ) as visit:
                self._walk(visit, chance)

    def _walk(self, visit: ClientConnection, chance: random.Random) -> None:
        catalog = chance.choice(CATALOGS)
        for page, links in PAGES.items():
            for link in links:
                words = {name: value or chance.choice(self._titles) for name, value in link.items()}
                if self._stop.wait(self._pause_s * chance.uniform(0.5, 1.5)):
                    return
                try:
                    took_s = _open_page(visit, page, urlencode({"catalog": catalog, **words}))
                except (OSError, TimeoutError, ConnectionClosed) as error:
                    self.failures.append(f"{page}: {error}")
                    return
                self.times.append((time.monotonic(), took_s))

    def stop(self) -> None:
        """Let all sessions end after their page."""
        self._stop.set()


def main() -> None:
    """Build small catalogs, serve them, and watch the server."""
    minutes = float(sys.argv[1]) if len(sys.argv) > 1 else 10.0
    sessions = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    n_products = int(sys.argv[3]) if len(sys.argv) > 3 else 2_000
    pause_s = float(sys.argv[4]) if len(sys.argv) > 4 else PAUSE_S
    with tempfile.TemporaryDirectory() as folder:
        titles = _build(Path(folder), n_products)
        with _served(Path(folder) / "home") as (port, server):
            visitors = Visitors(port, titles, pause_s)
            threads = [threading.Thread(target=visitors.run, args=(seed,)) for seed in range(sessions)]
            for thread in threads:
                thread.start()
            try:
                _watch(server, visitors, minutes)
            finally:
                visitors.stop()
                for thread in threads:
                    thread.join()


def _build(folder: Path, n: int) -> list[str]:
    workspace = Workspace(Settings(folder / "home"))
    products = generate_products(n)
    for number, name in enumerate(CATALOGS):
        own = products.assign(sku=[f"{name}-{sku}" for sku in products["sku"]]).iloc[number:]
        own.to_csv(folder / f"{name}.csv", index=False)
        workspace.build(BuildRequest(folder / f"{name}.csv", name=name, encoder="hashing"))
    return [str(title)[:40] for title in products["title"]]


@contextmanager
def _served(home: Path) -> Iterator[tuple[int, psutil.Process]]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "prodsim", "dashboard", f"--port={port}", f"--home={home}"]
    environment = {**os.environ, "STREAMLIT_SERVER_HEADLESS": "true"}
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL) as process:
        try:
            _wait_for(port)
            yield port, psutil.Process(process.pid)
        finally:
            process.terminate()


def _wait_for(port: int, limit_s: float = 60.0) -> None:
    end = time.monotonic() + limit_s
    while True:
        try:
            with connect(f"ws://127.0.0.1:{port}/_stcore/stream", subprotocols=[STREAMLIT]):
                return
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.2)


def _open_page(connection: ClientConnection, page: str, query: str) -> float:
    """Ask for a page, read until it is drawn, and return the seconds; what came of the page before is read first."""
    with suppress(TimeoutError):
        while True:
            connection.recv(timeout=QUIET_S)
    message = BackMsg()
    message.rerun_script.query_string = query
    message.rerun_script.page_name = page
    started, is_of_page = time.perf_counter(), False
    connection.send(message.SerializeToString())
    while True:
        received = ForwardMsg()
        data = connection.recv(timeout=120)
        received.ParseFromString(data if isinstance(data, bytes) else data.encode())
        kind = received.WhichOneof("type")
        is_of_page |= kind == "new_session"
        # parts that are drawn again, and pages that are left early, end with other values
        if kind == "script_finished" and is_of_page and received.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY:
            return time.perf_counter() - started


def _watch(server: psutil.Process, visitors: Visitors, minutes: float) -> None:
    """Print a line a minute, and at the end how the second half of the memory compares with its first."""
    began = time.monotonic()
    memory: list[tuple[float, float]] = []
    print(f"{'minute':>6}{'MB':>8}{'sessions':>10}{'pages':>8}{'p50 ms':>8}{'p95 ms':>8}{'failed':>8}")
    line_s = min(60.0, minutes * 6)
    while (passed := time.monotonic() - began) < minutes * 60:
        time.sleep(SAMPLE_S)
        memory.append((passed, server.memory_info().rss / 1e6))
        if int(passed / line_s) != int((passed + SAMPLE_S) / line_s):
            _print_line(began, line_s, memory, visitors)
    half = [mb for passed, mb in memory if passed > minutes * 30]
    first, last = np.median(half[: len(half) // 2]), np.median(half[len(half) // 2 :])
    p50, p95 = np.percentile([seconds * 1000 for _, seconds in visitors.times], [50, 95])
    print(
        f"\n{len(visitors.times):,} pages in all: p50 {p50:,.0f} ms, p95 {p95:,.0f} ms, {len(visitors.failures)} failed"
    )
    print(*visitors.failures[:10], sep="\n")
    print(f"median of the third quarter {first:,.0f} MB, of the last one {last:,.0f} MB, highest {max(half):,.0f} MB")


def _print_line(began: float, line_s: float, memory: list[tuple[float, float]], visitors: Visitors) -> None:
    now = time.monotonic()
    took = [seconds * 1000 for moment, seconds in visitors.times if moment > now - line_s] or [float("nan")]
    p50, p95 = np.percentile(took, [50, 95])
    counts = f"{visitors.n_sessions:>10,}{len(took):>8,}{p50:>8,.0f}{p95:>8,.0f}{len(visitors.failures):>8,}"
    print(f"{(now - began) / 60:>6.1f}{memory[-1][1]:>8,.0f}{counts}", flush=True)


if __name__ == "__main__":
    main()
