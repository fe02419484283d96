"""Damaged files of every contract: no crash, no hang, no lost row, and no value in a wrong column.

`make test` takes 200, `make soak MUTANTS=2000` as many as are asked for. A failure names the contract and the
seed; `mutants.mutant` makes the same file again.

Not in a wrong column means: every cell of every accepted row equals what the clean file has for this record
in this column, or is empty and told, or is one of the cells that the damage itself changed. Cells that move
within a row under headers they fit as well as their own leave no trace: such a row may land, while one that
moves three or more cells to where they do not fit may not.
"""

from __future__ import annotations

import os
import time
from collections import Counter
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from mutant_sources import Source, sources
from mutants import Mutant, mutant

from bassetlaw_pipeline.contracts.load import load_contracts
from bassetlaw_pipeline.contracts.model import LINEAGE_COLUMNS
from bassetlaw_pipeline.intake.cast import shifts
from bassetlaw_pipeline.intake.discover.inbox import identify
from bassetlaw_pipeline.intake.land import land_extract
from bassetlaw_pipeline.intake.model import Receipt
from bassetlaw_pipeline.intake.read import read
from bassetlaw_pipeline.settings import Settings

MUTANTS = int(os.environ.get("MUTANTS", "200"))
FIRST_SEED = int(os.environ.get("MUTANT_SEED", "0"))
SECONDS = 5  # a file, on average over those of a contract, with all that landing costs once
MOVED = ("shift_row", "shift_all", "drop_in_row", "insert_in_row", "drop_header", "insert_column")
DERIVED = 3  # landed columns that one cell may change: the age, the month and the value itself
OUTCOMES: Counter[str] = Counter()

Rows = dict[int, list[tuple]]  # landed cells by record


@pytest.fixture(scope="module")
def clean(tmp_path_factory) -> list[Source]:
    """A file of every contract."""
    folder = tmp_path_factory.mktemp("mutants")
    return sources(folder, Settings(BASSETLAW_HOME=folder / "home"))


@pytest.fixture
def key(monkeypatch):
    """The pseudonym key of tests."""
    monkeypatch.setenv("BASSETLAW_PSEUDONYM_KEY", "0" * 63 + "1")


def land(contract, files: list[tuple[str, bytes]], folder: Path) -> list[tuple[Receipt, Path]]:
    """Receipts and folders of files that lie in folders of their own, as `bassetlaw check` reads them."""
    settings = Settings(BASSETLAW_HOME=folder / "home")
    paths = [folder / "inbox" / str(n) / name for n, (name, _) in enumerate(files)]
    for path, (_, data) in zip(paths, files, strict=True):
        path.parent.mkdir(parents=True)
        path.write_bytes(data)
        os.utime(path, (1.75e9, 1.75e9))
    arrivals = [identify(path, {contract.id: contract}) for path in paths]
    receipts = {r.sha256: r for r in land_extract(contract, arrivals, settings)}
    accepted = settings.home.accepted / contract.partner / contract.id
    return [(receipts[a.sha256], accepted / receipts[a.sha256].delivery_id) for a in arrivals]


def rows_of(contract, table, folder: Path) -> Rows:
    """The accepted rows of a table by record, without their lineage."""
    path = folder / contract.rows_file(table)
    found: Rows = {}
    if path.exists():
        rows = pq.read_table(path)
        own = [n for n in rows.column_names if n not in LINEAGE_COLUMNS]
        cells = zip(*(rows.column(n).to_pylist() for n in own), strict=True)
        for number, row in zip(rows.column("_row_number").to_pylist(), cells, strict=True):
            found.setdefault(number, []).append(row)
    return found


def header_records(contract, path: Path) -> dict[str, int]:
    """The number of the last header row of each table; 0 where the file has none."""
    found = {}
    for table in read(identify(path, {contract.id: contract})).tables:
        rows = table.rows.column("_row_number")
        stated = any(lay.id == table.layout_id and lay.stated_header for lay in table.table.layouts)
        found[table.table.name] = 0 if stated else min(rows.to_pylist()) - 1
    return found


def misplaced(before: Rows, after: Rows, made: Mutant, table: str, told: bool) -> list[int]:
    """Records that landed with a cell of their own that is not theirs."""
    records, touched = made.records, made.touched
    if records and not isinstance(next(iter(records)), int):
        records, touched = records.get(table), touched.get(table, {})
        records = {n: n for n in before} if records is None else records
    every = [row for rows in before.values() for row in rows]
    wrong = []
    for number, rows in after.items():
        origin = records.get(number) if records else None
        theirs = before.get(origin, []) if records else every
        allowed = DERIVED * (touched.get(origin, 0) if records else made.anywhere)
        if theirs and any(min(_differing(row, own, told) for own in theirs) > allowed for row in rows):
            wrong.append(number)
    return wrong


