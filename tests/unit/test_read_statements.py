"""The period that stands in words above a header or in the name of a sheet."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_contracts import contract, read_bytes, rejection, table, workbook

from bassetlaw_pipeline.contracts.model import Layout, PeriodSpec
from bassetlaw_pipeline.intake.read.statements import in_words

NAMES = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "grain", "found"),
    [
        ("June 2019", "month", {date(2019, 6, 1)}),
        ("Activity return, Jun-2019", "month", {date(2019, 6, 1)}),
        ("MSitAE-JUNE-2019", "month", {date(2019, 6, 1)}),
        ("1 June 2019 to 30 June 2019", "month", {date(2019, 6, 1)}),
        ("October to December 2019", "quarter", {date(2019, 10, 1)}),
        ("Oct 2019 - Dec 2019", "quarter", {date(2019, 10, 1)}),
        ("Quarter 4 2019-20", "quarter", {date(2020, 1, 1)}),
        ("2019/20 Q1", "quarter", {date(2019, 4, 1)}),
        # what is no statement about the period of the data
        ("3rd July 2019", "month", set()),
        ("April 2019 to June 2019", "month", set()),
        ("November 2019 to January 2020", "quarter", set()),
        ("October to December 2019", "month", set()),
        ("Published 8 August 2019; data of June 2019", "month", set()),
        ("As at June 2019", "month", set()),
        ("May need 2019 more", "month", set()),
        ("June 2019", "financial_year", set()),
    ],
)
def test_a_text_names_a_period_or_none(text, grain, found):
    assert in_words(text, grain) == found


@given(
    st.dates(date(2010, 1, 1), date(2040, 12, 1)), st.sampled_from(["{m} {y}", "{s} {y}", "for {m}, {y}."])
)
def test_every_month_is_read_back(day, form):
    name = NAMES[day.month - 1]
    text = form.format(m=name, s=name[:3].upper(), y=day.year)
    assert in_words(text, "month") == {day.replace(day=1)}


BOOK = contract(table("Code", "n", layouts=(Layout(sheet=".*"),)), file={"format": "xlsx"})


@pytest.mark.parametrize(
    ("title", "sheet"), [("Period: June 2019", "Data"), ("Return", "June 2019"), ("June 2019", "June 2019")]
)
def test_a_name_and_a_title_of_different_months_are_an_error(title, sheet, tmp_path):
    book = workbook({sheet: [[title], ["Code", "n"], ["a", 1]]})
    found = rejection(book, BOOK, tmp_path, name="visits_201904.xlsx")
    assert found.code == "PERIOD_MISMATCH"
    assert "2019-04-01" in found.detail and "2019-06-01" in found.detail
    assert read_bytes(book, BOOK, tmp_path, name="visits_201906.xlsx").period == date(2019, 6, 1)


@pytest.mark.parametrize("title", [["Produced by", "June 2019"], ["April 2019", "June 2019"], ["2019"]])
def test_other_dates_above_a_header_are_no_error(title, tmp_path):
    book = workbook({"Data": [title, ["Code", "n"], ["a", 1]]})
    assert read_bytes(book, BOOK, tmp_path, name="visits_201904.xlsx").period == date(2019, 4, 1)


def test_the_titles_of_a_text_file_are_read_too(tmp_path):
    to = contract(table("Code", "n"), period=PeriodSpec(source="file_name"))
    found = rejection(b"Visits in May 2019,\nCode,n\na,1\n", to, tmp_path, name="visits_201904.csv")
    assert found.code == "PERIOD_MISMATCH"


def test_the_title_of_another_table_is_an_error(tmp_path):
    to = contract(table("Code", "n", layouts=(Layout(other_title=".*day only.*"),)), file={"format": "xlsx"})
    rows = [["Code", "n"], ["a", 1]]
    day_only = workbook({"Data": [["Beds open day only"], *rows]})
    assert rejection(day_only, to, tmp_path, name="visits_201904.xlsx").code == "TITLE_MISMATCH"
    night = workbook({"Data": [["Beds open overnight"], *rows]})
    assert read_bytes(night, to, tmp_path, name="visits_201904.xlsx").tables[0].rows.num_rows == 1
