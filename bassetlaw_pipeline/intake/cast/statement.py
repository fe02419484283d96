"""The pass that turns the cells of a batch into typed, pseudonymised rows.

Tables on the connection: `source` (the number of each cell's text, and what was found of it),
`conformed` (one row per source row: landed columns and reasons), the view `good_rows` (what will be
accepted). `_d` numbers the deliveries of the batch, `_rid` its rows: unpivoted rows share a row number.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa

from bassetlaw_pipeline import sql
from bassetlaw_pipeline.contracts.model import LINEAGE_COLUMNS, Column, Contract, Table
from bassetlaw_pipeline.intake.cast import row_rules
from bassetlaw_pipeline.intake.cast.columns import (
    ColumnSql,
    cell_name,
    landed_name,
    reason_name,
    sql_out_of_range,
    value_name,
)
from bassetlaw_pipeline.intake.cast.distinct_cells import (
    CastCache,
    by_row,
    in_order,
    judge_texts,
    number_texts,
    stages,
)
from bassetlaw_pipeline.intake.cast.identifiers import POSTCODES
from bassetlaw_pipeline.intake.model import Arrival, ReadTable
from bassetlaw_pipeline.intake.read.period import FIRST_MONTH, of_name

_GRAINS = {"day": "day", "week": "week", "month": "month", "quarter": "quarter"}


@dataclass(frozen=True)
class Part:
    """One table of one delivery; `period` when its file name or a cell says it, `window` when it is known."""

    read: ReadTable
    arrival: Arrival
    period: date | None = None
    window: frozenset[date] | None = None

    @property
    def columns(self) -> list[Column]:
        """The table's columns; one that this layout does not have cannot be required."""
        table = self.read.table
        layouts = {layout.id: layout for layout in table.layouts}
        absent = layouts[self.read.layout_id].absent if self.read.layout_id in layouts else ()
        return [c.model_copy(update={"required": False}) if c.name in absent else c for c in table.columns]


def run_pass(
    con: duckdb.DuckDBPyConnection,
    parts: Sequence[Part],
    columns: Sequence[ColumnSql],
    contract: Contract,
    known: CastCache,
) -> list[ColumnSql]:
    """Create `conformed`; returns the columns some cell of which has a reason, as far as is known."""
    table = parts[0].read.table
    cells = {c.name: number_texts(_whole(parts, c.name, pa.string())) for c in columns}
    found = judge_texts(con, columns, cells, known)
    judged = [c for c in columns if c.row_reason or _has_reason(found.get(reason_name(c.name)))]
    statement = sql_pass(columns, judged, table, sql_period(contract, table))
    source = {sql.bare(cell_name(name)): cell.numbers for name, cell in cells.items()}
    for column in columns:
        for stage in (s for s in stages(column) if s in statement):
            source[sql.bare(stage)] = by_row(found[stage], cells[column.name])
    con.register("source", pa.table(_lineage(parts) | source))
    con.execute(statement)
    return judged


def _has_reason(reasons: pa.Array | None) -> bool:
    return reasons is not None and reasons.null_count < len(reasons)


def _whole(parts: Sequence[Part], name: str, kind: pa.DataType) -> pa.ChunkedArray:
    """A column of all parts."""
    return pa.chunked_array([c for part in parts for c in part.read.rows.column(name).chunks], kind)


def _lineage(parts: Sequence[Part]) -> dict[str, pa.Array | pa.ChunkedArray]:
    """What says which row a row is."""
    sizes = [part.read.rows.num_rows for part in parts]
    of_parts = np.repeat(np.arange(len(parts), dtype=np.int32), sizes)
    return {
        "_rid": pa.array(np.arange(sum(sizes))),
        "_d": pa.array(of_parts),
        "_row_number": _whole(parts, "_row_number", pa.int64()).combine_chunks(),
        "_stated": pa.array([part.period for part in parts], pa.date32()).take(pa.array(of_parts)),
        "_named": pa.array([of_name(part.arrival) for part in parts], pa.date32()).take(pa.array(of_parts)),
    }


