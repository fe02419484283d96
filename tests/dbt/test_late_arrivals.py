"""Late arrivals: how complete a recent month is likely to be, told by the deliveries of past months."""

from __future__ import annotations

import duckdb
import pytest
from small_warehouse import LSOA_Q1, SmallWarehouse, months
from sql_models import build

from bassetlaw_pipeline.contracts.load import load_contracts


@pytest.fixture
def sources():
    """Accepted rows of every extract that has an event date: none as yet."""
    con = duckdb.connect()
    con.execute(
        "CREATE TABLE pipeline_current_delivery (extract VARCHAR, delivery_id VARCHAR, state VARCHAR)"
    )
    for contract in load_contracts().values():
        if contract.main.event_date:
            columns = dict(contract.main.landed)
            columns |= {"_period_start": "DATE", "_received_at": "TIMESTAMP"}
            names = ", ".join(f"{name} {kind}" for name, kind in columns.items())
            con.execute(f"CREATE TABLE {contract.partner}_{contract.id} ({names})")
    return con


def attend(con, *rows: tuple) -> list[tuple]:
    """rows: (key, day of arrival, period of the file, received) -> what int_arrival makes of them."""
    for key, arrived, period, received in rows:
        con.execute(
            "INSERT INTO hospital_dbth_ecds BY NAME SELECT 'RP5' AS provider, ? AS attendance_key, "
            "? AS arrival_date, ? AS _period_start, ? AS _received_at",
            [key, arrived, f"{period}-01", received],
        )
    build(con, "int_arrival")
    return con.execute("SELECT * FROM int_arrival ORDER BY ALL").fetchall()


def test_a_row_counts_once_in_the_month_it_first_came(sources):
    found = attend(
        sources,
        ("a", "2019-04-30", "2019-04", "2019-05-10"),
        ("a", "2019-04-30", "2019-04", "2019-07-10"),  # again in the final file
        ("b", "2019-04-02", "2019-04", "2019-07-10"),  # only there
        ("f", "2019-04-02", "2019-06", "2019-07-10"),  # at the same time, with a later month's file
        ("c", "2019-04-02", "2019-05", "2019-06-10"),  # with the next month
        (None, "2019-04-02", "2019-05", "2019-06-10"),
        ("d", "2019-03-31", "2019-04", "2019-05-10"),  # of a month that was never delivered
        ("e", "2019-05-01", "2019-04", "2019-05-10"),  # before the file of its month
    )
    as_text = [(row[0], *(str(day)[:7] for day in row[2:5]), *row[5:]) for row in found]
    assert as_text == [
        ("dbth_ecds", "2019-04", "2019-05", "2019-05", 0, 1),
        ("dbth_ecds", "2019-04", "2019-05", "2019-06", 1, 1),
        ("dbth_ecds", "2019-04", "2019-05", "2019-07", 0, 1),
        ("dbth_ecds", "2019-04", "2019-05", "2019-07", 2, 1),
        ("dbth_ecds", "2019-05", "2019-06", "2019-06", 0, 1),
    ]


def test_a_part_of_the_rows_is_followed_by_itself(sources):
    """Emergency spells come with the file of the month in which the patient leaves."""
    for spell, method, discharged, file, received in [
        ("a", "21", "2019-04-20", "2019-04", "2019-05-10"),
        ("b", "21", "2019-05-02", "2019-05", "2019-06-10"),
        ("c", "11", "2019-04-12", "2019-04", "2019-05-10"),
    ]:
        sources.execute(
            "INSERT INTO hospital_dbth_apc BY NAME SELECT 'RP5' AS provider, ? AS spell_key, "
            "1 AS episode_number, ? AS admission_method, DATE '2019-04-12' AS admission_date, "
            "?::DATE AS discharge_date, ?::DATE AS _period_start, ?::TIMESTAMP AS _received_at",
            [spell, method, discharged, f"{file}-01", received],
        )
    build(sources, "int_arrival")
    found = sources.execute("SELECT part, file_later, row_count FROM int_arrival ORDER BY ALL").fetchall()
    assert found == [
        ("all", 0, 2),
        ("all", 1, 1),
        ("emergency admissions", 0, 1),
        ("emergency admissions", 1, 1),
    ]


def arrivals(rows: list[tuple[str, int, int]], came_with: int = 0) -> SmallWarehouse:
    """rows: (event month, months until they came, how many); the month's own file is the first of them.

    The others came with it, sent again, or (came_with 1) with the files of later months.
    """
    warehouse = SmallWarehouse()
    own_file = {month: min(d for m, d, _ in rows if m == month) for month, *_ in rows}
    warehouse.con.executemany(
        "INSERT INTO int_arrival SELECT 'an_extract', 'all', $1::DATE, "
        "($1::DATE + $2 * INTERVAL 1 MONTH)::DATE, ($1::DATE + $3 * INTERVAL 1 MONTH)::DATE, "
        "($3 - $2) * $5, $4",
        [[f"{month}-01", own_file[month], delay, count, came_with] for month, delay, count in rows],
    )
    return warehouse


def curve(warehouse: SmallWarehouse) -> list[tuple]:
    build(warehouse.con, "fct_late_arrival")
    return warehouse.all(
        "SELECT completeness, lowest, highest, months FROM fct_late_arrival WHERE later_months = 6 "
        "ORDER BY delay_months"
    )


