"""What only a whole file can tell: tables of another period, and rows without their parent."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from bassetlaw_pipeline.contracts.model import PeriodSpec
from bassetlaw_pipeline.intake.model import FINDING_ROWS, Finding, ReadTable
from bassetlaw_pipeline.intake.read import period
from bassetlaw_pipeline.intake.read.grid import ROW_NUMBER, reject


def check_periods(tables: Iterable[ReadTable], spec: PeriodSpec, start: date | None) -> None:
    """Raise FileRejected PERIOD_MISMATCH when a table's newest date lies in another period than the file."""
    if start is None:
        return
    dated = ((read, _newest(read, spec)) for read in tables if read.table.dated_by)
    wrong = [f"{read.table.name}: newest {found:%Y-%m}" for read, found in dated if found and found != start]
    if wrong:
        raise reject("PERIOD_MISMATCH", f"the file is of {start:%Y-%m}, {', '.join(wrong)}", count=len(wrong))


def _newest(read: ReadTable, spec: PeriodSpec) -> date | None:
    """Period of the newest readable date; texts that are no date are conform's business."""
    column = read.table.by_name[read.table.dated_by]
    texts = _plain(read, column.name).unique().drop_null().to_pylist()
    days = (period.of_text(text, spec, column.formats) for text in texts)
    return max(filter(None, days), default=None)


def orphans(tables: Sequence[ReadTable]) -> list[Finding]:
    """One warning per table for rows whose parent row is not in the file."""
    by_name = {read.table.name: read for read in tables}
    linked = [(r, r.table.belongs_to) for r in tables if r.table.belongs_to]
    found = [_orphans(read, by_name[link.table]) for read, link in linked if link.table in by_name]
    return [finding for finding in found if finding]


def _orphans(child: ReadTable, parent: ReadTable) -> Finding | None:
    link = child.table.belongs_to
    own = _plain(child, link.column)
    known = _plain(parent, link.column).unique().drop_null()
    lost = pc.and_(pc.is_valid(own), pc.invert(pc.is_in(own, value_set=known)))
    rows = child.rows.column(ROW_NUMBER).filter(lost).to_pylist()
    if not rows:
        return None
    told = tuple(sorted(set(rows))[:FINDING_ROWS])
    return Finding(code=link.code, count=len(rows), table=child.table.name, column=link.column, rows=told)


def _plain(read: ReadTable, name: str) -> pa.ChunkedArray:
    return pc.utf8_trim_whitespace(read.rows.column(name))
