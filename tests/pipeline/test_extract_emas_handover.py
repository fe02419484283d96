"""Ambulance handovers: a clean file, and each defect alone."""

from __future__ import annotations

import pytest
from extract_files import assert_finds, edited, look, named, nhs_number, renamed, text

from bassetlaw_pipeline.contracts.load import load_contracts

EXTRACT, NAME = "emas_handover", "EMAS_RP5BA_Handover_WC_28102019.csv"


def conveyance(n: int, **more):
    return {
        "incident_number": f"1234{n:04d}",
        "vehicle_callsign": "EM1234",
        "nhs_number": nhs_number(n),
        "age": "71",
        "sex": "F",
        "incident_postcode_sector": "S80 1",
        "category": "C2",
        "call_connect": "29/10/2019 10:00",
        "first_on_scene": "29/10/2019 10:15",
        "arrived_at_hospital": "29/10/2019 11:00",
        "handover_time": "29/10/2019 11:20",
        "clear_time": "29/10/2019 11:35",
        "destination": "RP5BA",
        "trusted_assessor_flag": "N",
    } | more


def export(rows):
    return text(rows, line_end="\r\n")


ROWS = [conveyance(1), conveyance(2), conveyance(3, handover_time="")]
CLEAN = export(ROWS)
EDITS = [
    ("D02", {"nhs_number": ""}, {"NHS_NUMBER_MISSING:nhs_number": 1}),
    ("D04", {"incident_postcode_sector": "S80 O"}, {"POSTCODE_UNMAPPED:incident_postcode_sector": 1}),
    ("D05", {"call_connect": "43767.416666667"}, {"VALUE_EXCEL_DATE:call_connect": 1}),
    ("D06", {"arrived_at_hospital": "2019-10-29 11:00"}, {"VALUE_DATE:arrived_at_hospital": 1}),
    ("D07", {"destination": "BDGH"}, {"VALUE_CODE_LOCAL:destination": 1}),
    ("D07", {"destination": "Doncaster"}, {"VALUE_CODE:destination": 1}),
    ("D13", {"sex": "femail"}, {"VALUE_CODE_LOCAL:sex": 1}),
    ("D27", {"handover_time": "29/10/2019 10:59"}, {"TIME_ORDER:handover_time": 1}),
    ("D27", {"handover_time": "30/10/2019 11:01", "clear_time": "30/10/2019 11:05"},
     {"TIME_LONG:handover_time, clear_time": 1}),
    ("D27", {"first_on_scene": "29/10/2019 09:59"}, {"TIME_ORDER:first_on_scene": 1}),
    ("D27", {"clear_time": "29/10/2019 11:10"}, {"TIME_ORDER:clear_time": 1}),
    ("period", {"arrived_at_hospital": "19/11/2019 11:00", "handover_time": "", "clear_time": ""},
     {"ROW_OTHER_PERIOD:arrived_at_hospital": 1}),
]  # fmt: skip
FILES = [
    ("D11 header", CLEAN + CLEAN.splitlines(keepends=True)[0] + export([conveyance(4)]).split(b"\r\n", 1)[1],
     {"REPEATED_HEADER": 1}),
    ("D11 row", export([*ROWS, ROWS[0]]), {"ROW_DUPLICATE": 1}),
    ("D21 alias", export(renamed(ROWS, nhs_number="NHS No")), {"HEADER_RENAMED": 1}),
    ("D21 extra", export([row | {"crew": "A"} for row in ROWS]), {"HEADER_UNKNOWN_COLUMN": 1}),
]  # fmt: skip


def test_an_incident_number_of_the_year_before_is_told_and_kept(tmp_path):
    name = "EMAS_RP5BA_Handover_WC_30122019.csv"
    days = {key: value.replace("29/10/2019", "31/12/2019") for key, value in conveyance(1).items()}
    later = {key: value.replace("29/10/2019", "01/01/2020") for key, value in conveyance(1).items()}
    told = look(EXTRACT, name, export([days, later]), tmp_path)
    assert (told.findings, told.accepted) == ({"IDENTIFIER_REUSED": 1}, {EXTRACT: 2})


def test_a_clean_file_is_taken_whole(tmp_path):
    told = look(EXTRACT, NAME, CLEAN, tmp_path)
    assert (told.findings, told.accepted, told.quarantined_rows) == ({}, {EXTRACT: 3}, 0)


@pytest.mark.parametrize(("defect", "fields", "expected"), EDITS)
def test_a_value(defect, fields, expected, tmp_path):
    assert_finds(EXTRACT, NAME, CLEAN, export(edited(ROWS, **fields)), expected, tmp_path)


@pytest.mark.parametrize(("defect", "damaged", "expected"), FILES, ids=named)
def test_a_file(defect, damaged, expected, tmp_path):
    assert_finds(EXTRACT, NAME, CLEAN, damaged, expected, tmp_path)


def test_the_hospital_keys_an_ambulance_call_as_we_do():
    ecds, ours = load_contracts()["dbth_ecds"], load_contracts()[EXTRACT]
    theirs = ecds.main.by_name["ambulance_call_id"]
    own = ours.main.by_name["incident_number"]
    assert (theirs.transform.domain, theirs.transform.organisation) == (
        own.transform.domain,
        ours.file.organisation,
    )
    assert theirs.pad == own.pad
