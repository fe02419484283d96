"""Small contracts, cells and arrivals for the tests of conforming and landing."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from bassetlaw_pipeline.contracts.model import (
    Column,
    Contract,
    Expectation,
    FileSpec,
    PeriodSpec,
    Resubmission,
    RowRule,
    Table,
)
from bassetlaw_pipeline.intake.cast.conform import Conformed, Part, conform
from bassetlaw_pipeline.intake.cast.identifiers import POSTCODES
from bassetlaw_pipeline.intake.cast.pseudonym import Key
from bassetlaw_pipeline.intake.model import Arrival, ReadTable
from bassetlaw_pipeline.intake.store.quarantine import SCHEMA
from bassetlaw_pipeline.settings import Settings

KEY = Key.from_hex("00" * 31 + "01", "a test")
MAY = date(2019, 5, 1)
CON = duckdb.connect()


def column(name: str, **fields: Any) -> Column:
    """A column whose header is its name."""
    return Column(name=name, source_name=name, **fields)


def contract(
    *columns: Column,
    rules: tuple[RowRule, ...] = (),
    expectations: tuple[Expectation, ...] = (),
    **fields: Any,
) -> Contract:
    """A contract of one table `visits`, CSV, one file a month."""
    stated = {
        "id": "visits",
        "partner": "hospital",
        "title": "Visits",
        "version": "1.0.0",
        "purpose": "tests",
        "owner": "nobody",
        "file": FileSpec(
            format="csv", names=(r"visits_(?P<year>\d{4})(?P<month>\d{2})\.csv",), organisation="RP5"
        ),
        "period": PeriodSpec(),
        "resubmission": Resubmission(mode="period"),
        "tables": (Table(name="visits", columns=columns, row_rules=rules, expectations=expectations),),
    }
    return Contract(**stated | fields)


def cells(agreed: Contract, *rows: dict[str, str | None], **fields: Any) -> ReadTable:
    """Rows as the readers hand them over; the first data row is number 2."""
    table = agreed.main
    data = {c.name: pa.array([r.get(c.name) for r in rows], pa.string()) for c in table.columns}
    numbers = pa.array(range(2, len(rows) + 2), pa.int64())
    return ReadTable(table, pa.table(data | {"_row_number": numbers}), "default", **fields)


def arrival(agreed: Contract | None, path: Path = Path("visits_201905.csv"), **fields: Any) -> Arrival:
    """The arrival of a file, with the content it has on disk, if any."""
    content = path.read_bytes() if path.is_file() else b""
    stated = {
        "path": path,
        "partner": "hospital",
        "file_name": path.name,
        "sha256": hashlib.sha256(content).hexdigest(),
        "size": len(content),
        "received_at": datetime(2019, 6, 3, 9, 30, tzinfo=UTC),
        "contract": agreed,
        "parts": agreed.file.match(path.name) or {} if agreed else {},
    }
    return Arrival(**stated | fields)


def run(
    agreed: Contract, *rows: dict[str, str | None], settings: Settings | None = None, **fields: Any
) -> tuple[Conformed, list[dict[str, Any]], list[dict[str, Any]]]:
    """Conform rows: the result, the accepted rows and the quarantined ones."""
    CON.execute(f"DROP TABLE IF EXISTS {POSTCODES}")  # loaded once per connection
    reading = cells(agreed, *rows, **fields)
    period = MAY if agreed.period.source == "file_name" else None
    [found] = conform(CON, [Part(reading, arrival(agreed), period)], agreed, KEY, settings or Settings())
    quarantined_rows = [dict(zip(SCHEMA.names, row, strict=False)) for row in found.quarantined_rows]
    return found, found.accepted.to_pylist(), quarantined_rows


def codes(found: Conformed) -> dict[str, int]:
    """Findings as code -> count."""
    return {f.code: f.count for f in found.findings}
