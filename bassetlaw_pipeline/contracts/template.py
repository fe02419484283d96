"""An empty form of an extract for a partner: a workbook or a text file, and what each column asks for.

Nothing in it depends on the day.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from calendar import monthrange
from collections.abc import Iterator
from datetime import date

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from bassetlaw_pipeline.contracts.derive_docs import column_rules
from bassetlaw_pipeline.contracts.model import Column, Contract, Table
from bassetlaw_pipeline.contracts.shape import Layout

EXAMPLE_DAY = date(2019, 4, 1)  # a Monday, and the first day of a month, a quarter and a financial year
READ_ME, CODES = "Read me", "Codes"
HEAD = ("Table", "Column", "Needed", "What it is", "Rules", "Codes", "Invented example")
_ROWS = 2000  # rows with a list of allowed codes
_CLOCK = re.compile(rb"<dcterms:created.*</dcterms:modified>", re.DOTALL)
_FIXED = (1980, 1, 1, 0, 0, 0)
# Invented values, of which the first that has a column's form is its example.
_EXAMPLES = (
    "X00001", "Y99999", "RP5", "RP5BA", "E01099999", "E07000171", "S720", "S72", "100", "100001",
    "1000000001", "1-1000000001", "SP/19/0001", "A1", "AB01", "AB01C", "S80 1", "0403010A0AAAAAA", "A0000001",
    "2019-04",
)  # fmt: skip


class NoTemplate(ValueError):
    """This extract has no template; the message is one sentence that says why."""


def files(contract: Contract) -> dict[str, bytes]:
    """Name -> content of the files of a template. Raises NoTemplate."""
    if reason := why_none(contract):
        raise NoTemplate(f"{contract.id} has no template: {reason}.")
    name = f"{contract.id}_template"
    if contract.file.format == "xlsx":
        return {f"{name}.xlsx": _workbook(contract)}
    spec, header = contract.file, _headers(contract.main)
    read_me = [*introduction(contract), *(_as_text(row) for row in _explained(contract))]
    return {
        f"{name}.csv": _line(header, spec.delimiter).encode(spec.encoding),
        f"{name}_read_me.txt": ("\n".join(read_me) + "\n").encode(),
    }


def why_none(contract: Contract) -> str | None:
    """Why a template makes no sense, as the rest of a sentence; None when there is one."""
    layouts = [newest(table) for table in contract.tables]
    if contract.partner == "public":
        return "it is a national or reference file, taken as its publisher writes it"
    if contract.file.format not in ("csv", "xlsx"):
        return f"it comes from a system as {contract.file.format.upper()}, which nobody fills in by hand"
    if contract.file.trailer:
        return "its closing line holds a checksum, which only the system that exports it can write"
    if any(layout.unpivot or layout.header_rows > 1 for layout in layouts):
        return "each measure has columns of its own there, so the partner's own form decides on them"
    if contract.period.source in ("cell", "header"):
        return "its period stands in the publisher's own title or header"
    return None


def newest(table: Table) -> Layout:
    """The layout of the latest periods."""
    return max(table.layouts, key=lambda layout: layout.valid_from or date.min)


def file_name(contract: Contract, period: date = EXAMPLE_DAY) -> str:
    """The agreed name of a file of a period, by the first of its patterns."""
    spec = contract.file
    named = re.sub(
        r"\(\?P<(\w+)>((?:[^()]|\([^()]*\))*)\)(\?)?",
        lambda found: _part(found, contract, period),
        re.sub(r"\((?!\?P)[^()]*(?:\(\?P[^()]*\)[^()]*)*\)\?", "", spec.names[0]),
    )
    next_year = f"{(period.year + 1) % 100:02d}"
    return re.sub(r"\\(.)", r"\1", named.replace(r"\d{2}", next_year))


def _part(found: re.Match[str], contract: Contract, period: date) -> str:
    name, form = found[1], found[2]
    if name in ("date", "start"):
        is_last_day = name == "date" and "(?P<start>" in contract.file.names[0]
        last = monthrange(period.year, period.month)[1]
        day = period.replace(day=last) if is_last_day else period
        return day.strftime(contract.period.format or "%Y%m%d")
    if name == "month":
        return f"{period:%B}" if "A-Za-z" in form else f"{period:%m}"
    if name == "year":
        return _year(form, period)
    if name == "quarter":
        is_financial = r"\d{4}-\d{2}" in contract.file.names[0]
        month = (period.month - 4) % 12 + 1 if is_financial else period.month
        return str((month + 2) // 3)
    return form.split("|")[0] if "|" in form else ""


def _year(form: str, period: date) -> str:
    if r"-\d{2}" not in form:
        return str(period.year)
    first = period.year if period.month >= 4 else period.year - 1  # a financial year
    return f"{first}-{(first + 1) % 100:02d}"


def introduction(contract: Contract) -> list[str]:
    """What to know before filling it in: whose it is, the file's name and its period."""
    spec = contract.period
    grain = spec.grain.replace("_", " ")
    column = next((c.source_name for t in contract.tables for c in t.columns if c.name == spec.column), "")
    period = f"Each row states its {grain} in '{column}'." if column else f"One file is one {grain}."
    return [
        f"{contract.title} ({contract.id}, version {contract.version})",
        f"File name: {contract.file.names_in_words or file_name(contract)}",
        f"For example: {file_name(contract)} is the {grain} of {EXAMPLE_DAY}.",
        f"Period: {period} The file name states the period too.",
        "Fill in one row for each record under the header. Do not rename, add or move columns.",
    ]


