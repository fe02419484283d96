"""Editions of a national file: headers that name a year, files without a header, rows about other places."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from small_contracts import arrive, column, contract, read_bytes, rejected, table

from bassetlaw_pipeline.contracts.check import ContractError, check_contracts
from bassetlaw_pipeline.contracts.model import Layout, NonData, PeriodSpec
from bassetlaw_pipeline.intake.read import period, recognises

BY_HEADER = PeriodSpec(source="header", label=r"ccg(?P<year>\d{2})(?:cd|_code)", grain="year")
LOOKUP = contract(
    table(
        column("lsoa", header_like=r"lsoa\d\d(cd|_code)"),
        column("ccg", header_like=r"ccg\d\d(cd|_code)", required=True),
    ),
    period=BY_HEADER,
    file={"names": (r"lookup.*\.csv",)},
)
REGISTER = contract(
    table("code", "opened", layouts=(Layout(stated_header=("Code", "Name", "Opened"), ignored=("Name",)),)),
    period=PeriodSpec(grain="year", undated="received"),
    file={"names": (r"register(?:_(?P<year>\d{4}))?\.csv",)},
)
NEAR = contract(table("code", "n", non_data=(NonData(kind="elsewhere", column="code", unless="C84.*"),)))


@pytest.mark.parametrize("header", [b"lsoa11_code,ccg21_code", b"LSOA21CD,CCG21CD"])
def test_a_header_may_name_its_edition_and_so_the_period(header, tmp_path):
    read = read_bytes(header + b"\nE01,E38\n", LOOKUP, tmp_path, name="lookup.csv")
    assert read.period == date(2021, 1, 1)
    assert read.findings == ()
    assert (read.tables[0].rows["lsoa"].to_pylist(), read.tables[0].rows["ccg"].to_pylist()) == (
        ["E01"],
        ["E38"],
    )


def test_a_header_without_an_edition_is_another_table(tmp_path):
    found = rejected(b"lsoa11_code,ccg_code\nE01,E38\n", LOOKUP, tmp_path, name="lookup.csv")
    assert {f.code for f in found} == {"HEADER_MISSING_COLUMN", "HEADER_UNKNOWN_COLUMN"}


def test_two_editions_of_one_column_are_told(tmp_path):
    found = rejected(b"lsoa11_code,lsoa21_code,ccg21_code\na,b,c\n", LOOKUP, tmp_path, name="lookup.csv")
    assert [f.code for f in found] == ["HEADER_REPEATED_COLUMN"]


def test_a_file_without_a_header_loses_no_row(tmp_path):
    (read,) = read_bytes(b"A1,One,2001\nB2,Two,2002\n", REGISTER, tmp_path, name="register_2015.csv").tables
    assert [(r["code"], r["opened"], r["_row_number"]) for r in read.rows.to_pylist()] == [
        ("A1", "2001", 1),
        ("B2", "2002", 2),
    ]


def test_the_first_row_of_a_file_without_a_header_is_no_header(tmp_path):
    path = tmp_path / "unknown.csv"
    path.write_bytes(b"code,opened,name\n")
    assert not recognises(REGISTER, path)


def test_a_register_without_a_date_is_of_the_year_it_came_in(tmp_path):
    arrival = replace(
        arrive(b"", REGISTER, tmp_path, "register.csv"), received_at=datetime(2024, 7, 1, tzinfo=UTC)
    )
    assert period.of_arrival(arrival) == date(2024, 1, 1)
    assert period.of_arrival(arrive(b"", REGISTER, tmp_path, "register_2015.csv")) == date(2015, 1, 1)


def test_rows_about_other_places_are_counted_and_left_out(tmp_path):
    result = read_bytes(b"code,n\nC84001,1\nA81001,2\n,3\nB82002,4\n", NEAR, tmp_path)
    (read,) = result.tables
    assert read.rows["n"].to_pylist() == ["1", "3"]
    assert read.non_data == {"elsewhere": 2}
    assert read.rows_in_file == 4
    assert [(f.code, f.count) for f in result.findings] == [("ROWS_ELSEWHERE", 2)]


@pytest.mark.parametrize("code", ["\u200bC84001", "'C84001", '"""C84001"""', " C84001\u00a0", "C84\u00ad001"])
def test_a_code_is_cleaned_before_it_is_judged(code, tmp_path):
    data = f"code,n\n{code},1\nA84002,2\n".encode()
    read = read_bytes(data, NEAR, tmp_path).tables[0]
    assert (read.rows.column("n").to_pylist(), read.non_data) == (["1"], {"elsewhere": 1})


def test_a_code_of_letters_and_digits_is_judged_as_such(tmp_path):
    rule = NonData(kind="elsewhere", column="code", unless="C84.*")
    near = contract(table(column("code", clean="code"), "n", non_data=(rule,)))
    read = read_bytes(b"code,n\nc84 024,1\n", near, tmp_path).tables[0]
    assert read.rows.num_rows == 1


@pytest.mark.parametrize(
    "rules",
    [
        (NonData(kind="elsewhere", column="code"),),
        (
            NonData(kind="elsewhere", column="code", unless="C84.*"),
            NonData(kind="total", matches="total", check_sum_of=("n",)),
        ),
    ],
)
def test_what_a_contract_cannot_ask_of_rows_about_other_places(rules):
    with pytest.raises(ContractError, match="elsewhere rows"):
        check_contracts([contract(table(column("code", description="c"), "n", non_data=rules))], frozenset())
