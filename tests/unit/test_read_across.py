"""What tables of one file say of each other, sums of parts of a sheet, and quarters of a financial year."""

from __future__ import annotations

from datetime import date

import pyarrow as pa
import pytest
from small_contracts import column, contract, table

from bassetlaw_pipeline.contracts.check import ContractError, check_contracts
from bassetlaw_pipeline.contracts.model import BelongsTo, NonData, PeriodSpec
from bassetlaw_pipeline.intake.model import FileRejected, ReadTable
from bassetlaw_pipeline.intake.read import across, totals
from bassetlaw_pipeline.intake.read.period import _from_parts

MONTH = PeriodSpec(source="file_name")
CASES = table(column("case"), name="cases")
VISITS = table(
    column("case"),
    column("seen", logical_type="date", formats=("%d/%m/%Y",)),
    belongs_to=BelongsTo(table="cases", column="case"),
    dated_by="seen",
)


def read(of, **columns) -> ReadTable:
    rows = {name: pa.array(texts, pa.string()) for name, texts in columns.items()}
    numbers = range(2, 2 + len(next(iter(columns.values()))))
    return ReadTable(of, pa.table(rows | {"_row_number": pa.array(numbers, pa.int64())}), "default")


def test_rows_without_their_parent_are_counted():
    cases = read(CASES, case=["1", "2 "])
    visits = read(VISITS, case=[" 1", "2", "3", None], seen=[None] * 4)
    (found,) = across.orphans((cases, visits))
    assert (found.code, found.count, found.rows, found.table) == ("ORPHAN", 1, (4,), "visits")
    assert across.orphans((visits,)) == []


def test_the_newest_date_of_a_table_lies_in_the_period():
    visits = read(VISITS, case=["1"] * 3, seen=["31/03/2019", "02/04/2019", "no date"])
    across.check_periods((visits,), MONTH, date(2019, 4, 1))
    with pytest.raises(FileRejected) as caught:
        across.check_periods((visits,), MONTH, date(2019, 5, 1))
    assert [f.code for f in caught.value.findings] == ["PERIOD_MISMATCH"]


@pytest.mark.parametrize(
    ("visits", "words"),
    [
        (
            table("case", belongs_to=BelongsTo(table="case", column="case"), name="v"),
            "unknown column case.case",
        ),
        (table("case", dated_by="seen", name="v"), "dated by unknown column 'seen'"),
        (table("case", event_date="case", name="v"), "event date 'case' is no date"),
        (table("case", belongs_to=BelongsTo(table="cases", column="case", code="NO"), name="v"), "'NO'"),
    ],
)
def test_a_contract_names_what_exists(visits, words):
    described = [
        t.model_copy(update={"columns": (column("case", description="Case."),)}) for t in (CASES, visits)
    ]
    with pytest.raises(ContractError, match=words):
        check_contracts([contract(*described)], frozenset({"ORPHAN"}))


@pytest.mark.parametrize(
    ("sums", "cells", "total_rows", "wrong"),
    [
        ("above", ["1", "2", "4"], {3.5: "3", 5.5: "4"}, ()),
        ("above", ["1", "2", "4"], {3.5: "3", 5.5: "7"}, (5,)),
        ("all", ["1", "2", "4"], {5.5: "7"}, ()),
        ("all", ["1", "*", "4"], {5.5: "9"}, ()),
        ("all", ["1", "*", "4"], {5.5: "4"}, (5,)),
        ("all", ["1", None, "4"], {5.5: "9"}, (5,)),
    ],
)
def test_a_total_adds_up_its_rows(sums, cells, total_rows, wrong):
    def rows(texts: dict[float, str | None]) -> pa.Table:
        numbers = [int(n) if float(n).is_integer() else int(n * 2) for n in texts]
        return pa.table({"c0": pa.array(texts.values(), pa.string()), "_row_number": numbers})

    data = rows({2 * n: text for n, text in zip((2, 3, 5), cells, strict=True)})
    rule = NonData(kind="total", check_sum_of=("hours",), sums=sums)
    found = totals.check(rule, rows(total_rows), data, {"hours": [("Hours", 0)]}, "visits")
    assert tuple(row // 2 for f in found for row in f.rows) == wrong


@pytest.mark.parametrize(
    ("year", "quarter", "start"),
    [("2019", "1", date(2019, 1, 1)), ("2019-20", "1", date(2019, 4, 1)), ("2019-20", "4", date(2020, 1, 1))],
)
def test_a_quarter_of_a_financial_year(year, quarter, start):
    spec = PeriodSpec(source="file_name", grain="quarter")
    assert _from_parts({"year": year, "quarter": quarter}, spec) == start
