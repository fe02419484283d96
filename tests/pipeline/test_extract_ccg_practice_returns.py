"""Practice pack: a clean workbook, and each defect alone."""

from __future__ import annotations

import pytest
from extract_files import assert_finds, look, named, nhs_number, workbook

EXTRACT, NAME = "ccg_practice_returns", "Bassetlaw Practice Pack Apr 19.xlsx"
PRACTICES = [("C84001", "Larwood"), ("C84008", "Newgate"), ("C84052", "Misterton")]


def sheet(period: str, **measures) -> list[list]:
    """Titles, two header rows (the upper one merged), practices, a total and a footnote."""
    above, below = [None, None, None], ["Practice code", "Practice name", "Period"]
    for measure in measures:
        above += [measure, None, None]
        below += ["Numerator", "Denominator", "%"]
    rows = [["Bassetlaw practice pack"], ["Period:", "April 2019"], ["Contact:", "CCG BI"], [], above, below]
    for n, (code, name) in enumerate(PRACTICES):
        rows.append([code, name, period])
        for counts in measures.values():
            rows[-1] += [counts[n], 100, f"{counts[n]}.0%"]
    total = [cell for counts in measures.values() for cell in (sum(counts), 100 * len(PRACTICES), None)]
    return [*rows, ["Grand Total", None, None, *total], ["* = fewer than 8"]]


SHEETS = {
    "Screening": sheet("2018-19", breast_53_70=[70, 71, 72], bowel_60_74_ld=[50, 51, 52]),
    "QOF": sheet("2018-19", DEM004=[80, 75, 77]),
    "OP_Firsts": sheet("Apr-19", op_first_gp_ref=[20, 30, 40], op_dna=[8, 9, 10]),
    "GP_Activity": sheet("Q1", home_visits=[11, 12, 13]),
}
FIRST, TOTAL = 6, 9  # rows of the first practice and of the total in a sheet, counted from 0


def book(name: str = "", rows=None, **more) -> bytes:
    return workbook(**SHEETS | ({name: rows} if name else {}) | more)


def changed(name: str, line: int, at: int, value) -> bytes:
    rows = [
        [value if (i, j) == (line, at) else v for j, v in enumerate(row)]
        for i, row in enumerate(SHEETS[name])
    ]
    return book(name, rows)


def without_total(name: str) -> bytes:
    return book(name, SHEETS[name][:TOTAL])


CLEAN = book()
CASES = [
    ("D15", book("QOF", [["Note"], *SHEETS["QOF"]]), {"TITLE_ROWS": 4 * 3 + 1}),
    ("D16", changed("QOF", TOTAL, 3, 999), {"TOTAL_MISMATCH:DEM004 numerator": 1}),
    ("D17", book("QOF", [*SHEETS["QOF"], ["Produced by CCG BI"]]), {"FOOTER_ROW": 5}),
    ("D18 sheet", book(Copy=[["last month"]]), {"SHEET_EXTRA": 1}),
    ("D18 people", book(Pivot=[[nhs_number(9)]]), {"SHEET_EXTRA_IDENTIFIERS": 1}),
    ("D18 missing", workbook(**{k: v for k, v in SHEETS.items() if k != "QOF"}), {"SHEET_MISSING": 1}),
    ("D19", changed("QOF", FIRST, 3, "*"), {"VALUE_SUPPRESSED:numerator": 1}),
    ("D21", changed("QOF", 5, 0, "Prac code"), {"HEADER_RENAMED": 1}),
    ("D21", changed("QOF", 5, 1, "GP lead"), {"HEADER_UNKNOWN_COLUMN": 1}),
    ("D22", changed("QOF", FIRST, 4, "1.0k"), {"VALUE_NUMBER:denominator": 1}),
    ("D12", changed("QOF", 4, 3, "ABC001"), {"VALUE_CODE:measure": 3}),
    ("D23", changed("Screening", 4, 3, "breast_50_70"), {"DEFINITION_OLD": 3}),
    ("parts", changed("QOF", FIRST, 5, "12.0%"), {"PARTS_DISAGREE": 1}),
    ("key", changed("QOF", FIRST + 1, 0, "C84001"), {"KEY_DUPLICATE": 1}),
]


def test_a_clean_workbook_is_taken_whole(tmp_path):
    told = look(EXTRACT, NAME, CLEAN, tmp_path)
    assert told.findings == {"TITLE_ROWS": 12, "TOTAL_ROW": 4, "FOOTER_ROW": 4}
    assert (told.accepted, told.quarantined_rows) == (
        {"screening": 6, "qof": 3, "op_firsts": 6, "gp_activity": 3},
        0,
    )


@pytest.mark.parametrize(("defect", "damaged", "expected"), CASES, ids=named)
def test_a_defect(defect, damaged, expected, tmp_path):
    told = assert_finds(EXTRACT, NAME, CLEAN, damaged, expected, tmp_path) if not _refused(expected) else None
    if told is None:
        told = look(EXTRACT, NAME, damaged, tmp_path)
        assert told.failed
        assert {k: n for k, n in told.findings.items() if k in expected} == expected


def _refused(expected: dict[str, int]) -> bool:
    return any(code.startswith(("SHEET_MISSING", "SHEET_EXTRA_", "HEADER_UNKNOWN")) for code in expected)
