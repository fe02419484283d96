"""Delimited text as a grid.

Names are matched in header.py.
"""

from __future__ import annotations

import csv
import io
from collections import deque
from collections.abc import Callable
from itertools import islice

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv as arrow_csv

from bassetlaw_pipeline.intake.read.grid import (
    COLUMN_LIMIT,
    HEADER_SEARCH,
    ROW_NUMBER,
    Grid,
    Ragged,
    at,
    reject,
)

_BLOCK = 4 << 20  # bytes; measured fastest, and larger than any sensible record
_DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe"}

Records = list[list[str]]
FindHeader = Callable[[Records], int | None]


def first_records(data: bytes, delimiter: str) -> Records:
    """The first records, enough to find a header. Raises FileRejected FILE_UNREADABLE."""
    lines = io.TextIOWrapper(io.BytesIO(data), encoding="utf-8", newline="")
    try:
        return list(islice(csv.reader(lines, delimiter=delimiter), HEADER_SEARCH + 2))
    except csv.Error:
        detail = "a value in the first rows is far too long; perhaps a quotation mark is never closed"
        raise reject("FILE_UNREADABLE", detail) from None


def to_grid(
    data: bytes, delimiter: str, find_header: FindHeader, place: str = "", stated: tuple[str, ...] = ()
) -> Grid:
    """Split UTF-8 text into a grid; `find_header` returns the index of the header record.

    `stated` is the header of a file that has none.
    Raises FileRejected: DELIMITER_WRONG, FILE_TOO_WIDE, HEADER_NOT_FOUND, FILE_UNREADABLE.
    """
    records = first_records(data, delimiter)
    _check_delimiter(next(filter(any, records)), delimiter, place)
    index = -1 if stated else find_header(records)
    if index is None:
        raise reject("HEADER_NOT_FOUND", at(place, f"no header in the first {HEADER_SEARCH} rows"))
    header = [text.strip() for text in stated or records[index]]
    if len(header) > COLUMN_LIMIT:
        raise reject("FILE_TOO_WIDE", at(place, f"{len(header)} columns, at most {COLUMN_LIMIT} are read"))
    first = next((r for r in records[index + 1 :] if any(r)), [])
    # In a file without a header nothing tells where a field was added.
    width = len(header) if stated else _width(header, first)
    rows, ragged = _split(data, delimiter, width)
    _check_quotes(data, delimiter, rows.num_rows + len(ragged))
    return _grid(rows, ragged, tuple(header), records[: max(index, 0)], index + 1, place)


def _check_delimiter(first: list[str], delimiter: str, place: str) -> None:
    """A single field full of another delimiter is a header, cut in the wrong places."""
    seen = max(_DELIMITERS, key=first[0].count)
    if len(first) == 1 and seen != delimiter and seen in first[0]:
        expected = _DELIMITERS.get(delimiter, repr(delimiter))
        raise reject("DELIMITER_WRONG", at(place, f"expected {expected}, found {_DELIMITERS[seen]}"))


def _width(header: list[str], first: list[str]) -> int:
    """Fields per record: delimiters at the end of every row, or of the header, add empty fields."""
    named = max((p + 1 for p, text in enumerate(header) if text), default=len(header))
    extra_is_empty = len(first) >= named and not any(first[named:])
    return len(first) if extra_is_empty else len(header)


def _split(data: bytes, delimiter: str, width: int) -> tuple[pa.Table, list[Ragged]]:
    numbers: list[int] = []
    last: deque[str] = deque(maxlen=HEADER_SEARCH)

    def skip(row: arrow_csv.InvalidRow) -> str:
        numbers.append(row.number)
        last.append(row.text)
        return "skip"

    try:
        rows = _arrow(data, delimiter, width, skip, _BLOCK)
    except pa.ArrowInvalid:  # a record longer than a block
        numbers.clear()
        last.clear()
        rows = _arrow(data, delimiter, width, skip, len(data) + 1)
    texts = [()] * (len(numbers) - len(last)) + [_cells(text, delimiter) for text in last]
    return rows, [Ragged(n, cells) for n, cells in zip(numbers, texts, strict=True)]


def _arrow(data: bytes, delimiter: str, width: int, on_invalid: Callable, block: int) -> pa.Table:
    names = [f"c{i}" for i in range(width)]
    return arrow_csv.read_csv(
        pa.BufferReader(data),
        # One thread: only then are the numbers of invalid rows known.
        read_options=arrow_csv.ReadOptions(column_names=names, use_threads=False, block_size=block),
        parse_options=arrow_csv.ParseOptions(
            delimiter=delimiter,
            newlines_in_values=True,
            ignore_empty_lines=False,
            invalid_row_handler=on_invalid,
        ),
        convert_options=arrow_csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=True, null_values=[""]
        ),
    )


def _cells(text: str, delimiter: str) -> tuple[str, ...]:
    try:
        return tuple(next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), ()))
    except csv.Error:
        return ()


def _check_quotes(data: bytes, delimiter: str, records: int) -> None:
    """A quote that is never closed swallows rows silently, so a slow strict reader has to agree.

    It is asked only when some value spans lines, that is when there are more lines than records.
    """
    lines = data.count(b"\n") + (not data.endswith(b"\n"))
    if lines == records:
        return
    reader = csv.reader(
        io.TextIOWrapper(io.BytesIO(data), encoding="utf-8", newline=""), delimiter=delimiter, strict=True
    )
    count = 0
    try:
        for _ in reader:
            count += 1
    except csv.Error:
        detail = f"row {count + 1}: a quoted value is not closed properly"
        raise reject("FILE_UNREADABLE", detail, rows=(count + 1,)) from None
    if count != records:
        raise reject("FILE_UNREADABLE", "quotes and line ends do not agree, so rows cannot be told apart")


def _grid(
    rows: pa.Table, ragged: list[Ragged], header: tuple[str, ...], titles: Records, above: int, place: str
) -> Grid:
    """`above` records stand over the data: titles and header."""
    numbers = np.delete(np.arange(1, rows.num_rows + len(ragged) + 1), [r.number - 1 for r in ragged])
    rows = rows.append_column(ROW_NUMBER, pa.array(numbers, pa.int64()))
    rows = rows.slice(int(np.searchsorted(numbers, above, side="right")))
    below = [r for r in ragged if r.number > above]
    rows, header, spilt = _without_nameless(rows, header)
    empty = sum(1 for title in titles if not any(title))
    return Grid(
        header=header,
        rows=rows,
        titles=tuple(tuple(t) for t in titles if any(t)),
        blank_titles=empty,
        ragged=tuple(sorted([*below, *spilt], key=lambda r: r.number)),
        place=place,
    )


def _without_nameless(
    rows: pa.Table, header: tuple[str, ...]
) -> tuple[pa.Table, tuple[str, ...], list[Ragged]]:
    """Drop the empty fields behind the header's last; a row with a value there is ragged."""
    width = rows.num_columns - 1
    header = header[:width]
    if width == len(header):
        return rows, header, []
    extra = [rows.column(p).is_valid() for p in range(len(header), width)]
    spilt = extra[0]
    for mask in extra[1:]:
        spilt = pc.or_(spilt, mask)
    numbers = rows.column(ROW_NUMBER).filter(spilt).to_pylist()
    kept = rows.filter(pc.invert(spilt)).select([*range(len(header)), width])
    return kept, header, [Ragged(n) for n in numbers]
