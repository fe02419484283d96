"""The one statement that turns the cells of a batch into typed, pseudonymised rows.

Belongs here: the source as an Arrow table, the statement itself, periods and lineage.
Does not belong here: the stages of a column (conform_values.py, conform_transforms.py), or what happens
to rows afterwards (conform.py, conform_rows.py).

Tables on the connection: `source` (cells), `conformed` (one row per source row: landed columns and the
reason of each column), the view `good_rows` (what will be accepted).
`_d` numbers the deliveries of the batch, `_rid` its rows: unpivoted rows share a row number.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from bassetlaw_pipeline.contracts.model import LINEAGE_COLUMNS, Column, Contract, Table
from bassetlaw_pipeline.intake import conform_rows, sql
from bassetlaw_pipeline.intake.conform_transforms import POSTCODES
from bassetlaw_pipeline.intake.conform_values import (
    ColumnSql,
    reason_name,
    sql_out_of_range,
    text_name,
    value_name,
)
from bassetlaw_pipeline.intake.model import Arrival, ReadTable
from bassetlaw_pipeline.intake.read.period import FIRST_MONTH, of_name

_GRAINS = {"day": "day", "week": "week", "month": "month", "quarter": "quarter"}
# No-break spaces and the byte order mark surround cells pasted from web pages and spreadsheets.
BLANKS = " \t\r\n\u00a0\u2007\u202f\ufeff"


@dataclass(frozen=True)
class Part:
    """One table of one delivery; `period` when its file name or a cell says it."""

    read: ReadTable
    arrival: Arrival
    period: date | None = None

    @property
    def columns(self) -> list[Column]:
        """The table's columns; one that this layout does not have cannot be required."""
        table = self.read.table
        layouts = {layout.id: layout for layout in table.layouts}
        absent = layouts[self.read.layout_id].absent if self.read.layout_id in layouts else ()
        return [c.model_copy(update={"required": False}) if c.name in absent else c for c in table.columns]


def source_table(parts: Sequence[Part]) -> pa.Table:
    """The cells of all parts without surrounding blanks, numbered."""
    whole = pa.concat_tables([_cells(part, number) for number, part in enumerate(parts)])
    return whole.append_column("_rid", pa.array(np.arange(whole.num_rows))).combine_chunks()


def _cells(part: Part, number: int) -> pa.Table:
    rows, size = part.read.rows, part.read.rows.num_rows
    cells = {c.name: pc.utf8_trim(rows.column(c.name), BLANKS) for c in part.read.table.columns}
    named = of_name(part.arrival)
    return pa.table(
        cells
        | {
            "_row_number": rows.column("_row_number"),
            "_d": pa.array(np.full(size, number), pa.int32()),
            "_stated": pa.repeat(pa.scalar(part.period, pa.date32()), size),
            "_named": pa.repeat(pa.scalar(named, pa.date32()), size),
        }
    )


def load_postcodes(con: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Load the look-up once per connection; without the file every postcode counts as unmapped."""
    if con.execute("SELECT count(*) FROM duckdb_tables() WHERE table_name = $1", [POSTCODES]).fetchone()[0]:
        return
    con.execute(f"CREATE TEMP TABLE {POSTCODES} (postcode VARCHAR, lsoa11_code VARCHAR)")
    if path.is_file():
        con.execute(
            f"INSERT INTO {POSTCODES} SELECT postcode, any_value(lsoa11_code) "
            "FROM read_csv($1, header = true, all_varchar = true) GROUP BY postcode",
            [str(path)],
        )


def sql_pass(columns: Sequence[ColumnSql], table: Table, period: str) -> str:
    """The whole pass as one statement, a stage a CTE. Hashes are of one delivery's rows only."""
    raw = ", ".join(["_d", *(sql.name(c.name) for c in columns)])
    text = ", ".join(f"{c.text} AS {text_name(c.name)}" for c in columns)
    value = ", ".join(f"{c.value} AS {value_name(c.name)}" for c in columns)
    judged = [c for c in columns if c.reason]
    reason = ", ".join(f"{c.reason} AS {reason_name(c.name)}" for c in judged) or "NULL AS _unjudged"
    kept = ", ".join(reason_name(c.name) for c in judged) or "_unjudged"
    landed = ", ".join(f"{c.landed} AS {sql.name(c.lands_as)}" for c in columns if c.landed)
    keys = [sql.name(k) for k in table.key]
    whole = " AND ".join(f"{k} IS NOT NULL" for k in keys)
    key_hash = f"CASE WHEN {whole} THEN hash(_d, {', '.join(keys)}) END" if keys else "NULL"
    return f"""CREATE OR REPLACE TEMP TABLE conformed AS
        WITH texts AS (SELECT *, hash({raw}) AS _hash, {text} FROM source),
        typed AS (SELECT *, {value} FROM texts),
        dated AS (SELECT *, {period} AS _period_start FROM typed),
        judged AS (SELECT *, {reason} FROM dated),
        landed AS (SELECT _d, _rid, _row_number, _hash, _period_start, {kept}, {landed} FROM judged)
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
        f"CREATE OR REPLACE TEMP VIEW good_rows AS SELECT {own}, _row_number, _period_start, _d "
        f"FROM conformed WHERE {conform_rows.GOOD}"
    )


def sql_accepted(part: Part, number: int, contract: Contract) -> str:
    """SQL: accepted rows of one delivery in the order of its file, with all their lineage."""
    arrival = part.arrival
    same = {
        "_delivery_id": sql.text(arrival.delivery_id),
        "_file_sha256": sql.text(arrival.sha256),
        "_contract_version": sql.text(contract.version),
        "_revision_rank": str(arrival.revision_rank),
        "_received_at": sql.text(f"{arrival.received_at:%Y-%m-%d %H:%M:%S}"),
    }
    columns = [
        f"CAST({same[c]} AS {LINEAGE_COLUMNS[c]}) AS {c}" if c in same else sql.name(c)
        for c in part.read.table.landed
    ]
    # The rows lie in the order of the source, and nothing here changes it.
    return f"SELECT {', '.join(columns)} FROM good_rows WHERE _d = {number}"
