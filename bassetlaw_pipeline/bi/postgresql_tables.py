"""The published tables as PostgreSQL has them: types, rows, keys, references, comments."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import duckdb

from bassetlaw_pipeline import sql
from bassetlaw_pipeline.publication.outputs.dictionary import PublishedTable, in_order

TYPES = {
    "VARCHAR": "text",
    "DATE": "date",
    "TIMESTAMP": "timestamp",
    "BIGINT": "bigint",
    "INTEGER": "integer",
    "DOUBLE": "double precision",
    "BOOLEAN": "boolean",
}
_BATCH = 100_000


def fill(source: duckdb.DuckDBPyConnection, cursor: Any, schema: str, tables: list[PublishedTable]) -> int:
    """Create and fill every table of `schema`; returns the rows loaded.

    References come last: a dimension may be loaded after the facts.
    """
    rows = 0
    for table in in_order(tables):
        cursor.execute(_create(schema, table))
        rows += _copy(source, cursor, schema, table)
        for statement in _described(schema, table):
            cursor.execute(statement)
    for table in tables:
        for statement in _references(schema, table):
            cursor.execute(statement)
        cursor.execute(f"analyze {_name(schema, table.name)}")
    return rows


def _copy(source: duckdb.DuckDBPyConnection, cursor: Any, schema: str, table: PublishedTable) -> int:
    reader = source.sql(f'from "{table.name}"').to_arrow_reader(_BATCH)
    cursor.adbc_ingest(table.name, reader, mode="append", db_schema_name=schema)
    cursor.execute(f"select count(*) from {_name(schema, table.name)}")
    return cursor.fetchone()[0]


def _create(schema: str, table: PublishedTable) -> str:
    columns = ", ".join(f'"{c.name}" {TYPES[c.type]}' for c in table.columns)
    key = ", ".join(f'"{name}"' for name in table.key)
    return f"create table {_name(schema, table.name)} ({columns}{f', primary key ({key})' if key else ''})"


def _described(schema: str, table: PublishedTable) -> Iterator[str]:
    name = _name(schema, table.name)
    yield f"comment on table {name} is {sql.text(table.description)}"
    for column in table.columns:
        yield f'comment on column {name}."{column.name}" is {sql.text(column.description)}'


def _references(schema: str, table: PublishedTable) -> Iterator[str]:
    for c in table.columns:
        if c.refers_to:
            target = _name(schema, c.refers_to)
            yield f'alter table {_name(schema, table.name)} add foreign key ("{c.name}") references {target}'


def _name(schema: str, table: str) -> str:
    return f'"{schema}"."{table}"'
