"""Nobody outside recovers a count from what is really published."""

from __future__ import annotations

import os
from pathlib import Path

import duckdb
import pytest

from bassetlaw_pipeline.disclosure.attacks import outsider
from bassetlaw_pipeline.disclosure.attacks.carriers import DECLARED
from bassetlaw_pipeline.settings import DataHome

pytestmark = pytest.mark.slow


def recovered(published: Path) -> list[outsider.Recovered]:
    with duckdb.connect(":memory:") as con:
        con.execute(f"attach '{published}' as release (read_only)")
        return outsider.recovered(con, "release.main")


def test_nothing_is_recovered_from_the_published_file(built):
    assert recovered(built.settings.home.outcomes) == []


def test_every_published_table_says_what_holds_its_counts(built):
    tables = {name for (name,) in built.query("select table_name from duckdb_tables()")}
    assert tables == set(DECLARED)


def test_nothing_is_recovered_from_a_release_of_the_default_sample():
    """Takes a finished data home: BASSETLAW_DEFAULT_HOME names it."""
    home = os.environ.get("BASSETLAW_DEFAULT_HOME")
    if not home:
        pytest.skip("BASSETLAW_DEFAULT_HOME names no data home")
    assert recovered(DataHome(root=Path(home)).outcomes) == []
    assert outsider.attack(DataHome(root=Path(home)).warehouse) == []
