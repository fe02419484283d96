"""A sheet or delimited file as text, before its columns have names."""

from __future__ import annotations

from dataclasses import dataclass, field

import pyarrow as pa

from bassetlaw_pipeline.intake.model import FileRejected, Finding

ROW_NUMBER = "_row_number"
HEADER_SEARCH = 40  # a header lies within this many first rows, a footer within this many last ones
COLUMN_LIMIT = 2_000
CELL_LIMIT = 10_000_000


@dataclass(frozen=True)
class Ragged:
    """A record with too few or too many fields; `cells` is kept only near the end of the file."""

    number: int
    cells: tuple[str, ...] = ()


@dataclass(frozen=True)
class Grid:
    """`rows` has the text columns `c0`, `c1` … (NULL for an empty cell) and `_row_number`."""

    header: tuple[str, ...]
    rows: pa.Table
    titles: tuple[tuple[str, ...], ...] = ()
    blank_titles: int = 0
    ragged: tuple[Ragged, ...] = field(default_factory=tuple)
    place: str = ""  # "sheet 'Delays'" or the member of a bundle, for messages
    sheet: str = ""

    def filled(self, position: int) -> int:
        """How many rows have a value in a column."""
        column = self.rows.column(position)
        return len(column) - column.null_count


def reject(code: str, detail: str = "", *, count: int = 1, rows: tuple[int, ...] = ()) -> FileRejected:
    """The exception that turns a file away for one reason."""
    return FileRejected(Finding(code=code, detail=detail, count=count, rows=rows, outcome="reject"))


def at(place: str, text: str) -> str:
    """A message that starts with the place it is about, when there is one."""
    return f"{place}: {text}" if place else text
