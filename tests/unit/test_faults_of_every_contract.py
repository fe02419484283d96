"""What arrived wrong once, tried on every contract that can meet it: its columns and rules in a plain file.

The files have one header row with the names of our columns in words, whatever layouts the contract has; its
rules about rows, periods, codes and keys are its own.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path

import duckdb
import openpyxl
import pyarrow as pa
import pytest

from bassetlaw_pipeline.contracts.load import load_contracts
from bassetlaw_pipeline.contracts.model import Column, Contract, Table
from bassetlaw_pipeline.contracts.shape import Layout
from bassetlaw_pipeline.intake.cast.conform import Part, conform
from bassetlaw_pipeline.intake.model import Arrival, FileRejected, ReadResult, ReadTable
from bassetlaw_pipeline.intake.read import read
from bassetlaw_pipeline.settings import Settings

CON = duckdb.connect()
CONTRACTS = load_contracts()
WORKBOOKS = [c.id for c in CONTRACTS.values() if c.file.format in ("xlsx", "xls") or c.file.or_workbook]
Rows = list[dict[str, object]]


def changed(table: Table, **fields: object) -> Table:
    """A copy that has forgotten what it had worked out of its columns."""
    copy = table.model_copy(update=fields)
    copy.__dict__.pop("by_name", None)
    return copy


def renamed(column: Column) -> Column:
    names = {"source_name": header(column), "aliases": (), "header_like": None}
    return column.model_copy(update=names)


def header(column: Column) -> str:
    return f"The {column.name.replace('_', ' ')} as sent"


def plain(contract: Contract, form: str = "csv") -> Contract:
    """The contract's main table as a plain file, its period in the name."""
    columns = tuple(renamed(c) for c in contract.main.columns)
    layout = Layout(sheet="data.*") if form == "xlsx" else Layout()
    main = changed(contract.main, columns=columns, layouts=(layout,), member=r"part.*\.csv")
    file = {"format": form, "encoding": "utf-8", "delimiter": ",", "trailer": None, "or_workbook": False}
    spec = {"source": "file_name", "format": None, "label": None}
    return contract.model_copy(
        update={
            "tables": (main,),
            "file": contract.file.model_copy(update=file),
            "period": contract.period.model_copy(update=spec),
        }
    )


def filled(contract: Contract, rows: int = 6, **cells: object) -> Rows:
    """Rows with a text in every column, unlike the others'."""
    return [{c.name: f"{c.name[:3]}{n}" for c in contract.main.columns} | cells for n in range(rows)]


def as_text(contract: Contract, rows: Rows, *above: str) -> bytes:
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\n")
    writer.writerows([[line] for line in above])
    writer.writerow([header(c) for c in contract.main.columns])
    writer.writerows([[row.get(c.name, "") for c in contract.main.columns] for row in rows])
    return target.getvalue().encode()


def as_workbook(contract: Contract, rows: Rows, *above: str, sheets: tuple[str, ...] = ("data",)) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name in sheets:
        sheet = book.create_sheet(name)
        for line in above:
            sheet.append([line])
        sheet.append([header(c) for c in contract.main.columns])
        for row in rows:
            sheet.append([row.get(c.name) for c in contract.main.columns])
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def taken(contract: Contract, data: bytes, folder: Path, parts: dict[str, str] | None = None) -> ReadResult:
    path = folder / "a file"
    path.write_bytes(data)
    stated = {"year": "2019", "month": "06", "day": "03"} if parts is None else parts
    arrival = Arrival(
        path=path, partner=contract.partner, file_name=path.name, sha256=sha256(data).hexdigest(),
        size=len(data),
        received_at=datetime(2020, 1, 1, tzinfo=UTC), contract=contract, parts=stated,
    )  # fmt: skip
    return read(arrival)


def refused(contract: Contract, data: bytes, folder: Path, **more) -> dict[str, str]:
    with pytest.raises(FileRejected) as caught:
        taken(contract, data, folder, **more)
    return {f.code: f.detail for f in caught.value.findings}


MONTHLY = [c.id for c in CONTRACTS.values() if c.period.grain in ("month", "quarter")]


