"""Reading what shoppers did, and their privacy."""

import stat
import sys

import pandas as pd
import pytest

from prodsim.errors import CatalogError, QueryError
from prodsim.recommend import load_key, propose_fields, pseudonyms, read_histories, shown_count

KEY = b"k" * 32


def read(tmp_path, opened, text, mapping=None, name="events.csv"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return read_histories(path, opened.catalog, KEY, mapping)


@pytest.mark.parametrize(
    ("columns", "user", "sku"),
    [
        (["InvoiceNo", "StockCode", "CustomerID", "Quantity"], "CustomerID", "StockCode"),
        (["用户ID", "商品ID", "行为类型", "时间戳"], "用户ID", "商品ID"),
        (["visitorid", "itemid", "event", "timestamp"], "visitorid", "itemid"),
        (["reviewerID", "asin", "overall"], "reviewerID", "asin"),
    ],
)
def test_columns_are_guessed_by_the_names_of_usual_exports(columns, user, sku):
    found = propose_fields(columns)

    assert (found["user"], found["sku"]) == (user, sku)


def test_events_are_ordered_by_time_and_known_by_many_names(tmp_path, opened):
    found = read(
        tmp_path,
        opened,
        "用户id,商品id,行为,时间\nu1,J1,购买,2025-01-03\nu1,J0,pv,2025-01-01\nu1,J2,加购,2025-01-02\n",
    )

    assert found.events["sku"].tolist() == ["J0", "J2", "J1"]
    assert found.events["event"].tolist() == ["view", "cart", "buy"]
    assert found.findings == ()


def test_what_is_imperfect_is_left_out_and_told(tmp_path, opened):
    found = read(
        tmp_path,
        opened,
        "user,sku,time,quantity\nu1,J0,2025-01-01,1\n,J1,2025-01-01,1\nu1,POST,2025-01-01,1\n"
        + "".join(f"u{n},POST,2025-01-01,1\n" for n in range(2, 6))
        + "u1,J2,2999-01-01,1\nu1,J3,2025-01-02,-1\nu1,J4,soon,1\n",
    )

    assert found.events["sku"].tolist() == ["J4", "J0"]
    assert {finding.kind: finding.evidence["events"] for finding in found.findings} == {
        "event without a user": 1,
        "unknown product": 5,
        "time in the future": 1,
        "return": 1,
        "unreadable time": 1,
    }
    assert "POST" in next(finding.what for finding in found.findings if finding.kind == "unknown product")


def test_robots_are_left_out_and_told(tmp_path, opened):
    robot = "".join(f"robot,J{number % 12},2025-01-01 10:00:00\n" for number in range(1000))
    found = read(tmp_path, opened, "user,sku,time\nu1,J0,2025-01-01\n" + robot)

    assert len(found.events) == 1
    assert found.findings[0].kind == "robot"
    assert found.findings[0].what.startswith("Likely robots are left out: fewer than 5 users with 1,000 events")
    assert "users" not in found.findings[0].evidence


@pytest.mark.parametrize("times", ["1735689600", "1735689600000"])
def test_times_are_read_in_seconds_and_thousandths(tmp_path, opened, times):
    found = read(tmp_path, opened, f"user,sku,timestamp\nu1,J0,{times}\n")

    assert found.events["time"].iloc[0] == pd.Timestamp("2025-01-01", tz="UTC")


@pytest.mark.parametrize(
    ("dates", "first", "told"),
    [
        (("03.04.2023", "13.04.2023"), "2023-04-03", []),
        (("03/04/2023", "04/13/2023"), "2023-03-04", []),
        (("03.04.2023", "05.06.2023"), "2023-04-03", ["day or month"]),
        (("03/04/2023", "05/06/2023"), "2023-03-04", ["day or month"]),
        (("2023-04-03", "2023-04-13"), "2023-04-03", []),
    ],
)
def test_the_day_comes_first_in_all_dates_of_a_column_or_in_none(tmp_path, opened, dates, first, told):
    found = read(tmp_path, opened, "user,sku,date\n" + "".join(f"u1,J0,{date}\n" for date in dates))

    assert found.events["time"].iloc[0] == pd.Timestamp(first, tz="UTC")
    assert [finding.kind for finding in found.findings] == told


def test_another_key_is_told_from_a_person_who_is_not_there(shoppers, opened, events, tmp_path):
    shoppers.keep(shoppers.read(events, opened))
    next((tmp_path / "home").rglob("shoppers.key")).write_bytes(b"k" * 32)

    with pytest.raises(QueryError, match="hashed with another key"):
        shoppers.erase("u4")


def test_a_rating_of_the_middle_or_less_tells_no_liking(tmp_path, opened):
    found = read(tmp_path, opened, "user,sku,rating\nu1,J0,1\nu1,J1,3\nu1,J2,4\nu1,J3,5\n")

    assert found.events["strength"].tolist() == [0, 0, 1.5, 3]


def test_an_unknown_event_counts_as_a_view_and_is_told(tmp_path, opened):
    found = read(tmp_path, opened, "user,sku,event\n" + "".join(f"u{n},J0,gazed\n" for n in range(5)))

    assert found.events["event"].tolist() == ["view"] * 5
    assert "'gazed'" in found.findings[0].what


@pytest.mark.parametrize(
    ("text", "mapping", "told"),
    [
        ("who knows,sku\nu1,J0\n", {}, "no column could be recognised as user; the file has “who knows”, “sku”"),
        ("user,sku\nu1,X\n", {}, "no event that can be used"),
        ("user,sku\nu1,J0\n", {"user": "nobody"}, "has no column “nobody”"),
        ("user,sku\nu1,J0\n", {"shopper": "user"}, "have no field “shopper”"),
    ],
)
def test_a_file_that_cannot_be_used_says_what_was_seen(tmp_path, opened, text, mapping, told):
    with pytest.raises(CatalogError, match=told):
        read(tmp_path, opened, text, mapping)


def test_users_are_replaced_by_hashes_that_depend_on_the_key(tmp_path, opened):
    found = read(tmp_path, opened, "user,sku\nalice@example.org,J0\n17850.0,J1\n")

    assert not found.events["user"].str.contains("alice").any()
    assert found.events["user"].tolist() == pseudonyms(["alice@example.org", "17850"], KEY)
    assert pseudonyms(["alice@example.org"], KEY) != pseudonyms(["alice@example.org"], b"x" * 32)


def test_the_key_is_made_once_and_read_by_its_owner_alone(tmp_path):
    key = load_key(tmp_path / "home")

    assert key == load_key(tmp_path / "home")
    assert len(key) == 32
    if sys.platform != "win32":
        assert stat.S_IMODE((tmp_path / "home" / "shoppers.key").stat().st_mode) == 0o600


def test_counts_of_few_people_are_not_shown():
    assert [shown_count(n) for n in (0, 1, 4, 5, 1000)] == ["0", "fewer than 5", "fewer than 5", "5", "1,000"]


def test_nothing_on_the_disk_names_a_shopper(shoppers, opened, events, tmp_path):
    shoppers.keep(shoppers.read(events, opened))
    shoppers.recommender(opened)

    files = [path for path in (tmp_path / "home").rglob("*") if path.is_file()]
    assert len(files) > 5
    assert not any(b"u17" in path.read_bytes() for path in files if path.suffix in (".json", ".parquet"))
    assert shoppers.histories().events["user"].str.fullmatch("[0-9a-f]{16}").all()


def test_a_person_is_exported_and_erased_with_all_that_was_learned(shoppers, opened, events, tmp_path):
    shoppers.keep(shoppers.read(events, opened))
    shoppers.recommender(opened)
    assert shoppers.events_of("u4")["sku"].tolist() == ["M1", "M2", "M3", "M4"]

    assert shoppers.erase("u4") == 4
    assert len(shoppers.events_of("u4")) == 0
    assert shoppers.histories().n_users == 29
    assert not list((tmp_path / "home").rglob("learned-*"))
    with pytest.raises(QueryError, match="no events"):
        shoppers.erase("u4")


def test_damaged_histories_say_so(shoppers, opened, events, tmp_path):
    shoppers.keep(shoppers.read(events, opened))
    next((tmp_path / "home").rglob("events.parquet")).write_bytes(b"no")

    with pytest.raises(Exception, match="does not fit"):
        shoppers.histories()


def test_a_file_of_best_ratings_alone_tells_a_liking(tmp_path, opened):
    assert read(tmp_path, opened, "user,sku,rating\nu1,J0,5\nu1,J1,5\n").events["strength"].tolist() == [3, 3]


def test_events_of_no_order_are_of_one_basket_by_day_alone(tmp_path, opened):
    lines = "user,sku,time,order_id\nu1,J0,2025-01-01,a\nu1,J1,2025-01-01,\nu1,J2,2025-01-02,\nu1,J3,,\nu1,J4,,\n"
    found = read(tmp_path, opened, lines)

    assert found.events["basket"].nunique() == 5


@pytest.mark.parametrize(
    "rows",
    [
        "bob@x.com,J0,bob@x.com,bob@x.com\nbob@x.com,bob@x.com,2025-01-01,pv\n",
        "x,bob@x.com,2025-01-01,view\ny,J0,2025-01-01,view\n",  # who stands nowhere else
        "777.0,J0,2025-01-01,view\nx,777.0,2025-01-01,view\n",
    ],
)
def test_no_finding_quotes_a_user_of_a_shifted_row(tmp_path, opened, rows):
    found = read(tmp_path, opened, "user,sku,time,event\n" + rows)

    assert found.findings
    assert not any("bob" in finding.what or "777" in finding.what for finding in found.findings)


def test_odd_times_and_ratings_are_left_out_alone(tmp_path, opened):
    assert len(read(tmp_path, opened, "user,sku,time\nu1,J0,2024-01-01\nu2,J1,-5\n").events) == 2
    assert read(tmp_path, opened, "user,sku,rating\nu1,J0,5\nu1,J1,inf\n").events["strength"].tolist() == [3, 0]


def test_a_person_is_found_by_the_id_just_as_it_stands_in_the_file(shoppers, opened, tmp_path):
    (tmp_path / "dots.csv").write_text("user,sku\n3.0,J0\n4.0,J1\n", encoding="utf-8")
    shoppers.keep(shoppers.read(tmp_path / "dots.csv", opened))

    assert len(shoppers.events_of("3.0")) == len(shoppers.events_of("3")) == 1


def test_ratings_beside_events_are_not_used_and_told(tmp_path, opened):
    found = read(tmp_path, opened, "user,sku,event,rating\nu1,J0,view,1\nu1,J1,view,5\n")

    assert found.events["strength"].tolist() == [1, 1]
    assert [finding.kind for finding in found.findings] == ["rating not used"]
