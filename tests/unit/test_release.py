"""A publication is whole or absent, readable by old clients, and equal for equal data."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from bassetlaw_pipeline.publication import release as release_module
from bassetlaw_pipeline.publication.outputs.export import UnsafeType
from bassetlaw_pipeline.publication.release import PublicationBlocked, publish
from bassetlaw_pipeline.quality.result import CheckResult

AS_OF = datetime(2021, 4, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _no_report(monkeypatch):
    monkeypatch.setattr(release_module, "write_report", lambda source, folder: folder.mkdir())


def warehouse(path: Path, rows: str = "(1, 'b'), (2, 'a')", kind: str = "bigint") -> Path:
    path.unlink(missing_ok=True)
    with duckdb.connect(str(path)) as con:
        con.execute("create schema outcomes; create schema restricted")
        con.execute(
            f"create table outcomes.fct_thing as select i::{kind} as i, s from (values {rows}) t(i, s)"
        )
        con.execute("comment on table outcomes.fct_thing is 'One thing.'")
        con.execute("comment on column outcomes.fct_thing.i is 'It''s a number.'")
        con.execute("create table restricted.secret as select 3 as hidden")
    return path


def release(settings, source: Path, checks=(), as_of=AS_OF):
    return publish(settings, warehouse=source, receipts=[], as_of=as_of, checks=list(checks))


def test_only_the_controlled_schema_leaves_and_comments_come_along(settings, tmp_path):
    release(settings, warehouse(tmp_path / "w.duckdb"))
    with duckdb.connect(str(settings.home.outcomes), read_only=True) as con:
        tables = con.execute(
            "select schema_name, table_name, comment from duckdb_tables() order by 2"
        ).fetchall()
        comments = con.execute(
            "select comment from duckdb_columns() where table_name = 'fct_thing'"
        ).fetchall()
    names = ["dim_column", "dim_release", "dim_table", "fct_restatement", "fct_thing"]
    assert [t[:2] for t in tables] == [("main", name) for name in names]
    assert tables[4][2] == "One thing."
    assert comments[0] == ("It's a number.",)


def test_published_file_is_written_for_old_clients(settings, tmp_path):
    release(settings, warehouse(tmp_path / "w.duckdb"))
    header = settings.home.outcomes.read_bytes()[:64]
    assert header[8:12] == b"DUCK"
    assert header[12] == 65, "storage version of DuckDB 1.2"
    assert not list(settings.home.published.glob("*.wal"))


def test_equal_data_in_another_order_give_equal_bytes(settings, tmp_path):
    first = release(settings, warehouse(tmp_path / "w.duckdb"))
    again = release(settings, warehouse(tmp_path / "w.duckdb"))
    assert again.created is False and again.tables == first.tables
    shutil.rmtree(settings.home.published)
    other = release(settings, warehouse(tmp_path / "w.duckdb", rows="(2, 'a'), (1, 'b')"))
    assert other.created and other.tables == first.tables


def test_a_failed_critical_check_keeps_the_last_release(settings, tmp_path):
    release(settings, warehouse(tmp_path / "w.duckdb"))
    before = settings.home.outcomes.read_bytes()
    bad = CheckResult(code="KEYS", type="unique", severity="critical", success=False)
    with pytest.raises(PublicationBlocked, match="KEYS"):
        release(settings, warehouse(tmp_path / "w.duckdb", rows="(9, 'z')"), [bad])
    assert settings.home.outcomes.read_bytes() == before


def test_a_warning_does_not_block(settings, tmp_path):
    mild = CheckResult(code="LATE", type="between", severity="warning", success=False)
    release(settings, warehouse(tmp_path / "w.duckdb"), [mild])
    manifest = json.loads((settings.home.published / "manifest.json").read_text())
    assert manifest["checks"][0]["code"] == "LATE"


def test_a_type_that_bi_tools_misread_is_refused(settings, tmp_path):
    with pytest.raises(UnsafeType, match=r"outcomes\.fct_thing\.i is DECIMAL"):
        release(settings, warehouse(tmp_path / "w.duckdb", kind="decimal(9,2)"))
    assert not settings.home.outcomes.exists()


def test_a_reader_keeps_what_it_has_open_and_the_next_sees_the_new_release(settings, tmp_path):
    release(settings, warehouse(tmp_path / "w.duckdb"))
    with settings.home.outcomes.open("rb") as held:
        release(
            settings,
            warehouse(tmp_path / "w.duckdb", rows="(7, 'x')"),
            as_of=datetime(2021, 5, 1, tzinfo=UTC),
        )
        old = held.read()
    assert old[8:12] == b"DUCK"
    with duckdb.connect(str(settings.home.outcomes), read_only=True) as con:
        assert con.execute("select i from outcomes.fct_thing").fetchall() == [(7,)]


def test_what_a_killed_publication_left_is_cleared_and_the_old_release_serves(
    settings, tmp_path, monkeypatch
):
    release(settings, warehouse(tmp_path / "w.duckdb"))
    before = settings.home.outcomes.read_bytes()
    monkeypatch.setattr(release_module, "seal", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        release(
            settings,
            warehouse(tmp_path / "w.duckdb", rows="(8, 'y')"),
            as_of=datetime(2021, 6, 1, tzinfo=UTC),
        )
    assert settings.home.outcomes.read_bytes() == before
    monkeypatch.undo()
    monkeypatch.setattr(release_module, "write_report", lambda source, folder: folder.mkdir())
    release(
        settings, warehouse(tmp_path / "w.duckdb", rows="(8, 'y')"), as_of=datetime(2021, 6, 1, tzinfo=UTC)
    )
    assert not list((settings.home.published / "releases").glob(".*"))
