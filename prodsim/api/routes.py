"""The routes: an address, what it takes and gives, and the action that a role must allow."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any

from prodsim.api.answers import BatchAnswer, Json, SearchAnswer
from prodsim.api.limits import MAX_FINDINGS
from prodsim.api.metrics import CONTENT_TYPE, Metrics
from prodsim.api.pools import Pool
from prodsim.api.questions import (
    AskBody,
    BatchBody,
    Condition,
    Count,
    DecisionBody,
    ExplainBody,
    RecommendBody,
    SearchBody,
    Sku,
)
from prodsim.api.service import Service
from prodsim.extras import optional_packages
from prodsim.quality import Level
from prodsim.roles import Action
from prodsim.version import __version__

with optional_packages():
    from fastapi import Depends, Path, Query, Request
    from starlette.responses import Response


@dataclass(frozen=True, slots=True)
class Server:
    """What the routes work with.

    Attributes:
        service: that answers.
        short, long: threads for searches, and for what takes longer.
        metrics: of the requests.
    """

    service: Service
    short: Pool
    long: Pool
    metrics: Metrics


def server_of(request: Request) -> Server:
    """Return the server that a request came to."""
    server: Server = request.app.state.server
    return server


Here = Annotated[Server, Depends(server_of)]
CatalogName = Annotated[str, Path(min_length=1, max_length=100, description="Name of the catalog.")]


async def health() -> Response:
    """Say that the process answers."""
    return Json({"status": "ok", "version": __version__})


async def ready(here: Here) -> Response:
    """Say whether searches can be answered: the workspace can be read, and not too many requests wait."""
    listed = await here.short.run(here.service.list_catalogs)
    return Json({"status": "ok", "catalogs": len(listed["catalogs"])})


async def metrics(here: Here) -> Response:
    """Give counts and times of requests to Prometheus."""
    return Response(here.metrics.text(), media_type=CONTENT_TYPE)


async def list_catalogs(here: Here) -> Response:
    """List the catalogs, and those that cannot be opened."""
    return Json(await here.short.run(here.service.list_catalogs))


async def describe_catalog(here: Here, catalog: CatalogName) -> Response:
    """Describe a catalog: its columns, sizes, saved settings and rules."""
    return Json(await here.short.run(lambda: here.service.describe(catalog)))


async def get_product(here: Here, catalog: CatalogName, sku: Annotated[Sku, Query()]) -> Response:
    """Get the columns of one product."""
    return Json(await here.short.run(lambda: here.service.product(catalog, sku)))


async def similar(
    here: Here, catalog: CatalogName, sku: Annotated[Sku, Query()], k: Annotated[Count, Query()] = 10,
    where: Annotated[Condition, Query()] = "",
) -> Response:  # fmt: skip
    """Find the products most similar to one."""
    return Json(await here.short.run(lambda: here.service.search(catalog, SearchBody(like=[sku], k=k, where=where))))


async def search(here: Here, catalog: CatalogName, body: SearchBody) -> Response:
    """Search by words, or by products to be like and unlike."""
    return Json(await here.short.run(lambda: here.service.search(catalog, body)))


async def batch(here: Here, catalog: CatalogName, body: BatchBody) -> Response:
    """Search for many queries at once."""
    return Json(await here.long.run(lambda: here.service.batch(catalog, body)))


async def explain(here: Here, catalog: CatalogName, body: ExplainBody) -> Response:
    """Explain the score of a product, or of a pair: like=[A], hit=B."""
    return Json(await here.long.run(lambda: here.service.explain(catalog, body)))


async def recommend(here: Here, catalog: CatalogName, body: RecommendBody) -> Response:
    """Recommend what a shopper with this history should see next."""
    return Json(await here.long.run(lambda: here.service.recommend(catalog, body)))


async def ask(here: Here, catalog: CatalogName, body: AskBody) -> Response:
    """Answer a shopper's question with products, or with a sentence of the catalog."""
    return Json(await here.long.run(lambda: here.service.ask(catalog, body)))


async def findings(
    here: Here,
    catalog: CatalogName,
    kind: Annotated[list[str] | None, Query(max_length=50, description="Only these kinds.")] = None,
    level: Level = "usual",
    only_open: Annotated[bool, Query(alias="open", description="Leave out what is decided.")] = False,
    limit: Annotated[int, Query(ge=1, le=MAX_FINDINGS)] = 100,
    offset: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
) -> Response:
    """Check a catalog, or get what the checks found before. The first time takes as long as the checks do."""
    return Json(
        await here.long.run(
            lambda: here.service.findings(catalog, kind or (), level, only_open=only_open, limit=limit, offset=offset)
        )
    )


async def decide(here: Here, catalog: CatalogName, body: DecisionBody) -> Response:
    """Decide about a finding."""
    return Json(await here.long.run(lambda: here.service.decide(catalog, body)))


async def remove_catalog(here: Here, catalog: CatalogName) -> Response:
    """Delete a catalog. What people decided about it is kept."""
    return Json(await here.long.run(lambda: here.service.remove(catalog)))


@dataclass(frozen=True, slots=True)
class Route:
    """An address of the API.

    Attributes:
        action: that the role of the key must allow; ``None`` for routes that need no key.
        answer: type of the answer, for the description.
        media_type: of an answer that is no JSON.
    """

    method: str
    path: str
    endpoint: Callable[..., Any]
    action: Action | None
    answer: Any = dict[str, Any]
    media_type: str = ""


_OF_CATALOG = "/v1/catalogs/{catalog}"
ROUTES = (
    Route("GET", "/health", health, None),
    Route("GET", "/ready", ready, None),
    Route("GET", "/metrics", metrics, "read", media_type="text/plain"),
    Route("GET", "/v1/catalogs", list_catalogs, "read"),
    Route("GET", _OF_CATALOG, describe_catalog, "read"),
    Route("DELETE", _OF_CATALOG, remove_catalog, "delete"),
    Route("GET", f"{_OF_CATALOG}/product", get_product, "read"),
    Route("GET", f"{_OF_CATALOG}/similar", similar, "read", SearchAnswer),
    Route("POST", f"{_OF_CATALOG}/search", search, "read", SearchAnswer),
    Route("POST", f"{_OF_CATALOG}/batch", batch, "read", BatchAnswer),
    Route("POST", f"{_OF_CATALOG}/explain", explain, "read"),
    Route("POST", f"{_OF_CATALOG}/recommend", recommend, "read"),
    Route("POST", f"{_OF_CATALOG}/ask", ask, "read"),
    Route("GET", f"{_OF_CATALOG}/findings", findings, "read"),
    Route("POST", f"{_OF_CATALOG}/decisions", decide, "decide"),
)
"""All routes."""
