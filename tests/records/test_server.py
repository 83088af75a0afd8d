import shutil
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pandas as pd
import psycopg
import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory

from prodsim.catalog import PRODUCT_FIELDS, Catalog
from prodsim.errors import StorageError
from prodsim.findings import Finding
from prodsim.records import CategoryDecision, CheckSummary, MatchDecision, Records
from prodsim.records.database import MIGRATIONS, open_empty
from prodsim.records.server import MIGRATIONS as STEPS
from prodsim.records.server import NEWEST, RecordsServer, schema_of
from prodsim.search.ruleset import RuleSet
from prodsim.similarity import Setting, Weights

ROOT = Path(__file__).resolve().parents[2]
TWINS = Finding("duplicates", "A and B are one product.", ("A", "B"))
PLAIN = Setting(Weights(words=1), "cosine")
SECRET = "s3cret-w0rd"
KEEPER = """
import sys
from pathlib import Path
from prodsim.records import Records
from prodsim.records.server import RecordsServer
from tests.records.test_server import TWINS, shop

where = sys.argv[1]
records = Records(RecordsServer(where).records_of("race", Path("absent")) if "://" in where else Path(where))
print("ready", flush=True)
sys.stdin.readline()
for n in range(15):
    records.decide(TWINS, "dismissed", shop(), who="Eve", note=str(n))
"""


def shop():
    frame = pd.DataFrame({name: "" for name in PRODUCT_FIELDS}, index=range(2))
    frame["sku"], frame["title"] = ["A", "B"], ["one", "two"]
    return Catalog(frame)


@pytest.fixture(scope="session")
def records_url(postgresql):
    postgresql.psql("CREATE DATABASE records;")
    return postgresql.get_uri("records")


@pytest.fixture
def place(records_url, tmp_path, request):
    """Where the records of a catalog of the test's own are on the server."""
    return RecordsServer(records_url).records_of(request.node.name, tmp_path / "absent.sqlite")


@pytest.fixture(params=["file", "server"])
def records(request, tmp_path):
    """Records in a file and on a server: everybody who uses them finds the same."""
    return Records(tmp_path / "店.sqlite" if request.param == "file" else request.getfixturevalue("place"))


@pytest.fixture
def psql(records_url, place, request):
    """Run SQL behind the back of the program, in the schema of the test's catalog."""

    def run(sql):
        with psycopg.connect(records_url, autocommit=True) as connection:
            connection.execute(f'SET search_path TO "{schema_of(request.node.name)}"')
            rows = connection.execute(sql)
            return rows.fetchall() if rows.description else []

    return run


# The same in both


def test_nothing_is_made_by_looking(records):
    assert (records.judgements(), records.decisions(), records.settings(), records.views()) == ((), {}, {}, ())
    assert not records.withdraw("A", "B")
    assert records.undo() == ()
    assert not records.exists()


def test_judgements_replace_and_are_imported_unless_they_are_older(records):
    records.judge("A", "B", 0)
    records.judge("B", "A", 0.5, who="Ana")
    records.judge("", "A", 1, query="red mug")
    table = pd.DataFrame(
        {"sku_a": ["A", "C"], "sku_b": ["B", "D"], "grade": [1, 1], "when": ["2020-01-01", "2020-01-01"]}
    )

    assert records.import_judgements(table)[0] == 1
    graded = [(each.sku_a, each.sku_b, each.grade, each.who) for each in records.judgements()]
    assert graded == [("C", "D", 1, ""), ("A", "B", 0.5, "Ana"), ("", "A", 1, "")]
    assert records.withdraw("B", "A")
    assert records.n_judgements() == 2


def test_decisions_are_steps_and_undo_goes_back_to_the_one_before(records):
    others = [(Finding("field", "", (f"P{n}",)), "accepted", "") for n in range(3)]
    records.decide(TWINS, "later", shop(), session="tab")
    records.decide(TWINS, "keep", shop(), keep="B", note="größer", session="tab")
    records.decide_all(others, shop(), session="tab")

    assert len(records.undo(session="tab")) == 3
    assert [(each.keep, each.note) for each in records.decisions().values()] == [("B", "größer")]
    assert records.undo(session="other") == ()
    records.undo(session="tab")
    assert [each.action for each in records.decisions().values()] == ["later"]


