"""Adult social care events: a clean file, and each defect alone."""

from __future__ import annotations

import pytest
from extract_files import (
    POSTCODE,
    UNKNOWN_POSTCODE,
    assert_finds,
    edited,
    look,
    named,
    nhs_number,
    renamed,
    text,
)

EXTRACT, NAME = "ncc_asc_cld", "NCC_CLD_20180701_20190630.csv"


def event(n: int, **more):
    return {
        "LA_Code": "511",
        "Reporting_Period_Start_Date": "01/07/2018",
        "Reporting_Period_End_Date": "30/06/2019",
        "NHS_Number": nhs_number(n),
        "LA_Person_Unique_Identifier": f"M{n}",
        "GP_Practice_Code": "C84001",
        "Gender": "Female",
        "Ethnicity": "White: English, Welsh, Scottish, Northern Irish or British",
        "Date_of_Birth": "01/02/1940",
        "Date_of_Death": "",
        "Client_Type": "Service user",
        "Primary_Support_Reason": "Physical Support: Personal care support",
        "Postcode": POSTCODE,
        "Accommodation_Status": "Tenant: Private landlord",
        "Employment_Status": "Retired",
        "Has_Unpaid_Carer": "No",
        "Dementia": "No",
        "Client_Funding_Status": "Fully funded by the council",
        "Event_Type": "Service",
        "Event_Reference": f"E{n}",
        "Event_Start_Date": "05/04/2019",
        "Event_End_Date": "20/05/2019",
        "Event_Description": "",
        "Event_Outcome": "NFA: Support ended as planned",
        "Request_Route_of_Access": "",
        "Assessment_Type": "",
        "Service_Type": "Short term support: ST-Max",
        "Service_Component": "Reablement",
        "Delivery_Mechanism": "CASSR commissioned support",
        "Provider_CQC_Location_ID": "1-123456789",
        "Review_Reason": "",
        "Review_Outcomes_Achieved": "",
        "Unit_Cost": "250.00",
        "Cost_Frequency_Unit_Type": "Weekly",
        "Planned_units_per_week": "1",
    } | more


NO_SERVICE = {"Service_Type": "", "Service_Component": "", "Delivery_Mechanism": ""}
REQUEST = {"Event_Type": "Request", "Request_Route_of_Access": "Discharge from hospital"} | NO_SERVICE
REVIEW = {"Event_Type": "Review", "Review_Reason": "Planned"} | NO_SERVICE
ROWS = [event(1), event(1, **REQUEST), event(2, Event_End_Date=""), event(2, **REVIEW)]
CLEAN = text(ROWS)
EDITS = [
    ("D01", {"NHS_Number": "1234567890"}, {"NHS_NUMBER_DUMMY:nhs_number": 1}),
    ("D02", {"NHS_Number": ""}, {"NHS_NUMBER_MISSING:nhs_number": 1}),
    ("D03", {"Gender": "Male"}, {"DEMOGRAPHIC_CONFLICT": 2}),
    ("D04", {"Postcode": UNKNOWN_POSTCODE}, {"POSTCODE_UNMAPPED:postcode": 1}),
    ("D06", {"Event_Start_Date": "2019-04-05"}, {"VALUE_DATE:event_start_date": 1}),
    ("D06", {"Event_End_Date": "31/12/9999"}, {"VALUE_RANGE:event_end_date": 1}),
    ("D07", {"LA_Code": "E10000024"}, {"VALUE_CODE_LOCAL:la_code": 1}),
    ("D08", {"GP_Practice_Code": "C84143"}, {"PRACTICE_CLOSED": 1}),
    ("D12", {"Service_Component": "Hostel"}, {"VALUE_CODE:service_component": 1}),
    ("D23", {"Event_Outcome": "NFA - Moved to another LA"}, {"VALUE_CODE_LOCAL:event_outcome": 1}),
    ("D23", {"Client_Type": "Carer"}, {"VALUE_CODE_LOCAL:client_type": 1}),
    ("D29", {"Event_End_Date": "01/04/2019"}, {"DATE_ORDER:event_end_date": 1}),
    ("D29", {"Date_of_Death": "01/01/2019"}, {"DATE_ORDER": 1}),
    ("note", {"Event_Description": f"see {nhs_number(77)}"}, {"FREE_TEXT_NHS_NUMBER:event_description": 1}),
    ("period", {"Event_Start_Date": "05/04/2018", "Event_End_Date": "20/05/2018"},
     {"ROW_OTHER_PERIOD:event_end_date": 1}),
]  # fmt: skip
FILES = [
    ("D09", text([*ROWS, event(1, Unit_Cost="1")]), {"KEY_DUPLICATE": 1}),
    ("D20", text([*ROWS, event(3, **REVIEW)]), {"ORPHAN": 1}),
    ("D21", text(renamed(ROWS, NHS_Number="NHS No")), {"HEADER_RENAMED": 1}),
    ("D24", text(edited(ROWS, Event_Description="\u00a310"), encoding="cp1252"), {"FILE_ENCODING": 1}),
    ("D29", text([*ROWS, event(3, Event_End_Date="", **REQUEST)]), {"EVENT_NOT_ENDED": 1}),
]


def test_a_clean_file_is_taken_whole(tmp_path):
    told = look(EXTRACT, NAME, CLEAN, tmp_path)
    assert (told.findings, told.accepted, told.quarantined_rows) == ({}, {EXTRACT: 4}, 0)


@pytest.mark.parametrize(("defect", "fields", "expected"), EDITS)
def test_a_value(defect, fields, expected, tmp_path):
    assert_finds(EXTRACT, NAME, CLEAN, text(edited(ROWS, **fields)), expected, tmp_path)


@pytest.mark.parametrize(("defect", "damaged", "expected"), FILES, ids=named)
def test_a_file(defect, damaged, expected, tmp_path):
    assert_finds(EXTRACT, NAME, CLEAN, damaged, expected, tmp_path)
