"""What releases said before, as a table for dbt: the gate holds corrections that would count 1 to 7 people.

Of every figure the nearest release counts that told anything of it: one that was hidden to protect others, or
was not supplied, told nothing. A view of the past has a nearest one on either side. Figures calculated in
another way than now are left out: a method change is told as such and restates everything.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import duckdb

from bassetlaw_pipeline import sql
from bassetlaw_pipeline.disclosure.difference import may_give_away, rules
from bassetlaw_pipeline.publication.archive import ComparisonReleases, StoredRelease

TABLE = "fct_indicator_value"
_COLUMNS = (
    "indicator_id varchar, area_code varchar, period_id varchar, sex varchar, age_band varchar, "
    "policy varchar, value_status varchar, numerator double, denominator double, value double, "
    "ci95_lower double, ci95_upper double, ci998_lower double, ci998_upper double"
)
_KEY = "indicator_id, area_code, period_id, sex, age_band"
_BOTH_SIDES = f"""
    select *, true as stands from told_before
    union all by name
    select *, ({_KEY}) not in (select ({_KEY}) from told_before) as stands from told_after
    order by {_KEY}, stands desc
"""


def write_published_before(compared_with: ComparisonReleases, methods: dict[str, str], target: Path) -> None:
    """Write what releases said of figures whose correction may have to be held.

    `methods` has the hash of every indicator's definition and SQL as they are now. A held figure stays as in
    the row that `stands`: the one of the release before, or after where none before told anything.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(":memory:", config={"threads": 1}) as con:
        for side in ("before", "after"):
            _collect(con, f"told_{side}", getattr(compared_with, side), methods)
        con.execute(f"copy ({_BOTH_SIDES}) to {sql.text(str(target))} (format parquet)")


def _collect(
    con: duckdb.DuckDBPyConnection, table: str, releases: Iterable[StoredRelease], methods: dict[str, str]
) -> None:
    """What releases told, nearest first, as one table."""
    con.execute(f"create table {table} (release_id varchar, {_COLUMNS})")
    con.execute("create or replace table other_method (indicator_id varchar primary key)")
    for kept in releases:
        _leave_out(con, kept.manifest.get("methods") or {}, methods)
        _add(con, table, kept)


def _leave_out(con: duckdb.DuckDBPyConnection, then: dict[str, Any], now: dict[str, str]) -> None:
    """Indicators calculated in another way then; whatever releases farther away said of them is out, too."""
    changed = sorted(name for name in then.keys() & now.keys() if then[name] != now[name])
    if changed:
        con.executemany("insert or ignore into other_method values (?)", [[name] for name in changed])


def _add(con: duckdb.DuckDBPyConnection, table: str, kept: StoredRelease) -> None:
    """What one release told of figures that no nearer one told anything of."""
    con.execute(f"attach {sql.text(str(kept.outcomes))} as release (read_only)")
    tables = "from duckdb_tables() where database_name = 'release' and table_name = ?"
    if con.execute(tables, [TABLE]).fetchone():
        policies = [name for name, rule in rules().items() if may_give_away(rule)]
        con.execute(
            f"insert into {table} by name select ? as release_id, {', '.join(_names())} "
            f"from release.main.{TABLE} where list_contains(?, policy) "
            "and (value_status in ('shown', 'unreliable_u', 'suppressed_primary') "
            # A share of a small base is not given, its counts are.
            "or (value_status = 'not_calculated_small' and method = 'proportion' and numerator is not null)) "
            f"and ({_KEY}) not in (select ({_KEY}) from {table}) "
            "and indicator_id not in (from other_method)",
            [kept.release_id, policies],
        )
    con.execute("detach release")


def _names() -> list[str]:
    return [column.split()[0] for column in _COLUMNS.split(", ")]
