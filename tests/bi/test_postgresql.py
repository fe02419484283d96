"""Loading a release into PostgreSQL: whole or not at all, with keys and comments, never a password shown."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from postgresql_server import PASSWORD, programs, running_server
from small_published import RELEASE, publish_small

from bassetlaw_pipeline.bi import postgresql
from bassetlaw_pipeline.bi.postgresql import CannotLoad, load
from bassetlaw_pipeline.publication.outputs.dictionary import declared_tables

PYTHON_TYPES = {
    "VARCHAR": str,
    "DATE": date,
    "TIMESTAMP": datetime,
    "BIGINT": int,
    "INTEGER": int,
    "DOUBLE": float,
    "BOOLEAN": bool,
}


@pytest.fixture(scope="module")
def server():
    found = programs()
    if found is None:
        pytest.skip("PostgreSQL (initdb, pg_ctl) is not installed")
    pytest.importorskip("adbc_driver_postgresql", reason="the extra `postgresql` is not installed")
    with running_server(found) as started:
        yield started


@pytest.fixture(scope="module")
def releases(tmp_path_factory):
    """Five published files that differ in their release only."""
    made = {}
    for n in range(5):
        release = RELEASE | {"release_id": f"2021040{n}-0123456789ab"}
        made[n] = publish_small(tmp_path_factory.mktemp(f"r{n}"), release) / "outcomes.duckdb"
    return made


@pytest.fixture
def database(server):
    """Address of an empty database."""
    run(server.url(database="postgres"), "drop database if exists bi with (force)")
    run(server.url(database="postgres"), "create database bi")
    return server.url()


def run(url, sql):
    from adbc_driver_postgresql import dbapi

    with dbapi.connect(url, autocommit=True) as con, con.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall() if cursor.description else []


pytestmark = pytest.mark.slow


def test_tables_arrive_with_values_types_keys_and_comments(database, releases):
    loaded = load(releases[0], database)
    assert loaded.created and loaded.rows > loaded.tables
    (row,) = run(database, "select indicator_id, value, period_start, provisional from outcomes."
                           "mart_sustainable_services")  # fmt: skip
    assert row[:2] == ("ae_four_hour", 91.5) and str(row[2])[:10] == "2019-04-01" and row[3] is True
    assert run(database, "select received_at::text, rows_in from outcomes.fct_delivery") == [
        ("2019-04-01 09:30:00", 1 << 40)
    ]
    keys = run(database, "select contype::text, count(*) from pg_constraint c join pg_namespace n "
                         "on n.oid = connamespace where nspname = 'outcomes' and contype in ('p', 'f') "
                         "group by 1 order by 1")  # fmt: skip
    assert dict(keys)["p"] == len([t for t in declared_tables() if t.key]) + 3 and dict(keys)["f"] > 20
    bare = run(database, "select c.relname from pg_class c where relnamespace = 'outcomes'::regnamespace "
                         "and relkind = 'r' and obj_description(c.oid) is null")  # fmt: skip
    assert bare == []


def test_the_next_release_takes_the_name_and_three_earlier_ones_stay(database, releases):
    for n in range(5):
        loaded = load(releases[n], database)
        assert run(database, "select release_id from outcomes.dim_release") == [(f"2021040{n}-0123456789ab",)]
    assert loaded.dropped == ("outcomes_20210400_0123456789ab",)
    names = run(database, "select nspname from pg_namespace where nspname like 'outcomes%' order by 1")
    assert [n for (n,) in names] == ["outcomes", *(f"outcomes_2021040{n}_0123456789ab" for n in (1, 2, 3))]


def test_an_earlier_release_that_is_still_there_comes_back_by_its_name(database, releases):
    load(releases[0], database)
    load(releases[1], database)
    assert load(releases[0], database).created is False
    assert run(database, "select release_id from outcomes.dim_release") == [("20210400-0123456789ab",)]
    assert run(database, "select release_id from outcomes_20210401_0123456789ab.dim_release")
    assert load(releases[0], database).created is False


def test_odbc_clients_see_the_types_the_dictionary_states(server, database, releases):
    """What Power BI, Tableau or Excel get through ODBC; every column of every table."""
    pyodbc = pytest.importorskip("pyodbc", reason="pyodbc is not installed")
    if "PostgreSQL Unicode" not in pyodbc.drivers():
        pytest.skip("the ODBC driver of PostgreSQL (odbc-postgresql) is not installed")
    load(releases[0], database)
    place = f"Server=127.0.0.1;Port={server.port};Database=bi;UID=owner;PWD={PASSWORD};BoolsAsChar=0"
    with pyodbc.connect(f"Driver=PostgreSQL Unicode;{place}") as con:
        for table in declared_tables():
            cursor = con.execute(f"select * from outcomes.{table.name}")
            seen = {column[0]: column[1] for column in cursor.description}
            assert seen == {c.name: PYTHON_TYPES[c.type] for c in table.columns}, table.name
            assert len(cursor.fetchall()) == 1


def test_readers_read_and_cannot_write(server, database, releases):
    load(releases[0], database)
    run(database, "drop role if exists anna")
    run(database, f"create role anna login password '{PASSWORD}' in role {postgresql.READER}")
    anna = server.url("anna")
    assert run(anna, "select count(*) from outcomes.scorecard") == [(1,)]
    with pytest.raises(Exception, match="permission denied"):
        run(anna, "delete from outcomes.scorecard")


def test_a_user_who_may_not_make_roles_is_told(server, database, releases):
    run(database, f"drop owned by {postgresql.READER} cascade")
    run(database, f"drop role {postgresql.READER}")
    run(database, "drop role if exists modest")
    run(database, f"create role modest login password '{PASSWORD}'")
    run(database, "grant create on database bi to modest")
    loaded = load(releases[0], server.url("modest"))
    assert loaded.created and postgresql.READER in loaded.notes[0]


def test_a_load_that_fails_leaves_what_was_there(database, releases, monkeypatch):
    load(releases[0], database)
    monkeypatch.setattr(postgresql.tables, "_references", lambda *_: ["select no_such_column"])
    with pytest.raises(CannotLoad, match="no_such_column"):
        load(releases[1], database)
    assert run(database, "select release_id from outcomes.dim_release") == [("20210400-0123456789ab",)]
    assert not run(database, "select 1 from pg_namespace where nspname like 'outcomes\\_%'")


def test_a_reader_with_an_open_transaction_blocks_nobody(database, releases):
    from adbc_driver_postgresql import dbapi

    load(releases[0], database)
    with dbapi.connect(database) as reader, reader.cursor() as cursor:
        cursor.execute("select title from outcomes.scorecard")
        cursor.fetchall()
        load(releases[1], database)


def test_a_release_that_is_being_read_is_dropped_later(database, releases):
    from adbc_driver_postgresql import dbapi

    for n in range(4):
        load(releases[n], database)
    with dbapi.connect(database) as reader, reader.cursor() as cursor:
        cursor.execute("select title from outcomes_20210400_0123456789ab.scorecard")
        cursor.fetchall()
        held = load(releases[4], database)
    assert held.dropped == () and "is being read" in held.notes[0]
    assert load(releases[4], database).dropped == ("outcomes_20210400_0123456789ab",)


def test_a_schema_of_somebody_else_is_left_alone(database, releases):
    run(database, "create schema outcomes")
    with pytest.raises(CannotLoad, match="somebody else"):
        load(releases[0], database)


def test_the_password_is_never_shown(server, releases):
    with pytest.raises(CannotLoad) as refused:
        load(releases[0], server.url(password="wrong-but-secret"))
    assert "wrong-but-secret" not in str(refused.value) and "password" in str(refused.value)
