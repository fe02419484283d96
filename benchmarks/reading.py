"""How fast files are read: `python benchmarks/reading.py [MEGABYTES]`.

Writes a delimited file and a workbook of invented rows into a temporary folder, reads them with the product
and splits the delimited one with the readers we did not choose. Prints seconds of processor time and peak
memory; the numbers are kept in reading.md.
"""

from __future__ import annotations

import csv
import io
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import duckdb
import openpyxl

from bassetlaw_pipeline.contracts.model import (
    Column,
    Contract,
    FileSpec,
    Layout,
    PeriodSpec,
    Resubmission,
    Table,
)
from bassetlaw_pipeline.intake.discover.inbox import identify, scan
from bassetlaw_pipeline.intake.read import read
from bassetlaw_pipeline.settings import DataHome

NAMES = [f"column_{i}" for i in range(25)]
CELLS = ["", "RP5", "RP5BA", "", "01/04/2019", "12:30:00", "1048031000000100", 'Ab, c "q"']


def contract(form: str) -> Contract:
    columns = tuple(Column(name=name, source_name=name) for name in NAMES)
    return Contract(
        id="bench",
        partner="ccg",
        title="",
        version="1.0.0",
        purpose="",
        owner="",
        file=FileSpec(format=form, names=(r"bench.*",)),
        period=PeriodSpec(source="column", column="column_3"),
        resubmission=Resubmission(mode="snapshot"),
        tables=(Table(name="bench", columns=columns, layouts=(Layout(),)),),
    )


def rows(count: int):
    for i in range(count):
        yield [str(i), *(CELLS[j % len(CELLS)] for j in range(1, len(NAMES)))]


def write_csv(path: Path, megabytes: int) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, quoting=csv.QUOTE_ALL)
        writer.writerow(NAMES)
        writer.writerows(rows(megabytes * 4_200))


def write_workbook(path: Path, count: int) -> None:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("data")
    sheet.append(NAMES)
    for row in rows(count):
        sheet.append(row)
    book.save(path)


def measure(label: str, work: Callable[[], object]) -> None:
    start, clock = time.process_time(), time.perf_counter()
    work()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    spent = f"{time.process_time() - start:6.2f} s processor {time.perf_counter() - clock:6.2f} s elapsed"
    print(f"{label:34s} {spent} {peak:6d} MB peak")


def by_duckdb(path: Path) -> None:
    columns = ", ".join(f"'{name}': 'VARCHAR'" for name in NAMES)
    options = f"auto_detect=false, header=true, delim=',', quote='\"', escape='\"', columns={{{columns}}}"
    duckdb.connect().execute(f"CREATE TABLE t AS FROM read_csv('{path}', {options}, strict_mode=true)")


def by_standard_library(path: Path) -> None:
    text = io.TextIOWrapper(path.open("rb"), encoding="utf-8", newline="")
    for _ in csv.reader(text, strict=True):
        pass


def scan_many(folder: Path) -> Callable[[], object]:
    landing = folder / "home" / "landing" / "ccg"
    landing.mkdir(parents=True)
    for i in range(700):
        (landing / f"bench_{i}.csv").write_bytes(bytes([i % 251]) * 430_000)
    return lambda: scan(DataHome(folder / "home"), {"bench": contract("csv")})


def main(megabytes: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        text, book = folder / "bench.csv", folder / "bench.xlsx"
        write_csv(text, megabytes)
        write_workbook(book, 20_000)
        sizes = (text.stat().st_size / 1e6, book.stat().st_size / 1e6)
        print("{:.0f} MB of delimited text, {:.1f} MB of XLSX".format(*sizes))
        arrival = identify(text, {"bench": contract("csv")})
        read(arrival)  # what is imported on first use is not measured
        measure("read, checks included (Arrow)", lambda: read(arrival))
        measure("split only: DuckDB", lambda: by_duckdb(text))
        measure("split only: standard library", lambda: by_standard_library(text))
        sheet = identify(book, {"bench": contract("xlsx")})
        measure("workbook, 20,000 rows by 25", lambda: read(sheet))
        again = scan_many(folder)
        measure("scan 700 files, 300 MB, first time", again)
        measure("scan again", again)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100)
