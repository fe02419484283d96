"""Community services: a clean file, and each defect alone."""

from __future__ import annotations

import pytest
from extract_files import UNKNOWN_POSTCODE, assert_finds, edited, look, named, patient, text

EXTRACT, NAME = "nhft_community", "RHA_CSDS_02Q_202005_REFRESH.csv"


def contact(n: int, **more):
    return patient(n) | {
        "service_request_id": f"R{n}",
        "commissioner": "02Q",
        "referral_date": "2020-05-01",
        "referral_time": "10:00:00",
        "source_of_referral": "01",
        "priority": "2",
        "reason": "030",
        "team_type": "51",
        "referral_closure_date": "",
        "closure_reason": "",
        "care_contact_id": f"C{n}",
        "contact_date": "2020-05-01",
        "contact_time": "11:30:00",
        "medium": "01",
        "attended": "5",
        "care_home_resident": "MA01",
    } | more  # fmt: skip


ROWS = [contact(1), contact(2), contact(3, care_contact_id="", contact_date="", contact_time="")]
CLEAN = text(ROWS)
EDITS = [
    ("D01", {"nhs_number": "9990000011"}, {"NHS_NUMBER_CHECK_DIGIT:nhs_number": 1}),
    ("D02", {"nhs_number": ""}, {"NHS_NUMBER_MISSING:nhs_number": 1}),
    ("D04", {"postcode": UNKNOWN_POSTCODE}, {"POSTCODE_UNMAPPED:postcode": 1}),
    ("D06", {"contact_date": "01/05/2020"}, {"VALUE_DATE:contact_date": 1}),
    ("D06", {"referral_date": "2020-02-30"}, {"VALUE_DATE:referral_date": 1}),
    ("D08", {"gp_practice": "C84052"}, {"PRACTICE_CLOSED": 1}),
    ("D10", {"referral_date": "2020-04-02", "contact_date": "2020-04-03"}, {"LATE_ROWS": 1}),
    ("D12", {"team_type": "18"}, {"CODE_RETIRED": 1}),
    ("D12", {"ethnic_category": "A1"}, {"VALUE_CODE:ethnic_category": 1}),
    ("D20", {"care_contact_id": ""}, {"ORPHAN:care_contact_key": 1}),
    ("D27", {"contact_time": "09:00:00"}, {"TIME_ORDER:contact_date, contact_time": 1}),
    ("D29", {"referral_closure_date": "2020-04-30"}, {"DATE_ORDER:referral_closure_date": 1}),
    ("D29", {"referral_closure_date": "9999-12-31"}, {"VALUE_RANGE:referral_closure_date": 1}),
]
FILES = [
    (
        "D03",
        text([*ROWS, contact(4, nhs_number=ROWS[0]["nhs_number"], sex="1")]),
        {"DEMOGRAPHIC_CONFLICT": 2},
    ),
    ("D09", text([*ROWS, contact(1, attended="3")]), {"KEY_DUPLICATE": 1}),
    ("D11", text([*ROWS, ROWS[0]]), {"ROW_DUPLICATE": 1}),
    ("D24", text(edited(ROWS, care_home_resident="£"), encoding="cp1252"), {"FILE_ENCODING": 1}),
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
