"""Workbooks (XLSX and XLS) as grids.

A workbook is opened in sandbox.py and its cells become text in cells.py.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

import pyarrow as pa

from bassetlaw_pipeline.contracts.model import Contract, Layout, Table
from bassetlaw_pipeline.intake.discover import naming
from bassetlaw_pipeline.intake.model import FileRejected, Finding
from bassetlaw_pipeline.intake.read import (
    archive,
    cell_faults,
    header,
    identifiers,
    layout,
    period,
    sandbox,
    serials,
)
from bassetlaw_pipeline.intake.read.grid import COLUMN_LIMIT, HEADER_SEARCH, ROW_NUMBER, Grid, reject

Rows = list[list[str | None]]
_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0"  # how a workbook of the old format begins


@dataclass(frozen=True)
class Workbook:
    """All worksheets as text from the first row and column on; `zipped` is None for the old format, whose
    cells with errors are in `errors`."""

    rows: dict[str, Rows]
    visible: frozenset[str]
    zipped: zipfile.ZipFile | None
    errors: dict[str, list[tuple[int, int]]]
    uses_1904: bool

    def sheets_of(self, lay: Layout) -> list[str]:
        """Names of the sheets a layout means; without a pattern the first visible one."""
        if lay.sheet is None:
            return [name for name in self.rows if name in self.visible][:1]
        return [name for name in self.rows if re.fullmatch(lay.sheet, name.strip(), re.IGNORECASE)]

    def faults_of(self, sheet: str) -> list[cell_faults.Fault]:
        """Cells that look empty but are not."""
        if self.zipped:
            return cell_faults.of_xlsx(self.zipped, sheet)
        return cell_faults.of_xls(self.errors.get(sheet, []))

    def top(self, sheet: str) -> list[list[str]]:
        """The rows a header may lie in; an empty cell is empty text."""
        return [[cell or "" for cell in row] for row in self.rows[sheet][:HEADER_SEARCH]]


def is_workbook(data: bytes) -> bool:
    """True when the content is a workbook of either format, whatever the file is called."""
    return data.startswith((_ZIP, _OLE))


def open_workbook(data: bytes) -> Workbook:
    """Raises FileRejected: FILE_EMPTY, FILE_UNREADABLE, FILE_ZIP_BOMB, FILE_NAME_UNSAFE, FILE_TOO_WIDE."""
    if not data:
        raise reject("FILE_EMPTY", "the file has no content")
    zipped = archive.open_zip(data) if data.startswith(_ZIP) else None
    if zipped:
        archive.check_workbook(zipped)
    answer = sandbox.workbook(data)
    rows = {sheet["name"]: sheet["rows"] for sheet in answer["sheets"]}
    visible = frozenset(s["name"] for s in answer["sheets"] if s["visible"])
    uses_1904 = archive.uses_1904(zipped) if zipped else answer.get("uses_1904", False)
    return Workbook(rows, visible, zipped, answer.get("errors", {}), uses_1904)


def read_tables(
    book: Workbook, contract: Contract, start: date | None
) -> tuple[list[layout.Read], date | None]:
    """Every declared table of a workbook, and the period.

    Raises FileRejected: SHEET_MISSING, HEADER_…, PERIOD_MISSING, LAYOUT_UNKNOWN_PERIOD,
    SHEET_EXTRA_IDENTIFIERS.
    """
    start = start or _period_cell(book, contract)
    note = _check_other_sheets(book, contract)
    present = [t for t in contract.tables if not t.optional or _is_present(book, t, start)]
    if not present:
        raise reject("SHEET_MISSING", contract.main.name)
    reads = [layout.first_fitting(t, start, partial(_read, book, t)) for t in present]
    reads[0][1].extend(note)
    return reads, start


def _is_present(book: Workbook, table: Table, start: date | None) -> bool:
    return any(book.sheets_of(lay) for lay in table.layout_for(start) or table.layouts)


def _read(book: Workbook, table: Table, lay: Layout) -> layout.Read:
    sheet = _sheet(book, table, lay)
    grid = to_grid(book, sheet, table, lay)
    read, findings = layout.tabulate(grid, table, lay)
    if faults := book.faults_of(sheet):
        positions = layout.match(grid, table, lay).positions
        findings += cell_faults.findings(faults, _above(grid), positions, table.name)
    if book.uses_1904:
        read = replace(read, rows=serials.counted_from_1900(read.rows, table))
    return read, findings


def _above(grid: Grid) -> int:
    """Number of the header row."""
    return grid.rows.column(ROW_NUMBER)[0].as_py() - 1 if grid.rows.num_rows else 0


def _sheet(book: Workbook, table: Table, lay: Layout) -> str:
    """The one sheet a layout means. Raises FileRejected SHEET_MISSING, SHEET_TWICE."""
    found = book.sheets_of(lay)
    rivals = _rivals(book, table, lay, found)
    if len(rivals) > 1:
        names = ", ".join(repr(naming.shown(name, "a sheet")) for name in rivals[:10])
        raise reject("SHEET_TWICE", names, count=len(rivals))
    if found:
        return (rivals or found)[0]
    names = ", ".join(repr(naming.shown(name, "a sheet")) for name in list(book.rows)[:10])
    raise reject("SHEET_MISSING", f"{lay.sheet or table.name!r}; it has {names or 'no sheet'}")


def _rivals(book: Workbook, table: Table, lay: Layout, found: list[str]) -> list[str]:
    """Sheets that hold the table: of those the layout means, or of all visible ones where it names none."""
    asked = found if lay.sheet else [name for name in book.rows if name in book.visible]
    return [name for name in asked if _holds(book, name, table, lay)]


def to_grid(book: Workbook, sheet: str, table: Table, lay: Layout) -> Grid:
    """A sheet's rows below its header. Raises FileRejected FILE_EMPTY, FILE_TOO_WIDE, HEADER_NOT_FOUND."""
    rows, place = book.rows[sheet], f"sheet {naming.shown(sheet, 'a sheet')!r}"
    if not any(any(row) for row in rows):
        raise reject("FILE_EMPTY", f"{place} has no content")
    if len(rows[0]) > COLUMN_LIMIT:
        raise reject("FILE_TOO_WIDE", f"{place}: {len(rows[0])} columns, at most {COLUMN_LIMIT} are read")
    top = book.top(sheet)
    index = header.locate(top, table, lay)
    if index is None:
        raise reject("HEADER_NOT_FOUND", f"{place}: no header in the first {HEADER_SEARCH} rows")
    first = index - lay.header_rows + 1
    titles = [tuple(row) for row in top[:first] if any(row)]
    return Grid(
        header=tuple(text.strip() for text in header.header_at(top, index, lay)),
        rows=_table(rows, index + 1),
        titles=tuple(titles),
        blank_titles=first - len(titles),
        place=place,
        sheet=sheet.strip(),
    )


