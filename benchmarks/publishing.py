"""How long publishing takes: `python -m benchmarks.publishing [--rows 5000000]`.

One wide mart of invented figures is published by the product's own export (an ordered DuckDB file for old
clients, Parquet, CSV, hashes), by plain COPY (Parquet and CSV, any order), and by pandas `to_sql` into SQLite
and into DuckDB. Each way runs in a process of its own, so that its peak memory is its own; the rows that
arrived are counted before a time is printed.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import duckdb

from bassetlaw_pipeline.publication.outputs.dictionary import declared_tables

TABLE = "mart_sustainable_services"
RELEASE = {
    "release_id": "benchmark",
    "as_of": None,
    "data_version": "1.0.0",
    "previous_release": None,
    "is_synthetic": True,
    "code_version": "0",
    "code_sha256": "0" * 64,
    "licence": "Invented.",
}
_VALUES = {
    "VARCHAR": "'{name} ' || (hash(i + {n}) % 400)",
    "DATE": "date '2016-04-01' + (i % 60)::int",
    "DOUBLE": "(hash(i + {n}) % 100000) / 1000.0",
    "BOOLEAN": "i % 3 = 0",
    "BIGINT": "i",
    "INTEGER": "(i % 1000)::int",
}


def warehouse(path: Path, rows: int) -> None:
    """A warehouse with one published table of `rows` rows in the shape of a wide mart."""
    columns = next(t.columns for t in declared_tables() if t.name == TABLE)
    shown = ", ".join(
        f"{_VALUES[c.type].format(name=c.name, n=n)} as {c.name}" for n, c in enumerate(columns)
    )
    with duckdb.connect(str(path)) as con:
        con.execute("create schema outcomes")
        con.execute(f"create table outcomes.{TABLE} as select {shown} from range({rows}) t(i)")


def by_export(source: Path, folder: Path) -> int:
    from bassetlaw_pipeline.publication.outputs.export import export_tables

    tables = export_tables(source, folder, RELEASE)
    return next(t.rows for t in tables if t.name == TABLE)


def by_copy(source: Path, folder: Path) -> int:
    with duckdb.connect(str(source), read_only=True) as con:
        con.execute(f"copy outcomes.{TABLE} to '{folder}/t.parquet' (format parquet, compression zstd)")
        con.execute(f"copy outcomes.{TABLE} to '{folder}/t.csv' (header)")
        return con.execute(f"select count(*) from '{folder}/t.parquet'").fetchone()[0]


def by_pandas_sqlite(source: Path, folder: Path) -> int:
    return _by_pandas(source, f"sqlite:///{folder}/t.sqlite")


def by_pandas_duckdb(source: Path, folder: Path) -> int:
    return _by_pandas(source, f"duckdb:///{folder}/t.duckdb")


def _by_pandas(source: Path, url: str) -> int:
    import pandas as pd
    from sqlalchemy import create_engine

    with duckdb.connect(str(source), read_only=True) as con:
        frame = con.execute(f"from outcomes.{TABLE}").df()
    engine = create_engine(url)
    with engine.begin() as connection:
        frame.to_sql(TABLE, connection, index=False, chunksize=50_000)
    return int(pd.read_sql(f"select count(*) from {TABLE}", engine).iloc[0, 0])


WAYS: dict[str, Callable[[Path, Path], int]] = {
    "this pipeline: DuckDB, Parquet, CSV, hashes": by_export,
    "COPY: Parquet and CSV": by_copy,
    "pandas to_sql, SQLite": by_pandas_sqlite,
    "pandas to_sql, DuckDB": by_pandas_duckdb,
}


def one(way: str, source: Path, folder: Path) -> dict[str, float]:
    """Publish in this process: seconds, peak megabytes, megabytes written, rows."""
    start = time.perf_counter()
    rows = WAYS[way](source, folder)
    seconds = time.perf_counter() - start
    written = sum(f.stat().st_size for f in folder.rglob("*") if f.is_file())
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"seconds": seconds, "peak": peak, "written": written / 1e6, "rows": rows}


def measured(way: str, source: Path, limit: int) -> dict[str, float] | None:
    """Publish in a process of its own; None when it takes longer than `limit` seconds."""
    with tempfile.TemporaryDirectory(dir=source.parent) as folder:
        command = [sys.executable, "-m", "benchmarks.publishing", "--way", way, str(source), folder]
        try:
            told = subprocess.run(command, capture_output=True, text=True, check=True, timeout=limit)
        except subprocess.TimeoutExpired:
            return None
    return json.loads(told.stdout.splitlines()[-1])


def main() -> None:
    parser = argparse.ArgumentParser(description="Time publishing")
    parser.add_argument("--rows", type=int, default=5_000_000)
    parser.add_argument("--limit", type=int, default=3600, help="seconds after which a way is given up")
    parser.add_argument("--way", nargs=3, metavar=("WAY", "SOURCE", "FOLDER"), help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.way:
        way, source, folder = asked.way
        print(json.dumps(one(way, Path(source), Path(folder))))
        return
    with tempfile.TemporaryDirectory() as work:
        source = Path(work) / "warehouse.duckdb"
        warehouse(source, asked.rows)
        print("| way | clock | peak memory | written |\n|---|--:|--:|--:|")
        for way in WAYS:
            found = measured(way, source, asked.limit)
            if found is None:
                print(f"| {way} | over {asked.limit} s | | |", flush=True)
                continue
            assert found["rows"] == asked.rows, f"{way}: {found['rows']} rows arrived"
            figures = f"{found['seconds']:.1f} s | {found['peak']:,.0f} MB | {found['written']:,.0f} MB"
            print(f"| {way} | {figures} |", flush=True)


if __name__ == "__main__":
    main()
