"""Where in nested data the list of products is."""

from dataclasses import dataclass
from typing import Any

from prodsim.catalog.nested_values import Record, are_flat, connection, field_of, node_of
from prodsim.catalog.rows import listed
from prodsim.catalog.variants import VARIANT_KEYS
from prodsim.phrases import Plural

LISTS = frozenset({
    "products", "product", "items", "item", "results", "result", "hits", "data", "records", "rows", "docs",
    "documents", "entries", "edges", "nodes", "objects", "list", "goods", "articles", "artikel", "produkte",
    "produits", "productos", "prodotti", "offers", "catalog", "catalogue", "content", "values", "values_list",
    "elements", "listings", "collection", "feed", "payload", "response", "value", "@graph", "graph",
    "itemlistelement", "productlist", "product_list", "skus",
})  # fmt: skip
"""Names that lists of products have in the answers of shops' interfaces."""
_SEARCH_COPIES = frozenset({"_highlightResult", "_snippetResult", "_rankingInfo"})
"""What Algolia adds to a product: copies of its own values with the query's words marked."""
_DEPTH = 8
_SAMPLED = 20
MORE_LISTS = Plural(
    "Only the list “{list}” is read. One more looks like products: {lists}.",
    "Only the list “{list}” is read. {n:,} more look like products: {lists}.",
)
_TELLING = {"price": 3, "title": 2, "sku": 1, "gtin": 2, "image": 1, "brand": 1, "description": 1, "availability": 1}


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A list of objects, the keys that lead to it, and how much its items look like products."""

    path: tuple[str, ...]
    items: list[Any]
    likeness: float

    @classmethod
    def named(cls, path: tuple[str, ...], items: list[Any]) -> "_Candidate":
        return cls(path, items, _likeness(items, path[-1] if path else ""))

    @property
    def name(self) -> str:
        return ".".join(self.path)

    def is_apart_from(self, other: "_Candidate") -> bool:
        """Return whether neither holds the other."""
        n = min(len(self.path), len(other.path))
        return self.path[:n] != other.path[:n]

    def has_products(self) -> bool:
        sample = [unwrapped(item) for item in self.items[:_SAMPLED]]
        return sum(isinstance(item, dict) and is_product(item) for item in sample) > len(sample) / 2


def find_items(whole: Any, notes: list[str]) -> list[Any]:
    """Return the products of nested data: the list of objects that look most like products, the longest of equal ones.

    Lists of the pages of an answer, and of categories that hold products, are joined. ``[]`` where there is none.
    Other lists of products are not read; ``notes`` gets their names.
    """
    if isinstance(whole, dict) and isinstance(whole.get("included"), list):
        whole = _with_included(whole)
    candidates: list[_Candidate] = []
    _collect(whole, (), candidates)
    if not candidates:
        return []
    chosen = max(candidates, key=lambda candidate: (candidate.likeness, len(candidate.items)))
    if others := [c.name for c in candidates if c.is_apart_from(chosen) and c.has_products()]:
        notes.append(MORE_LISTS(len(others), list=chosen.name, lists=listed([f"“{name}”" for name in others])))
    best = chosen.items
    return best if are_flat(best) else [unwrapped(item) for item in best]


def _with_included(answer: Record) -> Record:
    """Return an answer of JSON:API with what it includes, such as variants and pictures, inside its products."""
    known = {
        (str(item.get("type")), str(item.get("id"))): {"id": item.get("id"), **item["attributes"]}
        for item in answer["included"]
        if isinstance(item, dict) and isinstance(item.get("attributes"), dict)
    }
    items = answer.get("data")
    items = items if isinstance(items, list) else [items]
    data = [_with_related(item, known) if isinstance(item, dict) else item for item in items]
    return {**{key: value for key, value in answer.items() if key != "included"}, "data": data}


def _with_related(item: Record, known: dict[tuple[str, str], Record]) -> Record:
    links, attributes = item.get("relationships"), item.get("attributes")
    if not isinstance(links, dict) or not isinstance(attributes, dict):
        return item
    related: Record = {}
    for name, link in links.items():
        data = link.get("data") if isinstance(link, dict) else None
        ends = data if isinstance(data, list) else [data]
        keys = [(str(end.get("type")), str(end.get("id"))) for end in ends if isinstance(end, dict)]
        if parts := [known[key] for key in keys if key in known]:
            related[name] = parts
    return {**item, "attributes": {**related, **attributes}}


def _collect(value: Any, path: tuple[str, ...], into: list[_Candidate]) -> None:
    """Put the lists of objects within a value, which is at ``path``, among the candidates."""
    if len(path) == _DEPTH:
        return
    if isinstance(value, list):
        if pages := _joined_pages(value):
            into.append(_Candidate(path, pages, _likeness(pages, "products")))
        elif any(isinstance(item, dict) for item in value):
            into.append(_Candidate.named(path, value))
    elif isinstance(value, dict):
        if is_product(value):
            into.append(_Candidate.named(path, [value]))
            return
        if path and (keyed := by_key(value)):
            into.append(_Candidate.named(path, keyed))
        for key, inner in value.items():
            if isinstance(inner, list | dict):
                _collect(inner, (*path, str(key)), into)


def _joined_pages(items: list[Any]) -> list[Any]:
    """Return the products of a list of pages or categories, joined; ``[]`` where the items are products themselves."""
    pages = [item for item in items if isinstance(item, dict)]
    if not pages or any(is_product(page) for page in pages[:_SAMPLED]):
        return []
    sample = pages[:_SAMPLED]
    if sum(page_items(page) is not None for page in sample) <= len(sample) / 2:
        return []
    joined: list[Any] = []
    for item in items:
        listed = page_items(item) if isinstance(item, dict) else None
        joined.extend([item] if listed is None else listed)
    return joined


def page_items(page: Record, depth: int = 5) -> list[Any] | None:
    """Return the products of one page of an answer, with the category that the page is of; ``None`` if it is none."""
    if depth == 0 or is_product(page) or not _may_be_page(page):
        return None
    for key, value in page.items():
        if str(key).casefold() not in LISTS:
            continue
        if isinstance(value, list) and (not value or any(isinstance(item, dict) for item in value)):
            return _with_category(page, value)
        if isinstance(value, dict) and (inner := _inner_items(value, depth - 1)) is not None:
            return inner
    return None


def _may_be_page(page: Record) -> bool:
    """Return whether an object can be an answer's page: it has no price and no picture of its own."""
    return not any(field_of(str(key)) in ("price", "gtin", "image") for key in page)