def _differing(row: tuple, own: tuple, told: bool) -> int:
    """Cells that are neither the record's own nor empty and told."""
    return sum(a != b and not (a is None and told) for a, b in zip(row, own, strict=True))


def seeds(place: int, contracts: int) -> range:
    """Every contract has its share of the mutants."""
    share = MUTANTS // contracts + (place < MUTANTS % contracts)
    return range(FIRST_SEED, FIRST_SEED + share)


@pytest.mark.parametrize("extract", load_contracts())
def test_damaged_files_of(extract, clean, tmp_path, key):
    contract = load_contracts()[extract]
    place = list(load_contracts()).index(extract)
    name, data = next((n, d) for e, n, d in clean if e == extract)
    [(receipt, folder)] = land(contract, [(name, data)], tmp_path / "clean")
    assert receipt.verdict != "rejected", receipt.findings
    headers = header_records(contract, tmp_path / "clean" / "inbox" / "0" / name)
    before = {t.name: rows_of(contract, t, folder) for t in contract.tables}
    made = [mutant(contract, name, data, headers, seed) for seed in seeds(place, len(load_contracts()))]
    began = time.monotonic()
    landed = land(contract, [(m.name, m.data) for m in made], tmp_path / "damaged")
    assert time.monotonic() - began < 20 + SECONDS * len(made)
    faults = []
    for seed, one, (found, kept) in zip(seeds(place, len(load_contracts())), made, landed, strict=True):
        OUTCOMES[f"{contract.file.format} {found.verdict}"] += 1
        why = _faults(contract, one, found, kept, before)
        faults += [f"{extract} seed {seed} {one.kind}: {fault}" for fault in why]
    assert not faults, "\n".join(faults)


def _faults(contract, made: Mutant, found: Receipt, folder: Path, before: dict[str, Rows]):
    yield from _crashes(found)
    yield from _lost_rows(contract, made, found)
    if found.verdict == "rejected":
        if not found.findings and all(c.success for c in found.checks):
            yield "rejected without a reason"
        return
    told = made.lost or bool(found.findings)
    for table in contract.tables:
        after = rows_of(contract, table, folder)
        if made.kind in MOVED:
            after = {n: rows for n, rows in after.items() if _unfit_in(found, n) >= shifts.CELLS}
        if wrong := misplaced(before[table.name], after, made, table.name, told):
            yield f"{table.name}: records {wrong[:5]} of {len(after)} landed with a value in a wrong column"


def _crashes(found: Receipt):
    for finding in found.findings:
        if finding.code == "INTERNAL_ERROR" or "the reader failed" in finding.detail:
            yield f"crashed: {finding.detail}"


def _lost_rows(contract, made: Mutant, found: Receipt):
    for table, c in found.tables.items():
        if c.rows_in != c.accepted + c.quarantined + sum(c.non_data.values()):
            yield f"{table}: rows are not conserved: {c}"
    main = found.tables.get(contract.main.name)
    wide = any(lay.unpivot for lay in contract.main.layouts)
    if main and made.count is not None and not wide and main.rows_in != made.count:
        yield f"{made.count} records in the file, {main.rows_in} counted"


def _unfit_in(found: Receipt, record: int) -> int:
    """Columns of a record that are told not to fit."""
    return sum(f.code in shifts.UNFIT and record in f.rows for f in found.findings)


def test_columns_that_moved_turn_the_file_away(clean, tmp_path, key):
    """Every value one column to the right of its header, in a file of which most columns are checked."""
    contract = load_contracts()["ccg_gp_population"]
    name, data = next((n, d) for e, n, d in clean if e == contract.id)
    rows = [line.split(",") for line in data.decode().splitlines()]
    moved = [rows[0], *([*row[:2], "", *row[2:-1]] for row in rows[1:])]
    [(receipt, _)] = land(contract, [(name, "\n".join(map(",".join, moved)).encode())], tmp_path)
    told = {f.code: f for f in receipt.findings}
    assert receipt.verdict == "rejected" and told["COLUMNS_SHIFTED"].count >= 5


def test_a_row_that_moved_is_set_aside(clean, tmp_path, key):
    contract = load_contracts()["ccg_gp_population"]
    name, data = next((n, d) for e, n, d in clean if e == contract.id)
    lines = data.decode().splitlines()
    cells = lines[1].split(",")
    lines[1] = ",".join([*cells[:2], "", *cells[2:-1]])
    [(receipt, _)] = land(contract, [(name, "\n".join(lines).encode())], tmp_path)
    assert [f.rows for f in receipt.findings if f.code == "ROW_SHIFTED"] == [(2,)]
    assert receipt.verdict != "rejected" and receipt.tables[contract.id].quarantined == 1


def test_outcomes_are_printed():
    """The counts of a long run; pytest shows them with -s."""
    print("\n" + "\n".join(f"{what}: {n}" for what, n in sorted(OUTCOMES.items())))
