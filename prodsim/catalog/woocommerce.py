"""WooCommerce's JSON, of both its interfaces, under the column names of its CSV."""

from prodsim.catalog.currencies import minor_digits
from prodsim.catalog.flattening import flat_row
from prodsim.catalog.nested_money import minor_units
from prodsim.catalog.nested_values import Record, Row, address_of, cell_text, items_of, name_of, plain_text
from prodsim.catalog.variants import over

_WOO = {
    "id": "ID", "type": "Type", "sku": "SKU", "name": "Name", "short_description": "Short description",
    "description": "Description", "sale_price": "Sale price", "regular_price": "Regular price", "price": "Price",
    "permalink": "Permalink", "slug": "Slug", "global_unique_id": "GTIN, UPC, EAN, or ISBN",
    "stock_quantity": "Stock", "stock_status": "Stock status", "featured": "Is featured?", "status": "Status",
}  # fmt: skip


def is_woocommerce(item: Record) -> bool:
    """Return whether an object is a product of one of WooCommerce's interfaces, by its permalink and prices."""
    return "permalink" in item and "name" in item and ("regular_price" in item or isinstance(item.get("prices"), dict))


def woocommerce_rows(item: Record) -> list[Row]:
    """Return a product of the WooCommerce interface; its variations, where they are whole, instead of itself."""
    parent = _woo_row(item)
    variations = [v for v in items_of(item.get("variations")) if v.keys() & {"sku", "price", "regular_price"}]
    if not variations:
        if item.get("parent_id"):
            parent["Parent"] = f"id:{item['parent_id']}"
        return [parent]
    shared = {name: value for name, value in parent.items() if name not in ("ID", "SKU", "GTIN, UPC, EAN, or ISBN")}
    shared["Parent"] = parent.get("SKU") or f"id:{parent.get('ID')}"
    rows = []
    for variation in variations:
        row = _woo_row(variation)
        row.pop("Name", None)
        rows.append(over(shared, row | {"Type": "variation"}))
    return rows


def _woo_row(item: Record) -> Row:
    item = _with_store_prices(item)
    row: Row = {name: item[key] for key, name in _WOO.items() if key in item}
    if item.get("in_stock") is not None or item.get("is_in_stock") is not None:
        row["In stock?"] = bool(item.get("in_stock", item.get("is_in_stock")))
    for key, name in (("categories", "Categories"), ("tags", "Tags"), ("brands", "Brands")):
        if isinstance(item.get(key), list):
            row[name] = ", ".join(filter(None, (name_of(entry) for entry in item[key])))
    images = items_of(item.get("images")) or items_of(item.get("image"))
    if images:
        row["Images"] = ", ".join(filter(None, map(address_of, images)))
    for number, attribute in enumerate(items_of(item.get("attributes")), start=1):
        values = attribute.get("option", attribute.get("options", attribute.get("terms", attribute.get("value", ""))))
        names = [name_of(value) for value in values] if isinstance(values, list) else [cell_text(values)]
        row[f"Attribute {number} name"] = plain_text(attribute.get("name"))
        row[f"Attribute {number} value(s)"] = ", ".join(names)
    known = {
        *_WOO, "categories", "tags", "brands", "images", "image", "attributes", "variations", "in_stock",
        "is_in_stock", "_links", "related_ids", "price_html", "prices", "parent_id",
    }  # fmt: skip
    return row | flat_row({key: value for key, value in item.items() if key not in known})


def _with_store_prices(item: Record) -> Record:
    """Return a product of the store interface with its prices, counted in cents, as the other one writes them."""
    prices = item.get("prices")
    if not isinstance(prices, dict):
        return item
    digits = prices.get("currency_minor_unit", minor_digits(cell_text(prices.get("currency_code"))))
    names = [name for name in ("price", "regular_price", "sale_price") if prices.get(name) not in (None, "")]
    return {
        **item,
        **{name: minor_units(prices[name], digits) for name in names},
        "currency": prices.get("currency_code", ""),
    }
