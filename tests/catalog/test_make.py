import pandas as pd
import pytest

from prodsim.catalog import PRODUCT_FIELDS, RawTable, ReadFacts, make_catalog
from prodsim.catalog.facts import BadLine
from prodsim.catalog.fields import availability, categories, category_roots, images, title_from_url
from prodsim.catalog.prices import read_prices
from prodsim.errors import CatalogError, QueryError
from tests.catalog.reading import catalog_of


def catalog(rows, bad_lines=(), **renamed):
    frame = pd.DataFrame(rows, dtype="str").fillna("")
    facts = ReadFacts("x.csv", "csv", len(frame), bad_lines=tuple(bad_lines))
    mapping = {column: column for column in frame.columns if column in PRODUCT_FIELDS} | renamed
    return make_catalog(RawTable(frame, facts, pd.Index(range(2, len(frame) + 2))), mapping)


def kinds(made):
    return [finding.kind for finding in made.findings]


def test_leading_zeros_live_and_every_field_is_there():
    made = catalog([{"sku": "007", "title": "Mug", "colour": "blue"}])

    assert made.products.at[0, "sku"] == "007"
    assert set(PRODUCT_FIELDS) <= set(made.products)
    assert made.attributes == ["colour"]
    assert made.findings == ()


def test_of_a_repeated_sku_the_last_line_is_kept_and_told():
    made = catalog([{"sku": "1", "title": "old"}, {"sku": "2", "title": "other"}, {"sku": "1", "title": "new"}])

    assert made.products["title"].tolist() == ["other", "new"]
    assert [(f.kind, f.skus, f.line) for f in made.findings] == [("repeated sku", ("1",), 4)]
    assert "lines (2, 4)" in made.findings[0].what.replace("2 lines", "lines")


def test_a_missing_sku_is_made_from_the_line():
    made = catalog([{"sku": "", "title": "Mug"}])

    assert made.products["sku"].tolist() == ["line-2"]
    assert kinds(made) == ["missing sku"]


def test_a_key_given_to_a_product_is_given_to_no_other():
    made = catalog([{"id": "7", "title": "Mug"}, {"title": "Jug", "link": "https://x.example/p/7"}], url="link")

    assert made.products["sku"].tolist() == ["7", "line-3"]


def test_an_empty_title_comes_from_the_description_or_the_product_is_kept_out():
    made = catalog(
        [{"sku": "1", "title": "", "description": "A blue mug for tea."}, {"sku": "2", "title": " ", "description": ""}]
    )

    assert made.products["title"].tolist() == ["A blue mug for tea."]
    assert sorted(kinds(made)) == ["empty title", "no text"]


def test_a_product_without_text_is_named_by_its_sku_where_its_picture_can_be_seen():
    rows = [{"sku": "1", "title": "", "image": "a.png"}, {"sku": "2", "title": "", "image": "b.png"}]
    facts = ReadFacts("x.csv", "csv", 2)
    table = RawTable(pd.DataFrame(rows, dtype="str"), facts, pd.Index([2, 3]))

    made = make_catalog(table, {name: name for name in rows[0]}, can_be_seen=lambda place: place == "a.png")

    assert made.products["title"].tolist() == ["1"]
    assert [(f.kind, f.what[:34], f.evidence) for f in made.findings] == [
        ("empty title", "1 has no text, but a picture; its ", {}),
        ("no text", "2 on line 3 has no title, descript", {"images": ["b.png"]}),
    ]


def test_titles_can_come_from_links():
    made = catalog([{"sku": "1", "url": "https://x.example/p/malm-bed-frame-white-s79012991/"}])

    assert made.products["title"].tolist() == ["malm bed frame white"]
    assert "made from a link" in made.findings[0].what


def test_an_unreadable_price_is_unknown_and_told():
    made = catalog([{"sku": "1", "title": "Mug", "price": "call us"}, {"sku": "2", "title": "Jug", "price": ""}])

    assert made.products["price"].isna().all()
    assert [(f.kind, f.skus) for f in made.findings] == [("unreadable price", ("1",))]
    assert "call us" in made.findings[0].what


def test_bad_lines_become_findings():
    made = catalog([{"sku": "1", "title": "Mug"}], [BadLine(9, "it is cut", "9,Mu")])

    assert [(f.kind, f.line) for f in made.findings] == [("unreadable line", 9)]


