"""Deliveries that are not new, or unlike those before them: over all contracts that can have the fault."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from bassetlaw_pipeline.contracts.derive_stub import landed_schema
from bassetlaw_pipeline.contracts.load import load_contracts
from bassetlaw_pipeline.contracts.model import Comparison, Contract, Table
from bassetlaw_pipeline.contracts.references import load_references
from bassetlaw_pipeline.intake.model import Finding, Receipt, TableCounts
from bassetlaw_pipeline.intake.reasons import load_reasons
from bassetlaw_pipeline.intake.validate import earlier, fallen, known_codes, repeated
from bassetlaw_pipeline.intake.validate.earlier import Known
from bassetlaw_pipeline.settings import DataHome

CONTRACTS = load_contracts()
MONTHS = [date(2019, month, 1) for month in (1, 4, 7, 10)]
ROWS = 24
Values = Callable[[int, str], float]


def rising(row: int, column: str) -> float:
    return 100 + row


def written(
    contract: Contract, table: Table, folder: Path, start: date, day: int, values: Values = rising,
    rows: int = ROWS, counts: dict[str, int] | None = None,
) -> Known:  # fmt: skip
    """A delivery whose texts name the row, and whose numbers are given by row and column."""
    name = f"{contract.id}-{start}-{day}"
    schema = landed_schema(table)
    named = set(table.key) | set(contract.resubmission.by)
    lines = [
        {f.name: _value(f, row, start, f.name in named, values) for f in schema}
        | {"_delivery_id": name, "_period_start": start}
        for row in range(rows)
    ]
    file = folder / f"{table.name}-{name}.parquet"
    pq.write_table(pa.Table.from_pylist(lines, schema=schema), file)
    counted = TableCounts(rows_in=rows, accepted=rows, quarantined=0, non_data=counts or {})
    edition = (0, datetime(2020, 1, day, tzinfo=UTC), name)
    return Known(name, edition, frozenset({start}), rows, {table.name: counted}, {table.name: file})


def _value(field: pa.Field, row: int, start: date, is_name: bool, values: Values):
    if pa.types.is_date(field.type):
        return start
    if pa.types.is_timestamp(field.type):
        return datetime(start.year, start.month, 1)
    if pa.types.is_string(field.type):
        return f"X{row:03d}"
    if pa.types.is_integer(field.type) or pa.types.is_floating(field.type):
        return row if is_name else values(row, field.name)
    return None


def with_outcome(found: dict[str, list[Finding]], delivery: Known) -> list[Finding]:
    return found.get(delivery.delivery_id, [])


REPEATING = [
    (c.id, t.name)
    for c in CONTRACTS.values()
    if c.comparison.repeated_period != "allowed"
    for t in c.tables
    if repeated._can_repeat(t) and c.resubmission.mode != "snapshot"
]


@pytest.mark.parametrize(("extract", "table"), REPEATING)
def test_a_period_whose_every_figure_equals_another_is_told_with_both(extract, table, tmp_path):
    contract = CONTRACTS[extract]
    own = next(t for t in contract.tables if t.name == table)
    january, april = (written(contract, own, tmp_path, m, n + 1) for n, m in enumerate(MONTHS[:2]))
    [finding] = with_outcome(repeated.find(contract, [april], [january]), april)
    assert (finding.code, finding.detail) == ("PERIOD_REPEATED", "2019-04-01 equals 2019-01-01")
    assert repeated.find(contract, [january], [april]) == {}  # of what came later nothing is known
    again = written(contract, own, tmp_path, MONTHS[0], 9)
    assert repeated.find(contract, [again], [january]) == {}  # a period may come again as it was


@pytest.mark.parametrize(("extract", "table"), REPEATING)
def test_one_other_figure_or_a_short_table_is_no_repetition(extract, table, tmp_path):
    contract = CONTRACTS[extract]
    own = next(t for t in contract.tables if t.name == table)
    january = written(contract, own, tmp_path, MONTHS[0], 1)
    if repeated._figures(own):
        other = written(contract, own, tmp_path, MONTHS[1], 2, lambda row, c: 100 + row + (row == 3))
        assert repeated.find(contract, [other], [january]) == {}
    flat = [
        written(contract, own, tmp_path, m, n + 3, lambda row, c: 0, rows=5) for n, m in enumerate(MONTHS[:2])
    ]
    assert repeated.find(contract, flat[1:], flat[:1]) == {}


def test_the_contract_declares_what_a_repetition_is():
    found = [Finding(code="PERIOD_REPEATED")]
    assert [f.outcome for f in earlier.with_outcome("reject", found)] == ["reject"]
    assert earlier.with_outcome("allowed", found) == []


FALLING = [
    (c.id, t.name)
    for c in CONTRACTS.values()
    if c.comparison.fell_to_nothing != "allowed"
    for t in c.tables
    if fallen._names(c, t) and fallen._figures(t)
]


@pytest.mark.parametrize(("extract", "table"), FALLING)
def test_a_code_that_stands_with_zero_where_it_had_values_is_told(extract, table, tmp_path):
    contract = CONTRACTS[extract]
    own = next(t for t in contract.tables if t.name == table)
    column = fallen._figures(own)[0]
    before = [written(contract, own, tmp_path, m, n + 1) for n, m in enumerate(MONTHS[:3])]
    zero = lambda row, name: 0 if (row, name) == (3, column.lands_as) else 100 + row  # noqa: E731
    now = written(contract, own, tmp_path, MONTHS[3], 9, zero)
    [finding] = with_outcome(fallen.find(contract, [now], before), now)
    assert (finding.code, finding.column, finding.count) == ("FELL_TO_NOTHING", column.name, 1)
    assert finding.detail and all(word in ("3", "X003") for word in finding.detail.split())
    fine = replace(now, **vars(written(contract, own, tmp_path, MONTHS[3], 10)))
    assert fallen.find(contract, [fine], before) == {}


def test_dashes_are_told_where_nothing_else_stands(tmp_path):
    contract, table = CONTRACTS["nhse_kh03"], CONTRACTS["nhse_kh03"].main
    before = [written(contract, table, tmp_path, MONTHS[0], 1)]
    dashes = written(contract, table, tmp_path, MONTHS[1], 2, lambda row, c: None if row == 7 else 100)
    found = with_outcome(fallen.find(contract, [dashes], before), dashes)
    assert {f.detail for f in found} == {"X007"} and len(found) == len(fallen._figures(table))
    one = lambda row, c: None if (row, c) == (7, "available_total") else 100  # noqa: E731
    assert fallen.find(contract, [written(contract, table, tmp_path, MONTHS[1], 3, one)], before) == {}


@pytest.mark.parametrize("earlier_value", [5, 19])
def test_small_figures_may_fall_to_zero(earlier_value, tmp_path):
    contract, table = CONTRACTS["nhse_kh03"], CONTRACTS["nhse_kh03"].main
    before = [written(contract, table, tmp_path, MONTHS[0], 1, lambda row, c: earlier_value)]
    now = written(contract, table, tmp_path, MONTHS[1], 2, lambda row, c: 0 if row == 2 else 7)
    assert fallen.find(contract, [now], before) == {}


def rows_only(contract: Contract, n: int, table: str, **kinds: int) -> Known:
    start, rows = date(2019, n, 1), kinds.pop("rows", 100)
    accepted = kinds.pop("accepted", rows)
    counts = {table: TableCounts(rows_in=rows, accepted=accepted, quarantined=0, non_data=kinds)}
    edition = (0, datetime(2020, n, 1, tzinfo=UTC), f"d{n}")
    return Known(f"d{n}", edition, frozenset({start}), rows, counts, layouts=("a",))


def codes(contract: Contract, delivery: Known, before: list[Known]) -> list[str]:
    return [f.code for f in earlier.compare(contract, delivery, before)]


WITH_TOTALS = [
    (c.id, t.name) for c in CONTRACTS.values() for t in c.tables if any(r.kind == "total" for r in t.non_data)
]


@pytest.mark.parametrize(("extract", "table"), WITH_TOTALS)
def test_a_total_row_that_every_file_before_had_is_missed(extract, table):
    contract = CONTRACTS[extract]
    before = [rows_only(contract, n, table, total=1) for n in (1, 2, 3)]
    cut = rows_only(contract, 4, table)
    assert codes(contract, cut, before) == ["TOTAL_ROW_MISSING"]
    assert codes(contract, rows_only(contract, 4, table, total=1), before) == []
    assert codes(contract, cut, before[:1]) == []  # one file is no custom
    assert codes(contract, cut, [rows_only(contract, 1, table), *before[1:]]) == []


ELSEWHERE = [
    (c.id, t.name)
    for c in CONTRACTS.values()
    for t in c.tables
    if any(r.kind == "elsewhere" for r in t.non_data)
]


@pytest.mark.parametrize(("extract", "table"), ELSEWHERE)
@pytest.mark.parametrize(("elsewhere", "accepted", "found"), [
    (1000, 8, False), (1080, 8, False), (1200, 8, True), (1002, 5, True), (1001, 7, False),
])  # fmt: skip
def test_rows_that_go_elsewhere_all_at_once_are_told(extract, table, elsewhere, accepted, found):
    contract = CONTRACTS[extract]
    before = [rows_only(contract, n, table, rows=1008, accepted=8, elsewhere=1000) for n in (1, 2)]
    now = rows_only(contract, 3, table, rows=elsewhere + accepted, accepted=accepted, elsewhere=elsewhere)
    assert codes(contract, now, before) == ["ROWS_ELSEWHERE_MORE"] * found


@pytest.mark.parametrize("extract", [c.id for c in CONTRACTS.values()])
def test_a_short_table_that_is_always_as_long_may_not_halve_unseen(extract):
    contract, table = CONTRACTS[extract], CONTRACTS[extract].main.name
    before = [rows_only(contract, n, table, rows=rows) for n, rows in ((1, 10), (2, 11), (3, 10))]
    assert codes(contract, rows_only(contract, 4, table, rows=4), before) == ["VOLUME_FELL"]
    assert codes(contract, rows_only(contract, 4, table, rows=6), before) == []
    assert codes(contract, rows_only(contract, 4, table, rows=4), before[:2]) == []


REFERRING = [
    (c.id, t.name, column.name)
    for c in CONTRACTS.values()
    for t in c.tables
    for column in t.columns
    if column.reference
]


def listed(home: DataHome, reference: str, day: int, codes: list[dict]) -> None:
    """A delivery of the first feed of a reference."""
    codes_of = load_references()[reference].lists[0]
    feed = CONTRACTS[codes_of.extract]
    table, name = feed.main, f"list-{day}"
    folder = home.accepted / feed.partner / feed.id / name
    folder.mkdir(parents=True)
    lines = [{"_delivery_id": name, codes_of.column: row.pop("code")} | row for row in map(dict, codes)]
    pq.write_table(pa.Table.from_pylist(lines, schema=landed_schema(table)), folder / feed.rows_file(table))
    counts = TableCounts(rows_in=len(codes), accepted=len(codes), quarantined=0)
    receipt = Receipt(
        delivery_id=name, partner=feed.partner, extract=feed.id, file_name="a.csv", sha256="a" * 64, bytes=1,
        received_at=datetime(2020, 1, day, tzinfo=UTC), verdict="accepted", tables={table.name: counts},
    )  # fmt: skip
    (folder / "receipt.json").write_text(receipt.model_dump_json(), encoding="utf-8")


@pytest.mark.parametrize(("extract", "table", "column"), REFERRING)
def test_codes_that_the_delivered_list_does_not_know_are_told(extract, table, column, tmp_path):
    contract = CONTRACTS[extract]
    own = next(t for t in contract.tables if t.name == table)
    home = DataHome(tmp_path / "home")
    now = written(contract, own, tmp_path, MONTHS[1], 10, rows=3)
    find = lambda: with_outcome(known_codes.find(contract, [now], home, CONTRACTS), now)  # noqa: E731
    assert find() == []  # no list has been delivered: nothing is known
    listed(home, own.by_name[column].reference, 20, [{"code": "X000"}])
    assert find() == []  # it came later
    listed(home, own.by_name[column].reference, 5, [{"code": "X000"}, {"code": "X001"}])
    mine = [f for f in find() if f.column == column]
    assert [(f.code, f.count) for f in mine] == [("CODE_UNKNOWN", 1)] and mine[0].detail.endswith(": X002")


def test_a_practice_is_known_only_while_it_is_open(tmp_path):
    contract = CONTRACTS["nhft_mh_contacts"]
    home, now = DataHome(tmp_path / "home"), written(contract, contract.main, tmp_path, MONTHS[1], 10, rows=3)
    dates = [{"code": "X000", "open_date": date(2000, 1, 1), "close_date": date(2019, 3, 31)}]
    dates += [
        {"code": "X001", "open_date": date(2019, 5, 1)},
        {"code": "X002", "open_date": date(2019, 4, 30)},
    ]
    listed(home, "practice", 5, dates)
    [finding] = with_outcome(known_codes.find(contract, [now], home, CONTRACTS), now)
    assert finding.detail.split(": ")[1] == "X000 (closed 2019-03-31); X001 (opened 2019-05-01)"


def test_every_list_is_a_column_of_a_feed_and_every_outcome_has_words():
    for reference in load_references().values():
        for codes_of in reference.lists:
            table = next(t for t in CONTRACTS[codes_of.extract].tables if t.name == codes_of.table)
            assert {codes_of.column, codes_of.opened, codes_of.closed} - {None} <= set(table.landed)
    columns = [
        c for contract in CONTRACTS.values() for t in contract.tables for c in t.columns if c.reference
    ]
    assert all(c.reference in load_references() and c.pattern for c in columns)
    assert set(Comparison().model_dump().values()) == {"warn"}
    told_of = {
        "PERIOD_REPEATED",
        "TOTAL_ROW_MISSING",
        "ROWS_ELSEWHERE_MORE",
        "FELL_TO_NOTHING",
        "CODE_UNKNOWN",
    }
    assert told_of <= set(load_reasons())