YEAR = months("2018-01", 12)
STEADY = [row for m in YEAR for row in ((m, 1, 80), (m, 2, 15), (m, 4, 5))]


def test_the_curve_is_the_median_of_settled_months_from_their_own_files():
    """January to June are settled, with the files of six later months; of one half came late."""
    rows = [*STEADY, ("2018-05", 2, 80)]
    found = curve(arrivals(rows))
    assert found[0] == (0.8, round(80 / 180, 3), 0.8, 6)
    assert found[1] == (0.95, 0.95, round(175 / 180, 3), 6)
    assert found[3] == (1.0, 1.0, 1.0, 6)
    assert len(found) == 7


@pytest.mark.parametrize(
    "rows",
    [
        [(m, 30, 100) for m in YEAR],  # history loaded on one day
        [(m, 1, 40) for m in YEAR],  # too few rows
        [row for row in STEADY if row[0] > "2018-01"],  # five settled months
    ],
)
def test_what_tells_nothing_gives_no_curve(rows):
    assert curve(arrivals(rows)) == []


def with_values(period_types: str, provisional_months: int = 2) -> dict:
    """period -> likely completeness, provisional, reasons; December's file is the newest."""
    warehouse = arrivals([row for row in STEADY if row[0] < "2018-12" or row[1] == 1])
    warehouse.indicator(period_types=period_types, provisional_months=provisional_months)
    warehouse.counts((m, LSOA_Q1, 400, 1000) for m in YEAR).delivered(*YEAR)
    warehouse.con.execute("UPDATE pipeline_ledger SET received_at = TIMESTAMP '2019-01-20'")
    found = warehouse.build().all(
        "SELECT period_id, likely_completeness, provisional, confidence_reasons FROM fct_indicator_value"
    )
    return {period: tuple(rest) for period, *rest in found}


def test_a_provisional_figure_says_how_complete_it_is_likely_to_be():
    found = with_values("month|quarter")
    assert found["2018-12"][:2] == (0.8, True)
    assert found["2018-11"][:2] == (0.95, True)
    assert found["2018-10"][:2] == (0.95, True)
    assert found["FY2018-19-Q3"][0] == round((0.8 + 0.95 + 0.95) / 3, 2)


def test_much_that_is_still_to_come_is_a_reason_to_doubt():
    found = with_values("month|quarter")
    assert "less than 95 %" in found["2018-12"][2]
    assert "late rows are likely" not in found["2018-11"][2]


@pytest.mark.parametrize("shares", [(1.0, 0.983, 0.95, 0.981), (0.981, 0.95, 0.983, 1.0)])
def test_a_mean_half_way_between_two_figures_does_not_depend_on_the_order_of_months(shares):
    """The sum of such fractions is a little more or less than 3.914, by the order in which they are added."""
    con = duckdb.connect()
    con.execute(
        """
        CREATE TABLE int_extract_completeness AS
            SELECT 'e' AS extract, 'all' AS part, unnest($1) AS completeness,
                (DATE '2018-04-01' + unnest(range(4)) * INTERVAL 1 MONTH)::DATE AS event_month;
        CREATE TABLE int_period AS
            SELECT 'four' AS period_id, DATE '2018-04-01' AS period_start, DATE '2018-07-31' AS period_end,
                4 AS months;
        """.replace("$1", str(list(shares)))
    )
    build(con, "int_period_completeness")
    assert con.execute("SELECT completeness FROM int_period_completeness").fetchall() == [(0.979,)]


LEFT_IN_THE_MONTH_AFTER = [row for m in YEAR for row in ((m, 1, 89), (m, 2, 11))]


@pytest.mark.parametrize(
    ("came_with", "received", "expected"),
    [
        (1, "2019-01-20", {"2018-12": 0.89}),
        # Months later nothing has changed: the file that brings the rest has not come.
        (1, "2019-11-30", {"2018-12": 0.89}),
        (0, "2019-01-20", {"2018-12": 0.89}),
        # What comes with the month's own file, sent again, has come long since.
        (0, "2019-11-30", {}),
    ],
)
def test_rows_that_come_with_a_later_file_are_missing_until_that_file_comes(came_with, received, expected):
    """One spell in nine is of somebody who leaves, and is sent, in the month after; December is newest."""
    rows = [row for row in LEFT_IN_THE_MONTH_AFTER if row[0] < "2018-12" or row[1] == 1]
    warehouse = arrivals(rows, came_with).indicator(provisional_months=1)
    warehouse.counts((m, LSOA_Q1, 400, 1000) for m in YEAR).delivered(*YEAR, received=received)
    found = warehouse.build().all(
        "SELECT period_id, likely_completeness, is_complete, provisional, status_reason, compared "
        "FROM fct_indicator_value "
        "WHERE likely_completeness < 1 OR NOT is_complete OR provisional"
    )
    assert {period: share for period, share, *_ in found} == expected
    for _, _, is_complete, provisional, reason, compared in found:
        assert (is_complete, provisional, compared) == (False, True, "not_compared")
        assert reason == "not complete: some events come with later files; about 89% are likely to have come"
