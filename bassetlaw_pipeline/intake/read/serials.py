"""Day numbers of a workbook that counts from 1904, as day numbers from 1900.

A cell that is formatted as a date arrives as a date, whatever the system.
"""

from __future__ import annotations

import re
from decimal import Decimal

import pyarrow as pa

from bassetlaw_pipeline.contracts.model import Table

SERIAL = "excel_serial"  # the format of columns that may hold day numbers
_DAYS = 1462  # from 30 December 1899 to 1 January 1904: four years, a leap day and one that never was
_NUMBER = re.compile(r"[0-9]{1,6}([.][0-9]+)?")


def counted_from_1900(rows: pa.Table, table: Table) -> pa.Table:
    """Rows whose day numbers, in columns that may hold them, are what a workbook from 1900 would say."""
    for column in table.columns:
        if SERIAL in column.formats and column.logical_type in ("date", "timestamp"):
            at = rows.schema.get_field_index(column.name)
            texts = [_moved(text) for text in rows.column(at).to_pylist()]
            rows = rows.set_column(at, column.name, pa.array(texts, pa.string()))
    return rows


def _moved(text: str | None) -> str | None:
    if text is None or not _NUMBER.fullmatch(text.strip()):
        return text
    return str(Decimal(text.strip()) + _DAYS)
