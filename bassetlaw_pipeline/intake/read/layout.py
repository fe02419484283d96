"""A grid becomes the contract's columns, by the layout that holds for the period."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from bassetlaw_pipeline.contracts.model import Layout, Table
from bassetlaw_pipeline.intake.discover import naming
from bassetlaw_pipeline.intake.model import FINDING_ROWS, FileRejected, Finding, ReadTable
from bassetlaw_pipeline.intake.read import header, totals
from bassetlaw_pipeline.intake.read.grid import HEADER_SEARCH, ROW_NUMBER, Grid, at, reject
from bassetlaw_pipeline.intake.read.header import Matched, fold
from bassetlaw_pipeline.intake.read.nondata import Sifted, sift

RAGGED_LIMIT = 10_000  # rows that cannot be split, from which a file of many of them is turned away
RAGGED_SHARE = 0.1  # of its rows

Read = tuple[ReadTable, list[Finding]]

_TOLD = {
    "title": "TITLE_ROWS",
    "total": "TOTAL_ROW",
    "footer": "FOOTER_ROW",
    "repeated_header": "REPEATED_HEADER",
    "elsewhere": "ROWS_ELSEWHERE",
}


def first_fitting(table: Table, period: date | None, read: Callable[[Layout], Read]) -> Read:
    """Read a table by the first layout of its period that fits.

    Raises FileRejected LAYOUT_UNKNOWN_PERIOD when no layout covers the period, otherwise what the layout
    that comes nearest, the first of several, had to complain about.
    """
    layouts = table.layout_for(period)
    if not layouts:
        raise _unknown_period(table, period)
    complaints: list[FileRejected] = []
    for layout in layouts:
        try:
            return read(layout)
        except FileRejected as error:
            complaints.append(error)
    raise min(complaints, key=_distance)


def _distance(complaint: FileRejected) -> tuple[bool, int]:
    """How far a layout is from fitting: a header that was not found at all is farthest."""
    no_header = any(f.code == "HEADER_NOT_FOUND" for f in complaint.findings)
    return no_header, sum(f.count for f in complaint.findings)


def _unknown_period(table: Table, period: date) -> FileRejected:
    def distance(layout: Layout) -> int:
        edges = [edge for edge in (layout.valid_from, layout.valid_to) if edge]
        return min(abs((edge - period).days) for edge in edges)

    nearest = min(table.layouts, key=distance)
    span = f"{nearest.valid_from or '…'} to {nearest.valid_to or '…'}"
    return reject(
        "LAYOUT_UNKNOWN_PERIOD",
        f"{table.name}: no layout is known for {period}; the nearest is {nearest.id!r} ({span})",
    )


def tabulate(grid: Grid, table: Table, layout: Layout) -> Read:
    """One table of a file as text columns in contract order.

    Raises FileRejected for every fault of the header, and ROW_FIELD_COUNT when no row can be split.
    """
    matched = match(grid, table, layout)
    _check_title(grid, layout)
    sifted = sift(grid, table, matched.positions)
    if sifted.ragged and not sifted.data.num_rows:
        detail = at(grid.place, "no row has as many fields as the header")
        raise reject("ROW_FIELD_COUNT", detail, count=len(sifted.ragged))
    _check_ragged(sifted, grid)
    data = _filled_down(sifted.data, matched, layout)
    rows = _project(data, matched, table, layout, _cells(grid, layout))
    read = ReadTable(
        table=table,
        rows=rows,
        layout_id=layout.id,
        non_data=sifted.counts,
        malformed=tuple((r.number, "ROW_FIELD_COUNT") for r in sifted.ragged),
        header=grid.header,
        headers={name: grid.header[position] for name, position in matched.positions.items()},
        titles=(*grid.titles, (grid.sheet,)) if grid.sheet else grid.titles,
    )
    notes = header.notes(grid.header, matched, table, layout) + _notes(sifted, table)
    return read, notes + _check_totals(sifted, matched, table, layout)


def _check_ragged(sifted: Sifted, grid: Grid) -> None:
    """Raise FileRejected ROW_FIELD_COUNT when so many rows cannot be split that the file was made wrongly."""
    count, rows = len(sifted.ragged), sifted.data.num_rows
    if count > RAGGED_LIMIT and count > RAGGED_SHARE * (count + rows):
        detail = f"{count:,} of {count + rows:,} rows have another number of fields than the header"
        first = tuple(r.number for r in sifted.ragged[:FINDING_ROWS])
        raise reject("ROW_FIELD_COUNT", at(grid.place, detail), count=count, rows=first)


def _check_title(grid: Grid, layout: Layout) -> None:
    """Raise FileRejected TITLE_MISMATCH when the title above the header is that of another table."""
    if layout.other_title is None:
        return
    texts = (" ".join(cell.split()) for row in grid.titles for cell in row if cell)
    other = next((t for t in texts if re.fullmatch(layout.other_title, t, re.IGNORECASE)), None)
    if other:
        raise reject("TITLE_MISMATCH", at(grid.place, f"it says {naming.shown(other, 'a title')!r}"))


def match(grid: Grid, table: Table, layout: Layout) -> Matched:
    """Where the columns lie; whether a nameless one holds anything is asked of the data rows only.

    Raises FileRejected for every fault of the header.
    """

    def filled(position: int, positions: dict[str, int]) -> int:
        if not grid.filled(position):
            return 0
        column = sift(grid, table, positions).data.column(position)
        return len(column) - column.null_count

    return header.match(grid.header, table, layout, filled, grid.place)


def _notes(sifted: Sifted, table: Table) -> list[Finding]:
    """What the partner is told about rows that are not data, and about data where none is expected."""
    told = {k: code for k, code in _TOLD.items() if k in sifted.counts}
    found = [Finding(code=code, table=table.name, count=sifted.counts[kind]) for kind, code in told.items()]
    if below := sifted.below_footer:
        rows = below[:FINDING_ROWS]
        found.append(Finding(code="ROWS_BELOW_FOOTER", table=table.name, count=len(below), rows=rows))
    return found


def _project(
    data: pa.Table, matched: Matched, table: Table, layout: Layout, cells: dict[str, str]
) -> pa.Table:
    if layout.unpivot is None:
        return _columns(data, matched.positions, table, cells)
    parts = []
    for text in dict.fromkeys(wide.text for wide in matched.wide.values()):
        here = {wide.column: p for p, wide in matched.wide.items() if wide.text == text}
        parts.append(_columns(data, matched.positions | here, table, cells | {layout.unpivot.into: text}))
    return pa.concat_tables(parts).sort_by(ROW_NUMBER)


def _filled_down(data: pa.Table, matched: Matched, layout: Layout) -> pa.Table:
    """Merged cells hold their text once, in their first row."""
    for name in layout.fill_down:
        position = matched.positions.get(name)
        if position is not None:
            column = pc.fill_null_forward(data.column(position))
            data = data.set_column(position, data.column_names[position], column)
    return data


def _columns(data: pa.Table, positions: dict[str, int], table: Table, constant: dict[str, str]) -> pa.Table:
    """Contract columns in contract order; what is not in the file is constant text or NULL."""
    names = [c.name for c in table.columns]
    names += [name for name in constant if name not in names]

    def column(name: str) -> pa.ChunkedArray | pa.Array:
        if name in positions:
            return data.column(positions[name])
        return pa.repeat(pa.scalar(constant.get(name), pa.string()), data.num_rows)

    arrays = {name: column(name) for name in names}
    return pa.table(arrays | {ROW_NUMBER: data.column(ROW_NUMBER)})


def _cells(grid: Grid, layout: Layout) -> dict[str, str]:
    """Values of the title block the layout asks for. Raises FileRejected HEADER_NOT_FOUND."""
    found = {name: right_of(grid.titles, label) for name, label in layout.cells.items()}
    missing = [layout.cells[name] for name, text in found.items() if text is None]
    if missing:
        raise reject("HEADER_NOT_FOUND", at(grid.place, f"no value right of {', '.join(missing)}"))
    return found


def right_of(rows: Sequence[Sequence[str]], label: str) -> str | None:
    """The first filled cell right of a label such as "Period:", searched in the first rows."""
    wanted = fold(label).rstrip(": ")
    for row in rows[:HEADER_SEARCH]:
        for index, text in enumerate(row):
            if text and fold(text).rstrip(": ") == wanted:
                return next((cell.strip() for cell in row[index + 1 :] if cell and cell.strip()), None)
    return None


def _check_totals(sifted: Sifted, matched: Matched, table: Table, layout: Layout) -> list[Finding]:
    columns = {name: [(name, position)] for name, position in matched.positions.items()}
    for position, wide in matched.wide.items():
        columns.setdefault(wide.column, []).append((f"{wide.text} {wide.column}", position))
    found = [totals.check(rule, rows, sifted.data, columns, table.name) for rule, rows in sifted.totals]
    return [finding for group in found for finding in group]


def only_value(column: pa.ChunkedArray) -> str | None:
    """The text all filled cells of a column agree on, or None."""
    distinct = pc.unique(pc.utf8_trim_whitespace(column)).drop_null()
    return distinct[0].as_py() if len(distinct) == 1 else None
