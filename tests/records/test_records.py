import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pandas as pd
import pytest

from prodsim.errors import CatalogError, ProdsimError, QueryError, StorageError
from prodsim.records import JUDGEMENT_COLUMNS, Judgement, Records
from prodsim.records.database import MIGRATIONS, RECORDS, FileKind, open_file
from prodsim.settings import Settings
from prodsim.similarity import Setting, Weights
from prodsim.workspace import BuildRequest, Workspace
from prodsim.workspace.removal import remove_catalog

ROOT = Path(__file__).resolve().parents[2]
NOON = "2026-05-01T12:00:00+00:00"


@pytest.fixture
def records(tmp_path):
    return Records(tmp_path / "decided" / "店.sqlite")


def pairs(text, columns="sku_a,sku_b,grade"):
    return pd.DataFrame([row.split(",") for row in text.split()], columns=columns.split(","))


def graded(records):
    return {(j.sku_a or j.query, j.sku_b): j.grade for j in records.judgements()}


def rewrite(records, sql, *values):
    connection = sqlite3.connect(records.place)
    with connection:
        connection.execute(sql, values)
    connection.close()


# Judgements


def test_judgements_of_one_product_or_one_text(records):
    assert records.n_judgements() == 0
    records.judge("B", "A", 1)
    records.judge("A", "C", 0)
    records.judge("C", "D", 1)
    records.judge("", "A", 1, query="red  mug")

    assert [(j.sku_a, j.sku_b) for j in records.judgements_of("A")] == [("A", "B"), ("A", "C")]
    assert [j.sku_b for j in records.judgements_of(query=" red mug")] == ["A"]
    assert records.judgements_of("E") == records.judgements_of(query="red") == ()
    assert records.n_judgements() == 4


def test_a_pair_has_one_judgement_in_either_order_and_the_newest_counts(records):
    records.judge("B", "A", 1)
    records.judge("A", "B", 0.25, who="Ana")

    assert graded(records) == {("A", "B"): 0.25}
    assert records.judgement_of("B", "A") == records.judgement_of("A", "B") == records.judgements()[0]
    assert records.judgements()[0].who == "Ana"


def test_a_text_is_judged_apart_from_products(records):
    records.judge("", "A", 1, query=" 防水  夹克 ")
    records.judge("", "A", 0, query="mug")
    records.judge("A", "B", 0.5)

    assert graded(records) == {("防水 夹克", "A"): 1, ("mug", "A"): 0, ("A", "B"): 0.5}
    assert records.judgement_of("", "A", query="防水 夹克").grade == 1
    assert records.judgement_of("A", "C") is None


def test_what_is_withdrawn_is_gone_and_the_rest_stays(records):
    records.judge("A", "B", 1)
    records.judge("A", "C", 1)

    assert records.withdraw("B", "A")
    assert not records.withdraw("B", "A")
    assert graded(records) == {("A", "C"): 1}


@pytest.mark.parametrize(
    ("a", "b", "grade", "query", "why"),
    [
        ("A", "B", 1.1, "", "between 0 and 1, got 1.1"),
        ("A", "B", float("nan"), "", "between 0 and 1, got nan"),
        ("A", "A", 1, "", "against itself, got 'A' twice"),
        ("", "A", 1, "", "two products, or a text and a product"),
        ("A", "B", 1, "mug", "two products, or a text and a product"),
        ("", "", 1, "mug", "two products, or a text and a product"),
    ],
)
def test_what_is_no_judgement_is_refused_and_makes_no_file(records, a, b, grade, query, why):
    with pytest.raises(ValueError, match=why):
        records.judge(a, b, grade, query=query)
    assert not Path(records.place).parent.exists()


def test_times_are_told_in_utc_and_sort_by_time():
    assert Judgement("A", "B", 1, when="2026-05-01T20:00:00+08:00").when == NOON
    assert Judgement("A", "B", 1, when="2026-05-01 12:00").when == NOON
    assert Judgement("A", "B", 1).when.endswith("+00:00")
    with pytest.raises(ValueError, match="got '1 May'"):
        Judgement("A", "B", 1, when="1 May")