def test_settings_rules_views_and_summaries_have_names(records):
    for name in ("two", "one", "款式"):
        records.save_setting(name, PLAIN)
        records.save_view(name, "map", {"text": [name, "x"]})
    records.set_default("one")
    records.set_default("two")
    for _ in range(3):
        records.save_rules("sale", RuleSet(), who="Ana")
    for counts in ({"duplicates": 1}, {"duplicates": 2}):
        records.keep_summary(CheckSummary("v1", "usual", 8, counts))

    assert list(records.settings()) == [view.name for view in records.views()] == ["one", "two", "款式"]
    assert records.default_setting() == PLAIN
    records.set_default(None)
    assert records.default_name() is None
    assert records.views()[0].params == {"text": ("one", "x")}
    assert [saved.version for saved in records.rule_versions("sale")] == [1]
    assert [summary.counts for summary in records.summaries()] == [{"duplicates": 2}]
    records.delete_rules("sale")
    assert records.forget_view("one")
    assert (records.rule_names(), len(records.views())) == ([], 2)


def test_shortlists_matches_and_choices_are_kept(records):
    records.shortlist("summer", ["B", "A"], note="blue", session="tab")
    records.take_off_shortlist("summer", ["B"], session="tab")
    records.decide_match(MatchDecision("rival", "A", "x", "accepted"), session="tab")
    records.decide_match(MatchDecision("rival", "A", "x", "rejected"), session="tab")
    for other in ("Cups", "Mugs"):
        records.decide_category(CategoryDecision("rival", "Kitchen", other))
        records.remember_choice(["mug", "red"], "A")

    assert [each.sku for each in records.shortlists()["summer"]] == ["A"]
    assert records.undo_shortlist(session="tab") == 1
    assert [each.sku for each in records.shortlists()["summer"]] == ["B", "A"]
    assert records.undo_match(session="tab").verdict == "rejected"
    assert [each.verdict for each in records.match_decisions("rival")] == ["accepted"]
    assert [each.other_category for each in records.category_decisions("rival")] == ["Mugs"]
    assert records.reopen_category("rival", "Kitchen")
    assert [(each.sku, each.times) for each in records.choices()] == [("A", 2)]
    assert records.forget_choices() == 2


def test_what_is_written_is_noticed(records):
    before = records.state()
    records.judge("A", "B", 1)
    assert (after := records.state()) != before
    records.judgements()
    assert records.state() == after


