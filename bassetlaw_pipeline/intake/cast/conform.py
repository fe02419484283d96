"""From text to typed, pseudonymised rows: one set-based pass over one table of a batch of deliveries."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import date

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from bassetlaw_pipeline import sql
from bassetlaw_pipeline.contracts.model import Contract, Table
from bassetlaw_pipeline.intake.cast import nhs_number, row_rules, shifts, window_rows
from bassetlaw_pipeline.intake.cast.columns import KEEPING_CODES, ColumnSql, reason_name
from bassetlaw_pipeline.intake.cast.distinct_cells import CastCache
from bassetlaw_pipeline.intake.cast.identifiers import Context, column_sql
from bassetlaw_pipeline.intake.cast.pseudonym import Key, bind_key
from bassetlaw_pipeline.intake.cast.row_rules import Found
from bassetlaw_pipeline.intake.cast.statement import (
    Part,
    accepted_rows,
    create_good_rows,
    load_postcodes,
    run_pass,
)
from bassetlaw_pipeline.intake.model import FINDING_ROWS, Finding, Outcome, ReadTable, TableCounts
from bassetlaw_pipeline.intake.store.quarantine import QuarantinedRow
from bassetlaw_pipeline.settings import Settings

__all__ = ["Conformed", "Part", "RowsLost", "batch_key", "conform", "ensure_conserved"]

# Codes whose own outcome in reasons.yml stands; any other code that leaves its row is a warning.
_DECLARED_OUTCOME = {"VALUE_SUPPRESSED", *KEEPING_CODES, nhs_number.MISSING, *nhs_number.USABLE_CODES}


class RowsLost(AssertionError):
    """rows in the file = accepted + quarantined + declared non-data rows does not hold: our mistake."""


@dataclass(frozen=True)
class Conformed:
    """One part after the pass.

    accepted   the landed columns and the lineage columns, by row
    window     periods the delivery reports on, of which `periods` have rows
    set_aside  rows taken out: table, row number, codes and columns; never a value
    """

    accepted: pa.Table
    quarantined_rows: list[QuarantinedRow]
    counts: TableCounts
    findings: tuple[Finding, ...]
    periods: tuple[date, ...]
    window: frozenset[date]


def batch_key(part: Part, contract: Contract) -> Hashable:
    """Parts with equal values may go through one pass: same table, columns and organisation."""
    return part.read.table.name, part.read.layout_id, _organisation(part, contract)


def _organisation(part: Part, contract: Contract) -> str:
    return part.arrival.parts.get("organisation") or contract.file.organisation or contract.partner


def conform(
    con: duckdb.DuckDBPyConnection,
    parts: Sequence[Part],
    contract: Contract,
    key: Key | None,
    settings: Settings,
    known: CastCache | None = None,
) -> list[Conformed]:
    """Cast, check, pseudonymise and split the rows of deliveries that are alike, each by itself.

    A delivery's result does not depend on what else is in the batch; several small ones share the cost
    of planning the statement. `known` keeps what texts became, for further batches of the same extract.
    Raises RowsLost when rows are not conserved.
    """
    table = parts[0].read.table
    context = Context(table, _organisation(parts[0], contract), settings.environment)
    columns = [column_sql(c, context) for c in parts[0].columns]
    _prepare(con, parts, key, settings)
    judged = run_pass(con, parts, columns, contract, known or CastCache())
    con.execute('CREATE OR REPLACE TEMP TABLE bad (_d INTEGER, _rid BIGINT, code VARCHAR, "column" VARCHAR)')
    create_good_rows(con, table)
    findings = _malformed(con, parts) + _judge(con, table, judged, settings, len(parts))
    windows, outside = window_rows.place(con, parts, contract)
    findings += outside
    quarantined_rows = _quarantined_rows(con, table, len(parts))
    return [
        Conformed(
            accepted=rows,
            quarantined_rows=quarantined_rows[n],
            counts=_counts(part.read, rows.num_rows, len(quarantined_rows[n])),
            findings=tuple(f for d, f in findings if d == n),
            periods=_periods(part, windows[n], rows),
            window=windows[n],
        )
        for n, (part, rows) in enumerate(zip(parts, accepted_rows(con, parts, contract), strict=True))
    ]


def _prepare(
    con: duckdb.DuckDBPyConnection, parts: Sequence[Part], key: Key | None, settings: Settings
) -> None:
    if key is not None:
        bind_key(con, key)
    if any(c.transform and c.transform.kind == "lsoa" for c in parts[0].read.table.columns):
        load_postcodes(con, settings.postcode_file)


def _quarantined_rows(
    con: duckdb.DuckDBPyConnection, table: Table, deliveries: int
) -> list[list[QuarantinedRow]]:
    """Rows taken out of each delivery. A row that could not be split has no `_rid` but a number."""
    found: list[list[QuarantinedRow]] = [[] for _ in range(deliveries)]
    taken = con.execute("""
        SELECT bad._d, coalesce(_row_number, -1 - bad._rid) AS number,
            list(code ORDER BY code, "column"), list("column" ORDER BY code, "column")
        FROM bad LEFT JOIN conformed USING (_rid)
        GROUP BY bad._d, bad._rid, _row_number ORDER BY bad._d, number, bad._rid""").fetchall()
    for delivery, *told in taken:
        found[delivery].append((table.name, *told))
    return found


def _malformed(con: duckdb.DuckDBPyConnection, parts: Sequence[Part]) -> Found:
    """Rows the reader could not split into fields. Their id is -1 - row number."""
    found: Found = []
    for number, part in enumerate(parts):
        by_code: dict[str, list[int]] = {}
        for row, code in part.read.malformed:
            by_code.setdefault(code, []).append(row)
        for code, rows in by_code.items():
            con.register("malformed", pa.table({"row": pa.array(rows, pa.int64())}))
            con.execute("INSERT INTO bad SELECT $1, -1 - row, $2, '' FROM malformed", [number, code])
            first = tuple(sorted(rows)[:FINDING_ROWS])
            finding = Finding(
                code=code, count=len(rows), outcome="quarantine", table=part.read.table.name, rows=first
            )
            found.append((number, finding))
    return found


def _judge(
    con: duckdb.DuckDBPyConnection,
    table: Table,
    judged: list[ColumnSql],
    settings: Settings,
    deliveries: int,
) -> Found:
    """Take bad rows out, cheapest question first: a clean table costs one aggregate."""
    told = "".join(f", count({reason_name(c.name)})" for c in judged)
    sizes = "count(*), count(DISTINCT _hash), count(_key_hash), count(DISTINCT _key_hash)"
    rows, distinct, keyed, keys, *found = con.execute(f"SELECT {sizes}{told} FROM conformed").fetchone()
    unfit = [c for c, n in zip(judged, found, strict=True) if n]
    findings = _value_findings(con, table, unfit, settings) + shifts.judge(con, table, unfit)
    if distinct < rows:
        findings += row_rules.quarantine_repeated_rows(con, table)
    findings += row_rules.apply_row_rules(con, table, deliveries)
    if keys < keyed:
        findings += row_rules.quarantine_repeated_keys(con, table)
    return findings


def _value_findings(
    con: duckdb.DuckDBPyConnection, table: Table, columns: list[ColumnSql], settings: Settings
) -> Found:
    """Reasons of single values, and the rows they take out."""
    findings: Found = []
    for column in columns:
        reason = reason_name(column.name)
        counted = con.execute(
            f"SELECT _d, {reason}, count(*), min(_row_number, {FINDING_ROWS}) FROM conformed "
            f"WHERE {reason} IS NOT NULL GROUP BY ALL ORDER BY ALL"
        ).fetchall()
        findings += [
            (d, _value_finding(table, column, code, n, rows, settings)) for d, code, n, rows in counted
        ]
        hard = {code for _, code, *_ in counted if column.quarantines(code)}
        if hard:
            con.execute(
                f"INSERT INTO bad SELECT _d, _rid, {reason}, {sql.text(column.name)} FROM conformed "
                f"WHERE {reason} IN ({sql.texts(sorted(hard))})"
            )
    return findings


def _value_finding(
    table: Table, column: ColumnSql, code: str, count: int, rows: list[int], settings: Settings
) -> Finding:
    outcome: Outcome | None = "quarantine" if column.quarantines(code) else None
    if outcome is None and code not in _DECLARED_OUTCOME:
        outcome = "warn"  # the value was emptied, the row was kept
    unmapped_all = code == "POSTCODE_UNMAPPED" and not settings.postcode_file.is_file()
    return Finding(
        code=code,
        count=count,
        outcome=outcome,
        table=table.name,
        column=column.name,
        rows=tuple(rows),
        detail="no postcode look-up is installed" if unmapped_all else "",
    )


def _periods(part: Part, window: frozenset[date], rows: pa.Table) -> tuple[date, ...]:
    """Periods of the window that have rows; of a file that states its one period, that one."""
    if part.period and part.period in window:
        return (part.period,)
    found = pc.unique(rows.column("_period_start")).drop_null().to_pylist()
    return tuple(sorted(found))


def _counts(read: ReadTable, accepted: int, quarantined: int) -> TableCounts:
    counts = TableCounts(
        rows_in=read.rows_in_file, accepted=accepted, quarantined=quarantined, non_data=read.non_data
    )
    ensure_conserved(counts, read.table.name)
    return counts


def ensure_conserved(counts: TableCounts, table: str) -> None:
    """Raise RowsLost unless every row of the file is accounted for exactly once."""
    accounted = counts.accepted + counts.quarantined + sum(counts.non_data.values())
    if accounted != counts.rows_in:
        raise RowsLost(f"{table}: {counts.rows_in} rows in the file, {accounted} accounted for")
