"""The families of a catalog: by its groups, by what the check of variants found, and by decisions."""

import pytest

from prodsim.findings import Finding
from prodsim.settings import Settings
from prodsim.workspace import BuildRequest, Workspace
from prodsim.workspace.families import families_of, families_version


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    """Jackets of one group, mugs of three colours without one, and lamps."""
    folder = tmp_path_factory.mktemp("variants")
    lines = ["sku,title,group_id,colour"]
    lines += [f"J{size},Nordvik waterproof rain jacket {size},G1,red" for size in "SML"]
    lines += [f"M{colour},Kaffa ceramic coffee mug {colour},,{colour}" for colour in ("blue", "green", "black")]
    lines += [f"L{n},{name} lamp,,gold" for n, name in enumerate(("Brass desk", "Paper floor", "Glass hanging"))]
    (folder / "shop.csv").write_text("\n".join(lines), encoding="utf-8")
    workspace = Workspace(Settings(folder / "home"))
    workspace.build(BuildRequest(folder / "shop.csv", encoder="hashing"))
    return workspace


def test_findings_join_a_family_until_somebody_dismisses_them(workspace):
    opened, records = workspace.open(), workspace.records()
    assert family(opened, records, "JS") == {"JS", "JM", "JL"}
    assert family(opened, records, "Mblue") == {"Mblue"}, "nothing was checked yet"
    before = families_version(opened, records)

    found = next(each for each in opened.check().findings if "Mblue" in each.skus and each.kind == "variants")
    assert families_version(opened, records) != before
    assert family(opened, records, "Mblue") == {"Mblue", "Mgreen", "Mblack"}

    records.decide(found, "dismissed", opened.catalog)
    assert family(opened, records, "Mblue") == {"Mblue"}


def test_a_decision_that_products_are_variants_joins_them(workspace):
    opened, records = workspace.open(), workspace.records()
    assert family(opened, records, "L0") == {"L0"}

    records.decide(Finding("duplicates", "Two lamps are alike.", ("L0", "L1")), "variants", opened.catalog)
    assert family(opened, records, "L0") == {"L0", "L1"}


def family(opened, records, sku):
    """The SKUs of a product's family."""
    rows = families_of(opened, records).members(opened.catalog.row_of[sku])
    return set(opened.catalog.products["sku"].iloc[rows])