def _headers(table: Table) -> list[str]:
    return [header for header, _ in _sent(table)]


def _sent(table: Table) -> Iterator[tuple[str, Column]]:
    layout = newest(table)
    for column in table.columns:
        if column.name not in layout.absent:
            yield layout.headers.get(column.name, column.source_name), column


def _explained(contract: Contract) -> Iterator[tuple[str, ...]]:
    yield HEAD
    for table in contract.tables:
        for header, column in _sent(table):
            codes = "; ".join(f"{code} = {meaning}" for code, meaning in (column.codes or {}).items())
            needed = "required" if column.required else "may be empty"
            rules = "; ".join(column_rules(column))
            yield (
                table.title or table.name,
                header,
                needed,
                column.description,
                rules,
                codes,
                example(column),
            )


def _as_text(row: tuple[str, ...]) -> str:
    return "\t".join(" ".join(cell.split()) for cell in row)


def example(column: Column) -> str:
    """An invented value; empty for identifiers, and where none is known that has the column's form."""
    if column.classification == "direct":  # a workbook with such values on another sheet is turned away
        return ""
    if column.codes:
        return next(iter(column.codes))
    if column.logical_type in ("date", "timestamp", "time"):
        written = [f for f in column.formats if f != "excel_serial"]
        return EXAMPLE_DAY.strftime(written[0]) if written else EXAMPLE_DAY.isoformat()
    if column.logical_type in ("integer", "number"):
        return f"{max(column.minimum or 0, min(12, column.maximum or 12)):g}"
    if column.pattern:
        return next((text for text in _EXAMPLES if re.fullmatch(column.pattern, text)), "")
    return ""


def _line(cells: list[str], delimiter: str) -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="\r\n").writerow(cells)
    return out.getvalue()


def _workbook(contract: Contract) -> bytes:
    book = Workbook()
    book.remove(book.active)
    tables = {t.name: book.create_sheet(newest(t).sheet or "Data") for t in contract.tables}
    read_me, codes = book.create_sheet(READ_ME), book.create_sheet(CODES)
    for table in contract.tables:
        _fill(tables[table.name], table, codes)
    for line in introduction(contract):
        read_me.append([line])
    for row in _explained(contract):
        read_me.append(row)
    raw = io.BytesIO()
    book.save(raw)
    return _without_clock(raw.getvalue())


def _fill(sheet: Worksheet, table: Table, codes: Worksheet) -> None:
    sheet.freeze_panes = "A2"
    for position, (header, column) in enumerate(_sent(table), start=1):
        letter = get_column_letter(position)
        cell = sheet.cell(1, position, header)
        cell.font, cell.alignment = Font(bold=True), Alignment(wrap_text=True)
        sheet.column_dimensions[letter].width = 18
        sheet.column_dimensions[letter].number_format = _format(column)
        if column.codes:
            _allow(sheet, f"{letter}2:{letter}{_ROWS}", codes, f"{table.name}.{column.name}", column.codes)


def _format(column: Column) -> str:
    """A date where the contract takes a real date cell, a number, or text, which keeps leading zeros."""
    if column.logical_type == "date" and "%Y-%m-%d" in column.formats:
        return "yyyy-mm-dd"
    return "General" if column.logical_type in ("integer", "number") and not column.codes else "@"


def _allow(sheet: Worksheet, cells: str, codes: Worksheet, name: str, allowed: dict[str, str]) -> None:
    place = 1 if codes.cell(1, 1).value is None else codes.max_column + 1
    for row, text in enumerate((name, *allowed), start=1):
        codes.cell(row, place, text).number_format = "@"
    letter = get_column_letter(place)
    rule = DataValidation("list", f"'{CODES}'!${letter}$2:${letter}${len(allowed) + 1}", allow_blank=True)
    rule.add(cells)
    sheet.add_data_validation(rule)


def _without_clock(book: bytes) -> bytes:
    """The same workbook without the time at which it was written."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            data = _CLOCK.sub(b"", data) if name == "docProps/core.xml" else data
            new.writestr(zipfile.ZipInfo(name, _FIXED), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()
