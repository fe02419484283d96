"""Fingertips exports: both forms clean, each defect alone, and genuine exports read as they are."""

from __future__ import annotations

import pytest
from extract_files import assert_finds, edited, look, named, renamed, text

from bassetlaw_pipeline.contracts.load import load_contracts
from bassetlaw_pipeline.intake.discover import inbox

EXTRACT, NAME = "ohid_fingertips", "fingertips_2018.csv"
REGION = "Compared to Region value or percentiles"


def value(**more):
    """A row of the form with 26 columns."""
    return {
        "Indicator ID": "22401",
        "Indicator Name": "Emergency hospital admissions due to falls in people aged 65 and over",
        "Parent Code": "E12000004",
        "Parent Name": "East Midlands region",
        "Area Code": "E10000024",
        "Area Name": "Nottinghamshire",
        "Area Type": "County & UA (pre 4/19)",
        "Sex": "Persons",
        "Age": "65+ yrs",
        "Category Type": "",
        "Category": "",
        "Time period": "2017/18",
        "Value": "2034.51784",
        "Lower CI 95.0 limit": "1970.1",
        "Upper CI 95.0 limit": "2100.4",
        "Lower CI 99.8 limit": "1934.2",
        "Upper CI 99.8 limit": "2139.0",
        "Count": "3780",
        "Denominator": "",
        "Value note": "",
        "Recent Trend": "Cannot be calculated",
        "Compared to England value or percentiles": "Better",
        REGION: "Similar",
        "Time period Sortable": "20170000",
        "New data": "",
        "Compared to goal": "",
    } | more


ENGLAND = {
    "Parent Code": "",
    "Parent Name": "",
    "Area Code": "E92000001",
    "Area Name": "England",
    "Area Type": "England",
}
DECILE = {"Category Type": "County & UA deprivation deciles in England (IMD2015)"}
ROWS = [
    value(),
    value(**ENGLAND),
    value(**ENGLAND, **DECILE, Category="Most deprived decile (IMD2015)", Value=""),
    value(**ENGLAND, **DECILE, Category="Least deprived decile (IMD2015)"),
    value(**{"Indicator ID": "41001", "Time period": "2015 - 17", "Time period Sortable": "20150000"}),
    value(**{"Indicator ID": "247", "Time period": "2018 Q1", "Time period Sortable": "20180100"}),
]
CLEAN = text(ROWS)
PERIODS = [
    "2017", "2017/18", "2015 - 17", "2013 - 2017", "2015/16 - 17/18", "2018 Q1", "2018/19 Q4",
    "May 2018", "31 May 2017", "Nov 2017 - Nov 2018", "Nov 17-18",
]  # fmt: skip
EDITS = [
    ("D13", {"Sex": "femail"}, {"VALUE_CODE:sex": 1}),
    ("D19", {"Value": "*"}, {"VALUE_SUPPRESSED:value": 1}),
    ("D19", {"Count": "<5"}, {"VALUE_SUPPRESSED:count": 1}),
    ("D22", {"Value": "GBP2k"}, {"VALUE_NUMBER:value": 1}),
    ("D06", {"Time period": "a while ago"}, {"VALUE_PATTERN:time_period": 1}),
    ("D06", {"Time period Sortable": "soon"}, {"VALUE_DATE:time_period_sortable": 1}),
    ("key", {"Area Code": ""}, {"VALUE_MISSING:area_code": 1}),
    ("limits", {"Upper CI 95.0 limit": "12"}, {"LIMITS_DISAGREE": 1}),
]
NEWER = [{**row, "Time period range": "1y"} for row in renamed(ROWS, **{REGION: "Compared to percentiles"})]
FILES = [
    ("D09", text([*ROWS, value(Value="9999")]), {"KEY_DUPLICATE": 1}),
    ("D11", text([*ROWS, ROWS[0]]), {"ROW_DUPLICATE": 1}),
    ("D17", CLEAN + b"Source: OHID\n", {"FOOTER_ROW": 1}),
    ("D21", text(renamed(ROWS, Sex="SEX ")), {}),
    ("D21", text(renamed(ROWS, **{REGION: "Compared to CCGs (2019/20) value or percentiles"})), {}),
    ("D21", text(renamed(ROWS, Age="Ages")), {"HEADER_MISSING_COLUMN": 1, "HEADER_UNKNOWN_COLUMN": 1}),
    ("D24", text(edited(ROWS, **{"Area Name": "Caf\xe9"}), encoding="cp1252"), {"FILE_ENCODING": 1}),
]  # fmt: skip


@pytest.mark.parametrize("rows", [ROWS, NEWER], ids=["26 columns", "27 columns"])
def test_a_clean_file_of_either_form_is_taken_whole(rows, tmp_path):
    told = look(EXTRACT, NAME, text(rows), tmp_path)
    assert (told.findings, told.accepted, told.quarantined_rows) == ({}, {EXTRACT: 6}, 0)


@pytest.mark.parametrize("period", PERIODS)
def test_every_wording_of_a_period_is_known(period, tmp_path):
    told = look(EXTRACT, NAME, text([value(**{"Time period": period})]), tmp_path)
    assert (told.findings, told.accepted) == ({}, {EXTRACT: 1})


def test_england_under_two_parents_is_no_mistake(tmp_path):
    twice = text(
        [value(**ENGLAND), value(**ENGLAND | {"Parent Code": "E92000001", "Parent Name": "England"})]
    )
    assert look(EXTRACT, NAME, twice, tmp_path).findings == {}


@pytest.mark.parametrize(("defect", "fields", "expected"), EDITS)
def test_a_value(defect, fields, expected, tmp_path):
    assert_finds(EXTRACT, NAME, CLEAN, text(edited(ROWS, **fields)), expected, tmp_path)


@pytest.mark.parametrize(("defect", "damaged", "expected"), FILES, ids=named)
def test_a_file(defect, damaged, expected, tmp_path):
    assert_finds(EXTRACT, NAME, CLEAN, damaged, expected, tmp_path)


@pytest.mark.parametrize(
    ("name", "rows"),
    [("indicators-DistrictUApre419.data.csv", 2752), ("indicator-data_GP_IMD2019.csv", 6547)],
)
def test_genuine_exports_under_any_name(shared, tmp_path, name, rows):
    genuine = shared / "data/real/03_fingertips" / name
    for given in (name, "my download.csv"):
        copy = tmp_path / given
        copy.write_bytes(genuine.read_bytes())
        assert inbox.identify(copy, load_contracts(), "public").contract.id == EXTRACT
        copy.unlink()
    told = look(EXTRACT, name, genuine.read_bytes(), tmp_path)
    assert (told.findings, told.accepted) == ({}, {EXTRACT: rows})