def test_judgements_come_oldest_first_whatever_the_order_of_the_table(records):
    records.import_judgements(pairs("A,D,1,2026-03-01 A,B,1,2026-01-01 A,C,1,2026-02-01", "sku_a,sku_b,grade,when"))
    records.judge("A", "E", 1)
    records.judge("A", "B", 0)

    assert [j.sku_b for j in records.judgements()] == ["C", "D", "E", "B"]


# Tables


def test_a_table_taken_out_and_in_again_gives_the_same(records, tmp_path):
    records.judge("007", "-3", 0.5, who="李")
    records.judge("", "=1", 1, query='"mug", 蓝色')
    table = records.judgements_table()
    other = Records(tmp_path / "other.sqlite")
    table.to_csv(tmp_path / "out.csv", index=False)

    assert tuple(table.columns) == JUDGEMENT_COLUMNS
    assert other.import_file(tmp_path / "out.csv") == (2, [])
    assert other.judgements() == records.judgements()


def test_rows_left_out_are_told_with_their_line(records):
    table = pairs("A,B,1 A,A,1 A,,1 A,C,2 A,D,yes A,E,0 A,F,", "sku_a,sku_b,label")

    taken, findings = records.import_judgements(table)

    assert taken == 2
    assert graded(records) == {("A", "B"): 1, ("A", "E"): 0}
    assert [finding.line for finding in findings] == [3, 4, 5, 6, 8]
    assert "'yes'" in findings[3].what
    assert {finding.kind for finding in findings} == {"unusable judgement"}


def test_tables_of_numbers_and_missing_values_are_read(records):
    table = pd.DataFrame({"sku_b": [7, 2], "query": ["杯子", None], "grade": [1, float("nan")]})

    taken, findings = records.import_judgements(table, lines=[10, 20])

    assert (taken, graded(records)) == (1, {("杯子", "7"): 1})
    assert [finding.line for finding in findings] == [20]


def test_a_pair_that_is_in_the_table_twice_is_told(records):
    taken, findings = records.import_judgements(pairs("A,B,1 C,D,1 B,A,0"))

    assert (taken, graded(records)) == (2, {("A", "B"): 0, ("C", "D"): 1})
    assert [(f.kind, f.line, f.skus) for f in findings] == [("repeated judgement", 2, ("A", "B"))]
    assert "line 4" in findings[0].what


def test_an_older_judgement_never_replaces_a_newer_one(records):
    records.import_judgements(pairs(f"A,B,1,{NOON}", "sku_a,sku_b,grade,when"))
    old, findings = records.import_judgements(pairs("A,B,0,2026-04-30 A,C,1,2026-04-30", "sku_a,sku_b,grade,when"))

    assert (old, graded(records)) == (1, {("A", "C"): 1, ("A", "B"): 1})
    assert [(f.kind, f.line) for f in findings] == [("older judgement", 2)]
    assert records.import_judgements(pairs("A,B,0,2026-05-02", "sku_a,sku_b,grade,when")) == (1, [])
    assert records.judgement_of("A", "B").grade == 0


def test_lines_that_cannot_be_read_are_told_with_the_others(records, tmp_path):
    (tmp_path / "t.csv").write_text('sku_a,sku_b,label\nA,B,1\nA,C,1,too,many\nA,"D\nd",1\nA,E,9\n', encoding="utf-8")

    taken, findings = records.import_file(tmp_path / "t.csv")

    assert taken == 2
    assert [(f.kind, f.line) for f in findings] == [("unreadable line", 3), ("unusable judgement", 6)]


def test_skus_are_cleaned_as_a_catalog_cleans_them(records):
    records.import_judgements(pd.DataFrame({"sku_a": [" A\u00a01 "], "sku_b": ["Ｂ２"], "grade": [1]}))

    assert graded(records) == {("A 1", "B2"): 1}


def test_a_table_without_grades_is_refused(records):
    with pytest.raises(CatalogError, match="lacks grade; its columns are sku_a, sku_b"):
        records.import_judgements(pairs("A,B", "sku_a,sku_b"))
    assert records.import_judgements(pairs("", "query,sku_b,grade")) == (0, [])
    assert not records.exists()


