"""Falls in events in `bassetlaw status`: read from the current release, in words that say what to do."""

from __future__ import annotations

from datetime import date

import duckdb
import pytest

from bassetlaw_pipeline import falls


@pytest.fixture
def release(tmp_path, monkeypatch):
    """A published file with one fall that is explained and one that is not."""
    file = tmp_path / "release.duckdb"
    with duckdb.connect(str(file)) as con:
        con.execute("CREATE SCHEMA outcomes")
        con.execute("""
            CREATE TABLE outcomes.fct_unexplained_fall AS FROM (VALUES
                ('extract', 'ncc_asc_cld', DATE '2020-02-01', 'nearly all', NULL, TRUE),
                ('indicator', 'first_outpatients_rate', DATE '2020-04-01', 'about 30%', 'covid_19', FALSE)
            ) AS t (subject, series_id, month_start, fewer, explained_by, is_unexplained)
        """)
    monkeypatch.setattr(falls, "reading", lambda home: file if file.exists() else None)
    return file


def test_only_what_nothing_explains_is_told(release, tmp_path):
    (fall,) = falls.unexplained_falls(tmp_path)
    assert fall == falls.Fall("extract", "ncc_asc_cld", date(2020, 2, 1), "nearly all")
    assert str(fall).startswith("February 2020: rows of ncc_asc_cld, nearly all missing.")


def test_a_release_without_the_table_and_no_release_have_none(release, tmp_path):
    with duckdb.connect(str(release)) as con:
        con.execute("DROP TABLE outcomes.fct_unexplained_fall")
    assert falls.unexplained_falls(tmp_path) == []
    release.unlink()
    assert falls.unexplained_falls(tmp_path) == []