@pytest.mark.parametrize(
    ("cell", "amount", "currency"),
    [
        ("¥1,299.00", 1299, "CNY"), ("1.299,00 €", 1299, "EUR"), ("$12.99–$15", 12.99, "USD"), ("1299元", 1299, "CNY"),
        ("USD 12.99", 12.99, "USD"), ("12", 12, ""), ("12,5", 12.5, ""), ("1 299,00 kr", 1299, "SEK"), ("Rp 10.000", 10000, "IDR"),
        ("1'299.50 CHF", 1299.5, "CHF"), ("from £5", 5, "GBP"), ("0.125", 0.125, ""), ("12,345,678", 12345678, ""), ("0", 0, ""),
    ],
)  # fmt: skip
def test_prices_as_people_write_them(cell, amount, currency):
    amounts, codes = read_prices([cell])

    assert amounts[0] == amount
    assert codes == [currency]


@pytest.mark.parametrize("cell", ["", "call us", "-3", "nan", "inf", "n/a", "2024-01-02 00:00 sold by Acme Ltd"])
def test_what_is_no_price_is_unknown(cell):
    assert pd.isna(read_prices([cell])[0][0])


@pytest.mark.parametrize(
    ("cell", "path"),
    [
        ("A >> B > C", "A > B > C"), ("Home/Kitchen", "Home > Kitchen"), ("A > Tea/Coffee", "A > Tea/Coffee"), ('["A", "B"]', "A > B"),
        ('["A >> B"]', "A > B"), ("A > B, A > C", "A > B"), ("Toys > Books, Games > Cards", "Toys > Books, Games > Cards"), ("Default Category/A/B,Default Category/C", "A > B"),
        ("A > B | A > C", "A > B"), ("A > B; C > D", "A > B"), ("A >>> B", "A > B"), ("spring_sale,women", ""), ("Caps\\, hats > Wool", "Caps, hats > Wool"), ('[{"name": "A"}, {"name": "B"}]', "A > B"), ("Books &amp; Toys|Games", "Books & Toys > Games"), ("", ""),
    ],
)  # fmt: skip
def test_category_paths(cell, path):
    assert next(iter(categories(cell)), "") == path


@pytest.mark.parametrize(
    ("cell", "state"),
    [
        ("in_stock", "in stock"),
        ("https://schema.org/OutOfStock", "out of stock"),
        ("有货", "in stock"),
        ("0", "out of stock"),
        ("17", "in stock"),
        ("true", "in stock"),
        ("maybe", ""),
        ("In Stock (12)", "in stock"),
        ("Noch 3 Stück verfügbar", "in stock"),
        ("Nur noch wenige auf Lager", "in stock"),
        ("Derzeit nicht verfügbar", "out of stock"),
        ("Rupture de stock", "out of stock"),
        ("Есть в наличии", "in stock"),
        ("在庫切れ", "out of stock"),
        ("품절", "out of stock"),
        ("0 pcs", "out of stock"),
        (">5", "in stock"),
        ("-2", "out of stock"),
        ("http://schema.org/LimitedAvailability", "in stock"),
        ("Ships in 2 weeks", "preorder"),
        ("Ships within 24 hours", "in stock"),
        ("Auf Bestellung", "preorder"),
        ("Lieferzeit: 2-3 Werktage", "in stock"),
        ("Lieferzeit 3 Wochen", "preorder"),
        ("Lager: 0", "out of stock"),
        ("○", "in stock"),
        ("12:30", ""),
    ],
)
def test_availability(cell, state):
    assert availability(cell) == state


def test_all_pictures_and_categories_of_a_cell_are_kept():
    made = catalog(
        [
            {"sku": "1", "title": "Mug", "category": "A > B, C > D", "image": "https://x.example/1.jpg, https://x.example/2.jpg"},
            {"sku": "2", "title": "Jug", "category": "C > E", "image": "a.jpg|b.jpg"},
        ]
    )  # fmt: skip

    assert made.products[["category", "image"]].to_numpy().tolist() == [
        ["A > B", "https://x.example/1.jpg"],
        ["C > E", "a.jpg"],
    ]
    assert made.products["other categories"].tolist() == ["C > D", ""]
    assert made.products["more images"].tolist() == ["https://x.example/2.jpg", "b.jpg"]
    assert kinds(made) == ["reading", "reading"]


def test_the_note_names_the_column_that_the_further_categories_are_in():
    made = catalog([{"sku": "1", "title": "Mug", "category": "A > B, A > D", "other categories": "sale"}])

    assert made.products["other categories (category)"].tolist() == ["A > D"]
    assert "other categories (category)" in made.findings[0].what


