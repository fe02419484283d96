"""Tables that carry their own description, for those that are made while publishing.

Belongs here: creating an empty table with comments. Does not belong here: what the tables are.
"""

from __future__ import annotations

from collections.abc import Mapping

import duckdb


def create_table(
    con: duckdb.DuckDBPyConnection, table: str, description: str, columns: Mapping[str, tuple[str, str]]
) -> None:
    """Create an empty table whose columns (name: type, description) carry their descriptions as comments."""
    con.execute(
        f"create table {table} ({', '.join(f'{name} {kind}' for name, (kind, _) in columns.items())})"
    )
    con.execute(f"comment on table {table} is {literal(description)}")
    for name, (_, text) in columns.items():
        con.execute(f"comment on column {table}.{name} is {literal(text)}")


def literal(text: str) -> str:
    """Text as a string literal of SQL."""
    return "'" + text.replace("'", "''") + "'"
