"""Runs SQL that calls the statistics macros over a few rows; shared by the tests of the macros."""

from functools import cache

import duckdb
import pyarrow as pa
from macro_rendering import render


@cache
def _connection() -> duckdb.DuckDBPyConnection:
    return duckdb.connect(config={"threads": 1})


def rows(sql: str, **tables: dict[str, list] | pa.Table) -> list[dict]:
    """The rows of rendered `sql`; each table is given as columns or as Arrow."""
    connection = _connection()
    for name, columns in tables.items():
        connection.register(name, columns if isinstance(columns, pa.Table) else pa.table(columns))
    return connection.sql(render(sql)).to_arrow_table().to_pylist()


def column(name: str, sql: str, **tables: dict[str, list] | pa.Table) -> list:
    """One column of the result."""
    return [row[name] for row in rows(sql, **tables)]