# Named settings


STYLE = Setting(Weights(meaning=1, words=0.25), "l2")
PLAIN = Setting(Weights(words=1))


def test_settings_come_back_as_saved_and_a_newer_one_replaces(records):
    records.save_setting("款式", PLAIN)
    records.save_setting("款式", STYLE)
    records.save_setting("a b", PLAIN)

    assert records.settings() == {"a b": PLAIN, "款式": STYLE}
    assert records.setting("款式") == STYLE
    assert records.setting_problems() == {}


def test_the_default_is_one_setting_until_it_is_deleted(records):
    records.set_default(None)
    assert (records.default_setting(), records.exists()) == (None, False)
    records.save_setting("one", PLAIN)
    records.save_setting("two", PLAIN)
    records.set_default("one")
    records.set_default("two")
    records.save_setting("two", STYLE)

    assert (records.default_name(), records.default_setting()) == ("two", STYLE)
    records.delete_setting("two")
    assert (records.default_setting(), list(records.settings())) == (None, ["one"])


def test_an_unknown_setting_is_told_with_the_near_one_and_changes_nothing(records):
    records.save_setting("summer", PLAIN)
    records.set_default("summer")

    for call in (records.setting, records.delete_setting, records.set_default):
        with pytest.raises(QueryError, match="no setting “sumer”.* Did you mean “summer”"):
            call("sumer")
    assert records.default_name() == "summer"


@pytest.mark.parametrize("name", ["", " ", " a", "a\n", "x" * 61, "overall", "Same Product"])
def test_names_that_cannot_be_are_refused(records, name):
    with pytest.raises(ProdsimError, match="cannot be used as a name|name of a preset"):
        records.save_setting(name, PLAIN)
    records.save_setting("字" * 60, PLAIN)


@pytest.mark.parametrize(
    ("text", "setting", "told"),
    [
        ('{"weights": {"words": 1}, "metric": "cosine"}', PLAIN, ""),
        ('{"weights": {"words": 1, "aura": 0}, "metric": "cosine"}', PLAIN, ""),
        ('{"weights": {"words": 1, "aura": 2}, "metric": "cosine"}', PLAIN, "changed: .*'aura'"),
        ('{"weights": {"words": 1}, "metric": "cosine", "diversity": 0.5}', PLAIN, "changed: .*'diversity'"),
        ('{"weights": {"aura": 2}, "metric": "cosine"}', None, "cannot be used without 'aura'"),
        ('{"weights": {"words": 1}, "metric": "taxi"}', None, "cannot be used, .*'taxi'"),
        ('{"weights": [1], "metric": "cosine"}', None, "cannot be read"),
        ("[1", None, "cannot be read"),
    ],
)
def test_a_setting_of_another_version_is_used_as_far_as_it_is_understood(records, text, setting, told):
    records.save_setting("old", STYLE)
    records.set_default("old")
    rewrite(records, "UPDATE setting SET value = ?", text)

    assert records.settings() == ({"old": setting} if setting else {})
    assert pd.Series(records.setting_problems().get("old", "")).str.contains(told).all()
    assert bool(records.setting_problems()) == bool(told)
    if setting is None:
        with pytest.raises(QueryError, match="“old” cannot be used. .*Save it again"):
            records.default_setting()


# The file


def test_reading_an_absent_file_does_not_make_it(records):
    assert (records.judgements(), records.settings(), records.default_setting()) == ((), {}, None)
    assert not records.withdraw("A", "B")
    assert list(records.judgements_table().columns) == list(JUDGEMENT_COLUMNS)
    assert not Path(records.place).parent.exists()


@pytest.mark.parametrize("harm", [lambda data: b"not a database" * 99, lambda data: data[:4096] + b"\xff" * 20000])
def test_a_damaged_file_is_named_and_left_as_it_was(records, harm):
    records.judge("A", "B", 1)
    Path(records.place).write_bytes(harm(Path(records.place).read_bytes()))
    before = Path(records.place).read_bytes()

    for call in (records.judgements, records.settings, lambda: records.judge("A", "C", 1)):
        with pytest.raises(StorageError, match="店.sqlite, the file .* is damaged: .*Move the file away"):
            call()
    assert Path(records.place).read_bytes() == before


