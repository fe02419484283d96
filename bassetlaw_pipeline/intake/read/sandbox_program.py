"""The program that opens workbooks and Parquet files, run as a process of its own (see sandbox.py).

It imports nothing of this package but cells.py, so that it starts quickly. A request is a file's bytes, an
answer is JSON, or the kind of failure. Of a workbook: names and visibility of the worksheets and all their
cells as text; of the old format, which calamine reads without them, also where cells show an error and
whether days are counted from 1904. Of a Parquet file: its columns as an Arrow stream in base64, as text but
for dates and timestamps.
"""

from __future__ import annotations

import base64
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
_PARQUET, _ENCRYPTED = b"PAR1", b"PARE"  # how a Parquet file begins, and ends
COLUMNS, CELLS, BYTES = 2_000, 200_000_000, 1_000_000_000  # most that is read of a Parquet file, unpacked


def _cells_module() -> Any:
    spec = importlib.util.spec_from_file_location("cells", Path(__file__).with_name("cells.py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def answer(data: bytes, to_text: Any) -> dict[str, Any]:
    """The worksheets of a workbook, in order, or the columns of a Parquet file, or what is wrong with it."""
    try:
        if data.startswith((_PARQUET, _ENCRYPTED)):
            return _parquet(data, to_text)
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


def _parquet(data: bytes, to_text: Any) -> dict[str, Any]:
    """All columns, once the file's own description says that they are few and small enough."""
    import pyarrow as pa
    from pyarrow import parquet

    if _ENCRYPTED in (data[:4], data[-4:]):
        return {"error": "password"}
    file = parquet.ParquetFile(pa.BufferReader(data))
    about, columns = file.metadata, file.schema_arrow
    size = sum(about.row_group(n).total_byte_size for n in range(about.num_row_groups))
    if about.num_columns > COLUMNS:
        return {"error": "wide", "detail": f"{about.num_columns} columns, at most {COLUMNS} are read"}
    if size > BYTES or about.num_rows * about.num_columns > CELLS:
        return {
            "error": "large",
            "detail": f"{len(data):,} bytes claim {about.num_rows:,} rows, {size:,} bytes",
        }
    strange = [n for n, field in enumerate(columns, 1) if not _is_plain(field.type)]
    if strange:
        return {"error": "nested", "detail": ", ".join(map(str, strange[:10]))}
    table = file.read(use_threads=False)
    texts = [_column(table.column(n), to_text) for n in range(table.num_columns)]
    named = pa.table(dict(zip(map(str, range(len(texts))), texts, strict=True)))
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, named.schema) as stream:
        stream.write_table(named)
    return {"names": columns.names, "arrow": base64.b64encode(sink.getvalue()).decode()}


def _is_plain(kind: Any) -> bool:
    """A type whose values a cell can hold: text, number, truth, date, time."""
    from pyarrow import types

    if types.is_dictionary(kind):
        return _is_plain(kind.value_type)
    binary = types.is_binary(kind) or types.is_large_binary(kind) or types.is_fixed_size_binary(kind)
    odd = types.is_duration(kind) or types.is_interval(kind) or types.is_binary_view(kind)
    return not (types.is_nested(kind) or binary or odd)


def _column(column: Any, to_text: Any) -> Any:
    """Text as a spreadsheet would show it; dates and timestamps as such."""
    import pyarrow as pa
    from pyarrow import types

    if types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    if types.is_timestamp(column.type) or types.is_date(column.type):
        return column
    if types.is_floating(column.type):
        cells = column.to_pylist()
        return pa.array([None if c is None or c != c else to_text(c) for c in cells], pa.string())
    if types.is_time(column.type):
        return pa.array([None if c is None else c.isoformat() for c in column.to_pylist()], pa.string())
    return column.cast(pa.string())


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
