"""Tables that carry their own description, for those that are made while publishing."""

from __future__ import annotations

from collections.abc import Mapping

import duckdb

from bassetlaw_pipeline import sql


def create_table(
    con: duckdb.DuckDBPyConnection, table: str, description: str, columns: Mapping[str, tuple[str, str]]
) -> None:
    """Create an empty table whose columns (name: type, description) carry their descriptions as comments."""
    con.execute(
        f"create table {table} ({', '.join(f'{name} {kind}' for name, (kind, _) in columns.items())})"
    )
    con.execute(f"comment on table {table} is {sql.text(description)}")
    for name, (_, meaning) in columns.items():
        con.execute(f"comment on column {table}.{name} is {sql.text(meaning)}")
