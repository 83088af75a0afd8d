"""What the server measures, as Prometheus reads it."""

from functools import partial

from prodsim.api.open_catalogs import OpenCatalogs
from prodsim.api.pools import Pool
from prodsim.extras import optional_packages

with optional_packages():
    from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_SECONDS = (0.005, 0.01, 0.02, 0.03, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)


class Metrics:
    """Counts and times of requests, and the state of the server; nothing of what was asked.

    Args:
        catalogs: that are open.
        pools: of threads, by name.
    """

    def __init__(self, catalogs: OpenCatalogs, pools: dict[str, Pool]) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "prodsim_requests_total", "Requests answered.", ("route", "method", "status"), registry=self._registry
        )
        self._seconds = Histogram(
            "prodsim_request_seconds",
            "Time from request to answer.",
            ("route", "method"),
            buckets=_SECONDS,
            registry=self._registry,
        )
        opened = Gauge("prodsim_open_catalogs", "Catalogs that are open.", registry=self._registry)
        opened.set_function(lambda: len(catalogs))
        working = Gauge("prodsim_threads_working", "Threads at work.", ("pool",), registry=self._registry)
        waiting = Gauge("prodsim_requests_waiting", "Requests that wait.", ("pool",), registry=self._registry)
        for name, pool in pools.items():
            working.labels(name).set_function(partial(getattr, pool, "n_working"))
            waiting.labels(name).set_function(partial(getattr, pool, "n_waiting"))

    def count(self, route: str, method: str, status: int, seconds: float) -> None:
        """Count a request that was answered."""
        self._requests.labels(route, method, status).inc()
        self._seconds.labels(route, method).observe(seconds)

    def text(self) -> bytes:
        """Return all numbers in Prometheus' format."""
        text: bytes = generate_latest(self._registry)
        return text
