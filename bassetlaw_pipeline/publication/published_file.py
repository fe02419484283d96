"""Reading the published file: for whoever asks it a question without writing to it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

_ROWS = 5_000  # of a result at a time

Row = dict[str, Any]


@contextmanager
def open_published(file: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection that can read the published tables and nothing else: no other file, no network."""
    with duckdb.connect(str(file), read_only=True) as con:
        con.execute("SET enable_external_access = false")
        con.execute("SET lock_configuration = true")
        yield con


def scorecard_rows(file: Path) -> list[Row]:
    """The scorecard in the order of the plan, one row an indicator."""
    query = (
        "SELECT s.indicator_id, s.objective_title, s.title, s.period_label, s.value_text, s.interval_text, "
        "s.verdict, s.verdict_reason, s.target_status, s.narrative "
        "FROM scorecard AS s JOIN dim_indicator AS i USING (indicator_id) "
        "ORDER BY i.display_order, s.indicator_id"
    )
    with open_published(file) as con:
        names, rows = ask(con, query)
        return [dict(zip(names, row, strict=True)) for row in rows]


def ask(con: duckdb.DuckDBPyConnection, query: str) -> tuple[list[str], Iterator[tuple]]:
    """Names of the columns of a result, and its rows as they are read. Raises duckdb.Error."""
    result = con.execute(query)
    names = [column[0] for column in result.description or ()]

    def rows() -> Iterator[tuple]:
        while found := result.fetchmany(_ROWS):
            yield from found

    return names, rows()