def test_what_spreadsheets_and_pages_put_around_cells_is_taken_off():
    made = catalog(
        [
            {
                "sku": '="007"',
                "title": "'90s mug",
                "brand": '{"name": "Tarn &amp; Co"}',
                "colour": "black &amp; white",
                "size": '="0042"',
            }
        ]
    )

    assert made.products.iloc[0][["sku", "title", "brand", "colour", "size"]].tolist() == [
        "007",
        "'90s mug",
        "Tarn & Co",
        "black & white",
        "0042",
    ]


def test_the_currency_in_a_columns_name_is_that_of_its_prices():
    made = catalog(
        [{"sku": "1", "title": "Mug", "Preis [CHF]": "1'299.50"}, {"sku": "2", "title": "Jug", "Preis [CHF]": "€ 5"}],
        price="Preis [CHF]",
    )

    assert made.products[["price", "currency"]].to_numpy().tolist() == [[1299.5, "CHF"], [5.0, "EUR"]]


def test_pictures_and_links():
    both = ("https://a.example/1.jpg", "https://a.example/2.jpg")
    assert images('["https://a.example/1.jpg", "https://a.example/2.jpg"]') == both
    assert images("https://a.example/1.jpg,https://a.example/2.jpg") == both
    assert title_from_url("https://x.example/") == ""


def test_wrong_mappings_are_told_with_what_the_file_has():
    with pytest.raises(CatalogError, match="column “name” for title is missing; the file has “sku”, “title”"):
        catalog([{"sku": "1", "title": "Mug"}], title="name")
    with pytest.raises(CatalogError, match="no column could be recognised as the title"):
        catalog([{"sku": "1", "colour": "blue"}])
    with pytest.raises(QueryError, match="no column “colr”"):
        catalog([{"sku": "1", "title": "Mug"}]).column("colr")


def test_what_reading_noted_is_a_finding():
    frame = pd.DataFrame({"title": ["Mug"]}, dtype="str")
    facts = ReadFacts("x.xlsx", "xlsx", 1, notes=("Formulas without a saved value count as empty: C2.",))

    made = make_catalog(RawTable(frame, facts, pd.Index([2])), {"title": "title"})

    assert [finding.what for finding in made.findings][:1] == list(facts.notes)


def test_a_sku_that_looks_like_markup_is_kept():
    assert catalog([{"sku": "<b>", "title": "Mug"}]).products.at[0, "sku"] == "<b>"


def test_texts_that_are_mended_are_told():
    made = catalog(
        [
            {"sku": "1", "title": "Mug", "description": "<p>For <b>tea</b></p>"},
            {"sku": "2", "title": "保湿面霜", "description": "<br>补水"},
            {"sku": "3", "title": "CafÃ© cup", "description": "under 5 < 6"},
        ]
    )

    told = [(f.kind, f.skus, f.line, f.column) for f in made.findings]
    assert told == [
        ("mojibake repaired", ("3",), 4, "title"),
        ("markup removed", ("1",), 2, "description"),
        ("markup removed", ("2",), 3, "description"),
    ]
    assert made.products["title"].iat[2] == "Café cup"


def test_a_fault_that_very_many_share_is_told_once():
    made = catalog([{"sku": str(n), "title": f"Mug {n}", "description": "<p>tea</p>"} for n in range(150)])

    assert [(f.kind, len(f.skus)) for f in made.findings] == [("markup removed", 100)]
    assert made.findings[0].what == "150 descriptions contained HTML markup, which was removed."


def test_a_sale_price_waits_for_its_sale_however_the_column_is_spelt(tmp_path):
    text = "id,name,price,saleprice,onsale\nT2,Tent,149.00,119.00,0\nT4,Tarp,229.00,199.00,1\n"

    assert catalog_of(tmp_path, text).products["price"].tolist() == [149.0, 199.0]


def test_paths_with_a_sign_between_them_are_several():
    assert categories("Outdoor@Outdoor/Tents@Sale") == ("Outdoor", "Outdoor > Tents", "Sale")


def test_bars_stand_between_equals_where_these_begin_cells_too():
    genres = ["Comedy|Drama", "Drama|Romance|Western", "Romance", "War|Comedy"]
    shelves = ["Kitchen|Mugs", "Kitchen|Knives|Sets", "Garden|Knives", "Garden"]

    assert categories("Drama|Romance|Western", category_roots(genres)) == ("Drama", "Romance", "Western")
    assert categories("Garden|Knives", category_roots(shelves)) == ("Garden > Knives",)


def test_what_stands_beside_an_address_is_no_picture():
    assert images("a1:1:0:|https://img.example/a1.jpg;") == ("https://img.example/a1.jpg",)
    assert images("https://img.example/1.jpg; 2.jpg") == ("https://img.example/1.jpg", "2.jpg")
