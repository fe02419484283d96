"""An empty delivery per extract, so that every dbt source exists before its first file arrives."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from bassetlaw_pipeline.contracts.model import Contract, Table
from bassetlaw_pipeline.storage import replacing

STUB_FOLDER = "_contract"  # stands beside the delivery folders

_ARROW_TYPES = {
    "VARCHAR": pa.string(),
    "BIGINT": pa.int64(),
    "INTEGER": pa.int32(),
    "DOUBLE": pa.float64(),
    "DATE": pa.date32(),
    "TIME": pa.time64("us"),
    "TIMESTAMP": pa.timestamp("us"),
    "BOOLEAN": pa.bool_(),
}


def landed_schema(table: Table) -> pa.Schema:
    """Arrow schema of a table's accepted rows, in order."""
    return pa.schema([(name, _ARROW_TYPES[kind]) for name, kind in table.landed.items()])


def write_stubs(accepted: Path, contracts: Mapping[str, Contract]) -> list[Path]:
    """Write `<accepted>/<partner>/<extract>/_contract/rows*.parquet`; returns the files that changed."""
    wanted = {
        accepted.joinpath(*contract.asset_key, STUB_FOLDER, contract.rows_file(table)): landed_schema(table)
        for contract in contracts.values()
        for table in contract.tables
    }
    changed = [path for path, schema in wanted.items() if not _is_current(path, schema)]
    for path in changed:
        _write(path, wanted[path])
    return changed


def _is_current(path: Path, schema: pa.Schema) -> bool:
    try:
        return pq.read_schema(path).equals(schema)
    except (FileNotFoundError, pa.ArrowInvalid):
        return False


def _write(path: Path, schema: pa.Schema) -> None:
    """Under a temporary name first: a build may be reading the folder."""
    with replacing(path) as partial:
        pq.write_table(schema.empty_table(), partial)
