"""Beds open overnight (KH03): a workbook in the published form, and each defect alone."""

from __future__ import annotations

from datetime import date

import pytest
from extract_files import assert_finds, look, named, workbook

from bassetlaw_pipeline.contracts.load import load_contracts
from bassetlaw_pipeline.intake.discover.inbox import identify
from bassetlaw_pipeline.intake.read import read

EXTRACT, NAME = "nhse_kh03", "Beds-Open-Overnight-Web_File-Final-Q3-2019-20-kg8gu.xlsx"
SECTORS = ["Total ", "General & Acute", "Learning Disabilities", "Maternity", "Mental Illness"]


def book(
    code: str = "RP5", occupied: object = 700, share: object = 0.893, name: str = "DONCASTER", **more
) -> bytes:
    """Titles, two header rows with merged cells and blank columns between, England above the providers."""
    above = ["", "", "", "", "", "", "Available", *[""] * 5, "Occupied", *[""] * 5, "% Occupied", *[""] * 4]
    below = [
        "",
        "Year",
        "Period End",
        "Region Code",
        "Org Code",
        "Org Name",
        *SECTORS,
        "",
        *SECTORS,
        "",
        *SECTORS,
    ]

    def row(region, org, words, beds, taken, part):
        kinds = [beds, beds, "-", 0, 0, None, taken, taken, "-", 0, 0, None, part, part, "-", "-", "-"]
        return [None, "2019-20", "December", region, org, words, *kinds]

    rows = [[None, "Title:", "Average daily available and occupied beds"], [None], above, below]
    rows += [row(None, None, "England", 900, 800, 0.9), [None]]
    rows += [row("Y63", "RCF", "AIREDALE", 300, 200, 0.667), row("Y63", code, name, 784, occupied, share)]
    return workbook(NHS__Trust__by__Sector=rows, **more)


CASES = [
    ("more than there are", {"occupied": 999}, {"PARTS_DISAGREE": 1}),
    (
        "number",
        {"occupied": "full"},
        {"VALUE_NUMBER:occupied_total": 1, "VALUE_NUMBER:occupied_general_acute": 1},
    ),
    ("code", {"code": "RP-5"}, {"VALUE_PATTERN:provider_code": 1}),
    ("provider twice", {"code": "RCF"}, {"KEY_DUPLICATE": 1}),
    ("D18", {"Data__Quality": [["none"]]}, {"SHEET_EXTRA": 1}),
]


def test_a_published_workbook_is_taken_whole(tmp_path):
    told = look(EXTRACT, NAME, book(), tmp_path)
    assert told.accepted == {EXTRACT: 2} and told.quarantined_rows == 0
    assert not {code for code in told.findings if not code.startswith(("VALUE_SUPPRESSED", "TITLE", "TOTAL"))}


def test_the_groups_of_columns_are_told_apart(tmp_path):
    path = tmp_path / NAME
    path.write_bytes(book())
    result = read(identify(path, load_contracts(), "public"))
    assert result.period == date(2019, 10, 1)
    (row,) = [r for r in result.tables[0].rows.to_pylist() if r["provider_code"] == "RP5"]
    found = [row[name] for name in ("available_total", "occupied_total", "occupancy_total")]
    assert found == ["784", "700", "0.893"]


@pytest.mark.parametrize(("defect", "change", "expected"), CASES, ids=named)
def test_a_defect(defect, change, expected, tmp_path):
    assert_finds(EXTRACT, NAME, book(), book(**change), expected, tmp_path)


@pytest.mark.parametrize(
    ("name", "quarter"),
    [
        ("Beds-Open-Overnight-Web_File-Q4-2020-21-Final-1.xlsx", date(2021, 1, 1)),
        ("Beds-Open-Overnight-Web_File-Q1-2025-26-revised.xlsx", date(2025, 4, 1)),
    ],
)
def test_quarters_of_the_financial_year(name, quarter, tmp_path):
    path = tmp_path / name
    path.write_bytes(book())
    arrival = identify(path, load_contracts(), "public")
    assert read(arrival).period == quarter
    assert arrival.revision_rank == ("revised" in name)
