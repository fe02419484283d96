"""A published folder of a few invented rows, made by the pipeline's own export: what BI tests connect to."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb

from bassetlaw_pipeline.publication.outputs.commented import create_table
from bassetlaw_pipeline.publication.outputs.dictionary import PublishedTable, declared_tables
from bassetlaw_pipeline.publication.outputs.export import export_tables

RELEASE = {
    "release_id": "20210401-0123456789ab",
    "data_version": "1.0.0",
    "previous_release": None,
    "as_of": datetime(2021, 4, 1),
    "is_synthetic": True,
    "code_version": "0.1.0",
    "code_sha256": "0" * 64,
    "licence": "Invented.",
}

# Values other than the first of the type, so that rows join and charts find what they look for.
VALUES: dict[str, Any] = {
    "indicator_id": "ae_four_hour",
    "title": "Seen within four hours",
    "objective": "sustainable_services",
    "area_code": "E07000171",
    "area_name": "Bassetlaw",
    "area_type": "district",
    "period_id": "2019-04",
    "period_type": "month",
    "period_start": date(2019, 4, 1),
    "value_status": "shown",
    "unit": "%",
    "value": 91.5,
}
_BY_TYPE: dict[str, Any] = {
    "VARCHAR": "text",
    "DATE": date(2019, 4, 1),
    "TIMESTAMP": datetime(2019, 4, 1, 9, 30),
    "BIGINT": 1 << 40,
    "INTEGER": 7,
    "DOUBLE": 25.0,  # keeps every declared precision
    "BOOLEAN": True,
}


def publish_small(folder: Path, release: dict[str, Any] = RELEASE) -> Path:
    """Write one row of every mart and export it; returns the published folder."""
    warehouse = folder / "warehouse.duckdb"
    with duckdb.connect(str(warehouse)) as con:
        con.execute("create schema outcomes")
        for table in declared_tables():
            _create(con, table)
    target = folder / "published"
    target.mkdir()
    export_tables(warehouse, target, release)
    return target


def _create(con: duckdb.DuckDBPyConnection, table: PublishedTable) -> None:
    columns = {c.name: (c.type, c.description) for c in table.columns}
    create_table(con, f"outcomes.{table.name}", table.description, columns)
    marks = ", ".join("?" for _ in table.columns)
    row = [VALUES.get(c.name, _BY_TYPE[c.type]) for c in table.columns]
    con.execute(f"insert into outcomes.{table.name} values ({marks})", row)
