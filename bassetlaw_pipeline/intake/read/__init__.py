"""A file becomes text tables: the one door to reading.

Belongs here: opening the file, handing it to the reader of its format, and making sure that nothing
but `FileRejected` ever comes out. Every value stays text; casts are conform's business.
"""

from __future__ import annotations

import hashlib
import re
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path, PurePosixPath
from typing import TypeVar

from bassetlaw_pipeline.contracts.model import Contract, Layout, Table
from bassetlaw_pipeline.intake.model import Arrival, FileRejected, Finding, ReadResult, ReadTable
from bassetlaw_pipeline.intake.read import (
    across,
    archive,
    csv,
    excel,
    header,
    layout,
    period,
    records,
    statements,
    trailer,
    xml,
)
from bassetlaw_pipeline.intake.read.encoding import is_blank, to_utf8
from bassetlaw_pipeline.intake.read.grid import reject

_T = TypeVar("_T")
_WORKBOOKS = ("xlsx", "xls")
_START = 1 << 20  # bytes that hold the header of any text file we accept


def read(arrival: Arrival) -> ReadResult:
    """All tables of a file as text.

    Raises FileRejected, and nothing else, with every reason found.
    """
    return guarded(lambda: _read(arrival, _content(arrival)))


def recognises(contract: Contract, path: Path) -> bool:
    """True when a file of any name has the header of a contract (all its required columns)."""
    try:
        return guarded(lambda: _has_header(contract, path))
    except FileRejected:
        return False


def guarded(work: Callable[[], _T]) -> _T:
    """What `work` returns. Raises FileRejected, and nothing else, whatever a reader does."""
    try:
        return work()
    except (FileRejected, KeyboardInterrupt, SystemExit, GeneratorExit):
        raise
    except FileNotFoundError:
        raise reject("FILE_VANISHED", "the file was removed while it was read") from None
    except BaseException as error:  # a panic inside a compiled reader is not an Exception
        # The original may quote the file's values, so it is neither chained nor shown.
        raise reject("FILE_UNREADABLE", f"the reader failed ({type(error).__name__})") from None


def _content(arrival: Arrival) -> bytes:
    data = arrival.path.read_bytes()
    if len(data) != arrival.size or hashlib.sha256(data).hexdigest() != arrival.sha256:
        raise reject("FILE_VANISHED", "the file was changed while it was read")
    return data


def _read(arrival: Arrival, data: bytes) -> ReadResult:
    contract = arrival.contract
    if contract is None:
        raise reject("FILE_UNRECOGNISED", "no contract describes this file")
    start = period.of_arrival(arrival)
    period.check_not_ahead(start)
    if contract.file.format in _WORKBOOKS or (contract.file.or_workbook and excel.is_workbook(data)):
        reads, start = excel.read_tables(excel.open_workbook(data), contract, start)
        period.check_name(arrival, start)
    elif suffix := contract.file.records_suffix(arrival.path.name):
        reads = [_read_records(data, suffix, contract.main, start)]
    elif contract.file.format == "zip":
        reads = _read_bundle(archive.open_zip(data), arrival, start)
    elif contract.file.format == "xml":
        grid = xml.to_grid(data, contract.main)
        reads = [
            layout.first_fitting(contract.main, start, lambda lay: layout.tabulate(grid, contract.main, lay))
        ]
    else:
        reads = [_read_text(data, contract, contract.main, start)]
    tables = tuple(table for table, _ in reads)
    if not any(table.rows.num_rows for table in tables):
        raise reject("FILE_HEADER_ONLY", "no table of the file has a row")
    findings = tuple(finding for _, found in reads for finding in found)
    start = start or _column_period(contract, tables) or _header_period(contract, tables)
    period.check_manifest(arrival, start)
    period.check_not_ahead(start)
    across.check_periods(tables, contract.period, start)
    statements.check_titles(tables, contract.period.grain, start)
    if _rows_state_the_period(contract):
        findings += period.name_differs(arrival, start)
    return ReadResult(tables, start, findings + tuple(across.orphans(tables)))


def _rows_state_the_period(contract: Contract) -> bool:
    """True when the period column holds months or years in words, and not the day of an event."""
    column = contract.main.by_name.get(contract.period.column or "")
    formats = column.formats if column else ()
    return bool(formats) and not any("%d" in f or "%" not in f for f in formats)


def _column_period(contract: Contract, tables: tuple[ReadTable, ...]) -> date | None:
    """The period all rows agree on, when each row states its own."""
    column = contract.main.by_name.get(contract.period.column or "")
    if contract.period.source != "column" or column is None:
        return None
    text = layout.only_value(tables[0].rows.column(column.name))
    return period.of_text(text, contract.period, column.formats)