def _inner_items(value: Record, depth: int) -> list[Any] | None:
    items = connection(value)
    return page_items(value, depth) if items is None else items


def _with_category(page: Record, items: list[Any]) -> list[Any]:
    """Give products without a category the name of the category that lists them."""
    name = next(
        (v for k, v in page.items() if str(k).casefold() in ("name", "title", "category") and isinstance(v, str)), ""
    )
    if not name:
        return items
    return [
        {**item, "category": name}
        if isinstance(item, dict) and not any(field_of(str(key)) == "category" for key in item)
        else item
        for item in items
    ]


def unwrapped(item: Any) -> Any:
    """Return a product without what interfaces wrap it in: ``node``, ``_source``, ``attributes``, ``fields``."""
    while isinstance(item, dict) and dict in map(type, item.values()):
        inner = _inner(item)
        if inner is None:
            return item if item.keys().isdisjoint(_SEARCH_COPIES) else _without_copies(item)
        item = inner
    return item


def _without_copies(item: Record) -> Record:
    return {key: value for key, value in item.items() if key not in _SEARCH_COPIES}


def _inner(item: Record) -> Record | None:
    if (node := node_of(item)) is not item:
        return dict(node)
    if isinstance(item.get("_source"), dict):  # Elasticsearch and OpenSearch
        return {**({"_id": item["_id"]} if "_id" in item else {}), **item["_source"]}
    if isinstance(item.get("attributes"), dict) and isinstance(item.get("type"), str) and "id" in item:  # JSON:API
        rest = {k: v for k, v in item.items() if k not in ("attributes", "type", "links", "relationships")}
        return {**rest, **item["attributes"]}
    if isinstance(item.get("fields"), dict) and isinstance(item.get("sys"), dict):  # Contentful
        return {"id": item["sys"].get("id"), **item["fields"]}
    if len(item) == 1 and isinstance(inner := next(iter(item.values())), dict):
        return inner if next(iter(item)) in ("product", "Product", "item", "document", "doc", "data") else None
    return None


def is_product(value: Record) -> bool:
    """Return whether an object is a product, not something that holds products: it has a title and a mark of one."""
    keys = {str(key).casefold() for key in value}
    if keys & {"products", "edges", "nodes", "hits"} or (keys & {"@graph"}):
        return False
    fields = {field_of(str(key)) for key in value}
    has_variants = any(
        name in keys and isinstance(value.get(name), list | dict)
        for name in VARIANT_KEYS
        if name not in ("items", "children")
    )
    return "title" in fields and (has_variants or bool(fields & {"price", "gtin", "brand"}))


def by_key(value: Record) -> list[Record]:
    """Return the products of an object that has one under each SKU or number; ``[]`` where it is none."""
    items = list(value.values())
    if len(items) < 2 or not all(isinstance(item, dict) for item in items):
        return []
    shared = set(items[0]).intersection(*items[1:_SAMPLED])
    if len(shared) * 2 < len(items[0]) or "title" not in {field_of(str(key)) for key in shared}:
        return []
    return [{"id": key, **item} for key, item in value.items()]


def _likeness(items: list[Any], name: str) -> float:
    """Return how much the items of a list look like products; a list that is called so counts a little."""
    keys = {str(key) for item in items[:_SAMPLED] if isinstance(item, dict) for key in unwrapped(item)}
    fields = {field_of(key) for key in keys}
    has_variants = any(key.casefold() in ("variants", "offers", "variations", "mastervariant") for key in keys)
    telling = sum(weight for field, weight in _TELLING.items() if field in fields)
    return telling + 3 * has_variants + 2 * (name.casefold() in LISTS)
