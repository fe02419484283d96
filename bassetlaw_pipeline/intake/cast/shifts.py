"""Cells that have moved under another header: rows and whole columns in which too much does not fit.

One value that breaks a rule of its column is a value; three in a row, or two whole columns of a file, are
cells that lie one place off, and then the cells beside them, which any text or number fits, are wrong as
well. Columns that move among others of the same type without a trace cannot be told.
"""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from bassetlaw_pipeline import sql
from bassetlaw_pipeline.contracts.model import Table
from bassetlaw_pipeline.intake.cast.columns import ColumnSql, reason_name
from bassetlaw_pipeline.intake.cast.row_rules import GOOD, Found, quarantine_rows
from bassetlaw_pipeline.intake.model import Finding

# Reasons that say: such a value is of another column.
UNFIT = ("VALUE_NUMBER", "VALUE_DATE", "VALUE_CODE", "VALUE_PATTERN", "VALUE_RANGE")
CELLS = 3  # of a row, that do not fit
COLUMNS = 2  # of a file, in which nothing fits
ROWS = 3  # least cells of a column that nothing fits
SHARE = 0.9  # of its cells


def judge(con: duckdb.DuckDBPyConnection, table: Table, judged: Sequence[ColumnSql]) -> Found:
    """Findings COLUMNS_SHIFTED (the file is not used) and ROW_SHIFTED (rows set aside).

    `judged` are the columns that some cell does not fit.
    """
    if len(judged) < COLUMNS:
        return []
    return _columns(con, table, judged) + _rows(con, table, judged)


def _rows(con: duckdb.DuckDBPyConnection, table: Table, judged: Sequence[ColumnSql]) -> Found:
    if len(judged) < CELLS:
        return []
    unfit = " + ".join(f"coalesce({_is_unfit(c)}, false)::INTEGER" for c in judged)
    return quarantine_rows(
        con, table, "ROW_SHIFTED", f"SELECT _rid FROM conformed WHERE {unfit} >= {CELLS} AND {GOOD}"
    )


def _is_unfit(column: ColumnSql) -> str:
    return f"{reason_name(column.name)} IN ({sql.texts(UNFIT)})"


def _columns(con: duckdb.DuckDBPyConnection, table: Table, judged: Sequence[ColumnSql]) -> Found:
    """One finding for each delivery in which too many columns hold nothing that fits."""
    kept = [c for c in judged if c.lands_as]
    if len(kept) < COLUMNS:
        return []
    counts = ", ".join(f"count(*) FILTER ({_is_unfit(c)}), count({sql.name(c.lands_as)})" for c in kept)
    found: Found = []
    for delivery, *n in con.execute(f"SELECT _d, {counts} FROM conformed GROUP BY _d ORDER BY _d").fetchall():
        pairs = zip(kept, n[::2], n[1::2], strict=True)
        lost = [c.name for c, bad, good in pairs if bad >= max(ROWS, SHARE * (bad + good))]
        if len(lost) >= COLUMNS:
            finding = Finding(
                code="COLUMNS_SHIFTED",
                count=len(lost),
                table=table.name,
                column=", ".join(lost),
                outcome="reject",
            )
            found.append((delivery, finding))
    return found
