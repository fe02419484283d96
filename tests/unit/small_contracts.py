"""Small contracts and files for tests of reading: no YAML, no data home."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from bassetlaw_pipeline.contracts.model import Column, Contract, FileSpec, PeriodSpec, Resubmission, Table
from bassetlaw_pipeline.intake.model import Arrival, FileRejected, Finding, ReadResult
from bassetlaw_pipeline.intake.read import read


def column(name: str, **more: Any) -> Column:
    return Column(**{"name": name, "source_name": name} | more)


def table(*columns: str | Column, **more: Any) -> Table:
    own = tuple(column(c) if isinstance(c, str) else c for c in columns)
    return Table(**{"name": "visits", "columns": own} | more)


def contract(*tables: Table, file: dict[str, Any] | None = None, **more: Any) -> Contract:
    spec = FileSpec(
        **{"format": "csv", "names": (r"visits_(?P<year>\d{4})(?P<month>\d{2})\.\w+",)} | (file or {})
    )
    fields = {
        "id": "visits",
        "partner": "ccg",
        "title": "Visits",
        "version": "1.0.0",
        "purpose": "tests",
        "owner": "tests",
        "file": spec,
        "period": PeriodSpec(source="file_name"),
        "resubmission": Resubmission(mode="snapshot"),
        "tables": tables,
    }
    return Contract(**fields | more)


def arrive(data: bytes, to: Contract, folder: Path, name: str = "visits_201904.csv") -> Arrival:
    path = folder / name
    path.write_bytes(data)
    return Arrival(
        path=path,
        partner=to.partner,
        file_name=name,
        sha256=sha256(data).hexdigest(),
        size=len(data),
        received_at=datetime(2019, 5, 1, tzinfo=UTC),
        contract=to,
        parts=to.file.match(name) or {},
    )


def read_bytes(data: bytes, to: Contract, folder: Path, **more: Any) -> ReadResult:
    return read(arrive(data, to, folder, **more))


def rejected(data: bytes, to: Contract, folder: Path, **more: Any) -> tuple[Finding, ...]:
    with pytest.raises(FileRejected) as caught:
        read_bytes(data, to, folder, **more)
    assert all(f.outcome == "reject" for f in caught.value.findings)
    return caught.value.findings


def rejection(data: bytes, to: Contract, folder: Path, **more: Any) -> Finding:
    (finding,) = rejected(data, to, folder, **more)
    return finding


def workbook(sheets: dict[str, list[list[Any]]], hidden: tuple[str, ...] = ()) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
        sheet.sheet_state = "hidden" if name in hidden else "visible"
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()
