"""What a warehouse says of the corrections that went into it."""

from __future__ import annotations

from pathlib import Path

import duckdb

TABLE = "fct_correction"


def corrections_applied(warehouse: Path, schema: str = "outcomes") -> list[dict[str, str | int]]:
    """Corrections in force: id, extract, action, rows, sha256 of the entry; ordered by id.

    Empty for a warehouse built before there was a register.
    """
    with duckdb.connect(str(warehouse), read_only=True) as con:
        there = con.execute(
            "select 1 from information_schema.tables where table_schema = ? and table_name = ?",
            [schema, TABLE],
        ).fetchone()
        if there is None:
            return []
        rows = con.execute(
            "select correction_id, extract, action, rows_affected, entry_sha256 "
            f"from {schema}.{TABLE} where rows_affected > 0 order by 1"
        ).fetchall()
    return [dict(zip(("id", "extract", "action", "rows", "sha256"), row, strict=True)) for row in rows]
