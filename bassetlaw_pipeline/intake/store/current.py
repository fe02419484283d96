"""Which delivery counts: of every partition the newest that may replace it and does not lose most of it.

A partition is what a contract replaces as a whole: a period, a period of one organisation, or, of a snapshot,
everything. Deliveries are taken in the order of their editions. One replaces what is there unless it loses
more than `max_loss` of its rows, and more than one row: then it is held until it is confirmed, or until a
later delivery has enough rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from bassetlaw_pipeline import sql
from bassetlaw_pipeline.contracts.model import Contract, Table
from bassetlaw_pipeline.intake.cast.window import states_own_period, window
from bassetlaw_pipeline.intake.model import Finding, Receipt
from bassetlaw_pipeline.intake.store.as_known import as_known
from bassetlaw_pipeline.settings import DataHome

Edition = tuple[int, datetime, str]
_TOLD = 6  # held partitions that a receipt names

SCHEMA = pa.schema(
    {
        "extract": pa.string(),
        "table_name": pa.string(),
        "delivery_id": pa.string(),
        "period_start": pa.date32(),  # empty where a partition is no period
        "part": pa.string(),  # its other columns as text, with a separator between
        "state": pa.string(),  # current, held, or left_out (withdrawn, or replaced by a landing again)
        "row_count": pa.int64(),
        "rows_before": pa.int64(),  # of a held delivery: what it would have replaced
    }
)


@dataclass(frozen=True)
class Candidate:
    """An accepted delivery, or one about to be: `files` are its rows by table.

    window  the periods it may replace; None when it may replace every period of its rows
    """

    delivery_id: str
    edition: Edition
    files: Mapping[str, Path]
    window: frozenset[date] | None = None
    parts: Mapping[str, str] | None = None  # of a delivery whose window is still to be worked out
    confirmed: bool = False


def candidate(receipt: Receipt, contract: Contract, home: DataHome) -> Candidate:
    """An accepted delivery of the ledger."""
    folder = home.accepted / receipt.partner / contract.id / receipt.delivery_id
    unknown = receipt.window is None and states_own_period(contract)
    known = receipt.window if receipt.window is not None else receipt.periods
    return Candidate(
        delivery_id=receipt.delivery_id,
        edition=(receipt.revision_rank, receipt.received_at.replace(tzinfo=None), receipt.sha256),
        files={t.name: folder / contract.rows_file(t) for t in contract.tables if t.name in receipt.tables},
        window=None if unknown or not may_replace_its_window(contract) else frozenset(known),
        parts=(contract.file.match(receipt.file_name) or {}) if unknown else None,
        confirmed=receipt.confirmed is not None,
    )


def may_replace_its_window(contract: Contract) -> bool:
    """True when a delivery replaces its window; False for snapshots, and files of many periods."""
    return contract.resubmission.mode == "period" and (
        contract.period.source != "column" or states_own_period(contract)
    )


def held_findings(found: pa.Table, delivery_id: str) -> list[Finding]:
    """What is held of a delivery, one finding a table: partitions with the rows there and before."""
    by_table: dict[str, list[str]] = {}
    for row in found.to_pylist():
        if row["state"] == "held" and row["delivery_id"] == delivery_id:
            by_table.setdefault(row["table_name"], []).append(held_words(row))
    return [
        Finding(code="REPLACEMENT_HELD", count=len(words), table=table, detail=_first_of(words))
        for table, words in by_table.items()
    ]


def held_words(row: Mapping[str, Any]) -> str:
    """A held partition (a row of SCHEMA): which, and its rows beside those it would have replaced."""
    where = [str(row["period_start"] or ""), *row["part"].split("\x1f")]
    place = " ".join(filter(None, where)) or "all"
    return f"{place}: {row['row_count']:,} for {row['rows_before']:,}"


def _first_of(words: Sequence[str]) -> str:
    more = len(words) - _TOLD
    return "; ".join(words[:_TOLD]) + (f"; and {more} more" if more > 0 else "")


def current(contract: Contract, candidates: Sequence[Candidate]) -> pa.Table:
    """Deliveries that count and deliveries that are held, by table and partition; see SCHEMA.

    Nothing for a contract by whose key rows replace each other (`upsert`).
    """
    if contract.resubmission.mode == "upsert" or not candidates:
        return SCHEMA.empty_table()
    with duckdb.connect(":memory:", config={"threads": 1}) as con:
        return pa.concat_tables([_of_table(con, contract, table, candidates) for table in contract.tables])


def current_of_home(
    home: DataHome, contracts: Iterable[Contract], receipts: Iterable[Receipt], as_of: datetime | None = None
) -> pa.Table:
    """The same for all deliveries among the receipts that count, and which of the others are left out.

    `as_of` is about events only: confirmations, withdrawals, landings again.
    """
    by_extract: dict[str, list[Receipt]] = {}
    receipts = list(receipts)
    known = as_known(receipts, as_of)
    for receipt in known:
        if receipt.counts and receipt.extract:
            by_extract.setdefault(receipt.extract, []).append(receipt)
    contracts = list(contracts)
    found = [
        current(contract, [candidate(r, contract, home) for r in by_extract[contract.id]])
        for contract in contracts
        if contract.id in by_extract
    ]
    left_out = _left_out({c.id for c in contracts}, receipts, known)
    return pa.concat_tables([SCHEMA.empty_table(), *found, left_out])


def _left_out(extracts: set[str], receipts: Iterable[Receipt], known: Iterable[Receipt]) -> pa.Table:
    """Accepted deliveries that do not count: withdrawn, replaced, or only later landed again."""
    counting = {(r.extract, r.delivery_id) for r in known if r.counts}
    lost = {
        (r.extract, r.delivery_id, table)
        for r in receipts
        if r.verdict != "rejected" and r.extract in extracts and (r.extract, r.delivery_id) not in counting
        for table in r.tables
    }
    rows = [
        {"extract": extract, "table_name": table, "delivery_id": delivery, "part": "", "state": "left_out"}
        for extract, delivery, table in sorted(lost)
    ]
    return pa.Table.from_pylist(rows, schema=SCHEMA)


@dataclass(frozen=True)
class Held:
    """A delivery that waits for a confirmation, and what it would replace, in words."""

    receipt: Receipt
    table: str
    words: str


def held_of_home(
    home: DataHome,
    contracts: Mapping[str, Contract],
    receipts: Sequence[Receipt],
    as_of: datetime | None = None,
) -> list[Held]:
    """What is held now, or was at `as_of`, by delivery and table.

    Only extracts are looked at of which a receipt or the last build tells that something is held.
    """
    told = {r.extract for r in receipts if any(f.code == "REPLACEMENT_HELD" for f in r.findings)}
    told |= _held_in_build(home)
    found = current_of_home(home, [c for c in contracts.values() if c.id in told], receipts, as_of)
    by_id = {r.delivery_id: r for r in receipts if r.verdict != "rejected"}
    waiting = {row["delivery_id"] for row in found.to_pylist() if row["state"] == "held"}
    return [
        Held(by_id[delivery_id], finding.table or "", finding.detail)
        for delivery_id in sorted(waiting)
        for finding in held_findings(found, delivery_id)
    ]


def _held_in_build(home: DataHome) -> set[str]:
    if not home.current_delivery.exists():
        return set()
    built = pq.read_table(home.current_delivery, columns=["extract", "state"])
    return set(built.filter(pc.equal(built["state"], "held"))["extract"].to_pylist())


def _of_table(
    con: duckdb.DuckDBPyConnection, contract: Contract, table: Table, candidates: Sequence[Candidate]
) -> pa.Table:
    having = [c for c in candidates if table.name in c.files]
    if not having:
        return SCHEMA.empty_table()
    con.execute("CREATE OR REPLACE TEMP TABLE sized AS " + _sizes(contract, table), [_paths(table, having)])
    _register(con, contract, having)
    names = f"{sql.text(contract.id)} AS extract, {sql.text(table.name)} AS table_name"
    found = con.sql(f"SELECT {names}, * FROM ({_decided(contract)}) ORDER BY ALL").to_arrow_table()
    return found.cast(SCHEMA)


def _paths(table: Table, candidates: Sequence[Candidate]) -> list[str]:
    return [str(c.files[table.name]) for c in candidates]


def _sizes(contract: Contract, table: Table) -> str:
    """SQL: accepted rows by delivery and partition, and how many of them have a date of their own.

    Rows without one count with the last period of their file, however full it is: they are never compared.
    """
    by = contract.resubmission.by if contract.resubmission.mode == "period" else ()
    grouped = "".join(f", {sql.name(c)}" for c in by)
    start = "_period_start" if "_period_start" in by else "NULL::DATE"
    others = ", ".join(f"coalesce({sql.name(c)}::VARCHAR, '')" for c in by if c != "_period_start")
    part = f"concat_ws(chr(31), {others})" if others else "''"
    column = table.by_name.get(contract.period.column or "") if contract.period.source == "column" else None
    dated = f"count({sql.name(column.lands_as)})" if column and column.lands_as else "count(*)"
    return f"""SELECT _delivery_id AS delivery_id, {start} AS period_start, {part} AS part, n, dated
        FROM (SELECT _delivery_id{grouped}, count(*) AS n, {dated} AS dated
            FROM read_parquet($1) GROUP BY ALL)"""


def _register(con: duckdb.DuckDBPyConnection, contract: Contract, candidates: Sequence[Candidate]) -> None:
    """Tables `delivery` (edition, confirmed) and `reported` (periods it may replace)."""
    rows = [(c.delivery_id, *c.edition, c.confirmed) for c in candidates]
    names = ["delivery_id", "rank", "received_at", "sha256", "confirmed"]
    types = [pa.string(), pa.int32(), pa.timestamp("us"), pa.string(), pa.bool_()]
    con.register("delivery", _arrow(rows, names, types))
    unknown = _rows_by_period(con) if any(c.window is None for c in candidates) else {}
    reported = [
        (c.delivery_id, start)
        for c in candidates
        for start in _window(contract, c, unknown.get(c.delivery_id, {}))
    ]
    con.register("reported", _arrow(reported, ["delivery_id", "start"], [pa.string(), pa.date32()]))


def _rows_by_period(con: duckdb.DuckDBPyConnection) -> dict[str, dict[date, int]]:
    """Dated rows of each delivery by period."""
    found: dict[str, dict[date, int]] = {}
    for delivery_id, start, rows in con.execute(
        "SELECT delivery_id, period_start, sum(dated)::BIGINT FROM sized "
        "WHERE period_start IS NOT NULL GROUP BY ALL"
    ).fetchall():
        found.setdefault(delivery_id, {})[start] = rows
    return found


def _arrow(rows: Sequence[tuple], names: Sequence[str], types: Sequence[pa.DataType]) -> pa.Table:
    columns = list(zip(*rows, strict=True)) or [() for _ in names]
    return pa.table({n: pa.array(list(c), t) for n, c, t in zip(names, columns, types, strict=True)})


def _window(contract: Contract, delivery: Candidate, rows: Mapping[date, int]) -> list[date]:
    if delivery.window is not None:
        return sorted(delivery.window)
    return sorted(rows if delivery.parts is None else window(contract, delivery.parts, None, rows))


def _decided(contract: Contract) -> str:
    """SQL: the fold over editions. A period of the window without a row is one that lost all of them."""
    rule = contract.resubmission
    periods = rule.mode == "period" and "_period_start" in rule.by
    inside = (
        "SEMI JOIN reported ON reported.delivery_id = sized.delivery_id AND start = period_start"
        if periods
        else ""
    )
    nothing = """UNION ALL
        SELECT reported.delivery_id, start, '', 0, 0 FROM reported
        SEMI JOIN sized ON sized.period_start = start
        ANTI JOIN sized ON sized.period_start = start AND sized.delivery_id = reported.delivery_id"""
    whole = nothing if rule.mode == "period" and tuple(rule.by) == ("_period_start",) else ""
    waits = "STRUCT(id VARCHAR, n BIGINT, before BIGINT)[]"
    return f"""
    WITH offered AS (SELECT * FROM sized {inside} {whole}),
    folded AS (
        SELECT period_start, part, list_reduce(
            list({{id: delivery_id, n: n, dated: dated, confirmed: confirmed, held: []::{waits}}}
                ORDER BY rank, received_at, sha256),
            lambda last, next: CASE
                WHEN next.confirmed OR last.dated - next.dated <= 1
                    OR next.dated >= {1 - rule.max_loss} * last.dated THEN next
                ELSE {{id: last.id, n: last.n, dated: last.dated, confirmed: last.confirmed,
                    held: list_append(last.held, {{id: next.id, n: next.dated, before: last.dated}})}} END
            ) AS winner
        FROM offered JOIN delivery USING (delivery_id)
        GROUP BY period_start, part
    )
    SELECT winner.id AS delivery_id, period_start, part, 'current' AS state, winner.n AS row_count,
        NULL::BIGINT AS rows_before
    FROM folded WHERE winner.n > 0
    UNION ALL
    SELECT held.id, period_start, part, 'held', held.n, held.before
    FROM (SELECT period_start, part, unnest(winner.held) AS held FROM folded)"""