@pytest.mark.parametrize("extract", MONTHLY)
def test_a_title_of_another_period_than_the_name(extract, tmp_path):
    contract = plain(CONTRACTS[extract])
    contract = contract.model_copy(update={"tables": (changed(contract.main, non_data=()),)})
    words = {
        "month": ("February 2019", "June 2019"),
        "quarter": ("January to March 2019", "April to June 2019"),
    }
    wrong, right = words[contract.period.grain]
    parts = {"year": "2019", "month": "06" if contract.period.grain == "month" else "04"}
    data = as_text(contract, filled(contract), wrong)
    found = refused(contract, data, tmp_path, parts=parts)["PERIOD_MISMATCH"]
    assert "2019-0" in found and ("2019-02-01" in found or "2019-01-01" in found)
    fine = taken(contract, as_text(contract, filled(contract), right), tmp_path, parts=parts)
    assert fine.tables[0].rows.num_rows == 6


BY_WORDS = [
    (c.id, c.tables.index(t), rule.kind)
    for c in CONTRACTS.values()
    for t in c.tables
    for rule in t.non_data
    if rule.kind in ("total", "footer") and rule.column is None
]


NAMES = ("Total Tikka", "Total", "Source Grill", "Notes and Quotes", "Page 1 Books")


@pytest.mark.parametrize(("extract", "index", "kind"), sorted(set(BY_WORDS)))
@pytest.mark.parametrize("name", NAMES)
def test_a_record_whose_first_cell_is_like_a_total_or_a_footer_is_kept(extract, index, kind, name, tmp_path):
    contract = CONTRACTS[extract]
    contract = contract.model_copy(update={"tables": (contract.tables[index],)})
    own = plain(contract)
    rows = filled(own, 8)
    rows[3][own.main.columns[0].name] = name
    result = taken(own, as_text(own, rows), tmp_path)
    assert result.tables[0].rows.num_rows == 8, result.tables[0].non_data


@pytest.mark.parametrize("extract", list(CONTRACTS))
def test_two_members_or_sheets_that_fit_one_table_are_an_error(extract, tmp_path):
    packed, book = plain(CONTRACTS[extract], "zip"), plain(CONTRACTS[extract], "xlsx")
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("old/part.csv", as_text(packed, filled(packed, 2)))
        archive.writestr("part.csv", as_text(packed, filled(packed)))
    assert set(refused(packed, target.getvalue(), tmp_path)) == {"BUNDLE_MEMBER_TWICE"}
    data = as_workbook(book, filled(book), sheets=("data", "data old"))
    assert set(refused(book, data, tmp_path)) == {"SHEET_TWICE"}


def conformed(contract: Contract, rows: Rows):
    """The rows as they land, of a contract whose other columns may be empty."""
    free = {"required": False, "transform": None}
    columns = tuple(c.model_copy(update=free) for c in contract.main.columns)
    main = changed(contract.main, columns=columns, row_rules=(), layouts=(Layout(),))
    agreed = contract.model_copy(update={"tables": (main,)})
    data = {c.name: pa.array([r.get(c.name) for r in rows], pa.string()) for c in columns}
    reading = ReadTable(main, pa.table(data | {"_row_number": pa.array(range(2, len(rows) + 2))}), "default")
    came = Arrival(
        path=None, partner=contract.partner, file_name="a.csv", sha256="a" * 64, size=0,
        received_at=datetime(2020, 1, 1), contract=agreed, parts={},
    )  # fmt: skip
    start = date(2019, 6, 1) if contract.period.source != "column" else None
    [found] = conform(CON, [Part(reading, came, start)], agreed, None, Settings())
    return found


CODES = [
    (c.id, column.name)
    for c in CONTRACTS.values()
    for column in c.main.columns
    if column.clean == "code" and column.lands_as == column.name and not column.codes and not column.pad
]
EXAMPLES = (
    "C84001",
    "E01028001",
    "RP5",
    "A1",
    "S720",
    "W37",
    "02Q",
    "0",
    "E92000001",
    "J10",
    "A011",
    "AA01",
    "AA01A",
    "1",
    "Y",
    "U12345",
    "E05006382",
)


@pytest.mark.parametrize(("extract", "name"), CODES)
def test_invisible_and_quoting_characters_in_codes_change_nothing(extract, name):
    contract = CONTRACTS[extract]
    pattern = contract.main.by_name[name].pattern
    code = next(e for e in EXAMPLES if pattern is None or re.fullmatch(pattern, e))
    spoilt = [
        code,
        f"\u200b{code}",
        f"'{code}",
        f"{code[:1]}\u00a0{code[1:]}",
        f'"{code}"',
        f"{code}\ufeff".lower(),
    ]
    rows: Rows = [{name: text} for text in spoilt]
    free = tuple(c.model_copy(update={"key": False}) for c in contract.main.columns)
    keyless = changed(contract.main, columns=free)
    found = conformed(plain(contract).model_copy(update={"tables": (keyless,)}), rows)
    landed = found.accepted.column(name).to_pylist()
    assert landed and set(landed) == {code}


