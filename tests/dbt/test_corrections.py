"""The corrections register from its example file to the rows: actions, guards, builds of the past."""

from __future__ import annotations

import duckdb
import pytest
import sql_models
import yaml
from jinja2 import Environment

from bassetlaw_pipeline.contracts.derive_stub import landed_schema
from bassetlaw_pipeline.contracts.load import load_contracts
from bassetlaw_pipeline.corrections.derive import corrections_macro, guard_tests
from bassetlaw_pipeline.corrections.register import load_register
from bassetlaw_pipeline.settings import PROJECT_DIR

EXAMPLE = PROJECT_DIR / "docs" / "corrections_example.yml"
EXTRACT = "bcvs_volunteering_transport"
SENT, SENT_AGAIN = "2018-07-12 16:20:00", "2018-09-01 10:00:00"
FIRST = "20180712T162000Z-0123456789ab"


@pytest.fixture
def register(tmp_path, monkeypatch):
    """Puts a register of changed example entries in force: id -> changed fields."""

    def install(**changes):
        entries = yaml.safe_load(EXAMPLE.read_text("utf-8"))["corrections"]
        changed = [entry | changes.get(entry["id"], {}) for entry in entries]
        (tmp_path / "r.yml").write_text(yaml.safe_dump({"corrections": changed}), "utf-8")
        contracts = load_contracts()
        text = corrections_macro(load_register(contracts, tmp_path), contracts)
        module = Environment().from_string(text, globals={"return": sql_models._return}).module
        monkeypatch.setitem(sql_models._FOUND, "registered_corrections", module.registered_corrections)

    install()
    yield install
    sql_models.model_sql.cache_clear()  # the next test has its own register


@pytest.fixture
def as_of(monkeypatch):
    """Builds as known at a time."""

    def known(when):
        monkeypatch.setitem(sql_models._VARS, "as_of", when)

    return known


@pytest.fixture
def con():
    """One delivery of the quarter: three tables with the errors of the example, and rows without."""
    con = duckdb.connect()
    for table in load_contracts()[EXTRACT].tables:
        name = EXTRACT if table.name == "volunteers" else f"{EXTRACT}__{table.name}"
        con.register("stub", landed_schema(table).empty_table())
        con.execute(f"CREATE TABLE bcvs_{name} AS FROM stub")
        con.unregister("stub")
    con.execute(
        "CREATE TABLE pipeline_current_delivery (extract VARCHAR, table_name VARCHAR, "
        "delivery_id VARCHAR, period_start DATE, part VARCHAR, state VARCHAR)"
    )
    for row, (role, hours) in enumerate([("driver", 600.0), ("driver", 90.0), ("befriender", 9.0)], start=2):
        send(con, EXTRACT, row, volunteer_key=f"k{row}", month="2018-04-01", role=role, hours=hours)
    villages = ("Gainsborough", "Blyth", "Blyth", "Carlton")
    for row, village in enumerate(villages, start=2):
        send(con, f"{EXTRACT}__trips", row, trip_id=f"t{row}", from_village=village, purpose="shopping")
    send(con, f"{EXTRACT}__befriending", 2, befriendee_ucla_start=7)
    return con


def send(con, table, row, delivery=FIRST, received=SENT, **values):
    lineage = {
        "_delivery_id": delivery, "_row_number": row, "_period_start": "2018-04-01", "_revision_rank": 0,
        "_received_at": received, "_file_sha256": delivery,
    }  # fmt: skip
    marks = ", ".join(f"? AS {name}" for name in values | lineage)
    con.execute(f"INSERT INTO bcvs_{table} BY NAME SELECT {marks}", list((values | lineage).values()))


def decide(con):
    """The newest delivery of the quarter counts, of those received by the as-of time."""
    as_of = sql_models._VARS.get("as_of", "9999-12-31")
    con.execute("DELETE FROM pipeline_current_delivery")
    for table in ("volunteers", "befriending", "trips"):
        name = f"bcvs_{EXTRACT}" + ("" if table == "volunteers" else f"__{table}")
        con.execute(
            "INSERT INTO pipeline_current_delivery "
            "SELECT ?, ?, max(_delivery_id), DATE '2018-04-01', '', 'current' "
            f"FROM {name} WHERE _received_at <= CAST(? AS TIMESTAMP)",
            [EXTRACT, table, as_of],
        )


def current(con, what, table):
    decide(con)
    rows = sql_models.render(f"{{{{ current_rows('{EXTRACT}', table='{table}') }}}}")
    return con.execute(f"SELECT {what} FROM {rows} AS found ORDER BY _row_number").fetchall()


def broken(con):
    """Ids of the corrections whose guard fails."""
    counted(con)
    guard = (sql_models.PROJECT / "tests/generic/correction_guard.sql").read_text("utf-8")
    body = guard[guard.index("select") : guard.index("{% endtest %}")].replace(
        "{{ model }}", "int_correction"
    )
    ids = [id for (id,) in con.execute("SELECT correction_id FROM int_correction ORDER BY 1").fetchall()]
    return [i for i in ids if con.execute(body.replace("{{ correction_id }}", i)).fetchall()]


