"""Workforce summary: a clean workbook, and each defect alone."""

from __future__ import annotations

import pytest
from extract_files import assert_finds, look, workbook

EXTRACT, NAME = "dbth_workforce", "RP5_ESR_Workforce_2019-04.xlsx"
NURSES, DOCTORS = "Nursing and Midwifery Registered", "Medical and Dental"
HEADER = [
    "Organisation", "Staff group", "Month", "Headcount", "Contracted FTE", "Budgeted FTE", "Vacancy FTE",
    "FTE days available", "FTE days sick", "Leavers",
    "Sickness days 27 Cold, cough, flu", "Sickness days 30 Anxiety/stress", "Leavers 14 Retirement",
    "Leavers 18",
]  # fmt: skip
# The organisation and each staff group are merged over their rows: only the first has the text.
ROWS = [
    HEADER,
    ["RP5", NURSES, "2019-03", 812, 700.5, 740.5, 40, 21000, 945.5, 6, 200, 300.5, 2, 4],
    [None, None, "2019-04", 815, 703, 740, 37, 21090, 930, 4, 190, 310, 1, 3],
    [None, DOCTORS, "2019-03", 200, 190, 185, -5, 5700, 57, 1, 20, 10, 0, 1],
    [None, None, "2019-04", 201, 191, 185, "(6)", "5,730", 60, 0, 25, 12, 0, 0],
]


def book(rows=ROWS) -> bytes:
    return workbook(Workforce=rows)


def changed(line: int, header: str, value):
    at = HEADER.index(header)
    return [[value if (i, j) == (line, at) else v for j, v in enumerate(row)] for i, row in enumerate(ROWS)]


CLEAN = book()
THRICE = 3  # the organisation, month and staff group are read for each of the three tables
CASES = [
    ("D15", [["Workforce return"], [], *ROWS], {"TITLE_ROWS": THRICE}),
    ("D17", [*ROWS, ["Source: ESR data warehouse"]], {"FOOTER_ROW": THRICE}),
    ("D19", changed(3, "Headcount", "<5"), {"VALUE_SUPPRESSED:headcount": 1}),
    ("D19", changed(3, "Leavers 18", "*"), {"VALUE_SUPPRESSED:people": 1}),
    ("D21", changed(0, "Contracted FTE", "Assignment contracted FTE"), {"HEADER_RENAMED": 1}),
    ("D21", changed(0, "Leavers", "Joiners"), {"HEADER_MISSING_COLUMN": 1, "HEADER_UNKNOWN_COLUMN": 1}),
    ("D22", changed(1, "Budgeted FTE", "n.a."), {"VALUE_NUMBER:budgeted_fte": 1}),
    ("D23", changed(0, "Staff group", "ESR staff group"), {"HEADER_RENAMED": THRICE}),
    ("D13", changed(3, "Staff group", "Doctors"), {"VALUE_CODE:staff_group": 2 + 4 + 4}),
    ("D05", changed(2, "Month", 43556), {"VALUE_EXCEL_DATE:period": 1 + 2 + 2}),
    ("parts", changed(1, "FTE days sick", 22000), {"PARTS_DISAGREE": 1}),
    ("key", [*ROWS, [None, DOCTORS, "2019-04", 1, 1, 1, 0, 30, 0, 0, 1, 1, 7, 9]],
     {"KEY_DUPLICATE": 1 + 2 + 2}),
]  # fmt: skip


def test_a_clean_workbook_is_taken_whole(tmp_path):
    told = look(EXTRACT, NAME, CLEAN, tmp_path)
    assert (told.findings, told.quarantined_rows) == ({}, 0)
    assert told.accepted == {EXTRACT: 4, "sickness_reasons": 8, "leaving_reasons": 8}


@pytest.mark.parametrize(("defect", "rows", "expected"), CASES)
def test_a_defect(defect, rows, expected, tmp_path):
    assert_finds(EXTRACT, NAME, CLEAN, book(rows), expected, tmp_path)
