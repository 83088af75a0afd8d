"""The MCP server: an assistant searches, compares, checks and explains by the same functions as the API."""

from collections.abc import Callable
from dataclasses import asdict
from functools import wraps
from typing import Annotated, Any, ParamSpec

import orjson

from prodsim.api.answers import as_bytes
from prodsim.api.questions import AskBody, Condition, Count, DecisionBody, ExplainBody, SearchBody, Sku, Skus, Words
from prodsim.api.service import Service
from prodsim.errors import ProdsimError
from prodsim.extras import optional_packages
from prodsim.quality import Level
from prodsim.records import Action
from prodsim.roles import Actor, acting_as
from prodsim.version import __version__
from prodsim.workspace import Workspace

with optional_packages():
    from mcp.server.mcpserver import MCPServer
    from mcp.server.mcpserver.exceptions import ToolError
    from mcp_types import ToolAnnotations
    from pydantic import Field

READER = Actor("assistant", "viewer")
"""Whoever asks without a key: an assistant may only read."""
ABOUT = (
    "Product catalogs: search by words or by similar products, compare two products, list faults and duplicates, and "
    "answer shoppers' questions. Begin with list_catalogs, then describe_catalog for the columns that conditions may "
    "use. Scores are higher for closer products; `closer_than` is the share of random pairs that are less close."
)
P = ParamSpec("P")
Facts = dict[str, Any]
Catalog = Annotated[str, Field(min_length=1, max_length=100, description="Name of the catalog.")]
Columns = Annotated[list[str], Field(max_length=100, description="Columns to return of each product.")]


def create_assistant(workspace: Workspace, actor: Actor = READER) -> MCPServer:
    """Return the MCP server of a workspace, with the tools that the role of ``actor`` allows."""
    tools = Tools(Service(workspace))
    server = MCPServer("prodsim", instructions=ABOUT, version=__version__, log_level="WARNING")
    for tool in tools.reading:
        server.tool(annotations=ToolAnnotations(read_only_hint=True, open_world_hint=False))(_answering(tool))
    if actor.may("decide"):
        server.tool(annotations=ToolAnnotations(read_only_hint=False, open_world_hint=False))(_answering(tools.decide))
    return server


def run_assistant(workspace: Workspace, actor: Actor = READER) -> None:
    """Talk to an assistant over standard input and output until it ends."""
    with acting_as(actor):
        create_assistant(workspace, actor).run("stdio")


class Tools:
    """What an assistant can call; the docstrings are what it reads."""

    def __init__(self, service: Service) -> None:
        self._service = service

    @property
    def reading(self) -> tuple[Callable[..., Facts], ...]:
        """Return the tools that change nothing."""
        return (
            self.list_catalogs, self.describe_catalog, self.get_product, self.search, self.similar_products,
            self.compare_products, self.findings, self.ask,
        )  # fmt: skip

    def list_catalogs(self) -> Facts:
        """List the catalogs with their numbers of products."""
        return self._service.list_catalogs()

    def describe_catalog(self, catalog: Catalog) -> Facts:
        """Describe a catalog: its columns, languages, encoder, saved settings and rules, and kinds of findings."""
        return self._service.describe(catalog)

    def get_product(self, catalog: Catalog, sku: Sku) -> Facts:
        """Get the filled columns of one product by its SKU."""
        return self._service.product(catalog, sku)

    def search(
        self, catalog: Catalog, text: Words, where: Condition = "", k: Count = 10, fields: Columns | None = None
    ) -> Facts:
        """Search by words, a SKU or a model number; `where` narrows by a condition in SQL over the columns."""
        return asdict(self._service.search(catalog, SearchBody(text=text, where=where, k=k, fields=fields or [])))

    def similar_products(
        self,
        catalog: Catalog,
        like: Skus,
        unlike: Skus | None = None,
        where: Condition = "",
        k: Count = 10,
        fields: Columns | None = None,
    ) -> Facts:
        """Find products similar to those of `like`, and different from those of `unlike`, by their SKUs."""
        body = SearchBody(like=like, unlike=unlike or [], where=where, k=k, fields=fields or [])
        return asdict(self._service.search(catalog, body))

    def compare_products(self, catalog: Catalog, sku_a: Sku, sku_b: Sku) -> Facts:
        """Compare two products: both with their columns, how similar they are, and what each part of the score says."""
        products = [self._service.product(catalog, sku) for sku in (sku_a, sku_b)]
        explained = self._service.explain(catalog, ExplainBody(like=[sku_a], hit=sku_b))
        return {"products": products, "explanation": explained}

    def findings(
        self, catalog: Catalog, kinds: list[str] | None = None, level: Level = "usual", limit: Count = 20
    ) -> Facts:
        """List what checks find and nobody decided yet, surest first: duplicates, misfiled and faulty products.

        The first call for a catalog runs the checks, which may take minutes.
        """
        return self._service.findings(catalog, kinds or (), level, only_open=True, limit=limit, offset=0)

    def ask(self, catalog: Catalog, questions: list[Words], k: Count = 5) -> Facts:
        """Answer the last of a shopper's questions, with products or with a sentence of the catalog."""
        return self._service.ask(catalog, AskBody(questions=questions, k=k))

    def decide(self, catalog: Catalog, key: str, action: Action, keep: str = "", note: str = "") -> Facts:
        """Decide about a finding by its key: keep one product, they are variants, dismiss it, accept it, or later."""
        return self._service.decide(catalog, DecisionBody(key=key, action=action, keep=keep, note=note))


def _answering(tool: Callable[P, Facts]) -> Callable[P, Facts]:
    """Return a tool that answers in plain values, and tells what is wrong and how to mend it."""

    @wraps(tool)
    def answer(*args: P.args, **kwargs: P.kwargs) -> Facts:
        try:
            facts: Facts = orjson.loads(as_bytes(tool(*args, **kwargs)))
        except ProdsimError as error:
            raise ToolError(f"{error.what} {error.fix}") from error
        return facts

    return answer