def _table(rows: Rows, start: int) -> pa.Table:
    columns = list(zip(*rows[start:], strict=True)) or [()] * len(rows[0])
    arrays = {f"c{i}": pa.array(column, pa.string()) for i, column in enumerate(columns)}
    return pa.table(arrays | {ROW_NUMBER: pa.array(range(start + 1, len(rows) + 1), pa.int64())})


def has_header(book: Workbook, table: Table, lay: Layout) -> bool:
    """True when a sheet has all required columns of a layout."""
    return any(_holds(book, sheet, table, lay) for sheet in book.sheets_of(lay))


def _holds(book: Workbook, sheet: str, table: Table, lay: Layout) -> bool:
    top = book.top(sheet)
    index = header.locate(top, table, lay)
    return index is not None and header.covers(header.header_at(top, index, lay), table, lay)


def _declared(book: Workbook, contract: Contract) -> list[str]:
    """Sheets that any layout of any table means, in order."""
    return list(dict.fromkeys(s for t in contract.tables for lay in t.layouts for s in book.sheets_of(lay)))


def _period_cell(book: Workbook, contract: Contract) -> date | None:
    """The period stated in a cell, when the contract says so. Raises FileRejected PERIOD_MISSING."""
    spec = contract.period
    if spec.source != "cell":
        return None
    sheets = _declared(book, contract)
    stated = (period.of_text(layout.right_of(book.top(s), spec.label or ""), spec) for s in sheets)
    found = next(filter(None, stated), None)
    if found is None and sheets:
        raise reject("PERIOD_MISSING", f"no cell right of {spec.label!r} states the period")
    return found


def _check_other_sheets(book: Workbook, contract: Contract) -> list[Finding]:
    """A note on sheets nobody asked for. Raises FileRejected SHEET_EXTRA_IDENTIFIERS."""
    declared = _declared(book, contract)
    extra = [name for name in book.rows if name not in declared]
    found = sum(identifiers.count_in(_texts(book.rows[name])) for name in extra)
    caches = archive.pivot_caches(book.zipped) if book.zipped else []
    hidden = identifiers.count_in(cache.decode("utf-8", "replace") for cache in caches)
    if found + hidden:
        detail = f"{found} in {len(extra)} other sheets, {hidden} behind pivot tables"
        problems = reject("SHEET_EXTRA_IDENTIFIERS", detail, count=found + hidden).findings
        raise FileRejected(*problems, *_missing_sheets(book, contract))
    names = ", ".join(naming.shown(name, "a sheet") for name in extra[:10])
    return [Finding(code="SHEET_EXTRA", count=len(extra), detail=names)] if extra else []


def _missing_sheets(book: Workbook, contract: Contract) -> list[Finding]:
    """Tables without a sheet: the one with identifiers may be theirs under another name."""
    tables = (t for t in contract.tables if not t.optional)
    missing = [t.layouts[0].sheet or t.name for t in tables if not any(map(book.sheets_of, t.layouts))]
    detail = ", ".join(map(repr, missing))
    return [Finding(code="SHEET_MISSING", detail=detail, count=len(missing))] if missing else []


def _texts(rows: Rows) -> Iterable[str]:
    return (cell for row in rows for cell in row if cell)
