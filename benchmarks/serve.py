"""Load on the API: ``python -m benchmarks.serve [products] [clients] [seconds] [pause]``.

A catalog of invented products is built with the hashing encoder and served on this machine. Each client asks for the
products similar to a random one, again and again over one connection, with ``pause`` seconds between an answer and the
next question on average: 0 keeps the server full, 1 is what fifty people who click do. The clients share the machine
with the server.
"""

import asyncio
import json
import os
import random
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import numpy as np

from sample_data.generate import generate_products

WARM_UP_S = 2.0
START_S = 120


@dataclass
class Load:
    """What the clients saw.

    Attributes:
        took_ms: of each answer, after the warm-up.
        errors: answers with another status than 200.
    """

    took_ms: list[float] = field(default_factory=list)
    errors: int = 0


def main() -> None:
    """Build, serve, ask, and print percentiles."""
    given = [float(word) for word in sys.argv[1:]]
    products, clients, seconds, pause = (*given, *(20_000, 50, 20, 1)[len(given) :])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "shop.csv"
        table = generate_products(int(products))
        table.to_csv(path, index=False)
        home = Path(folder) / "home"
        prodsim = [sys.executable, "-m", "prodsim"]
        subprocess.run([*prodsim, "build", str(path), "--encoder", "hashing", "--home", str(home)], check=True)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        with subprocess.Popen(
            [*prodsim, "serve", "--port", str(port), "--home", str(home)], stderr=subprocess.DEVNULL
        ) as server:
            try:
                skus = _skus(port)
                load = asyncio.run(ask(port, skus, int(clients), seconds, pause))
            finally:
                server.terminate()
    _print(load, int(products), int(clients), seconds, pause)


async def ask(port: int, skus: list[str], clients: int, seconds: float, pause: float) -> Load:
    """Let the clients ask for some seconds."""
    load, end = Load(), time.monotonic() + WARM_UP_S + seconds
    await asyncio.gather(*(_client(port, skus, end - seconds, end, pause, load) for _ in range(clients)))
    return load


async def _client(port: int, skus: list[str], begin: float, end: float, pause: float, load: Load) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    while time.monotonic() < end:
        await asyncio.sleep(random.uniform(0, 2 * pause))
        address = f"/v1/catalogs/shop/similar?sku={quote(random.choice(skus))}&k=10"
        started = time.perf_counter()
        writer.write(f"GET {address} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
        head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        await reader.readexactly(int(head.partition("content-length: ")[2].partition("\r\n")[0]))
        if time.monotonic() >= begin:
            load.took_ms.append(1000 * (time.perf_counter() - started))
            load.errors += " 200 " not in head.partition("\r\n")[0]
    writer.close()


def _skus(port: int) -> list[str]:
    """Wait for the server, and return SKUs of its catalog."""
    end = time.monotonic() + START_S
    search = urllib.request.Request(
        f"http://127.0.0.1:{port}/v1/catalogs/shop/search",
        json.dumps({"text": "the", "k": 1000, "exact": True}).encode(),
        {"Content-Type": "application/json"},
    )
    while True:
        try:
            with urllib.request.urlopen(search) as answer:
                return [hit["sku"] for hit in json.load(answer)["hits"]]
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.2)


def _print(load: Load, products: int, clients: int, seconds: float, pause: float) -> None:
    p50, p95, p99 = np.percentile(load.took_ms, [50, 95, 99])
    print(f"{products:,} products, {clients} clients, a pause of {pause:g} s on average, {os.cpu_count()} cores")
    print(f"{len(load.took_ms) / seconds:.0f} answers a second, {load.errors} errors")
    print(f"p50 {p50:.1f} ms, p95 {p95:.1f} ms, p99 {p99:.1f} ms")


if __name__ == "__main__":
    main()
