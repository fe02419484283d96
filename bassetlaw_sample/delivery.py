"""One file of a partner, before it is written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

import pyarrow as pa

Tables = Mapping[str, pa.Table]


@dataclass(frozen=True)
class Defect:
    """What is wrong in one file: how often, and in which records (numbered as the reader counts them)."""

    id: str
    count: int
    rows: tuple[int, ...] = ()
    table: str | None = None


@dataclass(frozen=True)
class Delivery:
    """A file: where it goes, when it arrives, its rows by contract table, and how it is rendered.

    Tables hold text only, one column per contract field, and only what stands between header and totals.

    titles        lines above the header of a text file
    footer        lines below the rows of a workbook
    extra_sheets  sheets that are not part of the extract
    extra_fields  records of a text file that get one field too many
    non_data      rows of the tables that are not data, such as a header pasted in again
    first_row     record number of the first row of each table, as the reader counts
    control_totals  what a manifest beside the file says its rows add up to; without it there is no manifest
    """

    partner: str
    extract: str
    name: str
    received: datetime
    tables: Tables
    render: Callable[[Delivery], bytes]
    first_row: int = 2
    titles: tuple[str, ...] = ()
    footer: tuple[str, ...] = ()
    extra_sheets: tuple[str, ...] = ()
    extra_fields: tuple[int, ...] = ()
    non_data: int = 0
    rows: int | None = None  # data rows, where they are not those of the tables
    defects: tuple[Defect, ...] = ()
    habits: tuple[Defect, ...] = ()
    control_totals: Callable[[pa.Table], dict[str, str]] | None = None
    rejected_for: str | None = None  # reason code, when the whole file is turned away

    @property
    def path(self) -> str:
        """`<partner>/<file name>`, as truth.json and the landing folder say it."""
        return f"{self.partner}/{self.name}"

    @property
    def data_rows(self) -> int:
        """Number of data rows in the file."""
        inside = sum(t.num_rows for t in self.tables.values()) - self.non_data
        return inside if self.rows is None else self.rows
