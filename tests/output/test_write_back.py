"""Accepted proposals as files that shop systems import."""

import pandas as pd

from prodsim.catalog import PRODUCT_FIELDS, Catalog
from prodsim.findings import Finding
from prodsim.output.write_back import PLATFORMS, changes_of, write_back
from prodsim.records import Decision, finding_key
from prodsim.records.decisions import proposed_action

FILL = Finding(
    "fillable", "A has no brand.", ("A", "B"), column="brand", evidence={"value": "Kaffa"}, proposal="Set it."
)
MOVE = Finding(
    "misfiled",
    "C is no mug.",
    ("C", "A"),
    column="category",
    evidence={"proposed": "Home > Lamps"},
    proposal="Move it.",
)
MERGE = Finding(
    "similar categories", "Two.", ("A",), column="category", proposal="Move.",
    evidence={"categories": ["Mugs", "Cups"]},
)  # fmt: skip
TWINS = Finding("duplicates", "B and D are one.", ("B", "D"))
SIZES = Finding("variants", "A and C are variants.", ("A", "C"))
HAND = Finding("odd", "Look.", ("A",), proposal="Look at it.")


def shop(**columns):
    frame = pd.DataFrame({name: "" for name in PRODUCT_FIELDS}, index=range(4))
    frame["sku"], frame["title"], frame["price"] = list("ABCD"), ["杯子", "Cup", "=Lamp", "Cup"], 5.0
    frame["category"], frame["brand"] = ["Cups", "Mugs", "Cups", "Mugs"], ["", "Lumo", "Lumo", "Lumo"]
    return Catalog(frame.assign(**columns))


def changes(*findings):
    decided = [
        (each, Decision(finding_key(each), each.kind, each.skus, *proposed_action(each), when=f"2026-01-0{day}"))
        for day, each in enumerate(findings, 1)
    ]
    return changes_of(decided, shop())


def test_changed_cells_stand_under_the_systems_names_with_the_others_as_they_are():
    wanted = changes(FILL, MERGE, MOVE, TWINS, SIZES, HAND)
    back = write_back(wanted, shop(), PLATFORMS["woocommerce"], {"category": "Kategorie"})

    assert back.changed.to_dict("list") == {
        "SKU": ["A", "C"], "Brands": ["Kaffa", "Lumo"], "Categories": ["Mugs", "Home > Lamps"],
    }  # fmt: skip
    assert back.removed.to_dict("list") == {"SKU": ["D"], "Published": ["-1"]}
    assert back.n_lacking == 0
    assert wanted.unwritable == [SIZES, HAND]


def test_headers_of_the_systems_own_export_are_kept():
    back = write_back(changes(FILL), shop(), PLATFORMS["akeneo"], {"brand": "brand-de_DE", "sku": "identifier"})

    assert list(back.changed) == ["identifier", "brand-de_DE"]


def test_shopify_gets_no_product_without_a_handle_and_archives_only_whole_ones():
    platform, wanted = PLATFORMS["shopify"], changes(FILL, MOVE, TWINS)
    back = write_back(wanted, shop(group_id=["", "cup", "lamp", "cup"]), platform, {})
    assert back.changed["Handle"].tolist() == ["lamp"]
    assert len(back.removed) == 0
    assert back.n_lacking == 2

    back = write_back(wanted, shop(group_id=["a", "b", "c", "d"]), platform, {})
    assert back.removed.to_dict("records") == [
        {"Handle": "d", "Title": "Cup", "Variant SKU": "D", "Status": "archived"}
    ]
