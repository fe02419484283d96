"""Registers and list sizes of practices: clean files of every form, and each defect alone."""

from __future__ import annotations

import pytest
from extract_files import assert_finds, edited, look, named, text


def register(practice: str, code: str = "DEM", **more):
    return {
        "PRACTICE_CODE": practice,
        "GROUP_CODE": code,
        "REGISTER": "40",
        "PATIENT_LIST_TYPE": "TOTAL",
        "PRACTICE_LIST_SIZE": "4000",
    } | more


def listed(practice: str, **more):
    return {
        "PUBLICATION": "GP_PRAC_PAT_LIST",
        "EXTRACT_DATE": "01JAN2021",
        "TYPE": "GP",
        "CCG_CODE": "02Q",
        "ONS_CCG_CODE": "E38000008",
        "CODE": practice,
        "POSTCODE": "S81 0HH",
        "SEX": "ALL",
        "AGE": "ALL",
        "NUMBER_OF_PATIENTS": "30466",
    } | more


def by_age(practice: str, **more):
    row = {
        k: v
        for k, v in listed(practice).items()
        if k not in {"PUBLICATION", "TYPE", "CODE", "CCG_CODE", "ONS_CCG_CODE"}
    }
    return row | {"ORG_CODE": practice, "SUB_ICB_LOCATION_CODE": "02Q", "SEX": "MALE", "AGE": "95+"} | more


def banded(practice: str, commissioner: str = "02Q00", **more):
    return {
        "Regional Office Name": "MIDLANDS",
        "Regional Office Code": "Y54",
        "Area Team Name": "X",
        "Area Team Code": "Q72",
        "PCO Name": "BASSETLAW CCG",
        "PCO Code": commissioner,
        "Practice Name": "LARWOOD SURGERY",
        "Practice Code": practice,
        "Male 0-4": "10",
        "Female 0-4": "11",
        "Male 75+": "12",
        "Female 75+": "13",
    } | more


def by_ccg(name: str, **more):
    return {
        "ccgcode": "02Q",
        "indicator_group": "HF",
        "Register_description": name,
        "disease_register_size": "1000",
        "ccg_listsize": "100000",
        "prevalence": "1.0000",
    } | more


QOF = [register("C84001"), register("C84001", "DEP", PATIENT_LIST_TYPE="18OV"), register("A81001")]
ALL = [listed("C84001"), listed("A81001", CCG_CODE="16C")]
AGES = [by_age("C84001"), by_age("C84001", AGE="0"), by_age("A81001")]
BANDS = [banded("C84001"), banded("F82018", "07L00")]
HEART = [
    by_ccg("Heart Failure"),
    by_ccg("Heart Failure due to LVD", disease_register_size="500", prevalence="0.5"),
]
FORMS = [
    ("nhsd_qof_prevalence", "qof_2020-21_PREVALENCE_2021_v2.csv", QOF, 2, 1),
    ("nhsd_qof_prevalence", "PREVALENCE_1920.csv", QOF, 2, 1),
    ("nhsd_qof_ccg", "qof_2013-14_prevalencebyccg.csv", HEART, 2, 0),
    ("nhsd_gp_list_size", "gp-reg-pat-prac-all.csv", ALL, 1, 1),
    ("nhsd_gp_list_size", "gp-reg-pat-prac-sing-age-male.csv", AGES, 2, 1),
    ("nhsbsa_list_size", "Patient_List_Size_2013_04-06.csv", BANDS, 4, 1),
]
CASES = [
    ("D19", "nhsd_qof_prevalence", QOF, {"REGISTER": "*"}, {"VALUE_MISSING:register_size": 1}),
    ("register", "nhsd_qof_prevalence", QOF, {"REGISTER": "4001"}, {"PARTS_DISAGREE": 1}),
    ("ages", "nhsd_qof_prevalence", QOF, {"PATIENT_LIST_TYPE": "18+"}, {"VALUE_PATTERN:list_type": 1}),
    ("number", "nhsd_qof_prevalence", QOF, {"PRACTICE_LIST_SIZE": "n/a"}, {"VALUE_NUMBER:list_size": 1}),
    ("prevalence", "nhsd_qof_ccg", HEART, {"prevalence": "2.0"}, {"PARTS_DISAGREE": 1}),
    (
        "one register twice",
        "nhsd_qof_ccg",
        HEART,
        {"Register_description": "Heart Failure due to LVD"},
        {"KEY_DUPLICATE": 1},
    ),
    ("date", "nhsd_gp_list_size", ALL, {"EXTRACT_DATE": "31FEB2021"}, {"VALUE_DATE:extract_date": 1}),
    ("sex", "nhsd_gp_list_size", ALL, {"SEX": "M"}, {"VALUE_CODE:sex": 1}),
    ("practice", "nhsbsa_list_size", BANDS, {"Practice Code": "C8400"}, {"VALUE_PATTERN:practice_code": 4}),
    ("number", "nhsbsa_list_size", BANDS, {"Male 75+": "-1"}, {"VALUE_RANGE:patients": 1}),
]
NAMES = {extract: name for extract, name, *_ in reversed(FORMS)}


@pytest.mark.parametrize(("extract", "name", "rows", "accepted", "elsewhere"), FORMS)
def test_every_form_is_taken_and_other_places_are_counted(extract, name, rows, accepted, elsewhere, tmp_path):
    told = look(extract, name, text(rows), tmp_path)
    assert told.accepted == {extract: accepted}
    assert told.findings.get("ROWS_ELSEWHERE", 0) == elsewhere
    assert set(told.findings) <= {"ROWS_ELSEWHERE", "HEADER_RENAMED", "HEADER_MOVED"}


@pytest.mark.parametrize(("defect", "extract", "rows", "change", "expected"), CASES, ids=named)
def test_a_defect(defect, extract, rows, change, expected, tmp_path):
    assert_finds(extract, NAMES[extract], text(rows), text(edited(rows, **change)), expected, tmp_path)
