"""Readers hold and re-open the published file while releases are published over it.

usage: python benchmarks/readers.py [--readers 50] [--publications 50] [--pause 5]

Every reader is a process of its own, as a dashboard is. It opens the file read-only, asks twice with a pause
in between, closes, and opens again. Every table of release n holds the number n in every row, so that a
mixture of two releases could not go unseen. Prints one JSON object; exit status 1 when a query failed, a
reader saw a mixture or something that was never released, or the last release was not seen.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb

from bassetlaw_pipeline.publication import release as release_module
from bassetlaw_pipeline.publication.release import publish
from bassetlaw_pipeline.settings import Settings

# The readers give way to the publication, or fifty of them on two cores would only measure each other.
TABLES, ROWS, GENTLE = ("fct_one", "fct_two"), 5000, 10
QUESTION = (
    "select (select release_id from dim_release), min(n), max(n), count(*) from "
    f"({' union all '.join(f'select n from {table}' for table in TABLES)})"
)
FIRST = datetime(2021, 1, 1, tzinfo=UTC)


@dataclass
class Seen:
    """What one reader saw; kept small, it is written to a file."""

    opened: int = 0
    queries: int = 0
    failed: list[str] = field(default_factory=list)
    mixed: int = 0
    releases: dict[str, int] = field(default_factory=dict)  # release id: number in its rows


def write_warehouse(path: Path, number: int) -> None:
    path.unlink(missing_ok=True)
    with duckdb.connect(str(path)) as con:
        con.execute("create schema outcomes")
        for table in TABLES:
            con.execute(f"create table outcomes.{table} as select {number} as n from range({ROWS})")


def ask(con: duckdb.DuckDBPyConnection, seen: Seen) -> str:
    release, low, high, rows = con.execute(QUESTION).fetchone()
    seen.queries += 1
    known = seen.releases.setdefault(release, low)
    seen.mixed += not (low == high == known and rows == ROWS * len(TABLES))
    return release


def read(file: Path, stop: Path, report: Path, pause: float) -> None:
    """One reader, until told to stop; an answer must not change while the file is held open."""
    seen, last = Seen(), False
    while not last:
        last = stop.exists()  # one more look after the last publication
        try:
            with duckdb.connect(str(file), read_only=True, config={"threads": 1}) as con:
                seen.opened += 1
                first = ask(con, seen)
                time.sleep(pause)
                seen.mixed += ask(con, seen) != first
        except duckdb.Error as error:
            seen.failed.append(type(error).__name__)
    report.write_text(json.dumps(seen.__dict__))


def start_reader(file: Path, stop: Path, report: Path, pause: float) -> int:
    child = os.fork()
    if child == 0:
        try:
            os.nice(GENTLE)
            read(file, stop, report, pause)
        finally:
            os._exit(0)
    return child


def release(settings: Settings, folder: Path, number: int) -> str:
    source = folder / "warehouse.duckdb"
    write_warehouse(source, number)
    as_of = FIRST + timedelta(days=number)
    return publish(settings, warehouse=source, receipts=[], as_of=as_of, checks=[]).release_id


def measure(folder: Path, readers: int, publications: int, pause: float) -> dict:
    """Publish once, start the readers, publish again and again, collect what they saw."""
    settings = Settings(BASSETLAW_HOME=folder / "home")
    stop, reports = folder / "stop", [folder / f"reader{i}.json" for i in range(readers)]
    released = {release(settings, folder, 0): 0}
    children = [start_reader(settings.home.outcomes, stop, report, pause) for report in reports]
    began = time.monotonic()
    slowest = 0.0
    for number in range(1, publications + 1):
        start = time.monotonic()
        released[release(settings, folder, number)] = number
        slowest = max(slowest, time.monotonic() - start)
    seconds = time.monotonic() - began
    stop.touch()
    for child in children:
        os.waitpid(child, 0)
    seen = [json.loads(report.read_text()) for report in reports]
    return summary(seen, released, seconds, slowest)


def summary(seen: list[dict], released: dict[str, int], seconds: float, slowest: float) -> dict:
    """Totals over all readers; `unknown` counts releases that were seen and never released."""
    newest = max(released, key=lambda name: released[name])
    pairs = {pair for reader in seen for pair in reader["releases"].items()}
    return {
        "readers": len(seen),
        "publications": len(released) - 1,
        "opened": sum(r["opened"] for r in seen),
        "queries": sum(r["queries"] for r in seen),
        "failed": sum(len(r["failed"]) for r in seen),
        "mixed": sum(r["mixed"] for r in seen),
        "unknown": len(pairs - released.items()),
        "releases_seen": len({name for name, _ in pairs}),
        "readers_that_saw_the_last": sum(newest in r["releases"] for r in seen),
        "seconds": round(seconds, 1),
        "slowest_publication": round(slowest, 2),
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--readers", type=int, default=50)
    parser.add_argument("--publications", type=int, default=50)
    parser.add_argument(
        "--pause", type=float, default=5.0, help="seconds a reader holds the file between questions"
    )
    options = parser.parse_args()
    release_module.write_report = lambda source, folder: folder.mkdir()  # needs every mart
    with tempfile.TemporaryDirectory() as folder:
        found = measure(Path(folder), options.readers, options.publications, options.pause)
    print(json.dumps(found))
    good = not (found["failed"] or found["mixed"] or found["unknown"])
    return 0 if good and found["readers_that_saw_the_last"] == options.readers else 1


if __name__ == "__main__":
    sys.exit(main())
