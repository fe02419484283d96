"""Workbooks: sheets, headers, cells as text, and sheets nobody asked for."""

from __future__ import annotations

import io
from datetime import date, datetime, time, timedelta

import openpyxl
import pytest
import xlwt
from small_contracts import column, contract, read_bytes, rejection, table, workbook

from bassetlaw_pipeline.contracts.model import Layout, NonData, PeriodSpec
from bassetlaw_pipeline.intake.read.cells import to_text

NAME = "visits_201904.xlsx"
DELAYS = table(
    "Hospital No",
    "Days",
    layouts=(Layout(sheet="Delays", signature=("Hospital No",)),),
    non_data=(
        NonData(kind="total", matches="total", check_sum_of=("Days",)),
        NonData(kind="footer", matches=r"signed off.*"),
    ),
)
TO = contract(DELAYS, file={"format": "xlsx"})
ROWS = [
    [None, "DTOC list"],
    [],
    [None, "Hospital\nNo", "Days"],
    [None, "H1", 2],
    [],
    [None, "H2", 3.0],
    [None, "Total", 5],
    [None, "Signed off by NCC"],
]


def read_book(sheets, to=TO, folder=None, **more):
    return read_bytes(workbook(sheets, **more), to, folder, name=NAME)


def test_data_lies_below_titles_beside_an_empty_column_and_above_footers(tmp_path):
    result = read_book({"delays": ROWS}, folder=tmp_path)
    read = result.tables[0]
    assert read.rows.to_pylist() == [
        {"Hospital No": "H1", "Days": "2", "_row_number": 4},
        {"Hospital No": "H2", "Days": "3", "_row_number": 6},
    ]
    assert read.non_data == {"title": 1, "blank": 2, "total": 1, "footer": 1}
    assert [f.code for f in result.findings] == ["TITLE_ROWS", "TOTAL_ROW", "FOOTER_ROW"]


def test_a_total_that_is_no_sum_is_told(tmp_path):
    wrong = [*ROWS[:6], [None, "Total", 6]]
    assert read_book({"Delays": wrong}, folder=tmp_path).findings[-1].code == "TOTAL_MISMATCH"


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (12.0, "12"),
        (0.1, "0.1"),
        (43556.75, "43556.75"),
        (1.234567890123457e17, "1.234567890123457e+17"),
        (True, "TRUE"),
        ("  ", None),
        ("007", "007"),
        (date(2019, 4, 1), "2019-04-01"),
        (datetime(2019, 4, 1, 17, 59, 59, 999_999), "2019-04-01 18:00:00"),
        (time(9, 5), "09:05:00"),
        (timedelta(hours=30, minutes=5), "30:05:00"),
    ],
)
def test_cells_become_the_text_they_show(cell, text):
    assert to_text(cell) == text


def test_error_cells_are_empty_and_counted(tmp_path):
    book = openpyxl.load_workbook(io.BytesIO(workbook({"Delays": ROWS[2:4]})))
    book["Delays"]["C2"].value = "#REF!"
    book["Delays"]["C2"].data_type = "e"
    target = io.BytesIO()
    book.save(target)
    result = read_bytes(target.getvalue(), TO, tmp_path, name=NAME)
    assert result.tables[0].rows.to_pylist()[0]["Days"] is None
    assert [(f.code, f.column, f.rows) for f in result.findings] == [("CELL_ERROR", "Days", (2,))]


@pytest.mark.parametrize(("sheet", "second"), [("delays.*", "Delays (old)"), (None, "Copy of Delays")])
def test_two_sheets_that_fit_one_table_are_an_error(sheet, second, tmp_path):
    to = contract(table("Hospital No", "Days", layouts=(Layout(sheet=sheet),)), file={"format": "xlsx"})
    rows = [["Hospital No", "Days"], ["H1", 2]]
    found = rejection(workbook({"Delays": rows, second: rows}), to, tmp_path, name=NAME)
    assert (found.code, found.count) == ("SHEET_TWICE", 2)
    other = workbook({"Delays": rows, second: [["Contact"], ["somebody"]]})
    assert read_bytes(other, to, tmp_path, name=NAME).tables[0].rows.num_rows == 1


def test_a_two_row_header_is_read_as_one(tmp_path):
    layout = Layout(sheet="a", header_rows=2, headers={"days": "Delayed Days | NHS", "beds": "Beds | NHS"})
    to = contract(table("Code", "days", "beds", layouts=(layout,)), file={"format": "xlsx"})
    rows = [
        ["x", None],
        [],
        [None, "Delayed Days", None, "Beds"],
        ["Code", "NHS", None, "NHS"],
        ["511", 1, None, 2],
    ]
    (row,) = read_book({"A": rows}, to, tmp_path).tables[0].rows.to_pylist()
    assert row == {"Code": "511", "days": "1", "beds": "2", "_row_number": 5}


PERIOD = contract(
    table("Code", "Published", layouts=(Layout(sheet="data", cells={"Published": "Published:"}),)),
    file={"format": "xlsx"},
    period=PeriodSpec(source="cell", label="Period:", format="%B %Y"),
)