def _header_period(contract: Contract, tables: tuple[ReadTable, ...]) -> date | None:
    """The period that a header names (`ccg21_code`). Raises FileRejected PERIOD_MISSING."""
    if contract.period.source != "header":
        return None
    found = period.of_header(tables[0].header, contract.period)
    if found is None:
        raise reject("PERIOD_MISSING", "no header names the edition")
    return found


def _read_text(
    data: bytes, contract: Contract, table: Table, start: date | None, place: str = ""
) -> layout.Read:
    spec, stated = contract.file, trailer.Trailer()
    if spec.trailer:
        if is_blank(data):
            raise reject("FILE_EMPTY", "the file has no content")
        data, stated = trailer.split(data, spec.trailer)
        trailer.check_hash(stated, data)
    text, notes = to_utf8(data, spec.encoding)
    read, findings = layout.first_fitting(
        table, start, lambda lay: _by_layout(text, spec.delimiter, table, lay, place)
    )
    if spec.trailer:
        trailer.check_rows(stated, read.rows_in_file - read.non_data.get("blank", 0))
        read.non_data["trailer"] = 1
    return read, notes + findings


def _read_records(data: bytes, suffix: str, table: Table, start: date | None) -> layout.Read:
    found = records.read(data, suffix)
    return layout.first_fitting(table, start, lambda lay: layout.tabulate(found.grid(table, lay), table, lay))


def _by_layout(text: bytes, delimiter: str, table: Table, lay: Layout, place: str) -> layout.Read:
    find = lambda first: _header_index(first, table, lay)  # noqa: E731
    grid = csv.to_grid(text, delimiter, find, place, lay.stated_header)
    return layout.tabulate(grid, table, lay)


def _header_index(first: csv.Records, table: Table, lay: Layout) -> int | None:
    """The header below any title rows, else the first filled record, so that it can be complained about."""
    found = header.locate(first, table, lay)
    filled = (index for index, record in enumerate(first) if any(record))
    return next(filled, None) if found is None else found


def _read_bundle(bundle: zipfile.ZipFile, arrival: Arrival, start: date | None) -> list[layout.Read]:
    """All tables of a zip file or none.

    Raises FileRejected BUNDLE_MEMBER_MISSING, BUNDLE_MEMBER_TWICE, PERIOD_MISMATCH.
    """
    contract, names = arrival.contract, archive.members(bundle)
    found = {t.name: _member(t, names) for t in contract.tables}
    missing = [t.name for t in contract.tables if found[t.name] is None and not t.optional]
    if missing:
        raise reject("BUNDLE_MEMBER_MISSING", ", ".join(missing), count=len(missing))
    for table in contract.tables:
        _check_same_parts(table, found[table.name], arrival.parts)
    present = [(t, found[t.name]) for t in contract.tables if found[t.name]]
    return [_read_text(bundle.read(name), contract, t, start, place=f"{t.name}") for t, name in present]


def _member(table: Table, names: list[str]) -> str | None:
    """The one file of a zip that is a table. Raises FileRejected BUNDLE_MEMBER_TWICE."""
    pattern = table.member or re.escape(f"{table.name}.csv")
    found = [n for n in names if re.fullmatch(pattern, PurePosixPath(n).name, re.IGNORECASE)]
    if len(found) > 1:
        raise reject("BUNDLE_MEMBER_TWICE", table.name, count=len(found))
    return found[0] if found else None


def _check_same_parts(table: Table, name: str | None, parts: dict[str, str]) -> None:
    found = name and table.member and re.fullmatch(table.member, PurePosixPath(name).name, re.IGNORECASE)
    stated = found.groupdict() if found else {}
    if any(text and parts.get(key, text) != text for key, text in stated.items()):
        raise reject("PERIOD_MISMATCH", f"{table.name} is of another period than the zip file")


def _has_header(contract: Contract, path: Path) -> bool:
    if contract.file.format in _WORKBOOKS:
        book = excel.open_workbook(path.read_bytes())
        return any(excel.has_header(book, contract.main, lay) for lay in contract.main.layouts)
    if contract.file.format != "csv":
        return False
    if suffix := contract.file.records_suffix(path.name):
        names = records.read(path.read_bytes(), suffix).names
        return any(header.covers(names, contract.main, lay) for lay in contract.main.layouts)
    text, _ = to_utf8(_first_lines(path), contract.file.encoding)
    first = csv.first_records(text, contract.file.delimiter)
    return any(_text_has_header(first, contract.main, lay) for lay in contract.main.layouts)


def _first_lines(path: Path) -> bytes:
    with path.open("rb") as file:
        start = file.read(_START)
    return start[: start.rfind(b"\n") + 1] if len(start) == _START else start


def _text_has_header(first: csv.Records, table: Table, lay: Layout) -> bool:
    if lay.stated_header:
        return False
    index = _header_index(first, table, lay)
    return index is not None and header.covers(header.header_at(first, index, lay), table, lay)


__all__ = ["FileRejected", "Finding", "guarded", "read", "recognises"]
