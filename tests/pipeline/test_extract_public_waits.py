"""Waits, talking therapies, life expectancy and the A&E series of England: clean files, each defect alone."""

from __future__ import annotations

from datetime import date

import pytest
from extract_files import assert_finds, edited, look, named, renamed, text, workbook


def waiting(function: str, total: str, **more):
    return {
        "Region Code": "Y63",
        "Provider Code": "RP5",
        "Provider Name": "DONCASTER AND BASSETLAW",
        "Treatment Function Code": function,
        "Treatment Function": "X",
        ">0-1": "1",
        "104 plus": "-",
        "Total number of incomplete pathways": total,
        "Total within 18 weeks": "10",
        "% within 18 weeks": "60.40%",
        "Average (median) waiting time (in weeks)": "12.1",
        "92nd percentile waiting time (in weeks)": "40",
        "Total 52 plus weeks": "-",
        "Total 78 plus weeks": "-",
        "Total 65 plus weeks": "-",
    } | more


def test_of(number: str, name: str, total: str, **more):
    return {
        "Regional Team Code": "Y63",
        "Regional Team Name": "North East",
        "Provider Code": "RP5",
        "Provider Name": "Doncaster and Bassetlaw",
        "Diagnostic ID": number,
        "Diagnostic Test Name": name,
        " Total Waiting List ": total,
        " Number waiting 6+ Weeks ": "1",
        " Number waiting 13+ Weeks ": "0",
        " Percentage waiting 6+ weeks ": "0.70%",
        " 0 <01 weeks ": "1",
        " 13+ weeks ": "0",
        "": "",
        " Planned tests / procedures ": "5",
        " Unscheduled tests / procedures ": "6",
        " Waiting list tests / procedures (excluding planned) ": "7",
    } | more


test_of.__test__ = False


def therapy(measure: str, value: str, **more):
    return {"sicbl22_code": "E38000008", "date": "July 2022", "name": measure, "value": value} | more


RTT = [waiting("C_100", "1,000"), waiting("C_999", "1,000")]
DM01 = [test_of("1", "MRI", "1,200"), test_of("16", "Total", "1,200")]
TOTALS = [{k: v for k, v in DM01[1].items() if not k.startswith("Diagnostic")}]
IAPT = [therapy("Percentage_Recovery", "52"), therapy("Count_ReferralsReceived", "255")]
RTT_NAME, DM01_NAME = (
    "Incomplete-Provider-Apr24-XLSX-8M-revised.csv",
    "Monthly-Diagnostics-Web-File-Provider-April-2024_X.csv",
)
CASES = [
    (
        "parts",
        "nhse_rtt_provider",
        RTT_NAME,
        RTT,
        {"Total number of incomplete pathways": "999"},
        {"PARTS_DISAGREE": 1},
    ),
    (
        "number",
        "nhse_rtt_provider",
        RTT_NAME,
        RTT,
        {"Total within 18 weeks": "ten"},
        {"VALUE_NUMBER:within_18_weeks": 1},
    ),
    (
        "function",
        "nhse_rtt_provider",
        RTT_NAME,
        RTT,
        {"Treatment Function Code": "100"},
        {"VALUE_PATTERN:function_code": 1},
    ),
    (
        "key",
        "nhse_rtt_provider",
        RTT_NAME,
        RTT,
        {"Treatment Function Code": "C_999", ">0-1": "2"},
        {"ROW_DUPLICATE": 1},
    ),
    (
        "parts",
        "nhse_diagnostics_provider",
        DM01_NAME,
        DM01,
        {" Total Waiting List ": "1"},
        {"PARTS_DISAGREE": 1},
    ),
    (
        "test twice",
        "nhse_diagnostics_provider",
        DM01_NAME,
        DM01,
        {"Diagnostic ID": "16"},
        {"KEY_DUPLICATE": 1},
    ),
    ("D19", "nhsd_iapt_monthly", "iapt_sicbl_2022.csv", IAPT, {"value": "*"}, {"VALUE_SUPPRESSED:value": 1}),
    (
        "month",
        "nhsd_iapt_monthly",
        "iapt_sicbl_2022.csv",
        IAPT,
        {"date": "Juli 2022"},
        {"VALUE_DATE:month": 1},
    ),
    ("per cent", "nhsd_iapt_monthly", "iapt_sicbl_2022.csv", IAPT, {"value": "152"}, {"VALUE_RANGE": 1}),
]


@pytest.mark.parametrize(("defect", "extract", "name", "rows", "change", "expected"), CASES, ids=named)
def test_a_defect(defect, extract, name, rows, change, expected, tmp_path):
    assert_finds(extract, name, text(rows), text(edited(rows, **change)), expected, tmp_path)


def test_a_column_more_in_a_later_year(tmp_path):
    later = [row | {"% 52 plus weeks": "3.50%"} for row in RTT]
    told = look("nhse_rtt_provider", "Incomplete-Provider-Mar25-XLSX-9M-38145.csv", text(later), tmp_path)
    assert (told.accepted, told.quarantined_rows) == ({"nhse_rtt_provider": 2}, 0)


def test_a_dash_of_waiting_times_is_none_and_a_hidden_count_is_empty(tmp_path):
    told = look("nhse_rtt_provider", RTT_NAME, text(RTT), tmp_path)
    assert told.findings["VALUE_CODE_LOCAL:over_52_weeks"] == 2
    assert not any(code.startswith("VALUE_SUPPRESSED") for code in told.findings)


