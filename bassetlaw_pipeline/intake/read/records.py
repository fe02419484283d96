"""JSON lines and Parquet files as a grid: records whose values carry the names of their columns.

Either may stand in for a text file of a contract. A value becomes the text that the contract's column
expects: a date is written in the column's own format, so that it is cast like any other.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from bassetlaw_pipeline.contracts.model import DEFAULT_FORMATS, Column, Layout, Table
from bassetlaw_pipeline.intake.read import header, sandbox
from bassetlaw_pipeline.intake.read.encoding import to_utf8
from bassetlaw_pipeline.intake.read.grid import COLUMN_LIMIT, ROW_NUMBER, Grid, Ragged, reject

_MAGIC = (b"PAR1", b"PARE")
_LOCAL = "Europe/London"
_PARTS = re.compile("%[a-zA-Z]")


class _NotFlat(ValueError):
    """A record that is no object of plain values with different names."""


@dataclass(frozen=True)
class Records:
    """`columns` are text, dates or timestamps; `numbers` are those of lines, or of records from 1 on."""

    names: tuple[str, ...]
    columns: tuple[pa.Array | pa.ChunkedArray, ...]
    numbers: pa.Array
    ragged: tuple[Ragged, ...] = ()

    def grid(self, table: Table, layout: Layout) -> Grid:
        """The records as text, dates in the formats of the table's columns."""
        wanted = header.expected(table, layout)
        owners = [header.owner(header.fold(name), wanted) for name in self.names]
        texts = {
            f"c{n}": _as_text(column, table.by_name.get(owner or ""))
            for n, (column, owner) in enumerate(zip(self.columns, owners, strict=True))
        }
        rows = pa.table(texts | {ROW_NUMBER: self.numbers})
        return Grid(header=self.names, rows=rows, ragged=self.ragged)


def read(data: bytes, suffix: str) -> Records:
    """All records of a file. `suffix` as the contract model names them, without a dot.

    Raises FileRejected: FILE_EMPTY, FILE_ENCODING, FILE_TOO_WIDE, FILE_UNREADABLE, FILE_ZIP_BOMB,
    HEADER_NOT_FOUND.
    """
    return _parquet(data) if suffix == "parquet" else _json_lines(data)


def kind(data: bytes) -> str | None:
    """The suffix that fits the content, whatever the file is called; None for anything else."""
    if data.startswith(_MAGIC):
        return "parquet"
    start = data[:1000].removeprefix(b"\xef\xbb\xbf").lstrip()
    return "jsonl" if re.match(rb'\{\s*"', start) else None


def _parquet(data: bytes) -> Records:
    if not data:
        raise reject("FILE_EMPTY", "the file has no content")
    if not data.startswith(_MAGIC):
        raise reject("FILE_UNREADABLE", "the file is called Parquet and is not")
    names, columns = sandbox.parquet(data)
    if not names:
        raise reject("HEADER_NOT_FOUND", "the file has no columns")
    numbers = pa.array(range(1, columns.num_rows + 1), pa.int64())
    return Records(tuple(map(str.strip, names)), tuple(columns.columns), numbers)


def _json_lines(data: bytes) -> Records:
    text, _ = to_utf8(data, "utf-8")
    found: list[dict[str, str | None]] = []
    numbers: list[int] = []
    ragged: list[Ragged] = []
    names: dict[str, None] = {}
    for number, line in enumerate(text.split(b"\n"), 1):
        if not line.strip():
            continue
        try:
            record = _record(line)
        except (ValueError, RecursionError):  # of our own kind too
            ragged.append(Ragged(number))
            continue
        names |= dict.fromkeys(record)
        if len(names) > COLUMN_LIMIT:
            raise reject("FILE_TOO_WIDE", f"more than {COLUMN_LIMIT} different names in the records")
        found.append(record)
        numbers.append(number)
    if not found:
        raise reject("FILE_UNREADABLE", "no line is a JSON object of plain values")
    columns = tuple(pa.array([r.get(name) for r in found], pa.string()) for name in names)
    return Records(tuple(names), columns, pa.array(numbers, pa.int64()), tuple(ragged))


def _record(line: bytes) -> dict[str, str | None]:
    """One object; numbers as they are written. Raises ValueError for anything else."""
    record = json.loads(
        line, parse_float=str, parse_int=str, parse_constant=_no_number, object_pairs_hook=_object
    )
    if not isinstance(record, dict):
        raise _NotFlat
    return record


def _no_number(constant: str) -> None:
    """NaN and Infinity: what a program writes that has no value."""


def _object(pairs: Sequence[tuple[str, Any]]) -> dict[str, str | None]:
    record = {name.strip(): _plain(value) for name, value in pairs}
    if len(record) != len(pairs):
        raise _NotFlat
    return record


def _plain(value: Any) -> str | None:
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if value is None or isinstance(value, str):
        return value if value and value.strip() else None
    raise _NotFlat


def _as_text(column: pa.Array | pa.ChunkedArray, known: Column | None) -> pa.Array | pa.ChunkedArray:
    """A column as text; a blank one is empty."""
    kind = column.type
    if pa.types.is_date(kind):
        return _days(column.cast(pa.timestamp("s")), known)
    if pa.types.is_timestamp(kind):
        return _moments(column, known)
    return pc.if_else(pc.equal(pc.utf8_trim_whitespace(column), ""), pa.scalar(None, pa.string()), column)


def _days(days: pa.Array | pa.ChunkedArray, known: Column | None) -> pa.Array | pa.ChunkedArray:
    needed = set() if _whole(days, "month") else {"%d"}
    return pc.strftime(days, format=_format(known, needed) or "%Y-%m-%d")


def _moments(column: pa.Array | pa.ChunkedArray, known: Column | None) -> pa.Array | pa.ChunkedArray:
    """Timestamps as local times; as days where all of them are midnights and the column holds days."""
    local = pc.local_timestamp(column.cast(pa.timestamp("us", _LOCAL))) if column.type.tz else column
    local = local.cast(pa.timestamp("us"))
    if known is not None and known.logical_type == "date" and _whole(local, "day"):
        return _days(local.cast(pa.timestamp("s")), known)
    if not _whole(local, "second"):
        return pc.strftime(local, format="%Y-%m-%d %H:%M:%S")  # with the fraction: no column takes it
    needed = {"%d", "%H", "%M"} if _whole(local, "minute") else {"%d", "%H", "%M", "%S"}
    return pc.strftime(local.cast(pa.timestamp("s")), format=_format(known, needed) or "%Y-%m-%d %H:%M:%S")


def _whole(moments: pa.Array | pa.ChunkedArray, unit: str) -> bool:
    """True when every moment is the beginning of a month, day, minute or second."""
    return pc.all(pc.equal(moments, pc.floor_temporal(moments, unit=unit))).as_py() is not False


def _format(known: Column | None, needed: set[str]) -> str | None:
    """The first format of a column that holds all that is known of a day or a moment, and no more."""
    formats = (known.formats or DEFAULT_FORMATS.get(known.logical_type, ())) if known else ()
    fitting = (f for f in formats if needed <= set(_PARTS.findall(f)) and ("%H" in f) == ("%H" in needed))
    return next((f for f in fitting if "%" in f), None)
