import asyncio
import json
import os
import sys
from pathlib import Path

from mcp import StdioServerParameters, stdio_client
from mcp.client.client import Client

from prodsim.settings import Settings
from prodsim.workspace import Workspace

ROOT = Path(__file__).resolve().parents[2]


def test_an_assistant_compares_checks_and_decides_as_its_key_allows(shop_home):
    async def converse(client):
        tools = [tool.name for tool in (await client.list_tools()).tools]
        catalogs = (await client.call_tool("list_catalogs", {})).structured_content
        similar = (
            await client.call_tool("similar_products", {"catalog": "shop", "like": ["J1"], "k": 7})
        ).structured_content
        pair = {"catalog": "shop", "sku_a": "J1", "sku_b": "M1"}
        compared = (await client.call_tool("compare_products", pair)).structured_content
        wrong = await client.call_tool("get_product", {"catalog": "shop", "sku": "J99"})
        findings = (await client.call_tool("findings", {"catalog": "shop", "limit": 1})).structured_content
        decision = {"catalog": "shop", "key": findings["findings"][0]["key"], "action": "later"}
        decided = (await client.call_tool("decide", decision)).structured_content
        return tools, catalogs, similar, compared, wrong, decided

    async def run():
        key = Workspace(Settings(shop_home)).keys.add("helper", "editor")
        server = StdioServerParameters(
            command=sys.executable,
            args=["-m", "prodsim", "mcp"],
            env={**os.environ, "PRODSIM_HOME": str(shop_home), "PRODSIM_KEY": key},
            cwd=ROOT,
        )
        async with Client(stdio_client(server)) as client:
            return await converse(client)

    tools, catalogs, similar, compared, wrong, decided = asyncio.run(run())

    assert {"search", "similar_products", "findings", "ask", "decide"} <= set(tools)
    assert catalogs["catalogs"][0]["name"] == "shop"
    assert {hit["sku"][0] for hit in similar["hits"]} == {"J"}
    assert [product["sku"] for product in compared["products"]] == ["J1", "M1"]
    assert wrong.is_error
    assert "None of the 24 products has the SKU" in wrong.content[0].text
    assert decided["who"] == "helper"
    assert json.dumps(decided)


def test_without_a_key_nothing_can_be_changed(first_home):
    from prodsim.api.assistant import create_assistant

    tools = asyncio.run(create_assistant(Workspace(Settings(first_home))).list_tools())

    assert "decide" not in [tool.name for tool in tools]
    assert all(tool.annotations.read_only_hint for tool in tools)
