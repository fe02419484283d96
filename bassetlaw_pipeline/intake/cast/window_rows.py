"""The window of each delivery of a batch, and the rows that lie outside it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import duckdb

from bassetlaw_pipeline import sql
from bassetlaw_pipeline.contracts.model import Contract, Table
from bassetlaw_pipeline.intake.cast import row_rules
from bassetlaw_pipeline.intake.cast.row_rules import Found
from bassetlaw_pipeline.intake.cast.statement import Part
from bassetlaw_pipeline.intake.cast.window import Span, most_rows_outside, states_own_period, window
from bassetlaw_pipeline.intake.model import Finding

Windows = list[frozenset[date]]


def place(con: duckdb.DuckDBPyConnection, parts: Sequence[Part], contract: Contract) -> tuple[Windows, Found]:
    """The window of every delivery; rows outside it are taken out of `good_rows`.

    A row whose date is missing, or was emptied by a rule, has no period of its own: it counts with the last
    one of the window.
    """
    table, column = parts[0].read.table, contract.period.column or ""
    by_row = contract.period.source == "column" and column in table.by_name
    if not by_row:
        return [frozenset({p.period}) if p.period else frozenset() for p in parts], []
    lands = table.by_name[column].lands_as
    if lands:
        _forget_emptied(con, sql.name(lands))
    rows = _rows_by_period(con, parts, lands)
    windows = _windows(con, parts, rows, contract, table)
    if not states_own_period(contract):
        return windows, []
    _register(con, windows)
    findings = _other_periods(con, table, column)
    return windows, findings + _mismatches(parts, windows, rows)


def _forget_emptied(con: duckdb.DuckDBPyConnection, column: str) -> None:
    con.execute(f"""UPDATE conformed SET _period_start = coalesce(source._stated, source._named)
        FROM source WHERE source._rid = conformed._rid AND conformed.{column} IS NULL""")


def _rows_by_period(
    con: duckdb.DuckDBPyConnection, parts: Sequence[Part], lands: str | None
) -> list[dict[date, int]]:
    """Rows with a date of their own, by delivery and period."""
    dated = f"{sql.name(lands)} IS NOT NULL" if lands else "true"
    found: list[dict[date, int]] = [{} for _ in parts]
    for delivery, start, count in con.execute(
        f"SELECT _d, _period_start, count(*) FROM good_rows WHERE _period_start IS NOT NULL AND {dated} "
        "GROUP BY ALL ORDER BY ALL"
    ).fetchall():
        found[delivery][start] = count
    return found


def _windows(
    con: duckdb.DuckDBPyConnection,
    parts: Sequence[Part],
    rows: Sequence[dict[date, int]],
    contract: Contract,
    table: Table,
) -> Windows:
    spans = _spans(con, contract, len(parts)) if table.name == contract.main.name else [None] * len(parts)
    return [
        part.window
        if part.window is not None
        else window(contract, part.arrival.parts, part.arrival.manifest, own, span)
        for part, own, span in zip(parts, rows, spans, strict=True)
    ]


def _spans(con: duckdb.DuckDBPyConnection, contract: Contract, deliveries: int) -> list[Span | None]:
    """First and last day that most rows of each delivery state, where the contract names the columns."""
    found: list[Span | None] = [None] * deliveries
    columns = contract.window.columns if contract.window else ()
    if columns:
        first, last = map(sql.name, columns)
        for delivery, start, end in con.execute(
            f"SELECT _d, mode({first}), mode({last}) FROM good_rows GROUP BY _d"
        ).fetchall():
            found[delivery] = (start, end) if start and end else None
    return found


def _register(con: duckdb.DuckDBPyConnection, windows: Windows) -> None:
    """The table `reported` of the periods of each delivery."""
    con.execute("CREATE OR REPLACE TEMP TABLE reported (_d INTEGER, start DATE)")
    listed = [[number, start] for number, own in enumerate(windows) for start in sorted(own)]
    if listed:
        con.executemany("INSERT INTO reported VALUES ($1, $2)", listed)


def _other_periods(con: duckdb.DuckDBPyConnection, table: Table, column: str) -> Found:
    con.execute("""UPDATE conformed SET _period_start = latest.start
        FROM (SELECT _d, max(start) AS start FROM reported GROUP BY _d) AS latest
        WHERE latest._d = conformed._d AND conformed._period_start IS NULL""")
    outside = """SELECT _rid FROM good_rows ANTI JOIN reported
        ON reported._d = good_rows._d AND reported.start = good_rows._period_start"""
    return row_rules.quarantine_rows(con, table, "ROW_OTHER_PERIOD", outside, (column,))


def _mismatches(parts: Sequence[Part], windows: Windows, rows: Sequence[dict[date, int]]) -> Found:
    """A file that is mostly about other periods than its name says is turned away."""
    return [
        (number, Finding(code="PERIOD_MISMATCH", outcome="reject", detail=_differs(own, found)))
        for number, (part, own, found) in enumerate(zip(parts, windows, rows, strict=True))
        if part.window is None and most_rows_outside(own, found)
    ]


def _differs(own: frozenset[date], rows: dict[date, int]) -> str:
    inside = sum(n for start, n in rows.items() if start in own)
    of = f"{min(own)} to {max(own)}" if len(own) > 1 else f"{min(own, default=None)}"
    return f"the file is of {of}, where {inside:,} of its {sum(rows.values()):,} dated rows lie"
