"""Reading a text as the file it would be."""

from prodsim.catalog import make_catalog, propose_columns, read_table


def catalog_of(folder, text, name="catalog.csv"):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    table = read_table(path)
    return make_catalog(table, propose_columns(table).mapping)


def products_of(folder, text):
    return catalog_of(folder, text).products


def notes_of(folder, text):
    return [finding.what for finding in catalog_of(folder, text).findings if finding.kind == "reading"]
