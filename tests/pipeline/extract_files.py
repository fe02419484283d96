"""Files of one extract, clean or with one defect, and what reading and conforming them finds.

The defects stand in test_extract_*.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl

from bassetlaw_pipeline.contracts.load import load_contracts
from bassetlaw_pipeline.intake.cast.pseudonym import Key
from bassetlaw_pipeline.intake.delivery import read_and_cast
from bassetlaw_pipeline.intake.discover.inbox import identify
from bassetlaw_pipeline.settings import Settings

POSTCODE, LSOA, UNKNOWN_POSTCODE = "S80 1ZZ", "E01028001", "DN22 9QQ"
KEY = Key.from_hex("0" * 63 + "1", "the test")
Row = dict[str, Any]


@dataclass(frozen=True)
class Found:
    """Findings as `CODE` or `CODE:column` with their counts, and rows by table."""

    findings: dict[str, int]
    accepted: dict[str, int]
    quarantined_rows: int
    failed: bool

    def beyond(self, clean: Found) -> dict[str, int]:
        """Findings that the clean file does not have."""
        return {k: n for k, n in self.findings.items() if clean.findings.get(k) != n}


def nhs_number(n: int) -> str:
    """A valid number of the range that is never issued."""
    while True:
        digits = f"999{n:06d}"
        check = (11 - sum(int(d) * w for d, w in zip(digits, range(10, 1, -1), strict=True)) % 11) % 11
        if check < 10:
            return f"{digits}{check}"
        n += 1_000


def patient(n: int, **more: Any) -> Row:
    """The columns most patient-level extracts share."""
    return {
        "local_patient_id": f"RHA{n:05d}",
        "nhs_number": nhs_number(n),
        "nhs_number_status": "01",
        "date_of_birth": "1950-02-03",
        "sex": "2",
        "ethnic_category": "A",
        "postcode": POSTCODE,
        "gp_practice": "C84001",
    } | more


def text(rows: list[Row], delimiter: str = ",", line_end: str = "\n", encoding: str = "utf-8") -> bytes:
    """A delimited file with a header."""
    target = io.StringIO()
    writer = csv.DictWriter(target, rows[0], delimiter=delimiter, lineterminator=line_end)
    writer.writeheader()
    writer.writerows(rows)
    return target.getvalue().encode(encoding)


def workbook(**sheets: list[list[Any]]) -> bytes:
    """An XLSX file; `__` in a sheet name is a blank."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name.replace("__", " "))
        for row in rows:
            sheet.append(row)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def bundle(**members: bytes) -> bytes:
    """A zip file; a member `scores` is scores.csv."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(f"{name}.csv", data)
    return target.getvalue()


def edited(rows: list[Row], at: int = 0, **fields: Any) -> list[Row]:
    """The rows with some fields of one of them changed."""
    return [row | fields if number == at else row for number, row in enumerate(rows)]


def renamed(rows: list[Row], **names: str) -> list[Row]:
    """The rows with some columns under another name."""
    return [{names.get(key, key): value for key, value in row.items()} for row in rows]


def named(value: Any) -> str:
    """The defect's name as the id of a test; files and counts have none."""
    return value if isinstance(value, str) else ""


def look(extract: str, name: str, data: bytes, folder: Path) -> Found:
    """What intake finds in one file."""
    lookup = folder / "postcodes.csv"
    lookup.write_text(f"postcode,lsoa11_code\n{POSTCODE.replace(' ', '')},{LSOA}\n", encoding="utf-8")
    settings = Settings(BASSETLAW_HOME=folder / "home", postcode_lookup=lookup, environment="synthetic")
    contract = load_contracts()[extract]
    inbox, work = folder / "inbox", folder / "work"
    inbox.mkdir(exist_ok=True)
    work.mkdir(exist_ok=True)
    (inbox / name).write_bytes(data)
    arrival = identify(inbox / name, {extract: contract})
    (delivery,) = read_and_cast(contract, [arrival], KEY, settings, work)
    delivery.discard_rows()
    counted: Counter[str] = Counter()
    for finding in delivery.findings:
        counted[f"{finding.code}:{finding.column}" if finding.column else finding.code] += finding.count
    accepted = {table: counts.accepted for table, counts in delivery.tables.items()}
    return Found(dict(counted), accepted, len(delivery.quarantined_rows), delivery.failed)


_clean: dict[tuple[str, bytes], Found] = {}


def assert_finds(
    extract: str, name: str, clean: bytes, damaged: bytes, expected: dict[str, int], folder: Path
) -> Found:
    """The damaged file has exactly the expected findings more than the clean one."""
    if (extract, clean) not in _clean:
        _clean[extract, clean] = look(extract, name, clean, folder)
    told = look(extract, name, damaged, folder)
    found = told.beyond(_clean[extract, clean])
    assert found == expected, f"found {found}, expected {expected}"
    return told
