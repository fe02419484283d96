"""Prescribing: a clean file, and each defect alone."""

from __future__ import annotations

import pytest
from extract_files import assert_finds, edited, look, named, text

EXTRACT, NAME = "ccg_prescribing", "EPD_201904_02Q.csv"


def item(**more):
    return {
        "YEAR_MONTH": "201904",
        "REGIONAL_OFFICE_NAME": "MIDLANDS AND EAST",
        "REGIONAL_OFFICE_CODE": "Y61",
        "STP_NAME": "SOUTH YORKSHIRE AND BASSETLAW",
        "STP_CODE": "E54000009",
        "PCO_NAME": "BASSETLAW CCG",
        "PCO_CODE": "02Q00",
        "PRACTICE_NAME": "LARWOOD SURGERY",
        "PRACTICE_CODE": "C84008",
        "ADDRESS_1": "56 LARWOOD AVENUE",
        "ADDRESS_2": "",
        "ADDRESS_3": "WORKSOP",
        "ADDRESS_4": "",
        "POSTCODE": "S81 0HH",
        "BNF_CHEMICAL_SUBSTANCE": "0212000B0",
        "CHEMICAL_SUBSTANCE_BNF_DESCR": "Atorvastatin",
        "BNF_CODE": "0212000B0AAABAB",
        "BNF_DESCRIPTION": "Atorvastatin 20mg tablets",
        "BNF_CHAPTER_PLUS_CODE": "02: Cardiovascular System",
        "QUANTITY": "28",
        "ITEMS": "112",
        "TOTAL_QUANTITY": "3136",
        "ADQUSAGE": "3136.00000",
        "NIC": "98.56",
        "ACTUAL_COST": "92.31540",
        "UNIDENTIFIED": "N",
    } | more


ROWS = [item(), item(QUANTITY="56"), item(PRACTICE_CODE="-", UNIDENTIFIED="Y")]
CLEAN = text(ROWS)
EDITS = [
    ("D07", {"PCO_CODE": "02Q"}, {"VALUE_CODE_LOCAL:pco_code": 1}),
    ("D07", {"PCO_CODE": "02X00"}, {"VALUE_CODE:pco_code": 1}),
    ("D08", {"PRACTICE_CODE": "C84143"}, {"PRACTICE_CLOSED": 1}),
    ("D19", {"NIC": "*"}, {"VALUE_SUPPRESSED:net_ingredient_cost": 1}),
    ("D19", {"ITEMS": "*"}, {"VALUE_NUMBER:items": 1}),
    ("D22", {"ACTUAL_COST": "GBP1.2k"}, {"VALUE_NUMBER:actual_cost": 1}),
    ("period", {"YEAR_MONTH": "201903"}, {"ROW_OTHER_PERIOD:year_month": 1}),
]
FILES = [
    ("D09", text([*ROWS, item(ITEMS="3")]), {"KEY_DUPLICATE": 1}),
    ("D17", CLEAN + b'"Produced by CCG BI"\n', {"FOOTER_ROW": 1}),
    ("D24", text(edited(ROWS, BNF_DESCRIPTION="Cr\xe8me"), encoding="cp1252"), {"FILE_ENCODING": 1}),
]


def test_the_month_of_old_files_has_an_underscore(tmp_path):
    old = text([row | {"YEAR_MONTH": "2016_04"} for row in ROWS])
    told = look(EXTRACT, "EPD_201604_02Q.csv", old, tmp_path)
    assert (told.findings, told.accepted) == ({}, {EXTRACT: 3})


def test_a_clean_file_is_taken_whole(tmp_path):
    told = look(EXTRACT, NAME, CLEAN, tmp_path)
    assert (told.findings, told.accepted, told.quarantined_rows) == ({}, {EXTRACT: 3}, 0)


@pytest.mark.parametrize(("defect", "fields", "expected"), EDITS)
def test_a_value(defect, fields, expected, tmp_path):
    assert_finds(EXTRACT, NAME, CLEAN, text(edited(ROWS, **fields)), expected, tmp_path)


@pytest.mark.parametrize(("defect", "damaged", "expected"), FILES, ids=named)
def test_a_file(defect, damaged, expected, tmp_path):
    assert_finds(EXTRACT, NAME, CLEAN, damaged, expected, tmp_path)