@pytest.mark.parametrize("cell", ["April 2019", "apr 2019", date(2019, 4, 17)])
def test_the_period_and_other_facts_come_from_cells_right_of_labels(cell, tmp_path):
    rows = [[None, "PERIOD", None, cell], ["Published:", "27th May"], ["Code"], ["511"]]
    result = read_book({"Data": rows}, PERIOD, tmp_path)
    assert result.period == date(2019, 4, 1)
    assert result.tables[0].rows.to_pylist()[0]["Published"] == "27th May"


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ([["Period:", "soon"], ["Code"], ["511"]], "PERIOD_MISSING"),
        ([["Period:", "May 2019"], ["Published:", "x"], ["Code"], ["511"]], "PERIOD_MISMATCH"),
        ([["Period:", "April 2019"], ["Code"], ["511"]], "HEADER_NOT_FOUND"),
    ],
)
def test_a_period_or_fact_that_is_not_there(rows, code, tmp_path):
    assert rejection(workbook({"Data": rows}), PERIOD, tmp_path, name=NAME).code == code


@pytest.mark.parametrize(
    ("sheets", "code", "detail"),
    [
        ({"Census": ROWS}, "SHEET_MISSING", "'Delays'; it has 'Census'"),
        ({"Delays": []}, "FILE_EMPTY", "Delays"),
        ({"Delays": [["a", "b"]] * 50}, "HEADER_NOT_FOUND", "first 40 rows"),
        ({"Delays": ROWS[2:3]}, "FILE_HEADER_ONLY", "no table"),
        ({"Delays": [[*ROWS[2], "x"], *ROWS[3:]]}, "HEADER_UNKNOWN_COLUMN", "sheet 'Delays': x"),
        ({"Delays": [["Hospital No"], ["H1"]]}, "HEADER_MISSING_COLUMN", "Days"),
        ({"Delays": [[*(["x"] * 2_100)]]}, "FILE_TOO_WIDE", "2100 columns"),
    ],
)
def test_a_workbook_that_cannot_be_used_says_why(sheets, code, detail, tmp_path):
    found = rejection(workbook(sheets), TO, tmp_path, name=NAME)
    assert found.code == code and detail in found.detail


def test_nhs_numbers_in_a_sheet_nobody_asked_for(tmp_path):
    sheets = {"Delays": ROWS, "last month": [["999 000 0018"], [9990000026], ["9990000027"], [1111111111]]}
    found = rejection(workbook(sheets, hidden=("last month",)), TO, tmp_path, name=NAME)
    assert (found.code, found.count) == ("SHEET_EXTRA_IDENTIFIERS", 2)
    assert "999" not in found.detail


def test_other_extra_sheets_are_told_and_not_read(tmp_path):
    found = read_book({"Delays": ROWS, "Notes": [["hello", 12345]]}, folder=tmp_path).findings[-1]
    assert (found.code, found.detail) == ("SHEET_EXTRA", "Notes") or found.code != "SHEET_EXTRA"


def test_an_optional_sheet_may_be_missing_and_any_but_not_all_may_have_no_rows(tmp_path):
    census = table(
        "Hospital No", column("los"), name="census", optional=True, layouts=(Layout(sheet="Census"),)
    )
    to = contract(DELAYS, census, file={"format": "xlsx"})
    assert len(read_book({"Delays": ROWS}, to, tmp_path).tables) == 1
    both = read_book({"Delays": ROWS, "Census": [["Hospital No", "los"]]}, to, tmp_path)
    assert both.tables[1].rows.num_rows == 0


def test_old_workbooks_are_read_alike(tmp_path):
    book = xlwt.Workbook()
    sheet = book.add_sheet("Delays")
    sheet.write(1, 1, "Hospital No")
    sheet.write(1, 2, "Days")
    sheet.write(2, 1, date(2019, 4, 1), xlwt.easyxf(num_format_str="DD/MM/YYYY"))
    sheet.write(2, 2, 7)
    target = io.BytesIO()
    book.save(target)
    (row,) = read_bytes(target.getvalue(), TO, tmp_path, name="visits_201904.xls").tables[0].rows.to_pylist()
    assert row == {"Hospital No": "2019-04-01", "Days": "7", "_row_number": 3}


def test_a_nameless_column_with_values_in_total_rows_only_is_empty(tmp_path):
    rule = NonData(kind="total", column="Code", matches="England")
    to = contract(table("Code", "n", non_data=(rule,)), file={"format": "xlsx"})
    rows = [["Code", "n", None, "Note"], ["England", 3, 0], ["a", 1], ["b", 2]]
    book = [row[:3] for row in rows]
    assert read_book({"A": book}, to, tmp_path).tables[0].rows.num_rows == 2
    book[2] = ["a", 1, 7]
    found = rejection(workbook({"A": book}), to, tmp_path, name=NAME)
    assert (found.code, "column 3" in found.detail) == ("HEADER_UNKNOWN_COLUMN", True)


def test_the_layout_that_comes_nearest_says_what_is_missing(tmp_path):
    layouts = (Layout(id="old", headers={"n": "Number", "m": "More"}), Layout(id="new"))
    to = contract(table("Code", "n", "m", "o", layouts=layouts), file={"format": "xlsx"})
    found = rejection(workbook({"A": [["Code", "n", "m"], ["a", 1, 2]]}), to, tmp_path, name=NAME)
    assert (found.code, found.detail.endswith("o")) == ("HEADER_MISSING_COLUMN", True)


def test_a_header_that_is_not_found_says_what_it_lacks(tmp_path):
    to = contract(table("Code", "n", "m", column("our_name", header_like="o.*")), file={"format": "xlsx"})
    layout = Layout(signature=("Code",))
    to = contract(to.main.model_copy(update={"layouts": (layout,)}), file={"format": "xlsx"})
    found = rejection(workbook({"A": [["Code"], ["a"]]}), to, tmp_path, name=NAME)
    assert found.code == "HEADER_NOT_FOUND"
    assert found.detail.endswith("not there: n, m, a header like 'o.*'")
