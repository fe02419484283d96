"""An empty delivery per extract, so that every dbt source exists before its first file arrives.

Belongs here: contract -> zero-row Parquet files. Does not belong here: rows of any kind (intake).
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from bassetlaw_pipeline.contracts.model import Contract, Table

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
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    pq.write_table(schema.empty_table(), partial)
    partial.replace(path)
