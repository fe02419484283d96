"""Child measurements: a clean file, and each defect alone."""

from __future__ import annotations

import pytest
from extract_files import assert_finds, edited, look, named, nhs_number, text

EXTRACT, NAME = "ncc_ncmp", "NCMP_Enhanced_2018-19.csv"


def child(n: int, **more):
    return {
        "NCMPSystemId": f"{n}",
        "PupilReference": f"P{n}",
        "NHSNumber": nhs_number(n),
        "Sex": "F",
        "DateOfBirth": "01/03/2014",
        "AgeInMonths": "62",
        "SchoolYear": "R",
        "NHSEthnicCode": "A",
        "Height": "110.0",
        "Weight": "19.0",
        "Bmi": "15.7",
        "BmiZScore": "0.123",
        "BmiPScore": "0.549",
        "SubmitterLocalAuthorityCode": "511",
        "PupilLowerSuperOutputArea2011": "E01028001",
        "PupilLocalAuthorityCode": "E07000171",
        "SchoolURN": "122600",
    } | more


ROWS = [child(1), child(2), child(3, Sex="M")]
CLEAN = text(ROWS)
EDITS = [
    ("D01", {"NHSNumber": "999 000 0018"}, {"NHS_NUMBER_FORMATTED:nhs_number": 1}),
    ("D03", {"AgeInMonths": "130"}, {"DEMOGRAPHIC_CONFLICT": 1}),
    ("D06", {"DateOfBirth": "2014-03-01"}, {"VALUE_DATE:date_of_birth": 1}),
    ("D08", {"PupilLowerSuperOutputArea2011": "E01034000"}, {"AREA_VINTAGE": 1}),
    ("D12", {"NHSEthnicCode": "AA"}, {"VALUE_CODE:ethnic_category": 1}),
    ("D12", {"SchoolYear": "3"}, {"VALUE_CODE:school_year": 1}),
    ("D20", {"SchoolURN": ""}, {"ORPHAN:school_urn": 1}),
    ("range", {"Height": "1.10"}, {"VALUE_RANGE:height": 1}),
    ("parts", {"Bmi": "25.7"}, {"PARTS_DISAGREE": 1}),
]
FILES = [
    ("D03", text([*ROWS, child(4, NHSNumber=ROWS[0]["NHSNumber"], Sex="M")]), {"DEMOGRAPHIC_CONFLICT": 2}),
    ("names", text([row | {"FirstName": "Ann", "LastName": "Other"} for row in ROWS]),
     {"HEADER_MOVED": 1, "NAME_PRESENT:first_name": 3, "NAME_PRESENT:last_name": 3}),
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
