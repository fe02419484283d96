"""Cancer waiting times: a clean file, and each defect alone."""

from __future__ import annotations

import pytest
from extract_files import assert_finds, edited, look, named, nhs_number, text

EXTRACT, NAME = "dbth_cwt", "RP5_CWT_201904.csv"


def stage(n: int, **more):
    return {
        "nhs_number": nhs_number(n),
        "nhs_number_status": "01",
        "patient_pathway_id": f"PPI{n}",
        "ppi_issuer": "RP5",
        "gp_practice": "C84001",
        "priority_type": "3",
        "decision_to_refer_date": "2019-03-20",
        "crtp_start": "2019-03-21",
        "tww_type": "07",
        "date_first_seen": "2019-04-02",
        "wait_adj_first_seen": "0",
        "wait_adj_reason_first": "9",
        "delay_reason_first": "",
        "patient_status": "14",
        "primary_diagnosis": "",
        "fdp_end_date": "2019-04-15",
        "fdp_end_reason": "02",
        "dtt_date": "",
        "treatment_start": "",
        "treatment_event": "",
        "modality": "",
        "wait_adj_treatment": "",
        "delay_reason_rtt": "",
    } | more


TREATED = {
    "patient_status": "08",
    "primary_diagnosis": "C189",
    "fdp_end_reason": "01",
    "dtt_date": "2019-04-18",
}
TREATED |= {"treatment_start": "2019-04-25", "treatment_event": "01", "modality": "23"}
ROWS = [stage(1, **TREATED), stage(2), stage(2, **TREATED)]
CLEAN = text(ROWS)
EDITS = [
    ("D01", {"nhs_number": "9999999999"}, {"NHS_NUMBER_DUMMY:nhs_number": 1}),
    ("D06", {"treatment_start": "25/04/2019"}, {"VALUE_DATE:treatment_start": 1}),
    ("D06", {"treatment_start": "1900-01-01"}, {"VALUE_RANGE:treatment_start": 1}),
    ("D10", {"treatment_start": "2019-03-25", "dtt_date": "2019-03-24", "date_first_seen": "2019-03-22"},
     {"LATE_ROWS": 1}),
    ("D12", {"modality": "18"}, {"CODE_RETIRED": 1}),
    ("D12", {"delay_reason_rtt": "06"}, {"VALUE_CODE:delay_reason_rtt": 1}),
    ("D12", {"patient_status": "99"}, {"VALUE_CODE:patient_status": 1}),
    ("D20", {"crtp_start": ""}, {"ORPHAN:crtp_start": 1}),
    ("D29", {"date_first_seen": "2019-03-01"}, {"DATE_ORDER:date_first_seen": 1}),
    ("D29", {"treatment_start": "2019-04-17"}, {"DATE_ORDER:treatment_start": 1}),
    ("D29", {"fdp_end_date": "2019-03-01"}, {"DATE_ORDER:fdp_end_date": 1}),
]  # fmt: skip
FILES = [("D09", text([*ROWS, stage(2, wait_adj_first_seen="5")]), {"KEY_DUPLICATE": 1})]


def test_a_clean_file_is_taken_whole(tmp_path):
    told = look(EXTRACT, NAME, CLEAN, tmp_path)
    assert (told.findings, told.accepted, told.quarantined_rows) == ({}, {EXTRACT: 3}, 0)


@pytest.mark.parametrize(("defect", "fields", "expected"), EDITS)
def test_a_value(defect, fields, expected, tmp_path):
    assert_finds(EXTRACT, NAME, CLEAN, text(edited(ROWS, **fields)), expected, tmp_path)


@pytest.mark.parametrize(("defect", "damaged", "expected"), FILES, ids=named)
def test_a_file(defect, damaged, expected, tmp_path):
    assert_finds(EXTRACT, NAME, CLEAN, damaged, expected, tmp_path)