@pytest.mark.parametrize("extract", WORKBOOKS)
def test_formulas_without_a_result_and_errors_are_told_by_cell(extract, tmp_path):
    contract = plain(CONTRACTS[extract], "xlsx")
    column = contract.main.columns[-1].name
    rows = filled(contract, 5)
    rows[1][column], rows[3][column] = "=2+1", "#REF!"
    result = taken(contract, as_workbook(contract, rows), tmp_path)
    found = {f.code: (f.column, f.count, f.rows) for f in result.findings if f.code.startswith("CELL_")}
    assert found == {"CELL_FORMULA": (column, 1, (3,)), "CELL_ERROR": (column, 1, (5,))}


def serial_columns(contract: Contract) -> list[str]:
    return [c.name for c in contract.main.columns if "excel_serial" in c.formats]


@pytest.mark.parametrize("extract", [e for e in WORKBOOKS if serial_columns(CONTRACTS[e])])
def test_day_numbers_of_a_workbook_that_counts_from_1904(extract, tmp_path):
    contract = plain(CONTRACTS[extract], "xlsx")
    column = serial_columns(contract)[0]
    texts = []
    for epoch in (openpyxl.utils.datetime.WINDOWS_EPOCH, openpyxl.utils.datetime.MAC_EPOCH):
        rows = filled(contract, 3)
        for row in rows:
            row[column] = (datetime(2019, 6, 3) - epoch).days
        book = openpyxl.load_workbook(io.BytesIO(as_workbook(contract, rows)))
        book.epoch = epoch
        target = io.BytesIO()
        book.save(target)
        result = taken(contract, target.getvalue(), tmp_path)
        texts.append(result.tables[0].rows.column(column).to_pylist())
    assert texts[0] == texts[1]


@pytest.mark.parametrize("extract", list(CONTRACTS))
def test_a_missing_column_is_told_by_its_agreed_header(extract, tmp_path):
    contract = plain(CONTRACTS[extract])
    needed = [c for c in contract.main.columns if not c.optional_in_file]
    gone = next(c for c in reversed(needed) if c.name != contract.period.column)
    kept = changed(contract.main, columns=tuple(c for c in contract.main.columns if c is not gone))
    data = as_text(contract.model_copy(update={"tables": (kept,)}), filled(contract))
    found = refused(contract, data, tmp_path)
    assert header(gone) in found["HEADER_MISSING_COLUMN"].split(", ")


KEYED = [c.id for c in CONTRACTS.values() if c.main.key]


def value_of(column: Column) -> str:
    """A text that the column takes."""
    if column.codes:
        return next(iter(column.codes))
    if column.logical_type in ("integer", "number"):
        return str(int(max(column.minimum or 1, 1)))
    if column.logical_type in ("date", "timestamp", "time"):
        form = next((f for f in column.formats if "%" in f), "%Y-%m-%d")
        return datetime(2019, 6, 3, 10, 0).strftime(form)
    return next(
        (e for e in (*EXAMPLES, "U12345", "E05006382", "x") if re.fullmatch(column.pattern or ".*", e)), ""
    )


@pytest.mark.parametrize("extract", KEYED)
def test_an_emptier_twin_is_no_rival(extract):
    contract = CONTRACTS[extract]
    full = {c.name: value_of(c) or None for c in contract.main.columns}
    if any(full[c.name] is None for c in contract.main.columns if c.key):
        pytest.skip("no text at hand that its key takes")
    can_be_empty = [c for c in contract.main.columns if not c.key and full[c.name] and c.lands_as]
    can_be_empty = [c for c in can_be_empty if c.name not in (contract.period.column,)]
    if not can_be_empty:
        pytest.skip("nothing beside its key")
    empty = full | {c.name: None for c in can_be_empty}
    for rows in ([full, empty], [empty, full]):
        found = conformed(contract, rows)
        assert found.counts.accepted == 1, found.findings
        assert [f.count for f in found.findings if f.code == "ROW_EMPTIER"] == [1]
        filled_ = [c.name for c in can_be_empty if found.accepted.column(c.name)[0].as_py() is not None]
        assert filled_
