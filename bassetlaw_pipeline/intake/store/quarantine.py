"""quarantine.parquet: which rows of a delivery were set aside, and why; never what they say."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from bassetlaw_pipeline.contracts.model import Contract
from bassetlaw_pipeline.intake.model import Arrival

QUARANTINE = "quarantine.parquet"
# Table, row number, reason codes, and the column each code is about ('' when it is about the whole row).
QuarantinedRow = tuple[str, int, list[str], list[str]]

SCHEMA = pa.schema(
    {
        "_table": pa.string(),
        "_row_number": pa.int64(),
        "codes": pa.list_(pa.string()),
        "columns": pa.list_(pa.string()),
        "_delivery_id": pa.string(),
        "_file_sha256": pa.string(),
        "_contract_version": pa.string(),
        "_period_start": pa.date32(),
        "_revision_rank": pa.int32(),
        "_received_at": pa.timestamp("us"),
    }
)


def write_quarantine(
    folder: Path, rows: Sequence[QuarantinedRow], arrival: Arrival, contract: Contract, period: date | None
) -> None:
    """Write the rows set aside of all tables of one delivery, in order."""
    own = [pa.array(list(column), kind) for column, kind in _columns(rows)]
    lineage = (
        arrival.delivery_id,
        arrival.sha256,
        contract.version,
        period,
        arrival.revision_rank,
        arrival.received_at.replace(tzinfo=None),
    )
    types = SCHEMA.types[len(own) :]
    same = [pa.repeat(pa.scalar(v, kind), len(rows)) for v, kind in zip(lineage, types, strict=True)]
    pq.write_table(pa.Table.from_arrays(own + same, schema=SCHEMA), folder / QUARANTINE, compression="zstd")


def _columns(rows: Sequence[QuarantinedRow]) -> list[tuple[list, pa.DataType]]:
    ordered = sorted(rows, key=lambda row: row[:2])
    names = SCHEMA.names[:4]
    return [([row[i] for row in ordered], SCHEMA.field(name).type) for i, name in enumerate(names)]