def counted(con):
    """Builds int_correction for the register in force now."""
    decide(con)
    sql_models.model_sql.cache_clear()
    sql_models.build(con, "int_correction")


def affected(con):
    counted(con)
    sql_models.build(con, "fct_correction")
    return dict(con.execute("SELECT correction_id, rows_affected FROM fct_correction").fetchall())


def test_scale_multiplies_the_rows_found_and_no_other(con, register):
    assert current(con, "role, round(hours, 6)", "volunteers") == [
        ("driver", 10.0),
        ("driver", 1.5),
        ("befriender", 9.0),
    ]


def test_override_sets_and_drop_leaves_out(con, register):
    assert current(con, "trip_id, purpose", "trips") == [
        ("t3", "hospital"),
        ("t4", "hospital"),
        ("t5", "shopping"),
    ]


def test_a_correction_goes_with_its_file_when_it_is_landed_again(con, register):
    for table in (EXTRACT, f"{EXTRACT}__trips"):
        con.execute(f"UPDATE bcvs_{table} SET _delivery_id = _delivery_id || '-r2'")
    assert current(con, "trip_id, purpose", "trips")[:2] == [("t3", "hospital"), ("t4", "hospital")]
    con.execute(f"UPDATE bcvs_{EXTRACT}__trips SET _delivery_id = 'another'")
    assert ("t3", "hospital") not in current(con, "trip_id, purpose", "trips")


def test_a_flag_changes_nothing_and_is_told(con, register):
    assert current(con, "befriendee_ucla_start, befriendee_ucla_end", "befriending") == [(7, None)]
    assert affected(con)["befriending_scores_late"] == 1


def test_each_correction_is_counted_and_guarded(con, register):
    counts = {
        "volunteers_minutes_2018_q2": 2,
        "trips_purpose_swapped": 2,
        "trips_of_the_next_village": 1,
        "befriending_scores_late": 1,
    }
    assert (affected(con), broken(con)) == (counts, [])


@pytest.mark.parametrize(
    ("harm", "id"),
    [
        (f"UPDATE bcvs_{EXTRACT} SET role = 'driver'", "volunteers_minutes_2018_q2"),
        (f"UPDATE bcvs_{EXTRACT}__trips SET purpose = 'GP' WHERE trip_id = 't4'", "trips_purpose_swapped"),
        (f"DELETE FROM bcvs_{EXTRACT}__trips WHERE trip_id = 't2'", "trips_of_the_next_village"),
        (f"UPDATE bcvs_{EXTRACT}__befriending SET befriendee_ucla_end = 3", "befriending_scores_late"),
    ],
)
def test_a_guard_fails_when_the_error_is_another(con, register, harm, id):
    con.execute(harm)
    assert broken(con) == [id]


def test_a_delivery_sent_again_breaks_the_guard_and_not_a_build_of_the_time_before(con, register, as_of):
    send(con, f"{EXTRACT}__trips", 2, "20180901T100000Z-x", SENT_AGAIN, trip_id="t3", purpose="hospital")
    assert broken(con) == ["trips_of_the_next_village", "trips_purpose_swapped"]
    as_of(SENT)
    assert broken(con) == []
    assert len(current(con, "1", "trips")) == 3


def test_nothing_is_guarded_before_anything_came(con, register):
    for table in ("", "__trips", "__befriending"):
        con.execute(f"DELETE FROM bcvs_{EXTRACT}{table}")
    assert broken(con) == []


def test_a_fixed_correction_counts_in_builds_of_the_time_before_only(con, register, as_of):
    register(volunteers_minutes_2018_q2={"status": "fixed_by_partner", "fixed_on": "2018-09-01"})
    assert current(con, "hours", "volunteers")[0] == (600.0,)
    assert affected(con)["volunteers_minutes_2018_q2"] == 0
    as_of("2018-08-31 23:00:00")
    assert round(current(con, "hours", "volunteers")[0][0], 6) == 10.0
    assert affected(con)["volunteers_minutes_2018_q2"] == 2


def test_a_withdrawn_correction_does_nothing(con, register):
    register(trips_of_the_next_village={"status": "withdrawn"})
    con.execute(f"DELETE FROM bcvs_{EXTRACT}__trips WHERE trip_id = 't5'")
    assert [id for (id,) in current(con, "trip_id", "trips")] == ["t2", "t3", "t4"]
    assert (affected(con)["trips_of_the_next_village"], broken(con)) == (0, [])


def test_the_test_that_fails_is_named_after_the_correction(tmp_path):
    found = load_register(load_contracts(), _folder(tmp_path))
    (model,) = yaml.safe_load(guard_tests(found))["models"]
    names = [t["correction_guard"]["name"] for t in model["data_tests"][1:]]
    assert names[0] == "correction_volunteers_minutes_2018_q2_is_still_needed" and len(names) == 4


def _folder(tmp_path):
    (tmp_path / "example.yml").write_text(EXAMPLE.read_text("utf-8"), "utf-8")
    return tmp_path
