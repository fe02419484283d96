"""Mental health contacts: a clean file, and each defect alone."""

from __future__ import annotations

import pytest
from extract_files import assert_finds, edited, look, named, patient, text

EXTRACT, NAME = "nhft_mh_contacts", "RHA_MHSDS_02Q_201904.csv"


def contact(n: int, **more):
    return (
        patient(n)
        | {
            "service_request_id": f"R{n}",
            "referral_date": "2019-04-02T00:00:00",
            "referral_time": "10:15:00",
            "source_of_referral": "H1",
            "response_priority": "1",
            "reason": "15",
            "team_type": "A11",
            "care_contact_id": f"C{n}",
            "contact_date": "2019-04-02T00:00:00",
            "contact_time": "11:00:00",
            "medium": "01",
            "attended": "5",
            "site": "RP5BA",
            "closure_reason": "",
        }
        | more
    )


ROWS = [contact(1), contact(2, referral_date="2019-04-02", contact_date="2019-04-02")]
ROWS.append(contact(3, care_contact_id="", contact_date="", contact_time=""))
CLEAN = text(ROWS)
EDITS = [
    ("D01", {"nhs_number": "999"}, {"NHS_NUMBER_LENGTH:nhs_number": 1}),
    ("D06", {"contact_date": "02-Apr-19"}, {"VALUE_DATE:contact_date": 1}),
    ("D07", {"site": "BDGH"}, {"VALUE_CODE_LOCAL:site": 1}),
    ("D10", {"referral_date": "2019-03-30", "contact_date": "2019-03-31"}, {"LATE_ROWS": 1}),
    ("D12", {"team_type": "A03"}, {"CODE_RETIRED": 1}),
    ("D12", {"source_of_referral": "Z9"}, {"VALUE_PATTERN:source_of_referral": 1}),
    ("D20", {"care_contact_id": ""}, {"ORPHAN:care_contact_key": 1}),
    ("D29", {"contact_date": "2019-04-01"}, {"DATE_ORDER:contact_date, contact_time": 1}),
]
FILES = [
    ("D09", text([*ROWS, contact(1, attended="3")]), {"KEY_DUPLICATE": 1}),
    ("D24", text(edited(ROWS, ethnic_category="£"), encoding="cp1252"), {"FILE_ENCODING": 1}),
]


def test_a_clean_file_is_taken_whole(tmp_path):
    told = look(EXTRACT, NAME, CLEAN, tmp_path)
    assert (told.findings, told.accepted, told.quarantined_rows) == ({}, {EXTRACT: 3}, 0)


@pytest.mark.parametrize(("defect", "fields", "expected"), EDITS)
def test_a_value(defect, fields, expected, tmp_path):
    assert_finds(EXTRACT, NAME, CLEAN, text(edited(ROWS, **fields)), expected, tmp_path)


@pytest.mark.parametrize(("defect", "damaged", "expected"), FILES, ids=named)
def test_a_file(defect, damaged, expected, tmp_path):
    assert_finds(EXTRACT, NAME, CLEAN, damaged, expected, tmp_path)
