"""Cells of a workbook that look empty but are not: errors such as #REF!, and formulas without a result.

A program that writes a workbook stores formulas without results; whoever opens it in a spreadsheet sees
numbers that are not in the file.
"""

from __future__ import annotations

import re
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from xml.etree import ElementTree

from bassetlaw_pipeline.intake.model import FINDING_ROWS, Finding
from bassetlaw_pipeline.intake.read import archive, xml

ERROR, NO_RESULT = "CELL_ERROR", "CELL_FORMULA"
_SUSPECT = re.compile(rb"""<(?:\w+:)?f[\s/>]|\bt=["']e["']""")
_PLACE = re.compile(r"([A-Z]+)(\d+)")


@dataclass(frozen=True)
class Fault:
    """One cell: `row` counts from 1 and `position` from 0, as in the grid; `kind` is a reason code."""

    kind: str
    row: int
    position: int


def of_xlsx(book: zipfile.ZipFile, sheet: str) -> list[Fault]:
    """The faults of a sheet of an XLSX workbook."""
    member = archive.sheet_members(book).get(sheet)
    data = book.read(member) if member else b""
    return list(_faults(xml.parse(data))) if _SUSPECT.search(data) else []


def of_xls(errors: Iterable[tuple[int, int]]) -> list[Fault]:
    """The faults of a sheet of the old format, whose formulas always have a result; cells counted from 0."""
    return [Fault(ERROR, row + 1, position) for row, position in errors]


def _faults(root: ElementTree.Element) -> Iterator[Fault]:
    """A cell says where it lies, or else lies behind the one before it."""
    row_number = 0
    for row in root.iterfind(".//{*}sheetData/{*}row"):
        row_number = int(row.get("r") or row_number + 1)
        position = -1
        for cell in row.iterfind("{*}c"):
            found = _PLACE.fullmatch(cell.get("r") or "")
            position = archive.column_number(found[1].encode()) - 1 if found else position + 1
            if kind := _kind(cell):
                yield Fault(kind, row_number, position)


def _kind(cell: ElementTree.Element) -> str | None:
    if cell.get("t") == "e":
        return ERROR
    has_formula, value = cell.find("{*}f") is not None, cell.find("{*}v")
    no_text = value is None or (not value.text and cell.get("t") != "str")  # a formula may give an empty text
    return NO_RESULT if has_formula and no_text and cell.find("{*}is") is None else None


def findings(faults: Iterable[Fault], after: int, positions: Mapping[str, int], table: str) -> list[Finding]:
    """One finding for each kind and column of the contract, of cells below row `after` (the header)."""
    named = {position: name for name, position in positions.items()}
    rows: dict[tuple[str, str], list[int]] = defaultdict(list)
    for fault in faults:
        if fault.row > after and fault.position in named:
            rows[fault.kind, named[fault.position]].append(fault.row)
    return [
        Finding(code=kind, table=table, column=name, count=len(at), rows=tuple(sorted(at)[:FINDING_ROWS]))
        for (kind, name), at in rows.items()
    ]
