"""The program that opens workbooks, run as a process of its own (see sandbox.py).

It imports nothing of this package but cells.py, so that it starts quickly. A request is a workbook's bytes,
an answer is JSON: names and visibility of the worksheets and all their cells as text, or the kind of
failure. Of the old format, which calamine reads without them, also where cells show an error and whether
days are counted from 1904.
"""

from __future__ import annotations

import contextlib
import importlib.util
import io
import json
import struct
import sys
from pathlib import Path
from typing import Any

import xlrd
from python_calamine import CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

MEMORY = 2 << 30  # bytes this process may claim
_OLE = b"\xd0\xcf\x11\xe0"  # how a workbook of the old format begins


def _cells_module() -> Any:
    spec = importlib.util.spec_from_file_location("cells", Path(__file__).with_name("cells.py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def answer(data: bytes, to_text: Any) -> dict[str, Any]:
    """The worksheets of a workbook, in order, or what is wrong with it."""
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        sheets = [s for s in book.sheets_metadata if s.typ == SheetTypeEnum.WorkSheet]
        return {"sheets": [_sheet(book, s, to_text) for s in sheets]} | _old_format(data)
    except PasswordError:
        return {"error": "password"}
    except BaseException:  # a panic in compiled code is not an Exception
        return {"error": "damaged"}


def _sheet(book: CalamineWorkbook, sheet: Any, to_text: Any) -> dict[str, Any]:
    raw = book.get_sheet_by_name(sheet.name).to_python(skip_empty_area=False)
    rows = [[to_text(cell) for cell in row] for row in raw]
    return {"name": sheet.name, "visible": sheet.visible == SheetVisibleEnum.Visible, "rows": rows}


def _old_format(data: bytes) -> dict[str, Any]:
    """Cells with errors by sheet, and whether days count from 1904; empty where it cannot be told."""
    if not data.startswith(_OLE):
        return {}
    try:
        book = xlrd.open_workbook(file_contents=data, logfile=io.StringIO(), on_demand=False)
    except Exception:  # calamine has read it; what it cannot tell stays unsaid
        return {}
    return {"errors": {s.name: _errors(s) for s in book.sheets()}, "uses_1904": book.datemode == 1}


def _errors(sheet: xlrd.sheet.Sheet) -> list[tuple[int, int]]:
    types = (sheet.row_types(row) for row in range(sheet.nrows))
    return [(r, c) for r, row in enumerate(types) for c, kind in enumerate(row) if kind == xlrd.XL_CELL_ERROR]


def main() -> None:
    """Answer requests until the input ends."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    to_text = _cells_module().to_text
    requests, answers = sys.stdin.buffer, sys.stdout.buffer
    while head := requests.read(8):
        (size,) = struct.unpack(">Q", head)
        reply = json.dumps(answer(requests.read(size), to_text)).encode()
        answers.write(struct.pack(">Q", len(reply)) + reply)
        answers.flush()


if __name__ == "__main__":
    main()