@pytest.mark.parametrize("where", ["file", "server"])
def test_two_programs_that_decide_about_one_finding_lose_nothing(where, tmp_path, records_url):
    address = records_url if where == "server" else str(tmp_path / "race.sqlite")
    mine = RecordsServer(records_url).records_of("race", tmp_path / "absent") if where == "server" else Path(address)
    records = Records(mine)
    command = [sys.executable, "-c", KEEPER, address]
    with subprocess.Popen(command, cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout.readline() == "ready\n"
        other.stdin.write("\n")
        other.stdin.flush()
        for n in range(15):
            records.decide(TWINS, "keep", shop(), keep="A", who="Ana", note=str(n))
    assert other.returncode == 0

    notes = {"Ana": [], "Eve": []}
    for who, taken_back in notes.items():
        while last := records.undo(who=who):
            taken_back += [decision.note for decision in last]
    assert notes == {who: [str(n) for n in reversed(range(15))] for who in notes}


def test_tables_have_the_same_columns_in_a_file_and_on_a_server(place, psql):
    Records(place).judge("A", "B", 1)
    with closing(open_empty()) as file:
        names = [name for (name,) in file.execute("SELECT name FROM sqlite_master WHERE sql LIKE 'CREATE TABLE%'")]
        columns = {name: {row[1] for row in file.execute(f"PRAGMA table_info({name})")} for name in names}
    for name, expected in columns.items():
        sql = "SELECT column_name FROM information_schema.columns WHERE table_schema = current_schema AND table_name = '{}'"
        found = {row[0] for row in psql(sql.format(name))}
        assert found - {"rowid"} == expected or name == "sqlite_sequence"


# What goes wrong on a server


@pytest.mark.parametrize(
    "address",
    [
        "mysql://u@h/db",
        f"postgresql://u:{SECRET}@h:pört/db",
        f"postgresql://u:{SECRET}",
        f"u:{SECRET}",
        "postgresql://h",
    ],
)
def test_an_address_that_is_none_is_not_shown(address):
    with pytest.raises(StorageError, match="cannot be understood.*PRODSIM_RECORDS") as told:
        RecordsServer(address)
    assert SECRET not in f"{told.value}{told.value.__cause__}"


def test_a_server_that_is_down_or_refuses_the_password_is_told_without_the_password(postgresql, tmp_path):
    folder = str(postgresql.pgdata)
    for address in (f"postgresql://u:{SECRET}@127.0.0.1:1/db", f"postgresql://reader:{SECRET}@/postgres?host={folder}"):
        with pytest.raises(StorageError, match="does not answer.*PRODSIM_RECORDS") as told:
            Records(RecordsServer(address).records_of("shop", tmp_path / "absent")).judgements()
        assert SECRET not in f"{told.value}{told.value.__cause__}"


def test_a_user_who_may_make_nothing_is_told(postgresql, records_url, tmp_path):
    server = RecordsServer(f"postgresql://reader:s3same@/records?host={postgresql.pgdata}")

    with pytest.raises(StorageError, match="does not allow .*make schemas"):
        Records(server.records_of("shop", tmp_path / "absent")).judge("A", "B", 1)


def test_a_table_that_somebody_dropped_is_told_and_nothing_is_half_written(place, psql):
    records = Records(place)
    records.judge("A", "B", 1)
    psql("DROP TABLE decided")

    with pytest.raises(StorageError, match="damaged: .*decided"):
        records.decide(TWINS, "dismissed", shop())
    assert records.n_judgements() == 1
    psql("DROP TABLE alembic_version")
    with pytest.raises(StorageError, match="damaged: .*alembic_version is missing"):
        records.judgements()


def test_a_connection_that_is_lost_in_the_middle_leaves_nothing_and_the_next_one_works(place, psql):
    records = Records(place)
    records.judge("A", "B", 1)
    with pytest.raises(StorageError, match="does not answer .*whole or not at all"), place.opened(writing=True) as lost:
        lost.execute("DELETE FROM judgement")
        psql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'prodsim'")
        lost.execute("DELETE FROM setting")

    assert records.n_judgements() == 1
    records.judge("A", "C", 1)


def test_a_writer_on_a_server_that_waits_in_vain_is_told_and_readers_do_not_wait(place, monkeypatch):
    records = Records(place)
    records.judge("A", "B", 1)
    monkeypatch.setattr("prodsim.records.server.WRITE_TIMEOUT_S", 0.05)
    with place.opened(writing=True) as first:
        first.execute("DELETE FROM judgement")
        with pytest.raises(StorageError, match="being written by others"):
            records.judge("A", "B", 0)
        assert records.n_judgements() == 1


# Forms


def test_the_newest_form_is_that_of_the_file():
    config = Config()
    config.set_main_option("script_location", str(STEPS))
    assert ScriptDirectory.from_config(config).get_heads() == [NEWEST]
    assert int(NEWEST.partition(".")[2]) == len(MIGRATIONS)


@pytest.fixture
def newer(tmp_path, monkeypatch):
    """A later version of prodsim, whose tables have one more column."""

    def install(form, then="pass"):
        steps = shutil.copytree(STEPS, tmp_path / "steps")
        text = f"revision, down_revision = '{form}', '{NEWEST}'\nfrom alembic import op\nimport sqlalchemy as sa\n"
        text += f"def upgrade():\n    op.add_column('judgement', sa.Column('why', sa.Text))\n    {then}\n"
        (steps / "versions" / "later.py").write_text(text, encoding="utf-8")
        with monkeypatch.context() as later:
            later.setattr("prodsim.records.server.MIGRATIONS", steps)
            later.setattr("prodsim.records.server.NEWEST", form)
            yield

    return install


@pytest.mark.parametrize("form", ["10.12", "12.12"])
def test_tables_are_brought_up_and_stay_open_to_versions_that_do_not_notice(place, psql, newer, form):
    records = Records(place)
    records.judge("A", "B", 1)
    for _ in newer(form):
        assert records.n_judgements() == 1
    assert psql("SELECT why FROM judgement") == [(None,)]

    if form == "10.12":
        records.judge("A", "C", 1)
        assert records.n_judgements() == 2
    else:
        with pytest.raises(StorageError, match="newer version .*12.12.*Update prodsim"):
            records.judge("A", "C", 1)


def test_an_upgrade_that_stops_half_way_changes_nothing(place, psql, newer):
    records = Records(place)
    records.judge("A", "B", 1)
    for _ in newer("10.12", then="op.drop_column('judgement', 'nothing')"):
        with pytest.raises(StorageError):
            records.judge("A", "C", 1)

    assert psql("SELECT version_num FROM alembic_version") == [(NEWEST,)]
    assert records.n_judgements() == 1
    with pytest.raises(psycopg.errors.UndefinedColumn):
        psql("SELECT why FROM judgement")
