"""The small dated tables of published figures: of each a clean file, and each defect alone."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from extract_files import Row, assert_finds, edited, look, named, renamed, text


@dataclass(frozen=True)
class Publication:
    """One extract, its file name, and two rows of it."""

    extract: str
    name: str
    rows: tuple[Row, Row]

    @property
    def clean(self) -> bytes:
        return text(list(self.rows))

    def with_(self, **fields) -> bytes:
        return text(edited(list(self.rows), **fields))


def two(first: Row, **second: str) -> tuple[Row, Row]:
    return first, first | second


LIMITS = {"lower_95": "15.6", "upper_95": "23.6", "respondents": "480", "note": ""}
ENGLAND = {"area_code": "E92000001", "area_name": "England"}
PLACE = {"area_code": "E07000171", "area_name": "Bassetlaw"}
CHILDREN = Publication(
    "dwp_children_oow", "dwp_children_oow_2017.csv",
    two({"snapshot_date": "2017-05-31", "area_code": "E05006401", "area_name": "Worksop South East",
         "children": "680", "percent": "", "note": ""}, **ENGLAND, children="1640000", percent="13.4"),
)  # fmt: skip
ACTIVE = Publication(
    "active_lives_la", "active_lives_la_2018.csv",
    two({"survey_year": "Nov 2017 - Nov 2018", **PLACE, "measure": "active", "percent": "19.6", **LIMITS},
        measure="often_always_lonely"),
)  # fmt: skip
SMOKING = Publication(
    "aps_smoking_la",
    "aps_smoking_la_2017.csv",
    two({"year": "2017", **PLACE, "percent": "19.6", **LIMITS}, **ENGLAND),
)
SURVIVAL = Publication(
    "cancer_survival_ccg", "cancer_survival_ccg_2014.csv",
    two({"diagnosis_year": "2014", "area_code": "02Q", "area_name": "NHS Bassetlaw CCG", "percent": "19.6",
         "lower_95": "15.6", "upper_95": "23.6", "patients": "640", "note": ""}, **ENGLAND),
)  # fmt: skip
STAFF = Publication(
    "nhs_staff_survey", "nhs_staff_survey_2018.csv",
    two({"survey_year": "2018", "org_code": "RP5", "org_name": "The trust", "theme": "Staff engagement",
         "score": "6.9", "lower_95": "6.8", "upper_95": "7.0", "respondents": "2400", "note": ""},
        org_code="RHA"),
)  # fmt: skip
DEATHS = Publication(
    "ons_deaths_england", "ons_deaths_england_2018.csv",
    two({"year": "2018", "cause_group": "circulatory", "sex": "male", "age_band": "70-74", "deaths": "6900",
         "population": "1300000", "note": ""}, sex="female"),
)  # fmt: skip
ALL = [CHILDREN, ACTIVE, SMOKING, SURVIVAL, STAFF, DEATHS]
EDITS = [
    (CHILDREN, "D06", {"snapshot_date": "31-May-17"}, {"VALUE_DATE:snapshot_date": 1}),
    (CHILDREN, "period", {"snapshot_date": "2016-05-31"}, {"ROW_OTHER_PERIOD:snapshot_date": 1}),
    (CHILDREN, "D19", {"children": "*"}, {"VALUE_SUPPRESSED:children": 1}),
    (CHILDREN, "rounding", {"children": "683"}, {"COUNT_NOT_ROUNDED": 1}),
    (CHILDREN, "D22", {"children": "1,680"}, {}),
    (ACTIVE, "D13", {"measure": "Often/always"}, {"VALUE_CODE_LOCAL:measure": 1, "KEY_DUPLICATE": 1}),
    (ACTIVE, "D13", {"measure": "activ"}, {"VALUE_CODE:measure": 1}),
    (ACTIVE, "period", {"survey_year": "Nov 2016 - Nov 2017"}, {"ROW_OTHER_PERIOD:survey_year": 1}),
    (ACTIVE, "D19", {"percent": ".."}, {"VALUE_SUPPRESSED:value": 1}),
    (SMOKING, "D22", {"percent": "19.6%"}, {}),
    (SMOKING, "D22", {"percent": "one in five"}, {"VALUE_NUMBER:value": 1}),
    (SMOKING, "range", {"percent": "196"}, {"VALUE_RANGE:value": 1}),
    (SMOKING, "D19", {"percent": "[x]"}, {"VALUE_SUPPRESSED:value": 1}),
    (SMOKING, "limits", {"lower_95": "20.1"}, {"LIMITS_DISAGREE": 1}),
    (SURVIVAL, "D07", {"area_code": "E38000008"}, {"VALUE_CODE_LOCAL:area_code": 1}),
    (SURVIVAL, "D07", {"area_code": "BASSETLAW"}, {"VALUE_PATTERN:area_code": 1}),
    (SURVIVAL, "D19", {"percent": "c"}, {"VALUE_SUPPRESSED:value": 1}),
    (STAFF, "D13", {"theme": "engagement"}, {"VALUE_CODE_LOCAL:theme": 1}),
    (STAFF, "D19", {"score": "-"}, {"VALUE_SUPPRESSED:value": 1}),
    (STAFF, "base", {"respondents": "9"}, {"BASE_TOO_SMALL:value, ci95_lower, ci95_upper": 1}),
    (STAFF, "range", {"score": "69"}, {"VALUE_RANGE:value": 1}),
    (DEATHS, "period", {"year": "2017"}, {"ROW_OTHER_PERIOD:year": 1}),
    (DEATHS, "impossible", {"deaths": "1300001"}, {"DEATHS_EXCEED_PEOPLE:deaths, population": 1}),
    (DEATHS, "D13", {"sex": "persons"}, {"VALUE_CODE:sex": 1}),
    (DEATHS, "D22", {"deaths": "6,900"}, {}),
]
FILES = [
    (p, defect, make(p), expected)
    for p in ALL
    for defect, make, expected in [
        ("D11", lambda p: text([*p.rows, p.rows[0]]), {"ROW_DUPLICATE": 1}),
        ("D17", lambda p: p.clean + b"Source: as published\n", {"FOOTER_ROW": 1}),
        ("D21", lambda p: text(renamed(list(p.rows), note="remark")),
         {"HEADER_MISSING_COLUMN": 1, "HEADER_UNKNOWN_COLUMN": 1}),
        ("D24", lambda p: text(edited(list(p.rows), note="\xa3"), encoding="cp1252"), {"FILE_ENCODING": 1}),
    ]
]  # fmt: skip


@pytest.mark.parametrize("publication", ALL, ids=lambda p: p.extract)
def test_a_clean_file_is_taken_whole(publication, tmp_path):
    told = look(publication.extract, publication.name, publication.clean, tmp_path)
    assert (told.findings, told.accepted, told.quarantined_rows) == ({}, {publication.extract: 2}, 0)


@pytest.mark.parametrize(("publication", "defect", "fields", "expected"), EDITS)
def test_a_value(publication, defect, fields, expected, tmp_path):
    damaged = publication.with_(**fields)
    assert_finds(publication.extract, publication.name, publication.clean, damaged, expected, tmp_path)


@pytest.mark.parametrize(("publication", "defect", "damaged", "expected"), FILES, ids=named)
def test_a_file(publication, defect, damaged, expected, tmp_path):
    assert_finds(publication.extract, publication.name, publication.clean, damaged, expected, tmp_path)
