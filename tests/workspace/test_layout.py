from unicodedata import normalize

import pytest

from prodsim.errors import CatalogError
from prodsim.workspace.layout import Layout

NFC, NFD = normalize("NFC", "Möbel für Café"), normalize("NFD", "Möbel für Café")


@pytest.mark.parametrize(
    ("name", "proposed"),
    [
        ("con", "catalog con"), ("NUL.txt", "catalog NUL.txt"), ("com1", "catalog com1"), ("lpt³", "catalog lpt³"),
        ("dot.", "dot"), ("shoes ", "shoes"), (" shoes", "shoes"), ("aux .", "catalog aux"),
    ],
)  # fmt: skip
def test_a_name_that_windows_has_no_folder_for_is_refused_with_a_proposal(tmp_path, name, proposed):
    for place in (Layout(tmp_path).catalog, Layout(tmp_path).records, Layout(tmp_path).histories):
        with pytest.raises(CatalogError) as caught:
            place(name)
        assert caught.value.fix == f"Name it “{proposed}”."
    assert Layout(tmp_path).catalog(proposed).name == proposed


@pytest.mark.parametrize("name", ["a/b", "..", ".hidden", "a\x00b", "\ud800", "x" * 101, " ", "a\\b", "c:"])
def test_a_name_that_could_leave_its_folder_is_refused(tmp_path, name):
    with pytest.raises(CatalogError, match="cannot be named"):
        Layout(tmp_path).catalog(name)


def test_a_name_is_one_however_its_accents_are_written(tmp_path):
    layout = Layout(tmp_path)

    assert layout.catalog(NFD) == layout.catalog(NFC) == tmp_path / "catalogs" / NFC
    assert layout.records(NFD) == layout.records(NFC)


@pytest.mark.parametrize("name", ["con", NFD])
def test_what_was_built_before_keeps_its_name(tmp_path, name):
    (tmp_path / "catalogs" / name).mkdir(parents=True)
    layout = Layout(tmp_path)

    assert layout.catalog(name).name == name
    assert layout.records(name).name == f"{name}.sqlite"
    assert layout.catalog(normalize("NFC", name)).is_dir()
