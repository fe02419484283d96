"""Spreadsheet cells as text.

Numbers keep every digit a spreadsheet holds; a number too long for one (such as a SNOMED code stored as a
number) stays visibly damaged.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

_EXACT = 10**15  # spreadsheets hold 15 significant digits


def to_text(cell: Any) -> str | None:
    """A cell as text, None when it is empty: "12", "0.5", "2019-04-01", "2019-04-01 18:00:00", "TRUE"."""
    if isinstance(cell, str):
        return cell if cell.strip() else None
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float | int):
        return str(int(cell)) if cell == cell // 1 and abs(cell) < _EXACT else repr(cell)
    if isinstance(cell, datetime):
        return (cell + timedelta(microseconds=500_000)).replace(microsecond=0).isoformat(" ")
    if isinstance(cell, date | time):
        return cell.isoformat()
    return _duration(cell) if isinstance(cell, timedelta) else str(cell)


def _duration(span: timedelta) -> str:
    seconds = round(span.total_seconds())
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