def sheet_of(rows: list[dict]) -> bytes:
    """The workbook a file was saved from: titles, an empty first column, other sheets."""
    table = [[None, *rows[0]], *([None, *row.values()] for row in rows)]
    titles = [[None, "Title:", "Waiting times"], [None, "Period:", "April 2024"], [None]]
    return workbook(Provider=[*titles, *table], IS__Provider=[["x"]])


@pytest.mark.parametrize(
    ("extract", "name", "rows"),
    [
        ("nhse_rtt_provider", "Incomplete-Provider-Apr24-XLSX-8M-revised.xlsx", RTT),
        ("nhse_diagnostics_provider", "Monthly-Diagnostics-Web-File-Provider-April-2024_GG8WA.xls", DM01),
    ],
)
def test_the_workbook_of_a_text_file_says_the_same(extract, name, rows, tmp_path):
    told = look(extract, name, sheet_of(rows), tmp_path)
    assert told.accepted == {extract: 2}
    assert {c for c in told.findings if not c.startswith("VALUE")} <= {
        "TITLE_ROWS",
        "SHEET_EXTRA",
        "HEADER_MOVED",
    }


def test_a_file_of_totals_is_used_as_such(tmp_path):
    name = "Monthly-Diagnostics-Web-File-Provider-September-2024_X.csv"
    assert look("nhse_diagnostics_provider", name, text(TOTALS), tmp_path).accepted == {
        "nhse_diagnostics_provider": 1
    }


def test_providers_stand_in_for_commissioners_and_may_repeat_a_measure(tmp_path):
    rows = renamed([*IAPT, therapy("Percentage_Recovery", "48")], sicbl22_code="nhs_trust22_code")
    rows = [row | {"nhs_trust22_code": "RHA"} for row in rows]
    told = look("nhsd_iapt_monthly", "iapt_provider_2022-07_suppressed.csv", text(rows), tmp_path)
    assert (told.findings, told.accepted) == ({}, {"nhsd_iapt_monthly": 3})


LIFE_HEADER = [
    "Period", "Analysis", "Geography Type", "Code", "Code Name", "Sex", "No of Deaths", "Population",
    "Life Expectancy at birth (in years)", "Lower 95% confidence interval", "Upper 95% confidence interval",
]  # fmt: skip


def life(sex: str = "Females", value: float | None = 80.5, code: str = "E02005835") -> bytes:
    men = [
        "2016 to 2020",
        "LE",
        "2011MSOAs",
        "E02005835",
        "Bassetlaw 012",
        "Males",
        97,
        24214,
        75.0,
        74.0,
        76.0,
    ]
    row = ["2016 to 2020", "LE", "2011MSOAs", code, "Bassetlaw 012", sex, 97, 24214, value, 79.0, 82.0]
    return workbook(Data=[LIFE_HEADER, men, row])


@pytest.mark.parametrize(
    ("defect", "change", "expected"),
    [
        ("outside its interval", {"value": 90.0}, {"PARTS_DISAGREE": 1}),
        ("implausible", {"value": 12.0}, {"VALUE_RANGE:life_expectancy": 1}),
        ("sex", {"sex": "F"}, {"VALUE_CODE:sex": 1}),
        ("area", {"code": "E01028065"}, {"VALUE_PATTERN:msoa_code": 1}),
        ("not published", {"value": None}, {}),
    ],
    ids=named,
)
def test_a_defect_of_life_expectancy(defect, change, expected, tmp_path):
    name = "REQ3292_LifeExpectancy_2011MSOAs_England_2016_to_2020.xlsx"
    assert_finds("ohid_life_expectancy_msoa", name, life(), life(**change), expected, tmp_path)


TYPES = (
    "Type 1 Departments - Major A&E",
    "Type 2 Departments - Single Specialty",
    "Type 3 Departments - Other A&E/Minor Injury Unit",
)


def england(first: float = 10, month: object = date(2024, 10, 1), **more) -> bytes:
    """Titles, two header rows with merged cells, an empty first column, a constant beside the table."""
    blank = [None]
    above = ["", "", "A&E attendances", "", "", "", "Emergency Admissions", *[""] * 11]
    below = ["", "Period", *TYPES, "Total Attendances"]
    below += [f"Emergency Admissions via {t} A&E" for t in ("Type 1", "Type 2", "Type 3 and 4")]
    below += ["Total Emergency Admissions via A&E", "Other Emergency Admissions (i.e not via A&E)"]
    below += ["Total Emergency Admissions"]
    below += [f"Number of patients spending >{n} hours from decision to admit to admission" for n in (4, 12)]
    below += ["", "Operational standard (Performance)", "", 0.95]
    row = [None, month, first, 20.5, 30, 60.5, 1, 1, 1, 3, 2, 5, 4, "-", 0.95, None, None, None]
    other = [None, date(2024, 9, 1), *row[2:]]
    other[2] = 10
    title = [None, "Title:", "A&E Attendances"]
    return workbook(Activity=[blank, title, blank, above, below, other, row], **more)


@pytest.mark.parametrize(
    ("defect", "change", "expected"),
    [
        ("parts", {"first": 99}, {"PARTS_DISAGREE": 1}),
        ("month", {"month": "Oct"}, {"VALUE_DATE:month": 1}),
        ("month twice", {"month": date(2024, 9, 1), "first": 10.25}, {"KEY_DUPLICATE": 1}),
        ("D18", {"Charts": [["x"]]}, {"SHEET_EXTRA": 1}),
    ],
    ids=named,
)
def test_a_defect_of_the_series(defect, change, expected, tmp_path):
    name = "Monthly-AE-Time-Series-October-2024.xls"
    told = assert_finds("nhse_ae_timeseries", name, england(), england(**change), expected, tmp_path)
    assert set(told.accepted) == {"activity"}
