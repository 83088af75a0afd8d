"""Magento's JSON under the column names of its CSV."""

from prodsim.catalog.flattening import flat_row
from prodsim.catalog.nested_pairs import pairs_of
from prodsim.catalog.nested_values import Record, Row, address_of, cell_text, items_of
from prodsim.catalog.variants import GROUP, over


def is_magento(item: Record) -> bool:
    """Return whether an object is a product of Magento's interface, by its two kinds of attributes."""
    return "sku" in item and ("custom_attributes" in item or "extension_attributes" in item)


def magento_rows(item: Record) -> list[Row]:
    """Return a product's row: its attributes, stock and pictures, of a configurable one the ids of its parts."""
    attributes = {str(k): v for k, v in pairs_of(items_of(item.get("custom_attributes"))) or []}
    extension = item.get("extension_attributes")
    extension = extension if isinstance(extension, dict) else {}
    stock = extension.get("stock_item")
    row: Row = {key: value for key, value in item.items() if not isinstance(value, dict | list)}
    row |= flat_row({key: value for key, value in attributes.items() if key not in row})
    row["product_type"] = row.pop("type_id", "")
    if isinstance(stock, dict):
        row["qty"], row["is_in_stock"] = stock.get("qty", ""), stock.get("is_in_stock", "")
    pictures = [address_of(entry) for entry in items_of(item.get("media_gallery_entries"))]
    if pictures and not row.get("image"):
        row["image"] = ", ".join(filter(None, pictures))
    links = extension.get("configurable_product_links")
    further = {k: v for k, v in extension.items() if k not in ("stock_item", "configurable_product_links")} | item
    known = {"custom_attributes", "extension_attributes", "media_gallery_entries", "type_id", *row}
    row |= flat_row({key: value for key, value in further.items() if key not in known})
    return [row | {"configurable_product_links": ", ".join(map(cell_text, links))} if isinstance(links, list) else row]


def join_magento_children(rows: list[tuple[int, Row]]) -> tuple[list[tuple[int, Row]], int]:
    """Give the simple products of configurable ones what they leave empty, with the SKU of the group.

    Returns:
        The rows without the configurable products that have one in the file, and how many these are.
    """
    by_id = {cell_text(row.get("id")): row for _, row in rows if row.get("product_type")}
    joined: dict[str, Row] = {}
    parents: set[int] = set()
    for _, row in rows:
        links = cell_text(row.get("configurable_product_links")) if row.get("product_type") == "configurable" else ""
        children = [child for child in links.split(", ") if child and child in by_id]
        for child in children:
            kept = {
                k: v
                for k, v in row.items()
                if k not in ("id", "sku", "product_type", "configurable_product_links", "price")
            }
            # a child is named "Jacket-S-Red", and is not visible by itself
            joined[child] = over(kept, by_id[child]) | {"name": row.get("name"), GROUP: row.get("sku")}
        if children:
            parents.add(id(row))
    kept_rows = [(n, joined.get(cell_text(row.get("id")), row)) for n, row in rows if id(row) not in parents]
    return kept_rows, len(parents)
