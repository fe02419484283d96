"""Homelessness cases: a clean file, and each defect alone."""

from __future__ import annotations

import pytest
from extract_files import POSTCODE, UNKNOWN_POSTCODE, assert_finds, edited, look, named, renamed, text

EXTRACT, NAME = "bdc_housing_hclic", "BDC_HCLIC_2019Q2.csv"


def case(n: int, **more):
    return {
        "case_ref": f"H{n}",
        "dob_or_age": "34",
        "postcode_last_settled": POSTCODE,
        "assessment_date": "10/04/2019",
        "assessment_outcome": "1",
        "reason_loss": "2",
        "accommodation_at_application": "3",
        "employment_status": "2",
        "support_needs": "mental health;drug",
        "prevention_start": "10/04/2019",
        "prevention_end": "05/06/2019",
        "prevention_outcome": "1",
        "relief_start": "",
        "relief_end": "",
        "ta_type": "hostel",
        "hospital_discharge_flag": "none",
    } | more


ROWS = [case(1), case(2), case(3, ta_type="B&B")]
CLEAN = text(ROWS)
EDITS = [
    ("D04", {"postcode_last_settled": UNKNOWN_POSTCODE}, {"POSTCODE_UNMAPPED:postcode_last_settled": 1}),
    ("D07", {"assessment_outcome": "Prevention owed"}, {"VALUE_CODE_LOCAL:assessment_outcome": 1}),
    ("D12", {"reason_loss": "99"}, {"CODE_RETIRED": 1}),
    ("D12", {"assessment_outcome": "7"}, {"VALUE_CODE:assessment_outcome": 1}),
    ("D13", {"ta_type": "Bed and breakfast"}, {"VALUE_CODE_LOCAL:ta_type": 1}),
    ("D13", {"ta_type": "caravan"}, {"VALUE_CODE:ta_type": 1}),
    ("D29", {"prevention_end": "09/04/2019"}, {"DATE_ORDER:prevention_end": 1}),
    ("D29", {"relief_start": "10/06/2019", "relief_end": "09/06/2019"}, {"DATE_ORDER:relief_end": 1}),
    ("D29", {"assessment_date": "01/07/2019"}, {"DATE_ORDER": 1}),
]
FILES = [
    ("D09", text([*ROWS, case(1, assessment_outcome="2")]), {"KEY_DUPLICATE": 1}),
    ("D21 alias", text(renamed(ROWS, case_ref="CaseRef")), {"HEADER_RENAMED": 1}),
    ("D21 missing", text([{k: v for k, v in r.items() if k != "ta_type"} for r in ROWS]),
     {"HEADER_MISSING_COLUMN": 1}),
    ("D24", text(edited(ROWS, support_needs="no\u2019s"), encoding="cp1252"), {"FILE_ENCODING": 1}),
    ("names", text([row | {"applicant_name": "A. Other"} for row in ROWS]),
     {"HEADER_MOVED": 1, "NAME_PRESENT:applicant_name": 3}),
]  # fmt: skip


def test_a_clean_file_is_taken_whole(tmp_path):
    told = look(EXTRACT, NAME, CLEAN, tmp_path)
    assert (told.findings, told.accepted, told.quarantined_rows) == ({}, {EXTRACT: 3}, 0)


@pytest.mark.parametrize(("defect", "fields", "expected"), EDITS)
def test_a_value(defect, fields, expected, tmp_path):
    assert_finds(EXTRACT, NAME, CLEAN, text(edited(ROWS, **fields)), expected, tmp_path)


@pytest.mark.parametrize(("defect", "damaged", "expected"), FILES, ids=named)
def test_a_file(defect, damaged, expected, tmp_path):
    assert_finds(EXTRACT, NAME, CLEAN, damaged, expected, tmp_path)