def load_postcodes(con: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Load the look-up once per connection; without the file every postcode counts as unmapped."""
    if con.execute("SELECT 1 FROM duckdb_tables() WHERE table_name = $1", [POSTCODES]).fetchall():
        return
    con.execute(f"CREATE TEMP TABLE {POSTCODES} (postcode VARCHAR, lsoa11_code VARCHAR)")
    if path.is_file():
        con.execute(
            f"INSERT INTO {POSTCODES} SELECT postcode, any_value(lsoa11_code) "
            "FROM read_csv($1, header = true, all_varchar = true) GROUP BY postcode",
            [str(path)],
        )


def sql_pass(columns: Sequence[ColumnSql], judged: Sequence[ColumnSql], table: Table, period: str) -> str:
    """What takes more than one cell, a step a CTE. Hashes are of one delivery's rows only."""
    raw = ", ".join(["_d", *(cell_name(c.name) for c in columns)])
    row_wise = ", ".join(f"{c.row_reason} AS {reason_name(c.name)}" for c in columns if c.row_reason)
    replaced = f" REPLACE ({row_wise})" if row_wise else ""
    reasons = "".join(f"{reason_name(c.name)}, " for c in judged)
    lands = {c.lands_as: c.row_landed or (c.landed and landed_name(c.name)) for c in columns}
    landed = "".join(f", {stage} AS {sql.name(name)}" for name, stage in lands.items() if stage)
    keys = [sql.name(k) for k in table.key]
    whole = " AND ".join(f"{k} IS NOT NULL" for k in keys)
    key_hash = f"CASE WHEN {whole} THEN hash(_d, {', '.join(keys)}) END" if keys else "NULL"
    return f"""CREATE OR REPLACE TEMP TABLE conformed AS
        WITH dated AS (SELECT *, hash({raw}) AS _hash, {period} AS _period_start FROM source),
        judged AS (SELECT *{replaced} FROM dated),
        landed AS (SELECT _d, _rid, _row_number, _hash, _period_start, {reasons}{landed[2:]} FROM judged)
        SELECT *, {key_hash} AS _key_hash FROM landed"""


def sql_period(contract: Contract, table: Table) -> str:
    """SQL: first day of the row's period: the delivery's, else the row's own, else the file name's."""
    spec = contract.period
    if spec.source != "column" or spec.column not in table.by_name:
        return "_stated"
    column, day = table.by_name[spec.column], value_name(spec.column)
    if column.logical_type in ("date", "timestamp"):
        # 31/12/9999 is emptied in its column; as a period it would stretch every series to that year.
        day = f"CASE WHEN NOT ({sql_out_of_range(column, day)}) THEN {day} END"
    else:
        day = f"CAST(try_strptime(CAST({day} AS VARCHAR), {sql.text(spec.format or '%Y-%m-%d')}) AS DATE)"
    if spec.grain in FIRST_MONTH:
        later = FIRST_MONTH[spec.grain] - 1
        start = f"date_trunc('year', {day} - INTERVAL {later} MONTH) + INTERVAL {later} MONTH"
    else:
        start = f"date_trunc('{_GRAINS[spec.grain]}', {day})"
    return f"coalesce(_stated, CAST({start} AS DATE), _named)"


def create_good_rows(con: duckdb.DuckDBPyConnection, table: Table) -> None:
    """The view `good_rows`: what is accepted of all deliveries, without the lineage they do not share."""
    own = ", ".join(sql.name(c) for c in table.landed if c not in LINEAGE_COLUMNS)
    con.execute(
        f"CREATE OR REPLACE TEMP VIEW good_rows AS SELECT {own}, _row_number, _period_start, _d, _rid "
        f"FROM conformed WHERE {row_rules.GOOD}"
    )


def accepted_rows(
    con: duckdb.DuckDBPyConnection, parts: Sequence[Part], contract: Contract
) -> list[pa.Table]:
    """Accepted rows of each delivery in the order of its file, with all their lineage."""
    good = in_order(con.sql("FROM good_rows").to_arrow_table(), "_rid")
    ends = np.searchsorted(good.column("_d").to_numpy(), np.arange(len(parts) + 1))
    return [
        _with_lineage(good.slice(start, end - start), part, contract)
        for part, start, end in zip(parts, ends, ends[1:], strict=False)
    ]


def _with_lineage(rows: pa.Table, part: Part, contract: Contract) -> pa.Table:
    arrival = part.arrival
    same = {
        "_delivery_id": pa.scalar(arrival.delivery_id),
        "_file_sha256": pa.scalar(arrival.sha256),
        "_contract_version": pa.scalar(contract.version),
        "_revision_rank": pa.scalar(arrival.revision_rank, pa.int32()),
        "_received_at": pa.scalar(arrival.received_at.replace(tzinfo=None), pa.timestamp("us")),
    }
    return pa.table(
        {
            name: pa.repeat(same[name], rows.num_rows) if name in same else rows.column(name)
            for name in part.read.table.landed
        }
    )