def test_a_file_of_a_newer_version_is_refused(records):
    records.judge("A", "B", 1)
    rewrite(records, f"PRAGMA user_version = {len(MIGRATIONS) + 1}")

    with pytest.raises(StorageError, match="newer version of prodsim .*Update prodsim"):
        records.judge("A", "B", 0)


@pytest.mark.parametrize("form", range(2, len(MIGRATIONS)))
def test_a_file_of_an_older_version_is_brought_up_keeps_what_it_has_and_is_opened_by_that_version(records, form):
    path, older = Path(records.place), FileKind(MIGRATIONS[:form], form, RECORDS.holds)
    with open_file(path, older, create=True) as connection:
        connection.execute("INSERT INTO judgement VALUES ('A', 'B', '', 1, '', '2026-05-01T12:00:00+00:00')")
    records.shortlist("summer", ["A"])

    assert graded(records) == {("A", "B"): 1}
    if form == RECORDS.open_to:
        with open_file(path, older) as connection:
            connection.execute("UPDATE judgement SET grade = 0")
        assert graded(records) == {("A", "B"): 0}


def test_a_file_of_a_newer_version_that_only_added_is_used_and_stays_of_its_version(records):
    added = FileKind((*MIGRATIONS, "ALTER TABLE judgement ADD COLUMN why TEXT"), RECORDS.open_to, RECORDS.holds)
    with open_file(Path(records.place), added, create=True) as connection:
        connection.execute("INSERT INTO judgement VALUES ('A', 'B', '', 1, '', '2026-05-01T12:00:00+00:00', 'shape')")
    records.judge("A", "C", 1)

    with open_file(Path(records.place), added) as connection:
        assert [*connection.execute("SELECT why FROM judgement ORDER BY sku_b")] == [("shape",), (None,)]


def test_a_migration_that_fails_changes_nothing(records):
    records.judge("A", "B", 1)
    failing = FileKind((*MIGRATIONS, "DELETE FROM judgement; nonsense"), RECORDS.open_to, RECORDS.holds)
    with pytest.raises(StorageError), open_file(Path(records.place), failing):
        pass

    assert graded(records) == {("A", "B"): 1}


def test_a_place_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "decided").write_text("a file where the folder should be", encoding="utf-8")

    with pytest.raises(StorageError, match="cannot be read or written"):
        Records(tmp_path / "decided" / "shop.sqlite").judge("A", "B", 1)


def test_threads_and_processes_write_one_new_file_at_once(records):
    code = "import sys; from pathlib import Path; from prodsim.records import Records\n"
    code += "for n in range(10): Records(Path(sys.argv[1])).judge(sys.argv[2], str(n), 1)"
    other = subprocess.Popen([sys.executable, "-X", "utf8", "-c", code, records.place, "X"], cwd=ROOT)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda n: records.judge("Z", str(n), n % 2), range(40)))

    assert other.wait() == 0
    assert len(records.judgements()) == 50
    assert all(records.judgement_of("Z", str(n)).grade == n % 2 for n in range(40))


def test_a_writer_that_waits_in_vain_is_told(records, monkeypatch):
    records.judge("A", "B", 1)
    monkeypatch.setattr("prodsim.records.database.WRITE_TIMEOUT_S", 0)
    holder = sqlite3.connect(records.place, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")

    with pytest.raises(StorageError, match="written by another program"):
        records.judge("A", "B", 0)
    assert graded(records) == {("A", "B"): 1}
    holder.close()


def test_decisions_outlive_the_catalog(home, shop):
    workspace = Workspace(Settings(home))
    workspace.build(BuildRequest(path=shop, encoder="hashing"))
    workspace.records().judge("J1", "J2", 1)
    remove_catalog(workspace, "shop")

    assert workspace.records("shop").judgement_of("J1", "J2").grade == 1
    assert Path(workspace.records("shop").place) == home / "decided" / "shop.sqlite"
    with pytest.raises(CatalogError, match="cannot be named"):
        workspace.records("../shop")
