"""What kind of catalog a file holds."""

import pytest

from prodsim.catalog import mapping_by_profile, propose_columns, read_table, recognise_profile
from prodsim.profiles import profile_of

FILES = {
    "films": "movieId,title,genres,director\n1,The Long Way (1994),Drama|Romance,Ida Marl\n2,Night Bus (2001),Comedy,Jo Fenn\n",
    "music": "id,name,type\n1,The Lanterns,artist\n2,Vera Holm,artist\n",
    "books": "title,author,publisher,price\nThe Salt Road,Ann Reed,Harbour,12.50\nWinter Maps,Olu Ade,Kite,9.90\n",
    "news": "headline,source,section,published,body\nFerry stops,Post,Travel,2026-11-02 08:00,It stops.\n",
    "jobs": "job title,employer,salary,job description\nNurse,City Clinic,42000,Part-time at night.\n",
    "products": "sku,title,artist,price\n1,Poster Sea (1990),M. Poe,12.00\n2,Poster Hill (1991),A. Lee,13.00\n",
}


@pytest.fixture
def table_of(tmp_path):
    def read(text):
        path = tmp_path / "things.csv"
        path.write_text(text, encoding="utf-8")
        return read_table(path)

    return read


@pytest.mark.parametrize("kind", FILES)
def test_a_kind_is_recognised_by_columns_and_cells(table_of, kind):
    table = table_of(FILES[kind])

    assert recognise_profile(table, propose_columns(table).mapping).name == kind


def test_columns_are_what_the_kind_calls_them(table_of):
    table = table_of(FILES["jobs"])
    guessed = propose_columns(table).mapping
    mapping = mapping_by_profile(table, guessed, recognise_profile(table, guessed))

    assert mapping == {"title": "job title", "description": "job description", "brand": "employer", "price": "salary"}


def test_a_field_that_the_kind_lacks_gets_no_column(table_of):
    table = table_of("title,genres,price\nThe Long Way (1994),Drama,3.50\n")

    assert "price" not in mapping_by_profile(table, propose_columns(table).mapping, profile_of("films"))
