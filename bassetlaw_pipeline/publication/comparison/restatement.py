"""The restatement ledger: `fct_restatement`, every published figure that a later release changed."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from bassetlaw_pipeline import sql
from bassetlaw_pipeline.publication.comparison.diff import Change, Comparison
from bassetlaw_pipeline.publication.comparison.figures import KEYS, NUMBERS
from bassetlaw_pipeline.publication.outputs.commented import create_table

TABLE = "fct_restatement"
DESCRIPTION = (
    "Every published figure that a later release changed, over all releases: old, new, why and when."
)
_TYPES = {
    "VARCHAR": pa.string(),
    "DOUBLE": pa.float64(),
    "BOOLEAN": pa.bool_(),
    "TIMESTAMP": pa.timestamp("us"),
}

COLUMNS: dict[str, tuple[str, str]] = {
    "measure": ("VARCHAR", "figure (fct_indicator_value), ward_gap or deprivation_gap (fct_inequality)."),
    "indicator_id": ("VARCHAR", "Indicator."),
    "area_code": ("VARCHAR", "Area; see dim_area. Empty for a gap."),
    "period_id": ("VARCHAR", "Period; see dim_period."),
    "sex": ("VARCHAR", "As in fct_indicator_value."),
    "age_band": ("VARCHAR", "As in fct_indicator_value."),
    "old_status": ("VARCHAR", "value_status before."),
    "new_status": ("VARCHAR", "value_status after; `withdrawn` when the row is no longer published."),
    **{
        f"{side}_{number}": ("DOUBLE", f"Published {number.replace('_', ' ')} {when}.")
        for number in NUMBERS
        for side, when in (("old", "before"), ("new", "after"))
    },
    "value_change": ("DOUBLE", "New value minus old value."),
    "cause": ("VARCHAR", "method, boundary, correction, resubmission, late_rows or unexplained."),
    "was_provisional": ("BOOLEAN", "The old figure was marked as one that late rows may still change."),
    "from_release": ("VARCHAR", "Release that published the old figure last."),
    "to_release": ("VARCHAR", "Release that published the new figure first."),
    "from_version": ("VARCHAR", "Data version of from_release."),
    "to_version": ("VARCHAR", "Data version of to_release."),
    "released_at": ("TIMESTAMP", "Time (UTC) up to which to_release knew deliveries; its hour of publication "
                                 "stands in its manifest."),
}  # fmt: skip


def write_ledger(
    con: duckdb.DuckDBPyConnection,
    schema: str,
    previous: Path | None,
    comparison: Comparison,
    release: dict[str, Any],
) -> None:
    """Create `<schema>.fct_restatement`: the ledger of the release before, and what this one changes.

    `release` has release_id, data_version and as_of (a naive UTC time). Numbers that were published
    under other disclosure rules are left out: the ledger would publish them again.
    """
    create_table(con, f"{schema}.{TABLE}", DESCRIPTION, COLUMNS)
    if previous:
        _carry_over(con, schema, previous)
    rows = [_row(change, comparison, release) for change in comparison.changes]
    arrow = pa.schema([(name, _TYPES[kind]) for name, (kind, _) in COLUMNS.items()])
    con.register("restated", pa.Table.from_pylist(rows, schema=arrow))
    con.execute(f"insert into {schema}.{TABLE} by name from restated")
    con.unregister("restated")
    if previous and _rules_differ(con, previous):
        _forget_numbers(con, f"{schema}.{TABLE}", release["release_id"])


def _rules_differ(con: duckdb.DuckDBPyConnection, previous: Path) -> bool:
    """Do the figures of this release follow other disclosure rules than those of the one before?"""
    con.execute(f"attach {sql.text(str(previous))} as previous (read_only)")
    rules = [_rules(con, "previous", "main"), _rules(con, "warehouse", "outcomes")]
    con.execute("detach previous")
    return rules[0] != rules[1]


def _rules(con: duckdb.DuckDBPyConnection, database: str, schema: str) -> list[tuple[str]]:
    """Versions of the disclosure rules behind the figures of a database."""
    there = con.execute(
        "select 1 from duckdb_columns() where column_name = 'rule_version' and database_name = ? "
        "and schema_name = ? and table_name = 'fct_indicator_value'",
        [database, schema],
    ).fetchone()
    query = f"select distinct rule_version from {database}.{schema}.fct_indicator_value order by all"
    return con.execute(query).fetchall() if there else []


def _forget_numbers(con: duckdb.DuckDBPyConnection, table: str, release_id: str) -> None:
    """Keep that a figure changed, when and why, but no number that older rules let out."""
    old = ", ".join(f"old_{number} = null" for number in NUMBERS)
    new = ", ".join(f"new_{number} = null" for number in NUMBERS)
    con.execute(f"update {table} set {old}, value_change = null")
    con.execute(f"update {table} set {new} where to_release <> ?", [release_id])


def _carry_over(con: duckdb.DuckDBPyConnection, schema: str, previous: Path) -> None:
    """Everything restated before; a release made before the ledger began has none."""
    con.execute(f"attach {sql.text(str(previous))} as previous (read_only)")
    found = con.execute(
        "select 1 from duckdb_tables() where database_name = 'previous' and table_name = ?", [TABLE]
    )
    if found.fetchone():
        names = ", ".join(COLUMNS)
        con.execute(f"insert into {schema}.{TABLE} by name select {names} from previous.main.{TABLE}")
    con.execute("detach previous")


def _row(change: Change, comparison: Comparison, release: dict[str, Any]) -> dict[str, Any]:
    known_at: datetime | None = release["as_of"]
    return {
        **{key: change.key[key] for key in KEYS},
        **{f"old_{name}": change.old[name] for name in ("status", *NUMBERS)},
        **{f"new_{name}": change.new[name] for name in ("status", *NUMBERS)},
        "value_change": change.by,
        "cause": change.cause,
        "was_provisional": change.was_provisional,
        "from_release": comparison.previous,
        "to_release": release["release_id"],
        "from_version": comparison.previous_version,
        "to_version": release["data_version"],
        "released_at": known_at,
    }
