"""A scratch DuckDB file that shows Parquet files as one table, for suites to look at.

The rows stay where they are: only the columns a rule asks for are read.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import duckdb

from bassetlaw_pipeline import sql


def create_view(database: Path, table: str, files: Sequence[Path]) -> None:
    """Create `database` with a view `table` over `files`, which have the same columns."""
    database.unlink(missing_ok=True)
    listed = sql.texts(str(f) for f in files)
    with duckdb.connect(str(database)) as con:
        con.execute(f"CREATE VIEW {sql.name(table)} AS SELECT * FROM read_parquet([{listed}])")
