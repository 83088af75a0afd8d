"""The documentation of the API as a plain page, made from its OpenAPI description; the page fetches nothing."""

import html
import json
from collections.abc import Mapping
from typing import Any

_STYLE = """body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}
code,pre{font:14px/1.4 ui-monospace,monospace}pre{overflow:auto;padding:.6rem;background:#8881}
h2{margin-top:2.2rem;font-size:1.1rem}table{border-collapse:collapse}td,th{padding:.2rem .8rem .2rem 0;text-align:left;
vertical-align:top}:root{color-scheme:light dark}"""


def reference_page(openapi: Mapping[str, Any]) -> str:
    """Return the page: each route with its parameters and its body."""
    about, schemas = openapi["info"], openapi["components"]["schemas"]
    routes = [
        _route(method, path, operation, schemas)
        for path, methods in openapi["paths"].items()
        for method, operation in methods.items()
    ]
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{html.escape(about["title"])}</title>'
        f"<style>{_STYLE}</style><h1>{html.escape(about['title'])} {html.escape(about['version'])}</h1>"
        f'<p>{html.escape(about["description"])} <a href="/openapi.json">The description for programs (OpenAPI)</a></p>'
        f"{''.join(routes)}</html>"
    )


def _route(method: str, path: str, operation: Mapping[str, Any], schemas: Mapping[str, Any]) -> str:
    parts = [
        f"<h2><code>{method.upper()} {html.escape(path)}</code></h2><p>{html.escape(operation['description'])}</p>"
    ]
    parameters = {each["name"]: each["schema"] | each for each in operation.get("parameters", ())}
    parts += [_table(parameters)] if parameters else []
    body = operation.get("requestBody")
    if body:
        reference = body["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
        parts += ["<p>The body is a JSON object:</p>", _table(schemas[reference]["properties"])]
    return "".join(parts)


def _table(values: Mapping[str, Mapping[str, Any]]) -> str:
    rows = [
        f"<tr><td><code>{html.escape(name)}</code></td><td><code>{html.escape(_type(value))}</code></td>"
        f"<td>{html.escape(value.get('description', ''))}</td></tr>"
        for name, value in values.items()
    ]
    return f"<table>{''.join(rows)}</table>"


def _type(value: Mapping[str, Any]) -> str:
    """Return a value's type with its limits and its default in a few words."""
    options = [each for each in value.get("anyOf", ()) if each.get("type") != "null"]
    schema = options[0] if options else value
    kind = (
        schema.get("$ref", "").rpartition("/")[2]
        or " | ".join(map(str, schema.get("enum", ())))
        or schema.get("type", "")
    )
    if kind == "array":
        kind = f"[{_type(schema['items'])}]"
    limits = {"minimum": "≥", "maximum": "≤", "maxItems": "at most"}
    shown = [f"{sign} {schema[name]:,}" for name, sign in limits.items() if name in schema]
    shown += [f"default {json.dumps(value['default'])}"] if value.get("default") not in (None, "", [], {}) else []
    return ", ".join([kind, *shown])
