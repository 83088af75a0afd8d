"""The server: routes, gate and documentation put together, and how it is started."""

import logging
import sys
from collections.abc import Awaitable, Callable
from typing import Any

from prodsim.api.answers import ProblemAnswer
from prodsim.api.gate import Gate, JsonLines
from prodsim.api.limits import ServerLimits
from prodsim.api.metrics import Metrics
from prodsim.api.pools import Pool
from prodsim.api.problems import STATUSES, answer_problems
from prodsim.api.reference import reference_page
from prodsim.api.routes import ROUTES, Route, Server
from prodsim.api.service import Service
from prodsim.errors import AccessDenied
from prodsim.extras import optional_packages
from prodsim.phrases import phrase
from prodsim.roles import Action, is_this_machine, require_role
from prodsim.version import __version__
from prodsim.workspace import Workspace

with optional_packages():
    import uvicorn
    from fastapi import Depends, FastAPI
    from starlette.responses import HTMLResponse

ABOUT = (
    "Find, compare and check similar products in the catalogs of a workspace. Every problem is answered as "
    '{"error": {"what": …, "fix": …}}. Keys go into the header “Authorization: Bearer KEY”.'
)


def create_app(workspace: Workspace, *, is_local: bool = True, limits: ServerLimits = ServerLimits()) -> FastAPI:
    """Return the API as an ASGI application.

    Args:
        workspace: whose catalogs are served.
        is_local: whether it is reached from this machine alone: then no key is needed while there are none.
        limits: of the server.
    """
    service = Service(workspace)
    short = Pool(limits.short_threads, limits.waiting)
    long = Pool(limits.long_threads, limits.waiting)
    metrics = Metrics(service.catalogs, {"short": short, "long": long})
    app = FastAPI(title="prodsim", version=__version__, description=ABOUT, docs_url=None, redoc_url=None)
    app.state.server = Server(service, short, long, metrics)
    answer_problems(app)
    for route in ROUTES:
        _add(app, route)
    page = reference_page(app.openapi())
    app.add_api_route("/docs", lambda: HTMLResponse(page), include_in_schema=False)
    app.add_middleware(Gate, keys=workspace.keys, is_local=is_local, limits=limits, metrics=metrics)
    return app


def serve(workspace: Workspace, host: str, port: int, limits: ServerLimits = ServerLimits()) -> None:
    """Serve the API until the process is ended.

    Raises:
        AccessDenied: others than this machine could reach it, and there are no keys.
    """
    is_local = is_this_machine(host)
    if not is_local and not workspace.keys.all():
        raise AccessDenied(
            phrase("At {host} other machines could reach the API, and there are no keys.", host=host),
            phrase("Add one with `prodsim keys add NAME`, or leave --host out."),
        )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    app = create_app(workspace, is_local=is_local, limits=limits)
    uvicorn.run(
        app,
        host=host,
        port=port,
        access_log=False,
        log_config=None,
        server_header=False,
        http="h11",
        h11_max_incomplete_event_size=limits.body_bytes,  # else a long address gets uvicorn's own answer, not ours
    )


def _add(app: FastAPI, route: Route) -> None:
    """Add a route, with the check of the role and the problems that it may answer."""
    answers: dict[int | str, dict[str, Any]] = {status: {"model": ProblemAnswer} for status in STATUSES}
    app.add_api_route(
        route.path,
        route.endpoint,
        methods=[route.method],
        dependencies=[] if route.action is None else [Depends(_allows(route.action))],
        responses={200: _described(route), **answers},
        response_model=None,
        operation_id=route.endpoint.__name__,
    )


def _described(route: Route) -> dict[str, Any]:
    """Return what OpenAPI says of a route's answer."""
    return {"content": {route.media_type: {}}} if route.media_type else {"model": route.answer}


def _allows(action: Action) -> Callable[[], Awaitable[None]]:
    async def check() -> None:
        require_role(action)

    return check
