"""Workbooks written fast: openpyxl makes the container and the styles, the rows go in as XML.

openpyxl writes about 50,000 cells a second; the sample has millions.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from xml.sax.saxutils import escape

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

PLAIN, DAY, BOLD, COLOURED, BOLD_COLOURED = range(5)
_YELLOW = PatternFill("solid", fgColor="FFFF99")
_EXCEL_EPOCH = date(1899, 12, 30)
_FIXED = (2000, 1, 1, 0, 0, 0)
_LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"

Row = tuple[Sequence[object], int]  # cell values and the style of their row


Merged = Mapping[str, Sequence[tuple[int, int, int]]]  # by sheet: row, first and last column, counted from 1


def workbook(sheets: Iterable[tuple[str, list[Row]]], merged: Merged | None = None) -> bytes:
    """A workbook of named sheets. Dates become Excel dates, numbers numbers, anything else text."""
    named = list(sheets)
    parts = dict(_container(tuple(name for name, _ in named)))
    for number, (name, rows) in enumerate(named, start=1):
        parts[f"xl/worksheets/sheet{number}.xml"] = _sheet(rows, (merged or {}).get(name, ()))
    return _zipped(parts)


def with_hidden_sheet(book: bytes, name: str, rows: list[Row]) -> bytes:
    """The workbook with one more sheet, hidden from whoever opens it."""
    with zipfile.ZipFile(io.BytesIO(book)) as source:
        parts = {part: source.read(part) for part in source.namelist()}
    path = "worksheets/hidden.xml"
    parts[f"xl/{path}"] = _sheet(rows, ())
    named = f'<sheet xmlns:r="{_LINKS}" name="{name}" sheetId="99" state="hidden" r:id="hidden"/>'
    linked = f'<Relationship Id="hidden" Type="{_LINKS}/worksheet" Target="{path}"/>'
    typed = f'<Override PartName="/xl/{path}" ContentType="{_SHEET_TYPE}"/>'
    for part, end, more in (
        ("[Content_Types].xml", "</Types>", typed),
        ("xl/workbook.xml", "</sheets>", named),
        ("xl/_rels/workbook.xml.rels", "</Relationships>", linked),
    ):
        parts[part] = parts[part].replace(end.encode(), (more + end).encode())
    return _zipped(parts)


def _zipped(parts: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=4) as target:
        for name, data in parts.items():
            target.writestr(zipfile.ZipInfo(name, _FIXED), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


@lru_cache(maxsize=8)
def _container(names: tuple[str, ...]) -> tuple[tuple[str, bytes], ...]:
    """Every part but the sheets, from openpyxl; its properties carry the clock and are left out of reach."""
    book = Workbook()
    book.remove(book.active)
    for name in names:
        _with_styles(book.create_sheet(name))
    raw = io.BytesIO()
    book.save(raw)
    with zipfile.ZipFile(raw) as source:
        parts = {name: source.read(name) for name in source.namelist()}
    parts["docProps/core.xml"] = _without_clock(parts["docProps/core.xml"])
    return tuple(parts.items())


def _with_styles(sheet) -> None:
    """One cell of each style, so that the style numbers are those of the constants above."""
    for position in range(1, 5):
        cell = sheet.cell(1, position, 1)
        if position == DAY:
            cell.number_format = "dd/mm/yyyy"
        if position in (BOLD, BOLD_COLOURED):
            cell.font = Font(bold=True)
            cell.alignment = Alignment(wrap_text=True)
        if position in (COLOURED, BOLD_COLOURED):
            cell.fill = _YELLOW


def _without_clock(properties: bytes) -> bytes:
    head, _, rest = properties.partition(b"<dcterms:created")
    return head + rest[rest.rindex(b"</dcterms:modified>") + len(b"</dcterms:modified>") :]


def _sheet(rows: list[Row], merged: Sequence[tuple[int, int, int]]) -> bytes:
    width = max((len(cells) for cells, _ in rows), default=0)
    letters = [get_column_letter(i + 1) for i in range(width)]
    lines = [
        f'<row r="{number}">' + "".join(_cells(cells, style, letters, number)) + "</row>"
        for number, (cells, style) in enumerate(rows, start=1)
    ]
    head = (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    )
    return (head + "".join(lines) + "</sheetData>" + _merge_cells(merged) + "</worksheet>").encode()


def _merge_cells(merged: Sequence[tuple[int, int, int]]) -> str:
    if not merged:
        return ""
    spans = [f"{get_column_letter(a)}{row}:{get_column_letter(b)}{row}" for row, a, b in merged]
    return (
        f'<mergeCells count="{len(spans)}">'
        + "".join(f'<mergeCell ref="{s}"/>' for s in spans)
        + "</mergeCells>"
    )


def _cells(cells: Sequence[object], style: int, letters: list[str], number: int) -> Iterable[str]:
    for letter, value in zip(letters, cells, strict=False):
        if value is None:
            continue
        if isinstance(value, str):
            text = f'<is><t xml:space="preserve">{escape(value)}</t></is>'
            yield f'<c r="{letter}{number}" s="{style}" t="inlineStr">{text}</c>'
        elif isinstance(value, date):
            yield f'<c r="{letter}{number}" s="{DAY}"><v>{(value - _EXCEL_EPOCH).days}</v></c>'
        else:
            yield f'<c r="{letter}{number}" s="{style}"><v>{value}</v></c>'
