"""Codes of practices and areas that the delivered reference lists do not know at the date of the row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path

import duckdb

from bassetlaw_pipeline import sql
from bassetlaw_pipeline.contracts.model import Contract, Table
from bassetlaw_pipeline.contracts.references import CodeList, Reference, load_references
from bassetlaw_pipeline.intake.model import Finding
from bassetlaw_pipeline.intake.store.ledger import Ledger
from bassetlaw_pipeline.intake.validate.earlier import Known
from bassetlaw_pipeline.settings import DataHome

_TOLD = 6
_GRAINS = {"day": "1 DAY", "week": "7 DAY", "month": "1 MONTH", "quarter": "3 MONTH"}


def find(
    contract: Contract, deliveries: Sequence[Known], home: DataHome, contracts: Mapping[str, Contract]
) -> dict[str, list[Finding]]:
    """CODE_UNKNOWN by delivery, one finding a column; nothing where no list has been delivered before it."""
    found: dict[str, list[Finding]] = defaultdict(list)
    asked = [(t, c.name, c.lands_as, c.reference) for t in contract.tables for c in t.columns if c.reference]
    for name in sorted({reference for *_, reference in asked}):
        reference = load_references()[name]
        received = _received(reference, home, contracts)
        columns = [(t, column, landed) for t, column, landed, of in asked if of == name and landed]
        for lists, members in _by_lists(deliveries, received).items():
            with duckdb.connect(":memory:", config={"threads": 1}) as con:
                _load(con, reference, dict(lists))
                for table, column, landed in columns:
                    for told in _unknown(con, contract, table, landed, reference, dict(lists), members):
                        delivery, rows, codes = told
                        finding = _finding(reference, table, column, rows, codes)
                        found[delivery].append(finding)
    return found


def _finding(reference: Reference, table: Table, column: str, rows: int, codes: Sequence[str]) -> Finding:
    more = f"; and {len(codes) - _TOLD} more" if len(codes) > _TOLD else ""
    detail = f"{reference.title}: {'; '.join(codes[:_TOLD])}{more}"
    return Finding(code="CODE_UNKNOWN", count=rows, table=table.name, column=column, detail=detail)


Received = list[tuple[datetime, int, Path]]  # when, which list of the reference, its rows


def _received(reference: Reference, home: DataHome, contracts: Mapping[str, Contract]) -> Received:
    """Every delivery of the lists of a reference, oldest first."""
    found: Received = []
    for number, codes in enumerate(reference.lists):
        feed = contracts.get(codes.extract)
        for receipt in Ledger(home).accepted_of(feed) if feed else ():
            table = next(t for t in feed.tables if t.name == codes.table)
            rows = home.accepted / feed.partner / feed.id / receipt.delivery_id / feed.rows_file(table)
            if table.name in receipt.tables and rows.is_file():
                found.append((receipt.received_at, number, rows))
    return sorted(found)


Lists = tuple[tuple[int, tuple[Path, ...]], ...]  # number of the list, its deliveries


def _by_lists(deliveries: Sequence[Known], received: Received) -> dict[Lists, list[Known]]:
    """Deliveries by the lists that had been received before them.

    Of a list with dates the newest delivery says everything; of others every edition counts: codes of areas
    differ from census to census.
    """
    found: dict[Lists, list[Known]] = defaultdict(list)
    for delivery in deliveries:
        by_list: dict[int, list[Path]] = defaultdict(list)
        for when, number, rows in received:
            if when <= delivery.edition[1]:
                by_list[number].append(rows)
        if by_list:
            found[tuple((n, tuple(rows)) for n, rows in sorted(by_list.items()))].append(delivery)
    return found


def _load(
    con: duckdb.DuckDBPyConnection, reference: Reference, lists: Mapping[int, tuple[Path, ...]]
) -> None:
    """The table `listed` of codes and the days between which each is valid."""
    con.execute("CREATE TEMP TABLE listed (code VARCHAR, opened DATE, closed DATE)")
    for number, files in lists.items():
        codes = reference.lists[number]
        dated = bool(codes.opened or codes.closed)
        rows = sql.texts(str(f) for f in (files[-1:] if dated else files))
        con.execute(
            f"INSERT INTO listed SELECT DISTINCT {sql.name(codes.column)}, "
            f"{_day(codes.opened)}, {_day(codes.closed)} FROM read_parquet([{rows}])"
        )
    con.execute("INSERT INTO listed SELECT unnest($1::VARCHAR[]), NULL, NULL", [list(reference.also)])


def _day(column: str | None) -> str:
    return sql.name(column) if column else "NULL::DATE"


def _unknown(
    con: duckdb.DuckDBPyConnection,
    contract: Contract,
    table: Table,
    landed: str,
    reference: Reference,
    lists: Mapping[int, tuple[Path, ...]],
    members: Sequence[Known],
) -> list[tuple[str, int, list[str]]]:
    """(delivery, rows, codes with why) of one column."""
    files = [str(k.files[table.name]) for k in members if table.name in k.files]
    if not files:
        return []
    length = _GRAINS.get(contract.period.grain, "1 YEAR")
    since = _judged_since([reference.lists[n] for n in lists])
    return con.execute(
        f"""WITH used AS (
            SELECT _delivery_id AS id, {sql.name(landed)} AS code, _period_start AS start, count(*) AS n
            FROM read_parquet($1) WHERE {sql.name(landed)} IS NOT NULL AND _period_start >= $2 GROUP BY ALL),
        strange AS (SELECT * FROM used ANTI JOIN listed ON listed.code = used.code
            AND coalesce(opened < start + INTERVAL {length}, true) AND coalesce(closed >= start, true)),
        dated AS (SELECT code, min(opened) AS opened, max(closed) AS closed FROM listed GROUP BY code),
        worded AS (SELECT id, n, strange.code || CASE WHEN closed < start THEN ' (closed ' || closed || ')'
            WHEN opened > start THEN ' (opened ' || opened || ')' ELSE '' END AS word
            FROM strange LEFT JOIN dated ON dated.code = strange.code)
        SELECT id, sum(n)::BIGINT, list_sort(list(DISTINCT word)) FROM worded GROUP BY id ORDER BY id""",
        [files, since],
    ).fetchall()


def _judged_since(lists: Sequence[CodeList]) -> date:
    """The first period that the delivered lists can judge."""
    return min(codes.since or date.min for codes in lists)
