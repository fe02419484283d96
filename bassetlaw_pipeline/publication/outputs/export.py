"""Copy the disclosure-controlled schema into files people can open: DuckDB, Parquet and CSV.

The tables lie in the file's default schema, and the database is called `outcomes` after its file: so
`outcomes.scorecard` and plain `scorecard` both work. A schema `outcomes` inside `outcomes.duckdb`
would make DuckDB refuse `outcomes.scorecard` as ambiguous.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from bassetlaw_pipeline import sql
from bassetlaw_pipeline.publication.outputs.commented import create_table
from bassetlaw_pipeline.publication.outputs.datapackage import write_datapackage
from bassetlaw_pipeline.publication.outputs.dictionary import add_dictionary, published_tables
from bassetlaw_pipeline.publication.outputs.digits import refuse_digits
from bassetlaw_pipeline.spreadsheet import harmless_sql

SCHEMA = "outcomes"
STORAGE_VERSION = "v1.2.0"  # 2.0's own default cannot be opened by the 1.x clients inside BI tools
BI_SAFE_TYPES = frozenset({"VARCHAR", "DATE", "TIMESTAMP", "BIGINT", "INTEGER", "DOUBLE", "BOOLEAN"})


class UnsafeType(TypeError):
    """A published column has a type that BI tools read wrongly; the message names table and column."""


@dataclass(frozen=True)
class ExportedTable:
    """One published table: its rows and the hash of its data, equal for equal data."""

    name: str
    rows: int
    sha256: str
    columns: tuple[tuple[str, str, str], ...]  # name, type, description
    description: str


def export_tables(
    warehouse: Path,
    folder: Path,
    release: Mapping[str, Any],
    add_tables: Callable[[duckdb.DuckDBPyConnection, str], None] = lambda con, schema: None,
) -> list[ExportedTable]:
    """Write `<folder>/outcomes.duckdb`, `parquet/` and `csv/` from schema outcomes of the warehouse.

    `release` holds the values of the one row of `dim_release`, so that a file found alone says what it is.
    `add_tables` may create more tables in the schema it is given; they are released like all others.
    Rows are written in the order of all columns, so equal data give equal bytes.
    Raises UnsafeType when a column would not be read correctly by BI tools, TooManyDigits when a number is
    told more precisely than declared.
    """
    target = folder / "outcomes.duckdb"
    for name in ("parquet", "csv"):
        (folder / name).mkdir(parents=True)
    with duckdb.connect(":memory:", config={"threads": 1}) as con:
        con.execute(f"attach {sql.text(str(warehouse))} as warehouse (read_only)")
        con.execute(f"attach {sql.text(str(target))} as release (storage_version '{STORAGE_VERSION}')")
        con.execute(f"create schema {SCHEMA}")
        _describe_release(con, release)
        add_tables(con, SCHEMA)
        add_dictionary(con, ("warehouse", "memory"), SCHEMA)
        tables = [_export(con, *found, folder) for found in _tables(con)]
        write_datapackage(folder / "csv", published_tables(con, ["release"], "main"), release)
        con.execute("checkpoint release")
        con.execute("detach release")
    return tables


_DIM_RELEASE = {
    "release_id": ("VARCHAR", "Identifier of this release; starts with the date the data were known."),
    "data_version": (
        "VARCHAR",
        "Version of the data: major.minor.patch; see notes.md of the release.",
    ),
    "previous_release": ("VARCHAR", "The release before it, with which fct_restatement compares."),
    "as_of": ("TIMESTAMP", "Time (UTC) up to which deliveries were counted."),
    "is_synthetic": ("BOOLEAN", "True when the people behind the data are invented."),
    "code_version": ("VARCHAR", "Version of the pipeline."),
    "code_sha256": ("VARCHAR", "Hash of the pipeline's code, contracts and dbt project."),
    "licence": ("VARCHAR", "Licence of the public figures contained."),
}


def _describe_release(con: duckdb.DuckDBPyConnection, release: Mapping[str, Any]) -> None:
    """Create `dim_release` beside the marts, in the in-memory database the export reads from."""
    create_table(con, f"{SCHEMA}.dim_release", "One row: the release this file holds.", _DIM_RELEASE)
    marks = ", ".join("?" for _ in _DIM_RELEASE)
    con.execute(f"insert into {SCHEMA}.dim_release values ({marks})", [release[n] for n in _DIM_RELEASE])


def _tables(con: duckdb.DuckDBPyConnection) -> list[tuple[str, str, str]]:
    return con.execute(
        "select database_name, table_name, coalesce(comment, '') from duckdb_tables() "
        "where database_name in ('warehouse', 'memory') and schema_name = ? order by 2",
        [SCHEMA],
    ).fetchall()


def _columns(con: duckdb.DuckDBPyConnection, database: str, table: str) -> tuple[tuple[str, str, str], ...]:
    rows = con.execute(
        "select column_name, data_type, coalesce(comment, '') from duckdb_columns() "
        "where database_name = ? and schema_name = ? and table_name = ? order by column_index",
        [database, SCHEMA, table],
    ).fetchall()
    for name, kind, _ in rows:
        if kind not in BI_SAFE_TYPES:
            allowed = ", ".join(sorted(BI_SAFE_TYPES))
            raise UnsafeType(f"{SCHEMA}.{table}.{name} is {kind}; allowed: {allowed}")
    return tuple(rows)


def _export(
    con: duckdb.DuckDBPyConnection, database: str, table: str, comment: str, folder: Path
) -> ExportedTable:
    columns = _columns(con, database, table)
    refuse_digits(con, f"{database}.{SCHEMA}.{table}", table, columns)
    source, target = f"{database}.{SCHEMA}.{table}", f"release.main.{table}"
    con.execute(f"create table {target} as from {source} order by all")
    con.execute(f"comment on table {target} is {sql.text(comment)}")
    for name, _, text in columns:
        con.execute(f'comment on column {target}."{name}" is {sql.text(text)}')
    parquet, csv = folder / "parquet" / f"{table}.parquet", folder / "csv" / f"{table}.csv"
    con.execute(f"copy (from {target}) to {sql.text(str(parquet))} (format parquet, compression zstd)")
    con.execute(f"copy ({_for_spreadsheets(target, columns)}) to {sql.text(str(csv))} (format csv, header)")
    (rows,) = con.execute(f"select count(*) from {target}").fetchone()
    return ExportedTable(table, rows, hashlib.sha256(csv.read_bytes()).hexdigest(), columns, comment)


def _for_spreadsheets(table: str, columns: tuple[tuple[str, str, str], ...]) -> str:
    """All rows, with text that a spreadsheet would run made harmless."""
    texts = [f'"{name}"' for name, kind, _ in columns if kind == "VARCHAR"]
    replaced = ", ".join(f"{harmless_sql(name)} as {name}" for name in texts)
    return f"select * replace ({replaced}) from {table}" if texts else f"from {table}"
